/** Values that reach a listener by a detour: what is said of port and host in the end. */
import { describe, expect, it } from "vitest";
import { hostProblem, portProblem } from "../../src/analysis/verdict.ts";
import { facts } from "./programs.ts";

/** What is wrong with the only listener. */
async function verdict(files: Record<string, string>) {
  const found = await facts(files);
  expect(found.listeners.map((l) => l.evidence[0])).toHaveLength(1);
  const l = found.listeners[0] as (typeof found.listeners)[number];
  return { port: portProblem(l, found)?.kind, host: hostProblem(l, found)?.kind };
}

describe("defaults", () => {
  const serve = (lines: string) => ({
    "server.js": `const http = require("http");\nconst config = require(process.argv[2]);\n${lines}\nhttp.createServer().listen(process.env.PORT, host);`,
  });

  it.each([
    ["an unknown, else localhost", "const host = config.host || 'localhost';", "literal"],
    ["the same as a conditional", "const host = config.host ? config.host : '127.0.0.1';", "literal"],
    ["the same as a branch", "let host = config.host; if (!host) host = '127.0.0.1';", "literal"],
    [
      "localhost unless a variable of the user's is set",
      "const host = process.env.IN_DOCKER ? '0.0.0.0' : 'localhost';",
      "literal",
    ],
    [
      "localhost outside production",
      "const host = process.env.NODE_ENV === 'production' ? '0.0.0.0' : 'localhost';",
      undefined,
    ],
    ["an unknown, else all", "const host = config.host || '0.0.0.0';", undefined],
    ["defaults under what is given", "const host = Object.assign({}, { host: '127.0.0.1' }, config).host;", "literal"],
    [
      "given over by what is on top",
      "const host = Object.assign({}, { host: '127.0.0.1' }, { host: '::' }).host;",
      undefined,
    ],
  ])("%s", async (_, lines, host) => {
    expect(await verdict(serve(lines))).toEqual({ port: undefined, host });
  });

  it("says nothing of a default where a file of the program opens the host", async () => {
    const files = { ...serve("const host = config.host || 'localhost';"), "deploy.yaml": "host: 0.0.0.0\n" };
    expect((await verdict(files)).host).toBeUndefined();
  });

  it.each<[string, Record<string, string>, string | undefined]>([
    ["a sample of settings", { "config.example.yaml": "host: 0.0.0.0\n" }, "literal"],
    ["a developer's environment", { ".env.development": "HOST=0.0.0.0\n" }, "literal"],
    [
      "a sample that the image has under the loaded name",
      {
        "config.example.yaml": "host: 0.0.0.0\n",
        Dockerfile: "FROM node\nCOPY config.example.yaml /etc/app.yaml\nCMD node server.js /etc/app.yaml\n",
      },
      undefined,
    ],
    ["a developer's script", { "package.json": '{"scripts":{"dev:site":"vite --host 0.0.0.0"}}' }, "literal"],
    ["a list of hosts that are let in", { "cors.js": 'exports.allowedHosts = ["localhost", "0.0.0.0"];\n' }, "literal"],
    ["a help text", { "help.js": "exports.host = { description: 'the host: 0.0.0.0 for all' };\n" }, "literal"],
    ["a setting beside such a list", { "other.js": 'exports.of = { allow: ["x"], host: "0.0.0.0" };\n' }, undefined],
  ])("%s", async (_, more, host) => {
    const files = { ...serve("const host = config.host || 'localhost';"), ...more };
    expect((await verdict(files)).host).toBe(host);
  });

  it.each([
    ["compares", 'if addr == "0.0.0.0" { log.Println("all") }', "literal"],
    ["looks for it in a list", 'if slices.Contains([]string{"0.0.0.0", "::"}, addr) { log.Println("all") }', "literal"],
    [
      "looks it up among others",
      'if has(addr) && ContainsString(addr, []string{"0.0.0.0"}) { log.Println("all") }',
      "literal",
    ],
    ["sets", 'if inContainer() { setAddr("0.0.0.0") }', undefined],
  ])("code that %s an address", async (_, line, host) => {
    const files = {
      "go.mod": "module example.com/app\n",
      "main.go": `package main\nimport ("net/http"; "os"; "example.com/lib")\nfunc main() {\n\taddr := or(lib.Given("addr"), "127.0.0.1")\n\tif addr == "" { addr = "127.0.0.1" }\n\thttp.ListenAndServe(addr + ":" + os.Getenv("PORT"), nil)\n}\n`,
      "show.go": `package main\nfunc show(addr string) {\n\t${line}\n}\n`,
    };
    expect((await verdict(files)).host).toBe(host);
  });

  it("takes a reassignment for what the name is afterwards", async () => {
    expect(
      await verdict({
        "a.py":
          'import os\nfrom http.server import HTTPServer\nport = os.environ.get("PORT")\nport = int(port)\nHTTPServer(("", port), H)',
      }),
    ).toEqual({ port: undefined, host: undefined });
  });
});

