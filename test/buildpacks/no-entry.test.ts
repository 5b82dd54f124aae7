import { expect, it } from "vitest";
import { type Files, planned } from "./planned.ts";

const SPANNER = { "@google-cloud/spanner": "8", "@grpc/grpc-js": "1" };

it.each<[string, Files, { code: string; message?: RegExp; detail?: RegExp; hint?: RegExp }]>([
  [
    "a script that asks a database, and knows the words of gRPC",
    {
      "package.json": { dependencies: SPANNER },
      "quickstart.js":
        "const { Spanner } = require('@google-cloud/spanner');\nconst { status } = require('@grpc/grpc-js');\nnew Spanner().instance('a').database('b').run('SELECT 1').catch((e) => console.log(e.code === status.NOT_FOUND));\n",
    },
    { code: "NOT_A_SERVER", message: /nothing in it listens/, detail: /quickstart\.js does not listen/ },
  ],
  [
    "scripts above a package that serves",
    {
      "package.json": {},
      ...Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`task${at}.js`, "console.log(1);\n"])),
      "web/package.json": { scripts: { start: "node app.js" } },
      "web/app.js": "require('http').createServer().listen(1);\n",
    },
    {
      code: "NOT_A_SERVER",
      message: /nothing beside its package\.json listens/,
      detail: /and 3 more beside it\n.*web\/app\.js listens: web is a package of its own/,
      hint: /^Build the package that serves: knbuild web\./,
    },
  ],
  [
    "servers in deeper packages of their own",
    {
      "package.json": { dependencies: { eslint: "9" } },
      "src/backend/package.json": { scripts: { start: "node app.js" } },
      "src/backend/app.js": "require('http').createServer().listen(1);\n",
    },
    {
      code: "ENTRYPOINT_NOT_FOUND",
      message: /src\/backend\/app\.js listens/,
      hint: /build that directory, knbuild src\/backend\./,
    },
  ],
  [
    "a folder of functions, each a package of its own",
    {
      "package.json": { name: "functions" },
      "hello/package.json": { dependencies: { "@google-cloud/functions-framework": "3" } },
      "hello/index.js": "require('@google-cloud/functions-framework').http('hello', (req, res) => res.end());\n",
      "upload/package.json": {},
      "upload/index.js": "exports.upload = (event) => console.log(event);\n",
    },
    { code: "NOT_A_SERVER", detail: /packages of their own: hello, upload$/, hint: /knbuild hello\.$/ },
  ],
  [
    "a function for events",
    { "package.json": { private: true }, "index.js": "exports.onUpload = (event) => console.log(event.name);\n" },
    { code: "NOT_A_SERVER", message: /only exports onUpload/, hint: /functions-framework/ },
  ],
  [
    "a library",
    { "package.json": { name: "lib", main: "index.js" }, "index.js": "exports.add = (a, b) => a + b;\n" },
    { code: "NOT_A_SERVER", message: /only exports add/, hint: /^A service must listen/ },
  ],
  [
    "several functions",
    {
      "package.json": { dependencies: { "@google-cloud/functions-framework": "3" } },
      "index.js": "exports.a = (req, res) => res.end();\nexports.b = (req, res) => res.end();\n",
    },
    { code: "FUNCTION_AMBIGUOUS", message: /several functions: a, b$/, hint: /--target=a/ },
  ],
  [
    "a function that uses a framework's package",
    {
      "package.json": { dependencies: { express: "4" } },
      "function.js": "exports.hello = (req, res) => res.send(require('express').version);\n",
    },
    { code: "NOT_A_SERVER", message: /only exports hello/, detail: /only exports what uses express/ },
  ],
  [
    "a main that is not there, beside scripts",
    { "package.json": { main: "quickstart.js" }, "createJob.js": "console.log(1);\n" },
    { code: "ENTRYPOINT_NOT_FOUND", message: /names quickstart\.js/, detail: /None of them listens for requests/ },
  ],
  [
    "a main that is not there, beside what may serve",
    {
      "package.json": { main: "quickstart.js", dependencies: { "@acme/web": "1" } },
      "job.js": "require('@acme/web')();\n",
    },
    {
      code: "ENTRYPOINT_NOT_FOUND",
      message: /names quickstart\.js/,
      detail: /^Files there: job\.js\nNone of them listens itself; their packages may\.$/,
    },
  ],
  [
    "a functions framework without a function",
    {
      "package.json": {
        scripts: { start: "functions-framework" },
        dependencies: { "@google-cloud/functions-framework": "3" },
      },
    },
    {
      code: "FUNCTION_NOT_FOUND",
      message: /loads function\.js or index\.js: none of them is there/,
      hint: /--source/,
    },
  ],
  [
    "a main that npm init wrote, beside jobs",
    {
      "package.json": { main: "index.js", scripts: { job: "node jobs/mail.js" } },
      "jobs/mail.js": "console.log(1);\n",
    },
    { code: "NOT_A_SERVER", message: /starts nothing/, detail: /package\.json main: index\.js, which does not exist/ },
  ],
  [
    "a command line tool whose main is not there",
    { "package.json": { main: "lib.js", bin: { tidy: "cli.js" } }, "cli.js": "console.log(1);\n" },
    {
      code: "NOT_A_SERVER",
      message: /command line tool \(package\.json bin: tidy\)/,
      detail: /main: lib\.js, which does not exist/,
    },
  ],
  [
    "a command line tool, beside a server that nobody speaks of",
    {
      "package.json": { bin: { tidy: "cli.js" } },
      "cli.js": "console.log(1);\n",
      "try.js": "require('http').createServer().listen(1);\n",
    },
    { code: "NOT_A_SERVER", message: /command line tool/ },
  ],
  [
    "settings and workers that only lie there",
    {
      "package.json": {},
      "config.js": "exports.a = 1;\nexports.b = 2;\n",
      "work.js": "setInterval(() => {}, 1000);\n",
    },
    {
      code: "NOT_A_SERVER",
      message: /nothing in it listens for requests$/,
      detail: /config\.js does not listen\n.*work\.js/,
    },
  ],
  [
    "foreman without its list of processes",
    {
      "package.json": { scripts: { start: "nf start" }, dependencies: { foreman: "3" } },
      "web.js": "require('http').createServer().listen(1);\n",
    },
    { code: "ENTRYPOINT_NOT_FOUND", message: /scripts\.start \(nf\) names Procfile, which does not exist/ },
  ],
  [
    "a component for phones",
    {
      "package.json": { main: "src/index.js" },
      "src/index.js": "import { View } from 'react-native';\nexport const Box = View;\n",
    },
    { code: "NOT_A_SERVER", message: /React Native/, detail: /src\/index\.js imports react-native/ },
  ],
  [
    "infrastructure of SST's, which tests with Vite",
    {
      "package.json": { scripts: { build: "sst build" }, devDependencies: { vite: "7" } },
      "sst.config.ts": "export default {};\n",
      "vite.config.ts": "export default {};\n",
    },
    { code: "NOT_A_SERVER", message: /SST/ },
  ],
  [
    "a library that Vite bundles",
    {
      "package.json": { scripts: { build: "vite build" }, devDependencies: { vite: "7" } },
      "vite.config.ts": "export default { build: { lib: { entry: 'a.ts' } } };\n",
      "index.ts": "export const a = 1;\n",
    },
    { code: "NOT_A_SERVER", message: /index\.ts/ },
  ],
  [
    "an extension that lies in a folder of its own",
    {
      "package.json": { devDependencies: { "@types/chrome": "0.1" } },
      "package/manifest.json": { manifest_version: 3 },
    },
    { code: "NOT_A_SERVER", message: /extension of a browser/ },
  ],
])("what is said of %s", async (_, files, { code, ...texts }) => {
  const expected = Object.entries(texts).map(([name, text]) => [name, expect.stringMatching(text)]);
  expect(await planned(files)).toMatchObject({ code, ...Object.fromEntries(expected) });
});
