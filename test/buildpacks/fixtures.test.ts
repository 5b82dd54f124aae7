import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";
import { detect } from "../../src/pipeline/detect.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { openSource } from "../../src/source/open.ts";
import { TEST_BASES } from "./node-bases.ts";

/** A folder `buildpacks/<id>/fixtures/<case>` is a test: `app/`, and `expect.json` with what must be found in it. */
interface Expectation {
  detect: Record<string, unknown> & { selected: string | null };
  plan?: Record<string, unknown>;
  error?: { code: string; detail?: string };
}

const root = new URL("../../buildpacks/", import.meta.url).pathname;
const fixtures = readdirSync(root).flatMap((id) => {
  const folder = join(root, id, "fixtures");
  return existsSync(folder) ? readdirSync(folder).map((name) => [`${id}/${name}`, join(folder, name)] as const) : [];
});

it.each(fixtures)("%s", (_name, folder) => {
  const expected = JSON.parse(readFileSync(join(folder, "expect.json"), "utf8")) as Expectation;
  const source = openSource(join(folder, "app"));
  const report = detect(source);
  const { selected, ...found } = expected.detect;
  expect(report.selected).toBe(selected);
  expect(report.candidates.find(({ buildpack }) => buildpack === selected)).toMatchObject(found);
  if (expected.plan) expect(plan({ source, nodeBases: TEST_BASES })).toMatchObject(expected.plan);
  if (!expected.error) return;
  try {
    plan({ source, nodeBases: TEST_BASES });
    expect.unreachable("an error was expected");
  } catch (error) {
    if (!(error instanceof KnbuildError)) throw error;
    expect(error.code).toBe(expected.error.code);
    if (expected.error.detail !== undefined) expect(error.detail).toContain(expected.error.detail);
  }
});
