/** How long something is, as code writes it: `30 * time.Second`, `Duration.ofSeconds(30)`, `"30s"`, `65_000`. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import { lookup, type Scope } from "../scope/scope.ts";
import { alternatives } from "../values.ts";

const UNITS: Record<string, number> = {
  Nanosecond: 1e-6,
  Microsecond: 1e-3,
  Millisecond: 1,
  Second: 1000,
  Minute: 60_000,
  Hour: 3_600_000,
};

const NAMED: Record<string, number> = {
  milliseconds: 1,
  millis: 1,
  ms: 1,
  seconds: 1000,
  second: 1000,
  secs: 1000,
  minutes: 60_000,
  minute: 60_000,
  mins: 60_000,
  hours: 3_600_000,
};

/** Words of `ofSeconds`, `FromMinutes`, `from_secs`, `TimeUnit.SECONDS`. */
export function unitOf(name: string): number | undefined {
  const word = /(milli|sec|min|hour)/i.exec(name)?.[1]?.toLowerCase();
  return word === "milli"
    ? 1
    : word === "sec"
      ? 1000
      : word === "min"
        ? 60_000
        : word === "hour"
          ? 3_600_000
          : undefined;
}

/** Milliseconds; undefined when it is not one known length. `unit`: milliseconds of a bare number. */
export function durationOf(
  e: Expr | undefined,
  scope: Scope,
  evaluator: Evaluator,
  unit: number,
  depth = 0,
): number | undefined {
  if (!e || depth > 6) return undefined;
  if (e.kind === "literal") {
    if (typeof e.value === "number") return e.value * unit;
    return typeof e.value === "string" ? durationText(e.value, unit) : undefined;
  }
  if (e.kind === "binary" && (e.operator === "*" || e.operator === "+")) {
    const goUnit = [e.left, e.right].find((x) => x.kind === "member" && UNITS[x.property] !== undefined);
    if (e.operator === "*" && goUnit?.kind === "member") {
      const factor = goUnit === e.left ? e.right : e.left;
      const n = durationOf(factor, scope, evaluator, 1, depth + 1);
      return n === undefined ? undefined : n * (UNITS[goUnit.property] as number);
    }
    const left = durationOf(e.left, scope, evaluator, e.operator === "*" ? 1 : unit, depth + 1);
    const right = durationOf(e.right, scope, evaluator, e.operator === "*" ? 1 : unit, depth + 1);
    if (left === undefined || right === undefined) return undefined;
    return e.operator === "*" ? left * right * unit : left + right;
  }
  if (e.kind === "member") {
    if (UNITS[e.property] !== undefined && lastName(e.object) === "time") return UNITS[e.property];
    // `30.seconds`
    const named = NAMED[e.property];
    if (named !== undefined) return durationOf(e.object, scope, evaluator, named, depth + 1);
  }
  if (e.kind === "call") {
    const name = lastName(e.callee) ?? "";
    if (/^(of|From|from_|ofNanos)?(Milli|Sec|Min|Hour|milli|sec|min|hour)\w*$/.test(name) || name === "timedelta") {
      const first = e.args[0];
      const own = unitOf(first?.name ?? name) ?? (name === "timedelta" ? 86_400_000 : 1000);
      return durationOf(first?.value, scope, evaluator, own, depth + 1);
    }
    if (/^(Some|Duration|Number|int|float|Integer|parseInt|ms)$/.test(name))
      return durationOf(e.args[0]?.value, scope, evaluator, unit, depth + 1);
    // `Duration.of(30, SECONDS)`
    const inner = e.args[1]?.value;
    if (name === "of" && inner) {
      const own = unitOf(lastName(inner) ?? "");
      return own === undefined ? undefined : durationOf(e.args[0]?.value, scope, evaluator, own, depth + 1);
    }
    return undefined;
  }
  if (e.kind === "other" && e.children.length === 1)
    return durationOf(e.children[0], scope, evaluator, unit, depth + 1);
  if (e.kind === "name" || e.kind === "member") {
    const values = alternatives(evaluator.query(e, scope));
    const only = values.length === 1 ? values[0] : undefined;
    if (only?.t === "literal")
      return typeof only.value === "number"
        ? only.value * unit
        : typeof only.value === "string"
          ? durationText(only.value, unit)
          : undefined;
    const b = e.kind === "name" ? lookup(scope, e.name) : undefined;
    const source = b?.sources.length === 1 ? b.sources[0] : undefined;
    if (source?.expr && !source.path) return durationOf(source.expr, source.scope, evaluator, unit, depth + 1);
  }
  return undefined;
}

/** `30s`, `500ms`, `PT30S`, `1m`, `30 seconds`, `30`. */
export function durationText(text: string, unit: number): number | undefined {
  const m = /^\s*(?:PT)?(\d+(?:\.\d+)?)\s*(ms|millis\w*|s|secs?|seconds?|m|mins?|minutes?|h|hours?)?\s*$/i.exec(text);
  if (!m?.[1]) return undefined;
  const n = Number(m[1]);
  const suffix = m[2]?.toLowerCase();
  if (suffix === undefined) return n * unit;
  if (suffix.startsWith("ms") || suffix.startsWith("milli")) return n;
  return n * (suffix.startsWith("s") ? 1000 : suffix.startsWith("m") ? 60_000 : 3_600_000);
}
