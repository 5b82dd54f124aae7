/** C#: Kestrel and the older listeners. The generic host handles SIGTERM. */
import type { Catalogue } from "../catalogue.ts";
import { type FactSink, factValues, place, quote, reachOf, splitAddress, type Visit } from "../collect.ts";
import { blankComments } from "../comments.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Listener } from "../facts.ts";
import { type Call, lastName } from "../ir.ts";
import type { Language, ModuleFinder } from "../languages.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import { followedByName } from "../settings/declared-options.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  ENVIRON,
  isNull,
  literal,
  partsOf,
  textOf,
  UNKNOWN,
  usually,
  type Value,
  variableOf,
} from "../values.ts";
import { appSettings } from "./app-config.ts";
import { classField } from "./attributes.ts";
import { handlerParameter, optionOf } from "./command-line.ts";
import { lowerCSharp } from "./lower.ts";
import { configurationAt, configured, isSection, sectionField } from "./settings.ts";
import { csharpTypes } from "./types.ts";

const CATALOGUE: Catalogue = {
  listeners: [],
  tls: [],
};

const CALLS = new Set(
  "Bind UseUrls ConfigureHttpsDefaults Run RunAsync Add ListenAnyIP ListenLocalhost Listen UseHttps UseKestrelHttpsConfiguration HttpListener TcpListener AddHostedService AddHangfireServer AddQuartzHostedService CreateBuilder UseHttpsRedirection SslServerCredentials AuthenticateAsServer AuthenticateAsServerAsync ServerPort SetEnvironmentVariable Create UseKestrel Start".split(
    " ",
  ),
);

function semantics(finder: ModuleFinder): Semantics {
  const { siblings, parts, qualified } = csharpTypes(finder);
  const appSetting = appSettings(finder);
  return {
    resolve: () => [],
    externalPath: (specifier) => specifier,
    siblings,
    parts,
    value: (path, evaluator) => {
      const address = /(?:^|\.)IPAddress\.(?:IPv6)?(Any|Loopback)$/.exec(path)?.[1];
      if (address) return literal(address === "Any" ? "0.0.0.0" : "127.0.0.1");
      if (/^(System\.)?Environment\.GetEnvironmentVariables\(\)$/.test(path)) return ENVIRON;
      if (/^[sS]tring\.Empty$/.test(path)) return literal("");
      return path === "args" ? { t: "option", name: "argument" } : qualified(path, evaluator);
    },
    call: (path, view, evaluator) =>
      path.endsWith("AppSettings.Get")
        ? appSetting(path.slice(0, -4), textOf(view.arg(0)) ?? "", view.scope.file.path)
        : csharpCall(path, view, evaluator),
    keyed: (path, key, near, evaluator) => {
      const before = configurationAt(path);
      return before === undefined
        ? appSetting(path, key, near.path)
        : configured(before + key, ABSENT, near, evaluator);
    },
    handed: handlerParameter,
    classField: (scope, name, evaluator) => sectionField(scope, name, evaluator) ?? classField(scope, name),
    bareMembers: true,
  };
}

function csharpCall(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (/^[sS]tring\.Format$/.test(path)) return formatted(view);
  if (/^(int|Int32|ushort|string|Convert)\.(Parse|ToInt32|ToString)$/.test(path)) return view.arg(0);
  if (/^(System\.)?Environment\.GetEnvironmentVariable$/.test(path)) return variableOf(view.arg(0), ABSENT);
  const [, on = "", read] = /^(.*)\.(GetValue|Get(?:Required)?Section)$/.exec(path) ?? [];
  const before = read === undefined ? undefined : configurationAt(on);
  if (before !== undefined) {
    const key = textOf(view.arg(0));
    if (key === undefined) return { t: "option", name: "configuration", default: view.arg(1) };
    const { file } = view.scope;
    if (read !== "GetValue" && isSection(before + key, file, evaluator))
      return { t: "ref", path: `Section(${before}${key})`, file };
    return configured(before + key, view.arg(1), file, evaluator);
  }
  // `settings.GetValueOrDefault("host", "localhost")` of a dictionary
  if (/\.GetValueOrDefault$/.test(path) && view.count === 2)
    return { t: "option", name: textOf(view.arg(0)) ?? "setting", default: view.arg(1), open: true };
  const declared = optionOf(path, view, evaluator);
  if (declared) return declared;
  if (/(^|\.)StartOptions$/.test(path)) return view.arg(0);
  const found = looked(path, view);
  if (found) return found;
  if (/(^|\.)(IPAddress\.Parse|IPEndPoint\.Parse|Uri)$/.test(path)) return view.arg(0);
  // `new UriBuilder("http", "localhost", 8080).Uri`
  if (/(^|\.)UriBuilder$/.test(path) && view.count > 2) return { t: "array", items: [view.arg(1), view.arg(2)] };
  if (/(^|\.)UriBuilder(\(\))?\.ToString$/.test(path)) return view.receiver;
  const entry = configEntry(path, view);
  if (entry) return entry;
  if (/(^|\.)IPEndPoint$/.test(path)) return { t: "array", items: [view.arg(0), view.arg(1)] };
  return undefined;
}

