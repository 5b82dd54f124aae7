/** The commands as a user runs them, at a real registry and the tests' Sigstore; and what a build attaches. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compositionFile } from "../../src/attest/sbom/composition.ts";
import { npmPackage } from "../../src/attest/sbom/packages.ts";
import type { Image } from "../../src/oci/image.ts";
import { imageBlobs } from "../../src/oci/image.ts";
import { attestBuild, type BuildInfo } from "../../src/pipeline/attest.ts";
import { createRegistryClient, type RegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";
import { requireComponent } from "../support/machine.ts";
import { identityToken, startSigstore, type TestSigstore } from "../support/sigstore.ts";
import { file, testImage } from "../support/test-image.ts";

const ISSUER = "https://issuer.example";
const SUBJECT = "https://ci.example/app/release.yml@refs/heads/main";
const possible = requireComponent("docker-registry");

describe.skipIf(!possible)("trust", () => {
  let knbuild: Knbuild;
  let dir: string;
  let registry: DockerRegistry;
  let sigstore: TestSigstore;
  let client: RegistryClient;
  let count = 0;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-trust-"));
    knbuild = buildKnbuild();
    registry = await startDockerRegistry();
    sigstore = await startSigstore({ token: identityToken({ sub: SUBJECT, iss: ISSUER }) });
    client = createRegistryClient({ cacheDir: null });
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    writeFileSync(join(dir, "sign.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    writeFileSync(join(dir, "sign.pub"), publicKey.export({ type: "spki", format: "pem" }));
    writeFileSync(join(dir, "trusted_root.json"), sigstore.trustedRoot);
  });
  afterAll(async () => {
    client?.close();
    await sigstore?.close();
    await registry?.close();
    knbuild?.remove();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  const app = {
    kind: "app" as const,
    name: "shop",
    version: "0.0.0",
    id: "app:shop",
    licenses: [],
    hashes: [],
    dependsOn: [],
  };

  async function pushed(): Promise<{ image: Image; name: string }> {
    const store = openStore(join(dir, "store"));
    const entries = [
      file("app/index.js", "1"),
      compositionFile([app, npmPackage({ name: "inlined", version: "4.5.6", license: "MIT" }, "bundled")], "0.0.0"),
    ];
    const image = await testImage({ store, layers: [entries], config: { User: "65532" } });
    const name = `${registry.host}/app${++count}`;
    const target = client.repository(`${name}:v1`, { access: "push" });
    const { layers, config, manifest } = await imageBlobs(image);
    for (const blob of [...layers, config, manifest]) await target.put(blob);
    await target.tag(image.descriptor, "v1");
    return { image, name };
  }
  const run = (...args: string[]) =>
    knbuild.run(args, { cwd: dir, env: { KNBUILD_CACHE_DIR: join(dir, "cache"), KNBUILD_NO_METADATA: "1" } });

  test("sign, verify-signature, attest, attestations and tree with a key", async () => {
    const { image, name } = await pushed();
    const signed = await run("sign", `${name}:v1`, "--key", "sign.pem", "--form", "both", "-a", "commit=abc");
    expect(signed, signed.stderr).toMatchObject({ code: 0 });

    const verified = await run("verify-signature", `${name}:v1`, "--key", "sign.pub", "--json");
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    const result = JSON.parse(verified.stdout);
    expect(result).toMatchObject({ subject: image.descriptor.digest, refused: [] });
    expect(result.verified.map((v: { form: string }) => v.form)).toEqual(["bundle", "simple"]);
    expect(result.verified[0].statement.subject[0].annotations).toEqual({ commit: "abc" });

    writeFileSync(join(dir, "predicate.json"), '{"passed":12}');
    const type = "https://example.com/tests/v1";
    const attested = await run(
      "attest",
      `${name}:v1`,
      "--type",
      type,
      "--predicate",
      "predicate.json",
      "--key",
      "sign.pem",
    );
    expect(attested, attested.stderr).toMatchObject({ code: 0 });
    const checked = await run("verify-signature", `${name}:v1`, "--type", type, "--key", "sign.pub", "--json");
    expect(JSON.parse(checked.stdout).verified[0].statement.predicate).toEqual({ passed: 12 });

    const listed = JSON.parse((await run("attestations", `${name}:v1`, "--json")).stdout);
    expect(listed.map((a: { kind: string }) => a.kind)).toEqual(["signature", "attestation", "signature"]);
    const tree = await run("tree", `${name}:v1`);
    expect(tree.stdout).toContain(image.descriptor.digest);
    expect(tree.stdout).toContain(`├── attestation  ${type}`);
    expect(tree.stdout.trimEnd().split("\n").at(-1)).toMatch(/^└── signature/);
  });

  test("what is not signed, or by somebody else, ends with code 1 and says which", async () => {
    const { name } = await pushed();
    const missing = await run("verify-signature", `${name}:v1`, "--key", "sign.pub");
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toContain("SIGNATURE_MISSING");
    const nobody = await run("verify-signature", `${name}:v1`);
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain("POLICY_INVALID");
    const unknown = await run("sign", `${name}:other`, "--key", "sign.pem");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("IMAGE_UNKNOWN");
    const anonymous = await run("sign", `${name}:v1`, "--fulcio-url", sigstore.url, "--rekor-url", sigstore.url);
    expect(anonymous.code).toBe(2);
    expect(anonymous.stderr).toContain("SIGNING_IDENTITY_MISSING");
  });

  test("keyless, with the identity of the CI job", async () => {
    const { name } = await pushed();
    const job = {
      GITHUB_ACTIONS: "true",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/github/token?v=1`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
      KNBUILD_FULCIO_URL: sigstore.url,
      KNBUILD_REKOR_URL: sigstore.url,
      KNBUILD_TRUSTED_ROOT: "trusted_root.json",
    };
    const signed = await knbuild.run(["sign", `${name}:v1`], { cwd: dir, env: job });
    expect(signed, signed.stderr).toMatchObject({ code: 0 });
    const verified = await knbuild.run(["verify-signature", `${name}:v1`, "--identity", SUBJECT, "--issuer", ISSUER], {
      cwd: dir,
      env: job,
    });
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    expect(verified.stdout).toContain(`${SUBJECT} (${ISSUER})  logged`);
    const other = await knbuild.run(["verify-signature", `${name}:v1`, "--identity", "x", "--issuer", ISSUER], {
      cwd: dir,
      env: job,
    });
    expect(other).toMatchObject({ code: 1 });
    expect(other.stderr).toContain("IDENTITY_MISMATCH");
  });

  test("sbom of an image, in both formats, the same each time", async () => {
    const { name, image } = await pushed();
    const first = await run("sbom", `${name}:v1`);
    expect(first, first.stderr).toMatchObject({ code: 0 });
    expect((await run("sbom", `${name}:v1`)).stdout).toBe(first.stdout);
    const bom = JSON.parse(first.stdout);
    expect(bom).toMatchObject({
      bomFormat: "CycloneDX",
      specVersion: "1.6",
      metadata: { component: { version: image.descriptor.digest } },
    });
    expect(bom.components.map((c: { name: string }) => c.name)).toEqual(expect.arrayContaining(["shop", "inlined"]));
    expect((await run("sbom", `${name}:v1`, "--format", "spdx", "--out", "app.spdx.json")).code).toBe(0);
    expect(JSON.parse(readFileSync(join(dir, "app.spdx.json"), "utf8"))).toMatchObject({ spdxVersion: "SPDX-2.3" });
  });

  test("a base that the policy does not accept is not built on", async () => {
    const { name } = await pushed();
    const app = join(dir, "guarded");
    mkdirSync(app);
    writeFileSync(join(app, "package.json"), JSON.stringify({ name: "guarded", main: "index.js" }));
    writeFileSync(
      join(app, "index.js"),
      `require("http").createServer((q, s) => s.end("x")).listen(process.env.PORT);`,
    );
    writeFileSync(join(app, "knbuild.yaml"), `base: ${name}:v1\nverify: { base: { keys: [../sign.pub] } }\n`);
    const unsigned = await run("build", app);
    expect(unsigned.code).toBe(1);
    expect(unsigned.stderr).toContain("error[BASE_SIGNATURE_REFUSED]");
    expect(unsigned.stderr).toContain("SIGNATURE_MISSING");
    const { privateKey } = generateKeyPairSync("ed25519");
    writeFileSync(join(dir, "stranger.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    expect((await run("sign", `${name}:v1`, "--key", "stranger.pem")).code).toBe(0);
    expect((await run("build", app)).stderr).toContain("SIGNATURE_KEY_MISMATCH");
    // A Dockerfile's base, and what its stages copy from, are judged like any other.
    const image = join(dir, "guarded-image");
    mkdirSync(image);
    writeFileSync(join(image, "Dockerfile"), `FROM scratch\nCOPY --from=${name}:v1 /app/index.js /\nUSER 1000\n`);
    writeFileSync(join(image, "knbuild.yaml"), "verify: { base: { keys: [../sign.pub] } }\n");
    const copied = await run("build", image, "--no-lint");
    expect(copied.code).toBe(1);
    expect(copied.stderr).toContain("error[BASE_SIGNATURE_REFUSED]");
    expect(copied.stderr).toContain("SIGNATURE_KEY_MISMATCH");
    expect((await run("sign", `${name}:v1`, "--key", "sign.pem")).code).toBe(0);
    for (const dir of [app, image]) {
      const built = await run("build", dir, "--no-lint");
      expect(built, built.stderr).toMatchObject({ code: 0 });
    }
  });

  test("what knbuild.yaml asks for is done where the image is published; a flag says no", async () => {
    const { name } = await pushed();
    const repository = join(dir, "monorepo");
    const app = join(repository, "services/api");
    mkdirSync(app, { recursive: true });
    writeFileSync(join(app, "package.json"), JSON.stringify({ name: "api", main: "index.js" }));
    writeFileSync(
      join(app, "index.js"),
      `require("http").createServer((q, s) => s.end("x")).listen(process.env.PORT);\n`,
    );
    writeFileSync(
      join(app, "knbuild.yaml"),
      `base: ${name}:v1\nsign: { key: ../../../sign.pem, form: both }\nsbom: [cyclonedx, spdx]\nprovenance: true\n`,
    );
    execFileSync("git", ["init", "-q", "-b", "main"], { cwd: repository });
    execFileSync("git", ["add", "."], { cwd: repository });
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x"], {
      cwd: repository,
    });
    const target = `${registry.host}/config`;
    const local = await run("build", app, "--json");
    expect(local, local.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(local.stdout).attestations).toBeUndefined();

    // The name's commit is found from the directory of the app, below the repository's top.
    const built = await run("build", app, "--push", "-t", `${target}:{branch}-{shortSha}`, "--json");
    expect(built, built.stderr).toMatchObject({ code: 0 });
    const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: repository, encoding: "utf8" }).trim();
    const reference = `${target}:main-${commit.slice(0, 7)}`;
    const report = JSON.parse(built.stdout);
    expect(report.attestations).toEqual([
      {
        at: `docker://${target}`,
        sbom: [
          { format: "cyclonedx", artifact: expect.stringMatching(/^sha256:/) },
          { format: "spdx", artifact: expect.stringMatching(/^sha256:/) },
        ],
        provenance: expect.stringMatching(/^sha256:/),
        signature: expect.stringMatching(/^sha256:/),
        signatureImage: expect.stringMatching(/^sha256:/),
      },
    ]);
    const verified = await run("verify-signature", reference, "--key", "sign.pub", "--json");
    expect(
      JSON.parse(verified.stdout)
        .verified.map((one: { form: string }) => one.form)
        .sort(),
    ).toEqual(["bundle", "simple"]);
    const provenance = await run("verify-signature", reference, "--key", "sign.pub", "--type", "provenance", "--json");
    const { buildDefinition } = JSON.parse(provenance.stdout).verified[0].statement.predicate;
    expect(buildDefinition.externalParameters.source).toEqual({ ref: "refs/heads/main", directory: "services/api" });
    expect(buildDefinition.resolvedDependencies[0].digest).toEqual({ gitCommit: commit });

    const bare = ["--no-sign", "--no-sbom", "--no-provenance"];
    const without = await run("build", app, "--push", "-t", `${registry.host}/plain:v1`, ...bare, "--json");
    expect(without, without.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(without.stdout).attestations).toBeUndefined();
    expect(JSON.parse(without.stdout).digest).toBe(report.digest);
  });

  describe("what a build attaches", () => {
    let source: string;
    beforeAll(() => {
      source = join(dir, "source");
      mkdirSync(join(source, "services/shop"), { recursive: true });
      writeFileSync(join(source, "services/shop/package-lock.json"), "{}");
      const git = (...args: string[]) =>
        execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
          cwd: source,
          stdio: "pipe",
        });
      git("init", "-q", "-b", "main");
      git("remote", "add", "origin", "https://user:secret@git.example/team/shop.git");
      git("add", ".");
      git("commit", "-q", "-m", "x");
    });
    const info = (name: string): BuildInfo => ({
      name,
      dir: join(source, "services/shop"),
      workspaceRoot: source,
      parameters: { buildpack: "node" },
      decisions: { engine: "native" },
      base: { ref: "debian13-node24", digest: `sha256:${"ab".repeat(32)}` },
      startedOn: new Date(1700000000_000),
    });
    const read = async (name: string, type: string) =>
      JSON.parse((await run("verify-signature", `${name}:v1`, "--type", type, "--key", "sign.pub", "--json")).stdout);

    test("signed: bundles beside the image, whose manifest stays one manifest", async () => {
      const { image, name } = await pushed();
      const target = client.repository(`${name}:v1`, { access: "push" });
      const report = await attestBuild(image, target, info(name), {
        sign: { cwd: dir, env: {}, key: "sign.pem" },
        sbom: ["cyclonedx", "spdx"],
        provenance: true,
        env: {
          GITHUB_ACTIONS: "true",
          GITHUB_REPOSITORY: "team/shop",
          GITHUB_RUN_ID: "7",
          GITHUB_WORKFLOW_REF: "team/shop/.github/workflows/r.yml@refs/heads/main",
        },
      });
      expect(report).toMatchObject({ sbom: [{ format: "cyclonedx" }, { format: "spdx" }] });
      expect(await target.resolve("v1")).toMatchObject({
        digest: image.descriptor.digest,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
      });
      expect((await run("verify-signature", `${name}:v1`, "--key", "sign.pub")).code).toBe(0);
      const bom = (await read(name, "cyclonedx")).verified[0].statement;
      expect(bom.predicate.components.map((c: { name: string }) => c.name)).toContain("inlined");

      const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: source, encoding: "utf8" }).trim();
      const { predicate } = (await read(name, "slsaprovenance1")).verified[0].statement;
      expect(predicate.buildDefinition).toMatchObject({
        externalParameters: {
          source: {
            repository: "https://git.example/team/shop.git",
            ref: "refs/heads/main",
            directory: "services/shop",
          },
          buildpack: "node",
        },
        internalParameters: { engine: "native" },
      });
      const dependencies = predicate.buildDefinition.resolvedDependencies;
      expect(dependencies[0]).toEqual({
        uri: "git+https://git.example/team/shop.git@refs/heads/main",
        digest: { gitCommit: commit },
      });
      expect(dependencies.map((d: { name?: string; uri?: string }) => d.name ?? d.uri)).toEqual([
        dependencies[0].uri,
        "base",
        "package-lock.json",
        "pkg:npm/inlined@4.5.6",
      ]);
      expect(predicate.runDetails).toMatchObject({
        builder: { id: "https://github.com/team/shop/.github/workflows/r.yml@refs/heads/main" },
        metadata: { startedOn: "2023-11-14T22:13:20.000Z" },
      });
      expect(JSON.stringify(predicate)).not.toContain("secret");
    });

    test("unsigned: plain artifacts, the same bytes each time; a changed tree is called dirty", async () => {
      const { image, name } = await pushed();
      const target = client.repository(`${name}:v1`, { access: "push" });
      const options = { sbom: ["cyclonedx", "spdx"] as const, env: {} };
      const report = await attestBuild(image, target, info(name), options);
      expect(report.signature).toBeUndefined();
      expect(await attestBuild(image, target, info(name), options)).toEqual(report);
      writeFileSync(join(source, "new.txt"), "");
      await attestBuild(image, target, info(name), { provenance: true, env: {} });
      const listed = JSON.parse((await run("attestations", `${name}:v1`, "--json")).stdout);
      expect(listed.map((a: { artifactType: string; kind: string }) => [a.kind, a.artifactType])).toEqual([
        ["sbom", "application/vnd.cyclonedx+json"],
        ["sbom", "application/spdx+json"],
        ["provenance", "application/vnd.in-toto+json"],
      ]);
      rmSync(join(source, "new.txt"));
    });
  });
});
