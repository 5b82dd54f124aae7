/**
 * Settings that are read by a constant which says what they are by default: `conf.get(Options.LISTEN)`, where
 * `LISTEN = new ConfigOption<>("listen", "Where to listen", "127.0.0.1:8080")`.
 */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, callsBefore, type Expr, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { type CallOf, type Frame, textOf, type Value } from "../values.ts";

/** What a class of such constants is called. */
const DECLARES = /(?:Option|Key|Setting|Property|Prop|Param|Parameter)(?:Impl)?$/;
/** The last of a chain that declares one: `ConfigOptions.key("listen").stringType().defaultValue("127.0.0.1")`. */
const GIVES = /^(?:(?:set|with)?_?[dD]efault(?:Val(?:ue)?)?|defaultsTo)$/;

/** What a read by a constant gives while nobody sets it. */
export function byConstant(
  evaluator: Evaluator,
  expr: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  const asked = expr.args.length === 1 ? expr.args[0]?.value : undefined;
  if (!asked || !/^(?:java|csharp)$/.test(scope.file.language) || !isConstant(asked) || evaluator.isHalfSpent())
    return undefined;
  const constant = evaluator.eval(asked, scope, frame);
  const [name, usual] = declaredBy(evaluator, constant);
  const text = textOf(usual);
  // A sentence says what it is for.
  if (name === undefined || !usual || (text !== undefined && /\s/.test(text))) return undefined;
  if (!/^(?:literal|text|option|env)$/.test(usual.t)) return undefined;
  return { t: "option", name, default: usual, open: true };
}

/** `Options.LISTEN`, `HOST`. */
function isConstant(e: Expr): boolean {
  return (e.kind === "member" || e.kind === "name") && /^[A-Z][A-Z\d_]+$/.test(lastName(e) ?? "");
}

function declaredBy(evaluator: Evaluator, constant: Value): [string | undefined, Value | undefined] {
  if (constant.t === "instance") {
    const given = constant.frame?.arguments.filter((a) => a.name === undefined).map((a) => a.value) ?? [];
    const isOne = DECLARES.test(constant.scope.class?.name ?? "");
    return isOne && given.length > 1 ? [textOf(given[0]), given.at(-1)] : [undefined, undefined];
  }
  const made = constant.t === "ref" ? constant.call : undefined;
  if (!made) return [undefined, undefined];
  const { args, callee, isNew } = made.call;
  const called = lastName(callee) ?? "";
  const read = (e: Expr | undefined): Value => evaluator.eval(e, made.scope, made.frame);
  if (isNew && DECLARES.test(called) && args.length > 1)
    return [textOf(read(args[0]?.value)), read(args.at(-1)?.value)];
  if (!isNew && GIVES.test(called) && args.length === 1) return [keyBelow(evaluator, made), read(args[0]?.value)];
  return [undefined, undefined];
}

/** The key that the first call of a chain names. */
function keyBelow(evaluator: Evaluator, { call, scope, frame }: CallOf): string | undefined {
  let name: string | undefined;
  for (const { args } of callsBefore(call)) {
    const [first] = args;
    const text = first && textOf(evaluator.eval(first.value, scope, frame));
    if (text !== undefined && /^[\w.-]+$/.test(text)) name = text;
  }
  return name;
}
