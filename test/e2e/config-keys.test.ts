/**
 * Every key of the configuration does something: one case a key, the keys read from the schema. A case builds a small app with
 * the key and looks at the image, or at the error; where a key needs machinery of its own, the case names the test that has it.
 */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { configJsonSchema } from "../../src/config/schema.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

interface Image {
  report: BuildReport;
  index: { manifests: { mediaType: string; digest: string }[] };
  manifest: { annotations?: Record<string, string>; layers: { mediaType: string; digest: string }[] };
  config: Record<string, unknown> & { Entrypoint: string[]; Env: string[]; Labels: Record<string, string> };
  /** Path → content of the regular files of the app's own layers, small ones. */
  files: Map<string, string>;
}

interface Case {
  value: unknown;
  /** Over the small app; null takes a file away. */
  app?: Record<string, string | object | null>;
  /** Of the image with the key. */
  shows?(image: Image): void;
  /** What the same app without the key does, where that is not plain: looked at alike. */
  without?(image: Image): void;
  /** Code of the error without the key; with it the build passes. */
  cures?: string;
  /** Code of the error that the key makes. */
  causes?: string;
  /** For what `--json` gives instead of one report, or what lies beside it. */
  answer?(stdout: string, dir: string): void;
  /** Instead of build. */
  command?: string[];
  /** Variables of the command. */
  env?: Record<string, string>;
}

/** Proved by a test of its own: the file, and what that test says. */
type Elsewhere = [file: string, says: RegExp];

const SERVER = `const { createServer } = require("node:http");
/* a comment that minifying takes away */
createServer((_request, answer) => answer.end("hello")).listen(process.env.PORT || 8080);
`;
const READS = `require("node:fs").readdirSync(__dirname);\n${SERVER}`;
const MANIFEST = { name: "keys", version: "1.2.3", main: "server.js" };
const MS = {
  name: "keys",
  lockfileVersion: 3,
  packages: {
    "": { name: "keys", version: "1.2.3", dependencies: { ms: "2.1.3" } },
    "node_modules/ms": {
      version: "2.1.3",
      integrity: "sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==",
    },
  },
};
const withMs = {
  "package.json": { ...MANIFEST, dependencies: { ms: "2.1.3" } },
  "package-lock.json": MS,
  "server.js": `require("ms");\n${SERVER}`,
};
const DOCKERFILE =
  'ARG COLOUR=red\nFROM scratch AS first\nARG COLOUR\nLABEL colour=$COLOUR stage=first\nCMD ["/app"]\n';
