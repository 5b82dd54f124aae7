/** What looks like a fault of the program and is another thing's: an option that is off, a helper, another class. */
import { expect, it } from "vitest";
import { lintSource } from "../../src/pipeline/source-lint.ts";

type Files = Record<string, string>;

async function rulesOf(files: Files): Promise<string[]> {
  const source = {
    root: ".",
    files: () => Object.keys(files),
    read: async (path: string) => new TextEncoder().encode(files[path]),
  };
  return (await lintSource(source)).filter((f) => f.severity !== "info").map((f) => f.rule);
}

const webrick = (options: string): Files => ({
  "server.rb": `require "webrick/https"\n${options}\nWEBrick::HTTPServer.new(Port: ENV["PORT"], SSLEnable: options[:ssl]).start\n`,
});
const uvicorn = (settings: string): Files => ({
  "main.py": `import os, uvicorn\nsettings = ${settings}\nuvicorn.run("app:app", host="0.0.0.0", port=int(os.environ["PORT"]), ssl_certfile=settings["cert"], ssl_keyfile=settings["key"])\n`,
});
const flask = (config: string): Files => ({
  "main.py": `import os\nfrom flask import Flask\napp = Flask(__name__)\nconfig = ${config}\napp.run(host="0.0.0.0", port=int(os.environ["PORT"]), ssl_context=config["ssl"])\n`,
});
const login = (cmd: string): Files => ({
  Dockerfile: `FROM node:20\nCOPY . .\nCMD ${cmd}\n`,
  "package.json": '{ "scripts": { "start": "node server.js" }, "bin": "bin/login.js" }',
  "server.js": 'require("http").createServer(f).listen(process.env.PORT);\n',
  "bin/login.js": 'const https = require("https");\nhttps.createServer(pair, f).listen(8443);\n',
});
const stops = (elsewhere: string): Files => ({
  "go.mod": "module example.com/app\n",
  "main.go":
    'package main\nimport (\n\t"net/http"\n\t"os"\n\t"os/signal"\n\t"example.com/lib"\n)\nfunc main() {\n\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, lib.Signals()...)\n\tgo func() { <-c; os.Exit(0) }()\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
  "other.go": `package main\nimport (\n\t"os"\n\t"syscall"\n)\nvar _ os.Signal\n${elsewhere}\n`,
});
const drb = (front: string): Files => ({
  "worker.rb": `require "drb"\nDRb.start_service("druby://localhost:8788", ${front})\nDRbObject.new_with_uri(ENV["QUEUE"]).take\n`,
});
const cherrypy = (table: string, project: Files = {}): Files => ({
  ...project,
  "web.py": `import cherrypy\ndef start(options=None):\n    if options is None:\n        options = {}\n    cherrypy.config.update(${table})\n`,
  "main.py": "import web, settings\nweb.start({'port': settings.read()['PORT'], 'host': settings.read()['HOST']})\n",
  "cherrypy/__init__.py": "",
  "cherrypy/lib/cover.py": "import cherrypy\ncherrypy.config.update({'server.socket_port': 8123})\n",
});
const hypercorn = (flags: string): Files => ({
  Dockerfile: `FROM python:3.13\nCOPY . .\nCMD hypercorn ${flags} wsgi:app\n`,
  "wsgi.py": "app = None\n",
});

const EVERY_SECOND = "setInterval(() => poll(), 1000);\n";
const beside = (path: string, text: string): Files => ({ [path]: text, "src/main/java/App.java": "class App {}\n" });
const exiting = (otherwise: string): Files => ({
  "server.js": `if (process.env.STORE_URL) {\n  start();\n} else {\n  ${otherwise}\n}\n`,
});
const keyed = (ssl: string): Files => ({
  "main.py": `import os\nssl = ${ssl}\nif ssl:\n    key = os.environ["KEY_FILE"]\n`,
});
const nginx = (base: string): Files => ({
  Dockerfile: `FROM ${base}\nCOPY . /app\n`,
  "docker/proxy/site.conf": "server {\n  listen 443 ssl;\n  ssl_certificate /etc/c.pem;\n}\n",
});
const expressApp = (start: string): Files => ({ "server.js": `const app = require("express")();\n${start}\n` });
const stopping = (handler: string): Files =>
  expressApp(
    `const server = app.listen(process.env.PORT);\nfunction stop(signal) {\n  server.close(() => process.exit(0));\n}\nprocess.on("SIGTERM", () => {\n  ${handler}\n});`,
  );

