/** The shipped CI files, run as their systems run them: action, GitLab component, Tekton task, Cloud Build. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../src/base/package-root.ts";
import { imageBlobs } from "../../src/oci/image.ts";
import { createRegistryClient, type RegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import {
  binWith,
  cleanEnv,
  cloudBuildSteps,
  runAction,
  runGitLabComponent,
  runProcess,
  runTektonTask,
} from "../support/ci-systems.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";
import { requireComponent } from "../support/machine.ts";
import { identityToken, startSigstore, type TestSigstore } from "../support/sigstore.ts";
import { nodeEntries, testImage } from "../support/test-image.ts";

/** alice, open-sesame */
const HTPASSWD = "alice:$2y$05$HcJwSpkPA7UYXV35t5B40Ow9JcAI0WajmqcjWxH2P23vOi7X4Aw4m\n";
const PASSWORD = "open-sesame";
const LOGIN = { registry: "", auth: Buffer.from(`alice:${PASSWORD}`).toString("base64") };
const SUBJECT = "https://ci.example/release";
const ISSUER = "https://issuer.example";
const root = packageRoot();
const possible = requireComponent("docker-registry");

describe.skipIf(!possible)("CI systems", () => {
  let dir: string;
  let knbuild: Knbuild;
  let bin: string;
  let registry: DockerRegistry;
  let sigstore: TestSigstore;
  let client: RegistryClient;
  let base: string;
  let commit: string;
  let checkouts = 0;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-ci-"));
    knbuild = buildKnbuild();
    bin = binWith(dir, knbuild.program);
    registry = await startDockerRegistry({ htpasswd: HTPASSWD });
    sigstore = await startSigstore({ token: identityToken({ sub: SUBJECT, iss: ISSUER }) });
    LOGIN.registry = registry.host;
    mkdirSync(join(dir, "docker"));
    writeFileSync(
      join(dir, "docker/config.json"),
      JSON.stringify({ auths: { [registry.host]: { auth: LOGIN.auth } } }),
    );
    client = createRegistryClient({ cacheDir: null, env: { DOCKER_CONFIG: join(dir, "docker") } });
    base = `${registry.host}/base/runtime:v1`;
    const image = await testImage({
      store: openStore(join(dir, "store")),
      layers: [nodeEntries()],
      config: { Entrypoint: ["/usr/local/bin/node"], User: "65532", Env: ["PATH=/usr/local/bin"] },
    });
    const target = client.repository(base, { access: "push" });
    const { layers, config, manifest } = await imageBlobs(image);
    for (const blob of [...layers, config, manifest]) await target.put(blob);
    await target.tag(image.descriptor, "v1");

    const source = join(dir, "source");
    mkdirSync(source);
    writeFileSync(
      join(source, "package.json"),
      JSON.stringify({ name: "hello", version: "1.2.3", main: "index.js", engines: { node: ">=20" } }),
    );
    writeFileSync(
      join(source, "index.js"),
      `const server = require("http").createServer((q, s) => s.end("hello")).listen(process.env.PORT || 8080);\nprocess.on("SIGTERM", () => server.close());\n`,
    );
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: source,
        encoding: "utf8",
      });
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "hello");
    commit = git("rev-parse", "HEAD").trim();
  });
  afterAll(async () => {
    client?.close();
    await sigstore?.close();
    await registry?.close();
    knbuild?.remove();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  /** A fresh checkout, with a place for a runner's temporary files and a home with nothing in it. */
  function job() {
    const place = join(dir, `job${++checkouts}`);
    const checkout = join(place, "checkout");
    mkdirSync(join(place, "home"), { recursive: true });
    mkdirSync(join(place, "temp"));
    cpSync(join(dir, "source"), checkout, { recursive: true });
    const env = { ...cleanEnv(bin, join(place, "home")), KNBUILD_CACHE_DIR: join(place, "cache") };
    return { checkout, temp: join(place, "temp"), home: join(place, "home"), env };
  }
  const tagged = async (reference: string) =>
    (await client.repository(reference).resolve(reference.split(":").at(-1)!))?.digest;

  describe("GitHub Actions", () => {
    test("lints, builds, pushes, signs; outputs and summary say what came out", async () => {
      const { checkout, temp, env } = job();
      const name = `${registry.host}/gh/hello`;
      const result = await runAction(
        join(root, "action.yml"),
        {
          tags: `${name}:{shortSha}\n${name}:latest\n`,
          base,
          sign: "keyless",
          sbom: "cyclonedx",
          provenance: "true",
          args: "--label\nteam=shop one",
        },
        {
          workspace: checkout,
          temp,
          env: {
            ...env,
            DOCKER_CONFIG: join(dir, "docker"),
            GITHUB_SHA: commit,
            ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/github/token?v=1`,
            ACTIONS_ID_TOKEN_REQUEST_TOKEN: "request-token",
            KNBUILD_FULCIO_URL: sigstore.url,
            KNBUILD_REKOR_URL: sigstore.url,
          },
        },
      );
      expect(
        result.steps.map(({ name, code }) => [name, code]),
        result.steps.at(-1)?.output,
      ).toEqual([
        ["Install knbuild", 0],
        ["Lint", 0],
        ["Build", 0],
      ]);
      const digest = await tagged(`${name}:latest`);
      expect(result.outputs).toEqual({
        image: `${name}:${commit.slice(0, 7)}`,
        digest,
        reference: `${name}@${digest}`,
        tags: `${name}:${commit.slice(0, 7)},${name}:latest`,
      });
      expect(await tagged(result.outputs["image"]!)).toBe(digest);
      expect(result.summary).toContain(`| image | \`${name}@${digest}\` |`);
      writeFileSync(join(temp, "root.json"), sigstore.trustedRoot);
      const listed = await knbuild.run(["attestations", `${name}:latest`, "--json"], {
        env: { DOCKER_CONFIG: join(dir, "docker") },
      });
      expect(
        JSON.parse(listed.stdout)
          .map((a: { kind: string }) => a.kind)
          .sort(),
      ).toEqual(["provenance", "sbom", "signature"]);
      const verified = await knbuild.run(
        [
          "verify-signature",
          `${name}:latest`,
          "--identity",
          SUBJECT,
          "--issuer",
          ISSUER,
          "--trusted-root",
          join(temp, "root.json"),
        ],
        { env: { DOCKER_CONFIG: join(dir, "docker") } },
      );
      expect(verified, verified.stderr).toMatchObject({ code: 0 });
    });

    test("an input is never run as text of the script", async () => {
      const { checkout, temp, env } = job();
      const evil = `x$(touch ${temp}/owned)"; touch ${temp}/owned; #`;
      await runAction(
        join(root, "action.yml"),
        { tags: evil, directory: evil, base: evil, lint: "false" },
        { workspace: checkout, temp, env },
      );
      expect(existsSync(join(temp, "owned"))).toBe(false);
    });

    test("a failure is an annotation and ends the step", async () => {
      const { checkout, temp, env } = job();
      const result = await runAction(
        join(root, "action.yml"),
        { tags: "registry.example/UPPER", base, lint: "false" },
        { workspace: checkout, temp, env: { ...env, DOCKER_CONFIG: join(dir, "docker") } },
      );
      expect(result.steps.at(-1)).toMatchObject({ name: "Build", code: 2 });
      expect(result.steps.at(-1)?.output).toMatch(/^::error title=REFERENCE_INVALID::/m);
      expect(result.outputs["digest"]).toBe("");
    });

    test("what cannot be signed is not pushed first", async () => {
      const image = `${registry.host}/gh/unsigned:v1`;
      for (const [sign, code] of [
        ["env://NO_SUCH_KEY", "SIGNING_KEY_MISSING"],
        ["keyless", "SIGNING_IDENTITY_FAILED"],
      ]) {
        const { checkout, temp, env } = job();
        const result = await runAction(
          join(root, "action.yml"),
          { tags: image, base, lint: "false", sign: sign! },
          {
            workspace: checkout,
            temp,
            env: {
              ...env,
              DOCKER_CONFIG: join(dir, "docker"),
              ACTIONS_ID_TOKEN_REQUEST_URL: `${sigstore.url}/nowhere`,
              ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
            },
          },
        );
        expect(result.steps.at(-1)?.code).not.toBe(0);
        expect(result.steps.at(-1)?.output).toContain(`::error title=${code}::`);
        expect(await tagged(image)).toBeUndefined();
      }
    });

    test("the sample workflow gives the action only inputs that it has", () => {
      const action = parse(readFileSync(join(root, "action.yml"), "utf8")) as { inputs: object; outputs: object };
      const workflow = parse(readFileSync(join(root, "templates/ci/github/workflow.yml"), "utf8")) as {
        jobs: { image: { steps: { uses?: string; with?: object }[] } };
      };
      const step = workflow.jobs.image.steps.find(({ uses }) => uses?.startsWith("knbuild/"));
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step?.with ?? {})));
    });
  });

  test("GitLab: logs in with the job's credentials, pushes, leaves a dotenv report", async () => {
    const { checkout, env, home } = job();
    const image = `${registry.host}/gl/hello`;
    const result = await runGitLabComponent(
      join(root, "templates/ci/gitlab/knbuild.yml"),
      { image: "registry.example/tools/knbuild:latest", base, job: "container" },
      {
        checkout,
        env: {
          ...env,
          CI_REGISTRY: registry.host,
          CI_REGISTRY_USER: "alice",
          CI_REGISTRY_PASSWORD: PASSWORD,
          CI_REGISTRY_IMAGE: image,
          CI_COMMIT_SHA: commit,
        },
      },
    );
    expect(result, result.output).toMatchObject({
      name: "container",
      image: "registry.example/tools/knbuild:latest",
      code: 0,
    });
    const reference = `${image}:${commit.slice(0, 7)}`;
    const digest = await tagged(reference);
    expect(result.dotenv).toEqual({
      KNBUILD_IMAGE: reference,
      KNBUILD_DIGEST: digest,
      KNBUILD_REFERENCE: `${image}@${digest}`,
    });
    expect(result.output).not.toContain(PASSWORD);
    expect(existsSync(join(home, ".docker/config.json"))).toBe(true);
  });

  test("Tekton: results as Chains reads them, arguments as an array, login and cache from workspaces", async () => {
    const { checkout, temp, env } = job();
    const { KNBUILD_CACHE_DIR: _own, ...bare } = env;
    const image = `${registry.host}/tk/hello:v1`;
    const cache = join(temp, "cache");
    const result = await runTektonTask(
      join(root, "templates/ci/tekton/task.yaml"),
      {
        IMAGE: image,
        BUILDER_IMAGE: "b",
        BASE: base,
        SBOM: "spdx",
        ARGUMENTS: ["--label", "a=b c", "--env", "GREETING=it's $HOME"],
      },
      { source: checkout, dockerconfig: join(dir, "docker"), cache },
      { results: temp, env: bare },
    );
    expect(result, result.output).toMatchObject({ code: 0 });
    expect(result.results).toEqual({ IMAGE_URL: image, IMAGE_DIGEST: await tagged(image) });
    expect(existsSync(cache)).toBe(true);
    const inspected = await knbuild.run(["inspect", `docker://${image}`, "--json"], {
      env: { DOCKER_CONFIG: join(dir, "docker") },
    });
    const { config } = JSON.parse(inspected.stdout);
    expect(config.Env).toContain("GREETING=it's $HOME");
    expect(config.Labels).toMatchObject({ a: "b c" });
  });

  test("Cloud Build: substitutions, the login in HOME, the metadata server's identity, the step's output", async () => {
    const { checkout, temp, home, env } = job();
    mkdirSync(join(home, ".docker"));
    cpSync(join(dir, "docker/config.json"), join(home, ".docker/config.json"));
    const image = `${registry.host}/cb/hello`;
    const [step] = cloudBuildSteps(join(root, "templates/cloudbuild.yaml"), {
      PROJECT_ID: "my-project",
      LOCATION: "europe-west1",
      BUILD_ID: "b-1",
      COMMIT_SHA: commit,
      SHORT_SHA: commit.slice(0, 7),
      BRANCH_NAME: "main",
      TAG_NAME: "",
      _IMAGE: image,
    });
    expect(step?.name).toBe("europe-west1-docker.pkg.dev/my-project/tools/knbuild:latest");
    const args = [
      ...step!.args,
      "--tag",
      `${image}:{branch}`,
      "--base",
      base,
      "--sign",
      "--fulcio-url",
      sigstore.url,
      "--rekor-url",
      sigstore.url,
    ];
    const result = await runProcess(join(bin, "knbuild"), args, {
      cwd: checkout,
      env: {
        ...env,
        ...step!.env,
        BUILDER_OUTPUT: join(temp, "out"),
        // Directories that nobody has made.
        KNBUILD_RESULTS_DIR: join(temp, "results/image"),
        KNBUILD_DOTENV: join(temp, "reports/build.env"),
        GCE_METADATA_HOST: sigstore.url.slice("http://".length),
      },
    });
    expect(result.code, result.stderr).toBe(0);
    const digest = await tagged(`${image}:${commit.slice(0, 7)}`);
    expect(await tagged(`${image}:main`)).toBe(digest);
    expect(readFileSync(join(temp, "out/output"), "utf8")).toBe(`${image}@${digest}\n`);
    expect(readFileSync(join(temp, "results/image/IMAGE_DIGEST"), "utf8")).toBe(digest);
    expect(readFileSync(join(temp, "reports/build.env"), "utf8")).toContain(`KNBUILD_REFERENCE=${image}@${digest}\n`);
    // Plain logs: no colour, no cursor movement.
    expect(result.stderr).not.toContain("\u001b");
    writeFileSync(join(temp, "root.json"), sigstore.trustedRoot);
    const verify = [
      "verify-signature",
      `${image}@${digest}`,
      "--identity",
      SUBJECT,
      "--issuer",
      ISSUER,
      "--trusted-root",
      join(temp, "root.json"),
    ];
    const login = { env: { DOCKER_CONFIG: join(dir, "docker") } };
    const verified = await knbuild.run(verify, login);
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    const provenance = await knbuild.run([...verify, "--type", "slsaprovenance1", "--json"], login);
    const { buildDefinition } = JSON.parse(provenance.stdout).verified[0].statement.predicate;
    // Three tags of one repository.
    expect(buildDefinition.internalParameters.names).toEqual([image]);

    writeFileSync(join(checkout, "package.json"), "{ not json");
    const broken = await runProcess(join(bin, "knbuild"), args, { cwd: checkout, env: { ...env, ...step!.env } });
    expect(broken.code).toBe(1);
  });
});