const docker = { Dockerfile: `${DOCKERFILE}\nFROM first\nLABEL stage=last\n`, "server.js": null, "package.json": null };
const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
/** Handed to the engine with the Dockerfile: which of them a RUN sees is the engines' own test. */
const step = (value: object): Case => ({
  value,
  app: docker,
  command: ["plan"],
  answer: (stdout) => expect(JSON.parse(stdout).steps[0]).toMatchObject(value),
});
/** Where an image would come from, in that order. */
const places = (value: object, expected: string[]): Case => ({
  value,
  app: {},
  command: ["mirror", "show", "registry.test/app"],
  answer: (stdout) =>
    expect(
      (JSON.parse(stdout).places as { host: string; repository: string }[]).map((at) => `${at.host} ${at.repository}`),
    ).toEqual(expected),
});
const CLOSED = "http://127.0.0.1:9";
/** An archive where nobody answers is asked. */
const asks = (value: object): Case => ({
  value,
  command: ["base", "update", "debian13-static"],
  answer: (stdout) =>
    expect(JSON.parse(stdout).error).toMatchObject({ where: expect.stringContaining(`${CLOSED}/dists/`) }),
});
/** A token as a CI system hands out; who looks at its signature is the authority that is asked with it. */
const TOKEN = [
  { alg: "ES256" },
  { iss: "https://issuer.test", aud: "sigstore", sub: "me", email: "me@example.test", email_verified: true, exp: 4e9 },
  "signature",
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .join(".");
/** One image of a list, and what it is called. */
const member = (image: object, name: string): Case => ({
  value: [image],
  app: { "one/package.json": { ...MANIFEST, name: "one" }, "one/server.js": SERVER },
  answer: (stdout) => expect([JSON.parse(stdout)].flat().map((report: BuildReport) => report.name)).toEqual([name]),
});
const signed = { "signing.pem": key.toString() };
const kinds = (image: Image) => image.report.layers.map((layer) => layer.kind).join(" ");
const code = (image: Image) => [...image.files].find(([path]) => path.endsWith("server.js"))?.[1] ?? "";

const CASES: { [key: string]: Case | Elsewhere } = {
  $schema: { value: "./schema.json", shows: ({ report }) => expect(report.name).toBe("keys:latest") },
  name: { value: "other", shows: ({ report }) => expect(report.name).toBe("other:latest") },
  buildpack: {
    value: "static",
    app: { "index.html": "<p>hi</p>" },
    shows: ({ report }) => expect(report.buildpack).toBe("static"),
    without: ({ report }) => expect(report.buildpack).toBe("node"),
  },
  entrypoint: {
    value: "second.js",
    app: { "second.js": SERVER },
    shows: ({ config }) => expect(config.Entrypoint.join(" ")).toContain("/app/second.js"),
  },
  args: { value: ["--verbose"], shows: ({ config }) => expect(config.Entrypoint.at(-1)).toBe("--verbose") },
  env: { value: { COLOUR: "red" }, shows: ({ config }) => expect(config.Env).toContain("COLOUR=red") },
  user: { value: "1000:1001", shows: ({ config }) => expect(config["User"]).toBe("1000:1001") },
  workdir: {
    value: "/srv/keys",
    shows: ({ config }) =>
      expect([config["WorkingDir"], config.Entrypoint.at(-1)]).toEqual(["/srv/keys", "/srv/keys/server.js"]),
  },
  labels: { value: { team: "blue" }, shows: ({ config }) => expect(config.Labels["team"]).toBe("blue") },
  annotations: {
    value: { team: "blue" },
    shows: ({ manifest }) => expect(manifest.annotations?.["team"]).toBe("blue"),
  },
  ports: { value: [3000], shows: ({ config }) => expect(config["ExposedPorts"]).toEqual({ "3000/tcp": {} }) },
  base: { value: "debian13-node22", shows: ({ report }) => expect(report.base.ref).toMatch(/^debian13-node22/) },
  "base.ref": {
    value: { ref: "debian13-node22" },
    shows: ({ report }) => expect(report.base.ref).toMatch(/^debian13-node22/),
  },
  "base.packages": {
    value: { packages: ["dash"] },
    shows: ({ report }) => expect(report.layers.filter((layer) => layer.kind === "base")).toHaveLength(3),
    without: ({ report }) => expect(report.layers.filter((layer) => layer.kind === "base")).toHaveLength(2),
  },
  bundle: { value: false, shows: (image) => expect(code(image)).toBe(SERVER) },
  "bundle.enabled": { value: { enabled: false }, shows: (image) => expect(code(image)).toBe(SERVER) },
  "bundle.minify": {
    value: { minify: false },
    shows: (image) => expect(code(image).split("\n").length).toBeGreaterThan(4),
    without: (image) => expect(code(image).split("\n").length).toBeLessThan(4),
  },
  "bundle.sourcemaps": {
    value: { sourcemaps: false },
    shows: (image) => expect(kinds(image)).not.toContain("sourcemaps"),
    without: (image) => expect(kinds(image)).toContain("sourcemaps"),
  },
  "bundle.external": {
    value: { external: ["ms"] },
    app: withMs,
    shows: ({ report }) => expect(report.bundle.external.map(({ name }) => name)).toEqual(["ms"]),
    without: ({ report }) => expect(report.bundle.bundled).toEqual(["ms@2.1.3"]),
  },
  "bundle.include": {
    value: { include: ["own"] },
    app: {
      "package.json": {
        ...MANIFEST,
        scripts: {
          postinstall:
            "mkdir -p node_modules/own && echo 'module.exports = (name) => require(name)' > node_modules/own/index.js",
        },
      },
      "server.js": `console.log(require("own")("node:os").EOL);\n${SERVER}`,
    },
    shows: ({ report }) => expect(report.bundle.bundled).toEqual(["own@0.0.0"]),
    without: ({ report }) => expect(report.bundle.external.map(({ name }) => name)).toEqual(["own"]),
  },
  dockerfile: {
    value: { target: "first" },
    app: docker,
    shows: ({ config }) => expect(config.Labels["stage"]).toBe("first"),
  },
  "dockerfile.file": {
    value: { file: "Other" },
    app: { ...docker, Other: `${DOCKERFILE}LABEL stage=other\n` },
    shows: ({ config }) => expect(config.Labels["stage"]).toBe("other"),
  },
  "dockerfile.target": {
    value: { target: "first" },
    app: docker,
    shows: ({ config }) => expect(config.Labels["stage"]).toBe("first"),
    without: ({ config }) => expect(config.Labels["stage"]).toBe("last"),
  },
  "dockerfile.args": {
    value: { args: { COLOUR: "blue" } },
    app: docker,
    shows: ({ config }) => expect(config.Labels["colour"]).toBe("blue"),
    without: ({ config }) => expect(config.Labels["colour"]).toBe("red"),
  },
  "dockerfile.contexts": {
    value: { contexts: { more: "./elsewhere" } },
    app: {
      ...docker,
      Dockerfile: `${DOCKERFILE}COPY --from=more note.txt /\n`,
      "elsewhere/note.txt": "from a context",
    },
    shows: ({ files }) => expect(files.get("note.txt")).toBe("from a context"),
  },
  "dockerfile.secrets": step({ secrets: ["id=token,env=HOME"] }),
  "dockerfile.ssh": step({ ssh: ["default"] }),
  "dockerfile.network": step({ network: "none" }),
  "dockerfile.cacheFrom": step({ cacheFrom: ["type=local,src=cache"] }),
  "dockerfile.cacheTo": step({ cacheTo: ["type=local,dest=cache"] }),
  include: {
    value: ["test/*.txt"],
    app: { "test/word.txt": "a word" },
    shows: ({ files }) => expect(files.get("app/test/word.txt")).toBe("a word"),
    without: ({ files }) => expect([...files.keys()]).not.toContain("app/test/word.txt"),
  },
  ignore: {
    value: ["data.json"],
    app: { "data.json": {}, "server.js": READS },
    shows: ({ files }) => expect([...files.keys()]).not.toContain("app/data.json"),
    without: ({ files }) => expect([...files.keys()]).toContain("app/data.json"),
  },
  build: {
    value: "echo made > made.txt",
    app: { "server.js": READS },
    shows: ({ files }) => expect(files.get("app/made.txt")).toBe("made\n"),
  },
  install: {
    value: "mkdir -p node_modules/own && echo 'module.exports = \"installed by hand\"' > node_modules/own/index.js",
    app: { "server.js": `console.log(require("own"));\n${SERVER}` },
    shows: (image) => expect(image.report.bundle.bundled).toContain("own@0.0.0"),
  },
  frozen: {
    value: false,
    app: { ...withMs, "package-lock.json": { ...MS, packages: { "": { name: "keys", version: "1.2.3" } } } },
    cures: "LOCKFILE_OUT_OF_SYNC",
  },
  ignoreScripts: {
    value: true,
    app: { "package.json": { ...MANIFEST, scripts: { postinstall: "exit 7" } } },
    cures: "INSTALL_FAILED",
  },
  workspace: {
    value: "second",
    app: {
      "package.json": { workspaces: ["one", "two"] },
      "server.js": null,
      "one/package.json": { name: "first", version: "1.0.0" },
      "one/server.js": SERVER,
      "two/package.json": { name: "second", version: "1.0.0" },
      "two/server.js": SERVER,
    },
    cures: "WORKSPACE_AMBIGUOUS",
    shows: ({ report }) => expect(report.name).toBe("second:latest"),
  },
  gracefulShutdown: {
    value: false,
    shows: ({ config }) => expect(config.Entrypoint.join(" ")).not.toContain("graceful"),
    without: ({ config }) => expect(config.Entrypoint.join(" ")).toContain("graceful"),
  },
  compileCache: {
    value: false,
    app: withMs,
    shows: ({ config }) => expect(config.Entrypoint.join(" ")).not.toContain("compile-cache"),
    without: ({ config }) => expect(config.Entrypoint.join(" ")).toContain("compile-cache"),
  },
  nodeOptions: {
    value: ["--max-old-space-size=200"],
    shows: ({ config }) => expect(config.Entrypoint).toContain("--max-old-space-size=200"),
  },
  compression: {
    value: "zstd",
    shows: ({ manifest }) => expect(manifest.layers.at(-1)?.mediaType).toMatch(/zstd$/),
    without: ({ manifest }) => expect(manifest.layers.at(-1)?.mediaType).toMatch(/gzip$/),
  },
  tags: { value: ["shop/keys:{version}"], shows: ({ report }) => expect(report.name).toMatch(/shop\/keys:1\.2\.3$/) },
  outputs: {
    value: [{ type: "oci", dest: "more.tar" }],
    answer: (_stdout, dir) => expect(existsSync(join(dir, "more.tar"))).toBe(true),
  },
  "outputs.type": {
    value: [{ type: "docker", dest: "more.tar" }],
    answer: (_stdout, dir) =>
      expect(execFileSync("tar", ["-tf", join(dir, "more.tar")], { encoding: "utf8" })).toMatch(/^manifest\.json$/m),
  },
  "outputs.dest": {
    value: [{ type: "layout", dest: "made/here" }],
    answer: (_stdout, dir) => expect(existsSync(join(dir, "made/here/index.json"))).toBe(true),
  },
  profile: {
    value: "knative",
    command: ["lint"],
    answer: (stdout) => expect(JSON.parse(stdout).profile).toBe("knative"),
  },
  mirrors: places({ "registry.test": ["http://cache.test/one"] }, ["cache.test one/app", "registry.test app"]),
  "mirrors.urls": places({ "registry.test": { urls: ["http://cache.test/two"] } }, [
    "cache.test two/app",
    "registry.test app",
  ]),
  "mirrors.strict": places({ "registry.test": { urls: ["http://cache.test/two"], strict: true } }, [
    "cache.test two/app",
  ]),
  "mirrors.ca": ["test/registry/mirrors.test.ts", /\bca\b/],
  trustedRealms: ["test/registry/push-pull.test.ts", /trustedRealms/],
  mirror: asks({ debian: CLOSED }),
  "mirror.debian": asks({ debian: CLOSED }),
  "mirror.debianSecurity": asks({ debianSecurity: CLOSED }),
  lint: {
    value: { rules: { KS002: "off" } },
    app: { "server.js": SERVER.replace("process.env.PORT || 8080", 'process.env.PORT || 8080, "127.0.0.1"') },
    cures: "CONTRACT_BROKEN",
  },
  verify: ["test/attest/commands.test.ts", /verify:/],
  "verify.base": ["test/attest/commands.test.ts", /base:/],
  "verify.base.identities": ["test/attest/signing.test.ts", /identities/],
  "verify.base.identities.issuer": ["test/attest/signing.test.ts", /issuer/],
  "verify.base.identities.identity": ["test/attest/signing.test.ts", /identity/],
  "verify.base.identities.identityRegExp": ["test/attest/signing.test.ts", /identityRegExp/],
  "verify.base.issuers": ["test/attest/signing.test.ts", /issuer/],
  "verify.base.keys": ["test/attest/commands.test.ts", /keys/],
  "verify.base.trustedRoot": ["test/attest/cosign.test.ts", /trustedRoot/],
  sign: {
    value: { key: "signing.pem" },
    app: signed,
    shows: ({ index }) => expect(index.manifests.length).toBeGreaterThan(1),
  },
  "sign.key": { value: { key: "missing.pem" }, causes: "SIGNING_KEY_MISSING" },
  "sign.form": {
    value: { key: "signing.pem", form: "tag" },
    app: signed,
    shows: ({ index }) => expect(JSON.stringify(index)).toMatch(/sha256-[0-9a-f]{64}\.sig/),
  },
  "sign.fulcioUrl": {
    value: { fulcioUrl: CLOSED },
    env: { SIGSTORE_ID_TOKEN: TOKEN },
    causes: "SIGNING_CA_FAILED",
  },
  "sign.rekorUrl": { value: { key: "signing.pem", rekorUrl: CLOSED }, app: signed, causes: "SIGNING_LOG_FAILED" },
  "sign.tsaUrl": { value: { key: "signing.pem", tsaUrl: CLOSED }, app: signed, causes: "SIGNING_TIMESTAMP_FAILED" },
  "sign.log": {
    value: { key: "signing.pem", rekorUrl: CLOSED, log: false },
    app: signed,
    shows: ({ index }) => expect(index.manifests.length).toBeGreaterThan(1),
  },
  sbom: { value: "spdx", shows: ({ index }) => expect(index.manifests.length).toBeGreaterThan(1) },
  provenance: { value: true, shows: ({ index }) => expect(index.manifests.length).toBeGreaterThan(1) },
  allowSecrets: {
    value: [{ path: "/app/token.txt", reason: "made for this test" }],
    app: { "token.txt": `ghp_${"0123456789abcdefghijABCDEFGHIJklmnop"}\n`, "server.js": READS },
    cures: "SECRETS_FOUND",
  },
  "allowSecrets.path": {
    value: [{ path: "/app/another.txt", reason: "made for this test" }],
    app: { "token.txt": `ghp_${"0123456789abcdefghijABCDEFGHIJklmnop"}\n`, "server.js": READS },
    causes: "SECRETS_FOUND",
  },
  "allowSecrets.reason": { value: [{ path: "/app/token.txt" }], causes: "CONFIG_INVALID" },
  cacheMaxSize: {
    value: "1.5MB",
    command: ["cache", "info"],
    answer: (stdout) => expect(JSON.parse(stdout)).toMatchObject({ maxBytes: 1_500_000 }),
  },
  images: {
    value: [{ dir: "one", name: "first-of-two", tags: ["shop/one:v1"] }, { dir: "two" }],
    app: {
      "one/package.json": { ...MANIFEST, name: "one" },
      "one/server.js": SERVER,
      "two/package.json": { ...MANIFEST, name: "two" },
      "two/server.js": SERVER,
    },
    answer: (stdout) =>
      expect((JSON.parse(stdout) as BuildReport[]).map(({ name }) => name)).toEqual(["shop/one:v1", "two:latest"]),
  },
  "images.dir": member({ dir: "one" }, "one:latest"),
  "images.name": member({ dir: "one", name: "other" }, "other:latest"),
  "images.tags": member({ dir: "one", tags: ["shop/third:v3"] }, "shop/third:v3"),
};

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
}

