/** Detours by which settings of a program come to its listener, one a row: what is said of port and host in the end. */
import { describe, expect, it } from "vitest";
import { analyzeProject } from "../../src/analysis/analyze.ts";
import { loadProject } from "../../src/analysis/project.ts";
import { hostProblem, portProblem } from "../../src/analysis/verdict.ts";

type Files = Record<string, string>;
type Row = [name: string, files: Files, says: { port?: string; host?: string }];

/** What is wrong with the listeners. */
async function verdict(files: Files) {
  const source = {
    root: ".",
    files: () => Object.keys(files),
    read: async (path: string) => new TextEncoder().encode(files[path]),
  };
  const found = await analyzeProject(await loadProject(source));
  return found.listeners.map((l) => ({ port: portProblem(l, found)?.kind, host: hostProblem(l, found)?.kind }));
}

function judged(rows: readonly Row[]): void {
  it.each(rows)("%s", async (_, files, { port, host }) => {
    expect(await verdict(files)).toEqual([{ port, host }]);
  });
}

describe("JavaScript", () => {
  judged([
    [
      "a function that its importer calls by another name",
      {
        "server.js":
          'module.exports = function (options) {\n  if (!options) options = {};\n  require("http").createServer().listen(process.env.PORT, options.host);\n};',
        "index.js": 'const start = require("./server");\nstart({ host: "127.0.0.1" });',
      },
      { host: "literal" },
    ],
    [
      "a class that its importer calls by another name, from the package's folder",
      {
        "lib/main.js":
          'class Server {\n  constructor(options) {\n    this.options = options;\n  }\n  start() {\n    require("http").createServer().listen(process.env.PORT, this.options.host);\n  }\n}\nmodule.exports = Server;',
        "package.json": '{"main": "lib/main.js", "bin": "bin/www.js"}',
        "bin/www.js": 'const App = require("..");\nnew App({ host: "localhost" }).start();',
      },
      { host: "literal" },
    ],
    [
      "options that are laid over the object itself",
      {
        "server.js":
          'class Server {\n  constructor(options) {\n    Object.assign(this, { host: "127.0.0.1" }, options);\n  }\n  start() {\n    require("http").createServer().listen(process.env.PORT, this.host);\n  }\n}\nnew Server(load()).start();',
      },
      { host: "literal" },
    ],
    [
      "a letter that is another name of the option",
      {
        "cli.js":
          'const argv = require("optimist").alias("a", "address").default("a", "localhost").argv;\nrequire("http").createServer().listen(process.env.PORT, argv.address);',
      },
      { host: "literal" },
    ],
    [
      "defaults of a parser of arguments",
      {
        "cli.js":
          'const argv = require("getopts")(process.argv.slice(2), { alias: { h: "host" }, default: { host: "127.0.0.1" } });\nrequire("http").createServer().listen(process.env.PORT, argv.host);',
      },
      { host: "literal" },
    ],
    [
      "what a schema says of a variable that is not set",
      {
        "server.js":
          'const { z } = require("zod");\nconst env = z.object({ HOST: z.string().default("localhost"), PORT: z.coerce.number() }).parse(process.env);\nrequire("http").createServer().listen(env.PORT, env.HOST);',
      },
      { host: "literal" },
    ],
    [
      "the same in JSON schema",
      {
        "server.js":
          'const env = require("env-schema")({ schema: { properties: { HOST: { type: "string", default: "127.0.0.1" }, PORT: { type: "number" } } } });\nrequire("http").createServer().listen(env.PORT, env.HOST);',
      },
      { host: "literal" },
    ],
    [
      "settings that Nest registers under a name",
      {
        "src/main.ts":
          'import { NestFactory } from "@nestjs/core";\nimport { ConfigService } from "@nestjs/config";\nasync function start() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(process.env.PORT, app.get(ConfigService).get("app.host"));\n}\nstart();',
        "src/app.config.ts":
          'import { registerAs } from "@nestjs/config";\nexport default registerAs("app", () => ({ host: process.env.APP_HOST || "localhost" }));',
      },
      { host: "literal" },
    ],
    [
      "the parts of an address",
      {
        "server.js":
          'const url = new URL(process.env.LISTEN || "http://127.0.0.1:3000");\nrequire("http").createServer().listen(process.env.PORT || url.port, url.hostname);',
      },
      { host: "literal" },
    ],
    [
      "a settings file beside it",
      {
        "server.js":
          'const config = JSON.parse(require("fs").readFileSync(`${__dirname}/settings.json`));\nrequire("http").createServer().listen(process.env.PORT, config.host);',
        "settings.json": '{ "host": "127.0.0.1" }',
      },
      { host: "literal" },
    ],
    [
      "a settings file that is about a database",
      {
        "server.js":
          'const config = require("cosmic")(`${__dirname}/settings.json`);\nrequire("http").createServer().listen(process.env.PORT, config.host);',
        "settings.json": '{ "host": "127.0.0.1", "user": "app" }',
      },
      {},
    ],
  ]);
});

