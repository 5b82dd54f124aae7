/** When a call may be answered by what an equal one found, against a real registry. */
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { copy } from "../../src/oci/copy.ts";
import { parseReference } from "../../src/oci/reference.ts";
import { beginRecord, remember } from "../../src/pipeline/build-record.ts";
import type { BuildReport, KeptBuild } from "../../src/pipeline/build-types.ts";
import { type Call, callKey, recallCall, rememberCall } from "../../src/pipeline/same-call.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { openStore } from "../../src/store/store.ts";
import { randomImage, type TestImage } from "../registry/random-image.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";

/** alice, open-sesame */
const HTPASSWD = "alice:$2y$05$9XKkJI2hhWlpzTzZPk6ZtuY4YIzw84MY3TGJwiIWD2ZcMCtrvFdn6\n";

let scratch: string;
let registry: DockerRegistry;
let image: TestImage;
let other: TestImage;
let call: Call & { env: NodeJS.ProcessEnv };

const server = () => join(call.cwd, "server.js");
const names = (host = registry.host, repository = "app") => [parseReference(`${host}/${repository}:v1`)];

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "knbuild-same-call-"));
  registry = await startDockerRegistry();
  image = await randomImage([100]);
  other = await randomImage([100], { seed: "another" });
});
afterAll(async () => {
  await registry.close();
  rmSync(scratch, { recursive: true, force: true });
});

let made = 0;
beforeEach(async () => {
  const dir = join(scratch, String(made++));
  mkdirSync(join(dir, "app"), { recursive: true });
  call = {
    argv: ["build", "."],
    cwd: join(dir, "app"),
    env: { KNBUILD_CACHE_DIR: join(dir, "cache"), TOKEN: "s3cret" },
  };
  writeFileSync(server(), "one");
  await push(image);
});

async function push({ target, descriptor }: TestImage, tag = "v1"): Promise<void> {
  const client = createRegistryClient({ env: call.env });
  await copy(target, client.repository(`${registry.host}/app`, { access: "push" }), {
    reference: descriptor.digest,
    tags: [tag],
  });
  client.close();
}

/** As a build does that pushed the image. */
function keep(kept: Partial<KeptBuild> = {}, { plainHttp = [] as string[], inputs = [] as string[] } = {}): void {
  const store = openStore(call.env["KNBUILD_CACHE_DIR"]);
  const report = {
    digest: image.descriptor.digest,
    layers: [],
    outputs: [{ type: "registry" }],
  } as unknown as BuildReport;
  const result: KeptBuild = { report, names: names(), requests: [{ type: "registry" }], ...kept };
  // Long ago: times alone are trusted.
  const later = Date.now() + 60_000;
  const record = remember(call.cwd, beginRecord(call.cwd, later, "knbuild.lock"), false, inputs, result);
  expect(record).toBeDefined();
  store.writeRecord("builds", "key", record);
  rememberCall(store, { call: callKey(call), dir: call.cwd, build: "key", env: call.env, kept: result, plainHttp });
}

describe("a call is answered", () => {
  test("when nothing has changed, and no secret of its environment is kept", async () => {
    keep();
    expect(await recallCall(call)).toMatchObject({ digest: image.descriptor.digest, unchanged: true });
    const { status } = spawnSync("grep", ["-rq", "s3cret", call.env["KNBUILD_CACHE_DIR"] as string]);
    expect(status).toBe(1);
  });

  test("whatever the shell counts", async () => {
    keep();
    expect(await recallCall({ ...call, env: { ...call.env, SHLVL: "7", _: "/usr/bin/node" } })).toBeDefined();
  });

  test("however it is told", async () => {
    keep();
    expect(await recallCall({ ...call, argv: ["--json", ...call.argv, "-q"] })).toBeDefined();
    expect(await recallCall({ ...call, argv: [...call.argv, "--", "--json"] })).toBeUndefined();
  });
});

