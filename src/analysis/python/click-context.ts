/** What commands of click hand to one another: `ctx.obj["settings"] = load(path)` of a group, read under `@click.pass_obj`. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { alternatives, anyOf, type Value } from "../values.ts";

const TYPER = /^(?:command|callback)$/;
const CONTEXT = /^_?(?:ctx|context)$/;

/** What a decorator gives to the command under it, which none of its options has the name of. */
export function passed(
  decorators: readonly Expr[],
  param: string,
  around: Scope,
  evaluator: Evaluator,
): Value | undefined {
  for (const d of decorators) {
    const name = lastName(d.kind === "call" ? d.callee : d) ?? "";
    // Typer's commands ask for the context by its type: no decorator says so.
    const isAsked = name === "pass_context" || (TYPER.test(name) && CONTEXT.test(param));
    if (!isAsked && !/pass/.test(name)) continue;
    if (name === "pass_obj") return objectOf(around, evaluator);
    const obj = isAsked ? objectOf(around, evaluator) : undefined;
    if (obj) return { t: "record", members: new Map([["obj", obj]]), rest: { t: "unknown" } };
    // `pass_settings = click.make_pass_decorator(Settings)`
    const made = evaluator.eval(d, around);
    const first = made.t === "ref" && /\bmake_pass_decorator\(\)$/.test(made.path) ? made.call : undefined;
    const cls = first && evaluator.eval(first.call.args[0]?.value, first.scope);
    if (cls?.t === "class")
      return objectOf(around, evaluator, cls.scope) ?? { t: "instance", scope: cls.scope, frame: undefined };
  }
  return undefined;
}

/** What the program's groups put there, whole or by its keys; with a class, only what is of it. */
function objectOf({ file }: Scope, evaluator: Evaluator, cls?: Scope): Value | undefined {
  if (evaluator.isHalfSpent()) return undefined;
  const whole: Value[] = [];
  const members = new Map<string, Value>();
  for (const module of evaluator.project.matching(/\.obj\b\s*(?:\[[^\]\n]{1,60}\]\s*)?=(?!=)/, file, "obj"))
    for (const { target, value, scope } of module.assigns) {
      const key = target.kind === "index" && isObj(target.object) ? target.index : undefined;
      if (key?.kind === "literal") members.set(String(key.value), evaluator.eval(value, scope));
      else if (isObj(target)) whole.push(...alternatives(evaluator.eval(value, scope)));
    }
  const own = cls ? whole.filter((v) => v.t === "instance" && v.scope === cls) : whole;
  if (members.size === 0 || cls) return own.length > 0 ? anyOf(own) : undefined;
  return { t: "record", members, rest: { t: "unknown" } };
}

function isObj(e: Expr): boolean {
  return e.kind === "member" && e.property === "obj";
}
