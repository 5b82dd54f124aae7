/** Whole apps: bundled, laid out where nothing else is, started with node, asked, stopped. */
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  bundle,
  examples,
  installedPackages,
  npmCi,
  paths,
  place,
  removeTemporaryDirs,
  start,
  startPlaced,
  stopAll,
  temporaryDir,
  writeFiles,
} from "./place.ts";

let packages: string;

beforeAll(() => {
  packages = installedPackages();
}, 300_000);
afterAll(() => {
  stopAll();
  removeTemporaryDirs();
});

/** A member below the installed packages. */
function member(name: string, files: Record<string, string>): string {
  const dir = join(packages, "apps", name);
  mkdirSync(dir, { recursive: true });
  return writeFiles(dir, files);
}

const get = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

test("what a package's program starts, which the app is, is told as the app's own calls", async () => {
  const dir = join(temporaryDir(), "app");
  mkdirSync(join(dir, "node_modules/.bin"), { recursive: true });
  writeFiles(dir, {
    "package.json": "{}",
    "node_modules/tool/package.json":
      '{ "name": "tool", "version": "1.0.0", "bin": "bin/tool", "dependencies": { "other": "1" } }',
    "node_modules/tool/bin/tool": "require('../lib/version');\nrequire('other');\n",
    "node_modules/tool/lib/version.js":
      "const cp = require('child_process');\ncp.execFileSync('git', ['--version']);\n",
    "node_modules/other/package.json": '{ "name": "other", "version": "1.0.0" }',
    "node_modules/other/index.js": "require('child_process').spawnSync('hg');\n",
  });
  symlinkSync("../tool/bin/tool", join(dir, "node_modules/.bin/tool"));
  const { starts } = await bundle(dir, "node_modules/.bin/tool");
  expect(starts).toEqual([
    { program: "git", by: ["node_modules/tool/lib/version.js:2: cp.execFileSync('git', ['--version'])"] },
  ]);
});

describe("an app that reads its own files", () => {
  test("finds views, public, locales and data where they lay; no secret comes along", async () => {
    const dir = join(temporaryDir(), "app");
    cpSync(join(examples, "assets-and-views"), dir, { recursive: true });
    npmCi(dir);
    writeFiles(dir, {
      ".env": "TOKEN=leaked-secret",
      ".npmrc": "x=leaked-secret",
      "deploy.key": "leaked-secret",
      "data/sa.json": '{"private_key":"-----BEGIN PRIVATE KEY-----leaked-secret"}',
      "src/notes.test.js": "//",
      "public/uploads/.gitkeep": "",
    });
    const placed = await place(dir, "src/server.js");
    const { result } = placed;
    expect(result.mode).toBe("bundle");
    expect(result.bundled.join(" ")).toMatch(/\bexpress@5/);
    expect(result.external.find((e) => e.name === "ejs")?.reason).toMatch(/express loads modules by name/);
    const app = `${placed.imageDir.slice(1)}/app`;
    expect(paths(result, "assets").map((path) => path.slice(app.length + 1))).toEqual([
      "data/quotes.txt",
      "locales/de.json",
      "locales/en.json",
      "public/style.css",
      "public/uploads/.gitkeep",
      "views/index.ejs",
    ]);
    expect(paths(result, "app")).toEqual([`${app}/package.json`, `${app}/src/server.js`]);
    expect(result.warnings.map((w) => w.code)).toEqual(["BUNDLE_SECRET_LEFT_OUT"]);
    for (const file of Object.values(result.files).flat()) {
      const bytes =
        "bytes" in file.source
          ? Buffer.from(file.source.bytes)
          : "file" in file.source
            ? readFileSync(file.source.file)
            : Buffer.alloc(0);
      expect(bytes.includes("leaked-secret"), file.path).toBe(false);
    }
    const running = await startPlaced(placed);
    expect(await get(`${running.url}/?lang=de`)).toMatchObject({
      status: 200,
      text: expect.stringMatching(/Worte zum Bauen[\s\S]*Same input/),
    });
    expect(await get(`${running.url}/style.css`)).toMatchObject({
      status: 200,
      text: expect.stringContaining("sans-serif"),
    });
    expect(await get(`${running.url}/version`)).toMatchObject({ text: '{"version":"1.0.0"}' });
    expect(await running.stop()).toMatchObject({ status: 0 });

    const files = await place(dir, "src/server.js", { enabled: false });
    expect(files.result).toMatchObject({ mode: "files", bundled: [] });
    expect(files.result.files.vendor).toBeUndefined();
    const unbundled = await startPlaced(files);
    expect(await get(`${unbundled.url}/?lang=en`)).toMatchObject({
      status: 200,
      text: expect.stringContaining("Words to build by"),
    });
    await unbundled.stop();
  });
});

