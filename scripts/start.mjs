// dist/cli.js: the program's first words. What needs next to nothing is answered here, before the program is loaded. MAIN,
// COPY and EDITED (chunks) are put in by scripts/pack.mjs.
import { join } from "node:path";

async function start(argv) {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${__KNBUILD_VERSION__}\n`);
    return;
  }
  const isCopy = argv[0] === "copy" || argv[0] === "cp";
  let edit;
  if (!isCopy) {
    const { answerUnchanged, askAhead } = await import("../src/cli/unchanged.ts");
    const answered = await answerUnchanged(argv);
    if (answered === true) return leave();
    // Before the program is loaded: they take longest.
    if (answered === "edited") edit = { judge: startJudge(), asked: askAhead(argv) };
  }
  const { keepCode, load } = await import("./load.cjs");
  // A promise that nothing will settle any more must not look like success.
  process.once("beforeExit", () => {
    if (process.exitCode !== undefined) return;
    process.stderr.write("error[INTERNAL]: knbuild came to a halt before its work was done\n");
    process.exitCode = 1;
  });
  if (edit) {
    const { judge, asked } = edit;
    const exitCode = await load(EDITED).answerEdited(argv, { judge: judge?.ask, asked }, keepCode);
    judge?.close();
    if (exitCode !== undefined) {
      process.exitCode = exitCode;
      return leave();
    }
  }
  if (argv.includes("copy") || argv.includes("cp")) {
    process.exitCode = await load(COPY).copyPlainly(argv, keepCode);
    if (process.exitCode !== undefined) return leave();
  }
  const isLint = argv.includes("lint");
  process.exitCode = await load(MAIN, isLint ? "lint" : "start").main(argv, keepCode);
  if (isLint) leave();
}

/**
 * A thread that judges an edit: it loads what it needs, which is most of its work, while this one does the rest. Undefined
 * where there can be none.
 */
function startJudge() {
  const { SHARE_ENV, Worker } = require("node:worker_threads");
  let thread;
  try {
    thread = new Worker(join(__dirname, "judge.cjs"), { env: SHARE_ENV, execArgv: [] });
  } catch {
    return undefined;
  }
  const answer = new Promise((resolve, reject) => {
    for (const end of ["error", "exit"]) thread.once(end, reject);
    thread.once("message", resolve);
  });
  answer.catch(() => {});
  return {
    ask(edit) {
      thread.postMessage(edit);
      return answer;
    },
    close: () => void thread.terminate(),
  };
}

/** Once all is said, nothing needs to be taken down with care. */
function leave() {
  process.stderr.write("", () => process.stdout.write("", () => process.exit()));
}

start(process.argv.slice(2));
