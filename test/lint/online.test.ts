/** `lint --online`: base images are asked for at a real registry, through the mirrors of the configuration. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";
import { requireComponent } from "../support/machine.ts";
import { file, testImage } from "../support/test-image.ts";

describe.skipIf(!requireComponent("docker-registry"))("lint --online", () => {
  let dir: string;
  let registry: DockerRegistry;
  let knbuild: Knbuild;
  const digests: Record<string, string> = {};

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "knbuild-online-"));
    knbuild = buildKnbuild();
    registry = await startDockerRegistry();
    const store = openStore(join(dir, "store"));
    const client = createRegistryClient({ plainHttp: [registry.host], env: {} });
    for (const [name, architecture] of [
      ["library/node", "amd64"],
      ["team/phone", "arm64"],
    ] as const) {
      const layers = [[file("a", name)]];
      const image = await testImage({ store, layers, config: {}, platform: { os: "linux", architecture } });
      const target = client.repository(`${registry.host}/${name}`, { access: "push" });
      await copy(await targetOfImage(image, name), target, { reference: image.descriptor, tags: ["24.19"] });
      digests[name] = image.descriptor.digest;
    }
    client.close();
    const mirrors = { "docker.io": { urls: [registry.url], strict: true } };
    writeFileSync(join(dir, "knbuild.yaml"), JSON.stringify({ mirrors }));
  }, 120_000);

  afterAll(async () => {
    knbuild?.remove();
    await registry?.close();
    if (dir) rmSync(dir, { recursive: true, force: true });
  });

  async function lint(text: string, ...args: string[]) {
    writeFileSync(join(dir, "Dockerfile"), text);
    const all = ["lint", "Dockerfile", "--online", "--format", "json", "--plain-http", registry.host, ...args];
    const run = await knbuild.run(all, { cwd: dir, env: { KNBUILD_CACHE_DIR: join(dir, "cache") } });
    expect(run.stdout, run.stderr).not.toBe("");
    const { findings } = JSON.parse(run.stdout) as { findings: { rule: string; message: string }[] };
    return { code: run.code, rules: findings.map(({ rule }) => rule), findings, stderr: run.stderr };
  }

  test("a tag that is not there is an error", async () => {
    const { code, findings } = await lint('FROM node:99.1\nUSER 1\nCMD ["node", "s.js"]\n');
    expect(code).toBe(1);
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: "KN093", message: expect.stringContaining("node:99.1") }),
    );
  });

  test("an image that is only for another platform is one too", async () => {
    const { rules } = await lint('FROM team/phone:24.19\nUSER 1\nCMD ["a"]\n');
    expect(rules).toContain("KN010");
    expect(rules).not.toContain("KN093");
  });

  test("--fix pins the digest, and then it is quiet", async () => {
    const text = 'FROM node:24.19 AS run\nUSER 1\nCMD ["node", "s.js"]\n';
    expect((await lint(text)).rules).toEqual(["KN091"]);
    expect((await lint(text, "--fix")).rules).toEqual([]);
    const fixed = readFileSync(join(dir, "Dockerfile"), "utf8");
    expect(fixed).toBe(text.replace("node:24.19", `node:24.19@${digests["library/node"]}`));
  });

  test("a registry that does not answer is told, and nothing is made of it", async () => {
    const { rules, stderr } = await lint('FROM localhost:1/x:1\nUSER 1\nCMD ["a"]\n');
    expect(rules).toEqual(["KN091"]);
    expect(stderr).toContain("REGISTRY_SILENT");
  }, 60_000);
});
