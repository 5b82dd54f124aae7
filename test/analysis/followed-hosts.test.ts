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
    return [`${v.kind} ${v.name}${v.open ? "?" : ""}`, ...(v.fallback ?? []).flatMap(plain)];
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
