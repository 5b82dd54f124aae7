/** Of what a Kotlin expression chooses between, what is in force while nobody sets anything. */

import { MODE, OPENS } from "../defaults/unset.ts";
import type { FactValue } from "../facts.ts";
import { isLocalHost } from "../values.ts";
import type { Branch, Choice } from "./choices.ts";

export function orElse(given: FactValue[], fallback: FactValue[], name: string): FactValue[] {
  return given.flatMap((v): FactValue[] => {
    if (v.kind === "absent") return fallback;
    if ((v.kind === "env" || v.kind === "option") && !v.fallback?.length) return [{ ...v, fallback }];
    if (v.kind !== "unknown") return [v];
    const local = fallback.length > 0 && fallback.every((f) => f.kind === "literal" && isLocalHost(f.value));
    return local ? [{ kind: "option", name: name.slice(0, 40), fallback, open: true }] : [v, ...fallback];
  });
}

/** Localhost, as long as nobody sets anything. */
function isHere(values: readonly FactValue[]): boolean {
  const isLocal = (v: { kind: string; value?: unknown } | undefined): boolean =>
    v?.kind === "literal" && isLocalHost(v.value);
  return values.length > 0 && values.every((v) => isLocal(usually(v)));
}

/** What is in force unless something of that name is set. */
function unless(name: string, inForce: FactValue[]): FactValue[] {
  return inForce.every((v) => v.kind === "literal") ? [{ kind: "option", name, fallback: inForce }] : inForce;
}

/** What an expression can be, and the text of what is declared under a name. */
type Follow = (e: string) => FactValue[];
type Told = (name: string) => string | undefined;

/** What a choice is, where each of its branches is what `follow` says. */
export function choose({ subject, branches }: Choice, follow: Follow, told: Told): FactValue[] {
  const values = branches.map((b) => follow(b.value));
  const last = values.at(-1) ?? [];
  if (subject === undefined)
    return values.slice(0, -1).reduceRight((rest, then, i) => {
      const { tests, value } = branches[i] as Branch;
      return chosen(tests.length === 1 ? (tests[0] as string) : tests.join(" || "), value, then, rest, follow, told);
    }, last);
  const found = follow(subject);
  const about = found.length === 1 ? found[0] : undefined;
  const usual = about && usually(about);
  if (!usual) return values.flat();
  const isIt = (test: string): boolean => {
    const [v] = follow(test);
    return usual.kind === "absent" ? test === "null" : v?.kind === "literal" && sameAs(v.value, usual.value);
  };
  const at = branches.findIndex((b) => b.tests.some(isIt));
  const inForce = values[at < 0 ? branches.findIndex((b) => b.tests.length === 0) : at];
  if (!inForce) return values.flat();
  if (about.kind === "literal") return inForce;
  const name = "name" in about ? about.name : subject;
  return isHere(inForce) && !(about.kind === "env" && MODE.test(name)) ? unless(name, inForce) : values.flat();
}

/** `Mode.LOCAL` is `LOCAL` where it is imported. */
function sameAs(a: unknown, b: unknown): boolean {
  const short = (v: unknown): unknown => (typeof v === "string" ? v.replace(/^(?:[A-Z]\w*\.)+(?=[A-Z]\w*$)/, "") : v);
  return short(a) === short(b);
}

/** What something is while nobody sets it: a literal, or nothing. */
function usually(v: FactValue): (FactValue & { kind: "literal" }) | { kind: "absent" } | undefined {
  if (v.kind === "literal" || v.kind === "absent") return v;
  if (v.kind !== "env" && v.kind !== "option") return undefined;
  if (!v.fallback?.length) return { kind: "absent" };
  return v.fallback.length === 1 ? usually(v.fallback[0] as FactValue) : undefined;
}

