// Copies an image of 1 GiB (BENCH_MIB) in 4 layers (BENCH_LAYERS) with knbuild, skopeo and crane: registry to registry, to a
// layout, and within one registry. The tools take turns, 3 rounds (BENCH_ROUNDS); prints the medians of time, bytes read and
// written (network and disk), peak memory and requests (by the registry's access log), with their ratios, and the bars with
// their verdicts: faster than skopeo, within 1.2 of crane. What a tool remembers of blobs and registries is emptied before each
// run (skopeo mounts only what it has seen before), but in the last case, where all of them have seen the image. Needs
// docker-registry; peers that are missing are left out (CRANE and SKOPEO name other programs). Build knbuild first: npm run build.
import { spawn, spawnSync } from "node:child_process";
import { createHash, randomFillSync } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = process.env.KNBUILD_CLI ?? join(root, "dist/cli.js");
const mib = Number(process.env.BENCH_MIB ?? 1024);
const layerCount = Number(process.env.BENCH_LAYERS ?? 4);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build`);

const scratch = mkdtempSync(join(tmpdir(), "knbuild-bench-registry-"));
const running = [];
/** Answered by the registries so far. */
let requests = 0;
const env = {
  ...process.env,
  KNBUILD_CACHE_DIR: join(scratch, "cache"),
  HOME: scratch,
  // Root's skopeo keeps what it knows in /var/lib; so told, it does as for anybody else.
  XDG_DATA_HOME: join(scratch, "skopeo"),
  _CONTAINERS_ROOTLESS_UID: "1000",
};
// Nobody speaks TLS here: node need not read certificates at its start, which doubles the time of that.
delete env.NODE_EXTRA_CA_CERTS;
/** What the tools have learned of registries. knbuild's compiled code stays: it belongs to the program. */
const forget = () => {
  for (const dir of ["cache/registry", "skopeo"]) rmSync(join(scratch, dir), { recursive: true, force: true });
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

async function startRegistry(name) {
  const port = await freePort();
  const config = join(scratch, `${name}.yml`);
  writeFileSync(
    config,
    `version: 0.1\nlog: { level: error, accesslog: { disabled: false } }\nstorage:\n  filesystem: { rootdirectory: ${scratch}/${name} }\nhttp: { addr: 127.0.0.1:${port} }\n`,
  );
  const child = spawn("docker-registry", ["serve", config], { stdio: ["ignore", "pipe", "ignore"] });
  child.stdout.on("data", (text) => (requests += String(text).match(/" \d{3} \d+ "/g)?.length ?? 0));
  running.push(child);
  for (let i = 0; i < 200; i++) {
    const up = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (up) return `localhost:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("docker-registry does not answer");
}

/** An image layout with random layers: nothing can be compressed or shared. */
function makeLayout(dir) {
  mkdirSync(join(dir, "blobs/sha256"), { recursive: true });
  const put = (bytes) => {
    const hex = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(join(dir, "blobs/sha256", hex), bytes);
    return { digest: `sha256:${hex}`, size: bytes.byteLength };
  };
  const layers = Array.from({ length: layerCount }, () => putRandom(dir, (mib / layerCount) * 1024 * 1024));
  const config = put(
    Buffer.from(
      JSON.stringify({
        os: "linux",
        architecture: "amd64",
        config: {},
        rootfs: { type: "layers", diff_ids: layers.map((l) => l.digest) },
      }),
    ),
  );
  const type = "application/vnd.oci.image";
  const manifest = put(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: `${type}.manifest.v1+json`,
        config: { mediaType: `${type}.config.v1+json`, ...config },
        layers: layers.map((layer) => ({ mediaType: `${type}.layer.v1.tar`, ...layer })),
      }),
    ),
  );
  writeFileSync(join(dir, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  const entry = {
    mediaType: `${type}.manifest.v1+json`,
    ...manifest,
    annotations: { "org.opencontainers.image.ref.name": "v1" },
  };
  writeFileSync(join(dir, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
}

/** A layer of any size, written piece by piece. */
function putRandom(dir, size) {
  const piece = randomFillSync(Buffer.allocUnsafe(16 * 1024 * 1024));
  const hash = createHash("sha256");
  const temporary = join(dir, "blobs/sha256/layer");
  const file = openSync(temporary, "w");
  for (let done = 0; done < size; done += piece.byteLength) {
    piece.writeDoubleLE(done + Math.random(), 0);
    const part = piece.subarray(0, Math.min(piece.byteLength, size - done));
    hash.update(part);
    writeSync(file, part);
  }
  closeSync(file);
  const hex = hash.digest("hex");
  renameSync(temporary, join(dir, "blobs/sha256", hex));
  return { digest: `sha256:${hex}`, size };
}

/** Seconds, bytes of all reads and writes, and the peak of resident memory: the last two read from /proc until the end. */
function measure(command, args) {
  return new Promise((resolve) => {
    const begin = performance.now();
    const before = requests;
    const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let peak = 0;
    let moved = 0;
    let errors = "";
    child.stderr.on("data", (text) => {
      errors += text;
    });
    const look = () => {
      try {
        peak = Math.max(
          peak,
          Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1] ?? 0),
        );
        const io = readFileSync(`/proc/${child.pid}/io`, "utf8");
        moved = Number(/rchar: (\d+)/.exec(io)?.[1] ?? 0) + Number(/wchar: (\d+)/.exec(io)?.[1] ?? 0);
      } catch {}
    };
    const timer = setInterval(look, 10);
    child.on("close", async (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - begin) / 1000;
      // The last lines of the log come after the answers.
      await new Promise((resolve) => setTimeout(resolve, 100));
      resolve({
        seconds,
        requests: requests - before,
        peakMiB: peak / 1024,
        movedMiB: moved / 1024 / 1024,
        failed: code === 0 ? undefined : errors.slice(-300),
      });
    });
  });
}

