/** `knbuild lint --fix` on source: what was mended is clean, still parses, and says the same as before elsewhere. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { afterEach, expect, it } from "vitest";
import { lint } from "../../src/pipeline/lint.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function program(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "knbuild-fix-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const rules = ["KS001", "KS002"];
const CASES: [string, Record<string, string>, string[]][] = [
  [
    "a literal port",
    { "server.js": 'const app = require("express")();\napp.listen(3000);\n' },
    ["app.listen(process.env.PORT ?? 3000);"],
  ],
  [
    "port and host",
    { "server.js": 'const app = require("express")();\napp.listen(3000, "127.0.0.1", () => {});\n' },
    ['app.listen(process.env.PORT ?? 3000, "0.0.0.0", () => {});'],
  ],
  [
    "Fastify without a host",
    {
      "server.mjs":
        'import Fastify from "fastify";\nconst app = Fastify();\nawait app.listen({ port: process.env.PORT });\n',
    },
    ['await app.listen({ port: process.env.PORT, host: "0.0.0.0" });'],
  ],
  [
    "Flask without anything",
    { "app.py": "from __future__ import annotations\nfrom flask import Flask\n\napp = Flask(__name__)\napp.run()\n" },
    ['host="0.0.0.0"', 'port=int(os.environ.get("PORT", 5000))', "import annotations\nimport os\n"],
  ],
  [
    "uvicorn",
    { "main.py": 'import uvicorn\n\nuvicorn.run("app:app", port=8000, log_level="info")\n' },
    ['port=int(os.environ.get("PORT", 8000))', 'log_level="info", host="0.0.0.0")', "import os\nimport uvicorn"],
  ],
  [
    "Go with a block of imports",
    {
      "main.go": 'package main\n\nimport (\n\t"net/http"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":3000", nil)\n}\n',
      "go.mod": "module x\n\ngo 1.23\n",
    },
    ['\t"cmp"\n\t"os"\n\t"net/http"', 'http.ListenAndServe(":" + cmp.Or(os.Getenv("PORT"), "3000"), nil)'],
  ],
  [
    "an older Go on localhost",
    {
      "main.go":
        'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe("localhost:3000", nil)\n}\n',
    },
    ['import "os"', '"0.0.0.0:" + func() string {', 'return "3000"'],
  ],
];

it.each(CASES)("mends %s", async (_, files, expected) => {
  const folder = program(files);
  const [name] = Object.keys(files) as [string];
  const before = readFileSync(join(folder, name), "utf8");
  const preview = await lint({ paths: ["."], cwd: folder, fix: "preview", only: rules });
  expect(readFileSync(join(folder, name), "utf8"), "a preview writes nothing").toBe(before);
  expect(preview.fixed[0]?.diff).toContain(`+++ b/${name}`);
  const report = await lint({ paths: ["."], cwd: folder, fix: "apply", only: rules });
  const after = readFileSync(join(folder, name), "utf8");
  for (const text of expected) expect(after).toContain(text);
  expect(report.findings).toEqual([]);
  expect((await lint({ paths: ["."], cwd: folder, only: rules })).findings).toEqual([]);
  if (/js$/.test(name)) expect(parseSync(name, after).errors).toEqual([]);
});

it("offers a handler of SIGTERM without writing it", async () => {
  const folder = program({ "server.js": 'const app = require("express")();\napp.listen(process.env.PORT);\n' });
  const report = await lint({ paths: ["."], cwd: folder, fix: "apply", only: ["KS020"] });
  expect(report.fixed).toEqual([]);
  const [fix] = report.findings[0]?.fixes ?? [];
  expect(fix?.safe).toBe(false);
  let text = readFileSync(join(folder, "server.js"), "utf8");
  for (const edit of [...(fix?.edits ?? [])].sort((a, b) => b.start - a.start))
    text = text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
  writeFileSync(join(folder, "server.js"), text);
  expect(text).toContain("const server = app.listen(process.env.PORT);");
  expect((await lint({ paths: ["."], cwd: folder, only: ["KS020"] })).findings).toEqual([]);
});

it("leaves a host alone that was found by its name", async () => {
  const text = `package main
import ("net/http"; "example.com/lib/conf")
type HTTPConfig struct { Addr string }
func Default() *HTTPConfig { return &HTTPConfig{Addr: "localhost:8080"} }
func main() { c := conf.Merge(Default()); http.ListenAndServe(c.Pick(), nil) }
`;
  const folder = program({ "main.go": text });
  const report = await lint({ paths: ["."], cwd: folder, fix: "apply", only: ["KS002"] });
  expect(report.fixed).toEqual([]);
  expect(report.findings.map((f) => [f.rule, f.fixes])).toEqual([["KS002", undefined]]);
  expect(readFileSync(join(folder, "main.go"), "utf8")).toBe(text);
});

it("silences what a comment names, and reports a comment that silences nothing", async () => {
  const folder = program({
    "server.js":
      'const app = require("express")();\n// knbuild ignore=KS001 reason=the service names this port\napp.listen(3000);\n// knbuild ignore=KS010\nconsole.log("// knbuild ignore=KS002");\n',
    "api/app.py":
      'from flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0", port=5000)  # knbuild ignore=port-not-read\n',
  });
  const report = await lint({ paths: ["."], cwd: folder, only: ["KS001", "KS010", "KS002", "KN101"] });
  expect(report.findings.map((f) => [f.rule, f.location.file, f.location.region?.startLine, f.message])).toEqual([
    ["KN101", "server.js", 4, "KS010: nothing to silence here"],
  ]);
  expect(report.suppressed).toBe(2);
  const all = await lint({ paths: ["."], cwd: folder, only: ["KS001"], ignorePragmas: true });
  expect(all.findings.map((f) => f.location.file).sort()).toEqual(["api/app.py", "server.js"]);
});

it("heeds a comment above a Dockerfile's start command, and overrides by path", async () => {
  const folder = program({
    "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    Dockerfile:
      'FROM python:3.13-slim\nUSER 1000\n# knbuild ignore=KS002 reason=behind a proxy of its own\nCMD ["uvicorn", "app:app", "--port", "8080"]\n',
    "knbuild.yaml": "lint:\n  overrides:\n    - files: [Dockerfile]\n      rules: { KS001: off }\n",
  });
  const report = await lint({ paths: ["."], cwd: folder });
  expect(report.findings.filter((f) => /^KS|KN101/.test(f.rule)).map((f) => f.rule)).toEqual([]);
  expect(report.suppressed).toBe(1);
});
