/** The SIGTERM preload, with real servers: what is under way is finished, what is idle is closed, and own handlers win. */
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Running, removeTemporaryDirs, start, stopAll, temporaryDir, writeFiles } from "./place.ts";

const preload = join(import.meta.dirname, "../../templates/runtime/graceful-shutdown.cjs");

afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

/** Waits until new connections are refused. */
async function refused(url: string): Promise<void> {
  while (
    await fetch(`${url}/0`).then(
      () => true,
      () => false,
    )
  );
}

function run(name: string, code: string): Promise<Running> {
  const dir = writeFiles(temporaryDir(), { [name]: code });
  return start(["--require", preload, join(dir, name)], dir);
}

const SLOW =
  'const http = require("node:http");\nconst server = http.createServer((q, r) => { console.log("asked"); setTimeout(() => r.end("done"), Number(q.url.slice(1)) || 0); });\nserver.listen(process.env.PORT);\n';

test("a request under way is answered, then the process exits with 0", async () => {
  const running = await run("a.cjs", SLOW);
  const answer = fetch(`${running.url}/800`).then(async (r) => [r.status, await r.text(), r.headers.get("connection")]);
  await running.says("asked");
  const stopping = running.stop();
  expect(await answer).toEqual([200, "done", "close"]);
  expect((await stopping).status).toBe(0);
});

test("idle keep-alive connections, and ones that never asked, do not hold it up", async () => {
  const running = await run("a.cjs", SLOW);
  const port = Number(new URL(running.url).port);
  const silent = connect(port, "127.0.0.1");
  const idle = connect(port, "127.0.0.1");
  idle.write("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n");
  await new Promise((resolve) => idle.once("data", resolve));
  // Held up, it would be killed by SIGKILL in the end.
  const { status } = await running.stop();
  silent.destroy();
  idle.destroy();
  expect(status).toBe(0);
});

test("new connections are refused while a request is being finished", async () => {
  const running = await run("a.cjs", SLOW);
  const answer = fetch(`${running.url}/2000`);
  await running.says("asked");
  const stopping = running.stop();
  await refused(running.url);
  expect((await answer).status).toBe(200);
  expect((await stopping).status).toBe(0);
});

test("an ES module server", async () => {
  const running = await run(
    "a.mjs",
    'import { createServer } from "node:http";\ncreateServer((q, r) => r.end("x")).listen(process.env.PORT);\n',
  );
  expect(await running.stop()).toMatchObject({ status: 0 });
});

test("an upgraded connection is ended", async () => {
  const running = await run(
    "a.cjs",
    'const http = require("node:http");\nconst s = http.createServer();\ns.on("upgrade", (q, socket) => socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: x\\r\\nConnection: Upgrade\\r\\n\\r\\n"));\ns.listen(process.env.PORT);\n',
  );
  const socket = connect(Number(new URL(running.url).port), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  const ended = new Promise((resolve) => socket.once("end", resolve));
  const { status } = await running.stop();
  await ended;
  expect(status).toBe(0);
});

test("an HTTP/2 stream is finished", async () => {
  const running = await run(
    "a.cjs",
    'require("node:http2").createServer().on("stream", (s) => { console.log("asked"); setTimeout(() => { s.respond({ ":status": 200 }); s.end("h2"); }, 600); }).listen(process.env.PORT);\n',
  );
  const { connect: open } = await import("node:http2");
  const session = open(running.url);
  const stream = session.request({ ":path": "/" });
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  const ended = new Promise((resolve) => stream.once("end", resolve));
  await running.says("asked");
  const stopping = running.stop();
  await ended;
  expect(text).toBe("h2");
  expect((await stopping).status).toBe(0);
  session.destroy();
});

test("a handler of the app's own, added late, is left alone", async () => {
  const running = await run(
    "a.cjs",
    `${SLOW}setTimeout(() => { process.once("SIGTERM", () => { console.log("mine"); setTimeout(() => process.exit(7), 300); }); console.log("added"); }, 10);\n`,
  );
  await running.says("added");
  expect(await running.stop()).toMatchObject({ status: 7 });
  expect(running.log()).toContain("mine");
});

test("a listener that only raises the signal again does not count", async () => {
  const running = await run(
    "a.cjs",
    `${SLOW}process.on("SIGTERM", function again() { if (process.listeners("SIGTERM").length === 1) { process.removeListener("SIGTERM", again); process.kill(process.pid, "SIGTERM"); } });\n`,
  );
  expect(await running.stop()).toMatchObject({ status: 0 });
});

test("a handler that stops no server does not keep the process alive", async () => {
  const running = await run("a.cjs", `${SLOW}process.on("SIGTERM", () => console.log("my browser is closed"));\n`);
  expect(await running.stop()).toMatchObject({ status: 0 });
  expect(running.log()).toContain("my browser is closed");
});

test("a connection that never asked does not hold up a handler that closes its server", async () => {
  const running = await run(
    "a.cjs",
    `${SLOW}process.on("SIGTERM", () => server.close(() => console.log("closed")));\n`,
  );
  const socket = connect(Number(new URL(running.url).port), "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  expect(await running.stop()).toMatchObject({ status: 0 });
  expect(running.log()).toContain("closed");
  socket.destroy();
});

test("a handler that has stopped its server may take its time", async () => {
  const running = await run(
    "a.cjs",
    `${SLOW}process.on("SIGTERM", () => { server.close(); setTimeout(() => process.exit(7), 4500); });\n`,
  );
  expect(await running.stop()).toMatchObject({ status: 7 });
});

test("a cluster: the workers finish, the primary follows", async () => {
  const running = await run(
    "a.cjs",
    'const cluster = require("node:cluster");\nif (cluster.isPrimary) { cluster.fork(); cluster.fork(); cluster.on("exit", () => cluster.fork()); }\nelse require("node:http").createServer((q, r) => { console.log("asked"); setTimeout(() => r.end("w"), 600); }).listen(process.env.PORT);\n',
  );
  // As PID 1 the preload listens from the start; here a server of the primary's own makes it.
  const answer = fetch(running.url).then((r) => r.text());
  await running.says("asked");
  running.child.kill("SIGTERM");
  const { status } = await running.stop();
  expect([0, "SIGTERM"]).toContain(status);
  await answer.catch(() => {});
});
