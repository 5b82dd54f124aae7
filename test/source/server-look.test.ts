import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { KnbuildError } from "../../src/base/errors.ts";
import { assertMadeServes, assertServes, lookForServer, openSource, withDoubt } from "../../src/source/index.ts";
import { withSkeleton } from "../buildpacks/skeleton.ts";

const look = (files: Record<string, string | object>, entry: string) =>
  withSkeleton(files, (root) => lookForServer(openSource(root), entry));

it("follows relative imports, tsconfig paths and package imports to the listener", async () => {
  const files = {
    "package.json": { imports: { "#app": "./src/app.ts" } },
    "tsconfig.json": '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }',
    "main.ts": 'import "#app";',
    "src/app.ts": 'import { start } from "@/http/server";\nstart();',
    "src/http/server.ts":
      'import { createServer } from "node:http";\nexport const start = () => createServer().listen(process.env.PORT);',
  };
  expect(await look(files, "main.ts")).toMatchObject({
    verdict: "serves",
    framework: "node:http",
    evidence: "src/http/server.ts:2 calls listen()",
    readsPort: true,
  });
});

it.each([
  'new Worker(new URL("./web.js", import.meta.url));',
  'fork(path.join(__dirname, "web.js"));',
  'cluster.setupPrimary({ exec: __dirname + "/web.js" });',
  'spawn("node", ["web.js"], { stdio: "inherit" });',
  'fork(path.resolve(__dirname, "lib", "..", "web.js"));',
  'execa(process.execPath, ["--no-warnings", path.join(__dirname, "web.js")]);',
])("a thread or a process of its own listens: %s", async (start) => {
  const files = { "a.js": start, "web.js": 'require("http").createServer().listen(1);' };
  expect(await look(files, "a.js")).toMatchObject({ verdict: "serves", evidence: "web.js:1 calls listen()" });
});

it.each([
  "for (const f of fs.readdirSync(path.join(__dirname, 'plugins'))) require(path.join(__dirname, 'plugins', f))();",
  "fs.readdirSync('./plugins').forEach((f) => require(`./plugins/${f}`));",
  "for (const file of await glob('plugins/*.js')) await import(file);",
])("what lies in a folder that is gone through and loaded may listen: %s", async (load) => {
  const plugin = "require('http').createServer().listen(process.env.PORT);";
  const files = { "index.js": load, "plugins/web.js": plugin };
  expect(await look(files, "index.js")).toMatchObject({
    verdict: "serves",
    evidence: "plugins/web.js:1 calls listen()",
  });
  for (const idle of [
    { "index.js": "fs.readdirSync('plugins');", "plugins/web.js": plugin },
    { "index.js": load, "plugins/web.test.js": plugin },
  ])
    expect((await look(idle, "index.js")).verdict).toBe("nothing");
});

it.each([
  "require('./commands/' + process.argv[2])();",
  "await import(`./commands/${name}.js`);",
  "const file = path.join(__dirname, 'commands', name);\nrequire(file);",
  "require('yargs').commandDir('commands').argv;",
])("a command that the start script gives may listen: %s", (load) =>
  withSkeleton(
    {
      "bin/cli.js": load,
      "bin/commands/serve.js": "require('http').createServer().listen(process.env.PORT);",
      "bin/commands/build.js": "module.exports = () => {};",
    },
    (root) => {
      const verdictFor = (word: string) => lookForServer(openSource(root), "bin/cli.js", undefined, [word]).verdict;
      expect(verdictFor("serve")).toBe("serves");
      expect(verdictFor("build")).not.toBe("serves");
    },
  ),
);

it.each([
  'require(path.join(__dirname, "lib", "server"));',
  "require(path.resolve(__dirname, './lib/server.js'))();",
  "require(__dirname + '/lib/server');",
  "await import(`${import.meta.dirname}/lib/server.js`);",
])("a module that is asked for by its place listens: %s", async (ask) => {
  const files = { "bin/a.js": ask, "bin/lib/server.js": 'require("http").createServer().listen(1);' };
  expect(await look(files, "bin/a.js")).toMatchObject({ evidence: "bin/lib/server.js:1 calls listen()" });
});

