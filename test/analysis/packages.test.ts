/** Values that come from another package of the program, in Go, Java and Rust. */
import { expect, it } from "vitest";
import { analyzeProject } from "../../src/analysis/analyze.ts";
import { loadProject } from "../../src/analysis/project.ts";
import { hostProblem, portProblem } from "../../src/analysis/verdict.ts";

/** What is wrong with the only listener. */
async function verdict(files: Record<string, string>) {
  const source = {
    root: ".",
    files: () => Object.keys(files),
    read: async (path: string) => new TextEncoder().encode(files[path]),
  };
  const found = await analyzeProject(await loadProject(source));
  expect(found.listeners.map((l) => l.evidence[0])).toHaveLength(1);
  const l = found.listeners[0] as (typeof found.listeners)[number];
  const signals = found.signalHandlers.flatMap((s) => s.signals);
  return { port: portProblem(l, found), host: hostProblem(l, found)?.kind, signals };
}

const LOCAL = { host: "literal", port: { kind: "literal", port: 2322 } };
const settings = (name: string): string =>
  `package com.example.config;\npublic class ${name} {\n  private String ip = "127.0.0.1";\n  public static final int PORT = 2322;\n  public String getIp() { return this.ip; }\n}\n`;
const app = (imports: string, port: string): Record<string, string> => ({
  "src/main/java/com/example/App.java": `package com.example;\nimport io.javalin.Javalin;\n${imports}\npublic class App {\n  public static void main(String[] a) {\n    Javalin.create().start(new Settings().getIp(), ${port});\n  }\n}\n`,
  "src/main/java/com/example/config/Settings.java": settings("Settings"),
});

it.each([
  ["that is imported", "import com.example.config.Settings;", "Settings.PORT"],
  ["of a package that is imported whole", "import com.example.config.*;", "Settings.PORT"],
  [
    "with its constant imported",
    "import com.example.config.Settings;\nimport static com.example.config.Settings.PORT;",
    "PORT",
  ],
])("follows a class of another Java package %s", async (_, imports, port) => {
  expect(await verdict(app(imports, port))).toMatchObject(LOCAL);
});

const go = (load: string, more = ""): Record<string, string> => ({
  "go.mod": "module example.com/app\n",
  "main.go": `package main\nimport (\n"net/http"\n"example.com/app/config"\n)\nfunc main() {\n  cfg, err := config.Load("x")\n  if err != nil { panic(err) }\n  srv := &http.Server{Addr: cfg.Server.Address}\n  srv.ListenAndServe()\n}\n`,
  "config/config.go": `package config\ntype Server struct { Address string }\ntype Config struct { Server Server }\nfunc Load(name string) (*Config, error) {\n${load}\n}\n${more}`,
});
const DEFAULTS = 'func defaults() *Config { return &Config{Server: Server{Address: "127.0.0.1:2322"}} }\n';

it("takes the first of Go's results, and where a member is read one that is not nil", async () => {
  const load = "  c := defaults()\n  if err := read(name, c); err != nil { return nil, err }\n  return c, c.check()";
  const check = "func (c *Config) check() error { return c.check() }\n";
  expect(await verdict(go(load, DEFAULTS + check))).toMatchObject(LOCAL);
});

it("knows a flag by its shape, whatever library declares it", async () => {
  const load = "  c := &Config{}\n  set := other.NewFlagSet()\n  register(c, set)\n  return c, nil";
  const flags =
    'func register(c *Config, set other.Set) {\n  set.StringVarP(&c.Server.Address, "addr", "a", "127.0.0.1:2322", "where")\n}\n';
  expect(await verdict(go(load, flags))).toMatchObject({ host: "literal", port: { kind: "option", name: "addr" } });
});

it("finds http.Server's address under its name in the program's own YAML", async () => {
  const files = {
    ...go("  c := &Config{}\n  return c, lib.Fill(c)"),
    "configs/config.default.yml":
      'App:\n  Other:\n    Address: "10.0.0.1:1"\n  Server:\n    Address: "127.0.0.1:2322"\n',
  };
  expect(await verdict(files)).toMatchObject({ host: "literal" });
});

it("keeps a variable that goes over a struct's default", async () => {
  const load = "  c := defaults()\n  mend(c)\n  return c, nil";
  const mend = 'func mend(c *Config) { c.Server.Address = ":" + os.Getenv("PORT") }\n';
  expect((await verdict(go(load, DEFAULTS + mend))).port).toBeUndefined();
});

it("gives the parameters of a function that is called where it stands what it is called with", async () => {
  const files = {
    "main.go":
      'package main\nimport "net/http"\nfunc main() {\n  go func(addr string) {\n    http.ListenAndServe(addr, nil)\n  }("127.0.0.1:2322")\n  select {}\n}\n',
  };
  expect(await verdict(files)).toMatchObject(LOCAL);
});

it("reads Go's files by their build constraints", async () => {
  const files = (constraint: string) => ({
    "main.go": 'package main\nimport "net/http"\nfunc main() {\n  go wait()\n  http.ListenAndServe(":80", nil)\n}\n',
    "wait.go": `//go:build ${constraint}\n\npackage main\nimport ("os/signal"; "syscall")\nfunc wait() { signal.Notify(c, syscall.SIGTERM) }\n`,
  });
  expect((await verdict(files("darwin || linux || (freebsd && !js)"))).signals).toContain("SIGTERM");
  expect((await verdict(files("windows || (linux && ignore)"))).signals).toEqual([]);
});

it("knows that ctrlc hears SIGTERM where it is asked to", async () => {
  const files = (features: string) => ({
    "Cargo.toml": `[dependencies]\nctrlc = { version = "3", features = [${features}] }\n`,
    "src/main.rs":
      'fn main() {\n  ctrlc::set_handler(move || {}).unwrap();\n  std::net::TcpListener::bind("0.0.0.0:2322").unwrap();\n}\n',
  });
  expect((await verdict(files('"termination"'))).signals).toContain("SIGTERM");
  expect((await verdict(files(""))).signals).toEqual(["SIGINT"]);
});

it("takes JavaScript for what browsers run where a server in Go is all that listens", async () => {
  const files: Record<string, string> = {
    "main.go": 'package main\nimport "net/http"\nfunc main() {\n  http.ListenAndServe(":80", nil)\n}\n',
    "main.js": "setInterval(() => fetch('/color'), 1000);\n",
  };
  const source = { root: ".", files: () => Object.keys(files), read: async (p: string) => Buffer.from(files[p] ?? "") };
  expect((await analyzeProject(await loadProject(source))).background).toEqual([]);
  delete files["main.go"];
  expect((await analyzeProject(await loadProject(source))).background).toHaveLength(1);
});
