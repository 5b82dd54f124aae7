/** `knbuild config`: every value that is in force, and where it came from. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";

let knbuild: Knbuild;
let dir: string;
beforeAll(() => {
  knbuild = buildKnbuild();
  dir = mkdtempSync(join(tmpdir(), "knbuild-config-command-"));
  writeFileSync(join(dir, "knbuild.yaml"), "entrypoint: a.js\nenv: { COLOUR: red }\nbundle: { minify: false }\n");
});
afterAll(() => {
  knbuild.remove();
  rmSync(dir, { recursive: true, force: true });
});

const env = { KNBUILD_ENTRYPOINT: "b.js", KNBUILD_COMPRESSION: "zstd" };

test("--json: each key of the schema with its value and source", async () => {
  const { code, stdout } = await knbuild.run(["config", dir, "--json"], { env });
  const answer = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(answer.file).toBe(join(dir, "knbuild.yaml"));
  expect(Object.keys(answer.values).sort()).toEqual(Object.keys(configSchema.shape).sort());
  expect(answer.values.entrypoint).toEqual({ value: "b.js", source: "KNBUILD_ENTRYPOINT" });
  expect(answer.values.compression).toEqual({ value: "zstd", source: "KNBUILD_COMPRESSION" });
  expect(answer.values.env).toEqual({ value: { COLOUR: "red" }, source: "knbuild.yaml" });
  expect(answer.values.bundle.source).toBe("knbuild.yaml");
  expect(answer.values.user).toEqual({ value: "65532:65532", source: "default" });
  expect(answer.values.workspace).toEqual({ value: null, source: "default" });
});

test("for people: a line a key", async () => {
  const { code, stdout } = await knbuild.run(["config", dir], { env });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^entrypoint +"b\.js" +KNBUILD_ENTRYPOINT$/m);
  expect(stdout).toMatch(/^env +\{"COLOUR":"red"\} +knbuild\.yaml$/m);
  expect(stdout).toMatch(/^user +"65532:65532" +default$/m);
});

test("--config names another file; package.json's key is one; an unknown key names the nearest", async () => {
  writeFileSync(join(dir, "other.yaml"), "entrypoint: c.js\n");
  const other = await knbuild.run(["config", dir, "--config", join(dir, "other.yaml"), "--json"]);
  expect(JSON.parse(other.stdout).values.entrypoint).toEqual({ value: "c.js", source: join(dir, "other.yaml") });
  mkdirSync(join(dir, "inner"));
  writeFileSync(join(dir, "inner/package.json"), JSON.stringify({ knbuild: { entrypoint: "d.js" } }));
  const inner = await knbuild.run(["config", join(dir, "inner"), "--json"]);
  expect(JSON.parse(inner.stdout).values.entrypoint).toEqual({ value: "d.js", source: "package.json" });
  writeFileSync(join(dir, "other.yaml"), "entrypiont: c.js\n");
  const wrong = await knbuild.run(["config", dir, "--config", join(dir, "other.yaml")]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/^error\[CONFIG_UNKNOWN_KEY\].*entrypiont[\s\S]*Did you mean "entrypoint"/m);
});

test("schema: a JSON schema in which every key has a description", async () => {
  const { stdout } = await knbuild.run(["config", "schema"]);
  const { properties } = JSON.parse(stdout) as { properties: Record<string, { description?: string }> };
  expect(Object.keys(properties).sort()).toEqual(Object.keys(configSchema.shape).sort());
  expect(Object.entries(properties).filter(([, one]) => !one.description)).toEqual([]);
});
