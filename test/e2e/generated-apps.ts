/** Small real apps, one a language or package manager, for which a Dockerfile is generated: as few lines as make it one. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonTool } from "../support/python-tool.ts";
import { JVM_APPS } from "./generated-jvm-apps.ts";
import { RUBY_APPS } from "./generated-ruby-apps.ts";

export interface GeneratedApp {
  /** A directory of examples/, and files on top. */
  example?: string;
  files?: Record<string, string>;
  /** Makes what a project commits and a test cannot: a lock file that names a registry. */
  prepare?: (dir: string) => void;
  workspace?: string;
  /** Nothing in it handles SIGTERM, which process 1 then ignores: its own fault, not the Dockerfile's. */
  ignoresSigterm?: true;
  /** Path → what its answer begins with. */
  asks: Record<string, string>;
}

const PORT_ENV = "PORT";

const FASTAPI = `from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def root():
    return "hello from fastapi"
`;

const FLASK = `from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.get("/")
    def root():
        return "hello from flask"

    return app
`;

const GO = `package main

import (
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
)

func main() {
	port := os.Getenv("${PORT_ENV}")
	if port == "" {
		port = "8080"
	}
	r := chi.NewRouter()
	r.Get("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("hello from go")) })
	r.Handle("/static/*", http.StripPrefix("/static/", http.FileServer(http.Dir("static"))))
	http.ListenAndServe(":"+port, r)
}
`;

const RUST = `use std::env;

fn main() {
    let port = env::var("${PORT_ENV}").unwrap_or_else(|_| "8080".to_string());
    let server = tiny_http::Server::http(format!("0.0.0.0:{port}")).unwrap();
    for request in server.incoming_requests() {
        let _ = request.respond(tiny_http::Response::from_string("hello from rust"));
    }
}
`;

const C = `#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop(int signal) { _exit(0); }

int main(void) {
  signal(SIGTERM, stop);
  const char *port = getenv("${PORT_ENV}");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port ? atoi(port) : 8080)};
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) return 1;
  for (;;) {
    int client = accept(listener, 0, 0);
    char request[4096];
    const char *answer = "HTTP/1.1 200 OK\\r\\nContent-Length: 12\\r\\nConnection: close\\r\\n\\r\\nhello from c";
    if (read(client, request, sizeof request) > 0) write(client, answer, strlen(answer));
    close(client);
  }
}
`;

const CPP = `#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include "answer.hpp"

int main() {
  std::signal(SIGTERM, [](int) { _exit(0); });
  const char *port = std::getenv("${PORT_ENV}");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port ? std::stoi(port) : 8080);
  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) || listen(listener, 16)) return 1;
  for (;;) {
    int client = accept(listener, nullptr, nullptr);
    std::thread([client] {
      char request[4096];
      std::string body = answer();
      std::string head = "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: " + std::to_string(body.size());
      std::string text = head + "\\r\\n\\r\\n" + body;
      if (read(client, request, sizeof request) > 0 && write(client, text.data(), text.size()) < 0) std::abort();
      close(client);
    }).detach();
  }
}
`;

