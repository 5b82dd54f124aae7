/** Collections at the top of a program that requests change: each instance has its own. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import { type Binding, type Guard, lookup, type Scope, type SourceModule, selfClass } from "../scope/scope.ts";
import { runsInRequest } from "./moments.ts";

const MUTATORS =
  /^(push|unshift|splice|set|add|append|insert|extend|put|putIfAbsent|addFirst|addLast|remove|delete|pop|clear|update|setdefault|computeIfAbsent|merge|Store)$/;
const MAKERS =
  /^(Map|Set|Array|list|dict|set|defaultdict|deque|OrderedDict|ArrayList|LinkedList|HashMap|LinkedHashMap|TreeMap|ConcurrentHashMap|CopyOnWriteArrayList|HashSet|Vector|make|synchronizedList|synchronizedMap)$/;
/** Names of what is a copy, a connection, a count: lost without harm. */
const HARMLESS =
  /cache|memo|warned|deprecat|pool|conn|client|socket|subscriber|listener|metric|counter|stat|rate|seen|lock|inflight|in_flight|pending|timer|buffer|log|regist|plugin|handler|middlewar|route|template|tracer|limit/i;

export function memoryCollections(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const seen = new Set<Binding | string>();
  const found = (e: Expr, scope: Scope, guards: readonly Guard[], whole: { start: number; end: number }): void => {
    const owner = ownerOf(e, scope);
    if (!owner || seen.has(owner.key)) return;
    if (!runsInRequest(scope, evaluator)) return;
    seen.add(owner.key);
    sink.state.push({
      what: owner.name,
      kind: HARMLESS.test(owner.name) ? "cache" : "memory",
      place: place(module, whole),
      reach: reachOf(evaluator, module, scope, guards),
      evidence: [quote(module, owner.source), quote(module, whole)],
    });
  };
  for (const { call, scope, guards } of module.calls) {
    const { callee } = call;
    if (callee.kind === "member" && MUTATORS.test(callee.property)) found(callee.object, scope, guards, call);
  }
  for (const { target, value, scope, guards } of module.assigns) {
    const whole = { start: target.start, end: Math.max(target.end, value.end) };
    if (target.kind === "index") found(target.object, scope, guards, whole);
    // Go: `todos = append(todos, t)`
    else if (
      target.kind === "name" &&
      value.kind === "call" &&
      lastName(value.callee) === "append" &&
      module.language === "go"
    )
      found(target, scope, guards, whole);
  }
}

/** What is changed, when it is a collection that lives as long as the program. */
function ownerOf(
  e: Expr,
  scope: Scope,
): { key: Binding | string; name: string; source: { start: number; end: number } } | undefined {
  if (e.kind === "name") {
    const b = lookup(scope, e.name);
    if (b?.scope.kind === "module" && !b.import && !b.param) {
      const source = b.sources.find((s) => s.expr && !s.path && isCollection(s.expr, scope.file.language))?.expr;
      return source && { key: b, name: e.name, source };
    }
    if (b?.scope.kind === "function") return undefined;
  }
  // A field of a controller, of which there is one.
  const field = e.kind === "name" ? e.name : e.kind === "member" && e.object.kind === "name" ? e.property : undefined;
  if (field === undefined) return undefined;
  const cls = e.kind === "member" && e.object.kind === "name" ? selfClass(scope, e.object.name) : classAround(scope);
  if (!cls?.class?.decorators.some((d) => SINGLE.test(lastName(d.kind === "call" ? d.callee : d) ?? "")))
    return undefined;
  const member = cls.class.members.find((m) => m.name === field && m.value);
  if (!member?.value || !isCollection(member.value, scope.file.language)) return undefined;
  return { key: `${cls.class.name}.${field}`, name: field, source: member };
}

const SINGLE = /^(RestController|Controller|Service|Component|Injectable|Singleton|ApplicationScoped|Repository|Path)$/;

function classAround(scope: Scope): Scope | undefined {
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.kind === "class") return s;
  return undefined;
}

function isCollection(e: Expr, language: string): boolean {
  if (e.kind === "array") return true;
  // What holds functions is no data: `module.exports = { create() {…}, update() {…} }`.
  if (e.kind === "object") return e.type === undefined && !e.entries.some((x) => x.value.kind === "function");
  if (e.kind === "call")
    return (e.isNew === true || language !== "javascript") && MAKERS.test(lastName(e.callee) ?? "");
  return false;
}