/** `if (allowRemote) "0.0.0.0" else "127.0.0.1"`, `if (host != null) host else "localhost"`. */
function chosen(
  test: string,
  value: string,
  then: FactValue[],
  otherwise: FactValue[],
  follow: Follow,
  told: Told,
): FactValue[] {
  const given =
    /^([\w.]+)\s*!=\s*null$|^!\s*([\w.]+)\.isNullOr(?:Blank|Empty)\(\)$|^([\w.]+)\.isNot(?:Blank|Empty)\(\)$/.exec(
      test.trim(),
    );
  const name = given?.[1] ?? given?.[2] ?? given?.[3];
  if (name !== undefined && value.replace(/!!$/, "") === name) return orElse(then, otherwise, name);
  const unset = whileUnset(test.trim(), follow, told);
  if (!unset) return [...then, ...otherwise];
  const inForce = unset.holds ? then : otherwise;
  if (unset.name === undefined) return inForce;
  return isHere(inForce) ? unless(unset.name, inForce) : [...then, ...otherwise];
}

const ASKS = /[=!]=|&&|\|\||\.toBoolean|\.is(?:Not)?(?:NullOr)?(?:Blank|Empty)\b/;

interface Unset {
  holds: boolean;
  /** What would have to be set; none where it always is so. */
  name?: string;
}

/** Does a condition hold while nobody sets what it asks for? */
function whileUnset(test: string, follow: Follow, told: Told, depth = 0): Unset | undefined {
  if (depth > 4) return undefined;
  const bare = /^\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(test)?.[1]?.trim();
  if (bare !== undefined) return whileUnset(bare, follow, told, depth + 1);
  for (const operator of ["||", "&&"]) {
    const sides = test.split(operator).map((s) => whileUnset(s.trim(), follow, told, depth + 1));
    if (sides.length === 1) continue;
    const decides = operator === "||";
    return sides.find((s) => s?.holds === decides) ?? (sides.every((s) => s) ? sides[0] : undefined);
  }
  const negated = /^!(?!=)\s*/.exec(test)?.[0].length;
  if (negated !== undefined) {
    const inner = whileUnset(test.slice(negated), follow, told, depth + 1);
    return inner && { ...inner, holds: !inner.holds };
  }
  const [, left, operator, right] = /^([^=!<>]+?)\s*([!=])={1,2}\s*([^=!<>]+)$/.exec(test) ?? [];
  const emptiness = /^(.+?)\??\.is(Not)?(?:NullOr)?(?:Blank|Empty)\(\)$/.exec(test);
  const asked = (left ?? emptiness?.[1] ?? test).replace(/\??\.(?:toBoolean\w*|equals)\(\)$/, "").trim();
  // `val all = System.getenv("ALL") == "1"; if (all) …`
  const source = left === undefined && !emptiness ? told(asked) : undefined;
  if (source !== undefined && ASKS.test(source)) return whileUnset(source, follow, told, depth + 1);
  const to = left === undefined ? (emptiness ? "null" : "true") : (right as string).trim();
  const found = follow(asked);
  const only = found.length === 1 ? found[0] : undefined;
  const flips = operator === "!" || emptiness?.[2] !== undefined;
  const word = /^(?:\w+\.)*(\w+)(?:\(\))?$/.exec(asked)?.[1] ?? "";
  if (to === "true" && (!only || only.kind === "unknown" || usually(only)?.kind === "absent") && OPENS.test(word))
    return { holds: flips, name: word };
  const usual = only && usually(only);
  if (!only || !usual || only.kind === "absent") return undefined;
  const expected = follow(to)[0];
  if (to !== "null" && to !== "true" && expected?.kind !== "literal") return undefined;
  const is =
    usual.kind === "absent"
      ? to === "null"
      : to === "null"
        ? usual.value === "" || usual.value === null
        : String(usual.value) === String(expected?.kind === "literal" ? expected.value : to);
  if (only.kind === "literal") return { holds: is !== flips };
  const name = "name" in only ? only.name : word;
  return only.kind === "env" && MODE.test(name) ? undefined : { holds: is !== flips, name };
}
