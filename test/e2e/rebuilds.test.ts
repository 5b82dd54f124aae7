/** What a second build costs, and that the same input gives the same image whoever builds it wherever. */
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BuildReport } from "../../src/pipeline/build-types.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let app: string;
let first: BuildReport;

beforeAll(async () => {
  workshop = openWorkshop();
  app = workshop.example("express-js");
  first = await workshop.build(app);
}, 300_000);
afterAll(() => workshop.close());

const server = () => join(app, "server.js");

describe("a second build", () => {
  test("of unchanged files does nothing", async () => {
    // Not even the very next one, though the first wrote knbuild.lock.
    const second = await workshop.build(app);
    expect(second).toMatchObject({ unchanged: true, digest: first.digest });
    // Nor does it report as its own what the first one did.
    expect(second.layers.map(({ cached }) => cached)).not.toContain(false);
    expect(second.outputs).toMatchObject([{ type: "store", bytesWritten: 0, bytesUploaded: 0 }]);
    expect(second.outputs[0]?.blobs?.map(({ action }) => action)).toEqual(first.outputs[0]?.blobs?.map(() => "exists"));
  });

  test("after an edit of one line makes the app's layers anew, under 100 kB, and leaves all others", async () => {
    const text = readFileSync(server(), "utf8");
    writeFileSync(server(), text.replace("took a while", "took its time"));
    try {
      const edited = await workshop.build(app);
      expect(edited.digest).not.toBe(first.digest);
      const changed = edited.layers.filter(({ digest }) => !first.layers.some((layer) => layer.digest === digest));
      expect(changed.map(({ kind }) => kind).filter((kind) => kind !== "app" && kind !== "sourcemaps")).toEqual([]);
      expect(changed.length).toBeGreaterThan(0);
      expect(changed.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(100_000);
    } finally {
      writeFileSync(server(), text);
    }
    // Taken back, it is the first image again.
    expect((await workshop.build(app)).digest).toBe(first.digest);
  });

  test("of a monorepo's member sees an edit in what another member's build makes", async () => {
    const root = workshop.dir("monorepo");
    const write = (path: string, value: string | object) => {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), typeof value === "string" ? value : JSON.stringify(value));
    };
    write("package.json", { private: true, workspaces: ["apps/*", "packages/*"] });
    write("packages/word/package.json", {
      name: "word",
      version: "1.0.0",
      main: "dist/index.js",
      scripts: { build: "mkdir -p dist && cp src/index.js dist/" },
    });
    write("packages/word/src/index.js", 'module.exports = "first";\n');
    write("apps/api/package.json", { name: "api", version: "1.0.0", dependencies: { word: "*" } });
    write(
      "apps/api/server.js",
      'const word = require("word");\nrequire("node:http").createServer((_, r) => r.end(word)).listen(process.env.PORT);\n',
    );
    const api = join(root, "apps/api");
    const before = await workshop.build(api);
    write("packages/word/src/index.js", 'module.exports = "second";\n');
    const after = await workshop.build(api);
    expect(after.unchanged).not.toBe(true);
    expect(after.digest).not.toBe(before.digest);
  });

  test("of a fresh checkout finds every layer by its content", async () => {
    const copy = join(workshop.dir("checkout"), "express-js");
    cpSync(app, copy, { recursive: true });
    for (const name of readdirSync(copy)) utimesSync(join(copy, name), new Date(), new Date());
    const report = await workshop.build(copy);
    expect(report.digest).toBe(first.digest);
    expect(report.layers.filter(({ cached }) => !cached)).toEqual([]);
  });

  test("pushes nothing that is there, and only the edit after an edit", async () => {
    const registry = await startDockerRegistry();
    try {
      const push = () => workshop.build(app, "-t", `${registry.host}/express:v1`, "--push");
      const sent = (report: BuildReport) => report.outputs.reduce((sum, { bytesUploaded }) => sum + bytesUploaded, 0);
      expect(sent(await push())).toBeGreaterThan(1_000_000);
      // The very same call again needs next to nothing of the program.
      const loader = join(dirname(workshop.knbuild.program), "load.cjs");
      renameSync(loader, `${loader}.away`);
      try {
        const again = await push();
        expect(again).toMatchObject({ unchanged: true, digest: first.digest });
        expect(sent(again)).toBe(0);
      } finally {
        renameSync(`${loader}.away`, loader);
      }
      const text = readFileSync(server(), "utf8");
      writeFileSync(server(), text.replace("took a while", "took some time"));
      try {
        const bytes = sent(await push());
        expect(bytes).toBeGreaterThan(0);
        expect(bytes).toBeLessThan(100_000);
      } finally {
        writeFileSync(server(), text);
      }
    } finally {
      await registry.close();
    }
  });
});

describe("the same digest", () => {
  test.each(["zstd", "none"])("of the content, whatever the compression: %s", async (compression) => {
    const report = await workshop.build(app, "--compression", compression);
    expect(report.layers.map(({ diffId }) => diffId)).toEqual(first.layers.map(({ diffId }) => diffId));
    expect(report.digest).not.toBe(first.digest);
  });

  test("by two builds at once that share an empty store", async () => {
    const cache = { KNBUILD_CACHE_DIR: workshop.cacheWithBases() };
    const reports = await Promise.all([workshop.buildWith(cache, app), workshop.buildWith(cache, app)]);
    expect(reports.map(({ digest }) => digest)).toEqual([first.digest, first.digest]);
    expect((await workshop.knbuild.run(["cache", "verify"], { env: cache })).code).toBe(0);
  });
});

test("several images in one call: one array, in the order of the directories", async () => {
  const plain = workshop.example("plain-http-cjs");
  const { code, stdout } = await workshop.knbuild.run([plain, app, "--json"], { timeoutMs: 300_000 });
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as BuildReport[]).map(({ digest }) => digest)[1]).toBe(first.digest);
});
