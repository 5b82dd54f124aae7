import { expect, it } from "vitest";
import { type Files, planned } from "./planned.ts";

const LISTENS = "exports.serve = function serve() { return require('http').createServer(this).listen(1); };\n";

it.each<[string, Files, string]>([
  [
    "a framework",
    {
      "package.json": { name: "web", dependencies: { methods: "1" } },
      "index.js": "module.exports = require('./lib/web');\n",
      "lib/web.js": `const methods = require('methods');\n${LISTENS}methods.forEach((method) => { exports[method] = function () {}; });\ndefine(exports, 'ip', function ip() { return this.start(); });\nfunction define(object, name, get) {\n  Object.defineProperty(object, name, { get });\n}\nif (methods.extra) exports.extra = methods.extra;\n`,
    },
    "index.js only exports something, for another program to call",
  ],
  [
    "a library, whatever its packages do",
    {
      "package.json": { main: "index.js", dependencies: { "@acme/net": "1" } },
      "index.js":
        "const net = require('@acme/net');\nexports.send = (a) => net.send(a);\nexports.stop = () => net.stop();\n",
    },
    "index.js only exports send, stop, for another program to call",
  ],
  [
    "a function that has packages",
    {
      "package.json": { dependencies: { lodash: "4" } },
      "index.js": "exports.hello = (req, res) => res.send(require('lodash').now());\n",
    },
    "index.js only exports hello, for another program to call",
  ],
  [
    "functions that are called for events",
    {
      "package.json": { dependencies: { "@google-cloud/pubsub": "4" } },
      "index.js":
        "const { PubSub } = require('@google-cloud/pubsub');\nconst pubsub = new PubSub();\nexports.onUpload = async (event) => pubsub.topic(event.name);\n",
    },
    "index.js only exports onUpload, for another program to call",
  ],
  [
    "a command line tool",
    { "package.json": { bin: { tidy: "cli.js" } }, "cli.js": "console.log(process.argv);\n" },
    "it is a command line tool (package.json bin: tidy)",
  ],
  [
    "a script for a page",
    {
      "package.json": { main: "src/main.js", dependencies: { lodash: "4" } },
      "src/main.js":
        "import _ from 'lodash';\nconst box = document.querySelector('#box');\nbox.textContent = _.now();\n",
    },
    "src/main.js is a script for a page in a browser",
  ],
  [
    "tests alone",
    {
      "package.json": { scripts: { test: "playwright test" }, devDependencies: { "@playwright/test": "1" } },
      "tests/a.spec.ts": "import { test } from '@playwright/test';\ntest('a', () => {});\n",
    },
    "package.json starts nothing, and no file listens for requests",
  ],
  [
    "a developer's tool",
    { "package.json": { scripts: { start: "prettier --check ." }, devDependencies: { prettier: "3" } } },
    "package.json scripts.start starts prettier, and no file listens for requests",
  ],
  [
    "a server of another protocol",
    {
      "package.json": { scripts: { start: "node a.js" } },
      "a.js": "require('net').createServer((socket) => socket.end('+OK')).listen(6379);\n",
    },
    "a.js answers TCP connections (node:net) in a protocol of its own, not HTTP",
  ],
  [
    "a receiver of datagrams",
    {
      "package.json": { scripts: { start: "node a.mjs" } },
      "a.mjs":
        'import { createSocket } from "node:dgram";\ncreateSocket("udp4").on("message", (m) => console.log(String(m))).bind(8125);\n',
    },
    "a.mjs answers datagrams (node:dgram) in a protocol of its own, not HTTP",
  ],
  [
    "a worker that looks whether a port is free",
    {
      "package.json": { scripts: { start: "node a.js" } },
      "a.js": "const probe = require('net').createServer();\nprobe.listen(9, () => probe.close());\n",
    },
    "nothing in it listens for requests",
  ],
  [
    "a program that ends",
    { "package.json": { scripts: { start: "node a.js" } }, "a.js": "console.log(1);\n" },
    "nothing in it listens for requests",
  ],
])("what is no server is told what it is: %s", async (_name, files, why) => {
  expect(await planned(files)).toMatchObject({
    code: "NOT_A_SERVER",
    message: `this is not a web server: ${why}`,
    hint: expect.stringContaining("PORT"),
  });
});

