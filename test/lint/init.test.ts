/** Every template, filled for real little projects, is clean at info. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseIgnoreFile } from "../../src/dockerfile/ignore-patterns.ts";
import { planInit, writeInit } from "../../src/pipeline/init.ts";
import { placeNotes } from "../../src/pipeline/init-notes.ts";
import { lint } from "../../src/pipeline/lint.ts";

const PROJECTS: Readonly<Record<string, Record<string, string>>> = {
  "node npm": {
    "package.json": '{"name":"a","scripts":{"start":"node server.js","build":"tsc"},"dependencies":{"express":"5"}}',
    "package-lock.json": "{}",
    "server.js": "require('http').createServer().listen(process.env.PORT)",
  },
  "node pnpm": {
    "package.json": '{"name":"a","main":"server.js","packageManager":"pnpm@10.1.0"}',
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\n",
    "server.js": "require('http').createServer().listen(process.env.PORT)",
  },
  "c make": { Makefile: "server: server.o\n", "server.c": "int main(void) { listen(0, 1); }\n" },
  "c make, its own compiler": {
    Makefile: "server:\n\tgcc -o server server.c -lssl\n",
    "server.c": "int main(void) {}\n",
  },
  "c cmake, a shared library": {
    "CMakeLists.txt": "project(x C)\nadd_library(core SHARED core.c)\nadd_executable(server main.c)\n",
    "main.c": "int main(void) {}\n",
  },
  static: { "index.html": "<h1>hi</h1>" },
  "node built site": { "package.json": '{"scripts":{"build":"sass a.scss a.css"}}', "index.html": "<h1>hi</h1>" },
  "python flask": {
    "requirements.txt": "flask==3.1.0\n",
    "app.py": "from flask import Flask\napp = Flask(__name__)\n",
  },
  "python fastapi uv": {
    "pyproject.toml": '[project]\nname="a"\ndependencies=["fastapi"]\n',
    "uv.lock": "version = 1\n",
    "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
  },
  "python django": { "requirements.txt": "django==5.2\n", "manage.py": "", "site/wsgi.py": "" },
  go: { "go.mod": "module a\n\ngo 1.25\n", "main.go": "package main\n\nfunc main() {}\n" },
  "java maven": {
    "pom.xml": "<project><parent><artifactId>spring-boot-starter-parent</artifactId></parent></project>",
    "src/main/java/A.java": "class A {}",
  },
  "java gradle quarkus": { "build.gradle": "plugins { id 'io.quarkus' }", "src/main/java/A.java": "class A {}" },
  kotlin: { "build.gradle.kts": 'plugins { id("io.ktor.plugin") }', "src/main/kotlin/A.kt": "fun main() {}" },
  scala: { "build.sbt": 'name := "a"\nlibraryDependencies += "org.http4s" %% "http4s-ember-server" % "0.23"\n' },
  "ruby rails": { Gemfile: 'source "https://example.org"\ngem "rails"\ngem "bootsnap"\n', "config.ru": "" },
  "ruby sinatra": { Gemfile: 'gem "sinatra"\n', "app.rb": "" },
  "php laravel": {
    "composer.json": '{"require":{"laravel/framework":"^12"}}',
    artisan: "",
    "public/index.php": "<?php",
  },
  "php plain": { "index.php": "<?php" },
  rust: { "Cargo.toml": '[package]\nname = "a"\n[dependencies]\naxum = "0.8"\n', "src/main.rs": "fn main() {}" },
  dotnet: {
    "A.csproj":
      '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>',
  },
  deno: { "deno.json": "{}", "main.ts": "Deno.serve(() => new Response())" },
  "deno fresh": {
    "deno.json": '{"tasks":{"build":"deno run -A dev.ts build"},"imports":{"$fresh/":"https://example.org/fresh/"}}',
    "main.ts": 'import { start } from "$fresh/server.ts";\nawait start({});\n',
    "dev.ts": "",
  },
  bun: { "package.json": "{}", "bun.lock": "{}", "index.ts": "Bun.serve({})" },
  elixir: { "mix.exs": 'defmodule A.MixProject do\n def project, do: [app: :a, deps: [{:phoenix, "~> 1.8"}]]\nend\n' },
  c: { "CMakeLists.txt": "project(a)\nadd_executable(a main.c)\n", "main.c": "int main() {}" },
};

const root = mkdtempSync(join(tmpdir(), "knbuild-init-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(Object.entries(PROJECTS))("%s", (name, files) => {
  const dir = join(root, name.replaceAll(" ", "-"));
  it("is detected, and its Dockerfile is clean at info", async () => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    const report = planInit(dir);
    expect(report.detection.language).toBe(name === "static" ? "html" : name.split(" ", 1)[0]);
    expect(writeInit(dir, report, false)).toContain("Dockerfile");
    const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir });
    expect(findings.map(({ rule, message, location }) => `${location.region?.startLine} ${rule} ${message}`)).toEqual(
      [],
    );
    // What was written is left alone the second time.
    expect(writeInit(dir, planInit(dir), false)).toEqual([]);
    writeFileSync(join(dir, "Dockerfile"), "FROM scratch\n");
    const again = planInit(dir).files.find(({ path }) => path === "Dockerfile");
    expect(again?.state).toBe("different");
    expect(again?.diff).toContain("-FROM scratch");
    expect(writeInit(dir, planInit(dir), false)).toEqual([]);
  });
});

it.each([
  ["deno fresh", "COPY --chown=1993 . /app"],
  ["elixir", "COPY --from=build --chown=10001 /app/_build/prod/rel/a /app"],
])("%s: a folder that is written to belongs to the user, as one that WORKDIR makes does not", (name, copy) => {
  const dir = mkdtempSync(join(root, "owned-"));
  for (const [path, text] of Object.entries(PROJECTS[name] ?? {})) writeFileSync(join(dir, path), text);
  const text = planInit(dir, { only: ["Dockerfile"] }).files[0]?.text;
  expect(text).toContain(`${copy}\nWORKDIR /app\n`);
});

it.each([
  [
    "java maven",
    ["web/target/old.jar", "apps/web/target/old.jar", ".aws/credentials"],
    ["src/main/java/a/target/A.java"],
  ],
  ["ruby rails", ["config/master.key", "config/credentials/production.key", "node_modules/a"], ["config/puma.rb"]],
  ["python flask", ["app/__pycache__/a.pyc", "certs/client.p12"], ["app/build.py"]],
])("%s: the context has neither keys nor what a build left below", (name, left, taken) => {
  const dir = mkdtempSync(join(root, "context-"));
  for (const [path, text] of Object.entries(PROJECTS[name] ?? {})) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const patterns = parseIgnoreFile(planInit(dir).files.find(({ path }) => path === ".dockerignore")?.text ?? "");
  for (const path of left) expect([path, patterns.ignores(path)]).toEqual([path, true]);
  for (const path of taken) expect([path, patterns.ignores(path)]).toEqual([path, false]);
});

it("tells of a server that the Dockerfile cannot move, and of none that it does", async () => {
  const notes = async (files: Record<string, string>) => {
    const dir = mkdtempSync(join(root, "told-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    const text = planInit(dir, { only: ["Dockerfile"] }).files[0]?.text ?? "";
    return (await placeNotes(dir, text)).map(({ rule, location }) => `${rule} ${location.file}`);
  };
  const oak = `import { Application } from "jsr:@oak/oak";\nconst app = new Application();\nawait app.listen({ port: 8000 });\n`;
  expect(await notes({ "deno.json": "{}", "main.ts": oak })).toEqual(["KS001 main.ts"]);
  const off = "lint:\n  rules:\n    KS001: off\n";
  expect(await notes({ "deno.json": "{}", "main.ts": oak, "knbuild.yaml": off })).toEqual([]);
  // It is started by a command of its own, and what the file does by itself is not done.
  const py = `from fastapi import FastAPI\nimport uvicorn\napp = FastAPI()\nif __name__ == "__main__":\n    uvicorn.run(app, host="127.0.0.1", port=9000)\n`;
  expect(await notes({ "requirements.txt": "fastapi\nuvicorn\n", "main.py": py })).toEqual([]);
});

it("looks for a site after the build, where that alone knows what it writes", () => {
  const dir = join(root, "built-site");
  mkdirSync(join(dir, "node_modules"), { recursive: true });
  const scripts = { build: "sass main.scss css/main.css" };
  writeFileSync(join(dir, "package.json"), JSON.stringify({ scripts, devDependencies: { sass: "1.0.0" } }));
  writeFileSync(join(dir, "index.html"), '<link rel="stylesheet" href="css/main.css">');
  const text = planInit(dir, { only: ["Dockerfile"] }).files[0]?.text ?? "";
  expect(text).toContain("COPY --from=build /site /usr/share/nginx/html/");
  // What the build's stage does, with this directory for its own.
  const line = /for site in .*/.exec(text)?.[0] ?? "";
  const out = join(root, "chosen");
  execFileSync("sh", ["-ec", line.replaceAll("/site", out)], { cwd: dir });
  expect(readdirSync(out)).toEqual(["index.html"]);
});

