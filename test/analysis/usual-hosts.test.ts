/** Ways in which programs come to localhost when nobody tells them otherwise, one a row. */
import { describe, expect, it } from "vitest";
import { loadProject } from "../../src/analysis/project.ts";
import { readStart } from "../../src/analysis/start/start.ts";
import { hostProblem } from "../../src/analysis/verdict.ts";
import { facts } from "./programs.ts";

type Files = Record<string, string>;

async function isLocal(files: Files): Promise<boolean> {
  const found = await facts(files);
  expect(found.listeners).not.toEqual([]);
  return found.listeners.some((l) => hostProblem(l, found) !== undefined);
}

function onLocalhost(rows: readonly (readonly [string, Files])[]): void {
  it.each(rows)("%s", async (_, files) => {
    expect(await isLocal(files)).toBe(true);
  });
}

describe("Python", () => {
  onLocalhost([
    [
      "a function that is given the whole command line",
      {
        "app.py":
          'import argparse, uvicorn\napp = object()\ndef run(host="0.0.0.0", port=8000):\n    uvicorn.run(app, host=host, port=port)\nif __name__ == "__main__":\n    p = argparse.ArgumentParser()\n    p.add_argument("--host", type=str, default="127.0.0.1")\n    p.add_argument("--port", type=int, default=8000)\n    args = p.parse_args()\n    run(**vars(args))',
      },
    ],
    [
      "a group of settings within settings",
      {
        "settings.py":
          'from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings\nclass Run(BaseModel):\n    host: str = "127.0.0.1"\n    port: int = 7000\nclass Settings(BaseSettings):\n    run: Run = Run()\nsettings = Settings()',
        "main.py":
          'import uvicorn\nfrom settings import settings\nuvicorn.run("app:app", host=settings.run.host, port=settings.run.port)',
      },
    ],
    [
      "the defaults of a ConfigParser, read through a section",
      {
        "main.py":
          'import configparser\nfrom http.server import HTTPServer, SimpleHTTPRequestHandler\ncfg = configparser.ConfigParser(defaults={"host": "localhost", "port": "8080"})\ncfg.read("app.ini")\nsection = cfg["server"]\nHTTPServer((section["host"], section.getint("port")), SimpleHTTPRequestHandler).serve_forever()',
      },
    ],
    [
      "functools.partial",
      {
        "main.py":
          'from functools import partial\nimport uvicorn\nserve = partial(uvicorn.run, host="127.0.0.1", port=8080)\nserve("app:app")',
      },
    ],
    [
      "Twisted's endpoints as text",
      {
        "main.py":
          'from twisted.internet import reactor, endpoints\nfrom twisted.web.server import Site\nendpoint = endpoints.serverFromString(reactor, "tcp:8080:interface=127.0.0.1")\nendpoint.listen(Site(None))\nreactor.run()',
      },
    ],
    [
      "Twisted's endpoints as text, of an option that a plug-in declares",
      {
        "tap.py":
          'from twisted.application.strports import service\nfrom twisted.python import usage\nclass Options(usage.Options):\n    optParameters = [["listen", "l", r"tcp:port=8900:interface=\\:\\:1", "Where to listen."]]\ndef makeService(config):\n    return service(str(config["listen"]), site)',
      },
    ],
    [
      "a server that is started as a process",
      {
        "start.py":
          'import subprocess\nsubprocess.run(["uvicorn", "app:app", "--host", "127.0.0.1", "--port", "8000"])',
        "app.py": "from fastapi import FastAPI\napp = FastAPI()",
      },
    ],
    [
      "Django's runserver, called by its name",
      { "run.py": 'from django.core.management import call_command\ncall_command("runserver", "127.0.0.1:8000")' },
    ],
    [
      "Hypercorn's configuration without an address",
      {
        "main.py":
          "import asyncio\nfrom hypercorn.asyncio import serve\nfrom hypercorn.config import Config\nfrom app import app\nasyncio.run(serve(app, Config()))",
        "app.py": "from quart import Quart\napp = Quart(__name__)",
      },
    ],
    [
      "an address where a pair may stand",
      {
        "main.py":
          'from gevent.pywsgi import WSGIServer\nfrom app import app\nWSGIServer("127.0.0.1:5000", app).serve_forever()',
        "app.py": "from flask import Flask\napp = Flask(__name__)",
      },
    ],
    [
      "a module beside this one: from . import",
      {
        "pyproject.toml": '[project.scripts]\nmysrv = "mysrv.__main__:main"',
        "mysrv/__main__.py":
          "from .app import Server\nfrom . import constants\ndef main():\n    Server(constants.DEFAULT_HOST, constants.DEFAULT_PORT).run()",
        "mysrv/constants.py": 'DEFAULT_HOST = "127.0.0.1"\nDEFAULT_PORT = 7788',
        "mysrv/app.py":
          "from aiohttp import web\nclass Server:\n    def __init__(self, host, port):\n        self.host = host\n        self.port = port\n    def run(self):\n        app = web.Application()\n        web.run_app(app, host=self.host, port=self.port)",
      },
    ],
    [
      "get() of an empty dictionary",
      {
        "main.py":
          'from aiohttp import web\nimport asyncio\nclass S:\n    def __init__(self, config):\n        self.config = config\n    async def start(self):\n        runner = web.AppRunner(web.Application())\n        await runner.setup()\n        site = web.TCPSite(runner, self.config.get("host", "localhost"), self.config.get("port", 8080))\n        await site.start()\nasyncio.run(S({}).start())',
      },
    ],
    [
      "gunicorn within the program",
      {
        "main.py":
          'from gunicorn.app.base import BaseApplication\nclass StandaloneApplication(BaseApplication):\n    def __init__(self, app, options=None):\n        self.options = options or {}\n        self.application = app\n        super().__init__()\n    def load_config(self):\n        for k, v in self.options.items():\n            self.cfg.set(k, v)\n    def load(self):\n        return self.application\noptions = {"bind": "%s:%s" % ("127.0.0.1", "8080"), "workers": 2}\nStandaloneApplication(None, options).run()',
      },
    ],
    [
      "run_task",
      {
        "main.py":
          "from quart import Quart\nimport asyncio\napp = Quart(__name__)\nasyncio.get_event_loop().run_until_complete(app.run_task(port=5000))",
      },
    ],
    [
      "a switch that opens it, else what the framework takes",
      {
        "main.py":
          'import argparse, gradio as gr\nparser = argparse.ArgumentParser()\nparser.add_argument("--listen", action="store_true")\nparser.add_argument("--port", type=int)\nargs = parser.parse_args()\nwith gr.Blocks() as demo: pass\ndemo.launch(server_name="0.0.0.0" if args.listen else None, server_port=args.port)',
      },
    ],
    [
      "a switch that opens it",
      {
        "main.py":
          'import argparse, uvicorn\nparser = argparse.ArgumentParser()\nparser.add_argument("--public", action="store_true")\nargs = parser.parse_args()\nhost = "0.0.0.0" if args.public else "127.0.0.1"\nuvicorn.run("x:app", host=host, port=9000)',
      },
    ],
    [
      "a switch under which it is assigned anew",
      {
        "main.py":
          'import argparse, uvicorn\nparser = argparse.ArgumentParser()\nparser.add_argument("--public", action="store_true")\nargs = parser.parse_args()\nhost = "127.0.0.1"\nif args.public:\n    host = "0.0.0.0"\nuvicorn.run("x:app", host=host, port=9000)',
      },
    ],
    [
      "Litestar's own command",
      {
        Dockerfile: 'FROM python:3\nCMD ["litestar","run","--port","8000"]',
        "app.py": "from litestar import Litestar\napp = Litestar([])",
      },
    ],
    [
      "the target of a thread",
      {
        "main.py":
          'import threading, uvicorn\ndef run_server(host, port):\n    uvicorn.run("a:b", host=host, port=port)\nt = threading.Thread(target=run_server, args=("127.0.0.1", 8000))\nt.start()',
      },
    ],
    [
      "a thread with keywords",
      {
        "main.py":
          'import threading\nfrom flask import Flask\napp = Flask(__name__)\nt = threading.Thread(target=app.run, kwargs={"host": "127.0.0.1", "port": 8000})\nt.start()',
      },
    ],
    [
      "*args beside **kwargs",
      {
        "config.py": 'import os\nHOST = os.getenv("WEB_HOST", "127.0.0.1")\nWEB = int(os.getenv("WEB_PORT", "8787"))',
        "server.py":
          "from http.server import ThreadingHTTPServer, BaseHTTPRequestHandler\nfrom config import HOST, WEB\nclass Quiet(ThreadingHTTPServer):\n    def __init__(self, *args, **kwargs):\n        self.tls = None\n        super().__init__(*args, **kwargs)\nQuiet((HOST, WEB), BaseHTTPRequestHandler).serve_forever()",
      },
    ],
  ]);
});

