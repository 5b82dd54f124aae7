/** Calls under another name: of a class or a function that was handed on, kept in a variable, or chosen from a table. */
import { escaped } from "../../base/escaped.ts";
import { type Call, type Expr, lastName } from "../ir.ts";
import { lookup, type Scope, type SourceModule, selfClass } from "../scope/scope.ts";
import { alternatives, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import type { Site } from "./heirs.ts";

const LANGUAGES = /^(python|javascript)$/;
/** How many of them are looked at, and what each may cost. */
const MOST = 24;
const STEPS = 500;

/**
 * `serve(ThreadedServer)` where `serve` calls `factory(host)`; `SERVERS[mode](host)`; `self.server_class(host)`.
 *
 * @param names under which the class or the function is mentioned
 * @param isIt tells whether that is what is called
 */
export function* callsByValue(
  evaluator: Evaluator,
  names: readonly string[],
  near: SourceModule,
  isIt: (value: Value) => boolean,
): Generator<Site> {
  if (!LANGUAGES.test(near.language) || evaluator.isHalfSpent()) return;
  let looked = 0;
  const seen = new Set<Call>();
  for (const name of names)
    for (const { call, scope } of candidates(evaluator, name, near)) {
      if (seen.has(call)) continue;
      seen.add(call);
      if (++looked > MOST) return;
      const callee = evaluator.atMost(STEPS, () => evaluator.eval(call.callee, scope));
      if (alternatives(callee).some(isIt)) yield { call, scope };
    }
}

function* candidates(evaluator: Evaluator, name: string, near: SourceModule): Generator<Site> {
  const mentioned = new RegExp(`(?<![\\w$.])(?:\\w+\\.)?${escaped(name)}(?![\\w$])(?!\\s*[(=])`);
  for (const module of evaluator.project.matching(mentioned, near, name))
    for (const { call, scope } of module.calls) {
      if (isVariable(call.callee, scope)) yield { call, scope };
      else if (call.args.some((a) => lastName(a.value) === name)) yield* within(evaluator, call, scope);
    }
}

/** The calls of what a function of another file is given, within that function. */
function* within(evaluator: Evaluator, call: Call, scope: Scope): Generator<Site> {
  for (const target of alternatives(evaluator.atMost(STEPS, () => evaluator.eval(call.callee, scope)))) {
    if (target.t !== "function" || target.scope.file === scope.file) continue;
    const { file } = target.scope;
    const inner = file.fnScopes.get(target.fn);
    for (const site of file.calls) if (site.scope === inner && isVariable(site.call.callee, site.scope)) yield site;
  }
}

/** A name that is given its value while the program runs, an item of a table, a field. */
function isVariable(callee: Expr, scope: Scope): boolean {
  if (callee.kind === "index") return true;
  if (callee.kind === "member" && callee.object.kind === "name")
    return selfClass(scope, callee.object.name)?.fields.has(callee.property) === true;
  const binding = callee.kind === "name" ? lookup(scope, callee.name) : undefined;
  return binding !== undefined && !binding.import && !binding.fn && !binding.class;
}