describe("options of a program's own", () => {
  it("finds a table of settings by its keys", async () => {
    expect(
      await verdict({
        "server.js":
          "const http = require('http'); const Config = require('./config'); const config = new Config(); http.createServer().listen(config.get('port'));",
        "config.js":
          "const items = [{ key: 'port', envVar: 'APP_PORT', default: 80 }];\nmodule.exports = class Config { get(key) { return this.values.get(key).value; } };\nconst text = 'PORT';",
      }),
    ).toEqual({ port: "variable", host: undefined });
  });

  it("finds what yargs is told", async () => {
    const files = {
      "server.js": "require('./run')(require('./args').read());",
      "run.js":
        "const http = require('http'); module.exports = (given) => http.createServer().listen(process.env.PORT, given.address);",
      "args.js":
        "const shared = { address: { description: 'to listen on', default: '127.0.0.1', type: 'string' } }; exports.read = () => build(shared).parseSync();",
    };
    expect((await verdict(files)).host).toBe("literal");
  });

  it("reads the address in the program's own settings file", async () => {
    expect(
      await verdict({
        "src/main.rs":
          "use actix_web::{App, HttpServer};\nasync fn main() { let c = load(); HttpServer::new(|| App::new()).bind(&c.address)?.run().await; }",
        "config.toml": '[server]\naddress = "127.0.0.1:8000"\n',
        "Cargo.toml": "[package]",
      }),
    ).toEqual({ port: expect.stringMatching(/option|never-read/), host: "literal" });
  });
});

it("does not take a host in the settings for a whole address", async () => {
  expect(
    await verdict({
      "src/main.rs":
        "use actix_web::{App, HttpServer};\nasync fn main() { let ip = settings().get_ip(); HttpServer::new(|| App::new()).bind(&ip)?.run().await; }",
      "src/settings.rs": 'const MAP: [(&str, &str); 1] = [("server.port", "PORT")];',
      "config/default.toml": '[server]\nport = 7000\nip = "0.0.0.0"\n',
      "Cargo.toml": "[package]",
    }),
  ).toEqual({ port: undefined, host: undefined });
});

describe("how a program is started", () => {
  it("reads a script of Node without an extension", async () => {
    expect(
      await verdict({
        "bin/www": "#!/usr/bin/env node\nrequire('http').createServer().listen(3000);",
        "package.json": '{"scripts":{"start":"node ./bin/www"}}',
      }),
    ).toEqual({ port: "literal", host: undefined });
  });

  it("reads a command over several lines of the entry script, and a stage on top of another", async () => {
    expect(
      await verdict({
        Dockerfile: 'FROM python AS app\nENTRYPOINT ["/docker-entrypoint"]\nFROM app AS plus\nRUN true\n',
        "docker-entrypoint": "#!/bin/sh\nexec gunicorn app:app \\\n  --bind 0.0.0.0:8000 \\\n  --workers 2\n",
        "app.py": "from flask import Flask\napp = Flask(__name__)\n",
      }),
    ).toEqual({ port: "literal", host: undefined });
  });

  it("follows the variables of the entry script to the address of a server", async () => {
    const started = (address: string) =>
      verdict({
        Dockerfile: 'FROM python\nENTRYPOINT ["/app/bin/docker-entrypoint"]\n',
        "bin/docker-entrypoint": `#!/bin/sh\nADDRESS=${address}\nexec $AS "\${PYTHON}" /usr/bin/gunicorn -b "$ADDRESS" app:app\n`,
        "app.py": 'from flask import Flask\napp = Flask(__name__)\napp.run(host="127.0.0.1", port=5000)\n',
      });
    expect(await started("${BIND:-[::]:5000}")).toEqual({ port: "variable", host: undefined });
    expect(await started('"${HOST:-127.0.0.1}:${SOME_PORT:-80}"')).toEqual({ port: "variable", host: "literal" });
    expect(await started('"0.0.0.0:$PORT"')).toEqual({ port: undefined, host: undefined });
  });

  it("takes the port that a search for a free one begins with", async () => {
    const found = (how: string) => verdict({ "server.js": `const find = require("detect-port");\n${how}` });
    const listen = 'require("http").createServer().listen(port)';
    expect(await found(`find(process.env.PORT).then((port) => ${listen});`)).toEqual({
      port: undefined,
      host: undefined,
    });
    expect(await found(`find(8000, (err, port) => ${listen});`)).toEqual({ port: "literal", host: undefined });
    expect(await found(`find({ port: 8000 }).then((port) => ${listen});`)).toEqual({
      port: "literal",
      host: undefined,
    });
  });

  it("reads compose where nothing else says it", async () => {
    expect(
      await verdict({
        "docker-compose.yml":
          "services:\n  web:\n    build: .\n    command: bash -c 'sleep 1; uvicorn a:app --host 0.0.0.0 --port 8000'\n",
        "a.py": "from fastapi import FastAPI\napp = FastAPI()\n",
      }),
    ).toEqual({ port: "literal", host: undefined });
  });

  it.each([
    ["uwsgi.ini", "[uwsgi]\nhttp-socket = :8000\n"],
    ["config/process.php", "<?php return ['web' => ['listen' => 'http://0.0.0.0:8787', 'count' => 4]];"],
    [
      "config/autoload/server.php",
      "<?php return ['servers' => [['type' => Server::SERVER_HTTP, 'host' => '0.0.0.0', 'port' => 9501, 'x' => 1]]];",
    ],
  ])("reads %s", async (file, text) => {
    expect(await verdict({ [file]: text })).toEqual({ port: "literal", host: undefined });
  });
});

