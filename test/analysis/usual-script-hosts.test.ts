/** A listener whose host was lost in a script: what the program declares for it by name, and what is somebody else's. */
import { describe, expect, it } from "vitest";
import { hostProblem } from "../../src/analysis/verdict.ts";
import { facts } from "./programs.ts";

type Files = Record<string, string>;

async function problemOf(files: Files): Promise<ReturnType<typeof hostProblem>> {
  const found = await facts(files);
  expect(found.listeners).not.toEqual([]);
  return found.listeners.map((l) => hostProblem(l, found)).find(Boolean);
}

const js = (files: Files): Files => ({
  "package.json": '{"name":"a","main":"server.js"}',
  "server.js":
    'const http = require("http");\nclass Web {\n  start(where) { http.createServer((q, r) => r.end()).listen(where.port(), where.host()); }\n}\nmodule.exports = (registry) => new Web().start(registry.lookup("web"));\n',
  ...files,
});
const python = (files: Files): Files => ({
  "app.py":
    "from aiohttp import web\nclass Web:\n    def __init__(self, bag):\n        self.bag = bag\n    async def start(self):\n        runner = web.AppRunner(web.Application())\n        await web.TCPSite(runner, self.bag.where().host, self.bag.where().port).start()\n",
  ...files,
});
const ruby = (files: Files): Files => ({
  "app.rb":
    'require "rack"\nclass Web\n  def initialize(bag); @bag = bag; end\n  def start\n    Rack::Server.start(app: App, Host: @bag.where.fetch_it(:a), Port: @bag.where.fetch_it(:b))\n  end\nend\n',
  ...files,
});
const php = (files: Files): Files => ({
  "composer.json": "{}",
  "src/Run.php":
    "<?php\nclass Run extends Base {\n  public function handle() {\n    $a = $this->where()->first();\n    $this->pm()->process([PHP_BINARY, '-S', $a . ':' . $this->where()->last(), 'router.php']);\n  }\n}\n",
  ...files,
});

/** Its port is known, and its host is not. */
const reading: Files = {
  "app.py":
    "import os, loader\nfrom aiohttp import web\nweb.run_app(web.Application(), host=loader.find('web').where(), port=int(os.environ.get('PORT', 8080)))\n",
};

const typed: Files = {
  "Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\n',
  "src/main.rs":
    'mod registry;\n#[tokio::main]\nasync fn main() {\n    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();\n    let listener = tokio::net::TcpListener::bind((registry::find("web").ip(), port)).await.unwrap();\n    axum::serve(listener, Router::new()).await.unwrap();\n}\n',
};

