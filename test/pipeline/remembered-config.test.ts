/** What may be taken for the same configuration. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rememberedConfig } from "../../src/pipeline/remembered-config.ts";
import { openStore } from "../../src/store/store.ts";

const scratch = mkdtempSync(join(tmpdir(), "knbuild-remembered-config-"));
const store = openStore(join(scratch, "cache"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function project(name: string, files: Record<string, string>): string {
  const dir = join(scratch, name);
  mkdirSync(dir);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text);
  return dir;
}
const load = (dir: string, env = {}) => rememberedConfig({ dir, env }, store);
const kept = () => readdirSync(join(scratch, "cache/records/configs")).length;

test("projects without a configuration share one; what differs in a file, a variable or its place is another", async () => {
  const one = project("one", { "package.json": '{"name":"one"}' });
  const two = project("two", { "package.json": '{"name":"two", "version":"2.0.0"}' });
  expect(await load(one)).toEqual(await load(two));
  expect(kept()).toBe(1);

  const manifest = project("manifest", { "package.json": '{"name":"one", "knbuild": {"user": "4321"}}' });
  expect((await load(manifest)).config.user).toBe("4321");
  expect((await load(one, { KNBUILD_USER: "77" })).config.user).toBe("77");
  expect((await load(one)).config.user).not.toBe("77");

  const yaml = { "knbuild.yaml": "user: '9'\n" };
  for (const dir of [project("yaml-a", yaml), project("yaml-b", yaml)])
    expect((await load(dir)).file).toBe(join(dir, "knbuild.yaml"));
  writeFileSync(join(one, "knbuild.yaml"), "user: '5'\n");
  expect((await load(one)).config.user).toBe("5");
});
