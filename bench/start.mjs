// How long a container takes from its start to its first answer (200): unbundled, bundled, and bundled with a compile cache, each
// with all files in the page cache, without the app's, and without any (the base with its node, which other containers of a
// machine share, takes the longest to read, and as long for all three). `node bench/start.mjs [--rounds N] [--example NAME]`;
// needs bubblewrap, and builds with dist/ as it is. The three take turns, so that what else the machine does falls on all of
// them alike; on a busy machine the processor's time (all threads, up to the answer) says more than the clock.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    example: { type: "string", default: "express-js" },
    path: { type: "string", default: "/" },
  },
});
/** Of the unbundled image's median: what the bundle with its compile cache may take. */
const BARS = { "in memory": 0.75, "app not in memory": 0.55 };
/** What is taken out of the page cache before a start: folders of the image. */
const STATES = { "in memory": [], "app not in memory": ["app"], "nothing in memory": ["."] };
const VARIANTS = [
  { name: "unbundled", flags: ["--no-bundle"] },
  { name: "bundled", flags: ["--no-compile-cache"] },
  { name: "bundled + compile cache", flags: [] },
];

const work = mkdtempSync(join(tmpdir(), "knbuild-start-"));
process.once("exit", () => rmSync(work, { recursive: true, force: true }));
process.once("SIGINT", () => process.exit(130));

for (const variant of VARIANTS) unpack(variant, buildLayout(variant));
execFileSync("sync"); // What is still to be written stays in memory, whoever asks.
const results = [];
for (const state of Object.keys(STATES)) {
  for (const variant of VARIANTS) await start(variant, state); // Not counted: the first start fills the page cache.
  const starts = VARIANTS.map(() => []);
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [i, variant] of VARIANTS.entries()) starts[i].push(await start(variant, state));
  results.push(...VARIANTS.map((variant, i) => ({ state, variant, ...summary(starts[i]) })));
}

console.log(`${values.example}, container start to first 200, ${values.rounds} rounds; ratios to unbundled\n`);
console.log(`${"".padEnd(44)}   median   ratio    least   ratio      cpu   ratio`);
for (const { state, variant, ...times } of results) {
  const reference = results.find((other) => other.state === state);
  const columns = ["median", "least", "cpu"].map(
    (key) => `${times[key].toFixed(0).padStart(6)} ms ${(times[key] / reference[key]).toFixed(2).padStart(7)}`,
  );
  const bar = variant === VARIANTS.at(-1) && state in BARS ? `   bar ${BARS[state]}` : "";
  console.log(`${state.padEnd(18)} ${variant.name.padEnd(25)}${columns.join("")}${bar}`);
}

function buildLayout({ name, flags }) {
  const app = join(work, "src", name, values.example);
  mkdirSync(dirname(app), { recursive: true });
  cpSync(join(root, "examples", values.example), app, { recursive: true });
  const layout = join(work, "layout", name);
  const args = ["dist/cli.js", "build", app, "--quiet", "-o", `type=layout,dest=${layout}`, ...flags];
  execFileSync(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return layout;
}

/** Layers one over the other; what knbuild makes has no whiteouts. */
function unpack(variant, layout) {
  const json = (digest) => JSON.parse(readFileSync(blob(digest), "utf8"));
  const blob = (digest) => join(layout, "blobs", ...digest.split(":"));
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8"));
  const manifest = json(index.manifests[0].digest);
  variant.root = join(work, "root", variant.name);
  mkdirSync(variant.root, { recursive: true });
  for (const { digest } of manifest.layers) execFileSync("tar", ["-xzf", blob(digest), "-C", variant.root]);
  variant.config = json(manifest.config.digest).config;
}

async function start({ root: image, config }, state) {
  for (const dir of STATES[state]) forget(join(image, dir));
  const port = await freePort();
  const env = [...config.Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2)), ["PORT", String(port)]];
  const args = ["--ro-bind", image, "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-pid"];
  args.push("--die-with-parent", "--clearenv", ...env.flatMap((pair) => ["--setenv", ...pair]));
  const begin = performance.now();
  const child = spawn("bwrap", [...args, "--chdir", config.WorkingDir, ...config.Entrypoint], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let gone = false;
  ended.then(() => (gone = true));
  while (!(await answers(port))) {
    if (gone) throw new Error(`${config.Entrypoint.join(" ")} ended before it answered`);
    await delay(2);
  }
  const ms = performance.now() - begin;
  const cpuMs = processorTime(child.pid);
  child.kill("SIGKILL");
  await ended;
  return { ms, cpuMs };
}

/** Takes these files of the image, and only them, out of the page cache; Python has the system call, dd an option for it. */
function forget(image) {
  const script =
    "import os,sys\nfor d,_,fs in os.walk(sys.argv[1]):\n for f in fs:\n  p=os.path.join(d,f)\n  if os.path.islink(p): continue\n  h=os.open(p,os.O_RDONLY); os.posix_fadvise(h,0,0,os.POSIX_FADV_DONTNEED); os.close(h)";
  const python = spawnSync("python3", ["-c", script, image], { stdio: ["ignore", "ignore", "inherit"] });
  if (python.status === 0) return;
  execFileSync("find", [image, "-type", "f", "-exec", "dd", "if={}", "iflag=nocache", "count=0", "status=none", ";"]);
}

/** Of a process and all below it, so far, ms. */
function processorTime(pid) {
  let sum = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const read = (name) => readFileSync(`/proc/${pid}/task/${task}/${name}`, "utf8").split(" ").filter(Boolean);
    sum += Number(read("schedstat")[0]) / 1e6;
    for (const below of read("children")) sum += processorTime(below);
  }
  return sum;
}

function answers(port) {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: values.path, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function summary(starts) {
  const sorted = (key) => starts.map((one) => one[key]).sort((a, b) => a - b);
  const middle = Math.floor(starts.length / 2);
  return { median: sorted("ms")[middle], least: sorted("ms")[0], cpu: sorted("cpuMs")[middle] };
}