describe("what is no host of the server", () => {
  it.each<[string, Files]>([
    [
      "a class that is filled from a file which says otherwise",
      {
        "config.yaml": "host: 0.0.0.0\nport: 8080",
        "main.py":
          'from dataclasses import dataclass\nimport uvicorn, yaml\nfrom dacite import from_dict\n@dataclass\nclass Config:\n    host: str = "127.0.0.1"\n    port: int = 8080\ncfg = from_dict(Config, yaml.safe_load(open("config.yaml")))\nuvicorn.run("app:app", host=cfg.host, port=cfg.port)',
      },
    ],
    [
      "another section of a ConfigParser",
      {
        "main.py":
          'import configparser\nfrom acme import settings_of\nfrom flask import Flask\napp = Flask(__name__)\nconfig = configparser.ConfigParser()\nconfig.set("redis", "host", "127.0.0.1")\nhost = settings_of("shop").host\napp.run(host=host, port=8080)',
      },
    ],
    [
      "what is no configuration",
      {
        "main.py":
          'from acme import cache, config, settings_of\nfrom flask import Flask\napp = Flask(__name__)\nconfig.set("a", "b")\ncache.set("server", "host", "127.0.0.1")\nhost = settings_of("shop").host\napp.run(host=host, port=8080)',
      },
    ],
  ])("%s", async (_, files) => {
    expect(await isLocal(files)).toBe(false);
  });

  it("a script that is copied into a folder, and a folder that is named", async () => {
    const { texts } = await loadProject({
      root: ".",
      files: () => ["Dockerfile", "dev.sh"],
      read: async (path: string) =>
        new TextEncoder().encode(
          path === "dev.sh"
            ? "exec gunicorn -b 0.0.0.0:9000 app:app"
            : 'FROM python\nCOPY dev.sh /usr/local/bin/\nCMD ["gunicorn", "app:app", "-d", "/srv/"]',
        ),
    });
    expect(readStart(texts).commands).toHaveLength(1);
  });
});