describe("Ruby and PHP", () => {
  judged([
    [
      "options that the command line may change",
      {
        "app.rb":
          "require 'webrick'\nrequire 'optparse'\noptions = { host: '127.0.0.1' }\nOptionParser.new { |o| o.on('-h HOST') { |v| options[:host] = v } }.parse!\nWEBrick::HTTPServer.new(Port: ENV['PORT'], BindAddress: options[:host]).start\n",
      },
      { host: "literal" },
    ],
    [
      "unicorn's own file",
      { "config.ru": "run App\n", "config/unicorn.rb": 'listen "127.0.0.1:#{ENV["PORT"]}"\n' },
      { host: "literal" },
    ],
    [
      "Sinatra in production",
      {
        "app.rb": "require 'sinatra/base'\nclass App < Sinatra::Base\n  set :environment, :production\nend\nApp.run!\n",
      },
      {},
    ],
    [
      "an option of Symfony's console",
      {
        "serve.php":
          "<?php\nuse Symfony\\Component\\Console\\Command\\Command;\nclass Serve extends Command {\n  protected function configure() { $this->addOption('host', null, InputOption::VALUE_REQUIRED, 'where', '127.0.0.1'); }\n  protected function execute($input, $output) { (new Swoole\\Http\\Server($input->getOption('host'), (int) getenv('PORT')))->start(); }\n}\n",
      },
      { host: "literal" },
    ],
  ]);
});

describe("Python", () => {
  const port = 'int(os.environ["PORT"])';
  judged([
    [
      "an address in its place before other arguments",
      {
        "app.py": `import os\nfrom http.server import HTTPServer\n\nclass Mine(HTTPServer):\n    def __init__(self, addr, **kwargs):\n        super().__init__(addr, Handler, **kwargs)\n\nMine(("localhost", ${port})).serve_forever()\n`,
      },
      { host: "literal" },
    ],
    [
      "members that get their names while it runs",
      {
        "app.py":
          "import os\nfrom aiohttp import web\n\nclass Config:\n    DEFAULTS = {'PORT': '8081', 'HOST': '127.0.0.1'}\n\n    def __init__(self):\n        for key, value in self.DEFAULTS.items():\n            setattr(self, key, os.environ.get(key, value))\n\nconfig = Config()\nweb.run_app(app, host=config.HOST, port=int(config.PORT))\n",
      },
      { host: "literal" },
    ],
    [
      "a class of settings that is loaded as a whole",
      {
        "app.py": `import os\nfrom flask import Flask\napp = Flask(__name__)\napp.config.from_object(load())\napp.run(host=app.config["HOST"], port=${port})\n`,
        "settings.py": 'class Config:\n    def __init__(self):\n        self.HOST = "127.0.0.1"\n',
      },
      { host: "literal" },
    ],
    [
      "a key of its settings is not the variable of that name",
      {
        "app.py":
          'import os\nfrom flask import Flask\napp = Flask(__name__)\napp.config["PORT"] = 5000\nkey = os.environ.get("SECRET")\napp.run(host="0.0.0.0", port=app.config["PORT"])\n',
      },
      { port: "literal" },
    ],
    [
      "a function of its own that reads settings",
      {
        "app.py": `import os\nfrom tornado.web import Application\nhost = check_setting_str(CFG, "General", "web_host", "localhost")\nApplication([]).listen(${port}, host)\n`,
      },
      { host: "literal" },
    ],
    [
      "options that get what they lack",
      {
        "app.py": `import os\nfrom tornado.web import Application\n\nclass Web:\n    def __init__(self, options=None):\n        self.options = options or {}\n        self.options.setdefault("host", "127.0.0.1")\n\n    def run(self):\n        Application([]).listen(${port}, self.options["host"])\n`,
      },
      { host: "literal" },
    ],
    [
      "a command that the start script keeps in a variable",
      {
        "app.py": "from flask import Flask\napp = Flask(__name__)\napp.run()\n",
        Dockerfile: 'FROM python:3.13\nENTRYPOINT ["/start.sh"]\n',
        "start.sh": '#!/bin/sh\ncmd="exec gunicorn app:app \\\n  -b 0.0.0.0:$PORT \\\n  $@"\neval "$cmd"\n',
      },
      {},
    ],
    [
      "a flag of absl",
      {
        "app.py": `import os\nfrom absl import flags\nfrom tornado.web import Application\nHOST = flags.DEFINE_string("host", "127.0.0.1", "where")\nApplication([]).listen(${port}, HOST.value)\n`,
      },
      { host: "literal" },
    ],
    [
      "a default in docopt's help",
      {
        "app.py": `"""Serve.\n\nUsage:\n  app.py [--host=<h>]\n\nOptions:\n  --host=<h>  Where to listen [default: 127.0.0.1]\n"""\nimport os\nfrom docopt import docopt\nfrom tornado.web import Application\nargs = docopt(__doc__)\nApplication([]).listen(${port}, args["--host"])\n`,
      },
      { host: "literal" },
    ],
    [
      "a section of a settings file beside it",
      {
        "app.py": `import os, configparser\nfrom tornado.web import Application\nconfig = configparser.ConfigParser()\nconfig.read("config.ini")\nApplication([]).listen(${port}, config["server"]["host"])\n`,
        "config.ini": "[server]\nhost = 127.0.0.1\n",
      },
      { host: "literal" },
    ],
    [
      "a copy of bottle that it carries along",
      {
        "app.py": `import os\nfrom lib.bottle import run\nrun(host="localhost", port=${port})\n`,
        "lib/bottle.py": "def run(app=None, host=None, port=None):\n    pass\n",
      },
      { host: "literal" },
    ],
    [
      "PasteDeploy's server",
      { "app.py": "", "production.ini": "[server:main]\nuse = egg:waitress#main\nlisten = localhost:6543\n" },
      { port: "literal", host: "literal" },
    ],
  ]);
});

