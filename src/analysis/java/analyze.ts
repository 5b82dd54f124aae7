/** Facts of a Java file beyond its catalogue: shutdown hooks, scheduled methods, programs that Spring starts. */
import { type FactSink, factValues, place, quote, reachOf, splitAddress, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Listener } from "../facts.ts";
import { lastName } from "../ir.ts";
import { needsFrom } from "../needs.ts";
import { runsInRequest } from "../platform/moments.ts";
import type { SourceModule } from "../scope/scope.ts";
import { ABSENT, textOf } from "../values.ts";
import { JAVA } from "./catalogue.ts";
import { tomcatAddress } from "./tomcat.ts";

export function javaCallFacts(visit: Visit): void {
  const { view, module, site, sink, evaluator } = visit;
  const last = view.path.slice(view.path.lastIndexOf(".") + 1);
  const base = { place: place(module, site.call), reach: { ...visit.reach(), env: [] } };
  javaAnswers(visit);
  if (last === "addShutdownHook" || last === "closeOnJvmShutdown")
    sink.signalHandlers.push({ signals: ["SIGTERM"], by: last, ...base });
  else if (last === "setStopAtShutdown" && textOf(view.arg(0)) !== "false")
    sink.signalHandlers.push({ signals: ["SIGTERM"], by: "Jetty's setStopAtShutdown", ...base });
  else if (/(^|\.)Signal\.handle$/.test(view.path)) {
    const name = /Signal\("(\w+)"\)/.exec(module.text.slice(site.call.start, site.call.end))?.[1];
    if (name) sink.signalHandlers.push({ signals: [`SIG${name}`], by: "Signal.handle", ...base });
  } else if (view.path === "System.exit" && site.guards.length && textOf(view.arg(0)) !== "0")
    sink.needs.push(...needsFrom(module, site.guards, site.scope, "exits", site.call, evaluator, "start"));
}

/** A 5xx status under a condition that says that a variable is unset. */
function javaAnswers(visit: Visit): void {
  const { view, module, site, sink, evaluator } = visit;
  const last = view.path.slice(view.path.lastIndexOf(".") + 1);
  if (!/^(status|setStatus|sendError|sendResponseHeaders|internalServerError)$/.test(last) || !site.guards.length)
    return;
  const first = site.call.args[0]?.value;
  const text = first ? module.text.slice(first.start, first.end) : "";
  const code = last === "internalServerError" || /INTERNAL_SERVER_ERROR/.test(text) ? "500" : /^5\d\d$/.exec(text)?.[0];
  if (code)
    sink.needs.push(...needsFrom(module, site.guards, site.scope, `answers ${code}`, site.call, evaluator, "handler"));
}

/** Servers that a program extends: their constructor is given the port, after the host where there are two. */
const EXTENDED = /(^|\.)(NanoHTTPD|NanoWSD|RouterNanoHTTPD|WebSocketServer)$/;

function subclasses(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const { class: cls, scope } of module.classes) {
    const base = cls.bases[0] && evaluator.query(cls.bases[0], scope);
    if (base?.t === "ref" && JAVA.tls.some((t) => !t.when && !t.text && t.path.test(base.path)))
      sink.tlsServers.push({
        what: base.path.slice(base.path.lastIndexOf(".") + 1),
        place: place(module, cls),
        reach: reachOf(evaluator, module, scope, []),
        evidence: [quote(module, cls), `it extends ${base.path}`],
      });
    if (base?.t !== "ref" || !EXTENDED.test(base.path)) continue;
    for (const { call, scope: at, guards } of module.calls) {
      if (call.callee.kind !== "name" || call.callee.name !== "super") continue;
      if (call.start < cls.start || call.end > cls.end) continue;
      const given = call.args.map((a) => evaluator.query(a.value, at));
      const last = given.at(-1);
      if (!last) continue;
      const { host, port } = last.t === "array" ? splitAddress(last) : { host: given.at(-2) ?? ABSENT, port: last };
      sink.listeners.push({
        framework: base.path.slice(base.path.lastIndexOf(".") + 1),
        protocol: "http",
        port: factValues(port),
        host: factValues(host),
        defaults: { host: "all" },
        place: place(module, call),
        reach: reachOf(evaluator, module, at, guards),
        evidence: [quote(module, call), `it extends ${base.path}`],
      });
    }
  }
}

