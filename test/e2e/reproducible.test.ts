/** The same source gives the same digest wherever, whenever and by whoever it is built. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const EXAMPLES = ["express-js", "assets-and-views"];
const STRANGER = 54321;

let workshop: Workshop;
const reports = new Map<string, BuildReport>();

beforeAll(async () => {
  workshop = openWorkshop();
  for (const name of EXAMPLES) reports.set(name, await workshop.build(workshop.example(name)));
});
afterAll(() => workshop.close());

/** Layers first: when digests differ, it is theirs that say where. */
function expectSame(report: BuildReport, name: string): void {
  const first = reports.get(name) as BuildReport;
  const layers = (of: BuildReport) => of.layers.map(({ kind, diffId }) => `${kind} ${diffId}`);
  expect(layers(report)).toEqual(layers(first));
  expect(report.digest).toBe(first.digest);
}

/** Written again file by file, last name first, with other times and modes than git's. */
function rewritten(name: string): string {
  const from = workshop.example(name);
  const to = join(workshop.dir("somewhere"), "quite", "else", name);
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? 1 : -1,
  )) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = to + source.slice(from.length);
    mkdirSync(join(target, ".."), { recursive: true });
    writeFileSync(target, readFileSync(source));
    chmodSync(target, 0o664);
    utimesSync(target, 1_000_000_000, 1_000_000_000);
  }
  return to;
}

test.each(EXAMPLES)(
  "%s: another directory, time zone, locale, umask and order of files, and an empty cache",
  async (name) => {
    const cache = workshop.dir("cache");
    // Only the base's downloads are shared: layers are made anew.
    cpSync(join(process.env["KNBUILD_CACHE_DIR"] as string, "bases"), join(cache, "bases"), { recursive: true });
    const env = {
      KNBUILD_CACHE_DIR: cache,
      TZ: "Pacific/Kiritimati",
      LC_ALL: "tr_TR.UTF-8",
      LANG: "tr_TR.UTF-8",
      HOSTNAME: "elsewhere",
    };
    const script = `umask 0077; exec "$@"`;
    const args = ["-c", script, "sh", process.execPath, workshop.knbuild.program, "build", rewritten(name), "--json"];
    const built = spawnSync("sh", args, { encoding: "utf8", env: { ...process.env, ...env } });
    expect(built.status, built.stderr).toBe(0);
    expectSame(JSON.parse(built.stdout) as BuildReport, name);
  },
);

test.skipIf(process.getuid?.() !== 0)("another user", () => {
  const home = workshop.dir("home");
  const cache = join(home, "cache");
  const source = rewritten("express-js");
  cpSync(join(process.env["KNBUILD_CACHE_DIR"] as string, "bases"), join(cache, "bases"), { recursive: true });
  for (const top of [home, source]) {
    chownSync(top, STRANGER, STRANGER);
    for (const entry of readdirSync(top, { recursive: true, withFileTypes: true }))
      chownSync(join(entry.parentPath, entry.name), STRANGER, STRANGER);
  }
  spawnSync("chmod", ["-R", "a+rX", workshop.root]);
  const built = spawnSync(process.execPath, [workshop.knbuild.program, "build", source, "--json"], {
    uid: STRANGER,
    gid: STRANGER,
    cwd: source,
    encoding: "utf8",
    env: { ...process.env, HOME: home, KNBUILD_CACHE_DIR: cache, npm_config_cache: join(home, "npm") },
  });
  expect(built.status, built.stderr).toBe(0);
  expectSame(JSON.parse(built.stdout) as BuildReport, "express-js");
});

test("a one-line edit changes less than 100 KB, and taking it back gives the first image again", async () => {
  const source = workshop.example("express-js");
  const before = await workshop.build(source);
  const file = join(source, "greet.js");
  const text = readFileSync(file);
  appendFileSync(file, "// one more line\nexports.more = true;\n");
  const after = await workshop.build(source);
  const known = new Set(before.layers.map(({ digest }) => digest));
  const changed = after.layers.filter(({ digest }) => !known.has(digest));
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(100_000);
  rmSync(file);
  writeFileSync(file, text);
  expect((await workshop.build(source)).digest).toBe(before.digest);
});