describe("signals", () => {
  it.each([
    "require('events').once(process, 'SIGTERM').then(() => process.exit());",
    "for (const s of ['SIGINT', 'SIGTERM']) process.on(s, stop);",
    "Promise.race(['SIGINT', 'SIGTERM'].map((s) => pEvent(process, s)));",
  ])("%s", async (line) => {
    const found = await facts({
      "server.js": `const pEvent = require('p-event');\n${line}\nrequire('http').createServer().listen(process.env.PORT);`,
    });
    expect(found.signalHandlers.flatMap((s) => s.signals)).toContain("SIGTERM");
  });
});

it("looks through an object that is spread into itself", async () => {
  expect(
    await verdict({
      "server.js":
        "const http = require('http'); let config = { site: { port: process.env.PORT } };\nconfig.db = { ...config.db, url: 1 };\nconfig = { ...config };\nhttp.createServer().listen(config.site.port);",
    }),
  ).toEqual({ port: undefined, host: undefined });
});

it("reads the outer name on the right of a name that is declared anew, and a port that app.set keeps elsewhere", async () => {
  const go = {
    "go.mod": "module x\n",
    "main.go":
      'package main\n\nimport (\n\t"os"\n\t"x/api"\n)\n\nfunc main() {\n\tapi := api.New()\n\tapi.Router().Listen(":" + os.Getenv("PORT"))\n}\n',
    "api/api.go":
      'package api\n\nimport "github.com/gofiber/fiber/v2"\n\ntype API struct{ router *fiber.App }\n\nfunc New() *API { return &API{} }\nfunc (a *API) Router() *fiber.App { return a.router }\n',
  };
  expect(await verdict(go)).toEqual({ port: undefined, host: undefined });
  const js = {
    "server.js": "const app = require('./app').default; app.listen(app.get('port'));",
    "app.js":
      "const express = require('express'); const app = express(); app.set('port', process.env.PORT || 3000); exports.default = app;",
  };
  const found = await facts(js);
  expect(found.listeners[0]?.port).toMatchObject([{ kind: "env", name: "PORT" }]);
});

it("divides an address that the start command gives as one flag", async () => {
  const found = await facts({
    Dockerfile: 'FROM golang\nENTRYPOINT ["/srv", "-bind=0.0.0.0:9000"]\n',
    "main.go":
      'package main\n\nimport (\n\t"flag"\n\t"net/http"\n)\n\nfunc main() {\n\tbind := flag.String("bind", "127.0.0.1:8080", "")\n\thttp.ListenAndServe(*bind, nil)\n}\n',
  });
  expect(found.listeners[0]).toMatchObject({
    port: [{ kind: "literal", value: 9000 }],
    host: [{ kind: "literal", value: "0.0.0.0" }],
  });
});

