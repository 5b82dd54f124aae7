/** Of values that a program tries to read, those that it has where it cannot: `try { c = read() } catch { c = defaults }`. */
import type { Source } from "../scope/scope.ts";
import { alternatives, anyOf, isKeyed, isLocalAddress, isLost, UNKNOWN, type Value, withDefault } from "../values.ts";

/** The first thing in a block for errors. */
const CAUGHT =
  /(?:\bcatch\s*(?:\([^()]*\))?\s*\{|\bexcept\b[^\n:]*:|\brescue\b[^\n]*\n)\s*(?:(?:self|this|@|\$)?[.\w$>-]*)\s*=\s*$/;

export function isCaught({ expr, scope }: Source): boolean {
  return expr !== undefined && CAUGHT.test(scope.file.text.slice(Math.max(0, expr.start - 200), expr.start));
}

/**
 * Settings that were not read, over those which the program has without them; a variable or a setting, and localhost where
 * it is not there.
 */
export function overCaught(value: Value, fallback: Value, tried: readonly Source[]): Value | undefined {
  const all = alternatives(value);
  if (isKeyed(fallback))
    return all.every((v) => isLost(v) || isKeyed(v)) ? { t: "layers", of: [fallback, value] } : undefined;
  if (!isLocalAddress(fallback)) return undefined;
  const isSetting = (v: Value): boolean => v.t === "option" || (v.t === "env" && v.default === undefined);
  if (all.every(isSetting)) return anyOf(all.map((v) => withDefault(ifThere(v), fallback)));
  const isRead = tried.every(({ expr, scope }) => expr && SETTINGS.test(scope.file.text.slice(expr.start, expr.end)));
  return isRead && all.every(isLost) ? withDefault(UNKNOWN, fallback) : undefined;
}

/** A variable that the program can do without. */
function ifThere(v: Value): Value {
  if (v.t !== "env") return v;
  const { needed: _, ...rest } = v;
  return rest;
}

/** What is read from settings, by its text; what the machine is asked for (`gethostbyname`) is another thing. */
const SETTINGS =
  /^(?!.*(?:gethost|getsockname|interface|\bip\())(?:[\w.$@]*(?:conf|settings|cfg|parser|opt|args|param|pref|json|yaml|toml)|[\w.$@]+(?:\.get\w*\(|\[)\s*["'])/is;