it.each(["node make.mjs", "tsc -b", "bun tsc --build ./"])(
  "a worker that %s makes is decided when its packages are there",
  async (build) => {
    const files = {
      "package.json": { scripts: { build, start: "node dist/worker.js" }, dependencies: { "@acme/queue": "1" } },
      "make.mjs": "import { build } from 'esbuild';\nawait build({});\n",
      "tsconfig.json": { compilerOptions: { outDir: "dist", emitDecoratorMetadata: true } },
      "src/worker.ts": "import { take } from '@acme/queue';\ntake(() => {});\n",
    };
    expect(await planned(files)).toMatchObject({
      file: "dist/worker.js",
      undecided: [{ name: "@acme/queue", from: "src" }],
    });
  },
);

it("a library that the build makes, and that asks for what it makes, is looked at again when it is there", async () => {
  const files = {
    "package.json": {
      main: "dist/index.js",
      scripts: { build: "make-schema && tsc" },
      dependencies: { "@acme/check": "1" },
    },
    "src/index.ts":
      "import check from '@acme/check';\nimport schema from './schema/v1';\nexport const valid = (x: unknown) => check(schema, x);\n",
  };
  expect(await planned(files)).toMatchObject({ file: "dist/index.js", unstarted: true });
});

it("what is not decided before its packages are there keeps what it is", async () => {
  const files = {
    "package.json": { bin: { tidy: "cli.js" }, dependencies: { "@acme/net": "1" } },
    "index.js": "require('@acme/net').go();\n",
    "cli.js": "require('./index');\n",
  };
  expect(await planned(files)).toMatchObject({
    file: "index.js",
    undecided: [{ name: "@acme/net", from: "." }],
    otherwise: "it is a command line tool (package.json bin: tidy)",
  });
});

it("a Node that has ended is told with what is not decided yet", async () => {
  const files = {
    "package.json": { bin: { tidy: "cli.js" }, engines: { node: "18" }, dependencies: { "@acme/words": "1" } },
    "index.js": "require('@acme/words').tidy();\n",
  };
  expect(await planned(files)).toMatchObject({
    code: "NODE_VERSION_END_OF_LIFE",
    detail: "Also: this is probably not a web server: it is a command line tool (package.json bin: tidy)",
  });
});

const openedByName = (manifest: object, port: string) => ({
  "package.json": { main: "index.js", ...manifest },
  "index.js": `let bus;\nexports.use = (given) => { bus = given; };\nif (bus) bus.open();\nexports.web = { open() { require('http').createServer().listen(${port}); } };\n`,
});

it.each<[string, object, boolean]>([
  ["its package.json is for who installs it", { types: "index.d.ts" }, true],
  ["it is nobody else's", { types: "index.d.ts", private: true }, false],
  ["a start script starts it", { types: "index.d.ts", scripts: { start: "node index.js" } }, false],
  ["nothing is said", {}, false],
])("a library that may start something when names are all that counts: %s", async (_, manifest, refused) => {
  expect(await planned(openedByName(manifest, "80"))).toMatchObject(
    refused ? { code: "NOT_A_SERVER" } : { file: "index.js" },
  );
});

it("what asks for PORT is no library, whatever its package.json has from a template", async () => {
  expect(await planned(openedByName({ types: "index.d.ts" }, "process.env.PORT"))).toMatchObject({ file: "index.js" });
});

it("a main without its ending is a file before it is a folder that the build makes", async () => {
  const files = {
    "package.json": { main: "lib", scripts: { build: "make-pages" } },
    "lib.js": "exports.title = 'x';\n",
  };
  expect(await planned(files)).toMatchObject({ code: "NOT_A_SERVER" });
});

it("a library whose main is a folder that the build makes, told beside a version that is none", async () => {
  const files = (version: string) => ({
    "package.json": { name: "rules", main: "./dist", types: "dist/index.d.ts", scripts: { build: "bundle-it" } },
    ".node-version": version,
  });
  expect(await planned(files("24"))).toMatchObject({
    file: "dist/index.js",
    unstarted: true,
    otherwise: "its package.json offers it to other programs, and starts nothing",
  });
  expect(await planned(files("lts-latest"))).toMatchObject({
    code: "NODE_VERSION_UNREADABLE",
    detail: "Also: this is probably not a web server: its package.json offers it to other programs, and starts nothing",
  });
});

