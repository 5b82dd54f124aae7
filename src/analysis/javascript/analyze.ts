/** JavaScript and TypeScript programs: which files are judged, and the facts in them. */

import { type FactSink, factValues, isHostLost, place, quote, reachOf, type Visit } from "../collect.ts";
import { visitBranches } from "../defaults/branches.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Listener, SignalHandler } from "../facts.ts";
import { type Expr, lastName } from "../ir.ts";
import { needsFrom } from "../needs.ts";
import type { CallSite, SourceModule } from "../scope/scope.ts";
import { alternatives, type Value } from "../values.ts";
import { guessed, listenerOf, maybeListens } from "./listeners.ts";
import { FAIL_METHODS, failureOf, inHandler } from "./needs.ts";
import { SCHEMA_METHODS, schemaNeeds } from "./schema-needs.ts";
import { SIGNAL_METHODS, signalLibraries, signalOf } from "./signals.ts";
import { ofChosenModule, TLS_METHODS, tlsClasses, tlsOf } from "./tls.ts";

/** Files without any of these words hold no fact: they are read only when a value leads to them. */
export const JAVASCRIPT_WORDS =
  /\b(listen|listenAsync|listenAndServe\w*|serveTLS|createServer|createSecureServer|https|http2|tls|spdy|serve|SIGTERM|SIGINT|process\.on|process\.exit|setInterval|cron|schedule|Agenda|Queue|Worker|process\.env|node:process|Bun|Deno|bindAsync|ServerCredentials|WebSocket(?:Server)?|startStandaloneServer|enableShutdownHooks|metadata\.google|sqlite|session|multer|hapi|glue|hostname|ApolloServer|cleanEnv|keepAliveTimeout|Http3Server|SSLApp|vite|live-server|PeerServer|redbird|loopback|FastMCP|createMicroservice|validationSchema|(?:Node|Bun)HttpServer)\b|["']ws["']|\bexport default \{[^}]{0,300}\bport\b/;

export function analyzeJavaScript(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  sink.signalHandlers.push(...signalLibraries(module));
  sink.tlsServers.push(...tlsClasses(module, evaluator));
  visitBranches(module.calls, evaluator, sink, (site) => visitCall(module, site, evaluator, sink));
  const served = servedByBun(module, evaluator);
  if (served) sink.listeners.push(served);
  for (const t of module.throws) {
    if (t.guards.length === 0) continue;
    const failure = inHandler(t.scope) ? "handler" : "start";
    const span = t.expr ?? (t.guards.at(-1) as { test: { start: number; end: number } }).test;
    sink.needs.push(...needsFrom(module, t.guards, t.scope, "throws", span, evaluator, failure));
  }
}

function visitCall(module: SourceModule, site: CallSite, evaluator: Evaluator, sink: FactSink): void {
  const method = calledName(site.call.callee);
  if (method === undefined) return;
  const name = originalName(site, method);
  const interesting =
    maybeListens(name) ||
    TLS_METHODS.has(name) ||
    SIGNAL_METHODS.has(name) ||
    FAIL_METHODS.has(name) ||
    SCHEMA_METHODS.has(name) ||
    isLayerOfServer(site.call.callee) ||
    site.call.callee.kind === "name";
  if (!interesting) return;
  if (FAIL_METHODS.has(name) && site.guards.length) {
    const failure = failureOf(site, pathOf(site), evaluator);
    if (failure)
      sink.needs.push(
        ...needsFrom(
          module,
          site.guards,
          site.scope,
          failure,
          site.call,
          evaluator,
          failure.startsWith("exits") ? "start" : "handler",
        ),
      );
  }
  const callee = evaluator.patiently(
    (e) => e.query(site.call.callee, site.scope),
    (v) => maybeListens(name) && alternatives(v).some((one) => one.t === "unknown"),
  );
  const seen = new Set<string>();
  for (const given of alternatives(callee)) {
    const target = listenInside(given, evaluator) ?? given;
    const visit: Omit<Visit, "view"> = {
      module,
      site,
      evaluator,
      sink,
      reach: () => reachOf(evaluator, module, site.scope, site.guards),
    };
    const seenBy = (e: Evaluator, ref: Value & { t: "ref" }): Visit => ({
      ...visit,
      evaluator: e,
      view: e.view(ref, site.call, site.scope, undefined),
    });
    const open = target.t === "unknown" || (target.t === "ref" && target.path.startsWith("module.createRequire()()"));
    const chosen = open ? ofChosenModule(module, site, evaluator) : undefined;
    if (chosen) sink.tlsServers.push(chosen);
    if (target.t !== "ref") {
      const handled = handedOn(module, site);
      if (handled) sink.signalHandlers.push(handled);
      if (target.t === "unknown" && maybeListens(method)) {
        const unknown = { t: "ref" as const, path: `unknown.${method}`, file: module };
        const listener = evaluator.patiently((e) => guessed(seenBy(e, unknown)), isHostLost);
        if (listener) sink.listeners.push(listener);
      }
      continue;
    }
    if (seen.has(target.path)) continue;
    seen.add(target.path);
    const whole = seenBy(evaluator, target);
    const listener = evaluator.patiently((e) => listenerOf(seenBy(e, target)), isHostLost);
    if (listener) sink.listeners.push(listener);
    const tls = tlsOf(whole);
    if (tls) {
      if (seen.size > 1 || alternatives(callee).length > 1) tls.option ??= "one of two modules";
      sink.tlsServers.push(tls);
    }
    const signal = signalOf(whole);
    if (signal) sink.signalHandlers.push(signal);
    sink.needs.push(...schemaNeeds(module, site, whole.view, evaluator));
  }
}

/** Effect's `NodeHttpServer.layer(…)`: so many calls are called so that the name before it counts too. */
function isLayerOfServer(callee: Expr): boolean {
  return callee.kind === "member" && /^(?:Node|Bun)HttpServer$/.test(lastName(callee.object) ?? "");
}

/** Of `createServer.apply(null, given)` what is applied. */
function calledName(callee: Expr): string | undefined {
  // `require("fastify")({ https })`
  if (callee.kind === "call" && lastName(callee.callee) === "require") return "default";
  // `promisify(server.listen.bind(server))(port)`
  if (callee.kind === "call" && lastName(callee.callee) === "promisify") return "listen";
  const name = lastName(callee);
  return callee.kind === "member" && /^(apply|call)$/.test(callee.property) ? lastName(callee.object) : name;
}

/** `wrapped.on("SIGTERM", …)` on something around the process: nothing else is told of that signal. */
function handedOn(module: SourceModule, site: CallSite): SignalHandler | undefined {
  const { callee, args } = site.call;
  const event = args[0]?.value;
  if (callee.kind !== "member" || event?.kind !== "literal" || event.value !== "SIGTERM" || args.length < 2)
    return undefined;
  const { text } = module;
  if (
    !/^(on|once|addListener)$/.test(callee.property) ||
    !/proc|signal/i.test(text.slice(callee.object.start, callee.object.end))
  )
    return undefined;
  const reach = { conditions: [], env: [], development: false };
  return { signals: ["SIGTERM"], by: callee.property, place: place(module, site.call), reach };
}

/** `promisify(server.listen.bind(server))` is called as `server.listen` is. */
function listenInside(callee: Value, evaluator: Evaluator): (Value & { t: "ref" }) | undefined {
  if (callee.t !== "ref") return undefined;
  const bound = /^(.*\.listen)\.(?:bind\(\)|call)$/.exec(callee.path)?.[1];
  if (bound && callee.path.endsWith("bind()")) return { ...callee, path: bound };
  // `promisify(server.listen).bind(server)`
  const bare = callee.path.endsWith("promisify().bind()") && callee.receiver?.t === "ref" ? callee.receiver : callee;
  const made = bare.path.endsWith("()") ? bare.call : undefined;
  if (!made || made.call.args.length === 0 || made.call.args.length > 3) return undefined;
  for (const { value } of made.call.args) {
    if (value.kind !== "member" && value.kind !== "call") continue;
    const { text } = made.scope.file;
    if (!/\.listen\b/.test(text.slice(value.start, Math.min(value.end, value.start + 200)))) continue;
    const inner = evaluator.query(value, made.scope, made.frame);
    if (inner.t !== "ref") continue;
    const path = /^(.*\.listen)(?:\.bind\(\))?$/.exec(inner.path)?.[1];
    if (path) return { ...inner, path };
  }
  return undefined;
}

/** `process.exit`, `res.status`: as it is written. */
function pathOf({ call: { callee } }: CallSite): string {
  if (callee.kind === "member")
    return callee.object.kind === "name" ? `${callee.object.name}.${callee.property}` : `.${callee.property}`;
  return callee.kind === "name" ? callee.name : "";
}

/** `import { createServer as make }`: the name it has where it comes from. */
function originalName(site: CallSite, method: string): string {
  const callee = site.call.callee;
  if (callee.kind !== "name") return method;
  for (let s: CallSite["scope"] | undefined = site.scope; s; s = s.parent) {
    const b = s.names.get(callee.name);
    if (b?.import) return b.import.imported ?? method;
    if (b) return method;
  }
  return method;
}

/** `export default { port: 3000, hostname: "127.0.0.1", fetch: app.fetch }`: Bun serves what its entry exports. */
function servedByBun(module: SourceModule, evaluator: Evaluator): Listener | undefined {
  const exported = module.exports.get("default")?.value;
  if (exported?.kind !== "object") return undefined;
  const of = (key: string) => exported.entries.find((e) => e.key === key);
  const given = of("port") ?? of("hostname");
  if (!of("fetch") || !given) return undefined;
  const value = (key: string) => factValues(evaluator.query(of(key)?.value, module.scope));
  return {
    framework: "Bun",
    protocol: "http",
    port: value("port"),
    host: value("hostname"),
    defaults: { host: "all", port: "PORT" },
    place: place(module, exported),
    reach: { conditions: [], env: [], development: false },
    evidence: [quote(module, given)],
  };
}
