/** Ruby: what its servers are told, and what they do without. */

import { namespaceOf } from "../call-views.ts";
import type { Catalogue, Slot } from "../catalogue.ts";
import { type FactSink, factValues, place, quote, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, lastName } from "../ir.ts";
import type { Language, ModuleFinder } from "../languages.ts";
import { leftOut } from "../project.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import { followedByName } from "../settings/declared-options.ts";
import { ABSENT, alternatives, ENVIRON, textOf, UNKNOWN, type Value, variableOf } from "../values.ts";
import { falconEnvironments } from "./falcon.ts";
import { lowerRuby } from "./lower.ts";
import { PUMA_FILE, pumaFile } from "./puma.ts";
import { serverTls } from "./server-tls.ts";
import { classicSinatra, sinatraRun } from "./sinatra.ts";

const at = (index: number, ...names: string[]): Slot => ({ index, names });
const key = (...names: string[]): Slot => ({ names });

const CATALOGUE: Catalogue = {
  listeners: [
    {
      path: /^WEBrick\.(HTTPServer|GenericServer)\.new$/,
      framework: "WEBrick",
      port: key("Port"),
      host: key("BindAddress"),
      defaults: { port: 80, host: "all" },
    },
    {
      path: /^WEBrick\.HTTPServer\.new\(\)\.listen$/,
      framework: "WEBrick",
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
    },
    {
      path: /^(Rack|Rackup)\.Handler\.WEBrick\.run$/,
      framework: "Rack's handler",
      port: key("Port"),
      host: key("Host", "BindAddress"),
      defaults: { port: 8080, host: "localhost" },
    },
    {
      path: /^(Rack|Rackup)\.Handler\.Thin\.run$/,
      framework: "Thin",
      port: key("Port"),
      host: key("Host"),
      defaults: { port: 8080, host: "localhost" },
      handlesSigterm: true,
    },
    {
      path: /^(Rack|Rackup)\.Handler\.Puma\.run$/,
      framework: "Puma",
      port: key("Port"),
      host: key("Host"),
      defaults: { port: 8080, host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^(Rack|Rackup)\.Handler\.\w+(\(\))?\.run$/,
      framework: "Rack",
      port: key("Port"),
      host: key("Host", "BindAddress"),
      defaults: { port: 8080 },
    },
    {
      path: /^(Rack|Rackup)\.Server\.(new|start)$/,
      framework: "Rack",
      port: key("Port"),
      host: key("Host"),
      defaults: { port: 9292, host: "localhost" },
    },
    {
      path: /^Puma\.Server\.new\(\)\.add_tcp_listener$/,
      framework: "Puma",
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
    },
    { path: /^\?\.add_tcp_listener$/, framework: "Puma", host: at(0), port: at(1), defaults: { host: "all" } },
    {
      path: /^Thin\.Server\.(start|new)$/,
      framework: "Thin",
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^(EM|EventMachine)\.start_server$/,
      framework: "EventMachine",
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^GRPC\.RpcServer\.new\(\)\.add_http2_port$/,
      framework: "gRPC",
      address: at(0),
      defaults: {},
      protocol: "grpc",
    },
    { path: /^\?\.add_http2_port$/, framework: "gRPC", address: at(0), defaults: {}, protocol: "grpc" },
    ...[2, 3].map((count) => ({
      path: /^DRb\.(start_service|DRbServer\.new)$/,
      framework: "DRb",
      count,
      address: at(0),
      serves: at(1),
      defaults: {},
      protocol: "tcp" as const,
    })),
    { path: /^Async\.HTTP\.Server\.new$/, framework: "Async", address: at(1), defaults: {}, handlesSigterm: true },
    { path: /^Async\.HTTP\.Server\.for$/, framework: "Async", address: at(0), defaults: {}, handlesSigterm: true },
    {
      path: /^Iodine\.listen(2http)?$/,
      framework: "Iodine",
      port: key("port"),
      host: key("address"),
      defaults: { port: "PORT", host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^FunctionsFramework\.start$/,
      framework: "Functions Framework",
      defaults: { port: "PORT", host: "all" },
      handlesSigterm: true,
    },
  ],
  tls: [
    { path: /^WEBrick\.HTTPServer\.new$/, what: "WEBrick with SSLEnable", when: [key("SSLEnable")] },
    { path: /^OpenSSL\.SSL\.SSLServer\.new$/, what: "OpenSSL::SSL::SSLServer" },
    { path: /\.add_ssl_listener$/, what: "Puma's add_ssl_listener" },
    { path: /^GRPC\.Core\.ServerCredentials\.new$/, what: "gRPC's ServerCredentials" },
    { path: /^(Thin|Rack|Puma)\b.*\.(run|start|new)$/, what: "the server with ssl", when: [key("ssl", "SSLEnable")] },
    { path: /(^|\.)start_tls$/, what: "EventMachine's start_tls" },
    { path: /^(EM|EventMachine)\.WebSocket\.(run|start)$/, what: "em-websocket with secure", when: [key("secure")] },
    {
      path: /^OpenSSL\.SSL\.SSLSocket\.new$/,
      what: "an SSLSocket that accepts",
      alongside: /^(?=[\s\S]*\bTCPServer\b)(?=[\s\S]*\.accept\b)(?![\s\S]*\bssl\w*\.connect\b)/,
    },
    { path: /(^|\.)ssl_bind$/, what: "puma's ssl_bind" },
    { path: /^(Rack|Rackup)\.Handler\.\w+(\(\))?\.run$/, what: "Puma on ssl://", text: /["']ssl:\/\// },
    { path: /^Iodine\.listen(2http)?$/, what: "Iodine with TLS", when: [key("tls")] },
    { path: /^Reel\.Server\.HTTPS\.(run|new|supervise)$/, what: "Reel's HTTPS server" },
    { path: /^DRb\.(start_service|DRbServer\.new)$/, what: "DRb on drbssl://", text: /["']drbssl:/ },
    {
      path: /^(Async\.HTTP|Falcon)\.Server\.(for|new)$/,
      what: "Async's server on https://",
      alongside: /Endpoint\.parse\(?\s*["']https:/,
    },
  ],
};

const CALLS = new Set(
  "new run start add_tcp_listener start_server add_http2_port add_ssl_listener trap start_tls start_service for listen listen2http ssl_bind supervise configure_server singleton set enable run!".split(
    " ",
  ),
);

/** What stands in a module or class is seen by those that name one of these. */
function isSeen(constant: string, definition: string, user: string): boolean {
  if (new RegExp(`^${constant}[ \\t]*=`, "m").test(definition)) return true;
  return [...definition.matchAll(/^[ \t]*(?:module|class)[ \t]+(?:\w+::)*(\w+)/gm)].some(([, name]) =>
    new RegExp(`\\b${name}\\b`).test(user),
  );
}

function semantics(finder: ModuleFinder): Semantics {
  const constants = new Map<string, string[]>();
  const defining = (name: string): string[] => {
    let known = constants.get(name);
    if (!known) {
      const pattern = new RegExp(`^[ \\t]*${name}[ \\t]*=(?!=)`, "m");
      known = finder.paths.filter((p) => p.endsWith(".rb") && !leftOut(p) && pattern.test(finder.text(p) ?? ""));
      if (known.length > 1) known = [];
      constants.set(name, known);
    }
    return known;
  };
  return {
    resolve: () => [],
    siblings(module, name) {
      const names = [...module.text.matchAll(/require(?:_relative)?\s*\(?\s*["']([\w./-]+)["']/g)].map((m) =>
        (m[1] as string).replace(/^.*\//, ""),
      );
      const required = finder.paths.filter(
        (p) =>
          p.endsWith(".rb") &&
          names.includes(p.slice(p.lastIndexOf("/") + 1, -3)) &&
          (finder.text(p) ?? "").includes(name),
      );
      // A constant that is loaded by way of another file: the only one of its name.
      const elsewhere = (): string[] => defining(name).filter((p) => isSeen(name, finder.text(p) ?? "", module.text));
      const found = required.length > 0 || !/^[A-Z][A-Z0-9_]+$/.test(name) ? required : elsewhere();
      return found.slice(0, 12).flatMap((p) => finder.module(p) ?? []);
    },
    externalPath: (specifier) => specifier,
    value: (path) => (path === "ENV" ? ENVIRON : path === "ARGV" ? { t: "option", name: "argument" } : undefined),
    call: rubyCall,
    bareMembers: true,
    handed: optionOf,
  };
}

/** `opts.on("-p", "--port PORT") { |port| … }`: what the block is given is an option of the command line. */
function optionOf({ callee, args }: Call, index: number): Value | undefined {
  if (index !== 0 || lastName(callee) !== "on") return undefined;
  const flags = args.flatMap(({ value }) =>
    value.kind === "literal" && typeof value.value === "string" ? value.value : [],
  );
  const long = flags.map((flag) => /^--(?:\[no-\])?([\w-]+)/.exec(flag)?.[1]).find((name) => name !== undefined);
  const short = flags.map((flag) => /^-(\w)\b/.exec(flag)?.[1]).find((name) => name !== undefined);
  return long ? { t: "option", name: `--${long}` } : short ? { t: "option", name: `-${short}` } : undefined;
}

function rubyCall(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (path === "Integer" || path === "String" || path === "Array") return view.arg(0);
  // An address of Async's, and settings as an object.
  if (/^(Async\.HTTP|IO)\.Endpoint\.parse$/.test(path)) return view.arg(0);
  if (path === "OpenStruct.new") return namespaceOf(view, evaluator);
  if (path === "Struct.new().new") return structOf(view, evaluator);
  if (path === "ENV.fetch" || path === "ENV.[]") {
    const second = view.arg(1);
    const fallback = second.t === "function" ? evaluator.apply(second) : second;
    return variableOf(view.arg(0), fallback);
  }
  return undefined;
}

/** `Address = Struct.new(:host, :port)`, made: its fields by name, given by place or by name. */
function structOf({ call, scope, arg, named }: CallView, evaluator: Evaluator): Value | undefined {
  const made = call.callee.kind === "member" ? evaluator.eval(call.callee.object, scope) : UNKNOWN;
  if (made.t !== "ref" || !made.call) return undefined;
  const fields = made.call.call.args.flatMap(({ value }) => (value.kind === "literal" ? [String(value.value)] : []));
  const given = fields.map((name, i): [string, Value] => {
    const told = named(name);
    return [name, told.t === "absent" ? arg(i) : told];
  });
  return { t: "record", members: new Map(given.filter(([, v]) => v.t !== "absent")), rest: UNKNOWN };
}

function callFacts(visit: Visit): void {
  const { view, module, site, sink } = visit;
  if (/^(Signal\.|Kernel\.|\?\.)?trap$/.test(view.path)) {
    // One signal, or each of a list.
    const given = alternatives(view.arg(0)).flatMap((v) => textOf(v) ?? []);
    const signals = given.length
      ? given.map((name) => `SIG${name.replace(/^SIG/, "")}`)
      : [...module.text.matchAll(/\b(?:SIG)?(TERM|INT|QUIT)\b/g)].map((m) => `SIG${m[1]}`);
    sink.signalHandlers.push({
      signals: [...new Set(signals)],
      by: "trap",
      place: place(module, site.call),
      reach: { ...visit.reach(), env: [] },
    });
  } else if (/(^|\.)run!$/.test(view.path)) sinatraRun(visit);
  else if (
    /^(?!(?:Rack|Rackup)\.Handler\.).*\.run$/.test(view.path) &&
    ["Port", "Host"].every((k) => isGiven(visit, k))
  )
    // A handler of Rack that was looked up by its name.
    sink.listeners.push({
      framework: "Rack",
      protocol: "http",
      port: factValues(followedByName(view.named("Port"), undefined, site.scope, visit.evaluator)),
      host: factValues(followedByName(view.named("Host"), undefined, site.scope, visit.evaluator)),
      defaults: { port: 8080 },
      place: place(module, site.call),
      reach: visit.reach(),
      evidence: [quote(module, site.call)],
    });
  else if (
    /^(TCPServer|UNIXServer|Socket\.tcp_server_sockets)(\.new|\.open)?$/.test(view.path) &&
    !view.path.startsWith("UNIX")
  ) {
    const two = view.count > 1;
    const followed = (index: number): Value =>
      followedByName(view.arg(index), site.call.args[index]?.value, site.scope, visit.evaluator);
    sink.listeners.push({
      framework: "TCPServer",
      protocol: "tcp",
      port: factValues(followed(two ? 1 : 0)),
      host: factValues(two ? followed(0) : ABSENT),
      defaults: { host: "all" },
      place: place(module, site.call),
      reach: visit.reach(),
      evidence: [quote(module, site.call)],
    });
  }
}

/** By its name, or in the hash that is spread over the call. */
function isGiven({ view, site }: Visit, name: string): boolean {
  const { args } = site.call;
  return args.some((a) => a.name === name) || (args.some((a) => a.spread) && view.named(name).t !== "absent");
}

function moduleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  // It is told to listen by another call.
  sink.listeners = sink.listeners.filter(
    ({ place: { file, start, end } }) => file !== module.path || !/\bDoNotListen\b/.test(module.text.slice(start, end)),
  );
  serverTls(module, evaluator, sink);
  pumaFile(module, evaluator, sink);
  falconEnvironments(module, evaluator, sink);
  if (!PUMA_FILE.test(module.path)) classicSinatra(module, evaluator, sink);
}

export const ruby: Language = {
  lower: lowerRuby,
  semantics,
  words:
    /\b(WEBrick|TCPServer|Rack|Rackup|Puma|Thin|EM|EventMachine|GRPC|FunctionsFramework|SSLServer|sinatra|Sinatra|trap|Rufus|Sidekiq|SQLite3|ENV|ssl_bind|DRb|Iodine|Async|Reel|Falcon|self_signed_tls|OpenSSL|ssl_cert\w*)\b|\brun!|^[ \t]*(?:port|bind|listen)\b/m,
  catalogue: CATALOGUE,
  isCall: (name) => CALLS.has(name) || name === "open",
  callFacts,
  moduleFacts,
  portFix: (literal) => `ENV.fetch("PORT", ${literal}).to_i`,
};
