// How long `knbuild build --watch` takes from a save to the new bundle, and to the new image. `node bench/watch.mjs [--rounds N]
// [--example NAME] [--file FILE]`; builds with dist/ as it is. Two clocks: the watcher's own words, which begin where the system
// told it of the change, and this program's, which begins before the save. On a busy machine the processor's time of the watcher
// and its children says more than either.
import { spawn } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    example: { type: "string", default: "express-js" },
    file: { type: "string", default: "server.js" },
  },
});
/** From the save to the new bundle. */
const BAR_MS = 150;

const work = mkdtempSync(join(tmpdir(), "knbuild-watch-"));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));
const app = join(work, values.example);
cpSync(join(root, "examples", values.example), app, { recursive: true });

const child = spawn(process.execPath, [join(root, "dist/cli.js"), "build", app, "--watch", "--json"], {
  env: { KNBUILD_CACHE_DIR: join(work, "cache"), ...process.env },
  stdio: ["ignore", "pipe", "inherit"],
});
process.once("SIGINT", () => child.kill("SIGINT"));
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const answer = async () => {
  const { value, done } = await lines.next();
  if (done) throw new Error("the watcher has ended");
  return JSON.parse(value);
};

let { digest } = await answer(); // The first build.
await delay(1000);
const times = [];
let cpuTicks = 0;
for (let round = 0; round <= Number(values.rounds); round++) {
  const ticks = ticksOf(child.pid);
  const begin = performance.now();
  appendFileSync(join(app, values.file), `\nconsole.log(${round});\n`);
  let told;
  do told = await answer();
  while (told.report.digest === digest); // The system may tell of one save twice.
  const { bundleMs, imageMs } = told;
  ({ digest } = told.report);
  const seenMs = performance.now() - begin;
  await delay(300);
  if (round === 0) continue; // Not counted: the first edit warms up.
  times.push({ bundleMs, imageMs, seenMs });
  cpuTicks += ticksOf(child.pid) - ticks;
}
child.kill("SIGINT");

console.log(`${values.example}, one line added to ${values.file}, ${values.rounds} saves\n`);
for (const [key, says] of [
  ["bundleMs", `change to new bundle (bar ${BAR_MS} ms)`],
  ["imageMs", "change to new image"],
  ["seenMs", "save to the line that tells of the image"],
]) {
  const sorted = times.map((one) => one[key]).sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(0).padStart(5);
  console.log(`${says.padEnd(42)} median ${at(0.5)} ms   least ${at(0)} ms   most ${at(1)} ms`);
}
console.log(
  `${"processor's time of a save".padEnd(42)} mean   ${((cpuTicks * 10) / times.length).toFixed(0).padStart(5)} ms`,
);

/** proc(5): utime and stime of a process and those below it, in hundredths of a second. */
function ticksOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return Number(stat[11]) + Number(stat[12]) + below.reduce((sum, child) => sum + ticksOf(child), 0);
}
