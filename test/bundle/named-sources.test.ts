import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { bundle, place, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

afterAll(removeTemporaryDirs);

test.each([
  ["a glob", "docs({ apis: ['./routes/*.js'] })", "files"],
  ["a glob beside the file", "docs(__dirname + '/routes/*.js')", "files"],
  ["a name in a list", "docs({ apis: ['./server.js', './routes/cats.js'] })", "files"],
  ["what a folder without modules of the app has", "docs({ apis: ['./public/*.js'] })", "bundle"],
  ["an import alone", "docs(require('./routes/cats.js'))", "bundle"],
])("modules that are named as files stay files: %s", async (_name, call, mode) => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": "{}",
    "server.js": `const docs = (x) => x;\nrequire("./routes/cats.js");\n${call};\n`,
    "routes/cats.js": "/** @openapi */\nmodule.exports = 1;\n",
    "public/page.js": "1;\n",
  });
  const result = await bundle(dir, "server.js");
  expect(result.mode).toBe(mode);
  if (mode === "files")
    expect(result.modeReason).toMatch(/^server\.js:3 names (?:server|routes\/cats)\.js as a file: /);
});

test.each([
  ["of a program that the build made", "dist/server.js", "bundle"],
  ["of a program that is compiled here", "src/server.ts", "files"],
])("TypeScript that is named is there as it is written: %s", async (_name, entry, mode) => {
  const server = 'import "./cats.js";\nconst docs = (x) => x;\ndocs({ apis: ["./src/*.ts", "./src/none/*.ts"] });\n';
  const cats = "/** @openapi */\nexport const cats: number = 1;\n";
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{ "type": "module" }',
    "dist/server.js": server,
    "dist/cats.js": "export const cats = 1;\n",
    "src/server.ts": server,
    "src/cats.ts": cats,
    "src/types.d.ts": "declare const a: number;\n",
  });
  const { result, imageDir } = await place(dir, entry);
  expect(result.mode).toBe(mode);
  expect(readFileSync(join(imageDir, "app/src/cats.ts"), "utf8")).toBe(cats);
  expect(existsSync(join(imageDir, "app/src/types.d.ts"))).toBe(false);
});
