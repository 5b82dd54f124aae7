/**
 * The builder image, built by knbuild, under Cloud Build's conditions: in podman, with no network but a metadata server,
 * registries and package mirrors; HOME, login, workspace and output where Cloud Build puts them. Takes minutes: in CI, or with
 * KNBUILD_TEST_BUILDER_IMAGE=1.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/base/package-root.ts";
import { findDebianMirrors } from "../../src/bases/apt-sources.ts";
import { verifySignature } from "../../src/pipeline/sign.ts";
import { createRegistryClient, type RegistryClient } from "../../src/registry/client.ts";
import { cloudBuildSteps, runProcess } from "../support/ci-systems.ts";
import {
  type IsolatedNetwork,
  isolatedNetwork,
  type Service,
  startMetadataServer,
  startPackageMirror,
} from "../support/cloud-build.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { requireComponent } from "../support/machine.ts";
import { PODMAN_RUN, useOwnPodmanStorage } from "../support/podman.ts";
import { identityToken, startSigstore, type TestSigstore } from "../support/sigstore.ts";
import { createTestTls, type TestTls } from "../support/tls.ts";
import { startTokenServer, type TokenServer } from "../support/token-server.ts";

const wanted = process.env["CI"] === "true" || process.env["KNBUILD_TEST_BUILDER_IMAGE"] === "1";
const possible =
  wanted && requireComponent("podman") && requireComponent("docker-registry") && requireComponent("skopeo");
const root = packageRoot();
const BUILDER = "localhost/knbuild-builder-test:1";
const ARTIFACT_REGISTRY = "europe-west1-docker.pkg.dev";
const IMAGE = `${ARTIFACT_REGISTRY}/my-project/apps/hello`;
const OTHER = "registry.example:5443";
const ACCESS_TOKEN = "ya29.only-for-this-test";
/** alice, open-sesame */
const HTPASSWD = "alice:$2y$05$HcJwSpkPA7UYXV35t5B40Ow9JcAI0WajmqcjWxH2P23vOi7X4Aw4m\n";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const ACCOUNT = "builder@my-project.iam.gserviceaccount.com";
const ISSUER = "https://accounts.google.com";