it("what only stands in a text that is written somewhere is no package of the program's", async () => {
  const writes =
    "const page = (name) => `\nimport serve from '@acme/serve';\nserve(${name});\n`;\nprocess.stdout.write(page(1), made['@acme/serve']);\n";
  const packages = async (text: string, manifest = {}) =>
    (await look({ "package.json": manifest, "make.mjs": text }, "make.mjs")).packages;
  expect(await packages(writes)).toEqual([]);
  expect(await packages(`${writes}import("@acme/serve");\n`)).toEqual(["@acme/serve"]);
  expect(await packages(`${writes}import(\`@acme/serve\`);\n`)).toEqual(["@acme/serve"]);
  expect(await packages(writes, { devDependencies: { "@acme/serve": "1" } })).toEqual(["@acme/serve"]);
});

it("a `.js` import may be a `.ts` file", async () => {
  const files = { "a.ts": 'import "./b.js";', "b.ts": 'import express from "express";\nexpress().listen(1);' };
  expect((await look(files, "a.ts")).verdict).toBe("serves");
});

it.each([
  ["an unknown package may hide the server", 'require("@acme/server")();', "unknown"],
  ["known not to serve", 'const axios = require("axios"); axios.get("http://x.test");', "nothing"],
  [
    "the history of a router has listen() too",
    'import { createBrowserHistory } from "history";\ncreateBrowserHistory().listen(() => {});',
    "unknown",
  ],
  [
    "a function that a library exports beside others",
    'export { Fetch } from "./fetch.js";\nfunction lookup() {}\nexport { lookup as connect, lookup as default };',
    "nothing",
  ],
  ...["listen.apply(server, [1])", "listen.bind(server)(1)", '["listen"](1)'].map((call): [string, string, string] => [
    `a call by another way: ${call}`,
    `const server = require("http").createServer();\nserver${call.startsWith("[") ? "" : "."}${call};`,
    "serves",
  ]),
  ["a module that exports a fetch handler", 'export default { fetch: () => new Response("x") };', "exports-fetch"],
  [
    "an app that is exported; a package of its own may do anything but listen for it",
    'const koa = require("koa");\nrequire("@acme/log");\nconst app = new koa();\nmodule.exports = app;',
    "exports-app",
  ],
  [
    "an app that is exported as it is made",
    'import { Elysia } from "elysia";\nexport default new Elysia().get("/", "x");',
    "exports-app",
  ],
  ...["const app = module.exports = express();", "module.exports = express();"].map(
    (made): [string, string, string] => [
      `an app that is exported as it is made: ${made}`,
      `const express = require("express");\n${made}`,
      "exports-app",
    ],
  ),
  [
    "a router of a framework's",
    'import { Router } from "express";\nconst app = Router();\nexport default app;',
    "exports-handler",
  ],
  [
    "an app that is handed to an unknown package",
    'const koa = require("koa");\nconst app = new koa();\nrequire("@acme/start")(app);\nmodule.exports = app;',
    "unknown",
  ],
  [
    "an app that an unknown package is given behind its settings",
    'const koa = require("koa");\nconst app = new koa();\nrequire("@acme/start").up({ port: 1 }, app);\nmodule.exports = app;',
    "unknown",
  ],
  [
    "an app that an unknown package is given in an object",
    'const koa = require("koa");\nconst app = new koa();\nrequire("@acme/start").up({ port: 1, app });\nmodule.exports = app;',
    "unknown",
  ],
  [
    "an app that an unknown package is given by a function",
    'const koa = require("koa");\nconst app = new koa();\nrequire("@acme/start").up(() => app);\nmodule.exports = app;',
    "unknown",
  ],
  [
    "an app that an unknown package is given as a listener",
    'const koa = require("koa");\nconst app = new koa();\nrequire("@acme/start").up(app.callback());\nmodule.exports = app;',
    "unknown",
  ],
  [
    "an app that is exported under two names",
    'import koa from "koa";\nimport "@acme/log";\nconst app = new koa();\nexport { app };\nexport default app;',
    "exports-app",
  ],
  [
    "words of a message that look like an import, and one of a doc comment",
    'const what = "a" + " comes from " + "b";\n/** @typedef {import("./gone").One} One */\nconsole.log("x from ", "y", what);',
    "nothing",
  ],
  ["a TCP client", 'require("net").connect(80);', "nothing"],
])("%s", async (_name, text, verdict) => {
  expect((await look({ "index.js": text }, "index.js")).verdict).toBe(verdict);
});

