/** An image that has an older Node says so each time, not only when that was found out. */
import { afterEach, expect, it, vi } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";

// Compiling an addon with two Nodes takes minutes: planning and building are what this decides over, not what it is.
const image = vi.hoisted(() => ({ planImage: vi.fn(), makeImage: vi.fn() }));
vi.mock("../../src/pipeline/make-image.ts", () => image);
const { makeWithFittingNode } = await import("../../src/pipeline/older-node.ts");

afterEach(() => vi.useRealTimers());

const plan = (major: number, lockFile: string | null = "yarn.lock") => ({
  source: { root: "/app", read: (name: string) => name },
  plan: {
    base: { ref: `node${major}` },
    steps: [{ type: "install", nodeMajor: major, lockFile: lockFile ?? undefined }],
  },
});

it.each([
  ["a lock file", "package-lock.json", 1],
  ["no lock file: the packages of another day may compile", undefined, 2],
] as const)("%s", async (_name, lockFile, later) => {
  vi.useFakeTimers({ now: new Date("2031-05-05T12:00:00Z"), toFake: ["Date"] });
  image.planImage.mockImplementation(async (_run, below: number) => plan(below - 2, lockFile ?? null));
  image.makeImage.mockReset().mockImplementation(async (_run, { plan: { base } }) => {
    if (base.ref === "node26")
      throw new KnbuildError({ code: "ADDON_NOT_COMPILED", message: "addon is not compiled", where: "a", hint: "b" });
    return { ref: base.ref, result: {} };
  });
  const records = new Map<string, unknown>();
  const store = {
    readRecord: (kind: string, key: string) => records.get(kind + key),
    writeRecord: (kind: string, key: string, value: unknown) => records.set(kind + key, value),
  };
  const build = async () => {
    const warnings: unknown[] = [];
    const emit = (event: { type: string }) => event.type === "warning" && warnings.push(event);
    const made = await makeWithFittingNode({ store, emit } as never, plan(26, lockFile ?? null) as never);
    return { made: (made as unknown as { ref: string }).ref, warnings };
  };
  const first = await build();
  expect(first.made).toBe("node24");
  expect(first.warnings).toMatchObject([
    { code: "NODE_OLDER", message: "addon is not compiled: the image has Node 24" },
  ]);
  expect(await build()).toEqual(first);
  expect(image.makeImage).toHaveBeenCalledTimes(3);
  image.makeImage.mockClear();
  vi.setSystemTime(new Date("2031-05-06T12:00:00Z"));
  expect(await build()).toEqual(first);
  expect(image.makeImage).toHaveBeenCalledTimes(later);
});

it.each([
  [
    "an older Node has it",
    22,
    "node22",
    [23],
    "config 3.3.9 uses util.isRegExp, which Node 23 and later do not have: the image has Node 22",
  ],
  [
    "the sources ask for a newer one",
    26,
    "node26",
    [23],
    "config 3.3.9 uses util.isRegExp, which Node 23 and later do not have: it fails when it gets there",
  ],
] as const)("what a package uses and the newest Node lacks: %s", async (_name, oldest, made, asked, message) => {
  const below: number[] = [];
  image.planImage.mockReset().mockImplementation(async (_run, major: number) => {
    below.push(major);
    return plan(Math.max(oldest, major - 1));
  });
  image.makeImage.mockReset().mockImplementation(async (_run, { plan: { base } }) => {
    const lacking = base.ref !== "node22" && { by: "config 3.3.9", uses: "util.isRegExp", since: 23 };
    return { ref: base.ref, result: { bundle: { ...(lacking && { lacking }) } } };
  });
  const warnings: string[] = [];
  const emit = (event: { type: string; message: string }) => event.type === "warning" && warnings.push(event.message);
  const store = { readRecord: () => undefined, writeRecord: () => {} };
  expect(await makeWithFittingNode({ store, emit } as never, plan(26) as never)).toMatchObject({ ref: made });
  expect(below).toEqual(asked);
  expect(warnings).toEqual([message]);
});

it("what a file of the app's own uses is asked again when that file has changed", async () => {
  let text = "util.isDate(v)";
  const read = (name: string) => (name === "lib/dates.js" ? text : name);
  const planned = (major: number) => ({ ...plan(major), source: { root: "/app", read } });
  image.planImage.mockReset().mockImplementation(async () => planned(22));
  image.makeImage.mockReset().mockImplementation(async (_run, { plan: { base } }) => {
    const lacking = base.ref !== "node22" && text.includes("isDate");
    const own = { by: "lib/dates.js", own: true, uses: "util.isDate", since: 23 };
    return { ref: base.ref, result: { bundle: { ...(lacking && { lacking: own }) } } };
  });
  const records = new Map<string, unknown>();
  const store = {
    readRecord: (_kind: string, key: string) => records.get(key),
    writeRecord: (_kind: string, key: string, value: unknown) => records.set(key, value),
  };
  const build = () => makeWithFittingNode({ store, emit: () => {} } as never, planned(26) as never);
  expect(await build()).toMatchObject({ ref: "node22" });
  expect(await build()).toMatchObject({ ref: "node22" });
  expect(image.makeImage).toHaveBeenCalledTimes(3);
  text = "v instanceof Date";
  expect(await build()).toMatchObject({ ref: "node26" });
});

it.each([
  [
    "npm error file:///tree/node_modules/@lerna/cli/node_modules/yargs/yargs:3\nconst { Yargs } = require('./build/index.cjs')\n                  ^\nReferenceError: require is not defined in ES module scope",
    24,
  ],
  ["TypeError: util.isString is not a function", 24],
  [
    "file:///tree/postcss.config.js:1\nmodule.exports = require('x')\nReferenceError: require is not defined in ES module scope",
    undefined,
  ],
])("a build that fails for the age of its programs: %s", async (detail, major) => {
  image.planImage.mockReset().mockImplementation(async (_run, below: number) => plan(below - 2));
  image.makeImage.mockReset().mockImplementation(async (_run, { plan: { base } }) => {
    if (base.ref === "node26") throw new KnbuildError({ code: "BUILD_FAILED", message: "the build failed", detail });
    return { ref: base.ref, result: {} };
  });
  const store = { readRecord: () => undefined, writeRecord: () => {} };
  const made = makeWithFittingNode({ store, emit: () => {} } as never, plan(26) as never);
  if (major === undefined) await expect(made).rejects.toMatchObject({ code: "BUILD_FAILED" });
  else expect(await made).toMatchObject({ ref: `node${major}` });
});