it("takes a host beside a port of the program's own YAML, not that of its database", async () => {
  const files = {
    "main.py":
      "import yaml\nfrom aiohttp import web\nconfig = yaml.safe_load(open('config/app.yaml'))\nweb.run_app(web.Application(), host=config['host'], port=config['port'])\n",
    "config/app.yaml": "postgres:\n  host: 10.0.0.5\n  port: 5432\n\nhost: 127.0.0.1\nport: 8080\n",
  };
  expect(await verdict(files)).toMatchObject({ host: "literal" });
  const only = { ...files, "config/app.yaml": "postgres:\n  host: localhost\n  port: 5432\n" };
  expect((await verdict(only)).host).toBeUndefined();
});

it("heeds the variables by which the image tells flask its host", async () => {
  const files = {
    "hello.py": "from flask import Flask\napp = Flask(__name__)\n",
    Dockerfile:
      'FROM python\nENV FLASK_APP=hello.py FLASK_RUN_HOST=0.0.0.0 FLASK_RUN_PORT=8000\nCMD ["flask", "run"]\n',
  };
  expect(await verdict(files)).toEqual({ port: "variable", host: undefined });
});

it("knows a library's class by the class that extends it, and scheme, host and port of one text apart", async () => {
  expect(
    await verdict({
      "chat.py":
        "import tornado\nfrom tornado.options import define, options\ndefine('port', default=8888)\nclass App(tornado.web.Application):\n    pass\nApp().listen(options.port)\n",
    }),
  ).toMatchObject({ host: undefined });
  expect(
    await verdict({
      "server.php":
        '<?php\n$host = getenv("LISTEN_HOST") ?: "127.0.0.1";\nnew Workerman\\Worker("http://" . $host . ":" . getenv("PORT"));\n',
    }),
  ).toEqual({ port: undefined, host: "literal" });
});

it("knows a variable by the beginning that a function puts before each name", async () => {
  const main = (prefix: string): Record<string, string> => ({
    "main.go": `package main

import (
	"net/http"
	"os"
)

func setting(key string) string { return os.Getenv("${prefix}" + key) }

func main() {
	http.ListenAndServe(":"+setting("PORT"), nil)
	open(setting("DATA"))
}
`,
  });
  expect((await verdict(main("APP_"))).port).toBe("variable");
  expect((await verdict(main(""))).port).toBeUndefined();
});

it("knows a socket address of Rust whose port is set afterwards", async () => {
  const main = (before: string) => ({
    "src/main.rs": `use std::{env, net::SocketAddr};
#[tokio::main]
async fn main() {
    let mut addr: SocketAddr = "0.0.0.0:2346".parse().unwrap();
    ${before}
    let listener = tokio::net::TcpListener::bind(addr).await.unwrap();
}
`,
  });
  const port = 'let port = env::var("PORT").ok().and_then(|x| x.parse().ok()).unwrap_or(2346); addr.set_port(port);';
  expect((await verdict(main(port))).port).toBeUndefined();
  expect((await verdict(main(""))).port).toBe("literal");
});

it("takes nothing that is set after the listener has its address", async () => {
  const found = await verdict({
    "src/main.rs": `use std::net::{SocketAddr, TcpListener};
fn main() {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    let mut addr = SocketAddr::from(([0, 0, 0, 0], port));
    let listener = TcpListener::bind(addr).unwrap();
    addr.set_port(9000);
}
`,
  });
  expect(found.port).toBeUndefined();
});

it("keeps a struct of the program that has a set_port of its own", async () => {
  const found = await verdict({
    "src/main.rs": `use std::net::TcpListener;
struct Config { host: String, port: u16 }
impl Config { fn set_port(&mut self, port: u16) { self.port = port; } }
fn main() {
    let mut config = Config { host: "127.0.0.1".to_string(), port: 8000 };
    config.set_port(std::env::var("PORT").unwrap().parse().unwrap());
    let listener = TcpListener::bind((config.host.as_str(), config.port)).unwrap();
}
`,
  });
  expect(found.host).toBe("literal");
});

it("knows flags that name a server to ask", async () => {
  const found = await verdict({
    "main.go": `package main

import (
	"flag"
	"net/http"
)

var rpc = flag.String("rpc", "localhost:26657", "tendermint node to ask")

func main() {
	cfg := load()
	http.ListenAndServe(cfg.Address(), newProxy(*rpc))
}
`,
    "load.go":
      'package main\n\nimport "example.com/x/config"\n\nfunc load() config.Settings { return config.Load() }\nfunc newProxy(a string) http.Handler { return nil }\n',
  });
  expect(found.host).toBeUndefined();
});

