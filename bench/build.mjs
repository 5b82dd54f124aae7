// Builds examples/express-js (four dependencies) and pushes it to one local registry, with knbuild, docker (BuildKit), buildkitd,
// buildah and containerify: cold, no change, one-line edit, dependency added. Every round does each scenario with all of them
// in turn. Prints medians of BENCH_ROUNDS (default 3) with their ratios, the bars that knbuild is held to, bytes that the
// registry received, image size and peak memory of the process tree. As root; needs docker-registry, and dist/ (npm run
// build). Peers that are missing are left out with a line; BENCH_ONLY=knbuild,docker chooses. npm's cache is warm for all.
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeBase } from "./build/base.mjs";
import { measure, median } from "./build/measure.mjs";
import { peers as makers } from "./build/peers.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = process.env.KNBUILD_CLI ?? join(root, "dist/cli.js");
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const only = process.env.BENCH_ONLY?.split(",");
const scenarios = ["cold", "no change", "one-line edit", "dependency added"];
/** Scenario, peer (or the fastest of all), and how much of its time knbuild may take. */
const BARS = [
  ["cold", "fastest", 1],
  ["no change", "docker", 1 / 2],
  ["one-line edit", "docker", 2 / 3],
  ["one-line edit", "containerify", 1 / 10],
  ["dependency added", "buildkitd", 1 / 2],
];
const MEMORY_BAR_BYTES = 150e6;
const VERSION_BAR = 1.5;
if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build`);

const scratch = mkdtempSync(join(tmpdir(), "knbuild-bench-build-"));
const daemons = [];

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function startRegistry() {
  const host = `127.0.0.1:${await freePort()}`;
  const data = join(scratch, "registry");
  writeFileSync(
    join(scratch, "registry.yml"),
    `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${data} } }\nhttp: { addr: ${host} }\n`,
  );
  daemons.push(spawn("docker-registry", ["serve", join(scratch, "registry.yml")], { stdio: "ignore" }));
  for (let i = 0; i < 200; i++) {
    const up = await new Promise((resolve) =>
      connect(Number(host.split(":")[1]), "127.0.0.1")
        .on("connect", () => resolve(true))
        .on("error", () => resolve(false)),
    );
    if (up) return { host, data };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the registry does not answer");
}

function directoryBytes(dir) {
  return existsSync(dir) ? Number(spawnSync("du", ["-sb", dir], { encoding: "utf8" }).stdout.split("\t")[0]) : 0;
}

/** A fresh app of a peer for a round; a line of its own makes its layers new to the registry. */
function prepareApp(name, round) {
  const app = join(scratch, "apps", `${name}-${round}`);
  cpSync(join(root, "examples/express-js"), app, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|knbuild\.lock)$/.test(path),
  });
  writeFileSync(join(app, ".dockerignore"), "node_modules\nDockerfile\n.dockerignore\n");
  appendFileSync(join(app, "greet.js"), `exports.peer = "${name} ${round}";\n`);
  return app;
}

/** What happens to the app before a scenario, not measured. */
const changes = {
  "one-line edit": (app, round) => appendFileSync(join(app, "greet.js"), `exports.round = "${round}";\n`),
  "dependency added": (app) =>
    spawnSync(
      "npm",
      ["install", "--package-lock-only", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", "cors@2.8.5"],
      { cwd: app },
    ),
};

async function runRounds(peers, registry) {
  const empty = () =>
    Object.fromEntries(scenarios.map((name) => [name, { seconds: [], bytes: [], memory: [], afterInstall: [] }]));
  const results = Object.fromEntries(peers.map(({ name }) => [name, empty()]));
  for (let round = 0; round < rounds; round++) {
    const apps = Object.fromEntries(peers.map(({ name }) => [name, prepareApp(name, round)]));
    for (const scenario of scenarios) {
      for (const { name, build, forget } of peers) {
        if (scenario === "cold") await forget(apps[name]);
        changes[scenario]?.(apps[name], round);
        const tag = `r${round}${{ "one-line edit": "-edit", "dependency added": "-dep" }[scenario] ?? ""}`;
        const install = scenario === "cold" || scenario === "dependency added";
        const before = directoryBytes(registry.data);
        const { seconds, memory, afterInstall } = await build(apps[name], tag, { install });
        results[name][scenario].seconds.push(seconds);
        results[name][scenario].memory.push(memory);
        if (afterInstall !== undefined) results[name][scenario].afterInstall.push(afterInstall);
        results[name][scenario].bytes.push(directoryBytes(registry.data) - before);
      }
    }
  }
  return results;
}

function imageBytes({ data }, name) {
  const tags = join(data, "docker/registry/v2/repositories", name, "_manifests/tags");
  const link = readFileSync(join(tags, "warm/current/link"), "utf8").slice("sha256:".length);
  const manifest = JSON.parse(
    readFileSync(join(data, "docker/registry/v2/blobs/sha256", link.slice(0, 2), link, "data"), "utf8"),
  );
  return manifest.layers.reduce((sum, { size }) => sum + size, 0);
}

const mb = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;
const verdict = (value, bar) => (value <= bar ? "kept" : "MISSED");

/** What a peer that has no install of its own takes where node_modules is there already. */
const withoutInstall = (seconds) => (seconds.length > 0 ? `   (${median(seconds).toFixed(2)} s after npm ci)` : "");

function printTable(results, sizes) {
  console.log(
    `${rounds} rounds, node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}; medians: seconds, to the registry, peak memory; knbuild's share of a peer's time`,
  );
  for (const scenario of scenarios) {
    console.log(`\n${scenario}`);
    const own = results.knbuild && median(results.knbuild[scenario].seconds);
    for (const [name, measured] of Object.entries(results)) {
      const { seconds, bytes, memory, afterInstall } = measured[scenario];
      const share = own === undefined || name === "knbuild" ? "" : `   ×${(own / median(seconds)).toFixed(2)}`;
      console.log(
        `  ${name.padEnd(13)}${median(seconds).toFixed(2).padStart(7)} s  ${mb(median(bytes)).padStart(9)}  ${mb(median(memory)).padStart(9)}${share}${withoutInstall(afterInstall)}`,
      );
    }
  }
  console.log(
    `\nimage: ${Object.entries(sizes)
      .map(([name, size]) => `${name} ${mb(size)}`)
      .join(" · ")}`,
  );
}

async function printBars(results) {
  console.log("\nbars");
  const others = Object.keys(results).filter((name) => name !== "knbuild");
  for (const [scenario, peer, share] of BARS) {
    const time = (name) => median(results[name][scenario].seconds);
    const against = peer === "fastest" ? others.sort((a, b) => time(a) - time(b))[0] : peer;
    if (!results[against]) {
      console.log(`  ${scenario}: no ${peer} to compare with`);
      continue;
    }
    const ratio = time("knbuild") / time(against);
    console.log(
      `  ${scenario}: ${ratio.toFixed(2)} of ${against}, at most ${share.toFixed(2)}: ${verdict(ratio, share)}`,
    );
  }
  const memory = Math.max(...scenarios.map((scenario) => median(results.knbuild[scenario].memory)));
  console.log(`  peak memory: ${mb(memory)}, at most ${mb(MEMORY_BAR_BYTES)}: ${verdict(memory, MEMORY_BAR_BYTES)}`);
  const times = { version: [], node: [] };
  for (let i = 0; i < 15; i++) {
    times.node.push((await measure([process.execPath, "-e", "0"])).seconds);
    times.version.push((await measure([process.execPath, cli, "--version"])).seconds);
  }
  const ratio = median(times.version) / median(times.node);
  console.log(`  --version: ${ratio.toFixed(2)} of node -e 0, at most ${VERSION_BAR}: ${verdict(ratio, VERSION_BAR)}`);
}

async function stopDaemons() {
  for (const daemon of daemons.reverse()) {
    const gone = new Promise((resolve) => daemon.once("exit", resolve));
    if (daemon.exitCode === null && daemon.kill("SIGTERM")) await gone;
  }
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  for (const path of mounts
    .filter((mount) => mount.startsWith(`${scratch}/`))
    .sort()
    .reverse())
    spawnSync("umount", ["-l", path]);
}

try {
  const registry = await startRegistry();
  const base = `${registry.host}/base:1`;
  const pushBase = ["copy", `oci:${makeBase(scratch)}:1`, `docker://${base}`, "--plain-http", registry.host];
  await measure([process.execPath, cli, ...pushBase], { env: { KNBUILD_CACHE_DIR: join(scratch, "copy-cache") } });
  const peers = [];
  for (const [name, make] of Object.entries(makers)) {
    if (only && !only.includes(name)) continue;
    try {
      const peer = await make({ cli, host: registry.host, base, scratch, daemons });
      // Warm: npm's cache and the base. Not measured.
      await peer.build(prepareApp(name, "warm"), "warm", { install: true });
      peers.push({ name, ...peer });
    } catch (error) {
      if (name === "knbuild") throw error;
      console.log(`${name} is left out: ${error.message}`);
    }
  }
  const results = await runRounds(peers, registry);
  printTable(results, Object.fromEntries(peers.map(({ name }) => [name, imageBytes(registry, name)])));
  if (results.knbuild) await printBars(results);
} finally {
  await stopDaemons();
  rmSync(scratch, { recursive: true, force: true });
}
