import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";
import { parseJson } from "../../src/base/json.ts";
import { compileGlobs, createIgnoreRules, isSecretPath, openSource, stageSource } from "../../src/source/index.ts";

const roots: string[] = [];
function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "knbuild-source-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

function caught(task: () => unknown): KnbuildError {
  try {
    task();
  } catch (error) {
    expect(error).toBeInstanceOf(KnbuildError);
    return error as KnbuildError;
  }
  throw new Error("nothing was thrown");
}

describe("openSource", () => {
  it("refuses what is no directory, as wrong use", () => {
    const root = tree({ file: "" });
    expect(caught(() => openSource(join(root, "nowhere")))).toMatchObject({ code: "SOURCE_MISSING", exitCode: 2 });
    expect(caught(() => openSource(join(root, "file")))).toMatchObject({ code: "SOURCE_NOT_A_DIRECTORY", exitCode: 2 });
  });

  it("lists sorted files without installed packages, version control and secrets", () => {
    const root = tree({
      "b.js": "",
      "a/z.js": "",
      "a-b.js": "",
      ".git/HEAD": "",
      "node_modules/x/i.js": "",
      "a/node_modules/y/i.js": "",
      ".env": "",
      ".env.production": "",
      ".env.example": "",
      ".npmrc": "",
      ".github/w.yml": "",
    });
    expect(
      openSource(root)
        .list()
        .map(({ path }) => path),
    ).toEqual([".env.example", ".github/w.yml", "a-b.js", "a/z.js", "b.js"]);
  });

  it("reads .dockerignore as Docker does, and .knbuildignore after it", () => {
    const root = tree({
      ".dockerignore": "*\n!src\n!package.json\nsrc/**/*.test.js\n# comment\n",
      ".knbuildignore": "!README.md\nsrc/skip\n",
      "package.json": "{}",
      "README.md": "",
      "src/a.js": "",
      "src/deep/a.test.js": "",
      "src/skip/b.js": "",
      "other.js": "",
    });
    expect(
      openSource(root)
        .list()
        .map(({ path }) => path),
    ).toEqual(["README.md", "package.json", "src/a.js"]);
  });

  it("still reads a file that is ignored for the image", () => {
    const root = tree({ ".dockerignore": "package.json\n", "package.json": '{"name":"x"}' });
    expect(openSource(root).readJson("package.json")).toEqual({ name: "x" });
  });

  it("names an unreadable file and one that is too large", () => {
    const root = tree({ "big.txt": "x".repeat(2000), "closed.txt": "x" });
    const source = openSource(root);
    expect(caught(() => source.read("big.txt", 1000)).code).toBe("FILE_TOO_LARGE");
    chmodSync(join(root, "closed.txt"), 0o000);
    if (process.getuid?.() !== 0) expect(caught(() => source.read("closed.txt")).code).toBe("FILE_UNREADABLE");
    expect(source.read("nowhere.txt")).toBeUndefined();
  });

  it("looks above itself by `at`", () => {
    const root = tree({ "package.json": '{"workspaces":["a"]}', "a/package.json": "{}" });
    expect(openSource(join(root, "a")).at("..").readJson("package.json")).toEqual({ workspaces: ["a"] });
  });
});

