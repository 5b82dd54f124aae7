import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { configJsonSchema } from "../../src/config/schema.ts";

function project(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-config-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

test("flags override the environment, the environment overrides the file, the file overrides defaults", () => {
  const dir = project({ "knbuild.yaml": "user: '1000'\nworkdir: /srv\nname: from-file\nenv: {A: file, B: file}\n" });
  const { config, sources } = loadConfig({
    dir,
    env: { KNBUILD_USER: "2000", KNBUILD_WORKDIR: "/env" },
    flags: { workdir: "/flag", env: { B: "flag" }, name: undefined },
  });
  expect(config).toMatchObject({
    user: "2000",
    workdir: "/flag",
    name: "from-file",
    env: { A: "file", B: "flag" },
    gracefulShutdown: true,
  });
  expect(sources).toMatchObject({
    user: "KNBUILD_USER",
    workdir: "command line",
    name: "knbuild.yaml",
    gracefulShutdown: "default",
  });
});

test("lists and switches come from the environment too", () => {
  const { config } = loadConfig({
    dir: project({}),
    env: {
      KNBUILD_TAGS: "a, b",
      KNBUILD_IGNORE_SCRIPTS: "1",
      KNBUILD_BUNDLE: "false",
      KNBUILD_BASE: "debian13-static",
    },
  });
  expect(config).toMatchObject({ tags: ["a", "b"], ignoreScripts: true, bundle: false, base: "debian13-static" });
});

test("the knbuild key of package.json is a configuration file", () => {
  const { config, sources } = loadConfig({ dir: project({ "package.json": '{"knbuild": {"entrypoint": "x.js"}}' }) });
  expect(config.entrypoint).toBe("x.js");
  expect(sources["entrypoint"]).toBe("package.json");
});

test.each([
  ["entrypiont: x", "CONFIG_UNKNOWN_KEY", /Did you mean "entrypoint"/],
  ["bundle: {minfy: true}", "CONFIG_UNKNOWN_KEY", /Did you mean "minify"/],
  ["user: node", "CONFIG_INVALID", /knbuild config schema/],
  ["a: [", "CONFIG_SYNTAX", undefined],
  ["- x", "CONFIG_INVALID", undefined],
])("%s is refused as %s", (text, code, hint) => {
  const dir = project({ "knbuild.yaml": text });
  const error = (() => {
    try {
      return loadConfig({ dir });
    } catch (thrown) {
      return thrown as { code: string; hint?: string; where?: string; exitCode: number };
    }
  })();
  expect(error).toMatchObject({ code, exitCode: 2 });
  expect((error as { where?: string }).where).toContain("knbuild.yaml");
  if (hint) expect((error as { hint?: string }).hint).toMatch(hint);
});

test("every key of the published schema has a description", () => {
  const schema = configJsonSchema() as { properties: Record<string, { description?: string }> };
  const without = Object.entries(schema.properties)
    .filter(([, value]) => !value.description)
    .map(([key]) => key);
  expect(without).toEqual([]);
  expect(Object.keys(schema.properties).length).toBeGreaterThan(30);
});
