import { expect, it } from "vitest";
import { lintSource } from "../../src/pipeline/source-lint.ts";

const listen = 'require("http").createServer(() => {}).listen(3000);\n';
const BROKEN: Record<string, Uint8Array | string> = {
  "broken.js": `${listen}function ( {`,
  "broken.py": "import uvicorn\nuvicorn.run(app, port=(((\n",
  "broken.go": "package main\nfunc main() { http.ListenAndServe(",
  "broken.rs": "fn main() { let x = ",
  "binary.js": new Uint8Array(5000),
  "latin1.py": new Uint8Array([0x23, 0xe9, 0xff, 0x0a, 0x78, 0x3d, 0x31]),
  "minified.js": `var a=1;${"a+=1;".repeat(20_000)}`,
  "huge.ts": `${listen}${"// filler\n".repeat(100_000)}`,
  "deep.js": `${listen}var x = ${"[".repeat(5000)}${"]".repeat(5000)};`,
  // The parser's own stack ends the process for these.
  "parentheses.js": `${listen}var x = ${"f(\n".repeat(20_000)}`,
  "choices.ts": `${listen}var x = ${"a\n? b\n: ".repeat(20_000)}c;`,
  "assigned.js": `${listen}${"a =\n".repeat(20_000)}1;`,
  "circle.js": `const a = (x) => b(x); const b = (x) => a(x + a(x)); let p = a(p);\nrequire("http").createServer(() => {}).listen(p);`,
  "package.json": "{ not json",
  "application.yml": "a: [b\n c: {",
};

it("judges what it can of broken, binary, minified, huge and circular files, and never throws", async () => {
  const findings = await lintSource({
    root: ".",
    files: () => Object.keys(BROKEN),
    read: async (p) => {
      const content = BROKEN[p] as Uint8Array | string;
      return typeof content === "string" ? new TextEncoder().encode(content) : content;
    },
  });
  expect(findings.every((f) => !/minified|huge|binary/.test(f.location.file))).toBe(true);
});

it("takes what stands in a program for text, not for a pattern", async () => {
  const text =
    'const config = new ConfigService();\nrequire("http").createServer(() => {}).listen(3000, config.get("(*.host"));\n';
  const findings = await lintSource({
    root: ".",
    files: () => ["main.js"],
    read: async () => new TextEncoder().encode(`import { ConfigService } from "@nestjs/config";\n${text}`),
  });
  expect(findings.map((f) => f.rule)).toContain("KS001");
});

it("reads settings however deep they are nested", async () => {
  const files: Record<string, string> = {
    "Program.cs": 'new TcpListener(IPAddress.Parse(Configuration["Host"]), 8000).Start();\n',
    "appsettings.json": `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  };
  const findings = await lintSource({
    root: ".",
    files: () => Object.keys(files),
    read: async (p) => new TextEncoder().encode(files[p]),
  });
  expect(findings.map((f) => f.rule)).toContain("KS001");
});

it("gives nothing for a file that cannot be read", async () => {
  const findings = await lintSource({
    root: ".",
    files: () => ["a.js"],
    read: () => Promise.reject(new Error("gone")),
  });
  expect(findings).toEqual([]);
});

it("reads first what starts a program, then other code, then tests, and not what a generator wrote", async () => {
  const asked: string[] = [];
  await lintSource({
    root: ".",
    files: () => [
      "Data/Migrations/20240101_Init.cs",
      "Data/ModelSnapshot.cs",
      "Data/Store.cs",
      "Tests/StoreTests.cs",
      "Web/Program.cs",
      "api/service.pb.go",
      "api/shell_windows.go",
    ],
    read: async (p) => {
      asked.push(p);
      return new TextEncoder().encode("// nothing\n");
    },
  });
  expect(asked).toEqual(["Web/Program.cs", "Data/Store.cs", "Tests/StoreTests.cs"]);
});

it.each([
  ["templates with apostrophes", "t(`it's ${x} (here)`);\n", 1_000],
  ["patterns with brackets", 's = s.replace(/\\(/g, f(/["]/));\n', 1_000],
  ["text between tags", "a = ok && (<p>don't</p>);\n", 1_000],
  ["cases", "case 1:\n", 2_500],
  ["comparisons in one line", "a === 1 || ", 1_000],
])("judges a long script that is not deep: %s", async (name, piece, times) => {
  const many = piece.repeat(times);
  const code = name === "cases" ? `switch (x) {\n${many}}` : piece.endsWith("\n") ? many : `${many}1`;
  const text = `${code}\nrequire("http").createServer(f).listen(8080, "127.0.0.1");\n`;
  const findings = await lintSource({
    root: ".",
    files: () => ["server.js"],
    read: async () => new TextEncoder().encode(text),
  });
  expect(findings.map((f) => f.rule)).toContain("KS002");
});
