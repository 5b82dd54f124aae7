/** Effect's `Config`: `yield* Config.string("HOST").pipe(Config.withDefault("127.0.0.1"))` is a variable with its default. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { CallView } from "../semantics.ts";
import { alternatives, anyOf, env, textOf, UNKNOWN, type Value, withDefault } from "../values.ts";

const CONFIG = String.raw`^(?:effect\.Config|effect\/Config)`;
const READS = new RegExp(
  `${CONFIG}\\.(?:string|nonEmptyString|literal|number|integer|port|boolean|url|redacted)\\(\\)(?:\\(\\))?$`,
);
const DEFAULTED = new RegExp(`${CONFIG}\\.withDefault\\(\\)$`);
const NESTED = new RegExp(`${CONFIG}\\.nested\\(\\)$`);

/** Also the other two ways to write it: `Config.withDefault(Config.string("HOST"), "…")`, `pipe(Config.string("HOST"), …)`. */
export function effectConfig(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (!path.startsWith("effect")) return undefined;
  const called = path.slice(path.lastIndexOf(".") + 1);
  // Of an object of such values each member.
  if (called === "all" && new RegExp(`${CONFIG}\\.all$`).test(path)) return view.arg(0);
  if (called === "withDefault" && view.count === 2) return withDefault(variable(view.arg(0), evaluator), view.arg(1));
  if (called !== "pipe") return undefined;
  const isFree = /^effect(?:\/Function)?\.pipe$/.test(path);
  const from = isFree ? view.arg(0) : view.receiver;
  if (!isConfig(from)) return undefined;
  let value = variable(from, evaluator);
  for (let i = isFree ? 1 : 0; i < view.count; i++) {
    const step = view.arg(i);
    if (step.t !== "ref" || !step.call) continue;
    const { call, scope, frame } = step.call;
    const given = evaluator.eval(call.args[0]?.value, scope, frame);
    if (DEFAULTED.test(step.path)) value = withDefault(value, given);
    else if (NESTED.test(step.path) && value.t === "env" && textOf(given) !== undefined)
      value = { ...value, name: `${textOf(given)}_${value.name}` };
  }
  return value;
}

function isConfig(v: Value): boolean {
  return alternatives(v).some((one) => one.t === "env" || (one.t === "ref" && READS.test(one.path)));
}

/** `Config.string("HOST")` by itself must be set. */
function variable(v: Value, evaluator: Evaluator): Value {
  return anyOf(
    alternatives(v).map((one) => {
      if (one.t !== "ref" || !READS.test(one.path)) return one;
      if (!one.call) return UNKNOWN;
      const { call, scope, frame } = one.call;
      const name = textOf(evaluator.eval(call.args[0]?.value, scope, frame));
      return name === undefined ? UNKNOWN : env(name);
    }),
  );
}
