/** Listeners behind settings of libraries, workspaces of several crates, and servers that no catalogue has. */
import { describe, expect, it } from "vitest";
import { hostProblem, portProblem } from "../../src/analysis/verdict.ts";
import { facts } from "./programs.ts";

/** What is wrong with the listeners, as `framework port host`. */
async function said(files: Record<string, string>): Promise<string[]> {
  const found = await facts(files);
  return found.listeners.map((l) =>
    [l.framework, portProblem(l, found)?.kind ?? "-", hostProblem(l, found)?.kind ?? "-"].join(" "),
  );
}

describe("settings of Rust", () => {
  const actix = (bind: string) => `use actix_web::HttpServer;
use my_settings::Settings;
pub async fn run(settings: Settings) {
    let host = settings.host.clone();
    let mut server = HttpServer::new(move || app());
    if settings.slow { server = server.keep_alive(5); }
    let server = server.workers(2).bind(${bind}).unwrap().run();
    server.await.unwrap();
}
`;
  const crate = (body: string) => ({
    "settings/Cargo.toml": '[package]\nname = "my-settings"\n',
    "settings/src/lib.rs": body,
    "server/Cargo.toml": '[package]\nname = "server"\n',
    "server/src/main.rs": actix('format!("{}:{}", host, settings.port)'),
  });

  it("follows the default of a struct in another crate of the workspace", async () => {
    const body = `pub struct Settings { pub host: String, pub port: u16, pub slow: bool }
impl Default for Settings {
    fn default() -> Settings { Settings { host: "127.0.0.1".to_string(), port: 8000, slow: false } }
}
`;
    expect(await said(crate(body))).toEqual(["Actix literal literal"]);
  });

  it.each([
    ["serde's function", '#[serde(default = "local")]', 'fn local() -> String { "127.0.0.1".to_owned() }'],
    ["derive_builder's text", '#[builder(default = r#"String::from("127.0.0.1")"#)]', ""],
  ])("takes the default of a field from %s", async (_, attribute, more) => {
    const body = `#[derive(Deserialize)]\npub struct Settings {\n    ${attribute}\n    pub host: String,\n    #[builder(default = "8000")]\n    pub port: u16,\n    pub slow: bool,\n}\n${more}\n`;
    expect(await said(crate(body))).toEqual(["Actix option literal"]);
  });

  it("reads the address in the settings that lie beside the program, by their section", async () => {
    const files = {
      "Cargo.toml": '[package]\nname = "a"\n',
      "config.cfg": '[store]\ninet = "10.0.0.1:5000"\n\n[channel]\ninet = "[::1]:1491"\n',
      "src/main.rs": `use std::net::TcpListener;\nfn main() {\n    let conf = load();\n    let l = TcpListener::bind(conf.channel.inet).unwrap();\n}\n`,
    };
    expect(await said(files)).toEqual(["TcpListener option literal"]);
  });

  it("sees what stands inside of join!", async () => {
    const main = `use tokio::net::TcpListener;
async fn main() {
    tokio::join!(async { let l = TcpListener::bind("127.0.0.1:3000").await.unwrap(); axum::serve(l, app()).await.unwrap(); }, work());
}
`;
    expect(await said({ "Cargo.toml": "[package]\n", "src/main.rs": main })).toEqual(["TcpListener literal literal"]);
  });
});

describe("settings of Go", () => {
  it("follows a struct that is assigned into another one", async () => {
    const main = `package main

import "net"

type Server struct{ BindAddress string }
type Options struct{ Server Server }
type Legacy struct {
	HTTPAddress string
	Options     Options
}

func load() *Legacy { return &Legacy{HTTPAddress: "127.0.0.1:4180"} }

func (l *Legacy) Fill() { l.Options.Server = Server{BindAddress: l.HTTPAddress} }

func serve(o Options) { net.Listen("tcp", o.Server.BindAddress) }

func main() { l := load(); l.Fill(); serve(l.Options) }
`;
    expect(await said({ "go.mod": "module m\n", "main.go": main })).toEqual(["net literal literal"]);
  });

  it("is silent about a socket file", async () => {
    const main = `package main\n\nimport "net"\n\nfunc main() { net.Listen("unix", path()) }\n`;
    expect(await said({ "go.mod": "module m\n", "main.go": main })).toEqual([]);
  });

  it("counts a signal that a library is given", async () => {
    const main = `package main\n\nimport (\n\t"net/http"\n\t"os"\n\t"syscall"\n\n\t"github.com/oklog/run"\n)\n\nfunc main() {\n\tvar g run.Group\n\tg.Add(run.SignalHandler(ctx, os.Interrupt, syscall.SIGTERM))\n\thttp.ListenAndServe(":8080", nil)\n}\n`;
    const found = await facts({ "go.mod": "module m\n", "main.go": main });
    expect(found.signalHandlers.flatMap((s) => s.signals)).toEqual(["SIGTERM"]);
  });
});

