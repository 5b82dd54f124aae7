/**
 * What tells an address of somebody else from the one that a program listens on, where both are only known by their names:
 * the port beside it is not the listener's, or the program asks whoever is there.
 */
import { escaped } from "../../base/escaped.ts";
import type { FactValue, Listener, Place } from "../facts.ts";
import { functionSpan } from "../go/functions.ts";
import { plainName } from "./setting-owners.ts";

/** Words of what is somewhere else, or beside the server. */
export const OTHERS =
  /client|connect|daemon|local_?(?:bind|addr|host(?!\b)|ip|url|only)|dial|redis|mysql|maria|postgres|pgsql|mongo|smtp|smpp|snmp|kerberos|mail|imap|kafka|amqp|mqtt|rabbit|memcache|elastic|database|(?<![a-z])(db|dsn|jdbc|sql|es|mq|nats|ldap|ssh|ftp|dns|otlp|lsp)(?![a-z])|upstream|backend|remote|target|origin|cors|allow|trust|redirect|callback|base_?ur[li]|public_?(?:ur|addr|host|ip|end|api|base)|external|advertise|announce|proxy_?(to|pass|url)|peer|seed|broker|influx|statsd|syslog|tracing|jaeger|zipkin|collector|prometheus|metrics|stats|health|monitor|internal[_-]?(?:addr|host|listen|bind|api)|management|mgmt|pprof|debug|inspector|inspect[:_-]|profil|consul|etcd|zookeeper|vault|gossip|cluster|raft|admin|selenium|chrome|docker|ollama|openai|issuer|oauth|auth_?url|lets_?encrypt|webhook|notify|exec\.Command|ProcessBuilder|ProcessStartInfo|example|test|mock|println|printf|errorf|log\.|logger|info!|warn!|contains|equals|==|!=|starts_?with|HasPrefix|replace|request|fetch|post\(|get\(/i;

/** What the ports of listeners are called, and their numbers. */
export interface Ports {
  names: ReadonlySet<string>;
  numbers: ReadonlySet<string>;
}

/** Undefined where one of them was not followed to its end. */
export function portsOf(listeners: readonly Listener[]): Ports | undefined {
  const names = new Set<string>();
  const numbers = new Set<string>();
  const isKnown = (v: FactValue): boolean => {
    if (v.kind === "literal") numbers.add(String(v.value));
    if (v.kind === "derived") {
      for (const name of v.env) names.add(name);
      return !names.has("*");
    }
    if (v.kind === "env" || v.kind === "option") {
      // What an option has where nobody gives it is its default.
      if (v.kind === "env" || !v.fallback) names.add(v.name);
      // Without PORT it does not start: `environ["PORT"]`.
      return (v.fallback ?? []).every((f) => (v.name === "PORT" && f.kind === "unknown") || isKnown(f));
    }
    return v.kind === "literal" || v.kind === "absent";
  };
  return listeners.every((l) => l.port.every(isKnown)) ? { names, numbers } : undefined;
}

/** `process.env.PORT`, `environ["PORT"]`, `ENV.fetch("PORT", …)`, `getenv('PORT')` */
export const READS_PORT = /(?:env(?:iron)?|ENV)(?:\.|\(["']|\[["']|\.(?:get|fetch)\(["'])PORT(?!\w)/;

/** Where the listener's port was not followed, and the program reads PORT: that it is PORT is all that is known. */
export const PORT_ONLY: Ports = { names: new Set(["PORT"]), numbers: new Set() };

/** `port: 8080`, `port = Number(env.PORT || 8080)`, `"--port", type=int, default=8080`: what it is called, and what it is. */
const PORTS =
  /(?<![A-Za-z])((?:[\w-]{0,40}[_-])?(?:port|PORT)|[A-Za-z]\w{0,40}Port|Port)\b["']?\]?\s{0,9}(?:\{ get; \w+; \} )?(?=([:=,|?][^\n;]{0,120}))/g;

/**
 * Is the port that stands beside a host another one than the listener's?
 *
 * @param beside the lines around the host that belong to it
 * @param stem what stands before `host` in its name: whose port it is
 */
export function isBesideOtherPort(beside: string, stem: string, { names, numbers }: Ports): boolean {
  const all = [...beside.matchAll(PORTS)].filter(
    ([, name = "", rest = ""]) => plainName(name) === `${plainName(stem)}port` && /\d/.test(rest),
  );
  const words = (text: string): string[] => text.match(/\w+/g) ?? [];
  return (
    all.length > 0 &&
    !all.some(([, name, rest]) => words(`${name} ${rest}`).some((w) => names.has(w) || numbers.has(w)))
  );
}

/** `"127.0.0.1:5353"`, where the listener's port is another one. */
export function isAtOtherPort(written: string | undefined, { numbers }: Ports): boolean {
  const port = /:(\d{2,5})\/?["'\x60]$/.exec(written ?? "")?.[1];
  return port !== undefined && !numbers.has(port);
}

/** What is called to reach somebody. */
const ASKS = String.raw`(?:connect\w{0,40}|create_?connection|(?:requests|https?(?:["']\))?|httpx|axios|got|HTTP|blocking|reqwest|net)(?:\.|::)(?:get|post|put|request|start|dial)|fetch|urlopen|file_get_contents|fsockopen|stream_socket_client|[A-Z]\w{0,40}(?:Client|Connection)|(?<!\w)Socket|TCPSocket\.(?:new|open))\s*\([^;\n]{0,200}`;
const OPENS = String.raw`(?:\w{0,40}(?:listen|bind|serve|site|process)\w{0,40}|run\w{0,40}|start)\s*\([^;()]{0,120}(?:\([^;()]{0,60}\)[^;()]{0,120}){0,3}`;
/** `"http://" + host`, `https://${config.host}`, `"http://{}:{}/", self.host` */
const URL = String.raw`\w:\/\/(?:["'\x60]\s*[+.]\s*|[$#]?\{|%s[^\n]{0,40}|\{\}[^\n]{0,60})[^\s"'\x60{}]{0,40}["']?`;
/** What is told to people, or opened for them. */
const TELLS = /\b(?:console|log\w*|e?print\w*!?|puts|echo|info|warn|debug|write\w*|say|open|message|msg|notice)\b/i;

/** Does the code ask at what a name says, and give it to nothing that listens? */
export function isAskedAt(name: string, codes: Iterable<string>): boolean {
  const called = [...plainName(name)].map(escaped).join("[-_]?");
  // Not what an argument or an entry is called that is given something else, nor what a variable is asked for by.
  const use = String.raw`(?:(?<![\w"'\x60-])|(?<=\[["'])|(?<=getOption\(["']))${called}(?![\w-]|["']?\s*(?:=(?!=)|:(?!:)))`;
  const [mentioned, asked, url, opened] = [called, `\\b${ASKS}${use}`, URL + use, `\\b${OPENS}${use}`].map(
    (text) => new RegExp(text, "i"),
  ) as [RegExp, RegExp, RegExp, RegExp];
  const asks = (line: string): boolean => {
    if (line.length > 1000 || !mentioned.test(line)) return false;
    const at = url.exec(line)?.index;
    return (at !== undefined && !TELLS.test(line.slice(0, at))) || asked.test(line);
  };
  let isAsked = false;
  for (const code of codes) {
    if (!mentioned.test(code)) continue;
    if (opened.test(code)) return false;
    isAsked ||= code.split("\n").some(asks);
  }
  return isAsked;
}

/** An address in a language with types: by the port in the same table or type, by what its file does with it. */
export function isAddressOfOthers(
  name: string,
  { start, end }: Place,
  text: string,
  ports: Ports | undefined,
): boolean {
  if (isWithoutPort(name, text)) return true;
  if (/listen|bind|serve/i.test(name)) return false;
  const beside = `${/(?:[^\n{};]|(?<=\{ get); set; \})*$/.exec(text.slice(Math.max(0, start - 300), start))?.[0]}${/^[^{}]*(?:\{ get; \w+; \}[^{}]*)*/.exec(text.slice(end, end + 300))?.[0]}`;
  // `DefaultHost` beside `DefaultPort`
  const stems = ["", name.replace(/(?:host(?:name)?|addr(?:ess)?|ip)$/i, "")];
  return (ports !== undefined && stems.some((s) => isBesideOtherPort(beside, s, ports))) || isAskedAt(name, [text]);
}

/**
 * `kestrel.Listen(IPAddress.Loopback, 0)`, at a port that the system picks, and `new TcpListener(IPAddress.Loopback, port)`,
 * which is known: where it was left out it only asked whether a port is free.
 */
export function isForPortAlone({ file, start, end }: Place, texts: ReadonlyMap<string, string>): boolean {
  const text = texts.get(file) ?? "";
  if (/\bnew\s+TcpListener\s*\(\s*$/.test(text.slice(Math.max(0, start - 40), start))) return true;
  return /^["']?\s*,\s*0\s*\)/.test(text.slice(end, end + 20));
}

/** `listen(0, host)`, `host + ":0"`: what only asks the system for a port, by this name or by one that it is the default of. */
export function isForFreePort(name: string, code: string): boolean {
  if (!/\b0\b/.test(code)) return false;
  const word = escaped(name);
  const names = [
    word,
    ...[
      ...code.matchAll(
        new RegExp(`\\b(\\w+)\\s*(?::\\s*\\w+\\s*)?(?:=|\\|\\||\\?\\?|\\bor)\\s*${word}(?![\\w(])`, "g"),
      ),
    ].map((m) => escaped(m[1] as string)),
  ].join("|");
  const opens = new RegExp(
    `\\b\\w*(?:listen|bind|serve)\\w*!?\\s*\\((?:[^;\\n]{0,120}[\\s({,.&])?(?:${names})\\b[^;\\n]{0,60}`,
    "gi",
  );
  const all = [...code.matchAll(opens)].map((m) => m[0]);
  return all.length > 0 && all.every((use) => FREE_PORT.test(use));
}

/** An address at which nothing is served: it asks for a free port, or is told to whoever asks. */
export function isForTheAsking(name: string, at: number, code: string): boolean {
  return isForFreePort(name, code) || isForUrls(at, code);
}

/** What a function of Go that is called after URLs makes addresses of, for others to ask at: `func serviceURLs(…) []string`. */
function isForUrls(at: number, code: string): boolean {
  const { from, to } = functionSpan(code, at);
  const text = code.slice(from, to);
  return /^func\s*(?:\([^)]*\)\s*)?\w*ur[il]s?\(/i.test(text) && text.includes("://") && !/listen|bind/i.test(text);
}

const FREE_PORT = /\(\s*\(?\s*0\s*,|,\s*0\s*[,)]|\bport\s*[:=]\s*0\b|:0["'`]|["'`]0["'`]/;

/** `process.env.PORT ? undefined : LOCAL`, `if os.Getenv("PORT") != "" { return "" }; return LOCAL`: where PORT is set it is another one. */
export function isWithoutPort(name: string, code: string): boolean {
  const use = String.raw`(?<![\w-])${escaped(name)}(?![\w-])`;
  const told = String.raw`(?<!\w)PORT(?!\w)["'\x60]?\s*[\])]?`;
  return new RegExp(
    String.raw`${told}\s*(?:\?(?!\?)[^\n;]{0,80}:[^\n;]{0,40}${use}|(?:in [\w.]{1,30}\s*)?else\b[^\n;]{0,40}${use}|!==?\s*(?:""|'')\s*\)?\s*\{\s*return\b[^\n]*\s*\}\s*return\b[^\n]{0,40}${use})`,
  ).test(code);
}