/** Every key of the schema, nested ones with a dot; names that the user chooses are passed over. */
function keysOf(schema: JsonSchema, prefix = ""): string[] {
  const more = [schema.items, ...(schema.anyOf ?? []), schema.additionalProperties].filter(
    (part): part is JsonSchema => typeof part === "object",
  );
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, part]) => [
      `${prefix}${name}`,
      ...keysOf(part, `${prefix}${name}.`),
    ]),
    ...more.flatMap((part) => keysOf(part, prefix)),
  ];
}

let workshop: Workshop;
beforeAll(() => {
  workshop = openWorkshop();
});
afterAll(() => workshop.close());

test("every key of the schema has a case, and every case a key", () => {
  const keys = new Set(keysOf(configJsonSchema() as JsonSchema));
  expect(Object.keys(CASES).sort()).toEqual([...keys].sort());
});

function write(dir: string, files: Record<string, string | object | null>): void {
  for (const [name, content] of Object.entries(files)) {
    if (content === null) continue;
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

function project(name: string, one: Case, withKey: boolean): string {
  const dir = workshop.dir("keys");
  write(dir, { "package.json": MANIFEST, "server.js": SERVER, ...one.app });
  const top = name.split(".")[0] as string;
  if (withKey) write(dir, { "knbuild.yaml": { [top]: one.value } });
  return dir;
}

async function buildImage(
  dir: string,
  env: Record<string, string> = {},
): Promise<Image | { error: string; stderr: string }> {
  const layout = join(workshop.dir("layout"), "image");
  const { code, stdout, stderr } = await workshop.knbuild.run(
    ["build", dir, "--json", "-o", `type=layout,dest=${layout}`],
    { env },
  );
  const answer = JSON.parse(stdout);
  if (code !== 0) return { error: answer.error.code, stderr };
  const report = answer as BuildReport;
  const path = (digest: string) => join(layout, "blobs", digest.replace(":", "/"));
  const json = (digest: string) => JSON.parse(readFileSync(path(digest), "utf8"));
  const index = JSON.parse(readFileSync(join(layout, "index.json"), "utf8")) as Image["index"];
  const manifest = json(report.digest);
  const { config } = json(manifest.config.digest);
  const files = new Map<string, string>();
  const own = report.layers.filter(({ kind }) => kind !== "base" && kind !== "runtime").map(({ digest }) => digest);
  for (const digest of own.filter(
    (one) => !/zstd/.test(manifest.layers.find((layer: { digest: string }) => layer.digest === one).mediaType),
  ))
    for (const name of execFileSync("tar", ["-tzf", path(digest)], { encoding: "utf8" }).split("\n"))
      if (name !== "" && !name.endsWith("/"))
        files.set(
          name.replace(/^\.?\//, ""),
          execFileSync("tar", ["-xzOf", path(digest), name], { encoding: "latin1" }),
        );
  return { report, index, manifest, config, files };
}

describe.each(Object.entries(CASES))("%s", (name, one) => {
  if (Array.isArray(one)) {
    const [file, says] = one;
    test(`has a test in ${file}`, () => {
      expect(readFileSync(join(packageRoot(), file), "utf8")).toMatch(says);
    });
    return;
  }
  test("has an effect", async () => {
    const dir = project(name, one, true);
    if (one.answer) {
      // A command that is about something else than a directory reads the configuration of the one it is called in.
      const words = one.command ?? ["build"];
      const { stdout, stderr, code } = await workshop.knbuild.run(
        [...words, ...(words.length > 1 ? [] : [dir]), "--json"],
        { cwd: dir },
      );
      if (!one.command) expect(`${code} ${stderr}`).toMatch(/^0 /);
      return one.answer(stdout, dir);
    }
    const image = await buildImage(dir, one.env);
    if (one.causes) return expect("error" in image ? image.error : "no error").toBe(one.causes);
    if ("error" in image) throw new Error(image.stderr);
    one.shows?.(image);
    if (!one.without && !one.cures) return;
    const plain = await buildImage(project(name, one, false));
    if (one.cures) expect("error" in plain ? plain.error : "no error").toBe(one.cures);
    else if ("error" in plain) throw new Error(plain.stderr);
    else one.without?.(plain);
  });
});
