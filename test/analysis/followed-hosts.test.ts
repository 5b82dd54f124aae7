/** Hosts that are followed to where they are written, through what typed languages put between: nothing here is guessed. */
import { describe, expect, it } from "vitest";
import type { FactValue } from "../../src/analysis/facts.ts";
import { facts } from "./programs.ts";

/** All that the host of the only listener can be: what is written, and the defaults of flags and variables. */
async function hosts(files: Record<string, string>): Promise<unknown[]> {
  const { listeners } = await facts(files);
  expect(listeners.map((l) => l.evidence[0])).toHaveLength(1);
  const plain = (v: FactValue): unknown[] => {
    if (v.kind === "literal") return [v.value];
    if (v.kind !== "option" && v.kind !== "env") return [v.kind];
    return [`${v.kind} ${v.name}${v.kind === "option" && v.open ? "?" : ""}`, ...(v.fallback ?? []).flatMap(plain)];
  };
  return listeners[0]?.host.flatMap(plain) ?? [];
}

describe("Go", () => {
  // PORT is known to each: then what is written elsewhere is not taken for a host that was lost.
  const go = (imports: string, code: string): Record<string, string> => ({
    "go.mod": "module example.com/app\n",
    "main.go": `package main\nimport (\n${imports
      .split(" ")
      .map((i) => `"${i}"\n`)
      .join("")})\nvar port = os.Getenv("PORT")\n${code}\n`,
  });

  it.each<[string, string, string, unknown[]]>([
    [
      "the parts of an address, and what is put together of them again",
      "flag net net/http os",
      `func main() {
        addr := flag.String("addr", "127.0.0.1:80", "")
        host, _, err := net.SplitHostPort(*addr)
        if err != nil { panic(err) }
        http.ListenAndServe(net.JoinHostPort(host, port), nil)
      }`,
      ["option addr", "127.0.0.1"],
    ],
    [
      "an address without its scheme",
      "flag net/http os strings",
      `func main() {
        addr := flag.String("addr", "http://127.0.0.1:8080/", "")
        http.ListenAndServe(strings.TrimSuffix(strings.TrimPrefix(*addr, "http://"), "/"), nil)
      }`,
      ["option addr", "127.0.0.1"],
    ],
    [
      "a list that is appended to",
      "net/http os",
      `func main() {
        var addrs []string
        addrs = append(addrs, "127.0.0.1:"+port)
        for _, addr := range addrs { http.ListenAndServe(addr, nil) }
      }`,
      ["127.0.0.1"],
    ],
    [
      "a list of which not all is known",
      "net/http os",
      `func main() {
        addrs := load()
        addrs = append(addrs, "0.0.0.0:"+port)
        for _, addr := range addrs { http.ListenAndServe(addr, nil) }
      }`,
      ["unknown", "0.0.0.0"],
    ],
    [
      "a type that something without one is taken for",
      "net/http os sync/atomic",
      `type server struct { host string }
      var held atomic.Value
      func main() {
        held.Store(&server{host: "127.0.0.1"})
        s := held.Load().(*server)
        http.ListenAndServe(s.host+":"+port, nil)
      }`,
      ["127.0.0.1"],
    ],
    [
      "a flag that is declared link by link",
      "gopkg.in/alecthomas/kingpin.v2 net/http os",
      `type options struct { host string }
      var o options
      func main() {
        kingpin.Flag("host", "where").Default("127.0.0.1").StringVar(&o.host)
        kingpin.Parse()
        http.ListenAndServe(o.host+":"+port, nil)
      }`,
      ["option host", "127.0.0.1"],
    ],
    [
      "the same with a variable",
      "gopkg.in/alecthomas/kingpin.v2 net/http os",
      `type options struct { host string }
      var o options
      func main() {
        kingpin.Flag("host", "where").Envar("APP_HOST").Default("127.0.0.1").StringVar(&o.host)
        kingpin.Parse()
        http.ListenAndServe(o.host+":"+port, nil)
      }`,
      ["env APP_HOST", "option host", "127.0.0.1"],
    ],
    [
      "flags that viper lays into a struct by their names",
      "net/http os github.com/spf13/pflag github.com/spf13/viper",
      `type config struct { Host string \`mapstructure:"bind-to"\` }
      func main() {
        fs := pflag.NewFlagSet("default", pflag.ContinueOnError)
        fs.String("bind-to", "127.0.0.1", "where")
        viper.BindPFlags(fs)
        var c config
        viper.Unmarshal(&c)
        http.ListenAndServe(c.Host+":"+port, nil)
      }`,
      ["option bind-to", "127.0.0.1"],
    ],
  ])("%s", async (_, imports, code, expected) => {
    expect(await hosts(go(imports, code))).toEqual(expected);
  });
});