test("a native addon is shipped as files, for this platform only", async () => {
  const dir = join(temporaryDir(), "app");
  cpSync(join(examples, "native-addon"), dir, { recursive: true });
  npmCi(dir);
  const placed = await place(dir, "server.js");
  expect(placed.result.external.map((e) => e.name).sort()).toContain("bcrypt");
  expect(placed.result.external.find((e) => e.name === "bcrypt")?.reason).toMatch(
    /^bcrypt\.js:\d+ loads a native addon/,
  );
  const addons = paths(placed.result, "dependencies").filter((path) => path.endsWith(".node"));
  expect(addons.length).toBeGreaterThan(0);
  expect(addons.every((path) => /linux-x64\/[^/]*\.node$/.test(path) && !path.includes("musl"))).toBe(true);
  const running = await startPlaced(placed);
  expect(JSON.parse((await get(running.url)).text)).toEqual({ matches: true, prefix: "$2b$04$" });
  await running.stop();
});

test("TypeScript, ES modules, tsconfig paths, import.meta.url, dynamic import, JSON, top-level await", async () => {
  const dir = member("hono-ts", {
    "package.json":
      '{"name":"hono-ts","type":"module","dependencies":{"hono":"*","@hono/node-server":"*","zod":"*","bcrypt":"*"}}',
    "tsconfig.json": '{"compilerOptions":{"module":"NodeNext","paths":{"@lib/*":["./src/lib/*"]}}}',
    "src/server.ts":
      'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nimport bcrypt from "bcrypt";\nimport { describe, type Named } from "@lib/describe.js";\nimport config from "./config.json" with { type: "json" };\n' +
      'class Duplicate {}\nconst app = new Hono();\nconst { z } = await import("zod");\n' +
      'app.get("/", async (c) => c.json({ d: describe({ name: "x" } as Named), c: config.a, z: z.string().parse("s"), n: Duplicate.name, b: await bcrypt.compare("x", await bcrypt.hash("x", 4)) }));\n' +
      "serve({ fetch: app.fetch, port: Number(process.env.PORT) });\n",
    "src/config.json": '{"a":5}',
    "src/lib/describe.ts":
      'import { readFileSync } from "node:fs";\nexport interface Named { name: string }\nclass Duplicate {}\n' +
      'export const describe = (n: Named): string => n.name + readFileSync(new URL("../../texts/a.txt", import.meta.url), "utf8").trim() + Duplicate.name + import.meta.url.split("/").at(-1);\n',
    "texts/a.txt": "text\n",
  });
  const placed = await place(dir, "src/server.ts", { modulesRoot: packages });
  expect(placed.result).toMatchObject({ format: "esm", mode: "bundle" });
  expect(placed.result.workdir.endsWith("/app/apps/hono-ts")).toBe(true);
  expect(placed.result.bundled.map((b) => b.replace(/@[^@]*$/, ""))).toEqual(["@hono/node-server", "hono", "zod"]);
  const running = await startPlaced(placed);
  expect(JSON.parse((await get(running.url)).text)).toEqual({
    d: "xtextDuplicatedescribe.ts",
    c: 5,
    z: "s",
    n: "Duplicate",
    b: true,
  });
  expect(await running.stop()).toMatchObject({ status: 0 });

  const files = await place(dir, "src/server.ts", { modulesRoot: packages, enabled: false });
  expect(paths(files.result, "app").map((p) => p.split("/apps/hono-ts/")[1])).toEqual([
    "package.json",
    "src/lib/describe.js",
    "src/server.js",
  ]);
  const unbundled = await startPlaced(files);
  expect(JSON.parse((await get(unbundled.url)).text)).toMatchObject({ c: 5, b: true });
  await unbundled.stop();
});

