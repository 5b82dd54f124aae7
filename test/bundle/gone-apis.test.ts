/** What packages use of Node that later releases do not have, read from their text. */
import { afterAll, expect, test } from "vitest";
import { analyzeFile } from "../../src/bundle/analyze.ts";
import { bundle, removeTemporaryDirs, temporaryDir, writeFiles } from "./place.ts";

afterAll(removeTemporaryDirs);

const gone = (text: string) => analyzeFile("/m/index.js", text, { moduleScope: false, own: false }).goneApi;

test.each([
  ['const util = require("util");\nmodule.exports = (v) => util.isRegExp(v);', { uses: "util.isRegExp", since: 23 }],
  [
    "import * as tools from 'node:util';\nexport const is = (v) => tools.isDate(v);",
    { uses: "util.isDate", since: 23 },
  ],
  [
    'const util_1 = __importDefault(require("util"));\nexports.f = (v) => util_1.isString(v) || util_1.isNumber(v);',
    { uses: "util.isString", since: 23 },
  ],
  [
    'const util = require("util");\n// util.isDate has gone\nexports.f = function (v) { return util.isDate(v); };\nfunction g(util) { return util.log; }',
    { uses: "util.isDate", since: 23 },
  ],
  [
    "var SlowBuffer = require('buffer').SlowBuffer;\nvar original = SlowBuffer.prototype.equal;\n",
    { uses: "buffer.SlowBuffer", since: 25 },
  ],
  [
    'const http = require("http");\nhttp.createServer((q, res) => res.writeHeader(200));',
    { uses: "response.writeHeader", since: 26 },
  ],
  [
    "if (q.method) { if (ok) return res.writeHeader(404); }\nres?.writeHeader(200);",
    { uses: "response.writeHeader", since: 26 },
  ],
  [
    'const util = require("util");\nexports.f = (v) => (util.isDate(v) ? v.version : v && util.isRegExp(v));',
    { uses: "util.isDate", since: 23 },
  ],
  [
    'import fs from "fs";\nfs.rmdirSync(path.join(dir, "x"), { recursive: true });',
    { uses: "fs.rmdir with recursive", since: 26 },
  ],
  ['exports.R = require("_stream_readable");', { uses: "_stream_readable", since: 26 }],
])("%s", (text, found) => expect(gone(text)).toEqual(found));

test.each([
  [
    "asked for first",
    'const util = require("util");\nexports.is = util.isRegExp ? (v) => util.isRegExp(v) : (v) => false;',
  ],
  ["of a module of its own", 'const util = require("./util");\nexports.is = (v) => util.isDate(v);'],
  ["of what another call gives", 'const log = require("util").debuglog("x");\nexports.f = () => log.log("y");'],
  ["still there", 'const util = require("util");\nexports.is = (v) => util.inspect(v) + util.isArray(v);'],
  [
    "in a function",
    'var buffer = require("buffer");\nexports.slow = function (n) {\n  return buffer.SlowBuffer.prototype;\n};',
  ],
  ["another server's", 'require("uWebSockets.js").App().get("/*", (res) => res.writeHeader("a", "b"));'],
  ["a call that a comment alone makes", "// res.writeHeader(200) is gone\nres.writeHead(200);"],
  ["a call that is tried", "try { res.writeHeader(200); } catch { res.writeHead(200); }"],
  ["a call where it is there", "if (res.writeHeader) res.writeHeader(200); else res.writeHead(200);"],
  ["a call by its type", 'typeof res.writeHeader === "function" ? res.writeHeader(200) : res.writeHead(200);'],
  [
    "a call of the program's own class",
    "class Tar { writeHeader(size) {} }\nconst tar = new Tar();\ntar.writeHeader(512);",
  ],
  [
    "a call of the program's own function",
    "Tar.prototype.writeHeader = function (size) {};\nconst tar = new Tar();\ntar.writeHeader(512);",
  ],
  ["a call with what is no status", 'const { Tar } = require("./tar");\nconst tar = new Tar();\ntar.writeHeader(612);'],
  [
    "removed under old releases",
    'const major = require("./major");\nif (major < 14) fs.rmdirSync(d, { recursive: true });',
  ],
  [
    "removed where the release is asked first",
    "const old = parseInt(process.versions.node) < 14;\nif (old) fs.rmdirSync(d, { recursive: true });",
  ],
  ["asked for by name", 'const util = require("util");\nexports.is = (v) => "isRegExp" in util && util.isRegExp(v);'],
  ["looked up", 'const util = require("util");\nif (util["isRegExp"]) exports.is = util.isRegExp(1);'],
  ["looked up by any name", 'const util = require("util");\nif (util[name]) exports.is = util.isRegExp(1);'],
  [
    "called under old releases",
    'const util = require("util");\nexports.is = (v) => (nodeMajor < 23 ? util.isRegExp(v) : util.types.isRegExp(v));',
  ],
  [
    "put in its place",
    'const util = require("util");\nObject.assign(util, { isRegExp: own });\nexports.is = (v) => util.isRegExp(v);',
  ],
  ["for old releases only", "const remove = fs.rmSync ?? ((dir) => fs.rmdirSync(dir, { recursive: true }));"],
  [
    "in a comment",
    'const util = require("util"); // Node 23 has no util.isRegExp(value) any more\nexports.is = (v) => util.types.isRegExp(v);',
  ],
  [
    "tried",
    'const util = require("util");\nexports.is = (v) => { try { return util.isRegExp(v); } catch { return false; } };',
  ],
  [
    "of a parameter",
    'const util = require("util");\nexports.make = (util) => util.log("hello");\nexports.f = util.inspect;',
  ],
  [
    "of another module under the same name",
    'exports.f = (v) => { const util = require("util"); return util.inspect(v); };\nexports.g = (v) => { const util = require("./own"); return util.isDate(v); };',
  ],
  [
    "of whichever module a block has",
    'let f;\nif (process.env.OWN) {\n  const util = require("./own");\n  f = (v) => util.isDate(v);\n} else {\n  const util = require("util");\n  f = util.inspect;\n}\nexports.f = f;',
  ],
  [
    "replaced by another",
    'let util = require("util");\nif (!util.isDate) util = require("./own");\nutil = require("./own");\nexports.is = (v) => util.isString(v);',
  ],
  [
    "of a bundle's own module",
    '!function (require, module) { var util = require("util"); module.exports = util.isDate(1); }((n) => modules[n], {});',
  ],
  [
    "mentioned at the beginning of a line",
    'const { Buffer } = require("buffer");\n// SlowBuffer.prototype is gone\nexports.B = Buffer;',
  ],
  ["in a try", 'let readable;\ntry { readable = require("_stream_readable"); } catch {}\nexports.readable = readable;'],
])("not what is %s", (_what, text) => expect(gone(text)).toBeUndefined());