describe("JavaScript", () => {
  onLocalhost([
    [
      "an option by its alias",
      {
        "package.json": '{"name":"x","bin":"cli.mjs"}',
        "cli.mjs":
          'import yargs from "yargs"; import { hideBin } from "yargs/helpers"; import http from "http";\nconst argv = yargs(hideBin(process.argv)).options({ p: { alias: "port", default: 3000, type: "number" }, a: { alias: "address", default: "localhost", type: "string" } }).parseSync();\nhttp.createServer().listen({ port: argv.port, host: argv.address });',
      },
    ],
    [
      "the config package with a file of code",
      {
        "config/default.js": 'module.exports = { server: { host: process.env.HOST || "127.0.0.1", port: 3000 } };',
        "index.js":
          'const config = require("config");\nconst { host, port } = config.get("server");\nrequire("express")().listen(port, host);',
      },
    ],
    [
      "nconf's defaults",
      {
        "index.js":
          'const nconf = require("nconf");\nnconf.argv().env().defaults({ host: "localhost", port: 3000 });\nrequire("express")().listen(nconf.get("port"), nconf.get("host"));',
      },
    ],
    [
      "rc's defaults",
      {
        "index.js":
          'const config = require("rc")("x", { host: "localhost", port: 3000 });\nrequire("http").createServer().listen(config.port, config.host);',
      },
    ],
    [
      "hapi's manifest",
      {
        "index.js":
          'const Glue = require("@hapi/glue");\nconst manifest = { server: { host: "localhost", port: 3000 } };\nGlue.compose(manifest, {}).then((s) => s.start());',
      },
    ],
    [
      "ws by its old name",
      { "index.js": 'const WebSocket = require("ws");\nnew WebSocket.Server({ host: "localhost", port: 8080 });' },
    ],
    [
      "an address that is split",
      {
        "index.js":
          'const http = require("http");\nconst [host, port] = (process.env.ADDR || "127.0.0.1:8080").split(":");\nhttp.createServer().listen(Number(port), host);',
      },
    ],
    [
      "a flag that opens it",
      {
        "cli.js":
          'const argv = require("minimist")(process.argv.slice(2));\nconst host = argv.public ? "0.0.0.0" : "127.0.0.1";\nrequire("http").createServer().listen(8080, host);',
        "package.json": '{"bin":"cli.js"}',
      },
    ],
    [
      "a server that is spawned",
      {
        "start.js":
          'const { spawn } = require("child_process");\nspawn("vite", ["preview", "--port", "4173"], { stdio: "inherit" });',
        "package.json": '{"scripts":{"start":"node start.js"}}',
      },
    ],
    [
      "a function that returns a variable where it is set",
      {
        "index.js":
          'const http = require("http");\nfunction getHost() { if (process.env.BIND) return process.env.BIND; return "127.0.0.1"; }\nhttp.createServer().listen(8000, getHost());',
      },
    ],
    [
      "a prototype",
      {
        "index.js":
          'var http = require("http");\nfunction Server(opts) { this.host = opts.host || "localhost"; this.port = opts.port || 8080; }\nServer.prototype.start = function () { this.server = http.createServer(); this.server.listen(this.port, this.host); };\nnew Server({}).start();',
      },
    ],
    [
      "a prototype written as an object",
      {
        "index.js":
          'var http = require("http");\nfunction Server() { this.port = 80; }\nServer.prototype = { host: "127.0.0.1", start: function () { http.createServer().listen(this.port, this.host); } };\nnew Server().start();',
      },
    ],
    [
      "a prototype in another file, with options laid over",
      {
        "lib/server.js":
          'var http = require("http"), _ = require("underscore");\nfunction Server(options) { this.options = _.extend({ host: "127.0.0.1", port: 1 }, options); }\nServer.prototype.listen = function (cb) { var self = this; http.createServer().listen(self.options.port, self.options.host, cb); };\nmodule.exports = Server;',
        "index.js": 'var Server = require("./lib/server");\nnew Server().listen();',
      },
    ],
    [
      "methods of an object",
      {
        "index.js":
          'const http = require("http");\nconst app = { host: "127.0.0.1", port: 8080, run() { http.createServer().listen(this.port, this.host); } };\napp.run();',
      },
    ],
    [
      "members of exports",
      {
        "server.js":
          'const http = require("http");\nexports.host = "127.0.0.1";\nexports.start = function () { http.createServer().listen(8080, exports.host); };',
        "index.js": 'require("./server").start();',
      },
    ],
    [
      "groups of defaults under a file",
      {
        "index.js":
          'import { createServer } from "node:http";\nimport { getConfig } from "./config.js";\nconst config = await getConfig();\nconst server = createServer();\nserver.listen(config.server.port, config.server.host);',
        "config.js":
          'import fs from "node:fs/promises";\nconst DEFAULT_CONFIG = { server: { port: 3000, host: "localhost" } };\nexport async function getConfig() {\n  try { return { ...DEFAULT_CONFIG, ...JSON.parse(await fs.readFile("config.json", "utf8")) }; } catch { return DEFAULT_CONFIG; }\n}',
      },
    ],
    [
      "types of Flow",
      {
        "index.js":
          '// @flow\nimport type { Server } from "http";\nconst http = require("http");\nfunction serve(port: number, host: string = "127.0.0.1"): Server { return http.createServer().listen(port, host); }\nserve(8080);',
      },
    ],
    [
      "a branch over the address itself",
      {
        "index.js":
          'const http = require("http");\nconst server = http.createServer();\nfunction start(port, address) {\n  if (address == null) address = "127.0.0.1";\n  if (address != null) server.listen(port, address); else server.listen(port);\n}\nstart(1080);',
      },
    ],
  ]);
});

