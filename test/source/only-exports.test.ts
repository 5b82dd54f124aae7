import { posix } from "node:path";
import { expect, it } from "vitest";
import { packageNameOf } from "../../src/source/imports.ts";
import { onlyExport } from "../../src/source/only-exports.ts";

/** The first file is loaded. Packages of the scope @acme are unknown. */
function onlyExports(files: Record<string, string>, isForOthers = false): boolean {
  return onlyExport({
    isForOthers,
    entry: Object.keys(files)[0] as string,
    text: (file) => files[file],
    resolve: (specifier, from) => {
      if (!specifier.startsWith("."))
        return specifier.startsWith("node:") ? {} : { packageName: packageNameOf(specifier) };
      const path = posix.join(posix.dirname(from), specifier);
      const file = [path, `${path}.js`, `${path}.ts`].find((name) => files[name] !== undefined);
      return file === undefined ? {} : { file };
    },
    mayServe: (name) => name.startsWith("@acme/"),
  });
}

const aloneOnlyExports = (text: string) => onlyExports({ "index.js": text });

it.each([
  'const Server = require("./server");\nnew Server();\n',
  'import Server from "./server.js";\nexport const server = new Server(8080);\n',
  'const Web = require("./server");\nmodule.exports = new Web();\n',
  'module.exports = require("./server")({ port: 1 });\n',
  'const started = require("./server")({ port: 1 });\n',
])("a module that makes what may be a server starts something: %s", (text) => {
  expect(aloneOnlyExports(text)).toBe(false);
});

it.each([
  "const cache = new Map();\nmodule.exports = new URL('http://example.test');\n",
  'import { EventEmitter } from "node:events";\nexport const bus = new EventEmitter();\n',
  'const debug = require("debug")("app:server");\nexports.start = () => new Server();\n',
])("a module that makes what every program has starts nothing: %s", (text) => {
  expect(aloneOnlyExports(text)).toBe(true);
});

it.each([
  ["files.forEach((file) => require(file));\n", false],
  ["files.forEach((file) => { app.listen(file); });\n", false],
  ["files.forEach(load);\n", false],
  ["run(() => app.open());\nfunction run(f) {\n  f();\n}\n", false],
  ["if (require.main === module) main();\n", false],
  ["try { exports.fast = require('fast'); } catch (e) {}\n", true],
  ["for (const part of parts) load(part);\n", false],
  ["const names = [];\nif (global.Blob) names.push('blob');\n", true],
  ["require(`./servers/${process.env.KIND}`);\n", false],
  ["import(process.env.MAIN);\n", false],
  ["const kinds = require('./kinds');\nexports.app = kinds['web']();\n", false],
  ["class Api { static { this.listen(); } }\n", false],
  ["class Api { static name = 'api'; open() { this.listen(); } }\n", true],
  [
    "import path from 'path';\nimport { fileURLToPath } from 'node:url';\nconst file = fileURLToPath(import.meta.url);\nexport const folder = path.dirname(file);\nexport class Api { url() { this.listen(); } }\n",
    true,
  ],
  ["inherits(Server, Emitter);\nfunction Server() { this.listen(); }\n", true],
])("a module starts nothing by what it does while it is loaded: %s", (text, expected) => {
  expect(aloneOnlyExports(text)).toBe(expected);
});

it("a text that is nested deeper than the stack is no library, and no fault", () => {
  const text = `module.exports = ${"1+".repeat(20_000)}1;\n`;
  expect(aloneOnlyExports(text)).toBe(false);
});

const OPEN = "require('node:http').createServer().listen(1)";

