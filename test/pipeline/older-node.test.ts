/** An image that has an older Node says so each time, not only when that was found out. */
import { afterEach, expect, it, vi } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";

// Compiling an addon with two Nodes takes minutes: planning and building are what this decides over, not what it is.
const image = vi.hoisted(() => ({ planImage: vi.fn(), makeImage: vi.fn() }));
vi.mock("../../src/pipeline/make-image.ts", () => image);
const { makeWithFittingNode } = await import("../../src/pipeline/older-node.ts");

afterEach(() => vi.useRealTimers());

it.each([
  ["a lock file", "package-lock.json", 1],
  ["no lock file: the packages of another day may compile", undefined, 2],
] as const)("%s", async (_name, lockFile, later) => {
  vi.useFakeTimers({ now: new Date("2031-05-05T12:00:00Z"), toFake: ["Date"] });
  const plan = (major: number) => ({
    source: { root: "/app", read: (name: string) => name },
    plan: { base: { ref: `node${major}` }, steps: [{ type: "install", nodeMajor: major, lockFile }] },
  });
  image.planImage.mockImplementation(async (_run, below: number) => plan(below - 2));
  image.makeImage.mockReset().mockImplementation(async (_run, { plan: { base } }) => {
    if (base.ref === "node26")
      throw new KnbuildError({ code: "ADDON_NOT_COMPILED", message: "addon is not compiled", where: "a", hint: "b" });
    return base.ref;
  });
  const records = new Map<string, unknown>();
  const store = {
    readRecord: (kind: string, key: string) => records.get(kind + key),
    writeRecord: (kind: string, key: string, value: unknown) => records.set(kind + key, value),
  };
  const build = async () => {
    const warnings: unknown[] = [];
    const emit = (event: { type: string }) => event.type === "warning" && warnings.push(event);
    const made = await makeWithFittingNode({ store, emit } as never, plan(26) as never);
    return { made, warnings };
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
