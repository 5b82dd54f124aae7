// The builders, one function each. A peer is made once and gives: `build(app, tag, { install })`, measured; `forget(app)`, after
// which nothing of the app is known any more, while its base and npm's cache are. It throws where this machine lacks it.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measure, together } from "./measure.mjs";

const DOCKERFILE = (base, cacheMount) => `FROM ${base}
ENV NODE_ENV=production NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt HOME=/root PATH=/usr/bin:/bin
WORKDIR /app
COPY package.json package-lock.json ./
RUN ${cacheMount ? "--mount=type=cache,target=/root/.npm " : ""}npm ci --omit=dev --no-audit --no-fund
COPY . .
USER 65532
CMD ["node", "server.js"]
`;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Where no package is fetched, nobody speaks TLS: the registry is plain http. Node reads this file at every start, needed or
 * not, and other programs never do.
 */
const withoutAuthorities = (install) => (install ? {} : { NODE_EXTRA_CA_CERTS: undefined });

/** Where a program is: on the PATH, or in BENCH_PEERS. @throws when it is nowhere */
function programPath(name) {
  const dirs = [...(process.env.PATH ?? "").split(":"), process.env.BENCH_PEERS ?? ""];
  const found = dirs
    .filter(Boolean)
    .map((dir) => join(dir, name))
    .find((path) => existsSync(path));
  if (!found) throw new Error(`there is no ${name} on this machine`);
  return found;
}

async function knbuild({ cli, host, scratch }) {
  const cache = join(scratch, "knbuild-cache");
  const words = [process.execPath, cli, "build", ".", "--push", "--plain-http", host, "--quiet"];
  return {
    build: (app, tag, { install }) =>
      measure([...words, "-t", `${host}/knbuild:${tag}`], {
        cwd: app,
        env: { KNBUILD_CACHE_DIR: cache, ...withoutAuthorities(install) },
      }),
    /** The base is there, as for the others, and so is the program's own compiled code. */
    async forget() {
      for (const name of readdirSync(cache))
        if (!["bases", "store", "records", "code"].includes(name))
          rmSync(join(cache, name), { recursive: true, force: true });
      rmSync(join(cache, "records/builds"), { recursive: true, force: true });
    },
  };
}

/** BuildKit in dockerd, as Debian has it. */
async function docker({ host, base, scratch, daemons }) {
  programPath("dockerd");
  const client = existsSync("/usr/bin/docker") ? "/usr/bin/docker" : programPath("docker");
  const socket = `unix://${join(scratch, "docker.sock")}`;
  const env = { DOCKER_HOST: socket, DOCKER_BUILDKIT: "1" };
  const daemon = spawn(
    "dockerd",
    [
      "--iptables=false",
      "--bridge=none",
      ...["--data-root", join(scratch, "docker"), "--exec-root", join(scratch, "docker-exec")],
      ...["--pidfile", join(scratch, "docker.pid"), "-H", socket],
    ],
    { stdio: "ignore" },
  );
  daemons.push(daemon);
  for (let i = 0; i < 300 && spawnSync(client, ["info"], { env: { ...process.env, ...env } }).status !== 0; i++)
    await pause(100);
  const options = { env, daemonPids: [daemon.pid] };
  await measure([client, "pull", base], options);
  return {
    async build(app, tag) {
      writeFileSync(join(app, "Dockerfile"), DOCKERFILE(base, true));
      const image = `${host}/docker:${tag}`;
      const built = await measure([client, "build", "--network", "host", "-q", "-t", image, "."], {
        ...options,
        cwd: app,
      });
      return together(built, await measure([client, "push", "-q", image], options));
    },
    // npm's cache is a mount of the builder's: only layers go.
    forget: () => measure([client, "builder", "prune", "--all", "--force", "--filter", "type=regular"], options),
  };
}

