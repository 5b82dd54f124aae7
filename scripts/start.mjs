// dist/cli.js: the program's first words. What needs next to nothing is answered here, before the program is loaded. MAIN,
// COPY and EDITED (chunks) are put in by scripts/pack.mjs.
async function start(argv) {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${__KNBUILD_VERSION__}\n`);
    return;
  }
  const { answerUnchanged } = await import("../src/cli/unchanged.ts");
  const answered = await answerUnchanged(argv);
  if (answered === true) return leave();
  const { keepCode, load } = await import("./load.cjs");
  // A promise that nothing will settle any more must not look like success.
  process.once("beforeExit", () => {
    if (process.exitCode !== undefined) return;
    process.stderr.write("error[INTERNAL]: knbuild came to a halt before its work was done\n");
    process.exitCode = 1;
  });
  if (answered === "edited") {
    const exitCode = await load(EDITED).answerEdited(argv, keepCode);
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

/** Once all is said, nothing needs to be taken down with care. */
function leave() {
  process.stderr.write("", () => process.stdout.write("", () => process.exit()));
}

start(process.argv.slice(2));
