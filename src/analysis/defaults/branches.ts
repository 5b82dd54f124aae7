/**
 * Listeners in the two branches of one condition, `if (host) listen(port, host); else listen(port)`: where the condition
 * asks for what is localhost unless somebody says otherwise, the other branch is not run.
 */
import type { FactSink } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { FactValue, Listener } from "../facts.ts";
import type { Expr } from "../ir.ts";
import type { CallSite, Guard, Scope } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { alternatives, isLocalHost, isNull, textOf, usually, type Value } from "../values.ts";
import { askedFor } from "./unset.ts";

/** Calls `visit` for each, and leaves out the listeners that it found in branches which are not run. */
export function visitBranches(
  sites: readonly CallSite[],
  evaluator: Evaluator,
  sink: FactSink,
  visit: (site: CallSite) => void,
): void {
  const found: { l: Listener; site: CallSite }[] = [];
  for (const site of sites) {
    const before = sink.listeners.length;
    visit(site);
    for (const l of sink.listeners.slice(before)) found.push({ l, site });
  }
  const local = new Set(
    found.flatMap(({ l, site }) => (site.guards.length > 0 && l.host.length > 0 && l.host.every(isLocal) ? [l] : [])),
  );
  const unused = new Set<Listener>();
  for (const { l, site } of found)
    for (const other of found) {
      // `if transport == "stdio": mcp.run() else: uvicorn.run(…)`: what speaks over standard input takes nobody's place.
      if (other.l === l || other.l.over || !(local.has(l) || local.has(other.l))) continue;
      const here = opposite(site, other.site);
      if (!here) continue;
      const asked = local.has(other.l) ? askedFor(here, site.scope, evaluator) : undefined;
      if (!asked && holds(here, site.scope, evaluator) !== false) continue;
      unused.add(l);
      // What an image may set is looked up by its name.
      if (asked && !l.host.every(isLocal))
        other.l.host = [{ kind: asked.by, name: asked.name, fallback: other.l.host }];
    }
  if (unused.size > 0) sink.listeners = sink.listeners.filter((l) => !unused.has(l));
}

/** The condition that one of the two stands under, where the other one stands in its other branch, or under another `case`. */
function opposite(site: CallSite, other: CallSite): Guard | undefined {
  return site.guards.find((g) =>
    other.guards.some((o) => (o.test === g.test ? o.negated !== g.negated : isOtherCase(g, o, site.scope))),
  );
}

/** `mode == Mode.Local` and `mode == Mode.Any`, one of which only can hold: `switch (mode) { case …: case …: }`. */
function isOtherCase(g: Guard, o: Guard, { file }: Scope): boolean {
  if (g.negated || o.negated || g.test.kind !== "binary" || o.test.kind !== "binary") return false;
  const said = ({ start, end }: Expr): string => file.text.slice(start, end);
  return (
    /^={2,3}$/.test(g.test.operator) &&
    g.test.operator === o.test.operator &&
    g.test.left === o.test.left &&
    said(g.test.right) !== said(o.test.right)
  );
}

function isLocal(v: FactValue): boolean {
  if (v.kind === "literal") return isLocalHost(v.value);
  return (
    (v.kind === "option" || v.kind === "env") && (v.fallback?.length ?? 0) > 0 && v.fallback?.every(isLocal) === true
  );
}

/** Whether a condition holds while nobody sets anything; undefined where that cannot be told. */
function holds({ test, negated }: Guard, scope: Scope, evaluator: Evaluator): boolean | undefined {
  const found = isTrue(test, scope, evaluator);
  return found === undefined ? undefined : found !== negated;
}

function isTrue(test: Expr, scope: Scope, evaluator: Evaluator): boolean | undefined {
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!" && test.args[0]) {
    const inner = isTrue(test.args[0].value, scope, evaluator);
    return inner === undefined ? undefined : !inner;
  }
  if (test.kind === "binary" && (test.operator === "&&" || test.operator === "||")) {
    const sides = [test.left, test.right].map((e) => isTrue(e, scope, evaluator));
    const decides = test.operator === "||";
    return sides.includes(decides) ? decides : sides.includes(undefined) ? undefined : !decides;
  }
  const asked = test.kind === "binary" ? test.left : test;
  const value = followedByName(evaluator.query(asked, scope), asked, scope, evaluator);
  const given = isGiven(value);
  if (test.kind !== "binary" || given === undefined || !/^[!=]==?$/.test(test.operator)) {
    return test.kind === "binary" ? undefined : given;
  }
  const differs = test.operator.startsWith("!");
  const other = evaluator.query(test.right, scope);
  if (isNull(other) || textOf(other) === "") return given === differs;
  // `if (host === "127.0.0.1") listen(port)`
  const [usual, named] = [textOf(usually(value)), textOf(other)];
  return usual === undefined || named === undefined ? undefined : (usual === named) !== differs;
}

/** Is it something, by what is known of it while nobody says otherwise? */
function isGiven(v: Value): boolean | undefined {
  const all = alternatives(usually(v)).map((a) => {
    const usual = usually(a);
    if (usual.t === "literal") return Boolean(usual.value);
    return textOf(usual) ? true : undefined;
  });
  return all.length > 0 && all.every((x) => x === all[0]) ? all[0] : undefined;
}