test("CommonJS TypeScript whose decorators carry types is compiled by the app's own TypeScript", async () => {
  const dir = temporaryDir();
  mkdirSync(join(dir, "node_modules"));
  symlinkSync(join(import.meta.dirname, "../../node_modules/typescript"), join(dir, "node_modules/typescript"));
  writeFiles(dir, {
    "package.json": '{"name":"decorated"}',
    "tsconfig.json": '{"extends":"./base.json"}',
    "base.json":
      '{"compilerOptions":{"experimentalDecorators":true,"emitDecoratorMetadata":true,"module":"CommonJS","target":"ES2022"}}',
    "src/main.ts":
      'const seen: string[] = [];\n(Reflect as any).metadata = (key: string, value: any) => () => { seen.push(key + ":" + (Array.isArray(value) ? value.map((v) => v.name) : value?.name)); };\n' +
      "import { Service } from './service';\nfunction Injectable(target: unknown) {}\n@Injectable\nclass Controller { constructor(private readonly service: Service) {} hi() { return this.service.hi(); } }\n" +
      "console.log(JSON.stringify([seen, new Controller(new Service()).hi(), require.main === module]));\n",
    "src/service.ts": "export class Service { hi(): string { return 'hi'; } }\n",
  });
  const { result } = await place(dir, "src/main.ts");
  const { execFileSync } = await import("node:child_process");
  expect(result.format).toBe("cjs");
  expect(JSON.parse(execFileSync(process.execPath, [...result.nodeArgs, result.entry], { encoding: "utf8" }))).toEqual([
    ["design:paramtypes:Service"],
    "hi",
    true,
  ]);
});

test("a setting that only a comment of tsconfig.json names asks for no compiler", async () => {
  const dir = temporaryDir();
  writeFiles(dir, {
    "package.json": '{"name":"commented"}',
    "tsconfig.json":
      '{\n  "compilerOptions": {\n    // "emitDecoratorMetadata": true,  /* Emit design-type metadata. */\n    "strict": true,\n  }\n}\n',
    "server.ts": 'export const greeting: string = "hi";\nconsole.log(greeting);\n',
  });
  expect((await place(dir, "server.ts")).result).toMatchObject({ mode: "bundle" });
});

test("routes that a plug-in loads by name keep the app as files", async () => {
  const dir = member("autoload", {
    "package.json": '{"name":"autoload","dependencies":{"fastify":"*","@fastify/autoload":"*","nanoid":"*"}}',
    "server.js":
      'const path = require("node:path");\nconst app = require("fastify")();\napp.register(require("@fastify/autoload"), { dir: path.join(__dirname, "routes") });\napp.listen({ port: Number(process.env.PORT) });\n',
    "routes/a.js":
      'const { twice } = require("../lib/twice");\nconst fastify = require("fastify");\nmodule.exports = async (app) => { app.get("/", async () => ({ twice: twice(4), same: fastify.name })); };\n',
    "lib/twice.js": "exports.twice = (x) => 2 * x;\n",
  });
  const placed = await place(dir, "server.js", { modulesRoot: packages });
  expect(placed.result).toMatchObject({ mode: "files" });
  expect(placed.result.modeReason).toMatch(/@fastify\/autoload loads modules by name, and no import reaches .*a\.js/);
  const running = await startPlaced(placed);
  expect(JSON.parse((await get(running.url)).text)).toEqual({ twice: 8, same: "fastify" });
  await running.stop();
});