it("packages decide what the app's own files leave open", () =>
  withSkeleton(
    {
      "node_modules/quiet/package.json": { bin: "index.js", dependencies: { deep: "1" } },
      "node_modules/quiet/index.js": "module.exports = 1;",
      "node_modules/quiet/quiet.spec.js": 'require("http").createServer(f).listen(0);',
      "node_modules/deep/package.json": {},
      "node_modules/deep/index.js": "module.exports = 2;",
      "node_modules/loud/package.json": { dependencies: { quiet: "1" } },
      "node_modules/loud/lib/run.js": 'require("http").createServer(f).listen(8080);',
      "node_modules/machine/package.json": { bin: { machine: "bin/machine" } },
      "node_modules/machine/bin/machine": "\x7fELF\x02",
      "node_modules/starter/package.json": { bin: { starter: "cli" } },
      "node_modules/starter/cli": 'require("child_process").spawn("server");',
      "node_modules/compiler/package.json": { bin: { compiler: "compiler.js" } },
      "node_modules/compiler/compiler.js": "a = 1;\n".repeat(600_000),
      "package.json": { peerDependencies: { faster: "1" } },
      "node_modules/heir/package.json": {},
      "node_modules/heir/index.js": 'const http = require("http");\nexports.Server = class extends http.Server {};',
      "calls.js": 'const { Server } = require("heir");\nnew Server().listen(process.env.PORT);',
      "node_modules/sockets/package.json": { dependencies: { ws: "8" } },
      "node_modules/sockets/index.js":
        'const ws_1 = require("ws");\nexports.serve = (o) => new ws_1.WebSocketServer(o);',
      "node_modules/upgraded/package.json": { dependencies: { ws: "8" } },
      "node_modules/upgraded/index.js": 'exports.s = new (require("ws").WebSocketServer)({ noServer: true });',
      "node_modules/finder/package.json": {},
      "node_modules/finder/index.js": 'const server = require("net").createServer();\nserver.listen(0);',
      "packages/a/node_modules/below/package.json": {},
      "packages/a/node_modules/below/index.js": "module.exports = 3;",
    },
    (root) => {
      const entrypoint = (...names: (string | { name: string; from: string })[]) => ({
        file: "index.js",
        argv: ["node", "index.js"],
        evidence: "main",
        undecided: names.map((name) => (typeof name === "string" ? { name, from: "." } : name)),
      });
      expect(() => assertServes(entrypoint("quiet"), root)).toThrow("not a web server");
      expect(() => assertServes(entrypoint("quiet", "loud"), root)).not.toThrow();
      // A member of a workspace has packages of its own.
      expect(() => assertServes(entrypoint({ name: "below", from: "packages/a" }), root)).toThrow("not a web server");
      // What is not installed cannot be judged.
      expect(() => assertServes(entrypoint("missing"), root)).not.toThrow();
      // Where it may be missing, the program does without.
      expect(() => assertServes(entrypoint("quiet", "faster"), root)).toThrow("not a web server");
      expect(() => assertServes(entrypoint("finder"), root)).toThrow("not a web server");
      expect(() => assertServes(entrypoint("sockets"), root)).not.toThrow();
      expect(() => assertServes(entrypoint("upgraded"), root)).toThrow("not a web server");
      // What a package makes of http.Server listens where the program's own file calls it.
      expect(() => assertServes(entrypoint("heir"), root)).toThrow("not a web server");
      expect(() => assertServes({ ...entrypoint("heir"), file: "calls.js" }, root)).not.toThrow();
      expect(() => assertServes({ ...entrypoint("quiet"), file: "calls.js" }, root)).toThrow("not a web server");
      // A program may start another one; what a module starts is none of the app's.
      const program = (name: string) => ({ ...entrypoint(name), tool: name });
      expect(() => assertServes(program("quiet"), root)).toThrow("not a web server");
      expect(() => assertServes(program("starter"), root)).not.toThrow();
      expect(() => assertServes(entrypoint("starter"), root)).toThrow("not a web server");
      expect(() => assertServes(program("machine"), root)).not.toThrow();
      // Compilers are large.
      expect(() => assertServes(program("compiler"), root)).toThrow("not a web server");
      // A package of the workspace's root may have the program.
      expect(() => assertServes({ ...entrypoint("quiet"), tool: "elsewhere" }, root)).not.toThrow();
    },
  ));

