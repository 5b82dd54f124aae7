/** What the analysis sees in a file, and what it does not mistake for danger. */
import { describe, expect, test } from "vitest";
import { analyzeFile } from "../../src/bundle/analyze.ts";

const look = (text: string, path = "x.js", own = false) =>
  analyzeFile(path, text, { moduleScope: path.endsWith(".mjs"), own });
const codes = (text: string, path?: string) => look(text, path).findings.map((f) => `${f.code}:${f.line}`);

describe("dangers", () => {
  test.each([
    ["const p = require('path');\nmodule.exports = p.join(__dirname, 'x');", ["dirname:2"]],
    ["module.exports = (n) => require('./drivers/' + n);", ["computed-require:1"]],
    ["const load = require;\nload('a');", ["require-value:1"]],
    ["require.resolve('x/package.json');", ["require-resolve:1"]],
    ["for (const key in require.cache) delete require.cache[key];", ["require-cache:1"]],
    ["if (!module.parent) run();", ["module-object:1"]],
    ["module.exports = require('bindings')('addon');", ["native:1"]],
    ["module.exports = require('./build/Release/x.node');", ["native:1"]],
    ["process.dlopen(m, 'x');", ["native:1"]],
    ["const { Worker } = require('worker_threads');\nnew Worker(file);", ["worker:2"]],
    ["const cp = require('child_process');\ncp.fork('./x');", ["fork:2"]],
    ["const M = require('module');\nM._load = () => {};", ["module-api:1"]],
    ['const m = eval("quire".replace(/^/, "re"))(name);', ["eval:1"]],
    ["eval(source);", ["eval:1"]],
    ["let x = ;", ["unparsable:1"]],
  ])("%s", (text, expected) => expect(codes(text)).toEqual(expected));

  test.each([
    ["export const f = new URL('./x', import.meta.url);", ["meta-url:1"]],
    [
      "import { createRequire } from 'node:module';\nconst r = createRequire(import.meta.url);\nr('./x.json');",
      ["create-require:2", "meta-url:2"],
    ],
    ["export default await load();", ["top-level-await:1"]],
    ["export const a = await import(name);", ["top-level-await:1", "computed-import:1"]],
    ["export const a = 1;\nif (typeof module !== 'undefined') module.exports = a;", ["module-object:2"]],
  ])("ES module: %s", (text, expected) => expect(codes(text, "x.mjs").sort()).toEqual([...expected].sort()));
});

test.each([
  "// __dirname, require(name), eval(x)\nmodule.exports = 'require(a)';",
  "(function (require, module) { require(name); module.parent; })(a, b);",
  "function f(__dirname) { return __dirname; }",
  "const o = { require: 1, __dirname: 2 };\no.require; o.eval(x);",
  "if (typeof require === 'function') require('fs');",
  "if (require.main === module) cli();",
  "var free = typeof module == 'object' && module && !module.nodeType && module;",
  "const { builtinModules } = require('module');",
  "const deprecated = eval('(function (' + args + ') {' + body + '})');",
])("not a danger: %s", (text) => expect(codes(text)).toEqual([]));

test("requests: kinds, guards, comments, type-only imports", () => {
  expect(
    look(
      "/* require('no') */ const a = require('a'); try { require('b'); } catch {} const c = () => import('c'); eval(x)",
    ).requests,
  ).toMatchObject([
    { specifier: "a", kind: "require", guarded: false },
    { specifier: "b", kind: "require", guarded: true },
    { specifier: "c", kind: "dynamic" },
  ]);
  expect(
    look(
      "import type { A } from 'types';\nimport { type B } from 'types2';\nimport c = require('c');\nexport * from 'd';\nimport 'e';\n",
      "x.ts",
      true,
    ).requests.map((r) => `${r.kind} ${r.specifier}`),
  ).toEqual(["require c", "import d", "import e"]);
  expect(
    look(
      "const require = createRequire(import.meta.url);\nimport { createRequire } from 'module';\nrequire('../package.json');",
      "x.mjs",
      true,
    ).requests.map((r) => `${r.kind} ${r.specifier}`),
  ).toEqual(["import module", "own-require ../package.json"]);
});

test("own code: SIGTERM handlers and file reading are noticed with their line", () => {
  expect(
    look("const s = 1;\nfor (const sig of ['SIGINT', 'SIGTERM']) process.on(sig, stop);\n", "x.js", true).sigtermLine,
  ).toBe(2);
  expect(look("process.kill(pid, 'SIGTERM');", "x.js", true).sigtermLine).toBeUndefined();
  expect(look("app.use(express.static('public'));", "x.js", true).readsFiles).toBe(true);
  expect(look("app.get('/', (q, r) => r.json(1));", "x.js", true).readsFiles).toBe(false);
});

test.each([
  ["String(type).startsWith('class ')", true],
  ['fn.toString().indexOf("class ") === 0', true],
  ["toString.call(fn).slice(0, 6) === 'class '", true],
  ["/^class\\s/.test(Function.prototype.toString.call(type))", true],
  ["/^\\s*class\\s+/.test(fn.toString())", true],
  ["/^(?:class|function) /.test(String(fn))", false],
  ["/^class\\b/.test(fn.toString())", false],
  ["/^\\s*class[^\\w]+/.test(fn.toString())", false],
  ["line.startsWith('class ')", false],
  ["/^class /.test(line)", false],
])("%s tells classes by a text that minifying shortens: %s", (text, expected) => {
  expect(look(text).readsClassText ?? false).toBe(expected);
});

test("text that is put together of thousands of pieces, with what comes before, inside and after it", () => {
  const pieces = Array(20_000).fill('"a"').join(" + ");
  const text = `const a = require("a");
function f(b) { try { b(); } catch {} return ${pieces} + require("c") + __dirname; }
try { require("d"); } catch {}
require("e");`;
  const { requests, findings } = look(text, "x.js", true);
  expect(requests.map(({ specifier, guarded }) => [specifier, guarded])).toEqual([
    ["a", false],
    ["c", false],
    ["d", true],
    ["e", false],
  ]);
  expect(findings.map(({ code }) => code)).toContain("dirname");
});