test("a program without an extension (bin/www) is bundled like any other, and not shipped beside its bundle", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"generated"}',
    "bin/www":
      '#!/usr/bin/env node\nvar app = require("../app");\nrequire("http").createServer(app).listen(process.env.PORT);\n',
    "app.js":
      'var fs = require("fs"), path = require("path");\nmodule.exports = (q, r) => r.end(fs.readFileSync(path.join(__dirname, "views", "index.txt")));\n',
    "views/index.txt": "from a view",
  });
  const placed = await place(dir, "bin/www");
  expect(placed.result).toMatchObject({ mode: "bundle" });
  const running = await startPlaced(placed);
  expect((await get(running.url)).text).toBe("from a view");
  await running.stop();
});

test("an app that computes its own requires is shipped as files; the reason says where", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"mvc"}',
    "index.ts":
      'import http from "node:http";\nconst name: string = process.env.WHICH ?? "a";\nconst handler = require(`./controllers/${name}`);\nhttp.createServer((_q, r) => r.end(handler.text)).listen(process.env.PORT);\n',
    "controllers/a.ts": 'export const text: string = "from a";\n',
    // Of the choices this one's package is not installed: Node would not mind either.
    "controllers/b.ts": 'import chosen from "not-installed";\nexport const text: string = chosen;\n',
  });
  const placed = await place(dir, "index.ts");
  expect(placed.result.warnings).toEqual([
    expect.objectContaining({ code: "BUNDLE_CHOSEN_MISSING", where: "controllers/b.ts" }),
  ]);
  expect(placed.result).toMatchObject({
    mode: "files",
    modeReason: "index.ts:3 requires a module by a computed name: require(`./controllers/${name}`)",
  });
  const running = await startPlaced(placed);
  expect((await get(running.url)).text).toBe("from a");
  await running.stop();
});

test("a worker named by a literal becomes a bundle of its own at its place", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"workers","type":"module"}',
    "src/main.ts":
      'import { createServer } from "node:http";\nimport { Worker } from "node:worker_threads";\ncreateServer((_q, r) => { new Worker(new URL("./jobs/square.js", import.meta.url), { workerData: 7 }).once("message", (m) => r.end(String(m))); }).listen(process.env.PORT);\n',
    "src/jobs/square.ts":
      'import { parentPort, workerData } from "node:worker_threads";\nimport { square } from "../math.ts";\nparentPort?.postMessage(square(workerData));\n',
    "src/math.ts": "export const square = (x: number): number => x * x;\n",
  });
  const placed = await place(dir, "src/main.ts");
  expect(placed.result.mode).toBe("bundle");
  const running = await startPlaced(placed);
  expect((await get(running.url)).text).toBe("49");
  await running.stop();
});