it.each<[string, boolean]>([
  ["export default function handler(req, res) { res.end(); }\n", true],
  ["module.exports = async (req, res) => res.end();\n", true],
  ["const hi = async (request) => new Response('x');\nexport default hi;\n", true],
  ["import { handle } from 'hono/vercel';\nexport default handle(app);\n", true],
  [
    "module.exports = function Web(handler) {\n  return { async get(req, res) { res.json(await handler()); } };\n};\n",
    false,
  ],
])("functions in api/ are a host's where they answer requests: %s", async (text, called) => {
  const found = await planned({ "package.json": {}, "index.js": "exports.name = 'x';\n", "api/a.js": text });
  expect(found).toMatchObject({
    message: called
      ? expect.stringContaining("functions in api/ are called by a host such as Vercel")
      : expect.not.stringContaining("Vercel"),
  });
});

it.each([
  ["webpack serve --mode development", "webpack serve"],
  ["esbuild src/app.js --bundle --outdir=site/js --servedir=site", "esbuild --servedir"],
])("a bundler's own server, and no build: %s", async (start, what) => {
  const files = {
    "package.json": { scripts: { start }, devDependencies: { webpack: "5", esbuild: "1" } },
    "src/app.js": "document.body.append('hello');\n",
    "public/index.html": "<script src=js/app.js></script>",
  };
  expect(await planned(files)).toMatchObject({
    code: "NOT_A_SERVER",
    message: expect.stringContaining(`scripts.start starts a server for development (${what}), and no script builds`),
    hint: expect.stringContaining('"build" script'),
  });
});

it("a browser that is started with an extension is no server, whatever the program's package does", async () => {
  const files = {
    "package.json": { scripts: { start: "web-ext run" }, dependencies: { "web-ext": "8" } },
    "manifest.json": { manifest_version: 3 },
  };
  expect(await planned(files)).toMatchObject({ message: expect.stringContaining("it is an extension of a browser") });
});

it("a script that starts another program is told so, and how to start that", async () => {
  const files = {
    "package.json": { private: true, scripts: { start: "node start.js" } },
    "start.js":
      "const { spawn } = require('child_process');\nspawn('npx', ['http-server', 'public'], { stdio: 'inherit' });\n",
  };
  expect(await planned(files)).toMatchObject({
    code: "NOT_A_SERVER",
    message: expect.stringContaining("start.js:2 starts npx http-server public, and listens nowhere itself"),
    hint: expect.stringContaining('"start": "http-server public"'),
  });
});

const HONO =
  "import { Hono } from 'hono';\nimport { version } from './version';\nconst app = new Hono();\nexport default app;\n";
const ofBun = (version: string, scripts: object = {}) => ({
  "package.json": { private: true, type: "module", scripts, dependencies: { hono: "4" } },
  "index.ts": HONO,
  "version.ts": version,
});

it.each<[string, Files, string | undefined]>([
  ["asked for in a function", ofBun("export const version = () => Bun.version;\n"), "Bun.version"],
  [
    "a module of its own",
    ofBun("import { heapStats } from 'bun:jsc';\nexport const version = heapStats;\n"),
    "bun:jsc",
  ],
  [
    "declared for TypeScript",
    ofBun("declare const Bun: any;\nexport const version = () => Bun.version;\n"),
    "Bun.version",
  ],
  ["in a type", ofBun("export type V = Bun.Server;\nexport const version = () => 'Bun.version';\n"), undefined],
  ["of a parameter", ofBun("export const version = ({ Bun }, Deno) => Bun.version + Deno.version;\n"), undefined],
  [
    "of a variable",
    ofBun("import Deno from './d.js';\nlet Bun;\nexport const version = () => Bun.v + Deno.v;\n"),
    undefined,
  ],
  [
    "beside a parameter of another function",
    ofBun("export const name = (Bun) => Bun.name;\nexport const version = () => Bun.version;\n"),
    "Bun.version",
  ],
  ["where it may fail", ofBun("export let version = '';\ntry { version = Bun.version; } catch {}\n"), undefined],
  [
    "behind a question",
    ofBun("export const version = () => (typeof Bun === 'object' ? Bun.version : '');\n"),
    undefined,
  ],
  [
    "behind the name of the runtime",
    ofBun("export const version = () => (process.release.name === 'bun' ? Bun.version : '');\n"),
    undefined,
  ],
  [
    "in a module that is loaded where it is wanted",
    {
      ...ofBun("export const version = async () => (await import('./lib/fast.js')).default;\n"),
      "lib/fast.ts": "import { Database } from 'bun:sqlite';\nexport default Database;\n",
    },
    undefined,
  ],
  ["of what node starts", ofBun("export const version = () => Bun.version;\n", { start: "tsx index.ts" }), undefined],
])("what only Bun has is told before it fails on Node: %s", async (_, files, what) => {
  const found = await planned(files);
  if (what === undefined) expect(found).toMatchObject({ file: "index.ts" });
  else
    expect(found).toMatchObject({
      code: "RUNTIME_UNSUPPORTED",
      message: `version.ts is for Bun (it uses ${what}), not for Node`,
    });
});

