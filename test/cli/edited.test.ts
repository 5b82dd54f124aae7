/** The program after an edit: a small part of it answers, with the judgement in a thread of its own. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { randomImage } from "../registry/random-image.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { buildKnbuild, type Knbuild } from "../support/knbuild.ts";

const SERVER = `const http = require("http");
const { greeting } = require("./greeting");
http.createServer((req, res) => res.end(greeting)).listen(process.env.PORT || 8080);
`;

let knbuild: Knbuild;
let registry: DockerRegistry;
let scratch: string;
const at = (path: string): string => join(scratch, "app", path);

beforeAll(async () => {
  knbuild = buildKnbuild();
  scratch = mkdtempSync(join(tmpdir(), "knbuild-edited-"));
  registry = await startDockerRegistry();
  const { target, descriptor } = await randomImage([1000]);
  const client = createRegistryClient({ env: {}, cacheDir: null });
  await copy(target, client.repository(`${registry.host}/base`, { access: "push" }), {
    reference: descriptor.digest,
    tags: ["1"],
  });
  client.close();
  mkdirSync(at(""), { recursive: true });
  writeFileSync(at("package.json"), '{ "name": "edited", "scripts": { "start": "node server.js" } }');
  writeFileSync(at("knbuild.yaml"), `base: ${registry.host}/base:1\n`);
  writeFileSync(at("server.js"), SERVER);
  writeFileSync(at("greeting.js"), 'exports.greeting = "Hello";\n');
  // A file as young as the build that reads it is not remembered by its times.
  await pause(100);
});
afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
  knbuild.remove();
});

const inCache = (cache: string) => ({ cwd: at(""), env: { KNBUILD_CACHE_DIR: join(scratch, cache) } });

const build = (cache: string, output = ["--push"]) =>
  knbuild.run(["build", ".", "--json", "-t", `${registry.host}/edited:1`, ...output], inCache(cache));

async function built(cache: string, output?: string[]): Promise<BuildReport> {
  const { code, stdout, stderr } = await build(cache, output);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as BuildReport;
}

test("the first edit and the next ones are built without a plan, to the digest of a whole build", async () => {
  await built("short");
  for (const round of [1, 2]) {
    appendFileSync(at("greeting.js"), `exports.round = ${round};\n`);
    const { digest, timingsMs } = await built("short");
    expect(Object.keys(timingsMs)).not.toContain("plan");
    expect((await built(`whole-${round}`)).digest).toBe(digest);
  }
});

test("an edit is built into the store as well, whole and under the image's name", async () => {
  await built("stored", []);
  appendFileSync(at("greeting.js"), "exports.stored = true;\n");
  const { name, digest, outputs, timingsMs } = await built("stored", []);
  expect(Object.keys(timingsMs)).not.toContain("plan");
  expect(outputs).toMatchObject([{ type: "store" }]);
  expect((await built("whole-stored", [])).digest).toBe(digest);
  const layout = join(scratch, "layout");
  const copied = await knbuild.run(["copy", `store:${name}`, `oci:${layout}:1`, "--json"], inCache("stored"));
  expect(JSON.parse(copied.stdout)).toMatchObject({ digest });
  expect((await knbuild.run(["cache", "verify"], inCache("stored"))).code).toBe(0);
});

test("no more of the program is opened than what an edit needs", async () => {
  const kept = readdirSync(join(scratch, "short/code")).flatMap((name) => {
    const [head = "{}"] = readFileSync(join(scratch, "short/code", name), "latin1").split("\n", 1);
    return (JSON.parse(head) as { kinds: string[] }).kinds.includes("edit") ? [name.split("-")[0]] : [];
  });
  expect(kept.sort()).toEqual(["copy", "edit", "judge"]);
});

test("an edit that breaks the contract is told as a whole build tells it, and the next one is built", async () => {
  writeFileSync(at("server.js"), SERVER.replace("|| 8080)", '|| 8080, "127.0.0.1")'));
  const [short, whole] = [await build("short"), await build("anew")];
  expect(short.code).toBe(1);
  expect(short.stderr).toContain("CONTRACT_BROKEN");
  expect(JSON.parse(short.stdout)).toEqual(JSON.parse(whole.stdout));
  writeFileSync(at("server.js"), `${SERVER}// again\n`);
  const { digest } = await built("short");
  expect(digest).toBe((await built("whole-again")).digest);
});

test("a server that a variable moves off localhost is told by the image, as long as it asks", async () => {
  const variables = async ({ name }: BuildReport) =>
    JSON.parse((await knbuild.run(["inspect", name, "--json"], inCache("moved"))).stdout).config.Env as string[];
  writeFileSync(at("server.js"), SERVER.replace("|| 8080)", '|| 8080, process.env.BIND_HOST || "localhost")'));
  const told = await built("moved", []);
  expect(told.warnings.join("\n")).toContain("BIND_HOST=0.0.0.0");
  expect(await variables(told)).toContain("BIND_HOST=0.0.0.0");
  writeFileSync(at("server.js"), SERVER);
  const open = await built("moved", []);
  expect(open.warnings.join("\n")).not.toContain("BIND_HOST");
  expect(open.digest).toBe((await built("moved-anew", [])).digest);
});
