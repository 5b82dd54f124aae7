/** What a file says about the platform beyond its listeners: work, state, limits, addresses, variables. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { emptyReach } from "../facts.ts";
import { lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import { alternatives } from "../values.ts";
import { goAfterResponse, javascriptAfterResponse } from "./after-response.ts";
import { assignmentFacts } from "./assignments.ts";
import { platformCalls } from "./calls.ts";
import { memoryCollections } from "./collections.ts";
import { goDrains, ignored, javaDrains } from "./drains.ts";
import { durationOf } from "./durations.ts";
import { GO } from "./go.ts";
import { JAVA } from "./java.ts";
import { JAVASCRIPT } from "./javascript.ts";
import type { Knowledge } from "./knowledge.ts";
import { isSpawned, runsAtStart } from "./moments.ts";
import { MORE } from "./more.ts";
import { resourceProject } from "./projects.ts";
import { PYTHON } from "./python.ts";
import { pythonSettings } from "./python-settings.ts";
import { walkTree } from "./walk.ts";

const KNOWLEDGE: Record<string, Knowledge> = { javascript: JAVASCRIPT, python: PYTHON, go: GO, java: JAVA, ...MORE };
const COMMON = /\b(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|projects\/)/;
/** A collection that a request may change: it is made, it is changed, and there are requests. */
const CHANGED =
  /\b(push|unshift|append|insert|put|putIfAbsent|add|set|Store|setdefault)\(|\][^\s\]]{0,200}\s{0,40}=[^=]/;
const MADE =
  /\bnew (?:\w+\.)*(?:Map|Set|Array\w*|\w*List|\w*HashMap|\w*TreeMap|HashSet|Vector)\b|=\s*(?:\{\s*\}|\[)|\bmake\(|\bmap\[|\b(?:\w*HashMap|\w*ArrayList|mutable\w+Of)\b|\b(?:dict|list|set|defaultdict|deque|OrderedDict)\(|\]\w+\{/;
const REQUESTS =
  /\b(req|request|ctx|context|Context|Request|handler|routing|route[rs]?|\w*Mapping|\w*Controller|Resource|Path|reply|res)\b|\.(get|post|put|patch|delete|GET|POST|PUT|PATCH|DELETE)\(/;
const COLLECTING = /^(javascript|python|go|java|kotlin)$/;

/** Can a file hold such a fact at all? Asked before it is parsed. */
export function mayHoldPlatformFacts(language: string, text: string): boolean {
  if (KNOWLEDGE[language]?.words.test(text) || COMMON.test(text)) return true;
  return COLLECTING.test(language) && CHANGED.test(text) && MADE.test(text) && REQUESTS.test(text);
}

export function platformFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const knowledge = KNOWLEDGE[module.language];
  if (knowledge) platformCalls(module, evaluator, sink, knowledge);
  assignmentFacts(module, evaluator, sink);
  memoryCollections(module, evaluator, sink);
  resourceNames(module, sink);
  if (module.language === "javascript") {
    keepAliveAssignments(module, evaluator, sink);
    selfRescheduling(module, evaluator, sink);
    javascriptAfterResponse(module, evaluator, sink);
  } else if (module.language === "python") {
    pythonSettings(module, evaluator, sink);
    pythonIgnores(module, evaluator, sink);
  } else if (module.language === "go") {
    goTimers(module, evaluator, sink);
    goAfterResponse(module, evaluator, sink);
    goDrains(module, evaluator, sink);
    goServers(module, evaluator, sink);
    goGrpc(module, evaluator, sink);
  } else if (module.language === "java") {
    javaDrains(module, evaluator, sink);
    javaAnnotations(module, sink);
  }
}

/** `server.keepAliveTimeout = 5000`. */
function keepAliveAssignments(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const a of module.assigns) {
    if (a.target.kind !== "member" || a.target.property !== "keepAliveTimeout") continue;
    const value = durationOf(a.value, a.scope, evaluator, 1);
    if (value !== undefined)
      sink.others.push({
        kind: "keep-alive",
        what: "keepAliveTimeout",
        place: place(module, a.target),
        reach: reachOf(evaluator, module, a.scope, a.guards),
        value,
        evidence: [quote(module, { start: a.target.start, end: a.value.end })],
      });
  }
}

/** `function poll() { …; setTimeout(poll, 1000) }`, begun at start. */
function selfRescheduling(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const site of module.calls) {
    const { call, scope } = site;
    if (lastName(call.callee) !== "setTimeout" || call.callee.kind !== "name") continue;
    const target = call.args[0]?.value;
    const name = target?.kind === "name" ? target.name : undefined;
    if (!name) continue;
    let around = false;
    for (let s: typeof scope | undefined = scope; s; s = s.parent) if (s.fn?.name === name) around = true;
    // Again only after a failure: an attempt, not a clock.
    if (!around || site.inCatch || site.guards.length > 0 || !runsAtStart(scope, evaluator)) continue;
    sink.background.push({
      what: `${name}, which sets its own timer again`,
      kind: "timer",
      place: place(module, call),
      reach: reachOf(evaluator, module, scope, site.guards),
      evidence: [quote(module, call)],
    });
  }
}

/** `signal.signal(SIGTERM, SIG_IGN)`. */
function pythonIgnores(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/SIG_IGN/.test(module.text)) return;
  for (const { call, scope } of module.calls) {
    const target = alternatives(evaluator.query(call.callee, scope))[0];
    if (target?.t !== "ref" || target.path !== "signal.signal") continue;
    const text = quote(module, call);
    if (/SIGTERM/.test(text) && /SIG_IGN/.test(text)) ignored("signal.SIG_IGN", module, call, sink);
  }
}

/** Tickers, and loops that sleep, in goroutines of the program itself. */
function goTimers(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\btime\.(NewTicker|Tick|Sleep|After)\b/.test(module.text)) return;
  for (const site of module.calls) {
    const name = lastName(site.call.callee) ?? "";
    if (!/^(NewTicker|Tick|Sleep)$/.test(name)) continue;
    const target = alternatives(evaluator.query(site.call.callee, site.scope))[0];
    if (target?.t !== "ref" || !/^time\.(NewTicker|Tick|Sleep)$/.test(target.path)) continue;
    const sleeping = name === "Sleep";
    if (sleeping ? !(site.inLoop && isSpawned(site)) : !(isSpawned(site) || site.inLoop)) continue;
    if (!runsAtStart(site.scope, evaluator) || (sleeping && isBounded(module, site.call.start))) continue;
    if (isAfterSignal(module, site.scope.fn?.start ?? 0, site.call.start)) continue;
    sink.background.push({
      what: sleeping ? "a goroutine that loops and sleeps" : target.path,
      kind: "timer",
      place: place(module, site.call),
      reach: reachOf(evaluator, module, site.scope, site.guards),
      evidence: [quote(module, site.call)],
    });
  }
}