it.each<[string, Record<string, string>]>([
  [
    "a list of functions that it goes through",
    { "a.js": `const open = () => ${OPEN};\nfor (const one of [open]) one();\n` },
  ],
  [
    "a list of another module's",
    {
      "a.js": "const { steps } = require('./b');\nsteps.forEach((step) => step());\n",
      "b.js": `exports.steps = [() => ${OPEN}];\n`,
    },
  ],
  [
    "a map of functions",
    { "a.js": `const all = new Map([['web', () => ${OPEN}]]);\nfor (const [, one] of all) one();\n` },
  ],
  [
    "an object's functions by their names",
    { "a.js": `const all = { web: () => ${OPEN} };\nObject.keys(all).forEach((key) => all[key]());\n` },
  ],
  [
    "a getter",
    {
      "a.js": "const { app } = require('./b');\nmodule.exports = app;\n",
      "b.js": `module.exports = { get app() { return ${OPEN}; } };\n`,
    },
  ],
  [
    "a getter that is defined",
    {
      "a.js": `const all = {};\nObject.defineProperty(all, 'app', { get: () => ${OPEN} });\nmodule.exports = all.app;\n`,
    },
  ],
  [
    "a decorator of an unknown package",
    { "a.ts": `import { Service } from '@acme/web';\n@Service()\nexport class Api { open() { ${OPEN}; } }\n` },
  ],
  [
    "an unknown package that is given a function",
    { "a.js": `const { boot } = require('boots');\nboot({ open: () => ${OPEN} });\n` },
  ],
  [
    "an unknown package that is given a module",
    { "a.js": "require('boots').boot(require('./b'));\n", "b.js": `exports.open = () => ${OPEN};\n` },
  ],
  [
    "a choice of modules",
    {
      "a.js": "module.exports = require(process.env.FAST ? './b' : './c');\n",
      "b.js": "exports.a = 1;\n",
      "c.js": `${OPEN};\n`,
    },
  ],
  [
    "a constructor that extends",
    {
      "a.js": `class Base { constructor() { this.open(); } }\nclass Web extends Base { open() { ${OPEN}; } }\nmodule.exports = new Web();\n`,
    },
  ],
  [
    "a method of a prototype",
    { "a.js": `function Web() {}\nWeb.prototype.open = () => ${OPEN};\nmodule.exports = new Web().open();\n` },
  ],
  ["a name that is given later", { "a.js": `let open;\nopen = () => ${OPEN};\nmodule.exports = open();\n` }],
  [
    "what a package gives instead",
    {
      "a.js": "const hooks = require('./b');\nconst open = hooks.open || (() => 1);\nmodule.exports = open();\n",
      "b.js": "module.exports = require('@acme/web');\n",
    },
  ],
  ["another program", { "a.js": "require('node:child_process').fork('./server.js');\n" }],
  ["a timer", { "a.js": `setTimeout(() => ${OPEN}, 1);\n` }],
  [
    "the module that is started as a program",
    { "a.js": `if (require.main === module) web();\nfunction web() { ${OPEN}; }\n` },
  ],
  [
    "a function that is bound",
    { "a.js": `const web = { open() { ${OPEN}; } };\nconst go = web.open.bind(web);\nmodule.exports = go();\n` },
  ],
  [
    "a property that is written",
    { "a.js": `const app = { set port(port) { ${OPEN}; } };\napp.port = 1;\nmodule.exports = app;\n` },
  ],
  [
    "what goes through its own iterator",
    { "a.js": `class Steps { *[Symbol.iterator]() { ${OPEN}; } }\nexports.all = [...new Steps()];\n` },
  ],
  ["what is waited for", { "a.js": `export const ready = { then(done) { ${OPEN}; done(); } };\nawait ready;\n` }],
  [
    "the functions of a module, each by its turn",
    {
      "a.js": "import * as steps from './b';\nObject.values(steps).forEach((step) => step());\nexport {};\n",
      "b.js": `export const open = () => ${OPEN};\n`,
    },
  ],
  [
    "what it hands on of another module",
    {
      "a.js": "Object.assign(exports, require('./b'));\nexports.open();\n",
      "b.js": `exports.open = () => ${OPEN};\n`,
    },
  ],
  [
    "a promise of a module",
    { "a.js": "import('./b').then((web) => web.open());\n", "b.js": `export const open = () => ${OPEN};\n` },
  ],
])("it is started by %s", (_, files) => {
  expect(onlyExports(files)).toBe(false);
});

