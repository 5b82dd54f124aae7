/** `images:` of one configuration: built in one call, one JSON array, and its mirrors serve every one of them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { directory, file, testImage } from "../support/test-image.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let registry: DockerRegistry;
let base: string;
beforeAll(async () => {
  workshop = openWorkshop();
  registry = await startDockerRegistry();
  const image = await testImage({
    store: openStore(workshop.dir("store")),
    layers: [[directory("etc"), file("etc/motd", "hello\n")]],
    config: { Entrypoint: ["/bin/app"], User: "65532" },
    compression: "gzip",
  });
  base = image.descriptor.digest;
  const client = createRegistryClient({ env: {}, cacheDir: null });
  const there = client.repository(`${registry.host}/library/tiny`, { access: "push" });
  await copy(await targetOfImage(image, "made"), there, { reference: "latest", tags: ["1"] });
  client.close();
});
afterAll(async () => {
  await registry?.close();
  workshop.close();
});

function project(files: Record<string, string>): string {
  const dir = workshop.dir("shop");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

const DOCKERFILE = "FROM tiny:1\nCOPY --chown=65532 page.html /srv/\n";

test("every image is built from the base that the mirror holds", async () => {
  const dir = project({
    "knbuild.yaml": [
      `mirrors: {"docker.io": {urls: ["http://${registry.host}"], strict: true}}`,
      "images: [{dir: cart}, {dir: till, name: counter}]",
    ].join("\n"),
    "cart/Dockerfile": DOCKERFILE,
    "cart/page.html": "cart",
    "till/Dockerfile": DOCKERFILE,
    "till/page.html": "till",
  });
  const { code, stdout, stderr } = await workshop.knbuild.run(["build", dir, "--json"]);
  expect(`${code} ${stderr}`).toMatch(/^0 /);
  const reports = JSON.parse(stdout) as BuildReport[];
  expect(reports.map(({ name }) => name)).toEqual(["cart:latest", "counter:latest"]);
  expect(reports.map((report) => report.base.digest)).toEqual([base, base]);
  expect(new Set(reports.map(({ digest }) => digest)).size).toBe(2);
  // Each step says whose it is.
  expect(stderr).toMatch(/✓ cart: /);
  expect(stderr).toMatch(/✓ till: /);
});

test("two directories in one call; one name for both is wrong use", async () => {
  const dir = project({ "one/index.html": "one", "two/index.html": "two" });
  const dirs = [join(dir, "one"), join(dir, "two")];
  const built = await workshop.knbuild.run(["build", ...dirs, "--json", "-t", "registry.example/{name}:v1"]);
  expect(`${built.code} ${built.stderr}`).toMatch(/^0 /);
  expect((JSON.parse(built.stdout) as BuildReport[]).map(({ name }) => name)).toEqual([
    "registry.example/one:v1",
    "registry.example/two:v1",
  ]);
  const wrong = await workshop.knbuild.run(["build", ...dirs, "-t", "registry.example/app:v1"]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain("error[TAG_INVALID]");
});