/** `Dns.GetHostEntry("localhost").AddressList[0]`, `(await Dns.GetHostAddressesAsync("localhost"))[0]` */
function looked(path: string, view: CallView): Value | undefined {
  const [, what] = /(?:^|\.)Dns\.(GetHostEntry|GetHostByName|Resolve|GetHostAddresses)(?:Async)?$/.exec(path) ?? [];
  if (what === undefined) return undefined;
  const list: Value = { t: "array", items: [view.arg(0)] };
  return what === "GetHostAddresses" ? list : { t: "record", members: new Map([["AddressList", list]]) };
}

/** BepInEx' `Config.Bind("API", "Address", "127.0.0.1", "what it is for")`: an entry of a file that users change. */
function configEntry(path: string, view: CallView): Value | undefined {
  if (!/(^|\.)_?[cC]onfig(?:File)?\.Bind$/.test(path) || view.count < 3) return undefined;
  const name = textOf(view.arg(1));
  return name === undefined ? undefined : { t: "option", name, default: view.arg(2), open: true };
}

/** `string.Format("http://{0}:{1}/", host, port)` */
function formatted(view: CallView): Value {
  const parts = textOf(view.arg(0))?.split(/\{(\d{1,2})(?:[,:][^{}]*)?\}/);
  if (!parts) return UNKNOWN;
  return {
    t: "text",
    parts: parts.map((p, i) => (i % 2 ? view.arg(Number(p) + 1) : literal(p))).filter((v) => textOf(v) !== ""),
  };
}