describe("a call is a build", () => {
  test.each([
    ["other words", () => ({ ...call, argv: ["build", ".", "-t", "x"] })],
    ["another directory", () => ({ ...call, cwd: scratch })],
    ["another environment", () => ({ ...call, env: { ...call.env, NODE_ENV: "test" } })],
    ["one variable less", () => ({ ...call, env: { KNBUILD_CACHE_DIR: call.env["KNBUILD_CACHE_DIR"] } })],
  ])("with %s", async (_what, changed) => {
    keep();
    expect(await recallCall(changed())).toBeUndefined();
  });

  test.each([
    ["a file was edited", () => writeFileSync(server(), "two")],
    ["a file was edited and its times set back", editBehindTheClock],
    ["a file is new", () => writeFileSync(join(call.cwd, "new.js"), "")],
    ["a file is gone", () => rmSync(server())],
    ["the directory is gone", () => rmSync(call.cwd, { recursive: true })],
    ["the tag names another image", () => push(other)],
    ["the image was deleted at the registry", deleteImage],
    ["the build's record is broken", breakRecord],
  ])("when %s", async (_what, change) => {
    keep();
    await change();
    expect(await recallCall(call)).toBeUndefined();
  });

  test("when an input outside of the directory changed", async () => {
    const outside = join(scratch, "outside.json");
    writeFileSync(outside, "{}");
    keep({}, { inputs: [outside] });
    expect(await recallCall(call)).toBeDefined();
    appendFileSync(outside, " ");
    expect(await recallCall(call)).toBeUndefined();
  });

  test("when the registry wants a login, or is not there", async () => {
    const closed = await startDockerRegistry({ htpasswd: HTPASSWD });
    keep({ names: names(closed.host) });
    expect(await recallCall(call)).toBeUndefined();
    await closed.close();
    expect(await recallCall(call)).toBeUndefined();
  });

  test("when one of its names was never pushed", async () => {
    keep({ names: [...names(), ...names(registry.host, "never")] });
    expect(await recallCall(call)).toBeUndefined();
  });

  test("when the store has lost the name", async () => {
    const store = openStore(call.env["KNBUILD_CACHE_DIR"]);
    await store.tag(image.descriptor, "hello:latest");
    keep({ names: [parseReference("hello")], requests: [{ type: "store" }] });
    expect(await recallCall(call)).toBeDefined();
    await store.untag("hello:latest");
    expect(await recallCall(call)).toBeUndefined();
  });

  test.each([
    ["its registry speaks TLS", () => keep({ names: [parseReference("registry.example/app:v1")] })],
    ["its output is a file", () => keep({ requests: [{ type: "oci", dest: "/x.tar" }] })],
    ...["HTTP_PROXY", "all_proxy"].map((name): [string, () => void] => [
      `there is a proxy on the way, by ${name}`,
      () => {
        call.env[name] = "socks5://proxy.example:1080";
        keep({ names: [parseReference("registry.example/app:v1")] }, { plainHttp: ["registry.example"] });
      },
    ]),
    [
      "a CI system waits for its report",
      () => {
        call.env["GITHUB_OUTPUT"] = join(scratch, "output");
        keep();
      },
    ],
  ])("and nothing else is thought of, when %s", (_what, prepare) => {
    prepare();
    expect(openStore(call.env["KNBUILD_CACHE_DIR"]).readRecord("calls", callKey(call))).toBeUndefined();
  });
});

/** Same size, same time of change: the inode tells. */
function editBehindTheClock(): void {
  const { atime, mtime } = lstatSync(server());
  writeFileSync(server(), "two");
  utimesSync(server(), atime, mtime);
}

async function deleteImage(): Promise<void> {
  const url = `${registry.url}/v2/app/manifests/${image.descriptor.digest}`;
  expect((await fetch(url, { method: "DELETE" })).status).toBe(202);
}

function breakRecord(): void {
  const file = join(call.env["KNBUILD_CACHE_DIR"] as string, "records/builds/key.json");
  writeFileSync(file, readFileSync(file, "utf8").slice(0, 100));
}