/** Run as they are written, or by what they are served with. */
export const INTERPRETED: Readonly<Record<string, GeneratedApp>> = {
  "node npm": { example: "express-js", ignoresSigterm: true, asks: { "/?name=you": '{"message":"Hello, you!"' } },
  "node typescript": { example: "fastify-ts", asks: { "/": '{"message":"Hello, Fastify!"', "/add?a=1&b=2": "" } },
  "node pnpm workspace": {
    example: "managers/monorepo-pnpm",
    workspace: "@shop/api",
    ignoresSigterm: true,
    asks: { "/": '{"name":"monorepo-pnpm","milliseconds":172800000,"patched":42}' },
  },
  "node yarn pnp": {
    example: "managers/yarn-pnp",
    ignoresSigterm: true,
    asks: { "/": '{"manager":"yarn-pnp","milliseconds":172800000}' },
  },
  "node site": { example: "frameworks/vite-react", asks: { "/": "", "/deep/link": "<!doctype html>" } },
  "node react router": {
    example: "frameworks/react-router",
    asks: { "/": "", "/api/hello?name=you": '{"hello":"you"}' },
  },
  "static html": { example: "frameworks/plain-html", asks: { "/": "<!doctype html>", "/style.css": "" } },
  "python pip flask": {
    files: { ".python-version": "3.13\n", "requirements.txt": "flask==3.1.2\n", "app.py": FLASK },
    asks: { "/": "hello from flask" },
  },
  "python uv fastapi": {
    files: {
      "pyproject.toml":
        '[project]\nname = "api"\nversion = "0.1.0"\nrequires-python = ">=3.11"\ndependencies = ["fastapi==0.121.0"]\n',
      "main.py": FASTAPI,
    },
    prepare: (dir) => lock("uv", "0.13.9", ["lock", "--directory", dir]),
    asks: { "/": '"hello from fastapi"' },
  },
  "python poetry": {
    files: { "app.py": FLASK },
    prepare(dir) {
      const project = `[project]\nname = "web"\nversion = "0.1.0"\nrequires-python = ">=3.11,<4.0"\ndependencies = ["flask==3.1.2"]\n`;
      const groups = `[tool.poetry]\npackage-mode = false\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n`;
      const source = `[[tool.poetry.source]]\nname = "index"\nurl = "${pipIndex()}/"\npriority = "primary"\n`;
      writeFileSync(join(dir, "pyproject.toml"), `${project}\n${groups}\n${source}`);
      lock("poetry", "2.5.1", ["lock", "--directory", dir]);
    },
    asks: { "/": "hello from flask" },
  },
  "python pipenv": {
    files: { "app.py": FLASK },
    prepare(dir) {
      const source = `[[source]]\nname = "index"\nurl = "${pipIndex()}/"\nverify_ssl = true\n`;
      writeFileSync(join(dir, "Pipfile"), `${source}\n[packages]\nflask = "==3.1.2"\n`);
      lock("pipenv", "2026.10.3", ["lock"], dir);
    },
    asks: { "/": "hello from flask" },
  },
  "python django": {
    files: {
      ".python-version": "3.13\n",
      "requirements.txt": "django==5.2.8\n",
      "manage.py":
        'import os\nimport sys\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\nfrom django.core.management import execute_from_command_line\n\nexecute_from_command_line(sys.argv)\n',
      "site1/__init__.py": "",
      "site1/settings.py":
        'import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "not-secret")\nALLOWED_HOSTS = ["*"]\nROOT_URLCONF = "site1.urls"\nINSTALLED_APPS = []\nMIDDLEWARE = []\nWSGI_APPLICATION = "site1.wsgi.application"\n',
      "site1/urls.py":
        'from django.http import HttpResponse\nfrom django.urls import path\n\nurlpatterns = [path("", lambda request: HttpResponse("hello from django"))]\n',
      "site1/wsgi.py":
        'import os\n\nfrom django.core.wsgi import get_wsgi_application\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\napplication = get_wsgi_application()\n',
    },
    asks: { "/": "hello from django" },
  },
  ...RUBY_APPS,
  "php plain": { files: { "index.php": '<?php echo "hello from php";\n' }, asks: { "/": "hello from php" } },
  "php composer": {
    files: {
      "composer.json": '{"name":"a/b","autoload":{"psr-4":{"App\\\\":"src/"}},"require":{"php":">=8.2"}}\n',
      "src/Hello.php":
        '<?php\nnamespace App;\nclass Hello { public static function say() { return "hello from composer"; } }\n',
      "public/index.php": "<?php\nrequire __DIR__ . '/../vendor/autoload.php';\necho App\\Hello::say();\n",
      "public/.htaccess": "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^ index.php [L]\n",
    },
    asks: { "/": "hello from composer", "/deep/path": "hello from composer" },
  },
  deno: {
    ignoresSigterm: true,
    files: {
      "deno.json": '{"tasks":{"start":"deno run --allow-net --allow-env main.ts"},"imports":{"ms":"npm:ms@2.1.3"}}\n',
      "main.ts":
        'import ms from "ms";\nDeno.serve({ port: Number(Deno.env.get("PORT") ?? 8080) }, () => new Response(`hello from deno ${ms("2s")}`));\n',
    },
    asks: { "/": "hello from deno 2000" },
  },
  bun: {
    files: {
      "package.json": '{"name":"hello","dependencies":{"ms":"2.1.3"}}\n',
      "index.ts":
        'import ms from "ms";\nBun.serve({ port: Number(process.env.PORT ?? 8080), fetch: () => new Response(`hello from bun ${ms("2s")}`) });\nprocess.on("SIGTERM", () => process.exit(0));\n',
    },
    asks: { "/": "hello from bun 2000" },
  },
};

