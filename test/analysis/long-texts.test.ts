/** Texts of generated files, on which a search that starts again at each word would take minutes. */
import { expect, it } from "vitest";
import { lintProgram } from "./programs.ts";

const long = (text: string): string => text.repeat(200_000 / text.length);
const server = 'require("./other"); require("http").createServer(f).listen(process.env.PORT, lost(process.argv));\n';
const go = 'package main\nimport "net/http"\nfunc main() { http.ListenAndServe(lost(), nil) }\n';
const rust = "fn main() { std::net::TcpListener::bind(lost()).unwrap(); }\n//";
const kotlin = "import io.ktor.server.engine.*\nfun main() { embeddedServer(Netty, port = lost) {}.start() }\n";
const places = Array.from({ length: 3000 }, (_, i) => i);
const fields = `type A struct {\n${places.map((i) => `\tF${i} string\n`).join("")}}\n`;
const uses = places.slice(-200).map((i) => `\tgo http.ListenAndServe(a.F${i}, nil)\n`);
const byPlace = `var a = A{${places.map((i) => `"h${i}:80"`).join(", ")}}\nfunc all() {\n${uses.join("")}}\n`;
const csproj = '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>';
const program = "WebApplication.CreateBuilder(args).WebHost.UseConfiguration(c);\n";

it.each<[string, Record<string, string>]>([
  ["words of a list", { "go.mod": "module a\n", "main.go": `package main\nvar x = []string{${long('"AA", ')}}\n` }],
  ["attributes", { "Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": rust + long("#[arg( env") }],
  ["blanks", { "composer.json": "{}", "index.php": `<?php\n${long(" ")}$x = 'PORT';` }],
  ["conditions", { "package.json": "{}", "index.js": server, "other.js": `// 0.0.0.0 if (${long("test ")}` }],
  [
    "indents",
    {
      "package.json": '{ "main": "server.js", "dependencies": { "express": "4.0.0" } }',
      "server.js": 'const c = require("./other");\nrequire("express")().listen(c.port, c.host);\n',
      "other.js": 'const o = { host: "localhost" };\n',
      "run.sh": `# 0.0.0.0\nhost${long(" ")}\n`,
    },
  ],
  ["types", { "build.gradle.kts": "", "Main.kt": `${kotlin}val s = """${long("fun <")}"""` }],
  ["texts without an end", { "build.gradle.kts": "", "Main.kt": kotlin, "application.conf": `a = "${long('\\"')}` }],
  ["sections on one line", { "build.gradle.kts": "", "Main.kt": kotlin, "application.conf": long("a{b=1}\n") }],
  ["empty lines of a server's settings", { "build.gradle.kts": "", "Main.kt": kotlin, "application.conf": long("\n") }],
  ["connectors", { "build.gradle.kts": "", "Main.kt": `${kotlin}val s = """${long("ServerConnector(")}"""` }],
  ["blanks behind a type", { "build.gradle.kts": "", "Main.kt": `${kotlin}val host: ${long(" ")}` }],
  ["versions", { "build.gradle": long("springboot"), "Main.java": "class Main {}" }],
  [
    "blanks of a version",
    { "build.gradle": `org.springframework.boot version${long(" ")}`, "Main.java": "class Main {}" },
  ],
  ["empty lines", { "package.json": "{}", "index.js": `${server}${long("\n")}` }],
  ["one assignment", { "package.json": "{}", "index.js": `${server}const t = \`${long('host = "localhost"\n')}\`;` }],
  ["addresses", { "go.mod": "module a\n", "main.go": `${go}var x = []string{${long('"localhost", ')}}\n` }],
  ["comments without an end", { "package.json": "{}", "index.js": server, "other.js": `// 0.0.0.0\n${long("/* ")}` }],
  ["uses", { "go.mod": "module a\n", "main.go": `${go}var x = \`${long("host=")}\`; var host = "localhost"\n` }],
  ["fields by their place", { "go.mod": "module a\n", "main.go": go + fields + byPlace }],
  [
    "empty lines behind a type",
    {
      "go.mod": "module a\n",
      "main.go": `package main\nimport "net/http"\ntype C struct { Host string }\nfunc main() {\n\tvar c C${long("\n")}http.ListenAndServe(c.Host, nil)\n}\n`,
    },
  ],
  ["dashes", { "go.mod": "module a\n", "main.go": `${go}// ${long("-")} PORT 0.0.0.0\n` }],
  ["empty lines of settings", { "package.json": "{}", "index.js": server, "app.ini": `a=1\n${long("\n")}0.0.0.0` }],
  ["lines of an instruction", { "package.json": "{}", "index.js": server, Dockerfile: `CMD a ${long("\\\n")}` }],
  ["variables without an end", { "package.json": "{}", "index.js": server, Procfile: `web: ${long("${")}` }],
  ["closing brackets", { "pom.xml": "", "Main.java": `class Main {} /* ${long("]")} */` }],
  ["one word", { "Cargo.toml": '[package]\nname = "a"\n', "src/main.rs": `fn main() {} // ${long("Server")}` }],
  [
    "empty lines before a server",
    { Gemfile: "", "app.rb": `${long("\n")}require "socket"\nTCPServer.new(lost, 80)\n` },
  ],
  [
    "closing brackets of settings",
    {
      "pom.xml": "<artifactId>spring-boot-starter-web</artifactId>",
      "Main.java": "@SpringBootApplication class Main {}",
      "application.yml": long("}"),
    },
  ],
  [
    "lines of a script",
    { "app.py": "import flask\nflask.Flask('a').run(port=lost())\n", "long.py": long("Apex = report.envelope\n") },
  ],
  ["names", { "a.csproj": csproj, "A.cs": `${program}class X { override EndPoint ${long("Default")} }` }],
])("%s", async (_, files) => {
  const bytes = Object.entries(files).map(([file, text]) => [file, Buffer.from(text)] as const);
  expect(Array.isArray(await lintProgram(new Map(bytes)))).toBe(true);
});

it("finds the server below some thousand lines of comments", async () => {
  const text = `from flask import Flask\napp = Flask(__name__)\n${long("# a line\n")}app.run(port=3000)\n`;
  const files = new Map([
    ["requirements.txt", Buffer.from("flask\n")],
    ["app.py", Buffer.from(text)],
  ]);
  expect((await lintProgram(files)).map((f) => f.rule)).toContain("KS002");
});