function callFacts(visit: Visit): void {
  const { view, module, site, sink } = visit;
  const method = view.path.slice(view.path.lastIndexOf(".") + 1);
  const text = module.text.slice(site.call.callee.start, site.call.callee.end);
  const push = (host: Value, port: Value, extra: Partial<Listener> = {}): void => {
    // A socket on any free port is nobody's server.
    if (extra.protocol === "tcp" && textOf(port) === "0") return;
    sink.listeners.push({
      framework: "Kestrel",
      protocol: "http",
      port: factValues(port),
      host: factValues(host),
      defaults: { host: "all" },
      place: place(module, site.call),
      reach: visit.reach(),
      evidence: [quote(module, site.call)],
      handlesSigterm: true,
      ...extra,
    });
  };
  /** What was not followed to its end is known by the name of the setting. */
  const named = (at: number): Value =>
    followedByName(given(view.arg(at)), site.call.args[at]?.value, site.scope, visit.evaluator);
  /** Addresses that are taken together: one of them is enough. */
  const urls = (values: readonly Value[]): void => {
    const all = values.flatMap((v) => alternatives(v)).filter((v) => !isNull(v));
    for (const v of all)
      if (writtenOf(v)?.startsWith("https:"))
        sink.tlsServers.push({
          what: "an https URL for Kestrel",
          place: place(module, site.call),
          reach: visit.reach(),
          evidence: [quote(module, site.call)],
        });
    const clear = all.filter((v) => !writtenOf(v)?.startsWith("https:"));
    const parts = (clear.length > 0 ? clear : all).map((v) => splitAddress(v));
    if (parts.length > 0) push(anyOf(parts.map((p) => p.host)), anyOf(parts.map((p) => p.port)));
  };
  const listensAt = (prefix: Value): void => {
    const { host, port } = splitAddress(prefix);
    push(openStar(host), port, { framework: "HttpListener", handlesSigterm: false });
    if (alternatives(prefix).some((v) => textOf(v)?.startsWith("https:"))) tls(visit, "HttpListener with https");
  };
  if (method === "UseUrls") urls(site.call.args.flatMap((a) => several(visit.evaluator.query(a.value, site.scope))));
  else if (/(^|\.)Urls\.Add$/.test(text)) urls([view.arg(0)]);
  else if (method === "SetEnvironmentVariable" && textOf(view.arg(0)) === "ASPNETCORE_URLS") urls(several(view.arg(1)));
  else if (/^(Run|RunAsync)$/.test(method) && RUN_AT.test(text) && view.count === 1) {
    const given = view.arg(0);
    const word = lastName(site.call.args[0]?.value ?? site.call) ?? "";
    if (given.t !== "function" && given.t !== "unknown" && !/token$/i.test(word)) urls([given]);
  } else if (method === "ListenAnyIP") push(literal("0.0.0.0"), given(view.arg(0)));
  else if (method === "ListenLocalhost") push(literal("localhost"), given(view.arg(0)));
  else if (method === "Listen" && view.arg(0).t === "array") {
    const { host, port } = splitAddress(view.arg(0));
    push(host, port);
  } else if (method === "Listen" && view.count >= 2) push(named(0), named(1));
  else if (/(^|\.)TcpListener$/.test(view.path) && isStoppedAgain(module, site.call)) return;
  else if (/(^|\.)TcpListener$/.test(view.path) && view.count === 2)
    push(named(0), named(1), { framework: "TcpListener", protocol: "tcp", handlesSigterm: false });
  else if (/(^|\.)TcpListener$/.test(view.path) && view.count === 1) {
    const { host, port } = splitAddress(present(named(0)));
    push(host, port, { framework: "TcpListener", protocol: "tcp", handlesSigterm: false });
  } else if (/(^|\.)Sockets\.Socket(\(\))?\.Bind$|^Socket(\(\))?\.Bind$/.test(view.path) && isEndPoint(view.arg(0))) {
    const { host, port } = splitAddress(present(view.arg(0)));
    push(host, port, { framework: "Socket", protocol: "tcp", handlesSigterm: false });
  } else if (/Prefixes\.Add$/.test(text) && /\bHttp(?:Listener|Sys)\b|["']https?:\/\//.test(module.text))
    listensAt(named(0));
  else if (/(^|\.)HttpListener$/.test(view.path) && view.count === 1) {
    // `new HttpListener { Prefixes = { url } }`
    const prefixes = view.option(0, "Prefixes");
    if (prefixes.t === "array") listensAt(anyOf(prefixes.items));
  } else if (/\bPorts\.Add$/.test(text) ? view.count === 3 : /(^|\.)ServerPort$/.test(view.path)) {
    push(named(0), named(1), { framework: "gRPC", protocol: "grpc", handlesSigterm: false });
  } else if (/(^|\.)WebApp\.Start$/.test(text.replace(/<\w+>$/, "")) && view.count > 0) {
    // `options.Urls.Add(…)` beside it is a listener of its own.
    if (/\bUrls\.Add\(/.test(module.text)) return;
    const url = site.call.args.some((a) => a.name === "url") ? view.named("url") : named(0);
    const { host, port } = splitAddress(url);
    push(openStar(host), port, { framework: "OWIN", handlesSigterm: false });
    if (writtenOf(url)?.startsWith("https:")) tls(visit, "OWIN with https");
  } else if (/^UseHttps$|^UseKestrelHttpsConfiguration$/.test(method)) tls(visit, `${method}()`);
  else if (
    method === "ConfigureHttpsDefaults" &&
    /ServerCertificate/.test(module.text.slice(site.call.start, site.call.end))
  )
    tls(visit, "ConfigureHttpsDefaults with a certificate");
  else if (/SslServerCredentials$/.test(view.path)) tls(visit, "SslServerCredentials");
  else if (/^AuthenticateAsServer(Async)?$/.test(method)) tls(visit, "SslStream as a server");
  else if (method === "UseHttpsRedirection")
    sink.others.push({
      kind: "drain",
      what: "UseHttpsRedirection",
      place: place(module, site.call),
      reach: visit.reach(),
    });
}

/** `app.Run(url)`, `WebApplication.CreateBuilder(args).Build().Run(url)` */
const RUN_AT = /(^|\.)(?:[aA]pp\w*|WebApplication\s*\.\s*Create\w*\([^;]*\))\s*\.\s*Run(Async)?$/;

/** An address as it is written, or as it is while no variable says otherwise. */
function writtenOf(v: Value): string | undefined {
  return (v.t === "env" || v.t === "option") && v.default ? writtenOf(v.default) : textOf(v);
}

/** `http://+:80/`: all interfaces. */
function openStar(host: Value): Value {
  return anyOf(alternatives(host).map((h) => (/^[*+]$/.test(textOf(h) ?? "") ? literal("0.0.0.0") : h)));
}

/** `IPEndPoint end = null; end = lan ? new IPEndPoint(…) : new IPEndPoint(…);`: one of several, none of which is lost. */
function isEndPoint(v: Value): boolean {
  const all = alternatives(present(v));
  return all.length > 0 && all.every((x) => x.t === "array");
}

/** Without the null that it is before it is made. */
function present(v: Value): Value {
  const all = alternatives(v);
  const made = all.filter((x) => !isNull(x));
  return made.length > 0 && made.length < all.length ? anyOf(made) : v;
}

/** `l = new TcpListener(…); l.Start(); l.Stop();`: whether the port is free is all that is asked, in the same function. */
function isStoppedAgain({ text }: SourceModule, { start, end }: Call): boolean {
  const name = /(?<![.\w])(\w+)\s*=\s*$/.exec(text.slice(Math.max(0, start - 80), start))?.[1];
  if (name === undefined) return false;
  const next = text.slice(end).search(/\n[ \t]*(?:public|private|protected|internal|static)\b[^\n;=]*\(/);
  const rest = text.slice(end, next < 0 ? undefined : end + next);
  const handedOn = new RegExp(
    `[(,]\\s*${name}\\s*[,)]|\\b${name}\\??\\.(?:\\w*Accept|Pending|Server)|\\breturn\\s+${name}\\b`,
  );
  return new RegExp(`\\b${name}\\??\\.Stop\\(`).test(rest) && !handedOn.test(rest);
}

/** A member that was not found was given all the same. */
function given(v: Value): Value {
  return v.t === "absent" ? UNKNOWN : v;
}

/** `UseUrls("http://a;http://b")`. */
function several(v: Value): Value[] {
  if (v.t === "any") return v.of.flatMap(several);
  if (v.t === "array") return v.items.flatMap(several);
  // A list that is another one by a switch: each of its items is.
  if ((v.t === "option" || v.t === "env") && v.default?.t === "array")
    return several(v.default).map((item) => ({ ...v, default: item }));
  return textOf(usually(v))?.includes(";") ? partsOf(v, ";") : [v];
}

function tls(visit: Visit, what: string): void {
  visit.sink.tlsServers.push({
    what,
    place: place(visit.module, visit.site.call),
    reach: visit.reach(),
    evidence: [quote(visit.module, visit.site.call)],
  });
}

/** What heeds a signal: the generic host by itself, and the runtime's events, to which handlers are added with `+=`. */
const HEEDS: [RegExp, signal: string, by: string][] = [
  [
    /\b(Host\.Create(Default|Application|EmptyApplication)Builder|new HostBuilder|RunConsoleAsync|UseConsoleLifetime)\s*\(/,
    "SIGTERM",
    "the generic host",
  ],
  [/\bPosixSignalRegistration\s*\.\s*Create\s*\(\s*PosixSignal\.SIGTERM\b/, "SIGTERM", "PosixSignalRegistration"],
  [/\bPosixSignalRegistration\s*\.\s*Create\s*\(\s*PosixSignal\.SIGINT\b/, "SIGINT", "PosixSignalRegistration"],
  [/\.\s*ProcessExit\s*\+=/, "SIGTERM", "AppDomain.ProcessExit"],
  [/\bAssemblyLoadContext\b[^;]*\.\s*Unloading\s*\+=/, "SIGTERM", "AssemblyLoadContext.Unloading"],
  [/\bConsole\s*\.\s*CancelKeyPress\s*\+=/, "SIGINT", "Console.CancelKeyPress"],
];

function signalFacts(module: SourceModule, sink: FactSink): void {
  const code = blankComments(module.text);
  for (const [pattern, signal, by] of HEEDS) {
    const m = pattern.exec(code);
    if (!m) continue;
    sink.signalHandlers.push({
      signals: [signal],
      by,
      place: place(module, { start: m.index, end: m.index + m[0].length }),
      reach: { conditions: [], env: [], development: false },
    });
  }
}

/** Kestrel is told nothing of where it listens: limits, headers. */
function onlyLimits(call: string): boolean {
  return (
    /=>|\bdelegate\b/.test(call) &&
    !/\b(Listen\w*|Bind\w*|Configure(?!Kestrel|EndpointDefaults|HttpsDefaults)\w*|UseHttps)\b/.test(call)
  );
}

/** A library's server that speaks TLS, by its name. */
const TLS_SERVER = /^(Https|Wss|Ssl|Tls)\w*Server$/;

/** An ASP.NET application without URLs: 8080 in the official images, whatever PORT says. */
function moduleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  signalFacts(module, sink);
  for (const { class: cls, scope } of module.classes) {
    const base = cls.bases[0];
    if (!base || !TLS_SERVER.test(lastName(base) ?? "") || evaluator.query(base, scope).t !== "ref") continue;
    sink.tlsServers.push({
      what: lastName(base) as string,
      place: place(module, base),
      reach: reachOf(evaluator, module, scope, []),
      evidence: [`${cls.name} extends ${lastName(base)}`],
    });
  }
  const builder = module.calls.find((c) =>
    /(^|\.)(WebApplication\.Create(Slim|Empty)?Builder|WebApplication\.Create|WebHost\.CreateDefaultBuilder|WebHostBuilder|ConfigureWebHostDefaults)$/.test(
      module.text.slice(c.call.callee.start, c.call.callee.end),
    ),
  );
  if (!builder) return;
  sink.runtimes.push({ name: "ASP.NET", place: place(module, builder.call) });
  if (
    /UseUrls|Urls\.Add|ListenAnyIP|ListenLocalhost|\.Listen\(|(?:\b[aA]pp\w*|\.Build\(\)|\.Create\([^()\n]*\))\s*\.Run(Async)?\(\s*(?!\w*[tT]oken\b|async\b|\w+\s*=>)[$"A-Za-z]|ASPNETCORE_(URLS|HTTP_PORTS)/.test(
      module.text,
    ) ||
    module.calls.some(
      (c) =>
        lastName(c.call.callee) === "ConfigureKestrel" && !onlyLimits(module.text.slice(c.call.callee.end, c.call.end)),
    )
  )
    return;
  sink.listeners.push({
    framework: "ASP.NET",
    protocol: "http",
    port: [{ kind: "absent" }],
    host: [{ kind: "absent" }],
    defaults: { port: 8080 },
    place: place(module, builder.call),
    reach: reachOf(evaluator, module, module.scope, []),
    evidence: [quote(module, builder.call)],
    handlesSigterm: true,
  });
}

export const csharp: Language = {
  lower: lowerCSharp,
  semantics,
  words:
    /\b(UseUrls|Urls|WebApp|WebApplication|WebHost|WebHostBuilder|ConfigureWebHostDefaults|ListenAnyIP|ListenLocalhost|Listen|UseHttps|UseKestrelHttpsConfiguration|ConfigureHttpsDefaults|HttpListener|TcpListener|Socket|SslStream|SslServerCredentials|ServerCredentials|UseHttpsRedirection|AddHostedService|HostBuilder|CreateDefaultBuilder|CreateApplicationBuilder|CreateEmptyApplicationBuilder|RunConsoleAsync|UseConsoleLifetime|PosixSignalRegistration|ProcessExit|Unloading|CancelKeyPress|(?:Https|Wss|Ssl|Tls)\w*Server)\b/,
  catalogue: CATALOGUE,
  isCall: (name) => CALLS.has(name),
  callFacts,
  moduleFacts,
  portFix: () => undefined,
};