test("pnpm's layout: links and nested versions survive; a module exists once", async () => {
  const dir = temporaryDir();
  const store = (name: string, version: string) => `node_modules/.pnpm/${name}@${version}/node_modules`;
  writeFiles(dir, {
    "package.json": '{"name":"pnpm-app","dependencies":{"a":"1.0.0","c":"1.0.0"}}',
    "main.js":
      'const a = require("a"); const c = require("c");\nrequire("node:http").createServer((q, r) => r.end(JSON.stringify([a.value, c.value, a.shared === c.shared]))).listen(process.env.PORT);\n',
    [`${store("a", "1.0.0")}/a/package.json`]:
      '{"name":"a","version":"1.0.0","dependencies":{"b":"1.0.0","s":"1.0.0"}}',
    [`${store("a", "1.0.0")}/a/index.js`]:
      'require("node:fs").readFileSync(require("node:path").join(__dirname, "data.txt"));\nexports.value = require("b"); exports.shared = require("s");\n',
    [`${store("a", "1.0.0")}/a/data.txt`]: "x",
    [`${store("b", "1.0.0")}/b/package.json`]: '{"name":"b","version":"1.0.0"}',
    [`${store("b", "1.0.0")}/b/index.js`]: 'module.exports = "b1";\n',
    [`${store("b", "2.0.0")}/b/package.json`]: '{"name":"b","version":"2.0.0"}',
    [`${store("b", "2.0.0")}/b/index.js`]: 'module.exports = "b2";\n',
    [`${store("s", "1.0.0")}/s/package.json`]: '{"name":"s","version":"1.0.0"}',
    [`${store("s", "1.0.0")}/s/index.js`]: "module.exports = {};\n",
    [`${store("c", "1.0.0")}/c/package.json`]:
      '{"name":"c","version":"1.0.0","dependencies":{"b":"2.0.0","s":"1.0.0"}}',
    [`${store("c", "1.0.0")}/c/index.js`]: 'exports.value = require("b"); exports.shared = require("s");\n',
  });
  const link = (target: string, path: string) => {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    symlinkSync(target, join(dir, path));
  };
  link(".pnpm/a@1.0.0/node_modules/a", "node_modules/a");
  link(".pnpm/c@1.0.0/node_modules/c", "node_modules/c");
  link("../../b@1.0.0/node_modules/b", `${store("a", "1.0.0")}/b`);
  link("../../s@1.0.0/node_modules/s", `${store("a", "1.0.0")}/s`);
  link("../../b@2.0.0/node_modules/b", `${store("c", "1.0.0")}/b`);
  link("../../s@1.0.0/node_modules/s", `${store("c", "1.0.0")}/s`);
  const placed = await place(dir, "main.js");
  // c and b 2 are bundled; a needs its file, so a, b 1 and the shared s are files, and c finds that very s.
  expect(placed.result.bundled).toEqual(["b@2.0.0", "c@1.0.0"]);
  expect(placed.result.external.map((e) => `${e.name}@${e.version}`)).toEqual(["a@1.0.0", "b@1.0.0", "s@1.0.0"]);
  const running = await startPlaced(placed);
  expect(JSON.parse((await get(running.url)).text)).toEqual(["b1", "b2", true]);
  await running.stop();
});

test("a package that has modules loaded by name for it stays files, with what it declares", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"finder-app","dependencies":{"p":"1.0.0"}}',
    "main.js": 'require("node:http").createServer((q, r) => r.end(require("p"))).listen(process.env.PORT);\n',
    "node_modules/p/package.json":
      '{"name":"p","version":"1.0.0","dependencies":{"finder":"1.0.0","optional-part":"1.0.0"}}',
    "node_modules/p/index.js": 'module.exports = require("finder")("optional-part") ?? "degraded";\n',
    "node_modules/finder/package.json": '{"name":"finder","version":"1.0.0"}',
    "node_modules/finder/index.js":
      "module.exports = (name) => { try { return require(name); } catch { return undefined; } };\n",
    "node_modules/optional-part/package.json": '{"name":"optional-part","version":"1.0.0"}',
    "node_modules/optional-part/index.js": 'module.exports = "whole";\n',
  });
  const placed = await place(dir, "main.js");
  expect(placed.result.external.map((e) => `${e.name}: ${e.reason}`)).toEqual([
    "finder: index.js:1 requires a module by a computed name: require(name)",
    "optional-part: needed by p",
    "p: finder loads modules by name for it",
  ]);
  const running = await startPlaced(placed);
  expect((await get(running.url)).text).toBe("whole");
  await running.stop();
});

test("pino's transports are found from their callers: what the app declares is shipped", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"logs","dependencies":{"pino":"1.0.0","pino-fancy":"1.0.0"}}',
    "main.js":
      'const log = require("pino")({ transport: { target: "pino-fancy" } });\nrequire("node:http").createServer((q, r) => r.end(log)).listen(process.env.PORT);\n',
    "node_modules/pino/package.json": '{"name":"pino","version":"1.0.0"}',
    "node_modules/pino/index.js":
      'const { createRequire } = require("node:module");\nmodule.exports = (o) => require("node:fs").readFileSync(createRequire(require("node:path").join(__dirname, "../x.js")).resolve(o.transport.target), "utf8");\n',
    "node_modules/pino-fancy/package.json": '{"name":"pino-fancy","version":"1.0.0"}',
    "node_modules/pino-fancy/index.js": "// fancy",
  });
  const placed = await place(dir, "main.js");
  expect(placed.result.external.map(({ name }) => name)).toEqual(["pino", "pino-fancy"]);
  const running = await startPlaced(placed);
  expect((await get(running.url)).text).toBe("// fancy");
  await running.stop();
});

