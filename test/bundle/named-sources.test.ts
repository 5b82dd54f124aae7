import { afterAll, expect, test } from "vitest";
import { bundle, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

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