describe("Go, in several files", () => {
  it.each<[string, Record<string, string>, unknown[]]>([
    [
      "a method in another file than its type",
      {
        "main.go": `package main
import ("net/http"; "os")
func main() {
  c := config{host: "127.0.0.1"}
  http.ListenAndServe(c.address(os.Getenv("PORT")), nil)
}
`,
        "config.go": "package main\ntype config struct { host string }\n",
        "address.go": 'package main\nfunc (c *config) address(port string) string { return c.host + ":" + port }\n',
      },
      ["127.0.0.1"],
    ],
  ])("%s", async (_, files, expected) => {
    expect(await hosts({ "go.mod": "module example.com/app\n", ...files })).toEqual(expected);
  });
});

describe("Rust", () => {
  const CARGO = '[package]\nname = "my-app"\n';
  it.each<[string, Record<string, string>, unknown[]]>([
    [
      "options that are flattened into others",
      {
        "src/main.rs": `use clap::Parser;
          #[derive(Parser)] struct Args { #[clap(flatten)] server: ServerArgs }
          #[derive(Parser)] struct ServerArgs { #[clap(long, default_value = "127.0.0.1")] host: String }
          fn main() {
            let args = Args::parse();
            let port = std::env::var("PORT").unwrap();
            let l = std::net::TcpListener::bind(format!("{}:{}", args.server.host, port)).unwrap();
          }`,
      },
      ["option --host", "127.0.0.1"],
    ],
    [
      "names that a module gives on, all of another's",
      {
        "src/main.rs": `mod config;
          use config::*;
          fn main() {
            let port = std::env::var("PORT").unwrap();
            let l = std::net::TcpListener::bind(format!("{}:{}", HOST, port)).unwrap();
          }`,
        "src/config/mod.rs": "mod server;\npub use server::*;\n",
        "src/config/server.rs": 'pub const HOST: &str = "127.0.0.1";\n',
      },
      ["127.0.0.1"],
    ],
    [
      "what the crate begins with gives on",
      {
        "src/lib.rs": "mod server;\nmod settings;\npub use settings::HOST;\n",
        "src/settings.rs": 'pub const HOST: &str = "127.0.0.1";\n',
        "src/server.rs": `use crate::HOST;
          pub fn run() {
            let port = std::env::var("PORT").unwrap();
            let l = std::net::TcpListener::bind(format!("{}:{}", HOST, port)).unwrap();
          }`,
      },
      ["127.0.0.1"],
    ],
    [
      "a struct that is built, which nothing but its own fields describe",
      {
        "src/main.rs": `#[derive(Builder)] struct App { config: Config }
          struct Config { host: String }
          fn config() -> Config { Config { host: "127.0.0.1".to_string() } }
          fn main() {
            let app = App::builder().config(config()).build();
            let port = std::env::var("PORT").unwrap();
            let l = std::net::TcpListener::bind(format!("{}:{}", app.config.host, port)).unwrap();
          }`,
      },
      ["127.0.0.1"],
    ],
    [
      "a name of one arm, which another arm has for something else, and an arm that ends the program",
      {
        "src/main.rs": `fn main() {
            let level = match parse() { Ok(s) => s, Err(e) => std::process::exit(1) };
            let host = match Some("127.0.0.1") { Some(s) => s, None => std::process::exit(2) };
            let port = std::env::var("PORT").unwrap();
            let l = std::net::TcpListener::bind(format!("{host}:{port}")).unwrap();
          }`,
      },
      ["127.0.0.1"],
    ],
    [
      "one default by two ways, under what was not followed",
      {
        "src/main.rs": `mod a; mod b; mod serve;
          pub fn host() -> String { std::env::var("HOST").unwrap_or_else(|_| "127.0.0.1".to_string()) }
          fn main() { a::go(); b::go(); }`,
        "src/a.rs": "pub fn go() { crate::serve::run(crate::config(), crate::host()); }\n",
        "src/b.rs": "pub fn go() { crate::serve::run(crate::config(), crate::host()); }\n",
        "src/serve.rs": `pub fn run(config: Config, host: String) {
            let port = std::env::var("PORT").unwrap();
            let usual = format!("{host}:{port}");
            let l = std::net::TcpListener::bind(config.addr.clone().unwrap_or_else(|| usual.to_string())).unwrap();
          }`,
      },
      ["option its configuration?", "env HOST", "127.0.0.1"],
    ],
    [
      "what a variant holds that another function made",
      {
        "src/main.rs": `mod env;
          fn main() {
            match env::socket() {
              env::Socket::Tcp(host) => {
                let port = std::env::var("PORT").unwrap();
                let l = std::net::TcpListener::bind(format!("{host}:{port}")).unwrap();
              }
              env::Socket::Unix(path) => {}
            }
          }`,
        "src/env.rs": `pub enum Socket { Tcp(String), Unix(PathBuf) }
          pub fn socket() -> Result<Socket, Error> {
            if let Ok(path) = std::env::var("SOCKET_PATH") { return Ok(Socket::Unix(path.into())); }
            Ok(Socket::Tcp("127.0.0.1".to_string()))
          }`,
      },
      ["127.0.0.1"],
    ],
  ])("%s", async (_, files, expected) => {
    expect(await hosts({ "Cargo.toml": CARGO, ...files })).toEqual(expected);
  });
});
