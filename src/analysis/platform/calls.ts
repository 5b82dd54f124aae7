/** Facts of the calls that a language's table knows: background work, state, limits, the metadata server, projects. */
import { escaped } from "../../base/escaped.ts";
import { slotValue } from "../catalogue.ts";
import { type FactSink, place, quote, reachOf, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Reach } from "../facts.ts";
import { type Expr, lastName } from "../ir.ts";
import { asStarted } from "../reach.ts";
import { type CallSite, lookup, type SourceModule } from "../scope/scope.ts";
import { alternatives, textOf, type Value } from "../values.ts";
import { foreignProgram } from "./architecture.ts";
import { durationOf } from "./durations.ts";
import type { HttpKnown, Knowledge, StateKnown, WorkKnown } from "./knowledge.ts";
import { headless } from "./metadata.ts";
import { assignedName, momentsOf, runsInRequest } from "./moments.ts";
import { placeOf } from "./places.ts";
import { isProject, isRegion } from "./projects.ts";

type Kind = Exclude<keyof Knowledge, "words">;
const KINDS: readonly Kind[] = ["work", "state", "limits", "http", "exec", "projects"];

const byKnowledge = new WeakMap<Knowledge, Map<string, [Kind, number][]>>();

function namesOf(knowledge: Knowledge): Map<string, [Kind, number][]> {
  let found = byKnowledge.get(knowledge);
  if (found) return found;
  found = new Map();
  for (const kind of KINDS)
    knowledge[kind].forEach((entry, i) => {
      for (const name of entry.names.split(" ")) {
        const list = found?.get(name);
        if (list) list.push([kind, i]);
        else found?.set(name, [[kind, i]]);
      }
    });
  byKnowledge.set(knowledge, found);
  return found;
}

/** What a call of a name that a library has may cost: most of them are an object's own method. */
const CALLEE_STEPS = 1_000;

export function platformCalls(module: SourceModule, evaluator: Evaluator, sink: FactSink, knowledge: Knowledge): void {
  const names = namesOf(knowledge);
  for (const site of module.calls) {
    const name = originalName(site);
    const entries = name === undefined ? undefined : names.get(name);
    if (!entries) continue;
    const targets = alternatives(evaluator.brief(site.call.callee, site.scope, CALLEE_STEPS));
    for (const target of targets) {
      if (target.t !== "ref") continue;
      const visit: Visit = {
        module,
        site,
        evaluator,
        sink,
        view: evaluator.view(target, site.call, site.scope, undefined),
        reach: () => asStarted(reachOf(evaluator, module, site.scope, site.guards)),
      };
      for (const [kind, i] of entries) if (knowledge[kind][i]?.path.test(target.path)) fact(visit, kind, i, knowledge);
      break;
    }
  }
}

/** `import { createServer as make }`: the name it has where it comes from. */
export function originalName(site: CallSite): string | undefined {
  const { callee } = site.call;
  // `require("http-graceful-shutdown")(server)`
  const module = callee.kind === "call" && lastName(callee.callee) === "require" ? callee.args[0]?.value : undefined;
  if (module?.kind === "literal" && typeof module.value === "string")
    return module.value.slice(module.value.lastIndexOf("/") + 1);
  const method = lastName(callee);
  if (callee.kind !== "name" || method === undefined) return method;
  const imported = lookup(site.scope, callee.name)?.import;
  if (!imported) return method;
  if (imported.imported !== undefined && imported.imported !== "default") return imported.imported;
  // A default import is called by its module's name.
  return imported.module.slice(imported.module.lastIndexOf("/") + 1);
}

function fact(visit: Visit, kind: Kind, i: number, knowledge: Knowledge): void {
  const { module, site, sink, evaluator } = visit;
  const base = { place: place(module, site.call), reach: visit.reach(), evidence: evidence(visit) };
  switch (kind) {
    case "work":
      work(visit, knowledge.work[i] as WorkKnown, base);
      return;
    case "state":
      state(visit, knowledge.state[i] as StateKnown, base);
      return;
    case "limits": {
      const entry = knowledge.limits[i];
      if (!entry) return;
      const given = slotExpr(visit, entry.slot);
      const value = given
        ? durationOf(given.expr, given.scope, evaluator, entry.unit)
        : site.call.args.some((a) => a.spread)
          ? undefined
          : entry.default;
      if (value !== undefined) sink.others.push({ kind: entry.kind, what: entry.what, value, ...base });
      return;
    }
    case "http": {
      const entry = knowledge.http[i] as HttpKnown;
      const given = slotValue(visit, entry.url);
      // A request that was made before may carry the header.
      if (entry.bare && alternatives(given).some((v) => v.t === "ref")) return;
      const url = headless(given);
      if (url !== undefined && !saysFlavor(visit, entry)) sink.others.push({ kind: "metadata", what: url, ...base });
      return;
    }
    case "exec": {
      const entry = knowledge.exec[i];
      const found = entry && foreignProgram(visit, slotValue(visit, entry.slot));
      if (found) sink.others.push({ kind: "architecture", what: found, ...base });
      return;
    }
    case "projects": {
      const entry = knowledge.projects[i];
      const project = entry?.project && textOf(slotValue(visit, entry.project));
      if (project && isProject(project))
        sink.others.push({ kind: "project", what: `the project ${project}`, value: project, ...base });
      const region = entry?.location && textOf(slotValue(visit, entry.location));
      if (region && isRegion(region))
        sink.others.push({ kind: "project", what: `the location ${region}`, value: region, minor: true, ...base });
      return;
    }
  }
}

