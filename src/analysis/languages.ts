/** What the analysis knows of each language beside JavaScript: its front end, its semantics, its catalogue. */

import { type Catalogue, catalogueListener, catalogueTls } from "./catalogue.ts";
import { type FactSink, isHostLost, reachOf, type Visit } from "./collect.ts";
import { visitBranches } from "./defaults/branches.ts";
import type { Evaluator } from "./evaluate/evaluator.ts";
import { type Call, type Expr, type FileTree, lastName } from "./ir.ts";
import type { Scope, SourceModule } from "./scope/scope.ts";
import type { Semantics } from "./semantics.ts";
import { alternatives, isNull, type Value } from "./values.ts";

export interface ModuleFinder {
  module(path: string): SourceModule | undefined;
  has(path: string): boolean;
  paths: readonly string[];
  text(path: string): string | undefined;
}

export interface Language {
  lower(text: string, path: string): FileTree | undefined;
  semantics(finder: ModuleFinder): Semantics;
  /** Files without these words hold no fact. */
  words: RegExp;
  catalogue: Catalogue;
  /** Last names of the calls that are worth following. */
  isCall(name: string): boolean;
  /** Facts of one call beyond the catalogue. */
  callFacts?(visit: Visit): void;
  /** Facts of a whole file. */
  moduleFacts?(module: SourceModule, evaluator: Evaluator, sink: FactSink): void;
  /** An expression that reads PORT, else `literal`; undefined where the file lacks what it needs. */
  portFix(literal: string, text: string): string | undefined;
}

export function analyzeModule(language: Language, module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const heirs = new Set(module.classes.flatMap(({ class: c }) => (c.bases.some(isServer) && c.name ? [c.name] : [])));
  visitBranches(module.calls, evaluator, sink, (site) => {
    const method = lastName(site.call.callee);
    if (method === undefined || isMessage(site.call, method)) return;
    let name = method;
    if (site.call.callee.kind === "name")
      for (let s: typeof site.scope | undefined = site.scope; s; s = s.parent) {
        const b = s.names.get(method);
        if (b?.import?.imported) name = b.import.imported;
        if (b) break;
      }
    if (!language.isCall(name) && !ofSubclass(name) && !heirs.has(name)) return;
    const seen = new Set<string>();
    const callee = evaluator.patiently(
      (e) => e.queryCallee(site.call, site.scope),
      (v) => STARTS.test(name) && isOpen(v),
    );
    for (const found of alternatives(callee)) {
      const target = baseOf(found, method, site.scope, evaluator) ?? unwrapped(found, language, evaluator) ?? found;
      const own = target.t === "function" || target.t === "class" || target.t === "instance" || target.t === "module";
      const path =
        target.t === "ref" ? target.path : (constantPath(site.call, module) ?? (own ? undefined : `?.${method}`));
      if (path === undefined || seen.has(path)) continue;
      seen.add(path);
      const ref = target.t === "ref" ? target : { t: "ref" as const, path, file: module };
      const call = withoutSelf(site.call, method);
      const visitOf = (e: Evaluator): Visit => ({
        module,
        site,
        evaluator: e,
        sink,
        view: e.view(ref, call, site.scope, undefined),
        reach: () => reachOf(evaluator, module, site.scope, site.guards),
      });
      const listener = evaluator.patiently(
        (e) => catalogueListener(visitOf(e), language.catalogue, language.portFix),
        isHostLost,
      );
      if (listener) sink.listeners.push(listener);
      const visit = visitOf(evaluator);
      const tls = catalogueTls(visit, language.catalogue);
      if (tls) sink.tlsServers.push(tls);
      language.callFacts?.(visit);
    }
  });
  language.moduleFacts?.(module, evaluator, sink);
}

/** `err.Error()`: what an error says, and no answer to a request as `http.Error(w, …)` is. */
function isMessage({ args }: Call, method: string): boolean {
  return method === "Error" && args.length === 0;
}

/** A class's base that is a server by its name: `class Threaded(ThreadingMixIn, TCPServer)`. */
function isServer(base: Expr): boolean {
  return /[a-z]Server$|TCPServer$|HTTPServer$/.test(lastName(base) ?? "");
}

/** A call that may start a server, on something that has to be known for it. */
const STARTS = /listen|serve|^run|start|bind|launch/i;

function isOpen(value: Value): boolean {
  return alternatives(value).some((v) => v.t === "unknown" || isNull(v));
}