it("takes defaults under what a file of the user's says", async () => {
  const files = {
    "server.js":
      'const fs = require("fs");\nconst defaults = { port: 2000, host: "127.0.0.1" };\nconst conf = { ...defaults, ...JSON.parse(fs.readFileSync(process.argv[2])) };\nrequire("http").createServer().listen(conf.port, conf.host);\n',
  };
  expect(await said(files)).toEqual(["Node option literal"]);
});

describe("method values", () => {
  it.each([["promisify(server.listen.bind(server))"], ["promisify(server.listen)"], ["server.listen.bind(server)"]])(
    "calls %s as listen",
    async (made) => {
      const files = {
        "server.js": `const { promisify } = require("util");\nconst server = require("http").createServer();\nconst listen = ${made};\nlisten(3000, "127.0.0.1");\n`,
      };
      expect(await said(files)).toEqual(["Node literal literal"]);
    },
  );
});

describe("server programs", () => {
  it("takes the address of the file that gunicorn is told to read", async () => {
    const files = {
      Procfile: "web: gunicorn -c conf/serve.py app:app\n",
      "conf/serve.py": 'bind = "0.0.0.0:9000"\n',
      "app.py": "app = 1\n",
    };
    expect(await said(files)).toEqual(["gunicorn literal -"]);
  });

  it("takes gunicorn's flags from the image's variable", async () => {
    const files = {
      Dockerfile: 'FROM python\nENV GUNICORN_CMD_ARGS="--bind=127.0.0.1:9000"\nCMD ["gunicorn", "app:app"]\n',
      "app.py": "app = 1\n",
    };
    expect(await said(files)).toEqual(["gunicorn literal literal"]);
  });

  it("leaves packages alone that a program carries along", async () => {
    const files = {
      "app.py": "import requests\n",
      "lib/six.py": "",
      "lib/requests/__init__.py": "",
      "lib/urllib3/__init__.py": "",
      "lib/cherrypy/server.py": "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 80))\ns.listen()\n",
    };
    expect(await said(files)).toEqual([]);
  });

  it("does not take a script that asks a port for one that hands PORT on", async () => {
    const files = {
      "main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(load(), nil) }\n',
      "healthcheck.sh": 'wget -q --spider "http://localhost:$PORT/health"\n',
    };
    expect(await said(files)).toEqual(["net/http never-read -"]);
  });
});

describe("servers that no catalogue has", () => {
  it.each([
    ["app.rb", 'require "agoo"\nAgoo::Server.init(8080, ".")\nAgoo::Server.start\n', "a server literal -"],
    [
      "app.rs",
      'fn main() { thing::HttpServer(app()).start("127.0.0.1:9000").unwrap(); }\n',
      "a server literal literal",
    ],
    ["app.py", 'import thing\nthing.Server(app, "0.0.0.0", 8080)\n', "a server literal -"],
    ["app.php", "<?php\nCluster::listen('0.0.0.0:8080');\n", "a server literal -"],
  ])("%s", async (path, text, expected) => {
    expect(await said({ [path]: text })).toEqual([expected]);
  });

  it.each([
    ["a client", 'import thing\nthing.RedisClient.start("127.0.0.1", 6379)\n'],
    ["a port that is not known", "import thing\nthing.Server(app, port=load())\n"],
    ["a number that is no port", "import thing\nthing.run_workers(12)\n"],
  ])("says nothing of %s", async (_, text) => {
    expect(await said({ "app.py": text })).toEqual([]);
  });
});