describe("parseJson", () => {
  it.each([
    ['{\n  "a": 1,\n}', "file.json:2:9", "comma"],
    ['{\n  "a": 1\n  "b": 2\n}', "file.json:3:3", 'expected ","'],
    ["{ a: 1 }", "file.json:1:3", "double quotes"],
    ['{"a": "x\ny"}', "file.json:1:9", "must end on its line"],
    ['{"a": 01}', "file.json:1:8", 'expected ","'],
    ["", "file.json:1:1", "expected a value"],
    ['{"a": [1, 2}', "file.json:1:12", 'expected ","'],
  ])("%j fails at %s", (text, where, message) => {
    const error = caught(() => parseJson(text, "file.json"));
    expect(error).toMatchObject({ code: "JSON_INVALID", where });
    expect(error.message).toContain(message);
  });

  it("takes a byte order mark, and comments and last commas where they are allowed", () => {
    expect(parseJson('\uFEFF{"a":1}', "f")).toEqual({ a: 1 });
    expect(parseJson('{ // c\n "a": [1, 2,], /* d */ "b": "//no", }', "f", { comments: true })).toEqual({
      a: [1, 2],
      b: "//no",
    });
    expect(caught(() => parseJson("{ // c\n}", "f")).code).toBe("JSON_INVALID");
  });

  it("gives what JSON.parse gives, __proto__ included", () => {
    const text = '{"__proto__": {"x": 1}, "n": -1.5e3, "t": true, "e": "\\u00e9\\n", "z": null}';
    expect(JSON.stringify(parseJson(text, "f", { comments: true }))).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe("ignore rules and globs", () => {
  it("keeps secrets out whatever an ignore file says, but lets a build's .env.production back in", () => {
    const rules = createIgnoreRules(["!.env\n!.env.production\n!.npmrc\n!id_rsa\n"]);
    expect([".env", ".env.production", ".npmrc", "keys/id_rsa"].map((path) => rules.ignores(path))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it("knows secrets by name", () => {
    for (const path of [
      ".env",
      "a/.env.local",
      ".npmrc",
      ".yarnrc.yml",
      ".ssh/config",
      "x.p12",
      "server-key.pem",
      ".docker/config.json",
    ])
      expect(isSecretPath(path), path).toBe(true);
    for (const path of [
      ".env.example",
      "src/env.ts",
      "certs/ca-bundle.pem",
      "public/keyboard.pem.txt",
      "docs/.npmrc.md",
    ])
      expect(isSecretPath(path), path).toBe(false);
  });

  it.each([
    ["src/**/*.ts", ["src/a.ts", "src/b/c.ts"], ["src/a.js", "lib/a.ts"]],
    ["**", ["a", "a/b", ".x/y"], []],
    ["*.{js,ts}", ["a.js", "b.ts"], ["a/b.js", "c.jsx"]],
    ["dist", ["dist", "dist/a/b"], ["dist2", "a/dist"]],
    ["**/node_modules", ["node_modules/x", "a/node_modules/b/c"], ["node_modulesx"]],
    ["a?[0-9].txt", ["ab1.txt"], ["abc.txt", "a/1.txt"]],
  ])("%s", (pattern, yes, no) => {
    const matches = compileGlobs([pattern]);
    for (const path of yes) expect(matches(path), path).toBe(true);
    for (const path of no) expect(matches(path), path).toBe(false);
  });

  it("a later ! takes away", () => {
    const matches = compileGlobs(["src/**", "!src/test", "src/test/keep.ts"]);
    expect(["src/a", "src/test/b", "src/test/keep.ts"].map(matches)).toEqual([true, false, true]);
  });
});

describe("stageSource", () => {
  it("copies what takes part, keeps links inside, and changes nothing in the source", () => {
    const root = tree({ "a/b.txt": "text", ".env": "S=1", "node_modules/x/i.js": "", "run.sh": "#!" });
    chmodSync(join(root, "run.sh"), 0o755);
    symlinkSync("a/b.txt", join(root, "inside"));
    symlinkSync("../../etc/hostname", join(root, "outside"));
    const destination = join(tree({}), "copy");
    expect(stageSource(openSource(root), destination)).toEqual({ files: 2, bytes: 6 });
    expect(readFileSync(join(destination, "inside"), "utf8")).toBe("text");
    expect(existsSync(join(destination, ".env"))).toBe(false);
    writeFileSync(join(destination, "a/b.txt"), "changed");
    expect(readFileSync(join(root, "a/b.txt"), "utf8")).toBe("text");
  });
});
