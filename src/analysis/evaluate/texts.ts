/** Texts that are cut or changed on their way: `uri.strip_prefix("http://")`, `url.removeprefix("tcp://")`, `address.replace("http://", "")`. */

import { format } from "../format.ts";
import type { Call } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { ABSENT, changed, type Frame, textOf, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

const AT_START = /^(?:strip_prefix|trim_start_matches|removeprefix|removePrefix|delete_prefix)$/;
const AT_END = /^(?:strip_suffix|trim_end_matches|removesuffix|removeSuffix|delete_suffix)$/;
const REPLACES = /^(?:replace|Replace|replacen|replaceAll|replaceFirst|sub|gsub)$/;

/** What a method makes of a text that is known, or is known while nobody says otherwise; undefined where it is another method. */
export function changedText(
  object: Value,
  method: string,
  { args }: Call,
  evaluator: Evaluator,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  const pattern = method === "format" && scope.file.language === "python" ? textOf(object) : undefined;
  if (pattern !== undefined) {
    const read = (given: Call["args"][number] | undefined): Value =>
      given ? evaluator.eval(given.value, scope, frame) : ABSENT;
    const inPlace = args.filter((a) => a.name === undefined && !a.spread);
    return format(pattern, inPlace.map(read), (name) => read(args.find((a) => a.name === name)));
  }
  if (scope.file.language === "javascript") {
    // `host.slice(1, -1)`, which is asked whether it begins with a bracket: an address without its brackets.
    const [from, to] = args.map((a) => scope.file.text.slice(a.value.start, a.value.end));
    if (method === "slice" && from === "1" && to === "-1")
      return changed(object, (text) => (/^\[.*\]$/.test(text) ? text.slice(1, -1) : text));
    const cut = /^replace(?:All)?$/.test(method) && /^(["'`])\1$/.test(to ?? "") ? plainPattern(from ?? "") : undefined;
    if (cut) return changed(object, (text) => text.replace(cut, ""));
  }
  const isCut = args.length === 1 && (AT_START.test(method) || AT_END.test(method));
  if (!isCut && !(args.length >= 2 && REPLACES.test(method))) return undefined;
  const [old, other] = args.slice(0, 2).map((a) => textOf(evaluator.eval(a.value, scope, frame)));
  if (!old) return undefined;
  if (!isCut) return other === undefined ? undefined : changed(object, (text) => text.split(old).join(other));
  return changed(object, (text) => {
    if (AT_START.test(method)) return text.startsWith(old) ? text.slice(old.length) : text;
    return text.endsWith(old) ? text.slice(0, -old.length) : text;
  });
}

/** `/^https?:\\/\\//`, `/^\\[|\\]$/g`: a pattern that is short and repeats one thing at the most. */
function plainPattern(said: string): RegExp | undefined {
  const [, pattern, flags] = /^\/((?:\\.|[^/\\\n])+)\/([gi]*)$/.exec(said) ?? [];
  if (pattern === undefined || pattern.length > 40 || pattern.replace(/\\./g, "").split(/[*+{]/).length > 2)
    return undefined;
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

/** `"host".upper()`, `("app_" + key).toUpperCase()` of what is known; undefined for any other method. */
export function inOtherCase(object: Value, method: string): Value | undefined {
  const [lower, upper] = [LOWERS, UPPERS].map((methods) => methods.test(method));
  const text = (lower || upper) && (object.t !== "literal" || typeof object.value === "string") && textOf(object);
  if (typeof text !== "string") return undefined;
  const value = lower ? text.toLowerCase() : text.toUpperCase();
  return object.t === "literal" ? { ...object, value } : { t: "literal", value };
}
const LOWERS = /^(?:lower|casefold|downcase|to_?[lL]ower_?[cC]ase|ToLower(?:Invariant)?)$/;
const UPPERS = /^(?:upper|upcase|to_?(?:ascii_?)?[uU]pper_?[cC]ase|ToUpper(?:Invariant)?)$/;
