/** The preload for servers that come with a package: whatever port and host they know, they are reached on PORT. */
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { type Running, removeTemporaryDirs, start, stopAll, temporaryDir, writeFiles } from "./place.ts";

const runtime = join(import.meta.dirname, "../../templates/runtime");

afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

/** Run as the image runs it: with the preload for SIGTERM before this one. */
async function run(code: string): Promise<Running> {
  const dir = writeFiles(temporaryDir(), { "a.cjs": `const http = require("node:http");\n${code}` });
  const preloads = ["graceful-shutdown.cjs", "listen-on-port.cjs"].flatMap((name) => [
    "--require",
    join(runtime, name),
  ]);
  return start([...preloads, join(dir, "a.cjs")], dir, { OTHER: String(await freePort()) });
}

const text = async (running: Running) => (await fetch(running.url)).text();
const serves = (answer: string) => `http.createServer((q, r) => r.end(${JSON.stringify(answer)}))`;

test.each([
  ["an options object", '{ port: Number(process.env.PORT), host: "localhost" }'],
  ["a port in words and a host", 'process.env.PORT, "127.0.0.1"'],
])("localhost on PORT becomes all addresses: %s", async (_name, args) => {
  const running = await run(
    `const s = ${serves("x")}; s.listen(${args}, () => console.log("at", s.address().address));`,
  );
  await running.says("at ");
  expect(running.log()).toMatch(/at (?:::|0\.0\.0\.0)\n/);
  expect((await running.stop()).status).toBe(0);
});

test("an HTTP server on a port of its own is reached on PORT as well, and stops as it would", async () => {
  const running = await run(`${serves("inside")}.listen(process.env.OTHER, "localhost");`);
  expect(await text(running)).toBe("inside");
  expect(running.log()).toContain("is reached on");
  expect((await running.stop()).status).toBe(0);
});

test("an HTTP/2 server too", async () => {
  const running = await run(
    'require("node:http2").createServer((q, r) => r.end("two")).listen(process.env.OTHER, "127.0.0.1");',
  );
  const session = (await import("node:http2")).connect(running.url);
  const stream = session.request({ ":path": "/" });
  expect(String((await stream.toArray())[0])).toBe("two");
  session.close();
});

test("the door gives way to who listens on PORT himself, however late", async () => {
  const running = await run(
    `${serves("admin")}.listen(process.env.OTHER); setTimeout(() => ${serves("app")}.listen(process.env.PORT, () => console.log("app is there")), 600);`,
  );
  await running.says("app is there");
  expect(await text(running)).toBe("app");
  expect((await running.stop()).status).toBe(0);
});

test("a port of root's is exchanged for PORT", async () => {
  const running = await run(`process.getuid = () => 65532; ${serves("eighty")}.listen("80", "0.0.0.0");`);
  expect(await text(running)).toBe("eighty");
});

test("servers on a random port are nobody else's", async () => {
  const running = await run(
    `${serves("private")}.listen(0, "127.0.0.1");
     setTimeout(() => http.get({ port: process.env.PORT, host: "127.0.0.1" }).once("error", (error) => {
       console.log(error.code);
       ${serves("app")}.listen(process.env.PORT);
     }), 600);`,
  );
  expect(running.log()).toContain("ECONNREFUSED");
  expect(await text(running)).toBe("app");
});
