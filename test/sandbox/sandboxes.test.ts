/** Every sandbox that works on this machine, with the same image and the same demands. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isKnbuildError } from "../../src/base/errors.ts";
import type { KnbuildEvent } from "../../src/base/events.ts";
import type { Image } from "../../src/oci/image.ts";
import { listeners } from "../../src/sandbox/listeners.ts";
import type { LogLine, RunningContainer, Sandbox, StartOptions } from "../../src/sandbox/types.ts";
import { openStore } from "../../src/store/store.ts";
import { type Dockerd, startDockerd } from "../support/dockerd.ts";
import { freePort } from "../support/free-port.ts";
import { requireComponent } from "../support/machine.ts";
import { useOwnPodmanStorage } from "../support/podman.ts";
import { saveArchive } from "../support/save-archive.ts";
import { directory, file, nodeEntries, testImage } from "../support/test-image.ts";

const SERVER = `
const { createServer } = require("node:http");
const { readFileSync, writeFileSync } = require("node:fs");
const attempt = (work) => { try { return work(); } catch (error) { return error.code; } };
if (process.env.EXIT_WITH) process.exit(Number(process.env.EXIT_WITH));
const server = createServer((request, response) => {
  if (request.url === "/slow") { console.log("asked"); return setTimeout(() => response.end("slow done"), 700); }
  const status = readFileSync("/proc/self/status", "utf8");
  response.end(JSON.stringify({
    pid: process.pid, uid: process.getuid(), gid: process.getgid(), cwd: process.cwd(), argv: process.argv.slice(2),
    env: process.env, hostname: require("node:os").hostname(), stdin: readFileSync(0, "utf8"), tty: Boolean(process.stdout.isTTY),
    noNewPrivileges: /NoNewPrivs:\\s*1/.test(status), capabilities: /CapEff:\\s*(\\w+)/.exec(status)[1],
    tmp: attempt(() => (writeFileSync("/tmp/x", "1"), "written")),
    own: attempt(() => (writeFileSync("/data/x", "1"), "written")),
    sysctl: attempt(() => (writeFileSync("/proc/sys/kernel/hostname", "x"), "written")),
    devices: ["null", "zero", "urandom", "shm"].map((name) => attempt(() => require("node:fs").statSync("/dev/" + name) && name)),
  }));
});
if (process.env.ABORT_ON_SIGTERM) process.on("SIGTERM", () => process.abort());
if (process.env.HANDLE_SIGTERM) process.on("SIGTERM", () => { console.error("got SIGTERM"); server.close(() => process.exit(0)); server.closeIdleConnections(); });
server.listen(process.env.PORT, () => console.log("listening on", process.env.PORT));
`;

let cacheDir: string;
let image: Image;
let dockerd: Dockerd | undefined;
let removeStorage: () => void;

beforeAll(async () => {
  removeStorage = useOwnPodmanStorage();
  cacheDir = await mkdtemp(join(tmpdir(), "knbuild-sandbox-"));
  image = await testImage({
    store: openStore(cacheDir),
    layers: [
      nodeEntries(),
      [
        file("app/server.js", SERVER),
        { ...directory("data"), uid: 65532, gid: 65532 },
        file("etc/passwd", "root:x:0:0::/root:/bin/sh\nnonroot:x:65532:65532::/home/nonroot:/bin/sh\n"),
      ],
    ],
    config: {
      Entrypoint: ["/usr/local/bin/node", "/app/server.js"],
      Cmd: ["from-cmd"],
      Env: ["PATH=/usr/local/bin:/usr/bin", "FROM_IMAGE=1", "OVERRIDDEN=image"],
      User: "65532",
      WorkingDir: "/app",
    },
  });
});

afterAll(async () => {
  await dockerd?.stop();
  removeStorage();
  delete process.env["DOCKER_HOST"];
  await rm(cacheDir, { recursive: true, force: true });
});

const kinds = [
  ["runc", () => import("../../src/sandbox/kinds/runc.ts")],
  ["bubblewrap", () => import("../../src/sandbox/kinds/bubblewrap.ts")],
  ["podman", () => import("../../src/sandbox/kinds/podman.ts")],
  ["docker", () => import("../../src/sandbox/kinds/docker.ts")],
] as const;

for (const [id, load] of kinds) {
  describe.skipIf(!requireComponent(id))(id, () => {
    let sandbox: Sandbox;
    const events: KnbuildEvent[] = [];

    beforeAll(async () => {
      if (id === "docker") {
        dockerd = await startDockerd();
        process.env["DOCKER_HOST"] = dockerd.host;
      }
      sandbox = (await load()).default;
    });

    async function start(
      env: Record<string, string> = {},
      more: Partial<StartOptions> = {},
    ): Promise<RunningContainer> {
      const port = await freePort();
      return sandbox.start(image, {
        port,
        env: { PORT: String(port), OVERRIDDEN: "run", ...env },
        hostname: "svc-00001",
        signal: AbortSignal.timeout(60_000),
        cacheDir,
        saveArchive,
        emit: (event) => events.push(event),
        ...more,
      });
    }

    test("says that it works", async () => {
      expect(await sandbox.probe()).toMatchObject({ ok: true, version: expect.stringMatching(/\d/) });
    });

    test("gives the process what the contract promises", async () => {
      const container = await start();
      const seen = await answer(container, "/");
      expect(seen).toMatchObject({
        pid: 1,
        uid: 65532,
        gid: 65532,
        cwd: "/app",
        argv: ["from-cmd"],
        hostname: "svc-00001",
        stdin: "",
        tty: false,
        noNewPrivileges: true,
        capabilities: "0000000000000000",
        tmp: "written",
        own: "written",
        devices: ["null", "zero", "urandom", "shm"],
      });
      expect(["EROFS", "EACCES"]).toContain(seen["sysctl"]);
      expect(seen["env"]).toMatchObject({ FROM_IMAGE: "1", OVERRIDDEN: "run", HOME: "/home/nonroot" });
      expect(container.pid).toBeGreaterThan(1);
      expect(await listeners(container.pid)).toContainEqual(expect.objectContaining({ port: container.address.port }));
      await container.stop(0);
    });

    test("a handled SIGTERM lets a request in flight finish, and what was logged comes through", async () => {
      const container = await start({ HANDLE_SIGTERM: "1" });
      await answer(container, "/");
      const slow = fetch(url(container, "/slow"), { headers: { connection: "close" } }).then((response) =>
        response.text(),
      );
      while (!lines(container).some(({ line }) => line === "asked")) await delay(20);
      const report = await container.stop(10_000);
      expect(await slow).toBe("slow done");
      expect(report).toMatchObject({ how: "handled", exitCode: 0, signal: null });
      const logged: LogLine[] = [];
      for await (const line of container.logs) logged.push(line);
      expect(logged).toContainEqual({ stream: "stdout", line: `listening on ${container.address.port}` });
      expect(logged).toContainEqual({ stream: "stderr", line: "got SIGTERM" });
    });

    test("PID 1 without a handler ignores SIGTERM and is killed after the grace period", async () => {
      const container = await start();
      await answer(container, "/");
      const report = await container.stop(300);
      expect(report).toMatchObject({ how: "ignored", exitCode: 137, signal: "SIGKILL" });
      expect(await container.wait()).toEqual({ exitCode: 137, signal: "SIGKILL" });
    });

    test("a fault on SIGTERM is no handling of it", async () => {
      const container = await start({ ABORT_ON_SIGTERM: "1" });
      await answer(container, "/");
      expect(await container.stop(10_000)).toMatchObject({ how: "crashed" });
    });

    test("a process that ends by itself gives its exit code", async () => {
      const container = await start({ EXIT_WITH: "7" });
      expect(await container.wait()).toEqual({ exitCode: 7, signal: null });
      expect(await container.stop(1000)).toMatchObject({ how: "exited-before", exitCode: 7 });
    });

    test("a read-only root leaves /tmp writable", async () => {
      const container = await start({}, { readOnlyRoot: true });
      expect(await answer(container, "/")).toMatchObject({ tmp: "written", own: "EROFS" });
      await container.stop(0);
    });

    test("user and arguments can be replaced", async () => {
      const container = await start({}, { user: "4711:4712", args: ["one", "two words"] });
      expect(await answer(container, "/")).toMatchObject({ uid: 4711, gid: 4712, argv: ["one", "two words"] });
      await container.stop(0);
    });

    test("a program that is not there is a clear error, and nothing is left", async () => {
      const broken = await testImage({
        store: openStore(cacheDir),
        layers: [[directory("tmp", 0o1777), file("a", "a")]],
        config: { Entrypoint: ["/no/such/program"] },
      });
      const port = await freePort();
      const error = await sandbox
        .start(broken, {
          port,
          env: {},
          hostname: "x",
          signal: AbortSignal.timeout(60_000),
          cacheDir,
          saveArchive,
          emit: () => {},
        })
        .then(async (container) => ({ ended: await container.wait() }))
        .catch((thrown: unknown) => thrown);
      if (isKnbuildError(error)) {
        expect(error.code).toBe("CONTAINER_START_FAILED");
        expect(error.message).toMatch(/no such|not found|No such/);
      } else expect(error).toMatchObject({ ended: { exitCode: expect.not.stringMatching(/^0$/) } });
      expect(await readdir(join(cacheDir, "sandbox", "runs")).catch(() => [])).toEqual([]);
    });
  });
}

/** What the container has said so far. */
function lines(container: RunningContainer): LogLine[] {
  return (container.logs as unknown as { recent(count: number): LogLine[] }).recent(20);
}

function url(container: RunningContainer, path: string): string {
  return `http://${container.address.host}:${container.address.port}${path}`;
}

async function answer(container: RunningContainer, path: string): Promise<Record<string, unknown>> {
  for (let attempt = 0; ; attempt++) {
    try {
      return (await (await fetch(url(container, path), { headers: { connection: "close" } })).json()) as Record<
        string,
        unknown
      >;
    } catch (error) {
      if (attempt > 200) throw new Error(`no answer: ${JSON.stringify(lines(container))}`, { cause: error });
      await delay(50);
    }
  }
}
