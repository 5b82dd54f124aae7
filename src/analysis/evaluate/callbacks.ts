/** What a callback is given: by the function of the program that it is handed to, or with the event that it waits for. */
import { escaped } from "../../base/escaped.ts";
import type { Call, Fn } from "../ir.ts";
import { type CallSite, lookup, type Scope } from "../scope/scope.ts";
import { alternatives, anyOf, isNull, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

const WAITS = /^(on|once|addListener|prependListener)$/;
const MOST = 4;

/**
 * `load((error, config) => …)` where `load` calls `done(null, { host })`; `bus.on("ready", (config) => …)` where somewhere
 * stands `bus.emit("ready", { host })`.
 *
 * @param call that the callback stands in, in `scope`
 */
export function calledBack(evaluator: Evaluator, call: Call, fn: Fn, index: number, scope: Scope): Value | undefined {
  if (!/^(javascript|go)$/.test(scope.file.language) || evaluator.isHalfSpent()) return undefined;
  const given = [...sites(evaluator, call, fn, scope)].slice(0, MOST).flatMap(({ site, first }) => {
    const arg = site.call.args[index + first];
    const value = arg && !arg.spread ? evaluator.eval(arg.value, site.scope) : undefined;
    return value && !isNull(value) && value.t !== "absent" ? [value] : [];
  });
  return given.length > 0 ? anyOf(given) : undefined;
}

interface Given {
  site: CallSite;
  /** Where the first argument of the callback stands. */
  first: number;
}

function* sites(evaluator: Evaluator, call: Call, fn: Fn, scope: Scope): Generator<Given> {
  const { callee, args } = call;
  const event = args[0]?.value;
  if (callee.kind === "member" && WAITS.test(callee.property)) {
    if (event?.kind !== "literal" || typeof event.value !== "string") return;
    const emits = new RegExp(`\\.emit\\(\\s*["'\`]${escaped(event.value)}["'\`]`);
    for (const module of evaluator.project.matching(emits, scope.file, event.value))
      for (const site of module.calls) {
        const name = site.call.args[0]?.value;
        const isEmit = site.call.callee.kind === "member" && site.call.callee.property === "emit";
        if (isEmit && name?.kind === "literal" && name.value === event.value) yield { site, first: 1 };
      }
    return;
  }
  const at = args.findIndex(({ value }) => value.kind === "function" && value.fn === fn);
  for (const target of alternatives(evaluator.callee(call, scope))) {
    const pattern = target.t === "function" ? target.fn.params[at]?.pattern : undefined;
    if (target.t !== "function" || pattern?.kind !== "name") continue;
    const { file } = target.scope;
    const binding = file.fnScopes.get(target.fn)?.names.get(pattern.name);
    for (const site of file.calls) {
      const called = site.call.callee;
      if (called.kind === "name" && called.name === pattern.name && lookup(site.scope, called.name) === binding)
        yield { site, first: 0 };
    }
  }
}
