/** Directory skeletons and what must be found in them. The table in docs/node.md is written from these. */

export interface DetectionCase {
  name: string;
  /** Why it is there, where that is not plain: shown in the table. */
  note?: string;
  files: Record<string, string | object>;
  /** Expected of `detect`. null: nothing is selected. */
  selected: string | null;
  framework?: string | null;
  packageManager?: string | null;
  runtimeVersion?: string | null;
  entrypoint?: string | null;
  /** Expected of `plan`: what node starts (after `node`), the steps, the base; or the code of the error. */
  starts?: string;
  /** Codes of the plan's warnings, in order. */
  warns?: string[];
  /** A line of the plan's evidence. */
  because?: string;
  steps?: string;
  /** Directory that is served, as the plan's copy step has it. */
  site?: string;
  base?: string;
  error?: string;
  /** All of the error's detail, or its last lines. */
  says?: string;
}

const EXPRESS = `const express = require("express");\nconst app = express();\napp.get("/", (q, r) => r.send("ok"));\napp.listen(process.env.PORT || 8080);\n`;
const EXPRESS_ESM = EXPRESS.replace('const express = require("express")', 'import express from "express"');
const HTTP = `const http = require("http");\nhttp.createServer((q, r) => r.end("ok")).listen(process.env.PORT || 8080);\n`;
const dependencies = (...names: string[]) => Object.fromEntries(names.map((name) => [name, "^1.0.0"]));
const express = { name: "app", dependencies: dependencies("express") };
const lock = { name: "app", lockfileVersion: 3, packages: {} };

export const NEST_MONOREPO = {
  "package.json": {
    name: "mono",
    scripts: { build: "nest build", start: "nest start" },
    dependencies: dependencies("@nestjs/core"),
    devDependencies: dependencies("@nestjs/cli"),
  },
  "nest-cli.json": {
    monorepo: true,
    root: "apps/api",
    projects: {
      api: { type: "application", root: "apps/api", entryFile: "main" },
      admin: { type: "application", root: "apps/admin", entryFile: "main" },
      mails: { type: "application", root: "apps/mails", sourceRoot: "apps/mails/source", entryFile: "worker" },
      shared: { type: "library", root: "libs/shared", entryFile: "index" },
    },
  },
  "tsconfig.json": { compilerOptions: { outDir: "./dist", emitDecoratorMetadata: true } },
  "apps/admin/tsconfig.app.json": { extends: "../../tsconfig.json" },
  "apps/admin/src/main.ts":
    'import { NestFactory } from "@nestjs/core";\n(await NestFactory.create({})).listen(process.env.PORT);',
  "apps/mails/package.json": { name: "@mono/mails", main: "index.js", dependencies: dependencies("nodemailer") },
  "apps/mails/source/worker.ts":
    'import { NestFactory } from "@nestjs/core";\nimport { options } from "./broker";\nawait (await NestFactory.createMicroservice({}, options)).listen();',
  "apps/mails/source/broker.ts":
    'import { Transport } from "@nestjs/microservices";\nexport const options = { transport: Transport.RMQ };',
};