it.each<[string, Record<string, string>]>([
  [
    "a function of the same name in another file",
    {
      "a.js": "const { open } = require('./b');\nexports.table = open();\nexports.web = require('./c');\n",
      "b.js": "exports.open = () => ({});\n",
      "c.js": `exports.open = () => ${OPEN};\n`,
    },
  ],
  ["a property that only could be written", { "a.js": `module.exports = { set port(port) { ${OPEN}; } };\n` }],
  [
    "a function called start that starts nothing",
    { "a.js": "function start() { return new Map(); }\nexports.cache = start();\n" },
  ],
  [
    "a module that is only loaded when it is asked for",
    { "a.js": "exports.serve = () => require('./b');\n", "b.js": `${OPEN};\n` },
  ],
  [
    "statements of all kinds",
    {
      "a.js": `const kinds = {};\nswitch (process.platform) { case 'win32': kinds.a = 1; }\nwhile (kinds.a > 2) kinds.a--;\nlabel: for (const key in kinds) { if (!key) continue label; }\nexports.open = () => ${OPEN};\n`,
    },
  ],
  [
    "a package's mark on a class that is extended",
    {
      "a.js": `const deprecate = require('depd')('web');\nconst Emitter = require('node:events');\nmodule.exports = class Web extends Emitter {\n  listen() { return ${OPEN}; }\n};\ndeprecate.property('open');\n`,
    },
  ],
  [
    "a class with a static block, which has no name",
    {
      "a.js":
        "class Names {\n  static { Names.all = new Map(); }\n}\nexports.open = () => Names.all.get('a');\nNames.any();\n",
    },
  ],
  [
    "a function of a package's called bind",
    { "a.js": "const { bind } = require('@acme/ui');\nconst open = bind('x');\nexports.open = open;\nopen.all;\n" },
  ],
  ["a getter that nobody reads", { "a.js": `module.exports = { get app() { return ${OPEN}; } };\n` }],
  [
    "an immediate function that makes exports",
    { "a.js": `(function (root) { root.open = function () { ${OPEN}; }; })(exports);\n` },
  ],
])("it is no start: %s", (_, files) => {
  expect(onlyExports(files)).toBe(true);
});

it.each<[string, Record<string, string>, boolean]>([
  [
    "a name that is called somewhere, and a method of that name that listens",
    {
      "a.js": `let bus;\nexports.use = (given) => { bus = given; };\nif (bus) bus.open();\nexports.web = { open() { ${OPEN}; } };\n`,
    },
    true,
  ],
  ["a module by a name that nobody knows", { "a.js": "module.exports = require(process.env.FAST);\n" }, true],
  ["what it makes of an unknown package and keeps", { "a.js": "exports.log = require('@acme/log')({});\n" }, true],
  [
    "what a base class calls on itself, and the class that extends it has",
    {
      "a.js": `class Base { constructor() { this.open(); } }\nclass Web extends Base { open() { ${OPEN}; } }\nnew Web();\nexports.Web = Web;\n`,
    },
    false,
  ],
  [
    "what a chain of calls on its own class gives",
    {
      "a.js": `class Web { use() { return this; } open() { ${OPEN}; } }\nnew Web().use().open();\nexports.Web = Web;\n`,
    },
    false,
  ],
  [
    "what a constructor that is a function makes",
    {
      "a.js": `function Web() {}\nWeb.prototype.open = () => ${OPEN};\nconst web = new Web();\nweb.open();\nmodule.exports = web;\n`,
    },
    false,
  ],
  [
    "what a container of a package's makes of its own class",
    {
      "a.js": `const { Container } = require('@acme/di');\nclass Web { open() { ${OPEN}; } }\nconst all = new Container();\nall.get(Web).open();\nexports.all = all;\n`,
    },
    false,
  ],
  [
    "an unknown package that is given a port",
    { "a.js": "module.exports = require('@acme/web')({ port: 80 });\n" },
    false,
  ],
  ["a call that listens", { "a.js": `${OPEN};\nmodule.exports = {};\n` }, false],
  [
    "a function that is called, in another module",
    { "a.js": "exports.up = require('./b').up;\nexports.up();\n", "b.js": `exports.up = () => ${OPEN};\n` },
    false,
  ],
  ["what is called when a promise is kept", { "a.js": `exports.db = open().then(() => ${OPEN});\n` }, false],
  [
    "what a function gives that it was given by a package",
    { "a.js": "function rules() { return require('@acme/rules')({}); }\nexports.rules = rules();\n" },
    true,
  ],
  ["an unknown package called for what it does", { "a.js": "require('@acme/web')({});\nexports.a = 1;\n" }, false],
])("of a package for other programs only what is seen to be called counts: %s", (_, files, idle) => {
  expect(onlyExports(files, true)).toBe(idle);
  expect(onlyExports(files)).toBe(false);
});