/** Nothing is wrong with these: what looks like localhost is not what they listen on. */
describe("nothing to find", () => {
  const run = "import os, uvicorn\nfrom app import app\n";
  const given = 'int(os.environ["PORT"])';

  it.each<readonly [name: string, files: Files]>([
    [
      "an expression before the name of a class in Ruby",
      {
        "server.rb":
          'require "socket"\nclass Server\n  def initialize(host, port)\n    @s = TCPServer.new(host, port)\n  end\nend\n',
        "main.rb": 'require "./server"\npick(*ARGV)::Server.new("0.0.0.0", ENV["PORT"])\n',
      },
    ],
    [
      "a partial that is given the host when it is called",
      {
        "main.py": `import functools\n${run}serve = functools.partial(uvicorn.run, app)\nserve(host="0.0.0.0", port=${given})\n`,
      },
    ],
    [
      "a partial of a function of its own",
      {
        "main.py": `from functools import partial\n${run}def own(app, host="127.0.0.1"):\n    uvicorn.run(app, host=host, port=${given})\nserve = partial(own, app)\nserve(host="0.0.0.0")\n`,
      },
    ],
    [
      "a function that a nursery starts",
      {
        "main.py":
          'import trio\nfrom server import launch\nasync def main():\n    async with trio.open_nursery() as nursery:\n        nursery.start_soon(launch, "0.0.0.0")\ntrio.run(main)\n',
        "server.py": `${run}def launch(host="127.0.0.1"):\n    uvicorn.run(app, host=host, port=${given})\n`,
      },
    ],
    [
      "a field that Python's constructor sets for sure",
      {
        "main.py": `${run}from elsewhere import detect\nclass Server:\n    host = "127.0.0.1"\n    def __init__(self):\n        self.host = detect()\n    def run(self):\n        uvicorn.run(app, host=self.host, port=${given})\nServer().run()\n`,
      },
    ],
    [
      "a property that PHP's constructor sets for sure",
      {
        "server.php":
          "<?php\nclass S {\n  private $host = '127.0.0.1';\n  function __construct() { $this->host = detect(); }\n  function run() { $s = new \\Swoole\\Http\\Server($this->host, (int) getenv('PORT')); $s->start(); }\n}\n(new S)->run();",
      },
    ],
    [
      "a server program that is asked for its version",
      { "main.py": 'import subprocess\nsubprocess.run(["uvicorn", "--version"])\n' },
    ],
    ["a build", { "main.js": 'const { spawn } = require("child_process");\nspawn("npx", ["vite", "build"]);\n' }],
    [
      "data that is published",
      { "main.py": 'import subprocess  # not uvicorn\nsubprocess.run(["datasette", "publish", "cloudrun", "a.db"])\n' },
    ],
    [
      "a front end's server beside a server of an unknown library",
      {
        "main.js":
          'const { spawn } = require("child_process");\nconst { Foo } = require("unknown-server");\nif (process.env.NODE_ENV === "development") spawn("vite", ["--port", "3000"]);\nnew Foo().start(process.env.PORT);\n',
      },
    ],
    [
      "rackup in production, started by a script",
      {
        Dockerfile: 'FROM ruby:3\nENV RACK_ENV=production\nCMD ["ruby", "start.rb"]\n',
        "start.rb": 'exec "rackup", "-p", ENV["PORT"]\n',
      },
    ],
    [
      "rackup in the production that the script asks for",
      { "start.rb": 'exec "rackup", "-E", "production", "-p", ENV["PORT"]\n' },
    ],
  ])("%s", async (_, files) => {
    expect((await verdict(files)).filter(({ port, host }) => port || host)).toEqual([]);
  });
});

it("weighs a server program by the branch that starts it, and quotes the call", async () => {
  const text =
    'import os, subprocess\nif os.environ.get("APP_ENV") == "development":\n    subprocess.run(["uvicorn", "app:app", "--port", port()])\n';
  const source = { root: ".", files: () => ["main.py"], read: async () => new TextEncoder().encode(text) };
  const { listeners } = await analyzeProject(await loadProject(source));
  expect(listeners.map((l) => l.reach.development)).toEqual([true]);
  expect(listeners.map((l) => l.evidence)).toEqual([['subprocess.run(["uvicorn", "app:app", "--port", port()])']]);
});
