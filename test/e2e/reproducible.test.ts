/** The same source gives the same digest wherever, whenever and by whoever it is built. */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const EXAMPLES = ["express-js", "assets-and-views"];
const STRANGER = 54321;

let workshop: Workshop;
const reports = new Map<string, BuildReport>();
/** Its layers are made anew. */
let elsewhere: string | undefined;

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
    const env = {
      KNBUILD_CACHE_DIR: (elsewhere ??= workshop.cacheWithBases()),
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
  const cache = workshop.cacheWithBases();
  const home = join(cache, "home");
  mkdirSync(home);
  const source = rewritten("express-js");
  for (const top of [cache, source]) {
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