test("what node loads before the program is shipped with what it needs, though only devDependencies name it", async () => {
  const dir = writeFiles(join(temporaryDir(), "app"), {
    "package.json": '{"name":"app","devDependencies":{"early":"*","idle":"*"}}',
    "main.js": 'require("node:http").createServer((q, r) => r.end(globalThis.early)).listen(process.env.PORT);\n',
    "node_modules/early/package.json": '{"name":"early","version":"1.0.0","dependencies":{"deep":"*"}}',
    "node_modules/early/register.js": 'globalThis.early = require("deep");\n',
    "node_modules/deep/package.json": '{"name":"deep","version":"1.0.0","main":"index.js"}',
    "node_modules/deep/index.js": 'module.exports = "loaded first";\n',
    "node_modules/idle/package.json": '{"name":"idle","version":"1.0.0"}',
  });
  const placed = await place(dir, "main.js", { enabled: false, preloads: ["early"] });
  expect(placed.result.external.map(({ name }) => name)).toEqual(["deep", "early"]);
  const app = join(placed.imageDir, "app");
  const running = await start(["-r", "early/register", join(app, "main.js")], app);
  expect((await get(running.url)).text).toBe("loaded first");
  await running.stop();
});

test("of an addon for both C libraries, each asked for by name, the one for glibc is shipped", async () => {
  const addon = (libc: string) => ({
    [`node_modules/@a/x-linux-x64-${libc}/package.json`]: `{"name":"@a/x-linux-x64-${libc}","version":"1.0.0","os":["linux"],"cpu":["x64"],"main":"x.node"}`,
    [`node_modules/@a/x-linux-x64-${libc}/x.node`]: "",
  });
  const load = (libc: string) => `try { module.exports = require("@a/x-linux-x64-${libc}"); } catch {}\n`;
  const shipped = async (...installed: string[]) => {
    const dir = writeFiles(join(temporaryDir(), "app"), {
      "package.json": '{"name":"app","dependencies":{"@a/x":"*"}}',
      "main.js": 'require("@a/x");\n',
      "node_modules/@a/x/package.json": '{"name":"@a/x","version":"1.0.0","main":"index.js"}',
      "node_modules/@a/x/index.js": load("musl") + load("gnu"),
      ...Object.assign({}, ...installed.map(addon)),
    });
    return (await bundle(dir, "main.js")).external.map(({ name }) => name);
  };
  expect(await shipped("gnu", "musl")).toEqual(["@a/x", "@a/x-linux-x64-gnu"]);
  // Alone it is not left out in silence: somebody else says what is wrong with it.
  expect(await shipped("musl")).toEqual(["@a/x-linux-x64-musl"]);
});

test("a framework's own output is traced: what it reaches is shipped, nothing is bundled again", async () => {
  const dir = member("traced", {
    "package.json":
      '{"name":"traced","type":"module","dependencies":{"hono":"*","@hono/node-server":"*","mongoose":"*"}}',
    "build/server/index.js":
      'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nimport { text } from "./chunks/a.js";\nconst app = new Hono();\napp.get("/", (c) => c.text(text));\nserve({ fetch: app.fetch, port: Number(process.env.PORT) });\n',
    "build/server/chunks/a.js": 'export const text = "traced";\n',
    "build/client/app.js": "alert(1);\n",
    "src/unused.js": "export {};\n",
  });
  const placed = await place(dir, "build/server/index.js", {
    modulesRoot: packages,
    enabled: false,
    roots: ["build/server/index.js"],
    include: ["build/**"],
  });
  const names = placed.result.external.map((e) => e.name);
  expect(names).toEqual(["@hono/node-server", "hono"]);
  const own = [...paths(placed.result, "app"), ...paths(placed.result, "assets")]
    .map((p) => p.split("/apps/traced/")[1])
    .sort();
  expect(own).toEqual(["build/client/app.js", "build/server/chunks/a.js", "build/server/index.js", "package.json"]);
  const running = await startPlaced(placed);
  expect((await get(running.url)).text).toBe("traced");
  await running.stop();
});