/** `cors(Quart(__name__)).run()`: what an application is wrapped in starts as the application does. */
function unwrapped(found: Value, { catalogue }: Language, evaluator: Evaluator): (Value & { t: "ref" }) | undefined {
  if (found.t !== "ref" || found.receiver?.t !== "ref" || !found.receiver.call) return undefined;
  if (catalogue.listeners.some((l) => l.path.test(found.path))) return undefined;
  // `create_server(app).run()`: a server that is given an application starts itself.
  if (/server(\(\))?$/i.test(found.receiver.path)) return undefined;
  // `Manager(app).run()` starts the application, unless it has a command of its own that does.
  if (/\bManager\(\)$/.test(found.receiver.path) && /\bServer\(/.test(found.file.text)) return undefined;
  const { call, scope, frame } = found.receiver.call;
  const method = found.path.slice(found.path.lastIndexOf(".") + 1);
  for (const { value } of call.args.slice(0, 2)) {
    if (value.kind === "literal" || value.kind === "function") continue;
    const inner = evaluator.eval(value, scope, frame);
    const path = inner.t === "ref" ? `${inner.path}.${method}` : "";
    if (inner.t === "ref" && catalogue.listeners.some((l) => l.path.test(path)))
      return { ...found, path, receiver: inner };
  }
  return undefined;
}

/** `Rack::Handler::WEBrick.run` where the project itself opens the module Rack: Ruby's constants are the same everywhere. */
function constantPath({ callee }: Call, module: SourceModule): string | undefined {
  if (module.language !== "ruby" || callee.kind !== "member" || callee.end - callee.start > 80) return undefined;
  const text = module.text.slice(callee.object.start, callee.object.end);
  return /^(::)?[A-Z]\w*(::[A-Z]\w*)*$/.test(text)
    ? `${text.replace(/^::/, "").replaceAll("::", ".")}.${callee.property}`
    : undefined;
}

/** How a class calls the constructor of the class below it. */
const CONSTRUCTORS = /^(__init__|super)$/;

/** A call that may make an object of a class on top of a library's server, or call that server's constructor. */
function ofSubclass(name: string): boolean {
  return (
    CONSTRUCTORS.test(name) ||
    name === "cls" ||
    /[sS]erver|SERVER|^[A-Z]\w*(?:HTTPD?|Httpd?|TCP|RPC|WSGI|[dD]aemon|Listener|Config)$/.test(name)
  );
}

/** `class Mine(HTTPServer)`: making one is making the library's, where the class has no constructor of its own. */
function baseOf(found: Value, method: string, scope: Scope, evaluator: Evaluator): (Value & { t: "ref" }) | undefined {
  if (found.t === "ref" && CONSTRUCTORS.test(method)) {
    if (method === "__init__") return { ...found, path: found.path.replace(/\.__init__$/, "") };
    for (let s: Scope | undefined = scope; s; s = s.parent)
      if (s.kind === "class") {
        const base = externalBase(s, evaluator);
        return base && { ...base, path: `${base.path}.new` };
      }
  }
  // Elsewhere a constructor alone does not listen.
  const listens = /^(python|ruby|php)$/.test(scope.file.language);
  return found.t === "class" && listens ? externalBase(found.scope, evaluator, true) : undefined;
}

/** What a class of the project stands on outside of it; undefined where one on the way has a constructor and `whole` is asked. */
function externalBase(
  scope: Scope,
  evaluator: Evaluator,
  whole = false,
  depth = 0,
): (Value & { t: "ref" }) | undefined {
  const cls = scope.class;
  if (!cls || depth > 4 || (whole && cls.members.some((m) => m.fn && /^(__init__|initialize)$/.test(m.name))))
    return undefined;
  const bases = cls.bases.map((base) => evaluator.eval(base, scope.parent ?? scope));
  // Of several bases the last is the server, those before it are mixed in.
  for (const base of bases.reverse()) {
    const inner = base.t === "class" ? externalBase(base.scope, evaluator, whole, depth + 1) : base;
    if (inner?.t === "ref") return inner;
  }
  return undefined;
}

/** `HTTPServer.__init__(self, address, handler)`: the arguments of the constructor. */
function withoutSelf(call: Call, method: string): Call {
  const self = call.args[0]?.value;
  return method === "__init__" && self?.kind === "name" && self.name === "self"
    ? { ...call, args: call.args.slice(1) }
    : call;
}