describe("Ruby", () => {
  onLocalhost([
    [
      "attr_accessor",
      {
        "s.rb":
          "require 'socket'\nclass S\n  attr_accessor :host, :port\n  def initialize(config)\n    @host = config['host'] || '127.0.0.1'\n    @port = config['port'] || 7000\n  end\n  def start\n    @sock = TCPServer.open(host, port)\n  end\nend\nS.new({}).start",
      },
    ],
    [
      "a file of YAML",
      {
        "config.yml": "host: 127.0.0.1\nport: 4000",
        "app.rb":
          "require 'yaml'\nrequire 'socket'\nCONFIG = YAML.load_file('config.yml')\nTCPServer.new(CONFIG['host'], CONFIG['port'])",
      },
    ],
    [
      "Rails in development",
      { Dockerfile: 'FROM ruby:3\nCMD ["bin/rails","server"]', "config/application.rb": "require 'rails'" },
    ],
    [
      "Falcon's own command",
      { Procfile: "web: bundle exec falcon serve --bind http://localhost:9292", "config.ru": "run App" },
    ],
  ]);
});

describe("PHP", () => {
  onLocalhost([
    [
      "a script of Composer",
      {
        "composer.json": '{"scripts":{"start":"php -S localhost:8080 -t public"}}',
        "public/index.php": '<?php echo "x";',
      },
    ],
    [
      "a file that returns its settings",
      {
        "config/server.php": "<?php\nreturn ['host' => '127.0.0.1', 'port' => 9501];",
        "server.php":
          "<?php\n$config = require __DIR__ . '/config/server.php';\n$http = new Swoole\\Http\\Server($config['host'], $config['port']);\n$http->start();",
      },
    ],
    [
      "array_merge over a property",
      {
        "server.php":
          "<?php\nclass S {\n  private $options = ['host' => '127.0.0.1', 'port' => 9501];\n  function __construct(array $options = []) { $this->options = array_merge($this->options, $options); }\n  function run() { $s = new \\Swoole\\WebSocket\\Server($this->options['host'], $this->options['port']); $s->start(); }\n}\n(new S)->run();",
      },
    ],
    [
      "Amp's InternetAddress",
      {
        "server.php":
          '<?php\nuse Amp\\Http\\Server\\SocketHttpServer; use Amp\\Socket;\n$server = SocketHttpServer::createForDirectAccess($logger);\n$server->expose(new Socket\\InternetAddress("127.0.0.1", 1337));\n$server->start($h, $e);',
      },
    ],
    [
      "Symfony's Process",
      {
        "src/ServeCommand.php":
          "<?php\nuse Symfony\\Component\\Process\\Process;\nclass ServeCommand { function handle($host = 'localhost', $port = 8000) { $p = new Process([PHP_BINARY, '-S', \"$host:$port\", '-t', 'public']); $p->run(); } }",
      },
    ],
    [
      "define()",
      {
        "config.php": "<?php\ndefine('SERVER_HOST', '127.0.0.1');\ndefine('SERVER_PORT', 9501);",
        "server.php": "<?php\nrequire 'config.php';\n$s = new Swoole\\Server(SERVER_HOST, SERVER_PORT);\n$s->start();",
      },
    ],
    [
      "Hyperf's servers on one line",
      {
        "config/autoload/server.php":
          "<?php\nreturn ['servers' => [['name' => 'http', 'type' => Server::SERVER_HTTP, 'host' => '127.0.0.1', 'port' => 9501]]];",
        "bin/hyperf.php": "<?php",
      },
    ],
  ]);
});