it("an Nx project whose build is a command of its own, and in which nothing listens", async () => {
  const files = (text: string) => ({
    "nx.json": {},
    "package.json": { private: true, devDependencies: { nx: "20" } },
    "apps/job/project.json": {
      projectType: "application",
      targets: { build: { executor: "nx:run-commands", options: { command: "node make.js" } } },
    },
    "apps/job/src/main.ts": text,
  });
  expect(await planned(files("console.log('done');\n"))).toMatchObject({
    code: "NX_EXECUTOR_UNKNOWN",
    detail: "Also: this is probably not a web server: nothing in it listens for requests",
  });
  const serves = "import { createServer } from 'node:http';\ncreateServer().listen(process.env.PORT);\n";
  expect(await planned(files(serves))).toMatchObject({ code: "NX_EXECUTOR_UNKNOWN", detail: undefined });
});

const ALIASES = { compilerOptions: { baseUrl: ".", paths: { "@lib/*": ["lib/*"] } } };

it.each<[string, Files, string]>([
  [
    "the program that starts its library",
    {
      "package.json": { main: "index.js", bin: "bin/run.js", dependencies: { "@acme/net": "1" } },
      "index.js": "exports.open = () => require('@acme/net').open();\n",
      "bin/run.js": "require('..').open();\n",
    },
    "bin/run.js",
  ],
  [
    "one that asks for a folder whose package.json leaves main empty",
    {
      "package.json": { scripts: { start: "node server.js" } },
      "server.js": "require('./lib');\nrequire('http').createServer().listen(1);\n",
      "lib/package.json": { main: "" },
    },
    "server.js",
  ],
  [
    "one of two modules that are chosen from when it is loaded",
    {
      "package.json": { main: "index.js" },
      "index.js": "module.exports = require(process.env.FAST ? './lib/fast' : './lib/web');\n",
      "lib/fast.js": "exports.speed = 1;\n",
      "lib/web.js": "require('http').createServer().listen(1);\n",
    },
    "index.js",
  ],
  [
    "a start script's file, though it only exports",
    { "package.json": { main: "a.js", scripts: { start: "node a.js" } }, "a.js": LISTENS },
    "a.js",
  ],
  [
    "what a build has to make first",
    {
      "package.json": { main: "bin/run.js", scripts: { build: "tsc" }, dependencies: { "@acme/net": "1" } },
      "bin/run.js": "exports.app = require('../dist/app');\n",
      "src/app.ts": "import net from '@acme/net';\nnet.open();\n",
    },
    "bin/run.js",
  ],
  [
    "a server that a call of its own makes",
    { "server.js": `${LISTENS}if (!module.parent) exports.serve();\n` },
    "server.js",
  ],
  [
    "a server that is made in place",
    {
      "index.js":
        "module.exports = (async () => { await new Promise((d) => require('http').createServer().listen(1, d)); })();\n",
    },
    "index.js",
  ],
  ...(
    [
      [
        "a function by its name",
        "exports.createApp = () => open();\nconst open = () => NET;\n",
        "const { createApp } = require('./lib/app');\nexports.app = createApp();\n",
      ],
      [
        "the module itself",
        "function make() { return NET; }\nmodule.exports = make;\n",
        "const app = require('./lib/app');\nexports.app = app();\n",
      ],
      [
        "a compiler's call",
        "exports.default = () => NET;\n",
        "const app_1 = __importDefault(require('./lib/app'));\nexports.app = (0, app_1.default)();\n",
      ],
      [
        "an alias",
        "exports.createApp = () => NET;\n",
        "import { createApp } from '@lib/app';\nexport const app = createApp();\n",
      ],
      [
        "a method of an object",
        "exports.api = { open() { return NET; } };\n",
        "const { api } = require('./lib/app');\nconst app = api.open();\n",
      ],
      [
        "another name",
        "const open = () => NET;\nexport { open as web };\n",
        "import { web as go } from './lib/app';\nexport const app = go();\n",
      ],
      [
        "a part's other name",
        "exports.web = () => NET;\n",
        "const { web: go } = require('./lib/app');\nmodule.exports = go();\n",
      ],
      [
        "what was bound",
        "exports.web = () => NET;\n",
        "const web = require('./lib/app');\nconst go = web.web.bind(web);\nmodule.exports = go();\n",
      ],
      [
        "a name that is made",
        "exports.web = () => NET;\n",
        "const kinds = require('./lib/app');\nmodule.exports = kinds[process.env.KIND]();\n",
      ],
      [
        "what it is given to",
        "exports.web = () => NET;\n",
        "const { web } = require('./lib/app');\nmodule.exports = [1].map(web);\n",
      ],
      [
        "a promise",
        "exports.web = () => NET;\n",
        "const { web } = require('./lib/app');\nmodule.exports = Promise.resolve().then(() => web());\n",
      ],
      [
        "a class that is declared",
        "exports.web = () => NET;\n",
        "const { web } = require('./lib/app');\nmodule.exports = class { static app = web(); };\n",
      ],
    ] as const
  ).map(
    ([how, lib, index]) =>
      [
        `a factory that listens, called by ${how}`,
        {
          "index.js": index,
          "tsconfig.json": ALIASES,
          "lib/app.js": lib.replace("NET", "require('http').createServer().listen(1)"),
        },
        "index.js",
      ] as [string, Files, string],
  ),
  [
    "what a package's function starts",
    {
      "package.json": { main: "index.js", dependencies: { "@acme/web": "1" } },
      "index.js": "const web = require('@acme/web');\nmodule.exports = web({ port: 1 });\n",
    },
    "index.js",
  ],
  [
    "what a package starts in place",
    {
      "package.json": { main: "index.js", dependencies: { "@acme/web": "1" } },
      "index.js": "module.exports = require('@acme/web')({ port: 1 });\n",
    },
    "index.js",
  ],
  [
    "what is written in another language",
    {
      "package.json": { main: "index.js", dependencies: { coffeescript: "2", express: "4" } },
      "index.js": "require('coffeescript/register');\nmodule.exports = require('./server');\n",
      "server.coffee": "require('express')().listen 1\n",
    },
    "index.js",
  ],
])("a server is none of these: %s", async (_name, files, file) => {
  expect(await planned(files)).toMatchObject({ file });
});

