import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { type Config, type ConfigInput, configJsonSchema, configSchema } from "../../src/config/schema.ts";
import { scratchDir } from "../support/scratch.ts";

function project(files: Record<string, string>): string {
  const dir = scratchDir("config");
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
  ["a: [", "CONFIG_SYNTAX", /read as YAML/],
  ["workspace: @acme/api", "CONFIG_SYNTAX", /in quotes/],
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

test("a variable may hold details, and says what it takes where it holds something else", () => {
  const load = (env: Record<string, string>) => loadConfig({ dir: project({}), env }).config;
  expect(load({ KNBUILD_BUNDLE: '{"minify": false}' }).bundle).toMatchObject({ minify: false, sourcemaps: true });
  const added = loadConfig({ dir: project({ "knbuild.yaml": "env: { A: a }\n" }), env: { KNBUILD_ENV: '{"B":"b"}' } });
  expect(added.config.env).toEqual({ A: "a", B: "b" });
  expect(load({ KNBUILD_BASE: '{"packages": ["dash"]}' }).base).toEqual({ packages: ["dash"] });
  for (const [env, code, hint] of [
    [{ KNBUILD_ENV: "A=b" }, "CONFIG_INVALID", /KNBUILD_ENV='\{/],
    [{ KNBUILD_ENV: "{A: b" }, "CONFIG_SYNTAX", /read as JSON/],
  ] as const)
    expect(() => load(env)).toThrow(
      expect.objectContaining({ code, where: "KNBUILD_ENV", hint: hint && expect.stringMatching(hint) }),
    );
});

test("a number where a word is meant wants quotes", () => {
  const load = () => loadConfig({ dir: project({ "knbuild.yaml": "env: { DEBUG: 1 }\n" }) });
  expect(load).toThrow(expect.objectContaining({ hint: expect.stringContaining("in quotes") }));
});

test("what is wrong with a value is told in words", () => {
  const load = () => loadConfig({ dir: project({ "knbuild.yaml": "compression: lzma\n" }) });
  expect(load).toThrow(/^compression: .*"gzip"/);
});

test("a directory alone is an image of `images`", () => {
  const { config } = loadConfig({ dir: project({ "knbuild.yaml": "images: [services/a, { dir: b, name: x }]\n" }) });
  expect(config.images).toEqual([{ dir: "services/a" }, { dir: "b", name: "x" }]);
  const load = () => loadConfig({ dir: project({ "knbuild.yaml": "images: [{ dir: a, nmae: x }]\n" }) });
  expect(load).toThrow('unknown key "images.0.nmae"');
});

test("every key of the published schema has a description", () => {
  const schema = configJsonSchema() as { properties: Record<string, { description?: string }> };
  const without = Object.entries(schema.properties)
    .filter(([, value]) => !value.description)
    .map(([key]) => key);
  expect(without).toEqual([]);
  expect(Object.keys(schema.properties).length).toBeGreaterThan(30);
});

test("the published schema takes sizes as the configuration does, its own default among them", () => {
  const schema = configJsonSchema() as { properties: { cacheMaxSize: { default: unknown } } };
  const valid = new Ajv2020({ strict: false }).compile(schema);
  for (const cacheMaxSize of [schema.properties.cacheMaxSize.default, "10GB", "500MB", "1.5 gib", "0", 0])
    expect(valid({ cacheMaxSize }), `${cacheMaxSize}: ${JSON.stringify(valid.errors)}`).toBe(true);
  expect(valid({ cacheMaxSize: "ten" })).toBe(false);
});

/** Of every key: a value for the file, one for a flag; a variable and what it says where the key can come from the environment. */
const VALUES: {
  [K in keyof Config]-?: [file: ConfigInput[K], flag: ConfigInput[K], variable?: string, says?: unknown];
} = {
  $schema: ["./a.json", "./b.json", "./c.json", "./c.json"],
  name: ["a", "b", "c", "c"],
  buildpack: ["node", "static", "dockerfile", "dockerfile"],
  entrypoint: ["a.js", "b.js", "c.js", "c.js"],
  args: [["a"], ["b"], "c, d", ["c", "d"]],
  env: [{ A: "file" }, { A: "flag" }, '{"A":"b"}', { A: "b" }],
  user: ["1", "2", "3:3", "3:3"],
  workdir: ["/a", "/b", "/c", "/c"],
  labels: [{ a: "file" }, { a: "flag" }, '{"a":"b"}', { a: "b" }],
  annotations: [{ a: "file" }, { a: "flag" }, '{"a":"b"}', { a: "b" }],
  ports: [[1000], [2000], "3000,4000", ["3000", "4000"]],
  base: ["a", "b", "c", "c"],
  bundle: [true, false, "false", false],
  dockerfile: [{ file: "a" }, { file: "b" }],
  include: [["a"], ["b"], "c", ["c"]],
  ignore: [["a"], ["b"], "c", ["c"]],
  build: ["a", "b", "c", "c"],
  install: ["a", "b", "c", "c"],
  frozen: [true, false, "0", false],
  ignoreScripts: [false, true, "1", true],
  workspace: ["a", "b", "c", "c"],
  gracefulShutdown: [true, false, "no", false],
  compileCache: [true, false, "off", false],
  cacheMaxSize: ["1GB", "2GB", "3GB", "3GB"],
  nodeOptions: [["--a"], ["--b"], "--c", ["--c"]],
  compression: ["gzip", "none", "zstd", "zstd"],
  tags: [["a"], ["b"], "c,d", ["c", "d"]],
  outputs: [[{ type: "oci" }], [{ type: "layout" }], '[{"type":"docker"}]', [{ type: "docker" }]],
  profile: ["gke", "cloudrun", "knative", "knative"],
  mirrors: [["gcr"], ["b"], '["c"]', ["c"]],
  trustedRealms: [{ a: ["x"] }, { a: ["y"] }],
  mirror: [
    { debian: "http://a.test" },
    { debian: "http://b.test" },
    '{"debian":"http://c.test"}',
    { debian: "http://c.test" },
  ],
  lint: [{ a: 1 }, { a: 2 }],
  verify: [{ base: { keys: ["a"] } }, { base: { keys: ["b"] } }],
  sign: [false, true, "true", true],
  sbom: [true, "cyclonedx", "spdx", "spdx"],
  provenance: [false, true, "1", true],
  allowSecrets: [[{ path: "/a", reason: "a" }], [{ path: "/b", reason: "b" }]],
  images: [[{ dir: "a" }], [{ dir: "b" }]],
};

const given = Object.entries(VALUES) as [keyof Config, [unknown, unknown, string?, unknown?]][];

test("every key has values to try", () => {
  expect(Object.keys(VALUES).sort()).toEqual(Object.keys(configSchema.shape).sort());
});

test.each(given)("%s: the file over the default, the environment over the file, a flag over both", (key, values) => {
  const [file, flag, variable, says] = values;
  const dir = project({ "knbuild.yaml": JSON.stringify({ [key]: file }) });
  const seen = (env: Record<string, string>, flags: Record<string, unknown>) => {
    const { config, sources } = loadConfig({ dir, env, flags });
    return [config[key], sources[key]];
  };
  const parsed = (value: unknown) => configSchema.parse({ [key]: value })[key];
  expect(loadConfig({ dir: project({}) }).sources[key]).toBe("default");
  expect(seen({}, {})).toEqual([parsed(file), "knbuild.yaml"]);
  expect(seen({}, { [key]: flag })).toEqual([parsed(flag), "command line"]);
  if (variable === undefined) return;
  const name = `KNBUILD_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  expect(seen({ [name]: variable }, {})).toEqual([says, name]);
  expect(seen({ [name]: variable }, { [key]: flag })).toEqual([parsed(flag), "command line"]);
});
