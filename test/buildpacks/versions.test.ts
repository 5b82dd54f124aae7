import { expect, it } from "vitest";
import { readManifest } from "../../buildpacks/node/manifest.ts";
import { chooseNode, toRange, type VersionRequest, versionRequests } from "../../buildpacks/node/versions.ts";
import { openSource } from "../../src/source/open.ts";
import { TEST_BASES } from "./node-bases.ts";
import { withSkeleton } from "./skeleton.ts";

it.each([
  ["20", ">=20.0.0 <21.0.0-0"],
  ["v22.11.0", "22.11.0"],
  ["lts/*", "*"],
  ["lts/jod", "22.x"],
  ["lts/Krypton", "24.x"],
  ["node", "*"],
  [">= 18", ">=18.0.0"],
  ["^20.19.0 || >=22.12.0", ">=20.19.0 <21.0.0-0||>=22.12.0"],
  ["22.x.x", ">=22.0.0 <23.0.0-0"],
  ["~v24.1", ">=24.1.0 <24.2.0-0"],
  // Other tools' spellings, which semver does not know.
  [">=20,<25", ">=20.0.0 <25.0.0-0"],
  [">=20 && <25", ">=20.0.0 <25.0.0-0"],
  ["20-22", ">=20.0.0 <23.0.0-0"],
  ["20.x-22.x", ">=20.0.0 <23.0.0-0"],
  ["20+", ">=20.0.0"],
  ["22.12 or higher", ">=22.12.0"],
  ["22.0.0-rc.1", "22.0.0-rc.1"],
  ["banana", undefined],
])("%s is %s", (text, range) => {
  expect(toRange(text)).toBe(range);
});

const addon = (text: string): VersionRequest => ({ ...request(text, "addon 1.0.0", true), addon: true });
const request = (text: string, from = "package.json engines.node", weak = false): VersionRequest => ({
  text,
  from,
  weak,
  range: toRange(text),
});

it.each<[VersionRequest[], string]>([
  [[], "debian13-node26"],
  [[request(">=18")], "debian13-node26"],
  [[request("<25")], "debian13-node24"],
  [[request("18 || 20 || 22")], "debian13-node22"],
  [[request(">=16 <23")], "debian13-node22"],
  [[request("18 - 24")], "debian13-node24"],
  [[request("22.5.1")], "debian13-node22@22.5.1"],
  [[request("22", ".nvmrc"), request(">=20")], "debian13-node22"],
  [[request("14", "Dockerfile FROM", true), request("22", ".github/workflows/ci.yml", true)], "debian13-node22"],
  [[request(">=22", ".nvmrc"), request("<=24")], "debian13-node24"],
  // An addon that does not know the newest release yet.
  [[addon("20.x || 22.x || 24.x")], "debian13-node24"],
  [[request(">=18"), addon("20.x || 22.x || 24.x"), addon("<23")], "debian13-node22"],
  [[request("26"), addon("20.x || 22.x || 24.x")], "debian13-node26"],
  [[addon("14")], "debian13-node26"],
  [[request("lts/-1", ".nvmrc")], "debian13-node24"],
  [[request("lts/-2", ".nvmrc")], "debian13-node22"],
  // A hint that has ended: the nearest release, not the newest.
  [[request("18", "Dockerfile FROM", true)], "debian13-node22"],
])("%j", (requests, ref) => {
  expect(chooseNode(requests, TEST_BASES).base.ref).toBe(ref);
});

it("an ended, an impossible and an unreadable version each name the choices", () => {
  for (const [text, code] of [
    ["16", "NODE_VERSION_END_OF_LIFE"],
    ["^18", "NODE_VERSION_END_OF_LIFE"],
    ["18 || 20", "NODE_VERSION_END_OF_LIFE"],
    [">=16 <21", "NODE_VERSION_END_OF_LIFE"],
    ["lts/hydrogen", "NODE_VERSION_END_OF_LIFE"],
    ["lts/-3", "NODE_VERSION_END_OF_LIFE"],
    ["25", "NODE_VERSION_END_OF_LIFE"],
    ["27", "NODE_VERSION_UNAVAILABLE"],
    [">=99", "NODE_VERSION_UNAVAILABLE"],
    ["iojs", "NODE_VERSION_UNREADABLE"],
    ["whatever", "NODE_VERSION_UNREADABLE"],
  ] as const) {
    expect(() => chooseNode([request(text)], TEST_BASES)).toThrow(
      expect.objectContaining({ code, hint: expect.stringContaining("22, 24, 26") }),
    );
  }
});

it("says when two places disagree", () => {
  const { base, warnings } = chooseNode([request("22", ".nvmrc"), request(">=24")], TEST_BASES);
  expect(base.major).toBe(22);
  expect(warnings).toEqual([
    expect.objectContaining({ code: "NODE_VERSION_CONFLICT", where: "package.json engines.node" }),
  ]);
});