describe("a default that is declared for listening", () => {
  it.each<[string, Files, string]>([
    [
      "a table of settings",
      js({ "lib/defaults.js": "module.exports = {\n  hostname: '127.0.0.1',\n  port: 3000\n};\n" }),
      "lib/defaults.js",
    ],
    [
      "an entry with its own table",
      js({
        "config.js":
          "module.exports = build({\n  web: {\n    host: { doc: 'where', default: 'localhost' },\n    port: { doc: 'p', default: 8080 }\n  }\n});\n",
      }),
      "config.js",
    ],
    [
      "an entry that is a call",
      python({
        "conf.py":
          "RULES = {\n    'http_host': p(_('Listen on'), False, 'localhost'),\n    'http_port': p(_('Port'), int, 33411),\n}\n",
      }),
      "conf.py",
    ],
    [
      "a class",
      python({ "settings.py": "class ServerSettings(Base):\n    host: str = '127.0.0.1'\n    port: int = 9000\n" }),
      "settings.py",
    ],
    [
      "a hash",
      ruby({ "lib/options.rb": "module Opts\n  DEFAULTS = {\n    host: '127.0.0.1',\n    port: 4567\n  }\nend\n" }),
      "lib/options.rb",
    ],
    [
      "a default that is set in a section",
      python({
        "box/conf.py":
          "class Conf(Parser):\n    def fill(self):\n        self.set('web', 'listen', 'localhost:8000')\n",
      }),
      "box/conf.py",
    ],
    [
      "a program whose own name is a word of others",
      {
        ...Object.fromEntries(Object.entries(python({})).map(([path, text]) => [`mailbox/${path}`, text])),
        "mailbox/defaults.py": "RULES = {'http_host': '127.0.0.1', 'http_port': 33411}\n",
      },
      "mailbox/defaults.py",
    ],
    [
      "the one that the listener is given, beside an address that something else opens",
      {
        "app.py":
          "from aiohttp import web\nclass Web:\n    def __init__(self, bag):\n        self.bag = bag\n    async def start(self):\n        self.http_host = self.bag.read('api/one')\n        await web.TCPSite(web.AppRunner(web.Application()), self.http_host, self.bag.port()).start()\n",
        "conf.py":
          "DEFAULT_CONFIG = Conf({\n    'http_host': '127.0.0.1',\n    'http_port': 9000,\n    'https_host': '127.0.0.1',\n    'swarm': Swarm(addr, '0.0.0.0'),\n})\n",
      },
      "conf.py",
    ],
    [
      "an option of a command",
      php({
        "src/Cmd.php":
          "<?php\nclass Cmd {\n  function configure() {\n    $this->addOption('host', null, InputOption::VALUE_OPTIONAL, 'The host to serve on', '127.0.0.1');\n    $this->addOption('port', null, InputOption::VALUE_OPTIONAL, 'The port', 8000);\n  }\n}\n",
      }),
      "src/Cmd.php",
    ],
    [
      "a flag of several texts on a line",
      python({
        "engine.py":
          "class Engine:\n    def gen(self):\n        self.logger.info('x')\n\n    @store('-a', '--address', default='localhost', dest='address',\n           help='The address where the website must be served from.')\n    @store('-p', '--port', type=int, default=8080, dest='port')\n    def go(self, args):\n        pass\n",
      }),
      "engine.py",
    ],
    [
      "a server's table whose port says no number",
      js({
        "defaults.js":
          "module.exports = function serverOptions(options) {\n  return {\n    port: options.port || 0,\n    hostname: options.hostname || 'localhost',\n  };\n};\n",
      }),
      "defaults.js",
    ],
    [
      "a variable whose port is called alike",
      js({
        "bin/cli.js":
          "const PORT = process.env.NODE_PORT || 3000;\nconst HOST = process.env.NODE_HOST || 'localhost';\nmodule.exports = { PORT, HOST };\n",
      }),
      "bin/cli.js",
    ],
    [
      "a flag whose port is another's",
      python({
        "cli.py":
          "def parser(p):\n    p.add_argument('--host', type=str, default='127.0.0.1', help='where')\n    return p\n",
      }),
      "cli.py",
    ],
    [
      "a variable that is asked for, beside a debug switch",
      python({
        "conf.py":
          "import os\nhost = os.environ.get('HOST', '127.0.0.1')\nport = int(os.environ.get('PORT', 48000))\ndebug = 'DEBUG' in os.environ\n",
      }),
      "conf.py",
    ],
    [
      "the one that is called by listening, beside other hosts",
      js({
        "settings.js":
          "module.exports = {\n  internal: {\n    clsi: { port: 3013, host: process.env.LISTEN_ADDRESS || 'localhost' },\n  },\n\n  apis: {\n    clsi: { url: `http://${process.env.CLSI_WEB_HOST || 'localhost'}:3013` },\n  },\n};\n",
      }),
      "settings.js",
    ],
    [
      "a default by its own name in the class of a server",
      python({
        "gate.py":
          "class WebApp(Base):\n    port_env = 'KG_PORT'\n    port_default_value = 8888\n\n    ip_env = 'KG_IP'\n    ip_default_value = '127.0.0.1'\n",
      }),
      "gate.py",
    ],
    [
      "a list of one",
      ruby({ "lib/server.rb": "class Server\n  DEFAULTS = {\n    host: ['127.0.0.1'],\n    port: 8889\n  }\nend\n" }),
      "lib/server.rb",
    ],
    [
      "an option of a command whose class has its brace on a line of its own",
      php({
        "src/ServeCommand.php":
          "<?php\nclass ServeCommand extends Command\n{\n    protected function configure()\n    {\n        $this->addOption(\n            'host',\n            null,\n            InputOption::VALUE_REQUIRED,\n            'What hostname should we use?',\n            'localhost',\n        );\n    }\n}\n",
      }),
      "src/ServeCommand.php",
    ],
    [
      "a column of a table of settings",
      ruby({
        "lib/columns.rb":
          "class Columns\n  def change\n    add_column :configs, :web_host, :string, default: '127.0.0.1'\n  end\nend\n",
      }),
      "lib/columns.rb",
    ],
    [
      "a field with a type and a maker",
      python({
        "view.py": "class Viz:\n    host: str = attr.ib(default='127.0.0.1')\n    port: int = attr.ib(default=8080)\n",
      }),
      "view.py",
    ],
    [
      "an endpoint to bind",
      ruby({
        "serve.rb":
          'class Serve < Command\n  options do\n    option "-b/--bind <address>", "Where to bind.", default: "http://localhost:9292"\n  end\nend\n',
      }),
      "serve.rb",
    ],
    [
      "a setting beside the option of a command that a method starts",
      {
        "composer.json": "{}",
        "src/Serve.php":
          "<?php\nclass Serve extends Command {\n  public function handle() {\n    $this->runServer(sprintf('php -S %s:%d %s', $this->where(), $this->port(), 'router.php'));\n  }\n  private function where(): string {\n    return (string) $this->option('host') ?: Config::read('site.server.host', 'localhost');\n  }\n  private function port(): int {\n    return (int) ($this->option('port') ?: Config::number('site.server.port', 8080));\n  }\n}\n",
      },
      "src/Serve.php",
    ],
    [
      "an argument that is a whole address",
      php({
        "src/Cmd.php":
          "<?php\nclass Cmd {\n  function configure() {\n    $this->addArgument('address', InputArgument::OPTIONAL, $this->trans('where'), '127.0.0.1:8088');\n  }\n}\n",
      }),
      "src/Cmd.php",
    ],
    [
      "a line that is made before more is put to it",
      {
        "composer.json": "{}",
        "src/Serve.php":
          "<?php\nclass Serve {\n  public const HOST = 'localhost';\n  protected $host = self::HOST;\n  public function execute($args) {\n    $line = sprintf('%s -S %s:%d -t %s', (string)env('PHP', 'php'), $this->host, $this->port, 'web');\n    if ($this->ini) { $line = sprintf('%s -c %s', $line, $this->ini); }\n    $line = sprintf('%s %s', $line, 'web/index.php');\n    system($line);\n  }\n}\n",
      },
      "src/Serve.php",
    ],
    [
      "one whose port is the listener's, and whose address is shown",
      {
        ...reading,
        "settings.py":
          "class Settings(Base):\n    host: str = 'localhost'\n    port: int = env('PORT', 8080)\n    def show(self):\n        print(f'http://{self.host}:{self.port}')\n",
      },
      "settings.py",
    ],
    [
      "one of two commands",
      {
        "composer.json": "{}",
        "src/Serve.php":
          "<?php\nclass Serve {\n  public function execute($port) {\n    $process = Process::fromShellCommandline(is_file('compose.yml') ? 'docker compose up' : \"php -S localhost:$port\", null);\n    $process->run();\n  }\n}\n",
      },
      "src/Serve.php",
    ],
  ])("%s", async (_, files, file) => {
    expect(await problemOf(files)).toMatchObject({ kind: "literal", at: { file } });
  });
});