it.each<[string, string, boolean, Files]>([
  ["an option of a hash that is off", "KS010", false, webrick("options = { port: 8080, ssl: false }")],
  ["an option that the hash does not have", "KS010", false, webrick("options = { port: 8080 }")],
  ["an option of a hash that is on", "KS010", true, webrick("options = { port: 8080, ssl: true }")],
  [
    "an option over a default that is off",
    "KS010",
    true,
    {
      "server.rb":
        'require "webrick/https"\nclass Server\n  DEFAULTS = { port: 8080, ssl: false }.freeze\n  def initialize(options = {})\n    @options = DEFAULTS.merge(options)\n  end\n  attr_reader :options\n  def start\n    WEBrick::HTTPServer.new(Port: ENV["PORT"], SSLEnable: options[:ssl]).start\n  end\nend\n',
    },
  ],
  ["an option that was not followed", "KS010", true, webrick("options = Library.options")],
  [
    "the first port that is given",
    "KS001",
    false,
    {
      "server.js":
        'const port = [require("yargs").argv.port, process.env.PORT, 3000].filter(Boolean)[0];\nrequire("http").createServer(f).listen(port);\n',
    },
  ],
  ["a certificate that is None", "KS010", false, uvicorn('{"cert": None, "key": None}')],
  ["a certificate that is given", "KS010", true, uvicorn('{"cert": "a.pem", "key": "b.pem"}')],
  ["a context that is None", "KS010", false, flask('{"ssl": None}')],
  ["a context that is made up", "KS010", true, flask('{"ssl": "adhoc"}')],
  ["a command beside what the image and npm start both start", "KS010", false, login('["node", "server.js"]')],
  ["the command itself", "KS010", true, login('["node", "bin/login.js"]')],
  ["a signal that is only sent", "KS020", true, stops("func stop(p int) { syscall.Kill(p, syscall.SIGTERM) }")],
  ["signals that a list holds", "KS020", false, stops("var list = []os.Signal{os.Interrupt, syscall.SIGTERM}")],
  [
    "a host of the dictionary that a caller gives",
    "KS002",
    false,
    cherrypy("{'server.socket_port': options['port'], 'server.socket_host': options['host']}"),
  ],
  ["a dictionary without a host", "KS002", true, cherrypy("{'server.socket_port': options['port']}")],
  [
    "a server that is a project of its own",
    "KS002",
    true,
    cherrypy("{'server.socket_host': options['host']}", { "setup.py": "" }),
  ],
  ["settings in a file", "KS002", false, hypercorn("--config production.toml")],
  ["settings in no file", "KS002", true, hypercorn("")],
  ["a client that is called back", "KS001", false, drb("nil")],
  ["an object that is served", "KS001", true, drb("Queue.new")],
  ["a call whose answer is dropped", "KS001", true, expressApp('void app.listen(3000, "0.0.0.0");')],
  ["a handler that is dropped so", "KS021", false, stopping('void stop("SIGTERM");')],
  ["a script among a Java program's resources", "KS030", false, beside("src/main/resources/tracker.js", EVERY_SECOND)],
  ["a script elsewhere", "KS030", true, beside("src/main/js/tracker.js", EVERY_SECOND)],
  [
    "a component of Angular",
    "KS030",
    false,
    beside("web/home.ts", `import { Component } from "@angular/core";\n${EVERY_SECOND}`),
  ],
  ["an exit in a callback of the other branch", "KS110", false, exiting("start().catch(() => process.exit(1));")],
  ["a variable that an option asks for", "KS110", false, keyed("False")],
  ["a variable under what is always so", "KS110", true, keyed("True")],
  ["nginx before an image that has none", "KS011", false, nginx("node:20")],
  ["nginx in the image", "KS011", true, nginx("nginx:1.27")],
  ["an exit of the other branch", "KS110", true, exiting("process.exit(1);")],
  ["a scheduler that is asked for a job", "KS030", false, { "check.rb": "job = Rufus::Scheduler.singleton.job(id)\n" }],
  [
    "a scheduler that is given one",
    "KS030",
    true,
    { "check.rb": 'Rufus::Scheduler.singleton.cron "0 12 * * *" do\nend\n' },
  ],
])("%s: %s is %s", async (_, rule, found, files) => {
  expect((await rulesOf(files)).includes(rule)).toBe(found);
});

it.each([
  ["always", "options.https = { key, cert };", "error"],
  ["only where it is asked for", "if (settings.https) {\n  options.https = { key, cert };\n}", "warning"],
])("TLS that is laid over a server's options %s", async (_, laid, severity) => {
  const text = `const options = { logger: true };\n${laid}\nrequire("fastify")(options).listen({ port: process.env.PORT });\n`;
  const found = await lintSource({ root: ".", files: () => ["server.js"], read: async () => Buffer.from(text) });
  expect(found.find((f) => f.rule === "KS010")?.severity).toBe(severity);
});

it("a port that another class gives itself is not the server's", async () => {
  const found = await lintSource({
    root: ".",
    files: () => ["app.py"],
    read: async () =>
      Buffer.from(
        "from library import Base\nfrom flask import Flask\napp = Flask(__name__)\nclass Server(Base):\n    def run(self):\n        app.run(host=self.host, port=self.port)\nclass Cache:\n    def __init__(self):\n        self.host = 'localhost'\n        self.port = 6379\n",
      ),
  });
  expect(found.map((f) => f.message).join("\n")).not.toContain("6379");
});
