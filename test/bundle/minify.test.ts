/** What minifying must leave alone. */
import { afterAll, expect, test } from "vitest";
import { place, removeTemporaryDirs, startPlaced, stopAll, temporaryDir, writeFiles } from "./place.ts";

afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

test("classes keep their text where a package tells them by it (dependency injection), and are minified elsewhere", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"injects","dependencies":{"injector":"1.0.0"}}',
    "server.js":
      'const { isClass } = require("injector");\nlet Service = class Service { answer() { return "ok"; } };\nrequire("node:http").createServer((q, r) => r.end(String(isClass(Service)))).listen(process.env.PORT);\n',
    "node_modules/injector/package.json": '{"name":"injector","version":"1.0.0"}',
    "node_modules/injector/index.js":
      "exports.isClass = (type) => typeof type === 'function' && String(type).startsWith('class ');\n",
  });
  const placed = await place(dir, "server.js", { minify: true });
  expect(placed.result).toMatchObject({ mode: "bundle" });
  const running = await startPlaced(placed);
  expect(await (await fetch(running.url)).text()).toBe("true");
  await running.stop();
  const named = writeFiles(temporaryDir(), {
    "package.json": '{"name":"named","dependencies":{"awilix":"1.0.0"}}',
    "server.js":
      'const { first } = require("awilix");\nconst name = first((database) => database.ask());\nrequire("node:http").createServer((q, r) => r.end(name)).listen(process.env.PORT);\n',
    "node_modules/awilix/package.json": '{"name":"awilix","version":"1.0.0"}',
    "node_modules/awilix/index.js": "exports.first = (fn) => /\\w+/.exec(fn.toString())[0];\n",
  });
  const other = await startPlaced(await place(named, "server.js", { minify: true }));
  expect(await (await fetch(other.url)).text()).toBe("database");
  await other.stop();
  writeFiles(dir, { "node_modules/injector/index.js": "exports.isClass = (type) => /^class\\b/.test(type);\n" });
  const { result } = await place(dir, "server.js", { minify: true });
  const source = result.files.app?.find(({ path }) => path.endsWith("server.js"))?.source;
  expect(source && "bytes" in source && Buffer.from(source.bytes).toString()).toContain("class{");
});
