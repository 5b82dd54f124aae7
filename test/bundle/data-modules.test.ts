/** Tables of packages, in JSON: text in the chunk, read when somebody asks for them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { place, removeTemporaryDirs, startPlaced, stopAll, temporaryDir, writeFiles } from "./place.ts";

afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

const rows = Array.from({ length: 2000 }, (_, i) => `"row-${i}":{"n":${i},"é":"\u2028'\\\\"}`).join(",");

test("a large table is the same for who requires it, imports it and asks for it by its path", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"asks","type":"module","dependencies":{"tables":"1.0.0","imports":"1.0.0"}}',
    "node_modules/tables/package.json": '{"name":"tables","version":"1.0.0"}',
    "node_modules/tables/index.js": 'module.exports = require("./large.json");\n',
    "node_modules/tables/large.json": `{"__proto__":{"mine":true},${rows}}`,
    "node_modules/tables/small.json": '{"few":1}',
    "node_modules/imports/package.json":
      '{"name":"imports","version":"1.0.0","type":"module","main":"index.js","dependencies":{"tables":"1.0.0"}}',
    "node_modules/imports/index.js":
      'import large from "tables/large.json" with { type: "json" };\nimport small from "tables/small.json" with { type: "json" };\n' +
      'export const last = large["row-1999"];\nexport const { few } = small;\n',
    "main.js":
      'import { createServer } from "node:http";\nimport { few, last } from "imports";\nimport required from "tables";\n' +
      'import byPath from "tables/large.json" with { type: "json" };\n' +
      "const answer = { last, few, path: byPath['row-8'].n, own: Object.hasOwn(required, '__proto__'), seven: required['row-7'] };\n" +
      "createServer((q, r) => r.end(JSON.stringify(answer))).listen(process.env.PORT);\n",
  });
  const placed = await place(dir, "main.js", { nodeTarget: "22.12" });
  expect(placed.result.external).toEqual([]);
  const running = await startPlaced(placed);
  const answer = JSON.parse(await (await fetch(running.url)).text());
  await running.stop();
  const row = (n: number) => ({ n, é: "\u2028'\\" });
  expect(answer).toEqual({ last: row(1999), few: 1, path: 8, own: true, seven: row(7) });
  const chunk = readFileSync(join(placed.imageDir, "app/node_modules/@knbuild/vendor/index.cjs"), "utf8");
  expect(chunk).toContain("JSON.parse(");
  expect(chunk).not.toMatch(/JSON\.parse\('\{"few"/);
});