describe("errors", () => {
  const failure = async (files: Record<string, string>, entry = "main.js") => {
    const dir = writeFiles(temporaryDir(), { "package.json": '{"name":"broken"}', ...files });
    return await bundle(dir, entry).then(
      () => expect.fail("no error"),
      (error) => error,
    );
  };
  test("a syntax error has esbuild's code frame", async () => {
    expect(await failure({ "main.js": 'require("./lib/a");', "lib/a.js": "const x = ;\n" })).toMatchObject({
      code: "BUNDLE_SYNTAX",
      where: "lib/a.js:1:11",
      detail: expect.stringMatching(/lib\/a\.js:1:10:\n\s+1 │ const x = ;\n\s+╵\s+\^/),
    });
  });
  test("a missing import names the importer", async () => {
    expect(await failure({ "main.js": 'const a = 1;\nrequire("not-there");' })).toMatchObject({
      code: "BUNDLE_UNRESOLVED",
      message: 'Could not resolve "not-there"',
      where: "main.js:2:9",
    });
  });
  test("an import that differs in case says so", async () => {
    expect(await failure({ "main.js": 'require("./lib/User");', "lib/user.js": "" })).toMatchObject({
      code: "BUNDLE_UNRESOLVED",
      hint: expect.stringContaining("There is user.js, which differs only in the case of its letters"),
    });
  });
  test("a package that is there, but not built, is told as such", async () => {
    const files = {
      "main.js": 'require("@acme/shared");',
      "node_modules/@acme/shared/package.json": '{ "main": "./dist/index.js", "types": "./src/index.ts" }',
      "node_modules/@acme/shared/src/index.ts": "export {};",
    };
    expect(await failure(files)).toMatchObject({
      code: "BUNDLE_UNRESOLVED",
      hint: expect.stringContaining("not the ./dist/index.js that its package.json names"),
    });
  });
  test("an entry that is not there", async () => {
    expect(await failure({}, "server.js")).toMatchObject({ code: "BUNDLE_ENTRY_MISSING", where: "server.js" });
  });
  test("an optional package that is missing is a warning", async () => {
    const dir = writeFiles(temporaryDir(), {
      "package.json": "{}",
      "main.js": 'try { require("not-there"); } catch { console.log("none"); }',
    });
    expect((await bundle(dir, "main.js")).warnings).toMatchObject([
      { code: "BUNDLE_OPTIONAL_MISSING", where: "main.js" },
    ]);
  });
});

test("an app that opens its page in a browser goes on where there is none", async () => {
  const dir = join(temporaryDir(), "app");
  writeFiles(dir, {
    "package.json": '{ "dependencies": { "opener-of-pages": "1" } }',
    "server.js":
      "const open = require('opener-of-pages');\nconst server = require('http').createServer((q, r) => r.end('hello'));\nserver.listen(process.env.PORT, () => open('http://localhost/page'));\n",
    "node_modules/opener-of-pages/package.json": '{ "name": "opener-of-pages", "version": "1.0.0" }',
    "node_modules/opener-of-pages/index.js":
      "const path = require('path');\nmodule.exports = (url) => require('child_process').spawn(path.join(__dirname, 'xdg-open'), [url]).unref();\n",
    "node_modules/opener-of-pages/xdg-open": "#!/no/shell/here\n",
  });
  chmodSync(join(dir, "node_modules/opener-of-pages/xdg-open"), 0o755);
  const running = await startPlaced(await place(dir, "server.js"));
  await running.says("no browser is here: http://localhost/page");
  expect(await get(running.url)).toEqual({ status: 200, text: "hello" });
  expect((await running.stop()).status).toBe(0);
});