it("takes no default from another program's option of that name", async () => {
  const found = await verdict({
    "package.json": '{"dependencies":{"express":"4","yargs":"17"}}',
    "server.js":
      'const app = require("express")();\nconst { host } = require("yargs").option("host", { type: "string" }).argv;\napp.listen(process.env.PORT, host || "0.0.0.0");\n',
    "client.js":
      'const a = require("yargs").option("host", { default: "localhost" }).argv;\nrequire("http").get({ host: a.host });\n',
  });
  expect(found.host).toBeUndefined();
});

it("takes no default from what describes JSON", async () => {
  const found = await verdict({
    "pom.xml": "<project/>",
    "src/main/java/a/Config.java": `package a;
import com.fasterxml.jackson.annotation.JsonProperty;
public class Config { @JsonProperty(defaultValue = "9000") int port; }
`,
    "src/main/java/a/Main.java": `package a;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
public class Main {
  public static void main(String[] args) throws Exception {
    Config config = Mapper.read("config.json", Config.class);
    HttpServer.create(new InetSocketAddress("0.0.0.0", config.port), 0).start();
  }
}
`,
  });
  expect(found.port).not.toBe("variable");
});

it("offers a variable only where its whole default is the host", async () => {
  const variable = async (lines: string) => {
    const found = await facts({
      "server.js": `const app = require("express")();\n${lines}\napp.listen(process.env.PORT, host);\n`,
    });
    const [l] = found.listeners;
    return l && hostProblem(l, found)?.variable;
  };
  expect(await variable('const host = process.env.HOST || "localhost";')).toBe("HOST");
  expect(await variable('const [host] = (process.env.BIND || "localhost:3000").split(":");')).toBeUndefined();
  expect(
    await variable('const host = new URL(process.env.LISTEN_ADDR || "http://localhost:3000").hostname;'),
  ).toBeUndefined();
});

it("knows settings of a program that the image does not start from those of the one it does", async () => {
  const cmd = (text: string): string => `package main

import (
	"net/http"

	"github.com/spf13/viper"
)

${text}`;
  const found = await facts({
    "go.mod": "module example.com/x\n",
    Dockerfile: 'FROM golang\nENTRYPOINT ["/serve"]\n',
    "cmd/serve/main.go": cmd(
      'func main() {\n\tviper.AutomaticEnv()\n\thttp.ListenAndServe(":"+viper.GetString("port"), nil)\n}\n',
    ),
    "cmd/client/main.go": cmd('func main() {\n\tviper.SetEnvPrefix("client")\n\thttp.Get(viper.GetString("url"))\n}\n'),
  });
  expect(found.listeners[0]?.port).toMatchObject([{ kind: "env", name: "PORT" }]);
});

it("knows what waits for SIGTERM: a list that another file adds to, a container of dependencies", async () => {
  const main = (imports: string, body: string): string =>
    `package main\n\nimport (\n${imports
      .split(" ")
      .map((i) => `\t"${i}"\n`)
      .join("")})\n\n${body}\n`;
  const listed = await facts({
    "main.go": main(
      "net/http os os/signal",
      'var signals = []os.Signal{os.Interrupt}\n\nfunc main() {\n\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, signals...)\n\thttp.ListenAndServe(":80", nil)\n}',
    ),
    "signal_unix.go": main("os syscall", "func init() {\n\tsignals = []os.Signal{os.Interrupt, syscall.SIGTERM}\n}"),
  });
  expect(listed.signalHandlers.flatMap((s) => s.signals)).toContain("SIGTERM");
  const contained = await facts({
    "main.go": main("go.uber.org/fx", "func main() {\n\tfx.New(fx.Invoke(serve)).Run()\n}"),
    "serve.go": main("net/http", 'func serve() {\n\thttp.ListenAndServe(":80", nil)\n}'),
  });
  expect(contained.signalHandlers.flatMap((s) => s.signals)).toContain("SIGTERM");
});

it("takes the command of a compose file for the program's own where it serves nothing of npm's", async () => {
  const files = {
    "go.mod": "module example.com/x\n",
    "docker-compose.yml": "services:\n  app:\n    build: .\n    command: serve --config=/etc/app.yaml\n",
    "main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":80", nil)\n}\n',
  };
  expect((await verdict(files)).port).toBe("literal");
});

it("judges packages of Java that are called as folders of tools are", async () => {
  const main = `package app.tools;
import org.jboss.netty.bootstrap.ServerBootstrap;
import java.net.InetSocketAddress;
public class Main {
  void start() { ServerBootstrap server = new ServerBootstrap(factory); server.bind(new InetSocketAddress("0.0.0.0", 4242)); }
}
`;
  expect(await verdict({ "src/tools/Main.java": main })).toEqual({ port: "literal", host: undefined });
});