/**
 * `vertx.createHttpServer(options).listen(done)`, also where the server is named before it listens: it listens where its
 * options say, which are a listener of their own.
 */
function leaveOutGiven(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\bcreateHttpServer\(\s*\w/.test(module.text)) return;
  const evidence = (l: Listener): string => l.evidence[0] ?? "";
  const own = sink.listeners.filter((l) => l.place.file === module.path && l.framework === "Vert.x");
  const made = /\bnew HttpServerOptions\([^;]{0,400}?\.setPort\(/;
  if (!own.some((l) => /ServerOptions\(/.test(evidence(l))) && evaluator.project.matching(made, module).length === 0)
    return;
  const isBare = /\bcreateHttpServer\(\s*\)/.test(module.text);
  const isGiven = (l: Listener): boolean =>
    own.includes(l) &&
    (/\bcreateHttpServer\(\s*\w/.test(evidence(l)) || (!isBare && !/Options\(/.test(evidence(l)))) &&
    l.host.every((h) => h.kind === "absent");
  sink.listeners = sink.listeners.filter((l) => !isGiven(l));
}

/** `get("/", …)` of Spark, which nothing in the program tells a port: it listens at its first route. */
function sparkByDefault(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!SPARK.test(module.text) || sink.listeners.some((l) => l.framework === "Spark")) return;
  // Nor does a container's filter, which takes the routes, listen by itself.
  const told = /(?:^|[^.\w]|\bSpark\.)(?:port|setPort|ipAddress)\s*\(|\bSpark(?:Application|Filter)\b/m;
  if (evaluator.project.matching(told, module).some((m) => SPARK.test(m.text))) return;
  const route = module.calls.find(({ call, scope }) => {
    if (!/^(?:get|post|put|delete|patch|path)$/.test(lastName(call.callee) ?? "")) return false;
    const target = evaluator.query(call.callee, scope);
    return target.t === "ref" && /^spark\.Spark\.\w+$/.test(target.path);
  });
  if (!route) return;
  sink.listeners.push({
    framework: "Spark",
    protocol: "http",
    port: [{ kind: "absent" }],
    host: [{ kind: "absent" }],
    defaults: { port: 4567, host: "all" },
    place: place(module, route.call),
    reach: reachOf(evaluator, module, route.scope, route.guards),
    evidence: [quote(module, route.call), "it is Spark's"],
  });
}
const SPARK = /\bimport\s+(?:static\s+)?spark\.(?:Spark\b|\*)/;

export function javaModuleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  leaveOutGiven(module, evaluator, sink);
  sparkByDefault(module, evaluator, sink);
  tomcatAddress(module, evaluator, sink);
  const failureAt = (scope: SourceModule["scope"]) => (runsInRequest(scope, evaluator) ? "handler" : "start");
  for (const t of module.throws)
    if (t.guards.length && t.expr)
      sink.needs.push(...needsFrom(module, t.guards, t.scope, "throws", t.expr, evaluator, failureAt(t.scope)));
  subclasses(module, evaluator, sink);
  for (const { class: cls } of module.classes)
    if (cls.decorators.some((d) => d.kind === "call" && lastName(d.callee) === "SpringBootApplication"))
      sink.runtimes.push({ name: "Spring Boot", place: place(module, cls.decorators[0] ?? cls) });
  if (
    /SpringApplication\.run|SpringApplication\(/.test(module.text) &&
    !sink.runtimes.some((r) => r.name === "Spring Boot")
  ) {
    const site = module.calls.find((c) => /SpringApplication/.test(quote(module, c.call)));
    if (site) sink.runtimes.push({ name: "Spring Boot", place: place(module, site.call) });
  }
}