/** Compiled first. */
export const COMPILED: Readonly<Record<string, GeneratedApp>> = {
  go: {
    files: {
      "go.mod": "module example.com/hello\n\ngo 1.24\n\nrequire github.com/go-chi/chi/v5 v5.2.3\n",
      "go.sum":
        "github.com/go-chi/chi/v5 v5.2.3 h1:WQIt9uxdsAbgIYgid+BpYc+liqQZGMHRaUwp0JUcvdE=\ngithub.com/go-chi/chi/v5 v5.2.3/go.mod h1:L2yAIGWB3H+phAw1NxKwWM+7eUH/lU8pOMm5hHcoops=\n",
      "main.go": GO,
      "static/a.txt": "a file beside go",
    },
    asks: { "/": "hello from go", "/static/a.txt": "a file beside go" },
  },
  ...JVM_APPS,
  rust: {
    ignoresSigterm: true,
    files: {
      "Cargo.toml":
        '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\nrust-version = "1.85"\n\n[dependencies]\ntiny_http = "=0.12.0"\n',
      "src/main.rs": RUST,
    },
    asks: { "/": "hello from rust" },
  },
  elixir: {
    files: {
      "mix.exs": `defmodule Hello.MixProject do
  use Mix.Project

  def project, do: [app: :hello, version: "0.1.0", elixir: "~> 1.14", deps: []]
  def application, do: [mod: {Hello, []}, extra_applications: [:logger]]
end
`,
      "lib/hello.ex": `defmodule Hello do
  use Application

  def start(_type, _args) do
    port = String.to_integer(System.get_env("${PORT_ENV}", "4000"))
    {:ok, listener} = :gen_tcp.listen(port, [:binary, packet: :http_bin, active: false, reuseaddr: true, ip: {0, 0, 0, 0}])
    Supervisor.start_link([{Task, fn -> accept(listener) end}], strategy: :one_for_one)
  end

  defp accept(listener) do
    {:ok, client} = :gen_tcp.accept(listener)
    headers(client)
    :gen_tcp.send(client, "HTTP/1.1 200 OK\\r\\nContent-Length: 17\\r\\nConnection: close\\r\\n\\r\\nhello from elixir")
    :gen_tcp.close(client)
    accept(listener)
  end

  defp headers(client) do
    case :gen_tcp.recv(client, 0) do
      {:ok, :http_eoh} -> :ok
      {:ok, _} -> headers(client)
      _ -> :ok
    end
  end
end
`,
    },
    asks: { "/": "hello from elixir" },
  },
  "c cmake": {
    files: {
      // Made below, and linked to a shared library of its own.
      "CMakeLists.txt": "cmake_minimum_required(VERSION 3.16)\nproject(hello C)\nadd_subdirectory(src)\n",
      "src/CMakeLists.txt":
        "add_library(core SHARED core.c)\nadd_executable(hello main.c)\ntarget_link_libraries(hello PRIVATE core)\n",
      "src/core.c": "int ready(void) { return 1; }\n",
      "src/main.c": `int ready(void);\n${C.replace("= 1;", "= ready();")}`,
    },
    asks: { "/": "hello from c" },
  },
  "c make": {
    files: {
      Makefile: "BIN = out/server\nall: $(BIN)\n$(BIN): main.o\n\tmkdir -p out\n\t$(CC) $(LDFLAGS) -o $@ $^\n",
      "main.c": C,
    },
    asks: { "/": "hello from c" },
  },
  "cpp cmake": {
    files: {
      // A library, threads, a test beside the program, whose name is a variable and has a hyphen.
      "CMakeLists.txt": `cmake_minimum_required(VERSION 3.16)
project(hello-cpp LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(Threads REQUIRED)
add_library(answer STATIC src/answer.cpp)
add_executable(answer_test tests/answer.cpp)
add_executable(\${PROJECT_NAME} src/main.cpp)
target_link_libraries(\${PROJECT_NAME} PRIVATE answer Threads::Threads)
`,
      "tests/answer.cpp": "int main() { return 0; }\n",
      "src/answer.hpp": "#pragma once\n#include <string>\nstd::string answer();\n",
      "src/answer.cpp": `#include "answer.hpp"
#include <fstream>
#include <iterator>
std::string answer() {
  std::ifstream in("data/greeting.txt");
  return {std::istreambuf_iterator<char>(in), {}};
}
`,
      "data/greeting.txt": "hello from c++",
      "src/main.cpp": CPP,
    },
    asks: { "/": "hello from c++" },
  },
};
function lock(name: string, version: string, args: string[], cwd?: string): void {
  const program = pythonTool(name, version, name);
  if (program) execFileSync(program, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

/** Managers that ask their own index by another protocol, which a mirror may not speak, are told of pip's. */
function pipIndex(): string {
  const pip = ["-c", "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"];
  return process.env["PIP_INDEX_URL"] ?? execFileSync("python3", pip, { encoding: "utf8" }).trim();
}