export function evidence({ module, site, view }: Visit): string[] {
  return [quote(module, site.call), `it is ${view.path}`];
}

type Base = { place: ReturnType<typeof place>; reach: Reach; evidence: string[] };

function work(visit: Visit, entry: WorkKnown, base: Base): void {
  const { module, site, evaluator, sink } = visit;
  if (entry.alongside && !entry.alongside.test(module.text)) return;
  if (entry.unless?.test(module.text)) return;
  const around = module.text.slice(site.call.start, site.call.end + 60);
  if (entry.text && !entry.text.test(around)) return;
  if (entry.moments) {
    const moments = momentsOf(site.scope, evaluator);
    if (![...moments].every((m) => entry.moments?.includes(m))) return;
  }
  const name = assignedName(site);
  if (entry.kind === "timer" && name && transient(name, visit)) return;
  const minor =
    entry.minor ||
    /^[^;\n]{0,80}\.unref\??\.?\(/.test(module.text.slice(site.call.end, site.call.end + 100)) ||
    (name !== undefined && new RegExp(`(?<![\\w$])${escaped(name)}[!?]?\\.unref\\b`).test(module.text));
  sink.background.push({ what: entry.what, kind: entry.kind, ...(minor ? { minor } : {}), ...base });
}

/** A timer that stops itself when what it waited for is there. */
function transient(name: string, { module, site }: Visit): boolean {
  const callback = site.call.args.find((a) => a.value.kind === "function")?.value;
  const text = callback ? module.text.slice(callback.start, callback.end) : "";
  return new RegExp(`clear(Interval|Timeout)\\(\\s*(this\\.)?${escaped(name)}\\b`).test(text);
}

function state(visit: Visit, entry: StateKnown, base: Base): void {
  const { module, site, evaluator, sink } = visit;
  if (entry.alongside && !entry.alongside.test(module.text)) return;
  if (entry.when) {
    const e = slotExpr(visit, entry.when.slot);
    const text = textOf(slotValue(visit, entry.when.slot)) ?? e?.scope.file.text.slice(e.expr.start, e.expr.end);
    if (text === undefined || !entry.when.text.test(text)) return;
  }
  if (entry.unless) {
    const given = slotValue(visit, entry.unless);
    const known = alternatives(given).some((v) => v.t === "ref" && entry.except?.test(v.path));
    if (!known && (given.t !== "absent" || site.call.args.some((a) => a.spread) || unfollowed(visit, entry.unless)))
      return;
  }
  if (entry.request && !runsInRequest(site.scope, evaluator)) return;
  const use = { what: entry.what, kind: entry.kind, ...base };
  if (!entry.file) {
    sink.state.push(use);
    return;
  }
  const given = slotValue(visit, entry.file);
  const where: Value = given.t === "absent" && entry.fileDefault ? { t: "literal", value: entry.fileDefault } : given;
  const found = placeOf(where, evaluator);
  if (found.kind === "unknown" || found.kind === "elsewhere") return;
  sink.state.push({
    ...use,
    ...(found.kind === "temporary" ? { temporary: true } : {}),
    ...(found.option ? { option: found.option } : {}),
  });
}

/** The options are not an object that was followed: what they hold is not known. */
function unfollowed(visit: Visit, slot: { index?: number; keys?: readonly string[] }): boolean {
  if (slot.index === undefined || !slot.keys) return false;
  const v = visit.view.arg(slot.index);
  return v.t !== "object" && v.t !== "absent";
}

/** The expression that stands in a slot, through an object that is given by name. */
export function slotExpr(
  visit: Visit,
  slot: { index?: number; names?: readonly string[]; keys?: readonly string[] },
): { expr: Expr; scope: CallSite["scope"] } | undefined {
  const { args } = visit.site.call;
  const byName = args.find((a) => a.name !== undefined && slot.names?.includes(a.name));
  if (byName) return { expr: byName.value, scope: visit.site.scope };
  if (slot.index === undefined) return undefined;
  const positional = args.filter((a) => a.name === undefined && !a.spread)[slot.index]?.value;
  if (!slot.keys) return positional && { expr: positional, scope: visit.site.scope };
  const object = visit.view.arg(slot.index);
  if (object.t !== "object") return undefined;
  const entry = object.expr.entries.find((e) => e.key !== undefined && slot.keys?.includes(e.key));
  return entry && { expr: entry.value, scope: object.scope };
}

/** Is the header written where this call could take it from? */
function saysFlavor({ module, site }: Visit, { bare }: HttpKnown): boolean {
  if (bare) return false;
  if (!/metadata-flavor/i.test(module.text)) return false;
  let fn = site.scope.fn;
  for (let s: CallSite["scope"] | undefined = site.scope; s && !fn; s = s.parent) fn = s.fn;
  const inside = fn && module.text.slice(fn.start, fn.end);
  if (inside && /metadata-flavor/i.test(inside)) return true;
  // At the top of the file, or in something that the call may use: not certain.
  for (const m of module.text.matchAll(/metadata-flavor/gi)) {
    const inOther = [...module.fnScopes.keys()].some((f) => f.start < m.index && f.end > m.index);
    if (!inOther) return true;
  }
  return module.calls.some(
    ({ call }) =>
      /(defaults|interceptors|create|extend|headers)/.test(lastName(call.callee) ?? "") &&
      /metadata-flavor/i.test(module.text.slice(call.start, call.end)),
  );
}
