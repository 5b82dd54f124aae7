/** The resolver against Node itself, in a tree of awkward packages. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FileFacts, packageNameOf } from "../../src/bundle/package-scope.ts";
import { createResolver } from "../../src/bundle/resolve.ts";
import { removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

let dir: string;
beforeAll(() => {
  dir = writeFiles(temporaryDir(), {
    "package.json":
      '{"name":"self","exports":{"./in":"./in.js"},"imports":{"#a":"./in.js","#p/*":"./lib/*.js","#dep":"dual"}}',
    "in.js": "",
    "main.js": "",
    "lib/x.js": "",
    "lib/index.json": "{}",
    "node_modules/dual/package.json":
      '{"exports":{".":{"import":"./esm.mjs","require":{"node":"./node.cjs","default":"./cjs.cjs"}},"./sub/*":"./src/*.js","./sub/private/*":null,"./dir/":"./src/","./data":["./missing-not-tried.json","./d.json"]}}',
    "node_modules/dual/esm.mjs": "",
    "node_modules/dual/node.cjs": "",
    "node_modules/dual/cjs.cjs": "",
    "node_modules/dual/src/a.js": "",
    "node_modules/dual/src/private/b.js": "",
    "node_modules/old/package.json": '{"main":"lib"}',
    "node_modules/old/lib/index.js": "",
    "node_modules/old/other.js": "",
    "node_modules/nomain/index.js": "",
    "node_modules/.dotted/client/index.js": "",
    "node_modules/@s/p/package.json": '{"main":"./m"}',
    "node_modules/@s/p/m.js": "",
    "node_modules/@s/p/node_modules/old/index.js": "",
  });
});
afterAll(removeTemporaryDirs);

test.each([
  "./in",
  "./in.js",
  "./lib",
  "./lib/",
  "./lib/x",
  "#a",
  "#p/x",
  "#dep",
  "self/in",
  "self/none",
  "dual",
  "dual/sub/a",
  "dual/sub/private/b",
  "dual/none",
  "old",
  "old/other",
  "old/other.js",
  "old/lib",
  "nomain",
  ".dotted/client",
  "@s/p",
  "@s/p/m",
  "@s/p/none",
  "absent",
  ".",
  "..",
  "fs",
  "node:test",
])("require(%j) as Node does", (specifier) => {
  const from = join(dir, "main.js");
  const mine = createResolver(new FileFacts(), process.versions.node).resolve(specifier, from, "require");
  let theirs: string | undefined;
  try {
    theirs = createRequire(from).resolve(specifier);
  } catch {
    theirs = undefined;
  }
  if (theirs === undefined) expect(mine.type).toBe("missing");
  else if (theirs === specifier) expect(mine.type).toBe("builtin");
  else expect(mine).toMatchObject({ type: "file", path: theirs });
});

test("nested packages, import conditions", () => {
  const { resolve } = createResolver(new FileFacts(), "24");
  expect(resolve("dual", join(dir, "main.js"), "import")).toMatchObject({
    path: join(dir, "node_modules/dual/esm.mjs"),
  });
  expect(resolve("old", join(dir, "node_modules/@s/p/m.js"), "require")).toMatchObject({
    path: join(dir, "node_modules/@s/p/node_modules/old/index.js"),
  });
});

test.each([
  ["a/b", "a"],
  ["@a/b/c", "@a/b"],
  [".prisma/client", ".prisma"],
  ["./a", undefined],
  ["../a", undefined],
  ["#a", undefined],
  ["", undefined],
])("name of %j", (specifier, name) => expect(packageNameOf(specifier)).toBe(name));