describe.skipIf(!possible)("the builder image", () => {
  let dir: string;
  let network: IsolatedNetwork;
  let tls: TestTls;
  let metadata: Service;
  let mirrors: { npm: Service; debian: Service; security: Service };
  let tokens: TokenServer;
  let registries: { google: DockerRegistry; other: DockerRegistry };
  let sigstore: TestSigstore;
  let client: RegistryClient;
  const removals: (() => unknown)[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-builder-"));
    removals.push(() => rmSync(dir, { recursive: true, force: true }), useOwnPodmanStorage());
    const archive = join(dir, "builder.tar");
    const args = [join(root, "scripts/image.mjs"), "-t", BUILDER, "-o", `type=oci,dest=${archive}`];
    const built = spawnSync(process.execPath, args, { cwd: dir, encoding: "utf8" });
    if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
    execFileSync("skopeo", ["copy", "--quiet", `oci-archive:${archive}`, `containers-storage:${BUILDER}`]);

    network = isolatedNetwork();
    const { address } = network;
    removals.push(() => network.remove());
    tls = await createTestTls([ARTIFACT_REGISTRY, "registry.example", address]);
    removals.push(() => rmSync(tls.dir, { recursive: true, force: true }));
    metadata = await startMetadataServer(address, {
      accessToken: ACCESS_TOKEN,
      identityToken: (audience) => identityToken({ sub: ACCOUNT, iss: ISSUER, aud: audience }),
    });
    const [debian] = findDebianMirrors("/etc/apt");
    if (!debian?.securityUrl) throw new Error("this machine names no Debian mirror");
    const npm = execFileSync("npm", ["config", "get", "registry"], { cwd: dir, encoding: "utf8" }).trim();
    mirrors = {
      npm: await startPackageMirror(address, npm),
      debian: await startPackageMirror(address, debian.url),
      security: await startPackageMirror(address, debian.securityUrl),
    };
    const { certFile, keyFile } = tls;
    tokens = await startTokenServer({
      address,
      tlsName: ARTIFACT_REGISTRY,
      certFile,
      keyFile,
      service: ARTIFACT_REGISTRY,
      users: { oauth2accesstoken: ACCESS_TOKEN },
      allow: (user, repository) => user === "oauth2accesstoken" && repository.startsWith("my-project/apps/"),
    });
    const token = { realm: tokens.url, service: ARTIFACT_REGISTRY, issuer: tokens.issuer, certFile };
    registries = {
      google: await startDockerRegistry({ listen: `${address}:443`, token, tls: { certFile, keyFile } }),
      other: await startDockerRegistry({ listen: `${address}:5443`, htpasswd: HTPASSWD, tls: { certFile, keyFile } }),
    };
    sigstore = await startSigstore({ address });
    for (const service of [metadata, ...Object.values(mirrors), tokens, ...Object.values(registries), sigstore]) {
      removals.push(() => service.close());
    }

    // What a trigger's checkout and Cloud Build itself leave for the step.
    for (const name of ["home/.docker", "output", "cache", "docker"]) mkdirSync(join(dir, name), { recursive: true });
    const login = (user: string, password: string) => ({ auth: Buffer.from(`${user}:${password}`).toString("base64") });
    writeFileSync(
      join(dir, "home/.docker/config.json"),
      JSON.stringify({ auths: { [`https://${OTHER}`]: login("alice", "open-sesame") } }),
    );
    const workspace = join(dir, "workspace");
    cpSync(join(root, "examples/express-js"), workspace, {
      recursive: true,
      filter: (path) => !/\/(?:node_modules|knbuild\.lock)$/.test(path),
    });
    writeFileSync(join(workspace, ".npmrc"), `registry=${mirrors.npm.url}/\n`);
    writeFileSync(
      join(workspace, "knbuild.yaml"),
      `mirror: { debian: "${mirrors.debian.url}", debianSecurity: "${mirrors.security.url}" }\n`,
    );

    writeFileSync(
      join(dir, "docker/config.json"),
      JSON.stringify({
        auths: {
          [registries.other.host]: login("alice", "open-sesame"),
        },
      }),
    );
    client = createRegistryClient({
      cacheDir: null,
      env: { DOCKER_CONFIG: join(dir, "docker") },
      caFiles: [tls.caFile],
    });
    removals.push(() => client.close());
  }, 1_800_000);
  afterAll(async () => {
    for (const remove of removals.reverse()) await remove();
  }, 60_000);

  /** A step as Cloud Build starts it. The services that it talks to live in this process. */
  function step(args: readonly string[], options: { entrypoint?: string; env?: Record<string, string> } = {}) {
    const hosts = ["metadata.google.internal", ARTIFACT_REGISTRY, "registry.example"];
    return runProcess(
      "podman",
      [
        ...PODMAN_RUN.slice(0, 2),
        "run",
        ...["--rm", "--log-driver", "none"],
        ...PODMAN_RUN.slice(2),
        `--network=ns:${network.namespace}`,
        ...hosts.map((host) => `--add-host=${host}:${network.address}`),
        ...["-v", `${dir}/workspace:/workspace`, "-w", "/workspace"],
        ...["-v", `${dir}/home:/builder/home`, "-e", "HOME=/builder/home"],
        ...["-v", `${dir}/output:/builder/outputs`, "-e", "BUILDER_OUTPUT=/builder/outputs"],
        ...["-v", `${dir}/cache:/cache`, "-e", "KNBUILD_CACHE_DIR=/cache"],
        ...["-v", `${tls.caFile}:/ca.crt:ro`],
        ...Object.entries(options.env ?? {}).flatMap(([name, value]) => ["-e", `${name}=${value}`]),
        ...(options.entrypoint ? ["--entrypoint", options.entrypoint] : []),
        BUILDER,
        ...args,
      ],
      {
        cwd: dir,
        env: { PATH: process.env["PATH"]!, CONTAINERS_STORAGE_CONF: process.env["CONTAINERS_STORAGE_CONF"]! },
        timeoutMs: 900_000,
      },
    );
  }

  test("has node, npm, pnpm, yarn, git and a shell inside", async () => {
    const versions = ["node", "npm", "pnpm", "yarn", "git", "knbuild"].map((tool) => `${tool} --version`).join(" && ");
    const result = await step(["-c", versions], { entrypoint: "sh" });
    expect(result.code, result.output).toBe(0);
    expect(result.stdout).toMatch(
      /^v24\.\d+\.\d+\n\d+\.\d+\.\d+\n\d+\.\d+\.\d+\n\d+\.\d+\.\d+\ngit version \S+\n\d+\.\d+\.\d+\n$/,
    );
  }, 300_000);

  test("templates/cloudbuild.yaml builds an example, pushes and signs it; the second time nothing is done", async () => {
    const [configured] = cloudBuildSteps(join(root, "templates/cloudbuild.yaml"), {
      PROJECT_ID: "my-project",
      LOCATION: "europe-west1",
      BUILD_ID: "b-1",
      COMMIT_SHA: COMMIT,
      SHORT_SHA: COMMIT.slice(0, 7),
      BRANCH_NAME: "feature/login",
      TAG_NAME: "v1.2.0",
      _IMAGE: IMAGE,
    });
    const args = [
      ...configured!.args,
      ...["--tag", `${OTHER}/team/hello:{branch}`, "--tag", `${OTHER}/team/hello:{tag}`],
      ...["--sign", "--fulcio-url", sigstore.url, "--rekor-url", sigstore.url],
      ...["--ca", "/ca.crt", "--json"],
    ];
    const first = await step(args, { env: configured!.env });
    expect(first.code, first.output).toBe(0);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({ unchanged: false, base: { ref: expect.stringMatching(/^debian13-/) } });
    expect(readFileSync(join(dir, "output/output"), "utf8").split("\n")).toEqual([
      `${IMAGE}@${report.digest}`,
      `${OTHER}/team/hello@${report.digest}`,
      "",
    ]);
    const { google, other } = registries;
    const tagged = ({ dir }: DockerRegistry, repository: string, tag: string) =>
      readFileSync(
        join(dir, "data/docker/registry/v2/repositories", repository, "_manifests/tags", tag, "current/link"),
        "utf8",
      );
    for (const tag of [COMMIT.slice(0, 7), "latest"]) {
      expect(tagged(google, "my-project/apps/hello", tag)).toBe(report.digest);
    }
    for (const tag of ["feature-login", "v1.2.0"]) expect(tagged(other, "team/hello", tag)).toBe(report.digest);
    // The token came from the metadata server and went to the registry's token server, and nowhere else.
    expect(metadata.requests).toContain("GET /computeMetadata/v1/instance/service-accounts/default/token");
    expect(tokens.requests.some(({ user, status }) => user === "oauth2accesstoken" && status === 200)).toBe(true);
    expect(first.output).not.toContain(ACCESS_TOKEN);
    // Plain logs, no terminal's control codes.
    expect(first.stderr).not.toContain("\u001b");
    writeFileSync(join(dir, "root.json"), sigstore.trustedRoot);
    const place = { registry: () => client, cwd: dir, env: { KNBUILD_CACHE_DIR: join(dir, "verify-cache") } };
    const spec = `${other.host}/team/hello:v1.2.0`;
    const policy = { identities: [ACCOUNT], issuers: [ISSUER], trustedRoot: "root.json" };
    expect((await verifySignature(spec, { policy }, place)).verified).toHaveLength(1);
    const predicateType = "https://slsa.dev/provenance/v1";
    const [provenance] = (await verifySignature(spec, { policy, predicateType }, place)).verified;
    expect(provenance?.statement?.predicate).toMatchObject({
      runDetails: {
        builder: { id: "https://cloudbuild.googleapis.com/GoogleHostedWorker" },
        metadata: { invocationId: "https://cloudbuild.googleapis.com/v1/projects/my-project/builds/b-1" },
      },
    });

    const fetched = () => Object.values(mirrors).flatMap(({ requests }) => requests).length;
    const before = fetched();
    const second = await step(args, { env: configured!.env });
    expect(second.code, second.output).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ unchanged: true, digest: report.digest });
    expect(fetched()).toBe(before);
  }, 1_200_000);

  test("failures are exit codes and plain errors that Cloud Build shows", async () => {
    const missing = await step(["build", "missing", "--push", "-t", `${IMAGE}:v1`]);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("error[SOURCE_MISSING]")]);
    // The service account may not write there.
    const foreign = `${ARTIFACT_REGISTRY}/other-project/apps/hello:v1`;
    const refused = await step(["build", ".", "--push", "-t", foreign, "--ca", "/ca.crt"]);
    expect(refused.code, refused.output).toBe(1);
    expect(refused.stderr).toMatch(/^error\[REGISTRY_\w+\]/m);
    expect(refused.output).not.toContain(ACCESS_TOKEN);
  }, 600_000);
});