describe("a settings file, where the code says nothing", () => {
  it("gives its host", async () => {
    expect(await problemOf(ruby({ "config.yml": "host: localhost\nport: 9797\n" }))).toMatchObject({
      host: "localhost",
    });
  });

  it("gives none of a database's, nor one of two", async () => {
    expect(await problemOf(ruby({ "config.yml": "host: localhost\nport: 5432\n" }))).toBeUndefined();
    expect(await problemOf(ruby({ "config.yml": "host: localhost\nport: 9797\nuser: root\n" }))).toBeUndefined();
    const two = { "config.yml": "host: localhost\nport: 9797\n", "config.prod.yml": "host: '0.0.0.0'\nport: 80\n" };
    expect(await problemOf(ruby(two))).toBeUndefined();
  });
});

describe("an address that is not the listener's", () => {
  it.each<[string, Files]>([
    [
      "a cache's",
      js({ "config.js": "module.exports = {\n  redis: {\n    host: 'localhost',\n    port: 7777\n  }\n};\n" }),
    ],
    ["where a proxy asks", js({ "config.js": "module.exports = { upstream: { host: 'localhost', port: 9000 } };\n" })],
    [
      "a client's",
      python({
        "app/api.py": "class ApiClient:\n    def __init__(self, host='localhost', port=8000):\n        pass\n",
      }),
    ],
    [
      "a developer's",
      js({
        "config.js":
          "module.exports = {\n  development: {\n    host: 'localhost',\n    port: 8080\n  },\n  production: { port: 80 }\n};\n",
      }),
    ],
    [
      "a database's by its port",
      ruby({
        "lib/config.rb": "class Conf\n  def initialize\n    @host ||= 'localhost'\n    @port ||= 9200\n  end\nend\n",
      }),
    ],
    [
      "one of two",
      js({
        "config.js": "module.exports = { host: 'localhost', port: 8080 };\n",
        "settings.js": "module.exports = { host: '0.0.0.0', port: 8081 };\n",
      }),
    ],
    [
      "one that a switch chooses",
      js({
        "options.js":
          "this.listenHost = argv.public ? undefined : 'localhost';\nthis.hostName = this.listenHost || 'localhost';\nthis.port = 3001;\n",
      }),
    ],
    [
      "another listener's",
      js({
        "tunnel.js": "require('http').createServer(go).listen({ port: 0, host: '127.0.0.1' });\nrequire('./server');\n",
      }),
    ],
    [
      "two that may be meant",
      js({
        "config.js":
          "module.exports = { app: { webHost: 'localhost', webPort: 8080, guiHost: 'localhost', guiPort: 8081 } };\n",
      }),
    ],
    [
      "the URL of a host",
      js({ "config.js": "module.exports = { app: { host: 'http://localhost:8080', port: 8080 } };\n" }),
    ],
    [
      "a framework's own, where the option leaves it to a setting that is open",
      {
        "run.py":
          "import argparse\nimport loader\nparser = argparse.ArgumentParser()\nparser.add_argument('--host', env_var='app_host')\nargs = parser.parse_args()\nloader.find('web').run(args.host or loader.settings().host)\n",
        "web.py": "from flask import Flask\napp = Flask(__name__)\ndef run(host):\n    app.run(host=host)\n",
        "conf.py": "TABLE = {'main': {'host': '0.0.0.0', 'port': 5075}}\n",
      },
    ],
    [
      "one that the start opens",
      js({
        "config.js": "module.exports = { host: 'localhost', port: 8080 };\n",
        Procfile: "web: node server.js --host 0.0.0.0\n",
      }),
    ],
    [
      "a service's, whose port is called alike and is not the listener's",
      {
        ...reading,
        "settings.py": "class Settings(Base):\n    tile_host: str = 'localhost'\n    tile_port: int = 8108\n",
      },
    ],
    [
      "a service's, where all that is known of the listener's port is that PORT is read",
      python({
        "container.py": "import os\nbag = Bag(port=os.environ['PORT'])\n",
        "settings.py": "TILE_HOST = 'localhost'\nTILE_PORT = 8108\n",
      }),
    ],
    [
      "a table's beside a port that is made from PORT alone",
      {
        "app.py":
          "import os\nfrom tornado import web\nclass Runner:\n    def go(self):\n        web.Application([]).listen(int(self.bag.pick('port', os.environ['PORT'])), address=self.bag.pick('where'))\n",
        "conf.py": "TILES = dict(host='localhost', port=6600)\n",
      },
    ],
    [
      "a table's whose port is not the listener's",
      { ...reading, "conf.py": "TILES = dict(host='localhost', port=6600)\n" },
    ],
    [
      "what the program asks in another file",
      js({
        "config.js": "module.exports = { apiHost: 'localhost', apiPort: 3030 };\n",
        "pages.js":
          "const config = require('./config');\nmodule.exports = (p) => fetch(`http://${config.apiHost}:${config.apiPort}${p}`).then(console.log);\n",
      }),
    ],
    [
      "a flag of a command that asks the server",
      {
        ...reading,
        "ctl.py":
          "import argparse, urllib.request\np = argparse.ArgumentParser()\np.add_argument('--host', default='localhost')\np.add_argument('--port', default=8080)\na = p.parse_args()\nprint(urllib.request.urlopen(f'http://{a.host}:{a.port}/status').read())\n",
      },
    ],
    [
      "one for where PORT is not set",
      ruby({
        "lib/where.rb":
          'class Where\n  DEFAULT_HOST = "localhost"\n  DEFAULT_PORT = 8080\n  def host\n    ENV["PORT"] ? nil : DEFAULT_HOST\n  end\nend\n',
      }),
    ],
    [
      "Rust's flag of a command that asks the server",
      {
        ...typed,
        "src/status.rs":
          '#[derive(clap::Args)]\npub struct Status {\n    #[arg(long, default_value = "127.0.0.1")]\n    host: String,\n}\nimpl Status { pub fn run(&self) { reqwest::blocking::get(format!("http://{}:{}/", self.host, self.port)); } }\n',
      },
    ],
    [
      "Rust's table whose port is not the listener's",
      {
        ...typed,
        "src/license.rs":
          'pub struct LicenseServer { pub host: String, pub port: u16 }\nimpl Default for LicenseServer { fn default() -> Self { LicenseServer { host: "localhost".into(), port: 7000 } } }\n',
      },
    ],
  ])("%s", async (_, files) => {
    expect(await problemOf(files)).toBeUndefined();
  });
});