/** BuildKit of today, by itself: BENCH_PEERS, the PATH, or built with Go where there is one. */
async function buildkitd({ host, base, scratch, daemons }) {
  const { daemon: program, client } = await buildkitPrograms(scratch);
  const socket = `unix://${join(scratch, "buildkit.sock")}`;
  const config = join(scratch, "buildkitd.toml");
  writeFileSync(config, `[registry."${host}"]\n  http = true\n  insecure = true\n`);
  const words = ["--root", join(scratch, "buildkit"), "--addr", socket, "--config", config, "--oci-worker-net", "host"];
  const daemon = spawn(program, words, { stdio: "ignore" });
  daemons.push(daemon);
  const ctl = [client, "--addr", socket];
  for (let i = 0; i < 300 && spawnSync(client, [...ctl.slice(1), "debug", "workers"]).status !== 0; i++)
    await pause(100);
  const options = { daemonPids: [daemon.pid] };
  return {
    build(app, tag) {
      writeFileSync(join(app, "Dockerfile"), DOCKERFILE(base, true));
      const build = ["build", "--progress", "plain", "--frontend", "dockerfile.v0"];
      const context = ["--local", `context=${app}`, "--local", `dockerfile=${app}`];
      const output = ["--output", `type=image,name=${host}/buildkitd:${tag},push=true`];
      return measure([...ctl, ...build, ...context, ...output], options);
    },
    forget: () => measure([...ctl, "prune", "--all", "--filter", "type==regular"], options),
  };
}

async function buildkitPrograms(scratch) {
  try {
    return { daemon: programPath("buildkitd"), client: programPath("buildctl") };
  } catch (error) {
    if (spawnSync("go", ["version"]).status !== 0) throw new Error(`${error.message}, and no Go to build it with`);
    const module = join(scratch, "buildkit-module");
    mkdirSync(module);
    const go = (...words) => measure(["go", ...words], { cwd: module, env: { GOBIN: module, GOFLAGS: "-mod=mod" } });
    await go("mod", "init", "bench");
    await go("get", "github.com/moby/buildkit@latest");
    await go("build", "-o", module, "github.com/moby/buildkit/cmd/buildkitd", "github.com/moby/buildkit/cmd/buildctl");
    return { daemon: join(module, "buildkitd"), client: join(module, "buildctl") };
  }
}

async function buildah({ host, base, scratch }) {
  programPath("buildah");
  const storage = ["--root", join(scratch, "buildah"), "--runroot", join(scratch, "buildah-run")];
  const npmCache = join(scratch, "buildah-npm");
  mkdirSync(npmCache);
  const call = (...words) => ["buildah", ...storage, ...words];
  await measure(call("pull", "-q", "--tls-verify=false", base));
  const build = ["bud", "--isolation", "chroot", "--layers", "--pull=false", "-v", `${npmCache}:/root/.npm`, "-q"];
  return {
    async build(app, tag) {
      writeFileSync(join(app, "Dockerfile"), DOCKERFILE(base, false));
      const image = `${host}/buildah:${tag}`;
      const built = await measure(call(...build, "-t", image, "."), { cwd: app });
      return together(built, await measure(call("push", "-q", "--tls-verify=false", image)));
    },
    async forget() {
      const { output } = await measure(call("images", "-a", "--format", "{{.ID}} {{.Name}}"));
      for (const line of output.split("\n"))
        if (line && !line.endsWith("/base")) spawnSync("buildah", [...storage, "rmi", "-f", line.split(" ")[0]]);
    },
  };
}

async function containerify({ host, base, scratch }) {
  const tool = join(scratch, "containerify");
  mkdirSync(tool);
  await measure(["npm", "install", "--prefix", tool, "--no-audit", "--no-fund", "containerify"], { cwd: tool });
  return {
    /** It packs the node_modules that it finds, so a checkout needs `npm ci` first: as with the others, a build begins without. */
    async build(app, tag, { install }) {
      const npm = ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"];
      const installed = await measure(npm, { cwd: app });
      const words = [
        `--fromImage=${base.slice(host.length + 1)}`,
        `--registry=http://${host}/v2/`,
        "--allowInsecureRegistries",
        "--allowNoPushAuth",
        `--toImage=containerify:${tag}`,
        `--folder=${app}`,
        "--setTimeStamp=1970-01-01T00:00:00.000Z",
      ];
      const pushed = await measure([join(tool, "node_modules/.bin/containerify"), ...words], {
        env: withoutAuthorities(install),
      });
      return { ...together(installed, pushed), afterInstall: pushed.seconds };
    },
    forget: (app) => rmSync(join(app, "node_modules"), { recursive: true, force: true }),
  };
}

export const peers = { knbuild, docker, buildkitd, buildah, containerify };