it.each<[string, Record<string, unknown>]>([
  ["its script names", { scripts: { start: "functions-framework --source=lib --target=x" } }],
  [
    "package.json names without its ending",
    { main: "lib/hello", scripts: { start: "functions-framework --target=x" } },
  ],
  [
    "a build makes",
    { main: "lib/hello.js", scripts: { build: "node make.js", start: "functions-framework --target=x" } },
  ],
])("a functions framework serves the function that %s", async (_, manifest) => {
  const files = {
    "package.json": { ...manifest, dependencies: { "@google-cloud/functions-framework": "3" } },
    "lib/index.js": "exports.x = (req, res) => res.end();\n",
  };
  expect(await planned(files)).toMatchObject({ tool: "functions-framework" });
});

const LARGE = `/* ${"x".repeat(4 * 1024 * 1024)} */\nrequire("node:http").createServer().listen(process.env.PORT);\n`;

it.each<[string, Files]>([
  ["a start script names", { "package.json": { scripts: { start: "node server.js" } }, "server.js": LARGE }],
  ["is package.json's main", { "package.json": { main: "out.js" }, "out.js": LARGE }],
  ["is called server.js", { "package.json": {}, "server.js": LARGE }],
  ["the app loads", { "package.json": {}, "server.js": 'require("./all");\n', "all.js": LARGE }],
])("a bundle that %s and that is too large to be read may be a server", async (_, files) => {
  expect(await planned(files)).toMatchObject({
    file: expect.stringMatching(/^(?:server|out)\.js$/),
    listens: "unknown",
  });
});