const has = (program) => spawnSync(program, ["--help"], { stdio: "ignore" }).status === 0;
try {
  const [a, b] = [await startRegistry("a"), await startRegistry("b")];
  const layout = join(scratch, "image");
  makeLayout(layout);
  const pushed = await measure(process.execPath, [cli, "copy", `oci:${layout}:v1`, `docker://${a}/bench/app:v1`]);
  if (pushed.failed) throw new Error(pushed.failed);
  console.log(`push from a layout: ${pushed.seconds.toFixed(2)} s, peak ${pushed.peakMiB.toFixed(0)} MiB`);

  const skopeo = process.env.SKOPEO ?? "skopeo";
  const crane = process.env.CRANE ?? "crane";
  const source = `${a}/bench/app:v1`;
  const tools = {
    knbuild: (to) => [
      process.execPath,
      [cli, "copy", `docker://${source}`, to.layout ? `oci:${to.layout}:v1` : `docker://${to.reference}`],
    ],
    ...(has(skopeo) && {
      skopeo: (to) => [
        skopeo,
        [
          "copy",
          "--insecure-policy",
          "--src-tls-verify=false",
          "--dest-tls-verify=false",
          `docker://${source}`,
          to.layout ? `oci:${to.layout}:v1` : `docker://${to.reference}`,
        ],
      ],
    }),
    ...(has(crane) && {
      crane: (to) =>
        to.layout
          ? [crane, ["pull", "--insecure", "--format=oci", source, to.layout]]
          : [crane, ["copy", "--insecure", source, to.reference]],
    }),
  };
  const cases = {
    "to another registry": (tool, round) => ({ reference: `${b}/${tool}${round}/app:v1` }),
    "to a layout": (tool) => ({ layout: join(scratch, `layout-${tool}`) }),
    "within the registry": (tool, round) => ({ reference: `${a}/${tool}${round}/app:v1` }),
    "within, seen before": (tool, round) => ({ reference: `${a}/${tool}${round}-too/app:v1` }),
  };
  const median = (numbers) => numbers.sort((x, y) => x - y)[numbers.length >> 1];
  const columns = [
    ["seconds", (one) => one.seconds, 2],
    ["MiB moved", (one) => one.movedMiB, 0],
    ["peak MiB", (one) => one.peakMiB, 0],
    ["requests", (one) => one.requests, 0],
  ];
  console.log(`${mib} MiB in ${layerCount} layers; medians of ${rounds} rounds, in turns; × is against knbuild\n`);
  console.log(`${"".padEnd(22)}${"tool".padEnd(10)}${columns.map(([name]) => `${name.padStart(11)}      ×`).join("")}`);
  const bars = [];
  for (const [name, target] of Object.entries(cases)) {
    const results = new Map(Object.keys(tools).map((tool) => [tool, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [tool, command] of Object.entries(tools)) {
        // Each tool gets a registry that has never seen the blobs.
        if (name === "to another registry") rmSync(join(scratch, "b/docker"), { recursive: true, force: true });
        if (name !== "within, seen before") forget();
        const to = target(tool, round);
        const result = await measure(...command(to));
        if (to.layout) rmSync(to.layout, { recursive: true, force: true });
        if (result.failed) throw new Error(`${tool}, ${name}: ${result.failed}`);
        results.get(tool).push(result);
      }
    }
    const of = (tool, value) => median(results.get(tool).map(value));
    for (const tool of results.keys()) {
      const cells = columns.map(([, value, digits]) => {
        const own = of("knbuild", value);
        return `${of(tool, value).toFixed(digits).padStart(11)}${(of(tool, value) / own).toFixed(2).padStart(7)}`;
      });
      console.log(`${name.padEnd(22)}${tool.padEnd(10)}${cells.join("")}`);
      if (tool === "knbuild") continue;
      const ratio = of("knbuild", (one) => one.seconds) / of(tool, (one) => one.seconds);
      const limit = tool === "crane" ? 1.2 : 1;
      bars.push(
        `${ratio <= limit ? "holds" : "MISSED"}  ${name}: ${ratio.toFixed(2)} of ${tool}'s time (bar ${limit})`,
      );
    }
  }
  console.log(`\n${bars.join("\n")}`);
} finally {
  for (const child of running) child.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
}
