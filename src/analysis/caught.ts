/** Of values that a program tries to read, those that it has where it cannot: `try { c = read() } catch { c = defaults }`. */
import type { Source } from "./scope.ts";
import { alternatives, isKeyed, type Value } from "./values.ts";

/** The first thing in a block for errors. */
const CAUGHT =
  /(?:\bcatch\s*(?:\([^()]*\))?\s*\{|\bexcept\b[^\n:]*:|\brescue\b[^\n]*\n)\s*(?:(?:self|this|@|\$)?[.\w$>-]*)\s*=\s*$/;

export function isCaught({ expr, scope }: Source): boolean {
  return expr !== undefined && CAUGHT.test(scope.file.text.slice(Math.max(0, expr.start - 200), expr.start));
}

/** Settings that were not read, over those which the program has without them. */
export function overCaught(value: Value, fallback: Value): Value | undefined {
  const isRead = alternatives(value).every((v) => v.t === "unknown" || v.t === "ref" || isKeyed(v));
  return isRead && isKeyed(fallback) ? { t: "layers", of: [fallback, value] } : undefined;
}
