/** What gives names and their members a value, apart from declarations. */
import type { Call, Expr } from "./ir.ts";
import { type Guard, lookup, type Scope, type Source } from "./scope.ts";

export function source(
  expr: Expr,
  scope: Scope,
  path: (string | number | undefined)[],
  fallback?: Expr,
  guards: readonly Guard[] = [],
): Source {
  const s: Source = { expr, scope };
  if (path.length) s.path = path;
  if (guards.length) s.guards = guards;
  if (fallback) s.fallback = fallback;
  return s;
}

export function push(map: Map<string, Source[]>, key: string, value: Source): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Under this name stands what is assigned to members whose names are computed: `options[key] = …`. */
export const COMPUTED = "[]";

/** Under this name stand whole objects that are laid into another. */
export const LAID = "...";
const LAYS = /^(merge!|update|reverse_merge!|deep_merge!)$/;

/** `options.update({ port: 80 })`, `Object.assign(options, { port: 80 })`: members of a name get values. */
export function laidInto({ callee, args }: Call, scope: Scope, guards: readonly Guard[]): void {
  if (callee.kind !== "member" || args.length === 0) return;
  const onto =
    callee.property === "assign" && args.length > 1
      ? args[0]?.value
      : LAYS.test(callee.property)
        ? callee.object
        : undefined;
  const owner = onto?.kind === "name" ? lookup(scope, onto.name) : undefined;
  if (!owner) return;
  const give = (key: string | undefined, value: Expr): void => {
    if (key !== undefined) push(owner.fields, key, source(value, scope, [], undefined, guards));
  };
  for (const { name, value } of args)
    if (name !== undefined) give(name, value);
    else if (value.kind === "object") for (const entry of value.entries) give(entry.key, entry.value);
    else if (value !== onto && value.kind !== "literal" && value.kind !== "function") give(LAID, value);
}
