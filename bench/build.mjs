// Builds examples/express-js (four dependencies) and pushes it to one local registry, with knbuild, docker (BuildKit), buildah
// and containerify: cold, no change, one-line edit, dependency added. Medians of BENCH_ROUNDS (default 3); prints ratios to the
// fastest peer, bytes that the registry received, image size and peak memory. As root; needs docker-registry, and dist/ (npm run
// build); peers that are missing are left out (containerify takes its base from what docker pushes). BENCH_ONLY=knbuild,docker chooses. npm's cache is warm for all of them.
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { cpus, homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const cli = process.env.KNBUILD_CLI ?? join(root, "dist/cli.js");
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const only = process.env.BENCH_ONLY?.split(",");
const scenarios = ["cold", "no change", "one-line edit", "dependency added"];
if (!existsSync(cli)) throw new Error(`${cli} is missing: npm run build`);

const scratch = mkdtempSync(join(tmpdir(), "knbuild-bench-build-"));
const daemons = [];
const has = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

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

/** Resident memory of a process and all below it, sampled; bytes. */
function watchMemory(pids) {
  let peak = 0;
  const timer = setInterval(() => {
    const seen = [...pids];
    let sum = 0;
    for (let i = 0; i < seen.length; i++) {
      try {
        for (const task of readdirSync(`/proc/${seen[i]}/task`)) {
          seen.push(
            ...readFileSync(`/proc/${seen[i]}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
          );
        }
        sum += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${seen[i]}/status`, "utf8"))?.[1] ?? 0) * 1024;
      } catch {
        // It has ended.
      }
    }
    peak = Math.max(peak, sum);
  }, 15);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** One command to its end: seconds and peak memory (of daemons that work for it, too). */
async function measure(argv, { cwd, env = {}, daemonPids = [] }) {
  const begin = performance.now();
  const child = spawn(argv[0], argv.slice(1), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const peak = watchMemory([child.pid, ...daemonPids]);
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise((resolve) => child.on("close", resolve));
  const seconds = (performance.now() - begin) / 1000;
  const memory = peak();
  if (code !== 0) throw new Error(`${argv.slice(0, 4).join(" ")} …: ${output.split("\n").slice(-12).join("\n")}`);
  return { seconds, memory };
}

function directoryBytes(dir) {
  if (!existsSync(dir)) return 0;
  return Number(spawnSync("du", ["-sb", dir], { encoding: "utf8" }).stdout.split("\t")[0]);
}

/** The peers need a base with node, npm and a shell: this machine's, as one layer. */
function makeBaseTar() {
  const base = join(scratch, "base");
  const programs = ["sh", "env", "sed", "dirname", "uname", "ls"].map((name) => realpathSync(`/usr/bin/${name}`));
  const node = realpathSync(process.execPath);
  const ldd = spawnSync("ldd", [node, ...programs], { encoding: "utf8" }).stdout;
  const libraries = new Set([...ldd.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map((match) => match[1]));
  for (const dir of ["usr/bin", "usr/lib", "usr/lib64", "tmp", "app", "etc/ssl/certs", "root"])
    mkdirSync(join(base, dir), { recursive: true });
  for (const link of ["bin", "lib", "lib64"]) spawnSync("ln", ["-s", `usr/${link}`, join(base, link)]);
  const copy = (from, to) => cpSync(realpathSync(from), join(base, to), { recursive: true, dereference: true });
  for (const library of libraries) copy(library, library.startsWith("/usr/") ? library : `usr${library}`);
  copy(node, "usr/bin/node");
  for (const program of programs) copy(program, `usr/bin/${program.split("/").at(-1)}`);
  if (!existsSync(join(base, "usr/bin/sh")))
    spawnSync("ln", ["-s", programs[0].split("/").at(-1), join(base, "usr/bin/sh")]);
  const npm = join(spawnSync("npm", ["root", "--global"], { encoding: "utf8" }).stdout.trim(), "npm");
  copy(npm, "usr/lib/node_modules/npm");
  writeFileSync(join(base, "usr/bin/npm"), '#!/bin/sh\nexec node /usr/lib/node_modules/npm/bin/npm-cli.js "$@"\n', {
    mode: 0o755,
  });
  if (existsSync("/etc/ssl/certs/ca-certificates.crt"))
    copy("/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/ca-certificates.crt");
  const config = JSON.parse(spawnSync("npm", ["config", "ls", "-l", "--json"], { encoding: "utf8" }).stdout);
  writeFileSync(
    join(base, "root/.npmrc"),
    `registry=${config.registry}\ncafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\n`,
  );
  const tar = join(scratch, "base.tar");
  spawnSync("tar", ["-C", base, "-cf", tar, "."]);
  return tar;
}

const DOCKERFILE = (cacheMount) => `FROM BASE
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt HOME=/root PATH=/usr/bin:/bin
WORKDIR /app
COPY package.json package-lock.json ./
RUN ${cacheMount ? "--mount=type=cache,target=/root/.npm " : ""}npm ci --omit=dev --no-audit --no-fund
COPY . .
USER 65532
CMD ["node", "server.js"]
`;

async function knbuildPeer({ host }) {
  const cache = join(scratch, "knbuild-cache");
  const env = { KNBUILD_CACHE_DIR: cache };
  return {
    name: "knbuild",
    build: (app, tag) =>
      measure(
        [
          process.execPath,
          cli,
          "build",
          ".",
          "-t",
          `${host}/knbuild:${tag}`,
          "--push",
          "--plain-http",
          host,
          "--quiet",
        ],
        { cwd: app, env },
      ),
    /** Cold: nothing of the app; the base is there, as for the others. */
    async forget() {
      for (const name of readdirSync(cache))
        if (name !== "bases" && name !== "store" && name !== "records")
          rmSync(join(cache, name), { recursive: true, force: true });
      rmSync(join(cache, "records/builds"), { recursive: true, force: true });
    },
    install: false,
  };
}

async function dockerPeer({ host }, baseTar) {
  const docker = existsSync("/usr/bin/docker") ? "/usr/bin/docker" : "docker";
  const socket = `unix://${join(scratch, "docker.sock")}`;
  const env = { DOCKER_HOST: socket, DOCKER_BUILDKIT: "1" };
  const args = [
    "--iptables=false",
    "--bridge=none",
    "--data-root",
    join(scratch, "docker"),
    "--exec-root",
    join(scratch, "docker-exec"),
    "--pidfile",
    join(scratch, "docker.pid"),
    "-H",
    socket,
  ];
  const daemon = spawn("dockerd", args, { stdio: "ignore" });
  daemons.push(daemon);
  for (let i = 0; i < 150 && spawnSync(docker, ["info"], { env: { ...process.env, ...env } }).status !== 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const call = (...words) => measure([docker, ...words], { env });
  await call("import", baseTar, `${host}/base:1`);
  await call("push", `${host}/base:1`);
  return {
    name: "docker",
    async build(app, tag) {
      writeFileSync(join(app, "Dockerfile"), DOCKERFILE(true).replace("BASE", `${host}/base:1`));
      const image = `${host}/docker:${tag}`;
      const built = await measure([docker, "build", "--network", "host", "-q", "-t", image, "."], {
        cwd: app,
        env,
        daemonPids: [daemon.pid],
      });
      const pushed = await measure([docker, "push", "-q", image], { cwd: app, env, daemonPids: [daemon.pid] });
      return { seconds: built.seconds + pushed.seconds, memory: Math.max(built.memory, pushed.memory) };
    },
    // npm's cache is a mount of the builder's: only layers go.
    forget: () => call("builder", "prune", "--all", "--force", "--filter", "type=regular"),
  };
}

async function buildahPeer({ host }, baseTar) {
  const storage = ["--root", join(scratch, "buildah"), "--runroot", join(scratch, "buildah-run")];
  const cache = join(scratch, "buildah-npm");
  mkdirSync(cache);
  const call = (...words) => measure(["buildah", ...storage, ...words], {});
  const id = spawnSync("buildah", [...storage, "from", "scratch"], { encoding: "utf8" }).stdout.trim();
  await call("add", id, baseTar, "/");
  await call("commit", "--rm", id, `${host}/buildah-base:1`);
  return {
    name: "buildah",
    async build(app, tag) {
      writeFileSync(join(app, "Dockerfile"), DOCKERFILE(false).replace("BASE", `${host}/buildah-base:1`));
      const image = `${host}/buildah:${tag}`;
      const words = [
        "bud",
        "--isolation",
        "chroot",
        "--layers",
        "--pull=false",
        "-v",
        `${cache}:/root/.npm`,
        "-q",
        "-t",
        image,
        ".",
      ];
      const built = await measure(["buildah", ...storage, ...words], { cwd: app });
      const pushed = await measure(["buildah", ...storage, "push", "-q", "--tls-verify=false", image], { cwd: app });
      return { seconds: built.seconds + pushed.seconds, memory: Math.max(built.memory, pushed.memory) };
    },
    async forget() {
      const images = spawnSync("buildah", [...storage, "images", "-a", "--format", "{{.ID}} {{.Name}}"], {
        encoding: "utf8",
      }).stdout;
      for (const line of images.split("\n"))
        if (line && !line.includes("buildah-base")) spawnSync("buildah", [...storage, "rmi", "-f", line.split(" ")[0]]);
    },
  };
}

async function containerifyPeer({ host }) {
  const tool = join(scratch, "containerify");
  mkdirSync(tool);
  await measure(["npm", "install", "--prefix", tool, "--no-audit", "--no-fund", "containerify"], { cwd: tool });
  return {
    name: "containerify",
    async build(app, tag, { install }) {
      const done = install
        ? await measure(["npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: app })
        : { seconds: 0, memory: 0 };
      const words = [
        "--fromImage=base:1",
        `--registry=http://${host}/v2/`,
        "--allowInsecureRegistries",
        "--allowNoPushAuth",
        `--toImage=containerify:${tag}`,
        `--folder=${app}`,
        "--setTimeStamp=1970-01-01T00:00:00.000Z",
      ];
      const built = await measure([join(tool, "node_modules/.bin/containerify"), ...words], { cwd: app });
      return { seconds: done.seconds + built.seconds, memory: Math.max(done.memory, built.memory) };
    },
    async forget(app) {
      rmSync(join(app, "node_modules"), { recursive: true, force: true });
    },
  };
}

async function bench(peer, registry) {
  const results = Object.fromEntries(scenarios.map((name) => [name, { seconds: [], bytes: [], memory: [] }]));
  for (let round = 0; round < rounds; round++) {
    const app = join(scratch, "apps", `${peer.name}-${round}`);
    cpSync(join(root, "examples/express-js"), app, { recursive: true });
    writeFileSync(join(app, ".dockerignore"), "node_modules\nDockerfile\n.dockerignore\n");
    if (round === 0) {
      // Warm: npm's cache and the base. Not measured.
      await peer.build(app, "warm", { install: true });
    }
    // A line of this round's own: its layers are new to the registry.
    appendFileSync(join(app, "greet.js"), `// round ${round} of ${peer.name}\n`);
    await peer.forget(app);
    const turn = async (name, tag, install) => {
      const before = directoryBytes(registry.data);
      const { seconds, memory } = await peer.build(app, tag, { install });
      results[name].seconds.push(seconds);
      results[name].memory.push(memory);
      results[name].bytes.push(directoryBytes(registry.data) - before);
    };
    await turn("cold", `r${round}`, true);
    await turn("no change", `r${round}`, false);
    appendFileSync(join(app, "greet.js"), `exports.round = "${round}";\n`);
    await turn("one-line edit", `r${round}-edit`, false);
    spawnSync(
      "npm",
      ["install", "--package-lock-only", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved", "cors@2.8.5"],
      { cwd: app },
    );
    await turn("dependency added", `r${round}-dep`, true);
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

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const mb = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;

try {
  const registry = await startRegistry();
  const baseTar = makeBaseTar();
  const makers = {
    knbuild: [knbuildPeer, true],
    docker: [dockerPeer, has("dockerd")],
    buildah: [buildahPeer, has("buildah")],
    containerify: [containerifyPeer, has("dockerd")],
  };
  const table = {};
  for (const [name, [make, there]] of Object.entries(makers)) {
    if (!there || (only && !only.includes(name))) continue;
    try {
      const peer = await make(registry, baseTar);
      const results = await bench(peer, registry);
      table[name] = { ...results, size: imageBytes(registry, name) };
    } catch (error) {
      if (name === "knbuild") throw error;
      console.error(`${name} is left out: ${error.message}`);
    }
  }
  console.log(
    `${rounds} rounds, node ${process.versions.node}, ${cpus()[0]?.model ?? "?"}, ${homedir() === "/root" ? "root" : "user"}; medians: seconds · to registry · peak memory`,
  );
  for (const scenario of scenarios) {
    console.log(`\n${scenario}`);
    const seconds = Object.fromEntries(Object.keys(table).map((name) => [name, median(table[name][scenario].seconds)]));
    const peers = Object.entries(seconds)
      .filter(([name]) => name !== "knbuild")
      .map(([, value]) => value);
    for (const name of Object.keys(table)) {
      const { bytes, memory } = table[name][scenario];
      const ratio =
        name === "knbuild" && peers.length > 0
          ? `   ${(seconds.knbuild / Math.min(...peers)).toFixed(2)}× the fastest peer`
          : "";
      console.log(
        `  ${name.padEnd(13)}${seconds[name].toFixed(2).padStart(7)} s  ${mb(median(bytes)).padStart(9)}  ${mb(Math.max(...memory)).padStart(9)}${ratio}`,
      );
    }
  }
  console.log(
    `\nimage: ${Object.keys(table)
      .map((name) => `${name} ${mb(table[name].size)}`)
      .join(" · ")}`,
  );
} finally {
  for (const daemon of daemons.reverse()) {
    const gone = new Promise((resolve) => daemon.once("exit", resolve));
    daemon.kill("SIGTERM");
    await gone;
  }
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "");
  for (const path of mounts
    .filter((mount) => mount.startsWith(`${scratch}/`))
    .sort()
    .reverse())
    spawnSync("umount", ["-l", path]);
  rmSync(scratch, { recursive: true, force: true });
}