it.each([
  ["package-lock.json", "npm install --no-save --omit=dev serve@14"],
  ["pnpm-lock.yaml", "pnpm add --prod serve@14"],
  ["yarn.lock", "NODE_ENV=production yarn add serve@14"],
])("a program that npx would fetch is in the image, and nothing that only a build needs: %s", (lock, command) => {
  const dir = mkdtempSync(join(root, "fetched-"));
  const manifest = { scripts: { start: "npx serve@14 -s site" }, dependencies: { ms: "2.1.3" } };
  writeFileSync(join(dir, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(dir, lock), lock === "package-lock.json" ? "{}" : "");
  const [file] = planInit(dir, { only: ["Dockerfile"] }).files;
  expect(file?.text).toContain(`[ -e node_modules/.bin/serve ] || ${command}\n`);
});

it.skipIf(!existsSync("/usr/bin/ldd"))("takes a program along that is linked to nothing", () => {
  const dir = mkdtempSync(join(root, "linked-"));
  for (const [name, text] of Object.entries(PROJECTS["c make, its own compiler"] ?? {}))
    writeFileSync(join(dir, name), text);
  const dockerfile = planInit(dir, { only: ["Dockerfile"] }).files[0]?.text ?? "";
  const run = /^RUN (make(?:.*\\\n)*.*)/m.exec(dockerfile)?.[1] ?? "";
  // To ldd a script is what a static program is.
  writeFileSync(join(dir, "server"), "#!/bin/sh\n");
  const here = run.replace(/^make \S+/, "true").replace(/(^|\s)\/(server|libs|tmp)\b/gm, `$1${dir}/out/$2`);
  mkdirSync(join(dir, "out/tmp"), { recursive: true });
  execFileSync("/bin/sh", ["-c", here], { cwd: dir, stdio: "pipe" });
  expect([readdirSync(join(dir, "out")).sort(), readdirSync(join(dir, "out/libs"))]).toEqual([
    ["libs", "server", "tmp"],
    [],
  ]);
});

it("starts a package in src by the name that the project gives it", () => {
  const dir = mkdtempSync(join(root, "src-"));
  mkdirSync(join(dir, "src/shop"), { recursive: true });
  const manifest = `[project]\nname = "shop"\ndependencies = ["fastapi", "uvicorn"]\n`;
  writeFileSync(join(dir, "pyproject.toml"), manifest);
  writeFileSync(join(dir, "src/shop/main.py"), "from fastapi import FastAPI\napp = FastAPI()\n");
  const cmd = () => planInit(dir, { only: ["Dockerfile"] }).files[0]?.text.match(/exec uvicorn (.*?) --host/)?.[1];
  expect(cmd()).toBe("shop.main:app --app-dir src");
  writeFileSync(join(dir, "pyproject.toml"), manifest.replace('"shop"', '"other"'));
  expect(cmd()).toBe("src.shop.main:app");
});

it("says in the Dockerfile what the configuration says of the app", async () => {
  const project = (files: Record<string, string>): string => {
    const dir = mkdtempSync(join(root, "configured-"));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    return dir;
  };
  const dockerfile = (dir: string): string => planInit(dir, { only: ["Dockerfile"] }).files[0]?.text ?? "";
  const python = project({
    "requirements.txt": "flask==3.1.0\n",
    "app.py": "print()\n",
    "web/site.py": "from flask import Flask\nsite = Flask(__name__)\n",
    "knbuild.yaml": "entrypoint: web/site.py\nenv: { LOG: 'two words', PORT: '1' }\n",
  });
  const text = dockerfile(python);
  expect(text).toContain("web.site:site");
  expect(text).toMatch(/^ENV LOG="two words"\nUSER 10001$/m);
  const node = project({
    ...PROJECTS["node npm"],
    "package-lock.json": '{"name":"a","lockfileVersion":3,"packages":{"":{"name":"a"}}}',
    "other.js": "require('http').createServer().listen(process.env.PORT)",
    "knbuild.yaml": "entrypoint: other.js\nenv: { LOG: debug }\nbuild: node make.js\n",
  });
  const said = dockerfile(node);
  for (const part of ["other.js", "LOG=debug", "RUN node make.js"]) expect(said).toContain(part);
  for (const dir of [python, node]) {
    writeFileSync(join(dir, "Dockerfile"), dockerfile(dir));
    const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir });
    expect(findings.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
  }
  // Of the base: packages, and an image by reference.
  const based = (name: string, base: string): string => {
    const dir = project({ ...(PROJECTS[name] as Record<string, string>), "knbuild.yaml": `base: ${base}\n` });
    return dockerfile(dir);
  };
  const packed = based("node npm", "{ packages: [libvips42t64] }");
  expect(packed).toMatch(
    /FROM node:[\d.]+-slim\n# What.*\n# knbuild.*\nRUN apt-get update \\\n.* ca-certificates libvips42t64 /,
  );
  expect(packed).toContain('CMD ["node","server.js"]');
  expect(based("go", "{ packages: [tzdata] }")).toMatch(/FROM debian:trixie-slim\n[\s\S]* tzdata /);
  expect(based("node npm", "registry.example/node:26")).toMatch(/FROM registry\.example\/node:26\nWORKDIR/);
  expect(based("python flask", "gcr.io/distroless/python3-debian13")).toMatch(
    /FROM gcr\.io\/distroless\/python3-debian13\nWORKDIR/,
  );
  for (const ref of ["alpine:3.22", "gcr.io/distroless/static-debian13"])
    expect(() => based("go", `{ ref: ${ref}, packages: [tzdata] }`)).toThrow(/base\.packages are Debian's/);
  expect(based("static", "{ packages: [tzdata] }")).toMatch(/^# Not in this image.*: tzdata\.$/m);
  const broken = project({ "index.html": "", "knbuild.yaml": "entrypoit: x\n" });
  expect(() => planInit(broken)).toThrow(/entrypoit/);
});

const BLANKS: readonly [name: string, files: Record<string, string>, line: string][] = [
  [
    "python",
    { "requirements.txt": "", "my app/main.py": "from flask import Flask\napp = Flask(__name__)\n" },
    "gunicorn --bind 0.0.0.0:${PORT:-8080} --workers 1 --threads 8 'my app.main:app'",
  ],
  [
    "ruby",
    { Gemfile: 'gem "sinatra"\n', "my app.rb": "require 'sinatra'\n" },
    "exec bundle exec ruby 'my app.rb' -o 0.0.0.0",
  ],
  [
    "go",
    { "go.mod": "module a\n\ngo 1.25\n", "my cmd/main.go": "package main\n\nfunc main() {}\n" },
    "-o /server './my cmd'",
  ],
  [
    "dotnet",
    {
      "My Shop/My Shop.csproj":
        '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>',
    },
    'COPY ["My Shop/My Shop.csproj","./My Shop/"]\nRUN --mount=type=cache,target=/root/.nuget/packages dotnet restore \'My Shop/My Shop.csproj\'',
  ],
];

it.each(BLANKS)("file names with blanks: %s", async (name, files, line) => {
  const { dockerfile } = await generated(`blanks-${name}`, files);
  expect(dockerfile).toContain(line);
});

it.each([
  [
    'LOG="a b" HOST=0.0.0.0:$PORT gunicorn app:app',
    `exec env LOG=\\"a b\\" HOST=0.0.0.0:\${PORT:-8080} gunicorn --bind`,
  ],
  [
    'env WORKERS=2 gunicorn -b "0.0.0.0:$PORT" app:app',
    `exec env WORKERS=2 gunicorn -b \\"0.0.0.0:\${PORT:-8080}\\" app:app`,
  ],
])("a Procfile with variables: %s", async (web, line) => {
  const { dockerfile } = await generated(`procfile-${web.length}`, {
    Procfile: `web: ${web}\n`,
    "requirements.txt": "flask\n",
    "app.py": "",
  });
  expect(dockerfile).toContain(line);
  expect(dockerfile).toContain("/venv/bin/pip install gunicorn==");
});

/** Of a project with these files; nothing is to be said against it. */
async function generated(folder: string, files: Record<string, string>): Promise<{ dockerfile: string }> {
  const dir = join(root, folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  writeInit(dir, planInit(dir, { only: ["Dockerfile"] }), false);
  const { findings } = await lint({ paths: ["Dockerfile"], cwd: dir });
  expect(findings.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
  return { dockerfile: readFileSync(join(dir, "Dockerfile"), "utf8") };
}