it("packages that pnpm links lie beside those that need them", () =>
  withSkeleton(
    {
      "node_modules/.pnpm/quiet@1/node_modules/quiet/package.json": { dependencies: { deep: "1" } },
      "node_modules/.pnpm/quiet@1/node_modules/deep/package.json": {},
    },
    (root) => {
      symlinkSync(".pnpm/quiet@1/node_modules/quiet", join(root, "node_modules/quiet"));
      const entrypoint = { file: "a.js", argv: [], evidence: "main", undecided: [{ name: "quiet", from: "." }] };
      expect(() => assertServes(entrypoint, root)).toThrow("not a web server");
      writeFileSync(join(root, "node_modules/.pnpm/quiet@1/node_modules/deep/a.js"), 'import "http";\na.listen(1);');
      expect(() => assertServes(entrypoint, root)).not.toThrow();
    },
  ));

/** `composer` makes a server of what the app installs for it; `plugin` is only loaded by what it is installed beside. */
it.each([
  ["composer", { peerDependencies: { web: "1" } }, 'require("web").server();', true],
  ["plugin", { peerDependencies: { web: "1" } }, "exports.add = (server) => server;", false],
  [
    "perhaps",
    { peerDependencies: { web: "1" }, peerDependenciesMeta: { web: { optional: true } } },
    'require("web");',
    false,
  ],
  ["alone", { peerDependencies: { missing: "1" } }, 'require("missing");', false],
])("a package that needs another one beside it: %s", (name, manifest, text, serves) =>
  withSkeleton(
    {
      [`node_modules/${name}/package.json`]: manifest,
      [`node_modules/${name}/index.js`]: text,
      "node_modules/web/package.json": {},
      "node_modules/web/index.js": 'import "http";\na.listen(1);',
    },
    (root) => {
      const entrypoint = { file: "a.js", argv: [], evidence: "main", undecided: [{ name, from: "." }] };
      const check = expect(() => assertServes(entrypoint, root));
      if (serves) check.not.toThrow();
      else check.toThrow("not a web server");
    },
  ),
);

it("an error before the second look says what the first one saw", () =>
  withSkeleton(
    {
      "job.js": 'require("@acme/queue").take();',
      "app.js": 'require("@acme/web")().listen(1);',
    },
    (root) => {
      const source = openSource(root);
      const told = (code: string, file: string, more: object) =>
        withDoubt(new KnbuildError({ code, message: "m" }), { file, argv: [], evidence: "main", ...more }, source);
      const undecided = [{ name: "@acme/queue", from: "." }];
      expect(told("INSTALL_FAILED", "job.js", { undecided })).toMatchObject({
        code: "INSTALL_FAILED",
        detail: "Also: this is probably not a web server: nothing in it listens for requests",
      });
      expect(told("BUILD_FAILED", "dist/job.js", { unstarted: true, otherwise: "it is a library" })).toMatchObject({
        detail: "Also: this is probably not a web server: it is a library",
      });
      for (const [code, file, more] of [
        ["INSTALL_FAILED", "app.js", { undecided }],
        ["INSTALL_FAILED", "job.js", {}],
        ["NOT_A_SERVER", "job.js", { undecided }],
      ] as const)
        expect(told(code, file, more)).toMatchObject({ detail: undefined });
    },
  ));

it("a file that the build made and nobody starts is looked at when it is there", () =>
  withSkeleton(
    {
      "package.json": { main: "dist/library.js" },
      "dist/library.js": "exports.slider = () => document.body;",
      "dist/handler.js": "module.exports = (req, res) => res.end();",
      "dist/server.js": 'require("http").createServer(f).listen(process.env.PORT);',
      "dist/bundled.js": 'import{createServer as k}from"http";const g=e=>(e.createServer||k)(e.o,f);g({}).listen(3e3);',
      "dist/bundled.cjs": 'const{createServer:k}=require("http"),g=()=>k(f);g().listen(3e3);',
      "dist/through.js": 'require("@acme/not-installed")();',
      "dist/client.js": 'const make = require("@acme/not-installed"); exports.send = (text) => make.post(text);',
    },
    (root) => {
      const made = (file: string, unstarted?: true) => () =>
        assertMadeServes({ file, argv: ["node", file], evidence: "main", ...(unstarted && { unstarted }) }, root);
      expect(made("dist/library.js", true)).toThrow("not a web server");
      expect(made("dist/handler.js", true)).toThrow("not a web server");
      expect(made("dist/client.js", true)).toThrow("not a web server");
      for (const file of ["server.js", "bundled.js", "bundled.cjs", "through.js", "missing.js"])
        expect(made(`dist/${file}`, true)).not.toThrow();
      expect(made("dist/library.js")).not.toThrow();
    },
  ));
