/** Modules that say themselves what `require` gets of them: `export { f as "module.exports" }`. */
import { afterAll, expect, test } from "vitest";
import { place, removeTemporaryDirs, startPlaced, stopAll, temporaryDir, writeFiles } from "./place.ts";

afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

const PACKAGES = {
  "node_modules/told/package.json":
    '{"name":"told","version":"1.0.0","exports":{"module-sync":"./index.mjs","default":"./index.cjs"}}',
  "node_modules/told/index.cjs": 'module.exports = () => "of an old Node";\n',
  "node_modules/told/index.mjs":
    'const told = () => "told";\nexport const named = "named";\nexport { told as "module.exports", told as default };\n',
  "node_modules/asks/package.json": '{"name":"asks","version":"1.0.0","dependencies":{"told":"1.0.0"}}',
  "node_modules/asks/index.js": 'module.exports = `${typeof require("told")} ${require("told")()}`;\n',
};

/** The answer of the app, bundled whole. */
async function answerOf(files: Record<string, string>, entry: string): Promise<string> {
  const placed = await place(writeFiles(temporaryDir(), { ...PACKAGES, ...files }), entry, { nodeTarget: "22.12" });
  expect(placed.result.external).toEqual([]);
  const running = await startPlaced(placed);
  const text = await (await fetch(running.url)).text();
  await running.stop();
  return text;
}

test("a package and the app require the value; an import in the app gets the names", async () => {
  const text = await answerOf(
    {
      "package.json": '{"name":"common","dependencies":{"told":"1.0.0","asks":"1.0.0"}}',
      "main.js":
        'const told = require("told");\nconst all = [require("asks"), typeof told, told()];\n' +
        'import("told").then((m) => all.push(m.default(), m.named));\n' +
        'require("node:http").createServer((q, r) => r.end(all.join(", "))).listen(process.env.PORT);\n',
    },
    "main.js",
  );
  expect(text).toBe("function told, function, told, told, named");
});

test("what a module hands on as a whole may say it, or may not", async () => {
  const text = await answerOf(
    {
      "package.json": '{"name":"common","dependencies":{"whole":"1.0.0","plain":"1.0.0"}}',
      "node_modules/whole/package.json": '{"name":"whole","version":"1.0.0","type":"module","main":"index.js"}',
      "node_modules/whole/index.js": 'export * from "./impl.js";\n',
      "node_modules/whole/impl.js": 'const make = () => "made";\nexport { make as "module.exports" };\n',
      "node_modules/plain/package.json": '{"name":"plain","version":"1.0.0","type":"module","main":"index.js"}',
      "node_modules/plain/index.js": 'export * from "./impl.js";\n',
      "node_modules/plain/impl.js": 'export const a = "a";\n',
      "node_modules/asks/index.js": 'module.exports = [require("whole")(), require("plain").a].join(" ");\n',
      "main.js":
        'const all = [require("asks"), require("whole")(), require("plain").a];\n' +
        'require("node:http").createServer((q, r) => r.end(all.join(", "))).listen(process.env.PORT);\n',
    },
    "main.js",
  );
  expect(text).toBe("made a, made, a");
});

test("an ES module imports default and names", async () => {
  const text = await answerOf(
    {
      "package.json": '{"name":"module","type":"module","dependencies":{"told":"1.0.0","asks":"1.0.0"}}',
      "main.js":
        'import { createServer } from "node:http";\nimport asks from "asks";\nimport told, { named } from "told";\n' +
        'createServer((q, r) => r.end([asks, told(), named].join(", "))).listen(process.env.PORT);\n',
    },
    "main.js",
  );
  expect(text).toBe("function told, told, named");
});