/** What stands behind `<-quit` in a function runs while the program ends. */
function isAfterSignal({ text }: SourceModule, from: number, at: number): boolean {
  return [...text.slice(Math.max(from, at - 4000), at).matchAll(/<-\s*(\w+)\b(?!\.)/g)].some((m) =>
    new RegExp(`\\bsignal\\.Notify\\(\\s*${m[1]}\\b`).test(text),
  );
}

/** `for i := 0; i < 3; i++`: attempts, not a clock. */
function isBounded(module: SourceModule, at: number): boolean {
  const before = module.text.slice(Math.max(0, at - 4000), at);
  const header = [...before.matchAll(/\bfor\b([^{\n]*)\{/g)].at(-1)?.[1] ?? "";
  return /;|\brange\b|<|>/.test(header);
}

/** `http.Server{IdleTimeout: …}`; without one, ReadTimeout is it (net/http's documentation). */
function goServers(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const { object, scope, guards } of module.typedObjects) {
    const value = evaluator.query(object, scope);
    if (value.t !== "object" || !/^(net\/http\.Server|github\.com\/valyala\/fasthttp\.Server)$/.test(value.type ?? ""))
      continue;
    const idle = object.entries.find((e) => e.key === "IdleTimeout");
    const read = object.entries.find((e) => e.key === "ReadTimeout");
    const entry = idle ?? read;
    const ms = durationOf(entry?.value, scope, evaluator, 1e-6);
    if (!entry || ms === undefined || ms === 0) continue;
    sink.others.push({
      kind: "keep-alive",
      what: idle ? "IdleTimeout" : "ReadTimeout (there is no IdleTimeout)",
      value: ms,
      place: place(module, entry),
      reach: reachOf(evaluator, module, scope, guards),
      evidence: [quote(module, entry)],
    });
  }
}

/** A gRPC server that does not share its port with HTTP/1.1. */
function goGrpc(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/google\.golang\.org\/grpc"/.test(module.text) || /cmux|ServeHTTP|h2c\.|grpcweb|grpc-gateway/.test(module.text))
    return;
  for (const site of module.calls) {
    if (lastName(site.call.callee) !== "NewServer") continue;
    const target = alternatives(evaluator.query(site.call.callee, site.scope))[0];
    if (target?.t !== "ref" || target.path !== "google.golang.org/grpc.NewServer") continue;
    sink.others.push({
      kind: "h2c",
      what: "grpc.NewServer",
      value: "server",
      place: place(module, site.call),
      reach: reachOf(evaluator, module, site.scope, site.guards),
      evidence: [quote(module, site.call), "it is google.golang.org/grpc.NewServer"],
    });
  }
}

const LISTENERS =
  /^(Scheduled|Schedule|Schedules|KafkaListener|RabbitListener|JmsListener|SqsListener|StreamListener|Recurring|Every)$/;

function javaAnnotations(module: SourceModule, sink: FactSink): void {
  for (const { class: cls } of module.classes) {
    for (const m of cls.members)
      for (const d of m.decorators ?? []) {
        const name = lastName(d.kind === "call" ? d.callee : d) ?? "";
        if (LISTENERS.test(name))
          sink.background.push({
            what: `@${name}`,
            kind: /Listener$/.test(name) ? "queue" : "scheduler",
            place: place(module, d),
            reach: emptyReach(),
            evidence: [quote(module, d)],
          });
      }
    for (const d of cls.decorators)
      if (/^(SessionScope|SessionScoped|SessionAttributes)$/.test(lastName(d.kind === "call" ? d.callee : d) ?? ""))
        sink.state.push({
          what: "sessions of the servlet container, in memory",
          kind: "session",
          place: place(module, d),
          reach: emptyReach(),
          evidence: [quote(module, d)],
        });
  }
}

/** `projects/my-project/topics/x` as a literal. */
function resourceNames(module: SourceModule, sink: FactSink): void {
  if (!/projects\//.test(module.text)) return;
  walkTree(module.tree, (e) => {
    if (e.kind !== "literal" || typeof e.value !== "string") return;
    const project = resourceProject(e.value);
    if (project)
      sink.others.push({
        kind: "project",
        what: `the project ${project}`,
        value: project,
        place: place(module, e),
        reach: emptyReach(),
        evidence: [quote(module, e)],
      });
  });
}