export const DETECTION_CASES: readonly DetectionCase[] = [
  // Finding the entry
  {
    name: "express, start script",
    files: { "package.json": { ...express, scripts: { start: "node server.js" } }, "server.js": EXPRESS },
    selected: "node",
    framework: "express",
    packageManager: "npm",
    entrypoint: "server.js",
    starts: "server.js",
    steps: "install bundle",
  },
  {
    name: "express, main only",
    files: { "package.json": { ...express, main: "lib/web.js" }, "lib/web.js": EXPRESS },
    selected: "node",
    framework: "express",
    entrypoint: "lib/web.js",
  },
  {
    name: "main that only exports a server, bin that starts it",
    note: "no start script",
    files: {
      "package.json": { ...express, name: "@org/mail", main: "lib/index.js", bin: { mail: "bin/mail.js" } },
      "lib/index.js":
        'const express = require("express");\nexports.start = (port) => express().listen(port);\nexports.name = require("../package.json").name;\n',
      "bin/mail.js": '#!/usr/bin/env node\nconst { start } = require("../lib");\nstart(process.env.PORT || 8080);\n',
    },
    selected: "node",
    entrypoint: "bin/mail.js",
  },
  {
    name: "main that starts a server where it is called by name, bin that starts it too",
    files: {
      "package.json": { ...express, main: "index.js", bin: "cli.js" },
      "index.js":
        'const express = require("express");\nconst start = (port) => express().listen(port);\nif (require.main === module) start(process.env.PORT || 8080);\nmodule.exports = start;\n',
      "cli.js": '#!/usr/bin/env node\nrequire("./index.js")(process.argv[2]);\n',
    },
    selected: "node",
    entrypoint: "index.js",
  },
  {
    name: "main whose own modules start the server, bin that starts it too",
    files: {
      "package.json": { ...express, main: "index.js", bin: "cli.js" },
      "index.js": 'module.exports = require("./lib/web");\n',
      "lib/web.js": EXPRESS,
      "cli.js": '#!/usr/bin/env node\nconsole.log("starting");\nrequire("./index.js");\n',
    },
    selected: "node",
    entrypoint: "index.js",
  },
  {
    name: "no main, no script: server.js",
    files: { "package.json": express, "server.js": EXPRESS },
    selected: "node",
    entrypoint: "server.js",
  },
  {
    name: "the start script wins over main",
    note: "main names another file",
    files: {
      "package.json": { ...express, main: "main.js", scripts: { start: "node index.js" } },
      "main.js": "exports.render = (text) => text;",
      "index.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "index.js",
  },
  {
    name: "main that does not listen, server.js that does",
    note: "main is a library",
    files: {
      "package.json": { ...express, main: "index.js" },
      "index.js": "exports.add = (a, b) => a + b;",
      "server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "server.js",
  },
  {
    name: "app.js exports, bin/www listens",
    note: "express-generator",
    files: {
      "package.json": { ...express, scripts: { start: "node ./bin/www" } },
      "app.js": 'const express = require("express");\nmodule.exports = express();\n',
      "bin/www":
        '#!/usr/bin/env node\nconst app = require("../app");\nrequire("http").createServer(app).listen(process.env.PORT || 3000);\n',
    },
    selected: "node",
    framework: "express",
    entrypoint: "bin/www",
  },
  {
    name: "a program of the app's own, started by its name",
    note: "its first line says that node runs it",
    files: {
      "package.json": { ...express, scripts: { start: "./bin/server" } },
      "bin/server": `#!/usr/bin/env node\n${EXPRESS}`,
      "server.js": "exports.create = () => {};",
    },
    selected: "node",
    entrypoint: "bin/server",
    starts: "bin/server",
  },
  {
    name: "a shell script of the app's own",
    note: "what it starts is not known: names decide",
    files: {
      "package.json": { ...express, scripts: { start: "./bin/start" } },
      "bin/start": "#!/bin/sh\nexec node web.js\n",
      "web.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "web.js",
  },
  {
    name: "exports field",
    files: {
      "package.json": { ...express, exports: { ".": { require: "./srv/entry.cjs" } } },
      "srv/entry.cjs": EXPRESS,
    },
    selected: "node",
    entrypoint: "srv/entry.cjs",
  },
  {
    name: "src/index.ts",
    files: { "package.json": { ...express, type: "module" }, "src/index.ts": EXPRESS_ESM },
    selected: "node",
    entrypoint: "src/index.ts",
  },
  {
    name: "Procfile before the start script",
    files: {
      "package.json": { ...express, scripts: { start: "node dev.js" } },
      Procfile: "worker: node w.js\nweb: node prod.js\n",
      "dev.js": EXPRESS,
      "prod.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "prod.js",
  },
  {
    name: "Procfile without web",
    note: "falls back to the start script",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      Procfile: "worker: node w.js\n",
      "server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "server.js",
  },
  {
    name: "start through another script",
    files: {
      "package.json": {
        ...express,
        scripts: { start: "npm run serve", serve: "cross-env NODE_ENV=production node -r dotenv/config app.js" },
      },
      "app.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "app.js",
    starts: "-r dotenv/config app.js",
    steps: "install bundle(off)",
  },
  {
    name: "nodemon and an env file",
    note: "options for a developer are left out",
    files: {
      "package.json": { ...express, scripts: { start: "nodemon --watch src --env-file=.env server.js" } },
      "server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "server.js",
    starts: "server.js",
  },
  {
    name: "PM2 with its ecosystem file",
    note: "the program that it names is the container's process",
    files: {
      "package.json": { ...express, scripts: { start: "pm2 start ecosystem.config.json --no-daemon" } },
      "ecosystem.config.json": { apps: [{ name: "app", script: "./src/web.js", args: "--quiet", instances: 4 }] },
      "src/web.js": EXPRESS,
    },
    selected: "node",
    starts: "src/web.js --quiet",
  },
  {
    name: "PM2 with a program for its ecosystem file",
    files: {
      "package.json": { ...express, scripts: { start: "pm2-runtime ecosystem.config.cjs" } },
      "ecosystem.config.cjs": 'module.exports = { apps: [{ name: "app", script: "web.js", instances: "max" }] };\n',
      "web.js": EXPRESS,
    },
    selected: "node",
    starts: "web.js",
  },
  {
    name: "a server that would go into the background",
    files: {
      "package.json": {
        scripts: { start: "eggctl start --daemon --title=app", build: "umi build" },
        dependencies: dependencies("egg", "@eggjs/scripts", "umi"),
      },
    },
    selected: "node",
    starts: "--require /knbuild/listen-on-port.cjs node_modules/.bin/eggctl start --title=app",
  },
  {
    name: "a site beside a server with packages of its own",
    files: {
      "package.json": { scripts: { build: "vite build" }, devDependencies: dependencies("vite") },
      "index.html": "<h1>site</h1>",
      "server/package.json": { dependencies: dependencies("express") },
      "server/index.js": EXPRESS,
    },
    selected: "node",
    framework: "vite",
  },
  {
    name: "a site of Vite's without its page",
    files: {
      "package.json": { scripts: { build: "tsc && vite build" }, devDependencies: dependencies("vite", "typescript") },
      "src/main.ts": "document.body.textContent = 'x';",
    },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "migrations before the server",
    files: {
      "package.json": { ...express, scripts: { start: "prisma migrate deploy && node server.js | pino-pretty" } },
      "server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "server.js",
    starts: "server.js",
  },
  {
    name: "arguments and the environment of the script",
    files: {
      "package.json": {
        ...express,
        scripts: { start: "MODE=live node --max-old-space-size=512 server.js --port $PORT" },
      },
      "server.js": EXPRESS,
    },
    selected: "node",
    starts: "--max-old-space-size=512 --require /knbuild/expand-args.cjs server.js --port $PORT",
    steps: "install bundle runtime-file",
  },
  {
    name: "start names a file that is not there",
    files: { "package.json": { ...express, scripts: { start: "node srever.js" } }, "lib.js": "exports.a = 1;" },
    selected: "node",
    entrypoint: null,
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "main names a file that is not there",
    files: { "package.json": { main: "function.js" }, "server.js": "exports.handler = (req, res) => res.send('x');" },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "an entry nothing names",
    note: "the only file that listens",
    files: { "package.json": {}, "custom.js": HTTP },
    selected: "node",
    framework: "node:http",
    entrypoint: "custom.js",
  },
  {
    name: "a port that is root's",
    note: "the image's user may not open it: PORT is opened instead",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      "server.js": EXPRESS.replace("process.env.PORT || 8080", "80"),
    },
    selected: "node",
    entrypoint: "server.js",
    starts: "--require /knbuild/listen-on-port.cjs server.js",
  },
  {
    name: "a port that is root's under a name",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      "server.js": EXPRESS.replace("app.listen", "const port: number = 80;\napp.listen").replace(
        "process.env.PORT || 8080",
        "{ host, port }",
      ),
    },
    selected: "node",
    starts: "--require /knbuild/listen-on-port.cjs server.js",
    because: "port 80 is root's, which the image does not run as: PORT is opened instead",
  },
  {
    name: "a port that is root's and that a client takes",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      "server.js": `require("./mail.js");\n${EXPRESS.replace("process.env.PORT || 8080", "port()")}`,
      "mail.js": "exports.send = ({ host, port = 587 }) => host + port;\nconst port = 25;",
    },
    selected: "node",
    starts: "server.js",
  },
  {
    name: "a port that is root's where a variable may say another",
    note: "which one is asked for is not written down",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      "server.js": `if (require("./config.js")("API")) return;\n${EXPRESS.replace("process.env.PORT || 8080", "80")}`,
      "config.js": "module.exports = (name) => process.env[name];",
    },
    selected: "node",
    starts: "server.js",
  },
  {
    name: "a port that is root's where PORT is not set",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      "server.js": EXPRESS.replace("8080", "80"),
    },
    selected: "node",
    entrypoint: "server.js",
    starts: "server.js",
  },
  {
    name: "no package.json, server.js",
    files: { "server.js": HTTP },
    selected: "node",
    packageManager: null,
    entrypoint: "server.js",
    steps: "bundle",
  },
  {
    name: "no package.json, server.ts",
    files: {
      "server.ts": HTTP.replace('const http = require("http")', 'import http, { IncomingMessage } from "http"'),
    },
    selected: "node",
    entrypoint: "server.ts",
  },
  // TypeScript
  {
    name: "dist/server.js comes from src/server.ts",
    note: "tsc only: esbuild takes the source",
    files: {
      "package.json": { ...express, scripts: { build: "rimraf dist && tsc -p .", start: "node dist/server.js" } },
      "tsconfig.json": '{ "compilerOptions": { "outDir": "dist", "rootDir": "src", } } // comment',
      "src/server.ts": EXPRESS_ESM,
    },
    selected: "node",
    entrypoint: "src/server.ts",
    steps: "install bundle",
  },
  {
    name: "a build that does more than compile",
    note: "it runs",
    files: {
      "package.json": { ...express, scripts: { build: "prisma generate && tsc", start: "node dist/server.js" } },
      "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src" } },
      "src/server.ts": EXPRESS_ESM,
    },
    selected: "node",
    entrypoint: "dist/server.js",
    steps: "install+dev host-command bundle",
  },
  {
    name: "decorator metadata",
    note: "only TypeScript emits it: the build runs",
    files: {
      "package.json": { ...express, scripts: { build: "tsc", start: "node dist/main.js" } },
      "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src", emitDecoratorMetadata: true } },
      "src/main.ts": EXPRESS_ESM,
    },
    selected: "node",
    entrypoint: "dist/main.js",
    steps: "install+dev host-command bundle",
  },
  {
    name: "a server that Vite makes of a Hono app",
    note: "nothing else starts it; the port is the plugin's",
    files: {
      "package.json": {
        scripts: { build: "vite build --mode client && vite build" },
        dependencies: dependencies("hono", "@hono/node-server"),
        devDependencies: dependencies("vite", "@hono/vite-build"),
      },
      "vite.config.ts":
        'import build from "@hono/vite-build/node";\nexport default { plugins: [build({ entry: "src/index.tsx", outputDir: "out" })] };\n',
      "src/index.tsx": 'import { Hono } from "hono";\nexport default new Hono();\n',
    },
    selected: "node",
    entrypoint: "out/index.js",
    starts: "--require /knbuild/listen-on-port.cjs out/index.js",
    steps: "install+dev host-command bundle runtime-file",
  },
  {
    name: "decorator metadata of a program that is run as it is",
    note: "the compiler for it is installed",
    files: {
      "package.json": {
        ...express,
        scripts: { start: "ts-node src/main.ts" },
        devDependencies: dependencies("ts-node", "typescript"),
      },
      "tsconfig.json": { compilerOptions: { emitDecoratorMetadata: true } },
      "src/main.ts": EXPRESS_ESM,
    },
    selected: "node",
    entrypoint: "src/main.ts",
    steps: "install+dev bundle",
  },
  {
    name: "a called namespace import",
    note: "only TypeScript without esModuleInterop makes it callable: its compiler runs",
    files: {
      "package.json": { ...express, scripts: { build: "tsc -p ." }, devDependencies: dependencies("typescript") },
      "tsconfig.json": { compilerOptions: { module: "commonjs", outDir: "out" } },
      "server.ts": EXPRESS.replace('const express = require("express")', 'import * as express from "express"'),
    },
    selected: "node",
    entrypoint: "out/server.js",
    steps: "install+dev host-command bundle",
  },
  {
    name: "tsx runs the source",
    files: { "package.json": { ...express, scripts: { start: "tsx watch src/app.ts" } }, "src/app.ts": EXPRESS_ESM },
    selected: "node",
    entrypoint: "src/app.ts",
    steps: "install bundle",
  },
  {
    name: "several servers in deeper folders",
    note: "they are named, none is taken",
    files: { "package.json": express, "hello/web.js": EXPRESS, "upload/web.js": EXPRESS, "test/web.js": EXPRESS },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
    says: "These listen:\n  hello/web.js\n  upload/web.js",
  },
  {
    name: "dist without a build script",
    files: { "package.json": { ...express, scripts: { start: "node dist/x.js" } } },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "build:ts named by the start script",
    files: {
      "package.json": {
        ...express,
        scripts: { "build:ts": "tsc && copyfiles views dist", start: "npm run build:ts && node dist/app.js" },
      },
      "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src" } },
      "src/app.ts": EXPRESS_ESM,
    },
    selected: "node",
    entrypoint: "dist/app.js",
    steps: "install+dev host-command bundle",
  },
  // Frameworks of one process
  {
    name: "fastify",
    files: {
      "package.json": { dependencies: dependencies("fastify"), main: "app.mjs" },
      "app.mjs": 'import Fastify from "fastify";\nawait Fastify().listen({ port: 8080, host: "0.0.0.0" });',
    },
    selected: "node",
    framework: "fastify",
  },
  {
    name: "koa",
    files: {
      "package.json": { type: "module", dependencies: dependencies("koa") },
      "app.js": 'import Koa from "koa";\nnew Koa().listen(8080);',
    },
    selected: "node",
    framework: "koa",
  },
  {
    name: "hono with its Node server",
    files: {
      "package.json": { dependencies: dependencies("hono", "@hono/node-server") },
      "src/index.ts": 'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nserve(new Hono());',
    },
    selected: "node",
    framework: "hono",
    steps: "install bundle",
  },
  {
    name: "hono that only exports",
    note: "fetch handler: served by knbuild's",
    files: {
      "package.json": { dependencies: dependencies("hono") },
      "src/index.ts": 'import { Hono } from "hono";\nconst app = new Hono();\nexport default app;',
    },
    selected: "node",
    framework: "hono",
    steps: "install bundle runtime-file",
    starts: "/knbuild/fetch-server.mjs src/index.ts",
  },
  {
    name: "express that only exports its app",
    note: "no start script: served by knbuild's",
    files: {
      "package.json": { type: "module", dependencies: dependencies("express") },
      "src/index.ts":
        'import express, { type Request } from "express";\nimport { connect } from "@acme/data";\nconst app = express();\napp.get("/", async (_req: Request, res) => res.send(await connect()));\nexport default app;\n',
    },
    selected: "node",
    framework: "express",
    steps: "install bundle runtime-file",
    starts: "/knbuild/fetch-server.mjs src/index.ts",
  },
  {
    name: "a start script that runs a file which only exports its app",
    files: {
      "package.json": { scripts: { start: "node app.js" }, dependencies: dependencies("express") },
      "app.js": 'const express = require("express");\nconst app = express();\nmodule.exports = app;\n',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a package for other programs that exports an app",
    files: {
      "package.json": { name: "panel", main: "index.js", files: ["index.js"], dependencies: dependencies("express") },
      "index.js": 'const express = require("express");\nconst app = express();\nmodule.exports = app;\n',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "an exported app for which another file listens",
    files: {
      "package.json": { dependencies: dependencies("express") },
      "app.js": 'const express = require("express");\nconst app = express();\nmodule.exports = app;\n',
      "deploy/web.js": 'require("../app").listen(process.env.PORT);\n',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "gRPC server",
    files: {
      "package.json": { dependencies: dependencies("@grpc/grpc-js") },
      "server.js":
        'const grpc = require("@grpc/grpc-js");\nconst s = new grpc.Server();\ns.bindAsync("0.0.0.0:8080", grpc.ServerCredentials.createInsecure(), () => {});',
    },
    selected: "node",
    framework: "grpc",
  },
  {
    name: "a WebSocket server with a port of its own",
    files: {
      "package.json": { dependencies: dependencies("ws"), main: "index.js" },
      "index.js":
        'const { WebSocketServer } = require("ws");\nnew WebSocketServer({ port: process.env.PORT }).on("connection", (ws) => ws.send("hi"));',
    },
    selected: "node",
    framework: "ws",
    entrypoint: "index.js",
  },
  {
    name: "a WebSocket client",
    files: {
      "package.json": { dependencies: dependencies("ws"), main: "index.js" },
      "index.js": 'const WebSocket = require("ws");\nnew WebSocket("wss://feed.test").on("open", () => start.run());',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "fastify-cli",
    note: "the app only exports a plugin",
    files: {
      "package.json": {
        scripts: { start: "fastify start -w -l info app.js" },
        dependencies: dependencies("fastify", "fastify-cli"),
      },
      "app.js": "module.exports = async (fastify) => {};",
    },
    selected: "node",
    framework: "fastify-cli",
    starts: "node_modules/.bin/fastify start -l info app.js",
    steps: "install bundle(off)",
  },
  {
    name: "functions-framework in the start script",
    files: {
      "package.json": {
        main: "index.js",
        scripts: { start: "functions-framework --target=hello" },
        dependencies: dependencies("@google-cloud/functions-framework"),
      },
      "index.js": "exports.hello = (req, res) => res.send('x');",
    },
    selected: "node",
    framework: "functions-framework",
    starts: "node_modules/.bin/functions-framework --target=hello",
  },
  {
    name: "functions-framework, target found",
    files: {
      "package.json": { dependencies: dependencies("@google-cloud/functions-framework") },
      "index.js":
        'const functions = require("@google-cloud/functions-framework");\nfunctions.http("hi", (req, res) => res.send("x"));',
    },
    selected: "node",
    framework: "functions-framework",
    starts: "node_modules/.bin/functions-framework --target=hi",
  },
  {
    name: "functions-framework, the only function of a TypeScript source",
    note: "the compiled file is not there yet",
    files: {
      "package.json": {
        scripts: { "gcp-build": "tsc function.ts" },
        dependencies: dependencies("@google-cloud/functions-framework"),
        devDependencies: dependencies("typescript"),
      },
      "function.ts": "export type A = string;\nexport const hello = (req, res) => { res.send('x'); };",
    },
    selected: "node",
    framework: "functions-framework",
    starts: "node_modules/.bin/functions-framework --target=hello",
  },
  {
    name: "functions-framework, a table of one function",
    files: {
      "package.json": {
        dependencies: dependencies("ejs"),
        devDependencies: dependencies("@google-cloud/functions-framework"),
      },
      "function.js": "function hello(req, res) { res.render('index.ejs'); }\nmodule.exports = { hello };",
    },
    selected: "node",
    framework: "functions-framework",
    starts: "node_modules/.bin/functions-framework --target=hello",
  },
  {
    name: "functions-framework, compiled exports",
    files: {
      "package.json": { dependencies: dependencies("@google-cloud/functions-framework") },
      "function.js":
        '"use strict";\nexports.__esModule = true;\nexports.hello = void 0;\nexports.hello = function (req, res) {};',
    },
    selected: "node",
    starts: "node_modules/.bin/functions-framework --target=hello",
  },
  {
    name: "functions-framework, several functions",
    files: {
      "package.json": { dependencies: dependencies("@google-cloud/functions-framework") },
      "index.js": "exports.one = (req, res) => {};\nexports.two = (req, res) => {};",
    },
    selected: "node",
    error: "FUNCTION_AMBIGUOUS",
  },
  {
    name: "a package's program is the server",
    files: {
      "package.json": {
        scripts: { start: "json-server --port $PORT db.json" },
        dependencies: dependencies("json-server"),
      },
      "db.json": {},
    },
    selected: "node",
    entrypoint: "json-server --port $PORT db.json",
    note: "whatever port or host it knows, a preload has it reached on PORT",
    starts:
      "--require /knbuild/listen-on-port.cjs --require /knbuild/expand-args.cjs node_modules/.bin/json-server --port $PORT db.json --host 0.0.0.0",
  },
  {
    name: "a package's program by its file",
    files: {
      "package.json": {
        scripts: { start: "node --enable-source-maps node_modules/@sap/approuter/approuter.js" },
        dependencies: dependencies("@sap/approuter"),
      },
    },
    selected: "node",
    starts: "--enable-source-maps --require /knbuild/listen-on-port.cjs node_modules/@sap/approuter/approuter.js",
  },
  {
    name: "an entry that asks for what the compiler makes",
    files: {
      "package.json": {
        scripts: { start: "node bin/app.js", build: "tsc" },
        dependencies: dependencies("fastify"),
        devDependencies: dependencies("typescript"),
      },
      "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src" } },
      "bin/app.js": 'require("../dist/app").instance.listen(3000);\n',
      "src/app.ts": 'import fastify from "fastify";\nexport const instance = fastify();\n',
    },
    selected: "node",
    entrypoint: "bin/app.js",
    starts: "--require /knbuild/listen-on-port.cjs bin/app.js",
    steps: "install+dev host-command bundle runtime-file",
  },
  {
    name: "a package's program is handed a TypeScript file, which it compiles itself",
    files: {
      "package.json": { scripts: { start: "listhen ./app.ts" }, dependencies: dependencies("h3", "listhen") },
      "app.ts": 'import { createApp } from "h3";\nexport const app = createApp();\n',
    },
    selected: "node",
    starts: "--require /knbuild/listen-on-port.cjs node_modules/.bin/listhen ./app.ts",
  },
  {
    name: "a file of a package that is no dependency",
    files: {
      "package.json": { scripts: { start: "node node_modules/gone/server.js" }, dependencies: dependencies("express") },
    },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
  },
  // Frameworks with a build
  {
    name: "Next.js, app router",
    files: {
      "package.json": {
        scripts: { build: "next build", start: "next start" },
        dependencies: dependencies("next", "react"),
      },
      "app/page.tsx": "export default () => null;",
    },
    selected: "node",
    framework: "next",
    starts: "server.js",
    steps: "install+dev host-command copy copy copy",
  },
  {
    name: "Next.js, pages router, export",
    note: "start says next start, which refuses",
    files: {
      "package.json": { scripts: { build: "next build", start: "next start" }, dependencies: dependencies("next") },
      "next.config.mjs": "export default { output: 'export' };",
      "pages/index.js": "",
    },
    selected: "node",
    framework: "next",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "Next.js with an own server",
    note: "a program like any other",
    files: {
      "package.json": {
        scripts: { build: "next build", start: "node server.js" },
        dependencies: dependencies("next", "express"),
      },
      "pages/index.js": "",
      "server.js": EXPRESS,
    },
    selected: "node",
    framework: "express",
    entrypoint: "server.js",
    steps: "install+dev host-command bundle(off)",
  },
  {
    name: "Next.js with a compiled server of its own",
    note: "no output of Next's: it has a source",
    files: {
      "package.json": {
        scripts: { build: "next build && tsc -p tsconfig.server.json", start: "node dist/server.js" },
        dependencies: dependencies("next", "express"),
      },
      "pages/index.js": "",
      "src/server.ts": EXPRESS_ESM,
    },
    selected: "node",
    framework: "express",
    starts: "dist/server.js",
    steps: "install+dev host-command bundle(off)",
  },
  {
    name: "a server beside a site",
    note: "Vite makes the client, the start script runs the server that serves it",
    files: {
      "package.json": {
        scripts: { build: "vite build && esbuild server/index.ts --outdir=dist", start: "node dist/index.js" },
        dependencies: dependencies("express"),
        devDependencies: dependencies("vite", "esbuild"),
      },
      "vite.config.ts": "export default {};",
      "index.html": "<div id=root></div>",
      "server/index.ts": EXPRESS_ESM,
    },
    selected: "node",
    framework: "express",
    starts: "dist/index.js",
  },
  {
    name: "a server that only a developer's script names",
    files: {
      "package.json": { ...express, scripts: { dev: "tsx watch backend/http.ts", build: "tsc" } },
      "backend/http.ts": EXPRESS_ESM,
    },
    selected: "node",
    framework: "express",
    starts: "backend/http.ts",
  },
  {
    name: "Nuxt",
    files: {
      "package.json": { scripts: { build: "nuxt build", start: "nuxi dev" }, devDependencies: dependencies("nuxt") },
      "nuxt.config.ts": "export default {}",
    },
    selected: "node",
    framework: "nuxt",
    starts: ".output/server/index.mjs",
  },
  {
    name: "SvelteKit, adapter-node",
    files: {
      "package.json": {
        type: "module",
        scripts: { build: "vite build" },
        devDependencies: dependencies("@sveltejs/kit", "@sveltejs/adapter-node", "vite"),
      },
      "svelte.config.js":
        'import adapter from "@sveltejs/adapter-node";\nexport default { kit: { adapter: adapter() } };',
      "vite.config.js": "",
    },
    selected: "node",
    framework: "sveltekit",
    starts: "build/index.js",
  },
  {
    name: "SvelteKit, adapter-auto",
    note: "makes no server: says which adapter",
    files: {
      "package.json": { scripts: { build: "vite build" }, devDependencies: dependencies("@sveltejs/kit", "vite") },
      "svelte.config.js": 'import adapter from "@sveltejs/adapter-auto";',
    },
    selected: "node",
    framework: "sveltekit",
    entrypoint: null,
    error: "FRAMEWORK_ADAPTER",
  },
  {
    name: "React Router, framework mode",
    files: {
      "package.json": {
        scripts: { build: "react-router build", start: "react-router-serve ./build/server/index.js" },
        dependencies: dependencies("@react-router/serve"),
        devDependencies: dependencies("@react-router/dev", "vite"),
      },
      "react-router.config.ts": "export default { ssr: true };",
      "vite.config.ts": "",
    },
    selected: "node",
    framework: "react-router",
    starts: "node_modules/.bin/react-router-serve ./build/server/index.js",
  },
  {
    name: "React Router, ssr: false",
    note: "start says react-router-serve, which has no bundle",
    files: {
      "package.json": {
        scripts: { build: "react-router build", start: "react-router-serve ./build/server/index.js" },
        devDependencies: dependencies("@react-router/dev"),
      },
      "react-router.config.ts": "export default {\n  // ssr: true\n  ssr: false,\n};",
    },
    selected: "node",
    framework: "react-router",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "Remix",
    files: {
      "package.json": {
        scripts: { build: "remix vite:build", start: "remix-serve ./build/server/index.js" },
        dependencies: dependencies("@remix-run/serve"),
        devDependencies: dependencies("@remix-run/dev", "vite"),
      },
      "vite.config.ts": 'import { vitePlugin } from "@remix-run/dev";',
    },
    selected: "node",
    framework: "remix",
    starts: "node_modules/.bin/remix-serve ./build/server/index.js",
  },
  {
    name: "Astro, static",
    files: {
      "package.json": { scripts: { build: "astro build", start: "astro dev" }, dependencies: dependencies("astro") },
      "astro.config.mjs": "export default {};",
    },
    selected: "node",
    framework: "astro",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "Astro, Node adapter",
    files: {
      "package.json": { scripts: { build: "astro build" }, dependencies: dependencies("astro", "@astrojs/node") },
      "astro.config.mjs":
        'import node from "@astrojs/node";\nexport default { output: "server", adapter: node({ mode: "standalone" }) };',
    },
    selected: "node",
    framework: "astro",
    starts: "dist/server/entry.mjs",
  },
  {
    name: "Astro, another platform's adapter",
    files: {
      "package.json": { scripts: { build: "astro build" }, dependencies: dependencies("astro") },
      "astro.config.mjs":
        'import vercel from "@astrojs/vercel";\nexport default { output: "server", adapter: vercel() };',
    },
    selected: "node",
    framework: "astro",
    error: "FRAMEWORK_ADAPTER",
  },
  {
    name: "NestJS",
    note: "start is its development server",
    files: {
      "package.json": {
        scripts: { build: "nest build", start: "nest start", "start:prod": "node dist/main" },
        dependencies: dependencies("@nestjs/core"),
        devDependencies: dependencies("@nestjs/cli"),
      },
      "nest-cli.json": { sourceRoot: "src" },
      "tsconfig.json": { compilerOptions: { outDir: "./dist", emitDecoratorMetadata: true } },
      "src/main.ts": 'import { NestFactory } from "@nestjs/core";\n(await NestFactory.create({})).listen(3000);',
    },
    selected: "node",
    framework: "nestjs",
    starts: "dist/main.js",
    steps: "install+dev host-command bundle",
  },
  {
    name: "Hono, built for Node by its plug-in for Vite",
    note: "no script says so",
    files: {
      "package.json": { type: "module", devDependencies: dependencies("vite", "@hono/vite-build") },
      "vite.config.ts": 'import build from "@hono/vite-build/node";\nexport default { plugins: [build()] };',
      "src/index.ts": 'import { Hono } from "hono";\nexport default new Hono();',
    },
    selected: "node",
    starts: "--require /knbuild/listen-on-port.cjs dist/index.js",
    steps: "install+dev host-command bundle runtime-file",
  },
  {
    name: "NestJS monorepo, the project that nest-cli.json begins with",
    files: NEST_MONOREPO,
    selected: "node",
    framework: "nestjs",
    starts: "dist/apps/api/main.js",
  },
  {
    name: "Angular, static",
    files: {
      "package.json": {
        scripts: { build: "ng build", start: "ng serve" },
        dependencies: dependencies("@angular/core"),
      },
      "angular.json": {
        projects: {
          shop: {
            projectType: "application",
            architect: { build: { builder: "@angular-devkit/build-angular:application", options: {} } },
          },
        },
      },
      "src/main.ts": "",
    },
    selected: "node",
    framework: "angular",
    entrypoint: "dist/shop/browser",
  },
  {
    name: "Angular behind a server of its own",
    note: "the start script starts it; the build makes what it serves",
    files: {
      "package.json": {
        scripts: { build: "ng build", start: "node server.js" },
        dependencies: dependencies("@angular/core", "express"),
      },
      "angular.json": { projects: { shop: { architect: { build: { options: { outputPath: "dist/shop" } } } } } },
      "server.js": EXPRESS,
      "src/main.ts": "",
    },
    selected: "node",
    framework: "express",
    entrypoint: "server.js",
    steps: "install+dev host-command bundle",
  },
  {
    name: "Angular, server-side rendering",
    files: {
      "package.json": { scripts: { build: "ng build" }, dependencies: dependencies("@angular/core", "express") },
      "angular.json": {
        projects: {
          shop: {
            architect: {
              build: {
                builder: "@angular/build:application",
                options: { outputPath: "dist/shop", ssr: { entry: "src/server.ts" } },
              },
            },
          },
        },
      },
      "src/server.ts": EXPRESS_ESM,
    },
    selected: "node",
    framework: "angular",
    starts: "dist/shop/server/server.mjs",
  },
  {
    name: "Angular 22, server-side rendering, as it is created",
    note: "its list of hosts is empty: it would answer none, so it answers all, and a warning says so",
    files: {
      "package.json": {
        scripts: { build: "ng build" },
        dependencies: { ...dependencies("@angular/core", "express"), "@angular/ssr": "^22.2.0" },
      },
      "angular.json": {
        projects: {
          shop: {
            architect: {
              build: {
                builder: "@angular/build:application",
                options: { ssr: { entry: "src/server.ts" }, security: { allowedHosts: [] } },
              },
            },
          },
        },
      },
      "src/server.ts": EXPRESS_ESM,
    },
    selected: "node",
    framework: "angular",
    starts: "dist/shop/server/server.mjs",
    warns: ["ANGULAR_ALLOWED_HOSTS"],
  },
  {
    name: "Qwik City, with the adapter for Express",
    files: {
      "package.json": {
        type: "module",
        scripts: {
          build: "qwik build",
          "build.server": "vite build -c adapters/express/vite.config.ts",
          start: "vite",
        },
        dependencies: dependencies("express"),
        devDependencies: dependencies("@builder.io/qwik-city", "vite"),
      },
      "vite.config.ts": "export default {};",
      "adapters/express/vite.config.ts":
        'export default { build: { ssr: true, rollupOptions: { input: ["src/entry.express.tsx", "@qwik-city-plan"] } } };',
      "src/entry.express.tsx": EXPRESS_ESM,
    },
    selected: "node",
    framework: "qwik",
    starts: "server/entry.express.js",
  },
  {
    name: "Qwik City as it is created",
    note: "without an adapter its build makes no server",
    files: {
      "package.json": {
        type: "module",
        scripts: { build: "qwik build", start: "vite --open --mode ssr" },
        devDependencies: dependencies("@builder.io/qwik-city", "vite"),
      },
      "vite.config.ts": "export default {};",
    },
    selected: "node",
    framework: "qwik",
    error: "FRAMEWORK_ADAPTER",
  },
  {
    name: "TanStack Start without a server preset",
    files: {
      "package.json": {
        type: "module",
        scripts: { build: "vite build" },
        dependencies: dependencies("@tanstack/react-start"),
        devDependencies: dependencies("vite"),
      },
      "vite.config.ts":
        'import { tanstackStart } from "@tanstack/react-start/plugin/vite";\nexport default { plugins: [tanstackStart()] };',
    },
    selected: "node",
    framework: "tanstack",
    starts: "/knbuild/fetch-server.mjs dist/server/server.js --static dist/client",
  },
  {
    name: "TanStack Start, built with rsbuild",
    files: {
      "package.json": {
        type: "module",
        scripts: { build: "rsbuild build", start: "srvx --prod -s ../client dist/server/index.js" },
        dependencies: dependencies("@tanstack/react-start"),
        devDependencies: dependencies("@rsbuild/core", "srvx"),
      },
      "rsbuild.config.ts":
        'import { tanstackStart } from "@tanstack/react-start/plugin/rsbuild";\nexport default { plugins: [tanstackStart()] };',
      "src/router.tsx": "export const getRouter = () => null;",
    },
    selected: "node",
    framework: "tanstack",
    starts: "/knbuild/fetch-server.mjs dist/server/index.js --static dist/client",
  },
  {
    name: "TanStack Start with Nitro",
    files: {
      "package.json": {
        scripts: { build: "vite build" },
        dependencies: dependencies("@tanstack/react-start", "nitro"),
      },
      "vite.config.ts": "export default { plugins: [tanstackStart(), nitro()] };",
    },
    selected: "node",
    framework: "tanstack",
    starts: ".output/server/index.mjs",
  },
  {
    name: "AdonisJS",
    files: {
      "package.json": {
        scripts: { build: "node ace build", start: "node bin/server.js" },
        dependencies: dependencies("@adonisjs/core"),
      },
      "adonisrc.ts": "export default {}",
      "bin/server.ts": 'import { Ignitor } from "@adonisjs/core";',
    },
    selected: "node",
    framework: "adonisjs",
    starts: "build/bin/server.js",
  },
  {
    name: "Vite",
    files: {
      "package.json": {
        scripts: { dev: "vite", build: "tsc -b && vite build" },
        devDependencies: dependencies("vite", "typescript"),
      },
      "index.html": "",
      "src/main.tsx": "",
    },
    selected: "node",
    framework: "vite",
    entrypoint: "dist",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "Vite beside an Express server",
    note: "the server serves the site",
    files: {
      "package.json": {
        scripts: { build: "vite build", start: "node server.js" },
        dependencies: dependencies("express"),
        devDependencies: dependencies("vite"),
      },
      "index.html": "",
      "vite.config.js": "",
      "server.js": EXPRESS,
    },
    selected: "node",
    framework: "express",
    entrypoint: "server.js",
    steps: "install+dev host-command bundle",
  },
  {
    name: "Create React App",
    note: "start is a development server",
    files: {
      "package.json": {
        scripts: { build: "react-scripts build", start: "react-scripts start" },
        dependencies: dependencies("react-scripts"),
      },
      "public/index.html": "",
      "src/index.js": "",
    },
    selected: "node",
    framework: "cra",
    entrypoint: "build",
  },
  {
    name: "Eleventy",
    files: {
      "package.json": { scripts: { build: "eleventy" }, devDependencies: dependencies("@11ty/eleventy") },
      ".eleventy.js": 'module.exports = () => ({ dir: { output: "public_html" } });',
    },
    selected: "node",
    framework: "eleventy",
    entrypoint: "public_html",
  },
  {
    name: "Docusaurus",
    files: {
      "package.json": {
        scripts: { build: "docusaurus build", start: "docusaurus start" },
        dependencies: dependencies("@docusaurus/core"),
      },
      "docusaurus.config.js": "",
    },
    selected: "node",
    framework: "docusaurus",
    entrypoint: "build",
  },
  {
    name: "webpack with a page",
    files: {
      "package.json": {
        scripts: { start: "webpack serve", build: "webpack --mode production" },
        devDependencies: dependencies("webpack", "html-webpack-plugin"),
      },
      "webpack.config.js":
        'const Html = require("html-webpack-plugin");\nmodule.exports = { output: { path: path.resolve(__dirname, "public/site") }, plugins: [new Html()] };',
      "src/index.js": "document.title = 1;",
    },
    selected: "node",
    framework: "webpack",
    entrypoint: "public/site",
  },
  {
    name: "webpack without a page (a library)",
    files: {
      "package.json": { scripts: { build: "webpack" }, devDependencies: dependencies("webpack"), main: "src/index.js" },
      "webpack.config.js": "module.exports = { output: { library: 'x' } };",
      "src/index.js": "export const a = 1;",
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "VuePress",
    files: {
      "package.json": { scripts: { build: "vuepress build src" }, devDependencies: dependencies("vuepress") },
      "src/README.md": "# hi",
    },
    selected: "node",
    framework: "vuepress",
    entrypoint: "src/.vuepress/dist",
  },
  {
    name: "Ember",
    files: {
      "package.json": {
        scripts: { start: "ember serve", build: "ember build --environment=production" },
        devDependencies: dependencies("ember-cli"),
      },
    },
    selected: "node",
    framework: "ember",
    entrypoint: "dist",
  },
  {
    name: "Gatsby",
    files: {
      "package.json": {
        scripts: { build: "gatsby build", start: "gatsby develop" },
        dependencies: dependencies("gatsby"),
      },
      "gatsby-config.js": "",
    },
    selected: "node",
    framework: "gatsby",
    entrypoint: "public",
  },
  {
    name: "plain HTML",
    files: { "index.html": "<h1>hi</h1>", "style.css": "" },
    selected: "static",
    framework: "html",
    entrypoint: "index.html",
    starts: "/knbuild/static-server.cjs /app/public",
    steps: "runtime-file copy",
  },
  {
    name: "plain HTML with a browser script called app.js",
    note: "the script is no server",
    files: { "index.html": '<script src="app.js"></script>', "app.js": "document.title = 'x';" },
    selected: "static",
    framework: "html",
  },
  {
    name: "plain HTML beside a server that serves it",
    files: { "package.json": express, "server.js": EXPRESS, "index.html": "" },
    selected: "node",
    framework: "express",
  },
  // Package managers
  {
    name: "pnpm",
    files: { "package.json": express, "server.js": EXPRESS, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" },
    selected: "node",
    packageManager: "pnpm",
    steps: "install bundle",
  },
  {
    name: "yarn 1",
    files: { "package.json": express, "server.js": EXPRESS, "yarn.lock": "# yarn lockfile v1\n" },
    selected: "node",
    packageManager: "yarn",
  },
  {
    name: "yarn berry",
    files: { "package.json": express, "server.js": EXPRESS, "yarn.lock": "__metadata:\n  version: 8\n" },
    selected: "node",
    packageManager: "yarn",
  },
  {
    name: "bun as package manager only",
    files: {
      "package.json": { ...express, scripts: { start: "bun run server.js" } },
      "server.js": EXPRESS,
      "bun.lock": "{}",
    },
    selected: "node",
    packageManager: "bun",
    entrypoint: "server.js",
  },
  {
    name: "two lock files",
    note: "yarn.lock before package-lock.json",
    files: { "package.json": express, "server.js": EXPRESS, "yarn.lock": "", "package-lock.json": lock },
    selected: "node",
    packageManager: "yarn",
  },
  {
    name: "packageManager field decides between lock files",
    files: {
      "package.json": { ...express, packageManager: "npm@10.9.2" },
      "server.js": EXPRESS,
      "yarn.lock": "",
      "package-lock.json": lock,
    },
    selected: "node",
    packageManager: "npm",
  },
  {
    name: "packageManager field against the lock file",
    note: "what left a lock file was really used",
    files: {
      "package.json": { ...express, packageManager: "pnpm@9.0.0" },
      "server.js": EXPRESS,
      "package-lock.json": lock,
    },
    selected: "node",
    packageManager: "npm",
  },
  {
    name: "packageManager with a range",
    files: { "package.json": { ...express, packageManager: "pnpm@^9" }, "server.js": EXPRESS },
    selected: "node",
    packageManager: "pnpm",
    because: "package manager pnpm: package.json packageManager: pnpm@^9",
  },
  {
    name: "packageManager that nobody here knows",
    note: "npm installs, and a warning says so",
    files: { "package.json": { ...express, packageManager: "cnpm@9.4.0" }, "server.js": EXPRESS },
    selected: "node",
    packageManager: "npm",
    warns: ["PACKAGE_MANAGER_UNKNOWN"],
  },
  // Versions
  {
    name: ".nvmrc before engines",
    files: { "package.json": { ...express, engines: { node: ">=18" } }, "server.js": EXPRESS, ".nvmrc": "v22\n" },
    selected: "node",
    runtimeVersion: "v22",
    base: "debian13-node22",
  },
  {
    name: "project.toml before .nvmrc",
    files: {
      "project.toml": '[[io.buildpacks.build.env]]\nname = "BP_NODE_VERSION"\nvalue = "24"',
      "package.json": { ...express, engines: { node: ">=18" } },
      "server.js": EXPRESS,
      ".nvmrc": "v22\n",
    },
    selected: "node",
    runtimeVersion: "24",
    base: "debian13-node24",
  },
  {
    name: "engines as a range",
    note: "the newest LTS that it allows",
    files: { "package.json": { ...express, engines: { node: ">=20 <25" } }, "server.js": EXPRESS },
    selected: "node",
    base: "debian13-node24",
  },
  {
    name: "engines of an ended Node",
    files: { "package.json": { ...express, engines: { node: "8.x.x" } }, "server.js": EXPRESS },
    selected: "node",
    error: "NODE_VERSION_END_OF_LIFE",
  },
  {
    name: ".tool-versions, exact",
    files: { "package.json": express, "server.js": EXPRESS, ".tool-versions": "python 3.12.1\nnodejs 22.11.0\n" },
    selected: "node",
    base: "debian13-node22@22.11.0",
  },
  {
    name: "volta of the workspace's root",
    note: "the member's extends it",
    files: {
      "package.json": { private: true, workspaces: ["api"], volta: { node: "24.1.0" } },
      "api/package.json": { ...express, volta: { extends: "../package.json" } },
      "api/server.js": EXPRESS,
    },
    selected: "node",
    starts: "server.js",
    base: "debian13-node24@24.1.0",
  },
  {
    name: "volta of a file that is no JSON",
    note: "what the app says itself counts",
    files: {
      "package.json": { ...express, volta: { node: "24.1.0", extends: "./other.json" } },
      "other.json": "{ volta",
      "server.js": EXPRESS,
    },
    selected: "node",
    base: "debian13-node24@24.1.0",
    warns: ["VOLTA_UNREADABLE"],
  },
  {
    name: "volta",
    files: { "package.json": { ...express, volta: { node: "24.1.0" } }, "server.js": EXPRESS },
    selected: "node",
    base: "debian13-node24@24.1.0",
  },
  {
    name: "devEngines",
    files: {
      "package.json": { ...express, devEngines: { runtime: { name: "node", version: "^24" } } },
      "server.js": EXPRESS,
    },
    selected: "node",
    base: "debian13-node24",
  },
  {
    name: "the FROM line as evidence",
    files: { "package.json": express, "server.js": EXPRESS, Dockerfile: "FROM node:22-alpine\nCMD node server.js\n" },
    selected: "node",
    base: "debian13-node22",
  },
  {
    name: "a FROM line of an ended Node",
    note: "evidence, no demand: the nearest",
    files: { "package.json": express, "server.js": EXPRESS, Dockerfile: "FROM node:14\n" },
    selected: "node",
    base: "debian13-node22",
  },
  {
    name: "an addon that does not know the newest Node",
    note: "engines of a locked package with an install script",
    files: {
      "package.json": { ...express, engines: { node: ">=18" } },
      "package-lock.json": {
        lockfileVersion: 3,
        packages: {
          "": {},
          "node_modules/addon": { version: "1.0.0", hasInstallScript: true, engines: { node: "20.x || 22.x || 24.x" } },
        },
      },
      "server.js": EXPRESS,
    },
    selected: "node",
    runtimeVersion: ">=18",
    base: "debian13-node24",
  },
  // Monorepos
  {
    name: "workspace root that starts a member's file",
    files: {
      "package.json": { type: "module", workspaces: ["packages/*"], scripts: { start: "node packages/api/index.js" } },
      "packages/api/package.json": { name: "api", dependencies: dependencies("express") },
      "packages/api/index.js": EXPRESS_ESM,
    },
    selected: "node",
    framework: "express",
    entrypoint: "packages/api/index.js",
  },
  {
    name: "workspace root that goes into a member",
    files: {
      "package.json": { workspaces: ["apps/*"], scripts: { start: "cd apps/web && npm start" } },
      "apps/web/package.json": {
        name: "web",
        scripts: { start: "next start", build: "next build" },
        dependencies: dependencies("next"),
      },
      "apps/web/app/page.tsx": "",
    },
    selected: "node",
    framework: "next",
    starts: "apps/web/server.js",
  },
  {
    name: "one server among the members",
    note: "nothing names it",
    files: {
      "package.json": { name: "mono" },
      "pnpm-workspace.yaml": "packages:\n  - 'apps/*'\n  - libs/*\n",
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
      "apps/api/package.json": { name: "api", dependencies: { express: "1", util: "workspace:*" } },
      "apps/api/server.js": EXPRESS,
      "libs/util/package.json": { name: "util", main: "index.js" },
      "libs/util/index.js": "exports.a = 1;",
    },
    selected: "node",
    packageManager: "pnpm",
    framework: "express",
    entrypoint: "server.js",
  },
  {
    name: "Nx, one application with a project.json",
    files: {
      "package.json": { name: "mono", dependencies: dependencies("express") },
      "nx.json": {},
      "apps/api/project.json": {
        name: "api",
        projectType: "application",
        targets: {
          build: {
            executor: "@nx/webpack:webpack",
            options: { outputPath: "dist/{projectRoot}", main: "{projectRoot}/src/main.ts" },
          },
        },
      },
      "apps/api/src/main.ts": EXPRESS_ESM,
      "libs/util/project.json": {
        name: "util",
        projectType: "library",
        targets: { build: { executor: "@nx/js:tsc" } },
      },
    },
    selected: "node",
    framework: "nx",
    starts: "dist/apps/api/main.js",
    steps: "install+dev host-command bundle(off)",
  },
  {
    name: "Nx, a server that its plug-ins build (no build target in project.json)",
    files: {
      "package.json": { name: "mono", dependencies: dependencies("express") },
      "nx.json": { plugins: ["@nx/webpack/plugin"] },
      "apps/api/project.json": { name: "api", projectType: "application" },
      "apps/api/webpack.config.js": "module.exports = {};",
      "apps/api/src/main.ts": EXPRESS_ESM,
      "apps/api-e2e/project.json": { name: "api-e2e", projectType: "application", implicitDependencies: ["api"] },
      "apps/api-e2e/src/api.spec.ts": "",
      "libs/util/project.json": { name: "util", projectType: "library" },
      "libs/util/src/index.ts": "export const a = 1;",
    },
    selected: "node",
    framework: "express",
    entrypoint: "src/main.ts",
    steps: "install bundle",
  },
  {
    name: "Nx, a Vite site with the workspace's common output",
    files: {
      "package.json": { name: "mono", devDependencies: dependencies("vite") },
      "nx.json": { plugins: ["@nx/vite/plugin"] },
      "apps/web/project.json": { name: "web", projectType: "application" },
      "apps/web/index.html": "<h1>web</h1>",
      "apps/web/vite.config.ts": 'export default { root: __dirname, build: { outDir: "../../dist/apps/web" } };',
    },
    selected: "node",
    framework: "vite",
    steps: "install+dev host-command runtime-file copy",
  },
  {
    name: "Nx, React Router whose project repeats its packages",
    note: "no member of the package manager's workspace: the root's packages are installed",
    files: {
      "package.json": { name: "mono", devDependencies: dependencies("@react-router/dev", "@nx/react") },
      "package-lock.json": lock,
      "nx.json": { plugins: ["@nx/react/router-plugin"] },
      "vitest.workspace.ts": "export default [];",
      "apps/acme/project.json": { name: "acme", projectType: "application", targets: {} },
      "apps/acme/package.json": { name: "acme", type: "module", devDependencies: dependencies("@react-router/dev") },
      "apps/acme/react-router.config.ts": "export default { ssr: true };",
      "apps/acme/app/root.tsx": "export default () => null;",
    },
    selected: "node",
    framework: "react-router",
    packageManager: "npm",
    starts: "node_modules/.bin/react-router-serve ./build/server/index.js",
  },
  {
    name: "Nx, the only server beside a site and tests",
    files: {
      "package.json": { name: "mono", dependencies: dependencies("express"), devDependencies: dependencies("vite") },
      "nx.json": {},
      "apps/api/project.json": {
        name: "api",
        projectType: "application",
        targets: {
          build: {
            executor: "@nx/esbuild:esbuild",
            options: { outputPath: "dist/apps/api", main: "apps/api/src/main.ts", assets: ["apps/api/src/assets"] },
          },
        },
      },
      "apps/api/src/main.ts": EXPRESS_ESM,
      "apps/api-e2e/project.json": {
        name: "api-e2e",
        projectType: "application",
        targets: { build: { executor: "./tools:e2e" } },
      },
      "apps/web/project.json": { name: "web", projectType: "application", targets: {} },
      "apps/web/index.html": "<h1>web</h1>",
      "apps/web/vite.config.ts": "export default {};",
    },
    selected: "node",
    framework: "nx",
    starts: "dist/apps/api/main.js",
  },
  {
    name: "Nx, a start script that names the project",
    files: {
      "package.json": { scripts: { start: "nx serve api | pino-pretty" }, dependencies: dependencies("express") },
      "nx.json": {},
      "apps/api/project.json": {
        targets: {
          build: {
            executor: "@nx/webpack:webpack",
            options: { outputPath: "dist/apps/api", main: "apps/api/src/main.ts" },
          },
        },
      },
      "apps/api/src/main.ts": EXPRESS_ESM,
      "apps/web/project.json": {
        targets: { build: { executor: "@nx/web:webpack", options: { outputPath: "dist/apps/web" } } },
      },
      "apps/admin/project.json": {
        targets: {
          build: {
            executor: "@nx/webpack:webpack",
            options: {
              outputPath: "dist/apps/admin",
              main: "apps/admin/src/main.ts",
              index: "apps/admin/src/index.html",
            },
          },
        },
      },
    },
    selected: "node",
    framework: "nx",
    starts: "dist/apps/api/main.js",
  },
  {
    name: "Nx, a workspace that is one project",
    files: {
      "package.json": {
        scripts: { start: "nx serve", build: "nx build" },
        dependencies: dependencies("@angular/core"),
      },
      "nx.json": {},
      "project.json": {
        name: "shop",
        projectType: "application",
        targets: {
          build: {
            executor: "@angular/build:application",
            options: { outputPath: "dist/shop", browser: "./src/main.ts" },
          },
        },
      },
      "src/main.ts": "",
      "e2e/project.json": { name: "e2e", projectType: "application", targets: {} },
    },
    selected: "node",
    framework: "nx",
    entrypoint: "dist/shop/browser",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "a member whose packages the workspace's root names",
    note: "a library with a configuration of the same tool is none",
    files: {
      "package.json": { workspaces: ["apps/*", "libs/*"], devDependencies: dependencies("vite") },
      "package-lock.json": lock,
      "apps/web/package.json": { name: "@mono/web" },
      "apps/web/index.html": "<h1>web</h1>",
      "apps/web/vite.config.ts": "export default {};",
      "libs/ui/package.json": { name: "@mono/ui" },
      "libs/ui/vite.config.ts": "export default { build: { lib: {} } };",
    },
    selected: "node",
    framework: "vite",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "Nx, Next.js by its executor",
    note: "which runs next build in the project's directory",
    files: {
      "package.json": { name: "mono", dependencies: dependencies("next", "react") },
      "nx.json": {},
      "apps/web/project.json": {
        name: "web",
        projectType: "application",
        targets: { build: { executor: "@nx/next:build", options: { outputPath: "dist/apps/web" } } },
      },
      "apps/web/app/page.tsx": "export default () => null;",
    },
    selected: "node",
    framework: "next",
    starts: "apps/web/server.js",
  },
  {
    name: "Nx, an Angular site",
    files: {
      "package.json": { name: "mono", dependencies: dependencies("@angular/core") },
      "nx.json": {},
      "apps/shop/project.json": {
        name: "shop",
        projectType: "application",
        targets: {
          build: {
            executor: "@angular/build:application",
            options: { outputPath: "dist/apps/shop", browser: "src/main.ts" },
          },
        },
      },
      "apps/shop/src/main.ts": "",
    },
    selected: "node",
    framework: "nx",
    entrypoint: "dist/apps/shop/browser",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "Nx, Angular with server-side rendering",
    files: {
      "package.json": { name: "mono", dependencies: dependencies("@angular/core", "express") },
      "nx.json": {},
      "apps/shop/project.json": {
        name: "shop",
        projectType: "application",
        targets: {
          build: {
            executor: "@nx/angular:application",
            options: { outputPath: { base: "dist/apps/shop" }, ssr: { entry: "apps/shop/src/server.ts" } },
          },
        },
      },
      "apps/shop/src/server.ts": EXPRESS_ESM,
    },
    selected: "node",
    framework: "nx",
    starts: "dist/apps/shop/server/server.mjs",
  },
  {
    name: "Nx, an executor that nothing is known of",
    files: {
      "package.json": { name: "mono" },
      "nx.json": {},
      "apps/api/project.json": { name: "api", targets: { build: { executor: "./tools:make" } } },
    },
    selected: "node",
    framework: "nx",
    error: "NX_EXECUTOR_UNKNOWN",
  },
  {
    name: "Turborepo that starts all members, of which one serves",
    files: {
      "package.json": {
        workspaces: ["apps/*"],
        scripts: { start: "turbo run start" },
        devDependencies: dependencies("turbo"),
      },
      "package-lock.json": lock,
      "turbo.json": {},
      "apps/api/package.json": {
        name: "api",
        scripts: { start: "node server.js" },
        dependencies: dependencies("express"),
      },
      "apps/api/server.js": EXPRESS,
      "apps/jobs/package.json": { name: "jobs", main: "index.js" },
      "apps/jobs/index.js": "exports.one = 1;",
    },
    selected: "node",
    framework: "express",
    starts: "server.js",
  },
  {
    name: "Turborepo whose start script filters",
    files: {
      "package.json": { workspaces: ["apps/*"], scripts: { start: "turbo start --filter=@mono/admin..." } },
      "package-lock.json": lock,
      "apps/api/package.json": {
        name: "@mono/api",
        scripts: { start: "node server.js" },
        dependencies: dependencies("express"),
      },
      "apps/api/server.js": EXPRESS,
      "apps/admin/package.json": {
        name: "@mono/admin",
        scripts: { start: "node web.js" },
        dependencies: dependencies("express"),
      },
      "apps/admin/web.js": EXPRESS,
    },
    selected: "node",
    starts: "web.js",
  },
  {
    name: "Nx, an Angular site in a workspace's member",
    note: "its package.json says nothing of the build",
    files: {
      "nx.json": {},
      "package.json": {
        workspaces: ["apps/*", "libs/*"],
        scripts: { start: "nx serve", build: "nx build" },
        dependencies: dependencies("@angular/core"),
      },
      "apps/shop/package.json": { name: "@acme/shop", devDependencies: { "@acme/ui": "*" } },
      "apps/shop/project.json": {
        name: "shop",
        projectType: "application",
        targets: {
          build: {
            executor: "@nx/angular:application",
            options: { outputPath: { base: "dist/apps/shop", browser: "" }, index: "apps/shop/src/index.html" },
          },
        },
      },
      "apps/shop/src/main.ts": 'import { bootstrapApplication } from "@angular/platform-browser";',
      "libs/ui/package.json": { name: "@acme/ui" },
      "libs/ui/project.json": { name: "ui", projectType: "library" },
    },
    selected: "node",
    framework: "nx",
    site: "dist/apps/shop",
  },
  {
    name: "Nx, an executor of somebody else's that calls a known tool",
    files: {
      "nx.json": {},
      "package.json": { devDependencies: dependencies("astro", "@nxtensions/astro") },
      "apps/docs/project.json": {
        name: "docs",
        projectType: "application",
        targets: { build: { executor: "@nxtensions/astro:build", options: {} } },
      },
      "apps/docs/astro.config.mjs": "export default {};",
      "apps/docs/src/pages/index.astro": "<p>x</p>",
    },
    selected: "node",
    framework: "astro",
    site: "dist",
  },
  {
    name: "a workspace's package asked for where there is no workspace",
    files: {
      "package.json": { name: "basic", dependencies: { ...dependencies("express"), "@acme/app": "workspace:*" } },
      "server.js": EXPRESS,
    },
    selected: "node",
    error: "WORKSPACE_MISSING",
  },
  {
    name: "Nx, a program for Deno",
    files: {
      "nx.json": {},
      "package.json": { devDependencies: dependencies("@nx/deno") },
      "apps/api/project.json": {
        name: "api",
        projectType: "application",
        targets: { build: { executor: "@nx/deno:bundle", options: { main: "apps/api/main.ts" } } },
      },
      "apps/api/main.ts": "Deno.serve(() => new Response());",
    },
    selected: "node",
    framework: "nx",
    error: "RUNTIME_UNSUPPORTED",
  },
  {
    name: "a site of Vite's that a workspace's server beside it serves",
    files: {
      "package.json": { workspaces: ["apps/*"] },
      "apps/api/package.json": { name: "api", main: "lib.js" },
      "apps/api/lib.js": "exports.one = 1;",
      "apps/web/package.json": { scripts: { build: "vite build" }, devDependencies: dependencies("vite") },
      "apps/web/index.html": "<div></div>",
      "apps/web/vite.config.ts": 'export default { build: { outDir: "../api/public" } };',
    },
    selected: "node",
    framework: "vite",
    site: "../api/public",
  },
  {
    name: "a worker that Cloudflare gives a database, whose app other packages make",
    files: {
      "package.json": { name: "tasks", dependencies: dependencies("stoker") },
      "wrangler.toml": 'main = "src/app.ts"\n[[d1_databases]]\nbinding = "DB"\n',
      "src/app.ts": 'import create from "stoker";\nconst app = create();\nexport default app;',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "wrangler.toml",
  },
  {
    name: "a workspace that starts a server and its site's preview side by side",
    files: {
      "package.json": {
        workspaces: ["client", "server"],
        scripts: {
          build: "npm run build -w client",
          "start:client": "npm run start -w client",
          "start:server": "npm run start -w server",
          start: "run-p start:*",
        },
      },
      "client/package.json": {
        name: "client",
        scripts: { start: "vite preview", build: "vite build" },
        devDependencies: dependencies("vite"),
      },
      "client/index.html": "<div></div>",
      "server/package.json": { ...express, name: "server", scripts: { start: "node server.js" } },
      "server/server.js": EXPRESS,
    },
    selected: "node",
    framework: "express",
    starts: "server.js",
    because: "the app is server: package.json scripts.start leads there",
  },
  ...(
    [
      ["of a workspace", { workspaces: ["*"] }, "pnpm --filter core start' 'pnpm --filter ui start"],
      ["in folders", {}, "cd core && npm start' 'cd ui && npm start"],
    ] as const
  ).map(
    ([where, root, commands]): DetectionCase => ({
      name: `a server and a site's preview side by side ${where}, whatever they are called`,
      files: {
        "package.json": { ...root, scripts: { start: `concurrently '${commands}'` } },
        "core/package.json": { ...express, name: "@acme/core", scripts: { start: "node server.js" } },
        "core/server.js": EXPRESS,
        "ui/package.json": {
          name: "@acme/ui",
          scripts: { start: "vite preview", build: "vite build" },
          devDependencies: dependencies("vite"),
        },
        "ui/index.html": "<div></div>",
      },
      selected: "node",
      framework: "express",
      starts: "server.js",
      because: "the app is core: package.json scripts.start leads there",
    }),
  ),
  {
    name: "a workspace whose build makes a member's site, and that starts nothing",
    files: {
      "package.json": { workspaces: ["client", "lib"], scripts: { build: "npm run build --workspaces" } },
      "client/package.json": { scripts: { build: "vite build" }, devDependencies: dependencies("vite") },
      "client/index.html": "<div></div>",
      "lib/package.json": { name: "lib", main: "lib.js" },
      "lib/lib.js": "exports.one = 1;",
    },
    selected: "node",
    framework: "vite",
    site: "dist",
    because: "the app is client: the only app among the members",
  },
  {
    name: "create-react-app with its scripts ejected",
    files: {
      "package.json": {
        private: true,
        scripts: { start: "node scripts/start.js", build: "node scripts/build.js" },
        dependencies: dependencies("react", "webpack", "webpack-dev-server"),
      },
      "scripts/start.js":
        'const Server = require("webpack-dev-server");\nnew Server({}, require("webpack")({})).listen(process.env.PORT || 3000);',
      "scripts/build.js": 'require("webpack")({}).run(() => {});',
      "public/index.html": "<div id=root></div>",
    },
    selected: "node",
    framework: "built-site",
    site: "dist",
  },
  {
    name: "stories alone, whose build has a name of its own",
    files: {
      "package.json": {
        scripts: { start: "storybook dev", "storybook:build": "storybook build -o .out" },
        devDependencies: dependencies("storybook"),
      },
      "stories/a.stories.js": "export default {};",
    },
    selected: "node",
    framework: "storybook",
    site: ".out",
  },
  {
    name: "a site that the build script makes in a folder below",
    files: {
      "package.json": { name: "lib", main: "lib.js", scripts: { build: "yarn --cwd website build" } },
      "lib.js": "module.exports = () => 1;",
      "website/package.json": {
        scripts: { start: "docusaurus start", build: "docusaurus build" },
        dependencies: dependencies("@docusaurus/core"),
      },
    },
    selected: "node",
    framework: "docusaurus",
    site: "build",
    because: "the app is website: package.json scripts.build leads there",
  },
  {
    name: "a site that the start script runs in a folder below",
    files: {
      "package.json": { name: "lib", scripts: { build: "tsc", start: "npm --prefix=site run dev" } },
      "site/package.json": { scripts: { dev: "vite", build: "vite build" }, devDependencies: dependencies("vite") },
      "site/index.html": "<div></div>",
    },
    selected: "node",
    framework: "vite",
    site: "dist",
    because: "the app is site: package.json scripts.start leads there",
  },
  {
    name: "a server whose build script makes its site in a folder below",
    files: {
      "package.json": { ...express, scripts: { build: "cd client && npm ci && npm run build" } },
      "server.js": EXPRESS,
      "client/package.json": { scripts: { build: "vite build" }, devDependencies: dependencies("vite") },
      "client/index.html": "<div></div>",
    },
    selected: "node",
    framework: "express",
    starts: "server.js",
  },
  {
    name: "Lerna without workspaces, one server that needs no other package",
    files: {
      "package.json": { name: "mono", private: true, devDependencies: dependencies("lerna") },
      "lerna.json": { packages: ["services/*"] },
      "services/api/package.json": { ...express, scripts: { start: "node server.js" } },
      "services/api/server.js": EXPRESS,
      "services/util/package.json": { name: "@mono/util", main: "index.js" },
      "services/util/index.js": "exports.one = 1;",
    },
    selected: "node",
    framework: "express",
    starts: "server.js",
    steps: "install bundle",
  },
  {
    name: "Lerna without workspaces, a server that needs another package",
    note: "nothing installs that one any more",
    files: {
      "package.json": { name: "mono", private: true, devDependencies: dependencies("lerna") },
      "lerna.json": {},
      "packages/api/package.json": {
        scripts: { start: "node server.js" },
        dependencies: dependencies("express", "@mono/util"),
      },
      "packages/api/server.js": EXPRESS,
      "packages/util/package.json": { name: "@mono/util", main: "index.js" },
      "packages/util/index.js": "exports.one = 1;",
    },
    selected: "node",
    error: "LERNA_NOT_LINKED",
  },
  {
    name: "Remix for another platform",
    files: {
      "package.json": { scripts: { build: "remix vite:build" }, devDependencies: dependencies("@remix-run/dev") },
      "vite.config.ts": 'import { vercelPreset } from "@vercel/remix/vite";\nexport default {};\n',
      "tsconfig.json": "",
    },
    selected: "node",
    error: "FRAMEWORK_ADAPTER",
  },
  {
    name: "Gatsby with a page that a server makes",
    files: {
      "package.json": { scripts: { build: "gatsby build" }, dependencies: dependencies("gatsby", "react") },
      "src/pages/index.js": "export default () => null;",
      "src/pages/live.js":
        "export default () => null;\nexport async function getServerData() { return { props: {} }; }",
    },
    selected: "node",
    framework: "gatsby",
    warns: ["GATSBY_SERVER_PAGES"],
  },
  {
    name: "package.json5",
    note: "only pnpm reads it",
    files: { "package.json5": "{ main: 'server.js', }", "server.js": HTTP, "pnpm-lock.yaml": "" },
    selected: "node",
    packageManager: "pnpm",
    error: "MANIFEST_FORMAT",
  },
  {
    name: "several servers among the members, one of them made of the others",
    note: "for development alone a member says nothing",
    files: {
      "package.json": { workspaces: ["packages/*"] },
      "packages/api/package.json": { ...express, name: "@app/api", devDependencies: { "@app/cli": "*" } },
      "packages/api/server.js": EXPRESS,
      "packages/cli/package.json": { name: "@app/cli", dependencies: { "@app/api": "*", "@app/smtp": "*" } },
      "packages/cli/app.js": HTTP,
      "packages/smtp/package.json": { ...express, name: "@app/smtp" },
      "packages/smtp/server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "app.js",
  },
  {
    name: "a client that the own server serves and that no build script makes",
    files: {
      "package.json": {
        ...express,
        scripts: {
          start: "node server",
          watch: "ng build --watch",
          "build:prod": "ng build --configuration production",
        },
      },
      "server/index.js": `${EXPRESS}app.use(express.static(require("path").join(__dirname, "../dist/")));\n`,
    },
    selected: "node",
    entrypoint: "server/index.js",
    warns: ["CLIENT_NOT_BUILT"],
  },
  {
    name: "a client that the own server serves and that is there",
    files: {
      "package.json": { ...express, scripts: { start: "node server", client: "vite build" } },
      "server/index.js": `${EXPRESS}app.use(express.static("dist"));\n`,
      "dist/index.html": "<h1>there</h1>",
    },
    selected: "node",
    warns: [],
  },
  {
    name: "a member that exports another path than its root, which its build makes",
    files: {
      "package.json": { workspaces: ["packages/*"] },
      "packages/ui/package.json": {
        name: "@app/ui",
        exports: { "./server": { import: "./out/index.js" }, "./icons/*": "./icons/*.js", "./styles.css": "./no.css" },
        scripts: { build: "vite build" },
      },
      "packages/icons/package.json": {
        name: "@app/icons",
        exports: { ".": "./index.js", "./all/*": "./out/*.js" },
        scripts: { build: "vite build" },
      },
      "packages/icons/index.js": "",
      "packages/web/package.json": { ...express, dependencies: { express: "4", "@app/ui": "*", "@app/icons": "*" } },
      "packages/web/server.js": EXPRESS,
    },
    selected: "node",
    steps: "install+dev host-command bundle",
  },
  {
    name: "several members with servers, one that starts its own",
    note: "the others only export them",
    files: {
      "package.json": { workspaces: ["packages/*"] },
      "packages/core/package.json": { ...express, name: "@app/core", main: "index.js" },
      "packages/core/index.js":
        'import express from "express";\nexport function serve(port) {\n  return express().listen(port);\n}\n',
      "packages/web/package.json": { ...express, name: "@app/web" },
      "packages/web/server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "server.js",
  },
  {
    name: "several servers among the members, each made of the next",
    files: {
      "package.json": { workspaces: ["a", "b", "c"] },
      "a/package.json": { ...express, name: "a", dependencies: { b: "*" } },
      "a/app.js": HTTP,
      "b/package.json": { ...express, name: "b", dependencies: { c: "*" } },
      "b/server.js": HTTP,
      "c/package.json": { ...express, name: "c" },
      "c/server.js": HTTP,
    },
    selected: "node",
    entrypoint: "app.js",
    because: "the app is a: it depends on b",
  },
  {
    name: "two servers among the members",
    files: {
      "package.json": { workspaces: ["a", "b"] },
      "a/package.json": express,
      "a/server.js": EXPRESS,
      "b/package.json": { ...express, name: "b" },
      "b/server.js": EXPRESS,
    },
    selected: "node",
    error: "WORKSPACE_AMBIGUOUS",
  },
  // Sites with a build of their own
  {
    name: "a page beside a build script",
    note: "what the build writes is looked for",
    files: {
      "package.json": { scripts: { build: "node build.js" } },
      "build.js": "require('fs').mkdirSync('dist');",
      "index.html": "<h1>source</h1>",
    },
    selected: "node",
    framework: "built-site",
    starts: "/knbuild/static-server.cjs /app/public",
    steps: "install+dev host-command runtime-file copy",
  },
  {
    name: "a package in api/ with its tools' settings",
    note: "these are no functions of Vercel's",
    files: {
      "package.json": { private: true, workspaces: ["api"] },
      "api/package.json": { name: "api" },
      "api/.babelrc.js": "module.exports = {};",
      "api/jest.config.js": "module.exports = {};",
    },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "a library with a page to show it",
    note: "its build makes no site: the page is served as it lies",
    files: {
      "package.json": { main: "lib/slider.js", files: ["lib"], scripts: { build: "node build.js" } },
      "lib/slider.js": "exports.slider = () => document.body;",
      "index.html": "<script src=lib/slider.js></script>",
    },
    selected: "static",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "templates and a task runner",
    files: {
      "package.json": { scripts: { start: "gulp watch", build: "gulp" }, devDependencies: dependencies("gulp") },
      "gulpfile.js": "exports.default = () => {};",
      "src/pages/index.pug": "h1 hello",
    },
    selected: "node",
    framework: "built-site",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "a server beside a page and a build script",
    files: {
      "package.json": { ...express, scripts: { build: "node build.js" } },
      "server.js": EXPRESS,
      "index.html": "<h1>source</h1>",
    },
    selected: "node",
    framework: "express",
    starts: "server.js",
  },
  {
    name: "Polymer",
    files: {
      "package.json": {
        scripts: { start: "polymer serve", build: "polymer build" },
        devDependencies: dependencies("polymer-cli"),
      },
      "index.html": "<my-app></my-app>",
      "polymer.json": { builds: [{ preset: "es5-bundled" }, { preset: "es6-bundled" }] },
    },
    selected: "node",
    framework: "polymer",
    site: "build/es5-bundled",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "Docusaurus 1",
    files: {
      "package.json": {
        scripts: { start: "docusaurus-start", build: "docusaurus-build" },
        devDependencies: dependencies("docusaurus"),
      },
      "siteConfig.js": 'module.exports = { projectName: "my-site" };',
    },
    selected: "node",
    framework: "docusaurus-1",
    entrypoint: "build/my-site",
  },
  // What the start script has fetched or made
  {
    name: "npx and a package that no dependency names",
    files: {
      "package.json": { scripts: { start: "npx serve@14 site -l $PORT" } },
      "site/index.html": "<h1>hello</h1>",
    },
    selected: "node",
    entrypoint: "serve site -l $PORT",
    steps: "install+program bundle(off) runtime-file runtime-file",
  },
  {
    name: "a program in a directory that the build makes",
    files: {
      "package.json": {
        ...express,
        scripts: { start: "node prod-server/main.js", build: "rollup -c" },
        devDependencies: dependencies("rollup"),
      },
      "src/web.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "prod-server/main.js",
    steps: "install+dev host-command bundle runtime-file",
  },
  {
    name: "npx and a package that the lock file has",
    files: {
      "package.json": { scripts: { start: "npx serve site -l $PORT" }, dependencies: dependencies("serve") },
      "package-lock.json": lock,
      "site/index.html": "<h1>ok</h1>",
    },
    selected: "node",
    steps: "install bundle(off) runtime-file runtime-file",
  },
  {
    name: "a start script that runs the build script first",
    note: "folders of that name are no database's",
    files: {
      "package.json": {
        ...express,
        scripts: { start: "npm run build && node dist/server.js", build: "tsc && cp -r src/migrations dist" },
      },
      "src/server.ts": EXPRESS,
    },
    selected: "node",
    warns: [],
  },
  {
    name: "a start script that builds, and changes a database",
    files: {
      "package.json": {
        ...express,
        scripts: { start: "npm run db:migrate && webpack && node server.js", "db:migrate": "knex migrate:latest" },
        devDependencies: dependencies("webpack"),
      },
      "server.js": EXPRESS,
    },
    selected: "node",
    entrypoint: "server.js",
    warns: ["START_COMMAND_LEFT_OUT"],
    steps: "install+dev host-command bundle",
  },
  {
    name: "a program of a workspace's member, before its build",
    files: {
      "package.json": { workspaces: ["packages/*"], scripts: { start: "node index.js", build: "tsdown" } },
      "index.js": 'import "@acme/web";',
      "packages/web/package.json": { name: "@acme/web", main: "./dist/server/main.js" },
      "packages/web/index.js": 'require("./dist/server/main.js");',
    },
    selected: "node",
    entrypoint: "index.js",
    steps: "install+dev host-command bundle runtime-file",
  },
  {
    name: "packages below that no workspace names",
    files: {
      "package.json": { scripts: { lint: "eslint ." } },
      "server/package.json": { ...express, scripts: { start: "node web.js" } },
      "server/web.js": EXPRESS,
      "client/package.json": { scripts: { start: "vite" } },
    },
    selected: "node",
    error: "NOTHING_DETECTED",
    says: "client/package.json\nserver/package.json",
  },
  // Functions that another host calls
  {
    name: "Azure Functions",
    files: {
      "package.json": {
        main: "src/{index.js,functions/*.js}",
        scripts: { start: "func start" },
        dependencies: dependencies("@azure/functions"),
      },
      "host.json": { version: "2.0" },
      "src/functions/hello.js": 'const { app } = require("@azure/functions");\napp.http("hello", {});',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "host.json\n  package.json: dependency @azure/functions",
  },
  {
    name: "functions of Firebase",
    files: {
      "package.json": { main: "index.js", dependencies: dependencies("firebase-functions") },
      "index.js": 'exports.hello = require("firebase-functions").https.onRequest((q, r) => r.send("ok"));',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "package.json: dependency firebase-functions",
  },
  {
    name: "functions of AWS Lambda",
    files: {
      "package.json": { scripts: { start: "serverless offline" } },
      "serverless.yml": "functions: {}",
      "handler.js": "module.exports.hello = async () => ({ statusCode: 200 });",
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "serverless.yml",
  },
  {
    name: "functions of Vercel",
    files: {
      "package.json": { dependencies: dependencies("dayjs") },
      "api/now.js": "module.exports = (req, res) => res.send(require('dayjs')().toString());",
      "api/lib.js": "console.log(1);",
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "Looked at:\n  api/now.js",
  },
  {
    name: "a server in api/ that nothing starts",
    note: "no function of Vercel's",
    files: { "package.json": express, "api/server.js": EXPRESS, "api/lib.js": "module.exports = (a) => a;" },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
    says: "These listen:\n  api/server.js",
  },
  {
    name: "a start script with a wrong name, beside functions",
    files: {
      "package.json": { ...express, scripts: { start: "node servr.js" } },
      "api/now.js": "module.exports = (req, res) => res.send('now');",
    },
    selected: "node",
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "a worker that exports a fetch handler",
    note: "wrangler's configuration names it",
    files: {
      "package.json": { scripts: { start: "wrangler dev" }, devDependencies: dependencies("wrangler") },
      "wrangler.toml": 'name = "w"\nmain = "edge/entry.js"\n',
      "edge/entry.js": 'export default { fetch: () => new Response("ok") };',
    },
    selected: "node",
    entrypoint: "edge/entry.js",
    starts: "/knbuild/fetch-server.mjs edge/entry.js",
  },
  {
    name: "a worker of Cloudflare's older kind",
    files: {
      "package.json": { scripts: { start: "wrangler dev" }, devDependencies: dependencies("wrangler") },
      "wrangler.jsonc": '{ "main": "src/worker.js" }',
      "src/worker.js": 'addEventListener("fetch", (event) => event.respondWith(new Response("ok")));',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "wrangler.jsonc",
  },
  {
    name: "a worker that Cloudflare gives a database",
    files: {
      "package.json": { devDependencies: dependencies("wrangler") },
      "wrangler.jsonc": '{ "main": "src/index.ts", // "kv_namespaces": [\n  "d1_databases": [{ "binding": "DB" }] }',
      "src/index.ts": "export default { fetch: (request, env) => Response.json(env.DB) };",
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "wrangler.jsonc",
  },
  // Not a web server
  {
    name: "an Express app that is wrapped for Lambda",
    note: "serverless.yml names the entry's function",
    files: {
      "package.json": { main: "index.js", dependencies: dependencies("express", "serverless-http") },
      "serverless.yml": "service: a\nfunctions:\n  api:\n    handler: index.handler\n",
      "index.js": 'const app = require("express")();\nmodule.exports.handler = require("serverless-http")(app);\n',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "serverless.yml",
  },
  {
    name: "a worker that could be given stores and is given none",
    files: {
      "package.json": {},
      "wrangler.jsonc": '{ "main": "index.js", "kv_namespaces": [], "services": [\n] }',
      "index.js": 'export default { fetch: () => new Response("x") };',
    },
    selected: "node",
    starts: "/knbuild/fetch-server.mjs index.js",
  },
  {
    name: "an extension of a browser",
    note: "its development server is none of a service",
    files: {
      "package.json": { scripts: { start: "node dev.js", build: "webpack" } },
      "dev.js": 'require("http").createServer().listen(3000);',
      "src/manifest.json": { manifest_version: 3, background: { service_worker: "b.js" } },
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "src/manifest.json",
  },
  {
    name: "an extension of a browser that nothing builds",
    note: "its page is no site",
    files: {
      "manifest.json": '{ "manifest_version": 2, "browser_action": { "default_popup": "index.html" } }',
      "index.html": "<p>",
      "content/script.js": "document.title;",
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "manifest.json",
  },
  {
    name: "functions of AWS Lambda in folders of their own",
    note: "as AWS SAM lays them out",
    files: {
      "template.yaml":
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Hello:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: hello/\n      Handler: app.handler\n      Runtime: nodejs22.x\n",
      "hello/package.json": { main: "app.js" },
      "hello/app.mjs": "export const handler = async () => ({ statusCode: 200 });",
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "template.yaml",
  },
  {
    name: "a site beside an extension of a browser",
    files: { "index.html": "<p>", "extension/manifest.json": '{ "manifest_version": 3 }' },
    selected: "static",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "functions of DigitalOcean in folders of their own",
    files: {
      "project.yml":
        "packages:\n  - name: sample\n    actions:\n      - name: hello\n        runtime: nodejs:default\n",
      "packages/sample/hello/package.json": { main: "hello.js" },
      "packages/sample/hello/hello.js": "exports.main = (args) => ({ body: 'hi' });",
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a program that makes infrastructure",
    note: "its packages have servers, for themselves",
    files: {
      "package.json": { main: "index.ts", dependencies: dependencies("@pulumi/pulumi") },
      "Pulumi.yaml": "name: infra\nruntime:\n  name: nodejs\n",
      "index.ts": 'import { Config } from "@pulumi/pulumi";\nexport const name = new Config().require("name");',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a server beside the program that makes its infrastructure",
    files: {
      "package.json": { main: "server.js", dependencies: dependencies("express") },
      "Pulumi.yaml": "name: infra\nruntime: nodejs\n",
      "server.js": EXPRESS,
    },
    selected: "node",
    starts: "server.js",
  },
  {
    name: "a plugin of an editor",
    note: "the build makes its main file",
    files: {
      "package.json": { main: "main.js", scripts: { build: "node esbuild.config.mjs" } },
      "manifest.json": '{ "id": "a", "minAppVersion": "1.0.0" }',
      "esbuild.config.mjs": 'import "esbuild";',
      "src/main.ts": 'import { Plugin } from "obsidian";',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "manifest.json",
  },
  {
    name: "a consumer of a queue, as NestJS makes it",
    note: "its listen() connects to the broker",
    files: {
      "package.json": {
        scripts: { build: "nest build", start: "nest start" },
        dependencies: dependencies("@nestjs/core", "@nestjs/microservices", "amqplib"),
        devDependencies: dependencies("@nestjs/cli"),
      },
      "nest-cli.json": { sourceRoot: "src" },
      "src/main.ts":
        'import { NestFactory } from "@nestjs/core";\nimport { Transport } from "@nestjs/microservices";\nconst app = await NestFactory.createMicroservice({}, { transport: Transport.RMQ });\nawait app.listen();',
    },
    selected: "node",
    framework: "nestjs",
    error: "NOT_A_SERVER",
    says: "told to serve nothing over HTTP: @nestjs/core, @nestjs/microservices",
  },
  {
    name: "a service of NestJS that speaks Nest's own protocol alone",
    note: "a hybrid without its HTTP server",
    files: {
      "package.json": {
        scripts: { build: "nest build", start: "nest start" },
        dependencies: dependencies("@nestjs/core", "@nestjs/microservices"),
        devDependencies: dependencies("@nestjs/cli"),
      },
      "nest-cli.json": { sourceRoot: "src" },
      "src/main.ts":
        'import { NestFactory } from "@nestjs/core";\nimport { Transport } from "@nestjs/microservices";\nconst app = await NestFactory.create({});\napp.connectMicroservice({ transport: Transport.TCP, options: { port: process.env.PORT } });\nawait app.startAllMicroservices();',
    },
    selected: "node",
    framework: "nestjs",
    error: "NOT_A_SERVER",
    says: "told to serve nothing over HTTP: @nestjs/core, @nestjs/microservices",
  },
  {
    name: "timers without a server, as NestJS makes them",
    files: {
      "package.json": {
        scripts: { build: "tsc", start: "node dist/main.js" },
        dependencies: dependencies("@nestjs/core", "@nestjs/schedule"),
      },
      "tsconfig.json": { compilerOptions: { outDir: "dist", rootDir: "src" } },
      "src/main.ts": 'import { NestFactory } from "@nestjs/core";\nawait NestFactory.createApplicationContext({});',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "told to serve nothing over HTTP: @nestjs/core",
  },
  {
    name: "a bot that Slack is called by",
    note: "socket mode",
    files: {
      "package.json": { scripts: { start: "node app.js" }, dependencies: dependencies("@slack/bolt", "dotenv") },
      "app.js":
        'const { App } = require("@slack/bolt");\nconst app = new App({ socketMode: true, appToken: process.env.T });\napp.start();',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "told to serve nothing over HTTP: @slack/bolt",
  },
  {
    name: "tools of a model, over standard input",
    files: {
      "package.json": { scripts: { start: "node app.js" }, dependencies: dependencies("@modelcontextprotocol/sdk") },
      "app.js":
        'const { StdioServerTransport } = require("@modelcontextprotocol/sdk/server/stdio.js");\nserver.connect(new StdioServerTransport());',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "told to serve nothing over HTTP: @modelcontextprotocol/sdk",
  },
  {
    name: "a bot in socket mode beside a server",
    files: {
      "package.json": { scripts: { start: "node app.js" }, dependencies: dependencies("@slack/bolt", "express") },
      "app.js":
        'const { App } = require("@slack/bolt");\nnew App({ socketMode: true }).start();\nrequire("express")().listen(process.env.PORT);',
    },
    selected: "node",
    framework: "express",
    starts: "app.js",
  },
  {
    name: "a desktop program of Tauri's",
    note: "Vite makes its pages",
    files: {
      "package.json": {
        scripts: { dev: "vite", build: "vite build", tauri: "tauri" },
        dependencies: dependencies("@tauri-apps/api"),
        devDependencies: dependencies("vite"),
      },
      "index.html": "<p>",
      "src/main.ts": 'import { invoke } from "@tauri-apps/api/core";\ninvoke("greet");',
      "src-tauri/tauri.conf.json": { build: { beforeBuildCommand: "npm run build" } },
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "src-tauri/tauri.conf.json",
  },
  {
    name: "a site that Tauri shows as well",
    note: "its pages ask where they are shown",
    files: {
      "package.json": {
        scripts: { build: "vite build" },
        dependencies: dependencies("@tauri-apps/api"),
        devDependencies: dependencies("vite"),
      },
      "index.html": "<p>",
      "src/main.ts": 'import { invoke, isTauri } from "@tauri-apps/api/core";\nif (isTauri()) invoke("greet");',
      "src-tauri/tauri.conf.json": {},
    },
    selected: "node",
    framework: "vite",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "an extension of an editor",
    files: {
      "package.json": { main: "./extension.js", engines: { vscode: "^1.100.0" } },
      "extension.js": 'require("vscode");',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "engines.vscode: ^1.100.0",
  },
  {
    name: "a desktop program",
    note: "Vite makes its pages",
    files: {
      "package.json": {
        main: "main.js",
        scripts: { start: "electron .", build: "vite build" },
        devDependencies: dependencies("vite", "electron"),
      },
      "index.html": "<p>",
      "main.js": 'require("electron");',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "electron .",
  },
  {
    name: "a site that is packed for the desktop as well",
    files: {
      "package.json": {
        scripts: { build: "vite build", desktop: "electron ." },
        devDependencies: dependencies("vite", "electron"),
      },
      "index.html": "<p>",
    },
    selected: "node",
    framework: "vite",
    starts: "/knbuild/static-server.cjs /app/public --spa",
  },
  {
    name: "a mobile app",
    files: {
      "package.json": { scripts: { start: "react-native start" }, dependencies: dependencies("react-native") },
      "index.js": 'import { AppRegistry } from "react-native";',
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "dependency react-native",
  },
  {
    name: "an action of GitHub",
    files: {
      "package.json": { main: "dist/index.js" },
      "action.yml": "name: a\nruns:\n  using: node24\n  main: dist/index.js\n",
      "dist/index.js": "console.log(1)",
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "action.yml",
  },
  ...Object.entries({
    "an extension of a browser": { "extension/manifest.json": { manifest_version: 3 } },
    "an extension of an editor": { "package.json": { engines: { vscode: "^1.100.0" } } },
    "a desktop program": {
      "package.json": { scripts: { dev: "electron ." }, devDependencies: dependencies("electron") },
    },
    "a mobile app": { "package.json": { dependencies: dependencies("react-native", "express") } },
    "an action of GitHub": { "action.yml": "runs:\n  using: node24\n  main: dist/index.js\n" },
  }).map(([what, { "package.json": fields = {}, ...files }]: [string, Record<string, string | object>]) => ({
    name: `a server that is started, beside ${what}`,
    files: {
      "package.json": {
        ...express,
        ...(fields as object),
        scripts: { start: "node server.js", ...(fields as { scripts?: object }).scripts },
      },
      "server.js": EXPRESS,
      ...files,
    },
    selected: "node",
    framework: "express",
    starts: "server.js",
  })),
  {
    name: "Next.js that is started, beside a desktop program",
    files: {
      "package.json": {
        scripts: { start: "next start", build: "next build", dev: "electron ." },
        dependencies: dependencies("next"),
        devDependencies: dependencies("electron"),
      },
      "pages/index.js": "export default () => null;",
    },
    selected: "node",
    framework: "next",
    starts: "server.js",
  },
  {
    name: "an extension of a browser that only has a server of webpack's",
    files: {
      "package.json": {
        scripts: { start: "node utils/webserver.js" },
        devDependencies: dependencies("webpack-dev-server"),
      },
      "utils/webserver.js": 'const Server = require("webpack-dev-server");\nnew Server({}).listen(3000);',
      "src/manifest.json": { manifest_version: 3 },
    },
    selected: "node",
    error: "NOT_A_SERVER",
    says: "src/manifest.json",
  },
  {
    name: "a program of a package, beside an action of GitHub",
    files: {
      "package.json": { scripts: { start: "probot run ./index.js" }, dependencies: dependencies("probot") },
      "index.js": "module.exports = (app) => {};",
      "action.yml": "runs:\n  using: node24\n  main: index.js\n",
    },
    selected: "node",
    starts: "--require /knbuild/listen-on-port.cjs node_modules/.bin/probot run ./index.js",
  },
  {
    name: "a script that prints",
    files: {
      "package.json": { scripts: { start: "node index.js" }, dependencies: dependencies("dayjs") },
      "index.js": 'import dayjs from "dayjs";\nconsole.log(dayjs());',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a library",
    files: { "package.json": { name: "left", main: "index.js" }, "index.js": "module.exports = (a) => a;" },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a client of node:http",
    note: "imports http, serves nothing",
    files: {
      "package.json": { main: "index.js" },
      "index.js": 'const http = require("http");\nhttp.get("http://example.test/", (r) => r.pipe(process.stdout));',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "express that nobody starts",
    note: "exported for tests or a platform",
    files: {
      "package.json": { ...express, main: "app.js" },
      "app.js": 'const app = require("express")();\nmodule.exports = app;',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a listener in a comment",
    files: {
      "package.json": { main: "index.js" },
      "index.js": '// const http = require("http");\n// http.createServer().listen(8080);\nconsole.log(1);',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a function without a framework",
    files: { "package.json": { main: "index.js" }, "index.js": "exports.hello = (req, res) => res.send('hi');" },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "a server of Node's that a comment compares with Bun.serve",
    files: {
      "package.json": { ...express, scripts: { start: "node server.js" } },
      "bun.lock": "",
      "server.js": `// On Bun this would be Bun.serve({ fetch }).\n${EXPRESS}`,
    },
    selected: "node",
    starts: "server.js",
  },
  {
    name: "Analog",
    note: "pages and API routes, served by Nitro",
    files: {
      "package.json": {
        scripts: { start: "vite", build: "vite build" },
        dependencies: dependencies("@angular/core", "@analogjs/router"),
        devDependencies: dependencies("@analogjs/platform", "vite"),
      },
      "angular.json": { projects: { app: { projectType: "application" } } },
      "vite.config.ts": 'import analog from "@analogjs/platform";\nexport default { plugins: [analog()] };\n',
    },
    selected: "node",
    framework: "analog",
    starts: "dist/analog/server/index.mjs",
    steps: "install+dev host-command copy copy copy",
  },
  {
    name: "Analog, static",
    files: {
      "package.json": {
        scripts: { build: "vite build" },
        dependencies: dependencies("@angular/core"),
        devDependencies: dependencies("@analogjs/platform", "vite"),
      },
      "vite.config.ts":
        'import analog from "@analogjs/platform";\nexport default { plugins: [analog({ static: true })] };\n',
    },
    selected: "node",
    framework: "analog",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "Prisma that no script generates",
    note: "the build does it",
    files: {
      "package.json": {
        scripts: { start: "node server.js" },
        dependencies: dependencies("express", "@prisma/client"),
        devDependencies: dependencies("prisma"),
      },
      "prisma/schema.prisma": 'generator client {\n  provider = "prisma-client-js"\n}\n',
      "server.js": `require("@prisma/client");\n${EXPRESS}`,
    },
    selected: "node",
    starts: "server.js",
    steps: "install+dev host-command bundle",
    warns: [],
  },
  {
    name: "Prisma that a script generates on the way",
    files: {
      "package.json": {
        scripts: {
          postinstall: "npm run db:client",
          "db:client": "prisma generate --no-hints",
          start: "node server.js",
        },
        dependencies: dependencies("express", "@prisma/client", "prisma"),
      },
      "prisma/schema.prisma": 'generator client {\n  provider = "prisma-client-js"\n}\n',
      "server.js": `require("@prisma/client");\n${EXPRESS}`,
    },
    selected: "node",
    steps: "install+dev bundle",
  },
  {
    name: "Prisma whose client is committed",
    files: {
      "package.json": {
        scripts: { start: "node server.js" },
        dependencies: dependencies("express", "@prisma/client"),
        devDependencies: dependencies("prisma"),
      },
      "prisma/schema.prisma": 'generator client {\n  provider = "prisma-client"\n  output = "../generated"\n}\n',
      "generated/client.js": "exports.PrismaClient = class {};\n",
      "server.js": `require("./generated/client.js");\n${EXPRESS}`,
    },
    selected: "node",
    steps: "install bundle",
    warns: [],
  },
  {
    name: "Prisma's client without the package that generates it",
    files: {
      "package.json": {
        scripts: { start: "node server.js" },
        dependencies: dependencies("express", "@prisma/client"),
      },
      "prisma.config.ts": 'export default defineConfig({ schema: "db" });\n',
      "db/main.prisma": 'generator client {\n  provider = "prisma-client-js"\n}\n',
      "server.js": `require("@prisma/client");\n${EXPRESS}`,
    },
    selected: "node",
    steps: "install bundle",
    warns: ["PRISMA_CLIENT_NOT_GENERATED"],
  },
  {
    name: "a server for Bun",
    files: { "package.json": { module: "index.ts" }, "index.ts": "Bun.serve({ fetch: () => new Response('x') });" },
    selected: "bun",
    error: "BUILDPACK_CANNOT_BUILD",
  },
  {
    name: "a package.json without a program",
    note: "tools only",
    files: { "package.json": { devDependencies: dependencies("prettier") }, "README.md": "" },
    selected: "node",
    entrypoint: null,
    error: "ENTRYPOINT_NOT_FOUND",
  },
  {
    name: "a build script and no dependencies",
    note: "the lock file's manager runs it",
    files: {
      "package.json": { scripts: { build: "touch made.txt", start: "node server.js" } },
      "yarn.lock": "# yarn lockfile v1\n",
      "server.js": HTTP,
    },
    selected: "node",
    packageManager: "yarn",
    steps: "install+dev host-command bundle",
  },
  {
    name: "Procfile of another language",
    note: "package.json only builds the assets",
    files: {
      "package.json": { main: "index.js", dependencies: dependencies("webpack-cli") },
      Procfile: "web: ruby app.rb\n",
      Gemfile: 'source "https://gems.test"\ngem "sinatra"\n',
      "app.rb": 'require "sinatra"\n',
    },
    selected: "ruby",
    error: "BUILDPACK_CANNOT_BUILD",
  },
  {
    name: "Laravel with Vite",
    note: "Vite makes the PHP program's scripts and styles: no index.html is here",
    files: {
      "package.json": {
        scripts: { build: "vite build" },
        devDependencies: dependencies("vite", "laravel-vite-plugin"),
      },
      "vite.config.js":
        'import laravel from "laravel-vite-plugin";\nexport default { plugins: [laravel(["app.js"])] };\n',
      "composer.json": { require: { "laravel/framework": "^12.0" } },
      artisan: "#!/usr/bin/env php\n",
      "public/index.php": "<?php\n",
    },
    selected: "php",
    error: "BUILDPACK_CANNOT_BUILD",
  },
  {
    name: "start only migrates",
    note: "a program that does its work and ends",
    files: {
      "package.json": { scripts: { start: "prisma migrate deploy" }, dependencies: dependencies("@prisma/client") },
      "index.ts": 'import { PrismaClient } from "@prisma/client";\nawait new PrismaClient().user.findMany();\n',
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "Staticfile",
    note: "root and index_fallback",
    files: { Staticfile: "root: site/html\nindex_fallback: true\n", "site/html/index.html": "<p>hi</p>" },
    selected: "static",
    starts: "/knbuild/static-server.cjs /app/public --spa",
    steps: "runtime-file copy",
  },
  {
    name: "a member with a lock file from before it was one",
    note: "the root's lists it",
    files: {
      "pnpm-workspace.yaml": "packages:\n  - apps/*\n",
      "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n\n  .: {}\n\n  apps/api:\n    dependencies: {}\n",
      "package.json": { private: true },
      "apps/api/package.json": { ...express, scripts: { start: "node server.js" } },
      "apps/api/package-lock.json": lock,
      "apps/api/server.js": EXPRESS,
    },
    selected: "node",
    because: "package manager pnpm: pnpm-lock.yaml",
  },
  {
    name: "Storybook",
    note: "its stories are the site; Vite only packs them",
    files: {
      "package.json": {
        scripts: { build: "storybook build --docs" },
        devDependencies: dependencies("storybook", "vite"),
      },
      "vite.config.ts": "export default {};",
    },
    selected: "node",
    framework: "storybook",
    starts: "/knbuild/static-server.cjs /app/public",
  },
  {
    name: "Expo for the web",
    files: {
      "package.json": {
        main: "expo-router/entry",
        scripts: { start: "expo start", build: "expo export --platform web" },
        dependencies: dependencies("expo", "react-native"),
      },
      "app.json": { expo: { web: { output: "static" } } },
    },
    selected: "node",
    framework: "expo",
    starts: "/knbuild/static-server.cjs /app/public",
    steps: "install+dev host-command runtime-file copy",
  },
  {
    name: "Expo for phones",
    files: {
      "package.json": { main: "App.js", scripts: { start: "expo start" }, dependencies: dependencies("expo") },
      "App.js": "export default function App() {}",
    },
    selected: "node",
    error: "NOT_A_SERVER",
  },
  {
    name: "Vite that makes a server",
    note: "the start script starts what it makes, which wraps the source's fetch handler",
    files: {
      "package.json": {
        type: "module",
        scripts: { build: "vite build", start: "node dist/index.js" },
        dependencies: dependencies("hono", "@hono/node-server"),
        devDependencies: dependencies("vite", "@hono/vite-build"),
      },
      "vite.config.ts":
        'import build from "@hono/vite-build/node";\nexport default { plugins: [build({ entry: "src/index.ts" })] };',
      "src/index.ts": 'import { Hono } from "hono";\nconst app = new Hono();\nexport default app;\n',
    },
    selected: "node",
    framework: "hono",
    starts: "--require /knbuild/listen-on-port.cjs dist/index.js",
    steps: "install+dev host-command bundle runtime-file",
  },
  {
    name: "Vite for a worker of Cloudflare's",
    note: "wrangler's configuration names the server",
    files: {
      "package.json": {
        scripts: { build: "vite build" },
        devDependencies: dependencies("vite", "@cloudflare/vite-plugin"),
      },
      "vite.config.mts":
        'import { cloudflare } from "@cloudflare/vite-plugin";\nexport default { plugins: [cloudflare()] };',
      "wrangler.jsonc": '{ "main": "src/worker.tsx" }',
      "src/worker.tsx": "export default { fetch() {} };",
    },
    selected: "node",
    error: "FRAMEWORK_ADAPTER",
  },
  {
    name: "Medusa 2",
    note: "started where its build leaves JavaScript and the admin's pages",
    files: {
      "package.json": {
        scripts: { build: "medusa build", start: "medusa start" },
        dependencies: dependencies("@medusajs/medusa", "@medusajs/cli", "@medusajs/framework"),
      },
      "medusa-config.ts": "module.exports = {};",
      "src/api/route.ts": "export const GET = () => {};",
    },
    selected: "node",
    framework: "medusa",
    starts: "node_modules/@medusajs/cli/cli.js start",
    warns: ["ENV_REQUIRED"],
  },
  {
    name: "RedwoodJS",
    note: "no script calls its tool: says what to add",
    files: {
      "package.json": {
        private: true,
        workspaces: { packages: ["api", "web"] },
        devDependencies: dependencies("@redwoodjs/core"),
      },
      "redwood.toml": "[web]\n  port = 8910\n",
      "api/package.json": { name: "api", dependencies: dependencies("@redwoodjs/api") },
      "web/package.json": { name: "web", dependencies: dependencies("@redwoodjs/web") },
    },
    selected: "node",
    error: "FRAMEWORK_UNSUPPORTED",
  },
  {
    name: "Wasp",
    note: "its own tool writes the program; Vite's configuration is only the client's",
    files: {
      "main.wasp": "app hello {}",
      "package.json": { dependencies: dependencies("wasp"), devDependencies: dependencies("vite") },
      "vite.config.ts": "export default {};",
    },
    selected: "node",
    error: "FRAMEWORK_UNSUPPORTED",
  },
  {
    name: "Meteor",
    files: {
      ".meteor/release": "METEOR@3.3\n",
      "package.json": { scripts: { start: "meteor run" }, dependencies: dependencies("meteor-node-stubs") },
      "server/main.js": 'import { Meteor } from "meteor/meteor";\nMeteor.startup(() => {});\n',
    },
    selected: "node",
    error: "FRAMEWORK_UNSUPPORTED",
  },
  {
    name: "React Router for another platform",
    files: {
      "package.json": {
        scripts: { build: "react-router build" },
        dependencies: dependencies("react-router"),
        devDependencies: dependencies("@react-router/dev", "@cloudflare/vite-plugin"),
      },
      "vite.config.ts":
        'import { cloudflare } from "@cloudflare/vite-plugin";\nexport default { plugins: [cloudflare()] };',
    },
    selected: "node",
    framework: "react-router",
    error: "FRAMEWORK_ADAPTER",
  },
  { name: "nothing", files: { "README.md": "hello" }, selected: null, error: "NOTHING_DETECTED" },
];
