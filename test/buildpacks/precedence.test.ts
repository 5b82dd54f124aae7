/** Where a Node version, and a package manager, is said twice: each pair of places in conflict, both ways round. */
import { describe, expect, it } from "vitest";
import { chooseManager } from "../../buildpacks/node/manager.ts";
import { readManifest } from "../../buildpacks/node/manifest.ts";
import { chooseNode, versionRequests } from "../../buildpacks/node/versions.ts";
import { openSource } from "../../src/source/open.ts";
import { TEST_BASES } from "./node-bases.ts";
import { withSkeleton } from "./skeleton.ts";

type Files = Record<string, string>;

/** In the order in which they decide; each says a major in its own way, in files or in package.json. */
const PLACES: [name: string, says: (major: number) => { files?: Files; json?: object }][] = [
  ["project.toml", (n) => ({ files: { "project.toml": `[[build.env]]\nname = "BP_NODE_VERSION"\nvalue = "${n}"\n` } })],
  [".nvmrc", (n) => ({ files: { ".nvmrc": `v${n}\n` } })],
  [".node-version", (n) => ({ files: { ".node-version": `${n}\n` } })],
  [".tool-versions", (n) => ({ files: { ".tool-versions": `ruby 3.4.1\nnodejs ${n}\n` } })],
  ["mise.toml", (n) => ({ files: { "mise.toml": `[tools]\nruby = "3.4.1"\nnode = "${n}"\n` } })],
  ["volta", (n) => ({ json: { volta: { node: `${n}` } } })],
  ["devEngines", (n) => ({ json: { devEngines: { runtime: { name: "node", version: `^${n}.0.0` } } } })],
  ["engines", (n) => ({ json: { engines: { node: `${n}.x` } } })],
  ["Dockerfile", (n) => ({ files: { Dockerfile: `FROM node:${n}-slim\n` } })],
  [".github/workflows", (n) => ({ files: { ".github/workflows/ci.yml": `      node-version: ${n}\n` } })],
];
/** A hint gives way without a word. */
const HINTS = 2;

const pairs = PLACES.flatMap(([first], i) =>
  PLACES.slice(i + 1).map(([second], k) => ({ first, second, i, k: i + 1 + k })),
);

describe.each(pairs)("$first before $second", ({ i, k }) => {
  it.each([
    [22, 24],
    [24, 22],
  ])("%i, not %i", async (wanted, other) => {
    const [a, b] = [PLACES[i]?.[1](wanted), PLACES[k]?.[1](other)];
    const files = { ...b?.files, ...a?.files, "package.json": { ...b?.json, ...a?.json } };
    const { base, warnings } = await withSkeleton(files, (root) => {
      const source = openSource(root);
      return chooseNode(versionRequests(source, readManifest(source)), TEST_BASES);
    });
    expect(base.major).toBe(wanted);
    const isHint = k >= PLACES.length - HINTS;
    expect(warnings.map(({ code }) => code)).toEqual(isHint ? [] : ["NODE_VERSION_CONFLICT"]);
  });
});

const lock = { "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" };
const dev = (version: string) => ({ devEngines: { packageManager: { name: "pnpm", version } } });

it.each<[string, Files, object, string, string | undefined]>([
  ["packageManager before devEngines", lock, { packageManager: "pnpm@9.15.0", ...dev("10.1.0") }, "pnpm", "9.15.0"],
  [
    "packageManager before engines",
    lock,
    { packageManager: "pnpm@9.15.0", engines: { pnpm: "10.1.0" } },
    "pnpm",
    "9.15.0",
  ],
  ["packageManager before volta", lock, { packageManager: "pnpm@9.15.0", volta: { pnpm: "10.1.0" } }, "pnpm", "9.15.0"],
  ["devEngines before engines", lock, { ...dev("9.15.0"), engines: { pnpm: "10.1.0" } }, "pnpm", "9.15.0"],
  ["devEngines before volta", lock, { ...dev("9.15.0"), volta: { pnpm: "10.1.0" } }, "pnpm", "9.15.0"],
  ["engines before volta", lock, { engines: { pnpm: "9.15.0" }, volta: { pnpm: "10.1.0" } }, "pnpm", "9.15.0"],
  ["volta alone", lock, { volta: { pnpm: "10.1.0" } }, "pnpm", "10.1.0"],
  ["a range in engines pins nothing", lock, { engines: { pnpm: ">=9" } }, "pnpm", undefined],
  ["a range in packageManager", lock, { packageManager: "pnpm@^9.1" }, "pnpm", "^9.1"],
  ["a range in packageManager, and no lock file", {}, { packageManager: "yarn@1" }, "yarn", "1"],
  ["a range of npm's, which the machine has", {}, { packageManager: "npm@>=10" }, "npm", undefined],
  ["the lock file before a packageManager that left none", lock, { packageManager: "yarn@1.22.22" }, "pnpm", undefined],
  [
    "packageManager chooses between two lock files",
    { ...lock, "package-lock.json": "{}" },
    { packageManager: "npm@11.6.0" },
    "npm",
    "11.6.0",
  ],
])("package manager: %s", async (_name, files, json, name, version) => {
  const chosen = await withSkeleton({ ...files, "package.json": json }, (root) => {
    const source = openSource(root);
    return chooseManager(source, readManifest(source));
  });
  expect(chosen).toMatchObject({ name, version });
});

it.each([
  ["pnpm@10.1.0+sha512.0AbC", "sha512.0abc"],
  ["pnpm@10.1.0", undefined],
  ["pnpm@10.1.0+build", undefined],
])("the hash of packageManager: %s", async (packageManager, hash) => {
  const chosen = await withSkeleton({ ...lock, "package.json": { packageManager } }, (root) => {
    const source = openSource(root);
    return chooseManager(source, readManifest(source));
  });
  expect([chosen.version, chosen.hash]).toEqual(["10.1.0", hash]);
});
