/** The walls of ARCHITECTURE.md, read from the import statements and the tracked files. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor } from "oxc-parser";
import { describe, expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Rooms from the ground up: one may import what lies below it; within a floor see `SAME_FLOOR`. */
const FLOORS: readonly (readonly string[])[] = [
  ["base"],
  ["oci", "tar", "plan", "contract", "check"],
  [
    "analysis",
    "bases",
    "bundle",
    "config",
    "dockerfile",
    "elf",
    "install",
    "layer",
    "registry",
    "sandbox",
    "source",
    "store",
  ],
  ["sdk"],
  ["attest", "engines", "outputs", "reporters", "rules", "buildpacks"],
  ["pipeline"],
  ["index"],
  ["cli"],
];
/** The values know of one another; nobody else knows a neighbour. */
const SAME_FLOOR = new Set(["oci", "tar", "plan", "contract", "check"]);
/** Lists of a room's own data files are generated; lists of plug-ins are for those who choose among them. */
const MAY_IMPORT_GENERATED = new Set([
  "bases",
  "dockerfile",
  "analysis",
  "contract",
  "rules",
  "pipeline",
  "index",
  "cli",
]);

interface Import {
  file: string;
  from: string;
  to: string;
  target: string;
}

const sources = ["src", "buildpacks"].flatMap((folder) => walk(folder).filter((file) => file.endsWith(".ts")));
const imports = sources.filter((file) => roomOf(file) !== "generated").flatMap(importsOf);

function walk(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/\/(fixtures|node_modules)\//.test(path))
    .sort();
}

/** `src/oci/x.ts` → oci, `src/sdk.ts` → sdk, `buildpacks/node/index.ts` → buildpacks. */
function roomOf(path: string): string {
  const [top, second = ""] = path.split("/");
  return top === "buildpacks" ? "buildpacks" : second.replace(/\.ts$/, "");
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g);
  return [...found].map((match) => {
    const target = relative(root, join(root, dirname(file), match[1] as string));
    return { file, from: roomOf(file), to: roomOf(target), target };
  });
}

const floor = (room: string) => FLOORS.findIndex((rooms) => rooms.includes(room));

describe("rooms", () => {
  test("every folder of src is a room with a floor", () => {
    const rooms = new Set(sources.map(roomOf));
    expect([...rooms].filter((room) => room !== "generated" && floor(room) < 0)).toEqual([]);
  });

  test("import only what lies below them", () => {
    const wrong = imports.filter(({ from, to }) => {
      if (from === to) return false;
      if (to === "generated") return !MAY_IMPORT_GENERATED.has(from);
      if (SAME_FLOOR.has(from) && SAME_FLOOR.has(to)) return false;
      return floor(to) >= floor(from);
    });
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  test("buildpacks know the sdk and their own folder, nothing else", () => {
    const wrong = imports.filter(
      ({ file, from, target }) =>
        from === "buildpacks" &&
        target !== "src/sdk.ts" &&
        !target.startsWith(`${file.split("/").slice(0, 2).join("/")}/`),
    );
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });

  test("plug-ins of one folder do not import one another", () => {
    const plugin = (path: string) =>
      /^src\/(?:[a-z-]+\/kinds|reporters\/formats|rules\/[a-z-]+)\/[^/]+\.ts$/.test(path) && !/\/_[^/]+$/.test(path);
    const wrong = imports.filter(
      ({ file, target }) => plugin(file) && plugin(target) && dirname(file) === dirname(target),
    );
    expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
  });
});

describe("files", () => {
  test("have at most 400 lines", () => {
    const long = sources
      .filter((file) => roomOf(file) !== "generated")
      .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 400);
    expect(long).toEqual([]);
  });

  test("are not called utils, helpers or common", () => {
    expect(sources.filter((file) => /\/(utils?|helpers?|common|misc)(\.ts|\/)/.test(file))).toEqual([]);
  });

  test("of the library neither print nor exit", () => {
    const wrong = sources.filter((file) => !["cli", "generated"].includes(roomOf(file))).flatMap(printsOrExits);
    expect(wrong).toEqual([]);
  });

  test("leave nothing open", () => {
    const wrong = [...sources, ...walk("test").filter((file) => file.endsWith(".ts"))]
      .filter((file) => file !== "test/architecture.test.ts")
      .flatMap((file) =>
        matches(file, /\bTODO\b|\bFIXME\b|not implemented|\b(?:it|test|describe)\.(?:only|todo|skip)\(/),
      );
    expect(wrong).toEqual([]);
  });
});

describe("the tree", () => {
  const tracked = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(root, file)));

  test("names no package registry: they come from the machine's configuration", () => {
    const hosts = [...wellKnownRegistries(), ...configuredRegistries()];
    const wrong = tracked.flatMap((file) => {
      const text = readFileSync(join(root, file), "latin1");
      return hosts.filter((host) => text.includes(host)).map((host) => `${file}: ${host}`);
    });
    expect(wrong).toEqual([]);
  });

  test("has lock files without addresses", () => {
    const locks = tracked.filter(
      (file) => /(^|\/)(package-lock\.json|npm-shrinkwrap\.json)$/.test(file) && !file.includes("/fixtures/"),
    );
    expect(locks.length).toBeGreaterThan(3);
    expect(locks.flatMap((file) => matches(file, /"resolved": "https?:/))).toEqual([]);
  });
});

function matches(file: string, pattern: RegExp): string[] {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  return lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : []));
}

/** In the code itself: texts of examples and of preloads may say what they like. */
function printsOrExits(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  if (!/process\.|console\./.test(text)) return [];
  const found: string[] = [];
  new Visitor({
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      const name = `${node.object.name}.${node.property.name}`;
      if (!/^(?:process\.(?:exit|exitCode|stdout|stderr)|console\.\w+)$/.test(name)) return;
      found.push(`${file}:${text.slice(0, node.start).split("\n").length}: ${name}`);
    },
  }).visit(parseSync(file, text).program);
  return found;
}

/** In pieces, so that this file is not the one that names them. */
function wellKnownRegistries(): string[] {
  const names = [
    "registry npmjs org",
    "registry yarnpkg com",
    "deb debian org",
    "security debian org",
    "archive ubuntu com",
    "files pythonhosted org",
  ];
  return [...names, "pypi org", "proxy golang org", "repo1 maven org", "repo maven apache org", "index crates io"].map(
    (name) => name.replaceAll(" ", "."),
  );
}

function configuredRegistries(): string[] {
  const text = [
    execFileSync("npm", ["config", "get", "registry"], { cwd: root, encoding: "utf8" }),
    ...["/etc/apt/sources.list", ...listDir("/etc/apt/sources.list.d")].map((file) =>
      existsSync(file) ? readFileSync(file, "utf8").replace(/^\s*#.*$/gm, "") : "",
    ),
  ].join("\n");
  return [
    ...new Set([...text.matchAll(/https?:\/\/(?:[^/@\s]*@)?([^/\s:]+\.[^/\s:]+)/g)].map((match) => match[1] as string)),
  ];
}

function listDir(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir).map((name) => join(dir, name)) : [];
}
