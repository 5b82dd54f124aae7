/**
 * Where nothing in a program is known to listen: the calls that look like a server of a library that the catalogues do
 * not have. Only an address or a port that is followed to its end counts, at a call that names a server.
 */
import { isAddress, isBound, isHost, isHostName, isPort } from "./address-values.ts";
import { type FactSink, factValues, place, quote, reachOf, splitAddress } from "./collect.ts";
import type { Evaluator } from "./evaluate/evaluator.ts";
import { isToBase } from "./evaluate/heirs.ts";
import { asksForError, type Call, type Expr, lastName } from "./ir.ts";
import { languageOf } from "./project.ts";
import { classAround, type Scope, type SourceModule } from "./scope/scope.ts";
import { optionsOfServer } from "./server-options.ts";
import { SERVICE_PORTS } from "./service-ports.ts";
import { followedByName, settingName } from "./settings/declared-options.ts";
import { OF_CLIENTS } from "./settings/usual-address.ts";
import { ABSENT, alternatives, textOf, usually, type Value } from "./values.ts";

/** Worth parsing: a port near a word of servers. */
const CANDIDATE =
  /\b(?:\w{0,40}(?:server\w{0,40}|host|port|prefix\w{0,40})|urls?|InetSocketAddress|listen\w{0,40}|serve|start|run|init|bind|howl|cluster|addr\w{0,40})\b[^\n]{0,80}?(?<![\d.])(?:\d{2,5}\b|PORT)|\.(?:run|serve|listen|start)\([^\n]{0,80}\b(?:host ?=|(?:host|ip|\w{0,20}addr(?:ess)?),[^\n]{0,40}port\b)|\.listen\([^\n]{0,80}\b(?:conf|config|settings|options|opts|argv|args)\.|\.ListenAndServe(?:TLS)?\(|\b\w{0,40}Server::(?:bind|builder|from_tcp)\(|\baxum::serve\(|\.Serve(?:TLS)?\(|\bnew \w{0,40}Server\(\$?"(?:wss?|https?|tcp):\/\/|\bhost(?:name)?\b[^\n]{0,80}["'`](?:localhost|127\.0\.0\.1)["'`]/i;
/** What starts a server, as the last name of a call. */
const STARTS =
  /^(\w*[sS]erver\w*|\w*[lL]isten\w*|[A-Z]\w*Host|\w*SelfHostConfiguration|[sS]erve|[sS]tart(?:_?(?:[tT]cp|[wW]s|[hH]ttp|[wW]eb))?|[rR]un|[iI]nit|[bB]ind|howl|addListener|addHttpListener|worker|Worker|spin|InetSocketAddress)$/;
/** What ends one is told why: `StopServer(4001)`. */
const STOPS = /^(?:stop|close|kill|shut_?down|terminate|destroy|dispose|disconnect)/i;
/** What has to do with somebody else's server: `new ServerDumper("tcp://127.0.0.1:9912")`, the servers that a store is at, what waits for a sign-in. */
const ABOUT_OTHERS =
  /[sS]erver(?:Dumper|Connection|Connector|Info|Entry|Ref(?:erence)?|Proxy|Monitor|Url|Uri|Exception|Error|Selector)s?$|^\w*Models?_Server$|^run_local_server$/;
const SERVICE_PORT = new RegExp(`^(?:${SERVICE_PORTS})$`);
/** What makes one of the class that it is called on. */
const MAKES = /^(create|autoCreate|of|open|newServer)$/;
/** What sets going what was made. */
const GOES = /(?:->|\.)(?:run|start|listen|serve)\(/;
/** Builders' way to say the port: `withHttpPort(8080)`, `.SetPort(8080)`. */
const SETS_PORT = /^(?:with|set|add|use|on)?_?(?:http|listen|server|url)?_?(?:port|prefix|urlprefix|address|addr)$/i;
const SETS_HOST = /^(?:with|set|use)?_?(?:server|listen|bind|http)?_?(?:host|host_?name|addr(?:ess)?|ip|interface)$/i;
/** What is taken apart there, or asked for. */
const OF_A_URL = /(?:^|[/_a-z])(?:[uU](?:ri|rl|RI|RL)|[rR]equest)\.\w+$/;
/** Members to which the port of a server is assigned. */
const ASSIGNED = /^(?:socket_)?(?:port|addr|address|listen)$/i;
/** Whose port it is not. */
const CLIENT =
  /client|(?<!on_?)connect|dial|redis|mysql|maria|postgres|\bpg\b|mongo|smtp|mail|kafka|amqp|rabbit|memcache|elastic|database|\bdb\b|jdbc|proxy_pass|statsd|syslog|socks|metrics|prometheus|debug|inspect|test|\bmock|request|fetch|process\b|browser|selenium|chrome|webdriver/i;
/** What serves requests on a socket that is made elsewhere. */
const SERVES =
  /^(?:net\/http\.(?:Server\.)?Serve(?:TLS)?|google\.golang\.org\/grpc\.NewServer\(\)\.Serve|axum\.serve|(?:axum|hyper)(?:\.server)?\.Server\.(?:builder|from_tcp)\(\)(?:\..*)?\.serve)$/;
/** Sockets that no request from outside comes to, or by ways of their own. */
const OTHER_SOCKETS = /["']unix["']|\bunix:\/\/|\bUnixListener\b|\btsnet\b|yamux|\bngrok\b|bufconn|\bpipe/i;
const MAX_FILES = 24;

export function guessServers(
  texts: ReadonlyMap<string, string>,
  judged: readonly string[],
  module: (path: string) => SourceModule | undefined,
  evaluator: Evaluator,
  sink: FactSink,
): void {
  let files = 0;
  for (const path of judged) {
    const text = texts.get(path) ?? "";
    if (languageOf(path, text) === "kotlin" || !CANDIDATE.test(text)) continue;
    if (++files > MAX_FILES) return;
    const m = module(path);
    if (m) guessIn(m, evaluator, sink);
  }
}

function guessIn(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const push = (
    span: Expr,
    given: Address,
    at: Parameters<typeof reachOf>[2],
    guards: Guards,
    certain = false,
  ): void => {
    if (!certain && !isPort(given.port)) return;
    const { language } = module;
    sink.listeners.push({
      framework: "a server",
      protocol: "http",
      port: factValues(given.port),
      host: factValues(given.host),
      defaults: { host: "all" },
      place: place(module, span),
      reach: reachOf(evaluator, module, at, guards),
      evidence: [quote(module, span)],
      // What a library that is not known does with SIGTERM is not known either, where libraries use to handle it.
      ...(/^(go|rust|javascript)$/.test(language) || isConsole(module) ? {} : { handlesSigterm: true }),
    });
  };
  for (const { call, scope, guards } of module.calls) {
    const name = baseServer(call, scope) ?? lastName(call.callee);
    if (!name) continue;
    if (/^serve/i.test(name) && !OTHER_SOCKETS.test(module.text)) {
      const target = evaluator.query(call.callee, scope);
      if (target.t === "ref" && SERVES.test(target.path))
        push(call, { host: { t: "unknown" }, port: { t: "unknown" } }, scope, guards, true);
    }
    // `TcpServerTransport.create("localhost", 7000)`
    const made = MAKES.test(name) ? qualifierOf(call) : "";
    const starts =
      STARTS.test(name) ||
      /[a-z]Server(?:Transport|Socket|Channel)?$/.test(made) ||
      // `Server::create("127.0.0.1", 8901)` may as well be a row of a table of servers.
      (/^(?:[\w\\]+\\)?Server$/.test(made) && !/Models?\b/.test(made) && GOES.test(module.text));
    const text = module.text.slice(call.start, Math.min(call.end, call.start + 200));
    if (STOPS.test(name) || ABOUT_OTHERS.test(name)) continue;
    // `debug=args.debug` is said to many a server.
    if (CLIENT.test((text.split("\n")[0] ?? "").replace(/\bdebug ?= ?[\w.]+/g, ""))) continue;
    if (!starts && !SETS_PORT.test(name)) {
      const declared = declaredAddress(call, scope, module, evaluator);
      if (declared) push(call, splitAddress(declared), scope, guards);
      continue;
    }
    const read = (e: Expr, by: string | undefined): Value => {
      const value = evaluator.query(e, scope);
      return by !== undefined && /^(host|port)$/.test(by) ? followedByName(value, e, scope, evaluator) : value;
    };
    const given = addressIn(call, starts, name, read);
    // `new Server("127.0.0.1", 6379)` is where a store is, not what serves.
    const isStore = given?.host.t === "literal" && SERVICE_PORT.test(textOf(given.port) ?? "");
    if (isStore && /[sS]erver$/.test(name)) continue;
    if (given?.host.t === "absent") given.host = hostSet(call, scope, module, evaluator);
    if (given) push(call, given, scope, guards);
    const options = given ? undefined : optionsOfServer(call, name, scope, evaluator);
    if (options) push(call, options, scope, guards, isHost(options.host));
    // A TcpListener is known: where it was left out it only asked for a port.
    const isOwn = /^bind$/.test(name) && /server|(?<!Tcp)listen/i.test(qualifierOf(call));
    const bound = given || !isOwn ? undefined : call.args[0];
    const at = bound && read(bound.value, bound.name);
    if (at && isBound(at)) push(call, splitAddress(at), scope, guards, true);
    const isRun = !given && /^(run|serve|listen|start|bind)$/i.test(name);
    const named = isRun ? settingsIn(call) : undefined;
    // `application.run(host="0.0.0.0")`: what is told a host by name listens, be its port its own.
    const told = isRun && !named ? call.args.find((a) => a.name === "host") : undefined;
    const host = told && read(told.value, "host");
    if (host && isHost(host)) {
      const port = call.args.find((a) => a.name === "port");
      push(call, { host, port: port ? read(port.value, "port") : { t: "unknown" } }, scope, guards, true);
    }
    // `new WebSocketServer("ws://localhost:" + settings.Port)`: where it listens is written, be its port lost.
    const url = !given && call.isNew && /^(csharp|java)$/.test(module.language) ? hostWritten(call, read) : undefined;
    if (url) push(call, url, scope, guards, true);
    // `srv.ListenAndServe()`, `redcon.ListenAndServe(cfg.Addr, …)`: it listens, wherever that is.
    if (!given && /^ListenAndServe(?:TLS)?$/.test(name))
      push(call, { host: { t: "unknown" }, port: { t: "unknown" } }, scope, guards, true);
    if (named)
      push(
        call,
        { host: read(named.host, "host"), port: read(named.port, "port") },
        scope,
        guards,
        /^(python|ruby|javascript|php)$/.test(module.language),
      );
  }
  // `file_serve::ServerBuilder::new(path).hostname("localhost")`: a builder of servers that is told localhost.
  for (const { call, scope, guards } of module.calls) {
    if (call.callee.kind !== "member" || !SETS_HOST.test(call.callee.property)) continue;
    const target = evaluator.query(call.callee, scope);
    const host =
      target.t === "ref" && /server/i.test(target.path) ? evaluator.query(call.args[0]?.value, scope) : undefined;
    if (host && isHost(host) && !CLIENT.test(module.text.slice(call.start, call.end).split("\n")[0] ?? ""))
      if (isStarted(call, scope, module)) push(call, { port: { t: "unknown" }, host }, scope, guards, true);
  }
  // `new WebserverSettings { Hostname = "127.0.0.1", Port = 9000 }`, of a library
  for (const { call, scope, guards } of module.calls)
    for (const { value } of call.isNew && SETTINGS_OF_SERVER.test(lastName(call.callee) ?? "") ? call.args : [])
      if (value.kind === "object" && evaluator.query(call.callee, scope).t === "ref") {
        const given = (names: RegExp): Value =>
          evaluator.query(value.entries.find((e) => names.test(e.key ?? ""))?.value, scope);
        const host = given(HOST_SETTING);
        if (isHost(host)) push(value, { host, port: given(/^port$/i) }, scope, guards);
      }
  // `new Settings { Urls = new[] { "http://*:9091/" } }`
  for (const { call, scope, guards } of module.calls)
    for (const { value } of call.isNew ? call.args : [])
      if (value.kind === "object" && !CLIENT.test(lastName(call.callee) ?? ""))
        for (const e of value.entries)
          if (/^(urls?|prefixes)$/i.test(e.key ?? "")) {
            const urls = evaluator.query(e.value, scope);
            for (const url of urls.t === "array" ? urls.items : [urls])
              if (isAddress(url)) push(e.value, splitAddress(url), scope, guards);
          }
  for (const { target, value, scope, guards } of connects(module.text) ? [] : module.assigns) {
    if (target.kind !== "member" || !ASSIGNED.test(target.property) || OF_A_URL.test(module.path)) continue;
    const around = module.text.slice(target.start, value.end);
    if (CLIENT.test(around) || OF_CLIENTS.test(module.path) || !/\b\w*server\w*|listen/i.test(module.text)) continue;
    // What a class of the program's own makes of it is followed from there.
    const isOwn = /^(csharp|java)$/.test(module.language) && lastName(target.object) !== "this";
    if (isOwn && evaluator.query(target.object, scope).t === "instance") continue;
    const v = evaluator.query(value, scope);
    if (isPort(v)) push(target, { port: v, host: hostBeside(target, module, evaluator) }, scope, guards);
    else if (isAddress(v)) push(target, splitAddress(v), scope, guards);
  }
}

/** What a program says of an option: `flag.StringVar(&host, "h", "localhost", "Bind host")`. */
const SAYS_LISTENS = /\b(?:bind|bound|listen(?:s|ing)?|serv(?:e|es|ing))\b/i;

/** `finn.Open(dir, addr, join)`: an address that a library is given and that its options call the one to listen on. */
function declaredAddress(call: Call, scope: Scope, module: SourceModule, evaluator: Evaluator): Value | undefined {
  if (call.callee.kind !== "member" || call.args.length === 0 || module.language !== "go") return undefined;
  const target = evaluator.query(call.callee, scope);
  if (target.t !== "ref" || !/^[\w-]+\.[\w.-]+\//.test(target.path)) return undefined;
  return call.args
    .slice(0, 4)
    .filter((a) => !asksForError(a.value))
    .map((a) => evaluator.query(a.value, scope))
    .find((v) => isAddress(v) && partsOf(v).some(saysListens));
}

function partsOf(v: Value): readonly Value[] {
  return alternatives(v).flatMap((x) => (x.t === "text" ? x.parts : [x]));
}

function saysListens(v: Value): boolean {
  const usual = v.t === "option" ? usually(v) : undefined;
  if (usual?.t !== "literal" || !usual.at) return false;
  const { text } = usual.at.scope.file;
  const { start, end } = usual.at.expr;
  const next = text.indexOf("\n", end);
  return SAYS_LISTENS.test(text.slice(text.lastIndexOf("\n", start) + 1, next < 0 ? text.length : next));
}

/** A server's, or a listener's. */
const SETTINGS_OF_SERVER = /^(?!.*[cC]lient)\w*(?:[sS]erver|[lL]istener)\w*$/;

/** The first argument, where it is a URL whose host is known. */
function hostWritten({ args }: Call, read: (e: Expr, by: string | undefined) => Value): Address | undefined {
  const first = args[0] && read(args[0].value, undefined);
  if (first?.t !== "text" || !/^(?:https?|wss?|tcp):\/\/[^:/]+:/.test(textOf(first.parts[0]) ?? "")) return undefined;
  const parts = splitAddress(first);
  // Of a field that nothing gives a value no more is known.
  const port: Value = parts.port.t === "absent" ? { t: "unknown" } : parts.port;
  return isHost(parts.host) ? { host: parts.host, port } : undefined;
}

interface Address {
  port: Value;
  host: Value;
}

/** What the file does with a port is to ask the server there. */
function connects(text: string): boolean {
  return /\.connect\(/.test(text) && !/\b(?:listen|bind|accept|serve\w*)\s*\(/i.test(text);
}

/** `super(host, port)` in a class on a server of a library: `class Api < Reel::Server::HTTP`. */
function baseServer(call: Call, scope: Scope): string | undefined {
  const base = isToBase(call, scope.file.language) ? classAround(scope)?.class?.bases[0] : undefined;
  return base && /Server\b/.test(scope.file.text.slice(base.start, base.end)) ? "Server" : undefined;
}

/** `config.setHostname("localhost")` beside `config.setPort(9092)`, or in one chain with it. */
function hostSet(port: Call, at: Scope, module: SourceModule, evaluator: Evaluator): Value {
  for (
    let e = isStarted(port, at, module) ? port.callee : undefined;
    e?.kind === "member" && e.object.kind === "call";
    e = e.object.callee
  )
    if (SETS_HOST.test(lastName(e.object.callee) ?? "")) return evaluator.query(e.object.args[0]?.value, at);
  const of = ({ callee }: Call): string | undefined =>
    callee.kind === "member" && callee.object.kind === "name" ? callee.object.name : undefined;
  const mine = of(port);
  const found = module.calls.find(
    ({ call, scope }) =>
      mine !== undefined && scope === at && of(call) === mine && SETS_HOST.test(lastName(call.callee) ?? ""),
  );
  return found ? evaluator.query(found.call.args[0]?.value, at) : ABSENT;
}

/** `settings.Hostname = "localhost"` beside `settings.Port = 8701`. */
function hostBeside(port: Expr & { kind: "member" }, module: SourceModule, evaluator: Evaluator): Value {
  const of = (e: Expr & { kind: "member" }): string => module.text.slice(e.object.start, e.object.end);
  const found = module.assigns.find(
    ({ target }) => target.kind === "member" && HOST_SETTING.test(target.property) && of(target) === of(port),
  );
  return found ? evaluator.query(found.value, found.scope) : ABSENT;
}

/** A C# program without a host around it: nothing in it waits for a signal. */
function isConsole({ language, text }: SourceModule): boolean {
  return (
    language === "csharp" &&
    /\bConsole\.Read(?:Line|Key)?\s*\(|\bstatic\s+(?:async\s+)?(?:void|int|Task(?:<int>)?)\s+Main\s*\(/.test(text) &&
    !/\b(?:Web)?Host\.Create|WebApplication\.Create|\bIHost\b|HostBuilder|ServiceBase|Topshelf/.test(text)
  );
}

/** Is the chain that a call stands in, what it stands on or what it is kept as made to serve? Options of a client are not. */
function isStarted(call: Call, scope: Scope, { calls }: SourceModule): boolean {
  const names = new Set(chain(call.callee).slice(1));
  for (let s: Scope | undefined = scope; s; s = s.parent)
    for (const [name, sources] of [...[...s.names].map(([n, b]) => [n, b.sources] as const), ...s.fields])
      if (sources.some(({ expr }) => expr?.start === call.start && expr.end >= call.end)) names.add(name);
  return calls.some(({ call: { callee, start, end } }) => {
    const [last = "", ...on] = chain(callee);
    // `new MockServer(options().bindAddress(…).port(…))`: given to what is a server by its name.
    if (/[a-z]Server$/.test(on.at(-1) ?? last) && start < call.start && end > call.end) return true;
    if (!/^(serve|listen|start|run)/i.test(last)) return false;
    return (start === call.start && end > call.end) || on.some((name) => names.has(name));
  });
}

/** The names of a chain of members and calls, the last one first. */
function chain(callee: Expr): string[] {
  const out: string[] = [];
  for (let e: Expr = callee; ; e = e.kind === "call" ? e.callee : e.object) {
    if (e.kind === "name") return [...out, e.name];
    if (e.kind === "member") out.push(e.property);
    else if (e.kind !== "call") return out;
  }
}

type Guards = Parameters<typeof reachOf>[3];

/** The first argument that is an address; a host with a port after it; a port alone, where the call names it. */
function addressIn(
  call: Call,
  starts: boolean,
  name: string,
  read: (e: Expr, by: string | undefined) => Value,
): Address | undefined {
  const values = call.args.slice(0, 4).map((a) => ({ name: a.name, value: read(a.value, a.name), expr: a.value }));
  for (const [i, { value }] of values.entries()) {
    if (isAddress(value) && !OF_OTHERS.test(values[i]?.name ?? "")) return splitAddress(value);
    const next = values[i + 1];
    if (starts && next && isPort(next.value) && (isHost(value) || (/server/i.test(name) && isHostName(value))))
      return { host: value, port: next.value };
    // `cluster.listen(server, port, host)`
    if (starts && /listen/i.test(name) && next && isPort(value) && isHost(next.value))
      return { host: next.value, port: value };
  }
  const named = values.find((v) => v.name && /^(port|http_?port)$/i.test(v.name) && isPort(v.value));
  if (named) return { port: named.value, host: values.find((v) => v.name === "host")?.value ?? { t: "absent" } };
  const first = values[0];
  // A callback with a number is none: `new WaitingListener(10_000)`.
  if (/[a-z]Listener$/.test(name)) return undefined;
  const says =
    /server|listen|port|^InetSocketAddress$/i.test(name) || (starts && /server|listen|port/i.test(qualifierOf(call)));
  if (!says || !first || first.name || !isPort(first.value)) return undefined;
  const second = values[1]?.value;
  return { port: first.value, host: second && isHost(second) ? second : { t: "absent" } };
}

/** `Converter(project).run(tracking_uri="http://localhost:5000")`: whom to ask. */
const OF_OTHERS = /^(?!(?:listen|bind|serve)_).*[a-z\d]_?(?:[uU]r[il]|URL|[eE]ndpoint)$/;

/** `app.run(config.get("HOST"), config.get("PORT"))`, the other way round, or by name: settings that are called host and port. */
function settingsIn({ args }: Call): { host: Expr; port: Expr } | undefined {
  const called = args.map(({ name, value }) => ({ name: settingName(value)?.name ?? "", by: name, value }));
  const host = called.findIndex(({ name, by }) => HOST_SETTING.test(name) && (by === undefined || by === "host"));
  const port = called.findIndex(({ name, by }) => /port$/i.test(name) && (by === undefined || by === "port"));
  const apart = Math.abs(host - port) === 1 && host + port === 1;
  return host >= 0 && port >= 0 && (apart || called[port]?.by !== undefined)
    ? { host: (called[host] as { value: Expr }).value, port: (called[port] as { value: Expr }).value }
    : undefined;
}

/** Not `queue_host`: that is somebody else. */
const HOST_SETTING =
  /^(?:(?:server|http|web|api|app|bind|listen)[-_.])?(?:host(?:name)?|addr(?:ess)?|bind(?:_?addr(?:ess)?)?|ip(?:_?address)?|interface|listen)$/i;

function qualifierOf({ callee }: Call): string {
  return callee.kind === "member" ? (lastName(callee.object) ?? "") : "";
}
