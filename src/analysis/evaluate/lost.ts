/** What is left of a value that was lost and is taken apart: the name under which it was lost. */

import type { Source } from "../scope/scope.ts";
import { settingName, WHERE } from "../settings/declared-options.ts";
import { envNames, isLost, type Lost, UNKNOWN, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { member } from "./members.ts";

/** The part of a source's value that a name stands for: `const { host } = settings`. */
export function alongPath(evaluator: Evaluator, s: Source, whole: Value): Value {
  let value = whole;
  for (const key of s.path ?? []) {
    if (key === undefined) return envNames(value).size ? { t: "derived", of: [value] } : UNKNOWN;
    value = partOf(value, key) ?? member(evaluator, value, String(key));
  }
  // `host, port = config.address`
  const item = s.path?.length === 1 && isLost(value) ? s.path[0] : undefined;
  const called = (item === 0 || item === 1) && s.expr ? settingName(s.expr) : undefined;
  return called && WHERE.test(called.name)
    ? { t: "unknown", lost: { ...called, file: s.scope.file, item: Number(item) } }
    : value;
}

/** The host or the port of an address that was lost as a whole. */
export function partOf(value: Value, key: unknown): Value | undefined {
  return isLostAddress(value) && (key === 0 || key === 1)
    ? { t: "unknown", lost: { ...value.lost, item: key } }
    : undefined;
}

/** Is it nothing but the name of where a server listens? */
export function isLostAddress(v: Value): v is Value & { t: "unknown"; lost: Lost } {
  return v.t === "unknown" && v.lost?.item === undefined && WHERE.test(v.lost?.name ?? "");
}
