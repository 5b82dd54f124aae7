/** Documents of Confidence, in which settings are chosen by criteria: what hapi's manifests are read from. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { CallView } from "../semantics.ts";
import { ABSENT, anyOf, env, textOf, UNKNOWN, type Value, withDefault } from "../values.ts";

/** `new Confidence.Store({ … }).get("/server", process.env)` */
const GET = /^(?:@hapipal\/|@hapi\/)?confidence\.Store\(\)\.get$/;

/** A key of such a document, as it is where nothing is set. */
export function confidenceKey(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (!GET.test(path) || view.receiver.t !== "ref" || !view.receiver.call) return undefined;
  const key = textOf(view.arg(0));
  if (key === undefined) return UNKNOWN;
  const { call, scope, frame } = view.receiver.call;
  const criteria = view.arg(1);
  const chosen = (v: Value): Value => choose(v, criteria, evaluator);
  const document = chosen(evaluator.eval(call.args[0]?.value, scope, frame));
  return key
    .split("/")
    .filter(Boolean)
    .reduce((v, part) => chosen(evaluator.member(v, part)), document);
}

/** What an object with `$filter`, `$param`, `$env` or `$value` stands for; of any other one, its members. */
function choose(value: Value, criteria: Value, evaluator: Evaluator, depth = 0): Value {
  if (value.t !== "object" || depth > 8) return value;
  const keys = value.expr.entries.flatMap((e) => (e.key === undefined ? [] : [e.key]));
  const own = (key: string): Value => choose(evaluator.member(value, key), criteria, evaluator, depth + 1);
  const usual = keys.includes("$default") ? own("$default") : ABSENT;
  const variable = textOf(own("$env"));
  if (variable !== undefined) return withDefault(env(variable), usual);
  const asked = textOf(own("$param"));
  if (asked !== undefined)
    return withDefault(
      asked.split(".").reduce((v, part) => evaluator.member(v, part), criteria),
      usual,
    );
  if (keys.includes("$filter")) return anyOf([usual, ...keys.filter((k) => !k.startsWith("$")).map(own)]);
  if (keys.includes("$value")) return own("$value");
  const members = new Map(keys.filter((k) => !k.startsWith("$")).map((k) => [k, own(k)] as const));
  return { t: "layers", of: [value, { t: "record", members }] };
}