test("what is nested deeper than the call stack says nothing, and the rest of its analysis stands", () => {
  const text = `const util = require("util");\nexports.a = util.isRegExp(1);\nexports.t = ${Array(20_000).fill('"a"').join("+")};`;
  const { goneApi, requests } = analyzeFile("/m/index.js", text, { moduleScope: false, own: false });
  expect(goneApi).toBeUndefined();
  expect(requests).toMatchObject([{ specifier: "util" }]);
});

test("the app's own files say it too", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"app"}',
    "server.js": 'console.log(require("./lib/dates")(1));\n',
    "lib/dates.js": 'const util = require("util");\nmodule.exports = (v) => util.isDate(v);\n',
  });
  const { lacking } = await bundle(dir, "server.js", { nodeTarget: "24" });
  expect(lacking).toEqual({ by: "lib/dates.js", own: true, uses: "util.isDate", since: 23 });
});

test("where the app's code is files, packages are told by what it reaches", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"app","dependencies":{"old":"1.0.0","unused":"1.0.0"}}',
    "server.js": 'const old = require("old");\nconsole.log(old(1));\n',
    "node_modules/old/package.json": '{"name":"old","version":"1.0.0"}',
    "node_modules/old/index.js": 'const util = require("util");\nmodule.exports = (v) => util.isRegExp(v);\n',
    "node_modules/unused/package.json": '{"name":"unused","version":"1.0.0"}',
    "node_modules/unused/index.js": 'const util = require("util");\nutil.log(1);\n',
  });
  const as = { nodeTarget: "24", enabled: false };
  expect((await bundle(dir, "server.js", as)).lacking).toMatchObject({ by: "old 1.0.0", uses: "util.isRegExp" });
  writeFiles(dir, { "server.js": "console.log(1);\n" });
  expect((await bundle(dir, "server.js", as)).lacking).toBeUndefined();
});

test("the packages that are reached say what this Node lacks, the oldest first", async () => {
  const dir = writeFiles(temporaryDir(), {
    "package.json": '{"name":"app","dependencies":{"old":"1.0.0","flags":"1.0.0","unused":"1.0.0"}}',
    "server.js": 'const flags = require("flags/flags");\nconst old = require("old");\nconsole.log(flags, old);\n',
    "node_modules/old/package.json": '{"name":"old","version":"1.0.0"}',
    "node_modules/old/index.js": 'const util = require("util");\nmodule.exports = (v) => util.isRegExp(v);\n',
    "node_modules/flags/package.json":
      '{"name":"flags","version":"2.0.0","type":"module","exports":{"./flags":{"require":"./flags"}}}',
    "node_modules/flags/flags": "module.exports = require('./lib.cjs');\n",
    "node_modules/flags/lib.cjs": "module.exports = 1;\n",
    "node_modules/unused/package.json": '{"name":"unused","version":"1.0.0"}',
    "node_modules/unused/index.js": 'const timers = require("timers");\ntimers.enroll({}, 1);\n',
  });
  const lacking = async (nodeTarget: string) => (await bundle(dir, "server.js", { nodeTarget })).lacking;
  expect(await lacking("26")).toEqual({ by: "old 1.0.0", uses: "util.isRegExp", since: 23 });
  expect(await lacking("22")).toBeUndefined();
  writeFiles(dir, { "node_modules/old/index.js": "module.exports = 1;\n" });
  expect(await lacking("26")).toMatchObject({ by: "flags 2.0.0", since: 26 });
  expect(await lacking("24")).toBeUndefined();
});