it.each<[string, string, string]>([
  [".mise.toml", '[tools]\nnode = "lts-jod" # old\n', "debian13-node22"],
  ["mise.toml", 'tools.node = ["24", "22"]\n', "debian13-node24"],
  [".config/mise/config.toml", '[tools.node]\nversion = "22.11.0"\n', "debian13-node22@22.11.0"],
  ["mise/config.toml", '[tools]\n"core:node" = { version = "24" }\n', "debian13-node24"],
  ["mise.toml", '[env]\nnode = "22"\n', "debian13-node26"],
  ["mise.toml", '[tools]\nnode = "prefix:22"\n', "debian13-node22"],
  ["mise.toml", '[tools]\nnode = { version = "sub-2:latest" }\n', "debian13-node26"],
  ["mise.toml", '[tools]\nnode = "ref:v22"\n', "debian13-node26"],
  ["mise.toml", '[tools]\nnode = "path:~/node"\n', "debian13-node26"],
  ["mise.toml", '[tools]\nnode = "{{ env.NODE_V }}"\n', "debian13-node26"],
  [".tool-versions", "nodejs path:/opt/node\n", "debian13-node26"],
  ["mise.toml", '[tools\nnode = "22"\n', "debian13-node26"],
])("%s as mise reads it: %s", (name, text, ref) =>
  withSkeleton({ "package.json": {}, [name]: text }, (root) => expect(chosenIn(root).base.ref).toBe(ref)),
);

it.each<[string, string, string]>([
  ["package-lock.json", '{"packages":{"node_modules/jws/node_modules/jwa":{"version":"1.4.1"}}}', "debian13-node24"],
  ["package-lock.json", '{"packages":{"node_modules/jwa":{"version":"1.4.2"}}}', "debian13-node26"],
  ["package-lock.json", '{"dependencies":{"jwa":{\n"version": "1.1.5"}}}', "debian13-node24"],
  ["yarn.lock", '# yarn lockfile v1\njwa@^1.4.1:\n  version "1.4.1"\n', "debian13-node24"],
  ["yarn.lock", '"jwa@npm:^2.0.0":\n  version: 2.0.0\n', "debian13-node24"],
  ["yarn.lock", '"jwa@npm:^2.0.0":\n  version: 2.0.1\n', "debian13-node26"],
  ["pnpm-lock.yaml", "packages:\n\n  jwa@1.4.1:\n    resolution: {}\n", "debian13-node24"],
  ["pnpm-lock.yaml", "packages:\n\n  /jwa/1.4.1:\n    resolution: {}\n", "debian13-node24"],
  ["bun.lock", '{"packages":{"jwa": ["jwa@1.4.1", "", {}]}}', "debian13-node24"],
  ["package-lock.json", '{"name":"old","version":"1.0.0","lockfileVersion":1,"dependencies":{}}', "debian13-node22"],
  [
    "package-lock.json",
    '{"name":"newer","lockfileVersion":3,"packages":{"a":{"lockfileVersion":1}}}',
    "debian13-node26",
  ],
  ["package-lock.json", '{"packages":{"node_modules/http-deceiver":{"version":"1.2.7"}}}', "debian13-node22"],
  ["yarn.lock", 'next@12.1.1:\n  version "12.1.1"\n', "debian13-node24"],
  ["package-lock.json", '{"packages":{"node_modules/next":{"version":"13.5.11"}}}', "debian13-node26"],
])("%s with %s: the newest Node that still has what it uses", (name, text, ref) => {
  return withSkeleton({ "package.json": { engines: { node: ">=18" } }, [name]: text }, (root) =>
    expect(chosenIn(root).base.ref).toBe(ref),
  );
});

it.each([
  ["^12.2.0", "debian13-node24"],
  [">=12", "debian13-node26"],
  ["latest", "debian13-node26"],
])("without a lock file, of a package asked for as %s", (range, ref) =>
  withSkeleton({ "package.json": { dependencies: { next: range } } }, (root) =>
    expect(chosenIn(root).base.ref).toBe(ref),
  ),
);

it("a package that fails on the Node that is asked for is told; without a lock file the one that brings it", async () => {
  const dependencies = { restify: "^11" };
  await withSkeleton({ "package.json": { engines: { node: "26" }, dependencies } }, (root) => {
    const { base, warnings } = chosenIn(root);
    expect(base.major).toBe(26);
    expect(warnings).toEqual([expect.objectContaining({ code: "NODE_API_REMOVED" })]);
  });
  await withSkeleton({ "package.json": { dependencies } }, (root) => expect(chosenIn(root).base.major).toBe(22));
});

function chosenIn(root: string) {
  const source = openSource(root);
  return chooseNode(versionRequests(source, readManifest(source)), TEST_BASES);
}
