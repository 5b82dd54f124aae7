/** What is told of programs in other languages than JavaScript: language, version, package manager, framework, entry. */
import { describe, expect, test } from "vitest";
import { detect } from "../../src/pipeline/detect.ts";
import { withSkeleton } from "./skeleton.ts";

interface LanguageCase {
  files: Record<string, string | object>;
  /** Language, version, package manager, framework, entry. */
  found: readonly (string | null)[];
}

const WEB = (target: string) =>
  `<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup>${target}</PropertyGroup></Project>`;
const MAIN_GO = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n';
const FLASK = "from flask import Flask\n\napp = Flask(__name__)\n";

const CASES: Readonly<Record<string, LanguageCase>> = {
  "a Gradle build with the program in a module": {
    files: {
      "settings.gradle.kts": 'rootProject.name = "shop"\ninclude("app", "utilities")\n',
      "utilities/build.gradle.kts": "plugins { `java-library` }\n",
      "utilities/src/main/java/U.java": "class U {}\n",
      "app/build.gradle.kts":
        "plugins { application }\njava { toolchain { languageVersion = JavaLanguageVersion.of(21) } }\n",
      "app/src/main/java/App.java": "class App { public static void main(String[] a) {} }\n",
    },
    found: ["java", "21", "gradle", null, null],
  },
  "a Maven build whose module is Spring Boot's": {
    files: {
      "pom.xml":
        "<project><properties><java.version>17</java.version></properties><modules><module>model</module><module>server</module></modules></project>",
      "model/pom.xml": "<project/>",
      "model/src/main/java/M.java": "class M {}\n",
      "server/pom.xml": "<project><artifactId>spring-boot-maven-plugin</artifactId></project>",
      "server/src/main/java/S.java": "class S {}\n",
    },
    found: ["java", "17", "maven", "spring-boot", null],
  },
  "a plug-in of Gradle by its name in the catalogue": {
    files: {
      "build.gradle.kts": "plugins {\n  alias(libs.plugins.ktor)\n}\n",
      "gradle/libs.versions.toml": '[plugins]\nktor = { id = "io.ktor.plugin", version = "3.3.0" }\n',
      ".java-version": "21\n",
      "src/main/kotlin/App.kt": "fun main() {}\n",
    },
    found: ["kotlin", "21", "gradle", "ktor", null],
  },
  "more Kotlin than Java": {
    files: {
      "build.gradle.kts": 'plugins { kotlin("jvm") }\n',
      "src/main/kotlin/A.kt": "",
      "src/main/kotlin/B.kt": "",
      "src/main/java/C.java": "",
      "system.properties": "java.runtime.version=25\n",
    },
    found: ["kotlin", "25", "gradle", null, null],
  },
  "Play for Java beside a build of Gradle": {
    files: {
      "build.sbt": 'name := """hello"""\nlazy val root = (project in file(".")).enablePlugins(PlayJava)\n',
      "project/plugins.sbt": 'addSbtPlugin("org.playframework" % "sbt-plugin" % "3.0.9")\n',
      "build.gradle.kts": "plugins { alias(libs.plugins.play) }\n",
      "app/controllers/Home.java": "class Home {}\n",
    },
    found: ["scala", null, "sbt", "play", null],
  },
  "a solution with tests and libraries": {
    files: {
      "Shop.slnx": "<Solution/>",
      "Directory.Build.props":
        "<Project><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>",
      "src/Core/Core.csproj": '<Project Sdk="Microsoft.NET.Sdk"/>',
      "src/Web/Web.csproj": WEB(""),
      "tests/Web.Tests/Web.Tests.csproj": WEB('<PackageReference Include="Microsoft.NET.Test.Sdk"/>'),
    },
    found: ["dotnet", "10.0", "nuget", "aspnetcore", "src/Web/Web.csproj"],
  },
  "a workspace of Go": {
    files: {
      "go.work": "go 1.26\n\nuse (\n\t./api\n\t./shared\n)\n",
      "api/go.mod": "module example.com/api\n\ngo 1.26\n\nrequire github.com/labstack/echo/v4 v4.13.0\n",
      "api/main.go": MAIN_GO,
      "shared/go.mod": "module example.com/shared\n",
      "shared/s.go": "package shared\n",
    },
    found: ["go", "1.26", "go", "echo", "./api"],
  },
  "the server among the commands of Go": {
    files: {
      "go.mod": "module example.com/shop\n\ngo 1.25\n",
      ".tool-versions": "golang 1.25.3\n",
      "cmd/migrate/main.go": "package main\n\nfunc main() {}\n",
      "cmd/shop-server/main.go": MAIN_GO,
      "tools/gen.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
    },
    found: ["go", "1.25.3", "go", null, "./cmd/shop-server"],
  },
  "a service of Go that lies deep": {
    files: {
      "go.mod": "module example.com/shop\n\ngo 1.25\n",
      "examples/hello/main.go": MAIN_GO,
      "services/job/main.go": "package main\n\nfunc main() {}\n",
      "services/own/go.mod": "module own\n",
      "services/own/main.go": MAIN_GO,
      "services/orders/main.go": MAIN_GO,
    },
    found: ["go", "1.25", "go", null, "./services/orders"],
  },
  "a program of CMake that is made below": {
    files: {
      "CMakeLists.txt": "project(shop CXX)\nadd_subdirectory(extern/json)\nadd_subdirectory(src)\n",
      "extern/json/CMakeLists.txt": "add_executable(json_check check.cpp)\n",
      "src/CMakeLists.txt": "add_subdirectory(lib)\nadd_executable(${PROJECT_NAME}-server main.cpp)\n",
      "src/lib/CMakeLists.txt": "add_library(core core.cpp)\n",
    },
    found: ["c", null, "cmake", null, "shop-server"],
  },
  "modules of Go below a directory that is none": {
    files: { "one/go.mod": "module one\n", "one/main.go": MAIN_GO, "two/main.go": MAIN_GO },
    found: [],
  },
  "a workspace of Rust": {
    files: {
      "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\naxum = "0.8"\n',
      "crates/model/Cargo.toml": '[package]\nname = "model"\n',
      "crates/model/src/lib.rs": "",
      "crates/cli/Cargo.toml": '[package]\nname = "shop-cli"\n',
      "crates/cli/src/main.rs": "fn main() {}\n",
      "crates/api/Cargo.toml": '[package]\nname = "shop-api"\n[dependencies]\naxum.workspace = true\n',
      "crates/api/src/main.rs": "fn main() {}\n",
      "rust-toolchain.toml": '[toolchain]\nchannel = "1.90.0"\n',
    },
    found: ["rust", "1.90.0", "cargo", "axum", "shop-api"],
  },
  "several programs of one package": {
    files: {
      "Cargo.toml": '[package]\nname = "tools"\ndefault-run = "serve"\n[dependencies]\nactix-web = "4"\n',
      "src/bin/serve.rs": "fn main() {}\n",
      "src/bin/import.rs": "fn main() {}\n",
    },
    found: ["rust", null, "cargo", "actix-web", "serve"],
  },
  "FastAPI inside a package under src": {
    files: {
      "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.12"\ndependencies = ["fastapi"]\n',
      "uv.lock": "version = 1\n",
      "src/shop/__init__.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    },
    found: ["python", ">=3.12", "uv", "fastapi", "src/shop/__init__.py"],
  },
  "the file that makes the app, not the first of a usual name": {
    files: {
      Pipfile: '[packages]\nflask = "*"\n[requires]\npython_version = "3.12"\n',
      "main.py": "print('migrates')\n",
      "web.py": FLASK,
    },
    found: ["python", "3.12", "pipenv", "flask", "web.py"],
  },
  "Django below the root": {
    files: {
      "requirements.txt": "django==5.2\n",
      "runtime.txt": "python-3.13.1\n",
      "site/manage.py": "import django\n",
      "site/shop/wsgi.py": "",
    },
    found: ["python", "3.13.1", "pip", "django", "site/manage.py"],
  },
  "PDM, and an app of Streamlit": {
    files: {
      "pyproject.toml": '[project]\nname = "chart"\ndependencies = ["streamlit>=1.40"]\n',
      "pdm.lock": "",
      "chart.py": "import streamlit as st\nst.write('hi')\n",
    },
    found: ["python", null, "pdm", "streamlit", "chart.py"],
  },
  "Sinatra in a file of its own name": {
    files: { Gemfile: 'ruby "3.4.7"\ngem "sinatra"\n', "hello.rb": 'require "sinatra"\nget("/") { "hi" }\n' },
    found: ["ruby", "3.4.7", "bundler", "sinatra", "hello.rb"],
  },
  "Rails, its Ruby named for mise": {
    files: { Gemfile: 'gem "rails"\n', "config.ru": "", "mise.toml": '[tools]\nruby = "3.4"\n' },
    found: ["ruby", "3.4", "bundler", "rails", "config.ru"],
  },
  "PHP with the pages in htdocs": {
    files: { "composer.json": '{"require":{"php":"8.*"}}', "htdocs/index.php": "<?php" },
    found: ["php", "8.*", "composer", null, "htdocs/index.php"],
  },
  "a framework of PHP that only the tests use": {
    files: {
      "composer.json": '{"require":{"php":"^8.3"},"require-dev":{"symfony/framework-bundle":"^8"}}',
      "public/index.php": "<?php",
    },
    found: ["php", "^8.3", "composer", null, "public/index.php"],
  },
  "an umbrella of Elixir": {
    files: {
      "mix.exs": 'defmodule Shop.MixProject do\n def project, do: [apps_path: "apps", elixir: "~> 1.17"]\nend\n',
      "apps/web/mix.exs":
        'defmodule Web.MixProject do\n def project, do: [app: :web]\n defp deps, do: [{:phoenix, "~> 1.8"}]\nend\n',
    },
    found: ["elixir", "~> 1.17", "mix", "phoenix", null],
  },
  "Deno that serves what a module exports": {
    files: {
      "deno.json": '{"tasks":{"start":"deno serve --allow-net src/api.ts"},"imports":{"hono":"jsr:@hono/hono@4"}}',
      "src/api.ts":
        'import { Hono } from "hono";\nconst app = new Hono();\nexport default app;\nexport const fetch = app.fetch;\n',
      ".deno-version": "2.5.0\n",
    },
    found: ["deno", "2.5.0", "deno", "hono", "src/api.ts"],
  },
  "Elysia on Bun": {
    files: {
      "package.json": { name: "a", dependencies: { elysia: "latest" }, scripts: { start: "bun run src/web.ts" } },
      "bun.lock": "{}",
      "src/web.ts": 'import { Elysia } from "elysia";\nnew Elysia().get("/", "hi").listen(3000);\n',
    },
    found: ["bun", null, "bun", "elysia", "src/web.ts"],
  },
};

const MAIN_C = "#include <sys/socket.h>\nint main(void) { listen(socket(2, 1, 0), 5); }\n";
/** Makefiles → what they link. */
const MAKEFILES: Readonly<Record<string, [makefile: string, program: string | null]>> = {
  "objects by a function, a directory of its own": [
    "CC ?= gcc\nTARGET=bin/server\nSRCS := $(wildcard *.c)\nOBJS := $(patsubst %.c,%.o,$(SRCS))\n.PHONY: all clean\nall: $(TARGET)\n$(TARGET): $(OBJS)\n\t@mkdir -p bin\n\t$(CC) $(LDFLAGS) -o $@ $^\n%.o: %.c\n\t$(CC) -c -o $@ $<\nclean:\n\trm -rf bin\n",
    "bin/server",
  ],
  "make's own rules": ["CFLAGS = -O2 # fast\nall: main\n", "main"],
  "a compiler by name, what is written as a variable": [
    "OUT = ./out/httpd\nbuild:\n\tmkdir -p out && gcc -O2 \\\n\t  main.c -o $(OUT) -lmicrohttpd\n",
    "out/httpd",
  ],
  "a goal that is named, tests before it": [
    ".DEFAULT_GOAL := app\ntest: unit\n\t./unit\nunit: unit.o\napp: main.o\n\t$(CC) main.o -o $@\n",
    "app",
  ],
  "tests before the server, an option that begins like -o": [
    "all: unit_tests server\nunit_tests: t.c\n\tgcc t.c -o unit_tests\nserver: main.c\n\tgcc -c main.c -o main.o\n\tgcc -openmp main.o -o./$@\n",
    "server",
  ],
  "variables that name themselves, and others twice": [
    `X = ${"$(X) $(A39) ".repeat(6)}\n${Array.from({ length: 40 }, (_, i) => `A${i} = $(A${i - 1}) $(A${i - 1})\n`).join("")}all: main $(X)\n`,
    "main",
  ],
  "nothing that shows": ["all:\n\t./build.sh\n", null],
};

test.each(Object.entries(MAKEFILES))("a Makefile alone: %s", (_name, [makefile, program]) =>
  withSkeleton({ Makefile: makefile, "main.c": MAIN_C }, (root) => {
    const { selected, candidates } = detect(root);
    expect(candidates.find(({ buildpack }) => buildpack === selected)).toMatchObject({
      language: "c",
      packageManager: "make",
      entrypoint: program,
    });
  }),
);

test("a Makefile of something else is no program in C", () =>
  withSkeleton({ Makefile: "all:\n\tgo build ./...\n", "lib/x.c": "int x;\n" }, (root) => {
    expect(detect(root).candidates.filter(({ language }) => language === "c")).toEqual([]);
  }));

describe("detection of other languages", () => {
  test.each(Object.entries(CASES))("%s", (_name, { files, found }) =>
    withSkeleton(files, (root) => {
      const { selected, candidates } = detect(root);
      const best = candidates.find(({ buildpack }) => buildpack === selected);
      const { language, runtimeVersion, packageManager, framework, entrypoint } = best ?? {};
      expect(best ? [language, runtimeVersion, packageManager, framework, entrypoint] : []).toEqual(found);
      if (best) expect(best.evidence.length).toBeGreaterThan(0);
    }),
  );
});
