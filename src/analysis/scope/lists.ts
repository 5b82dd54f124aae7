/** What changes a list or an object after it was made: items that are put in, moved or taken out, keys that are removed. */
import { type Argument, type Call, type Entry, type Expr, each, lastName, type ObjectExpr, other } from "../ir.ts";
import { type Binding, type Guard, lookup, type Scope, selfClass } from "./scope.ts";
import { push, source } from "./sources.ts";

/** Under this name stands what is put into a list. */
export const ADDED = "[+]";
/** Under this name stands what leaves a list's items in other places than before. */
export const MOVED = "[~]";

const ADDS = /^(?:[aA]dd|push|append|extend|<<|array_push)$/;
const MOVES =
  /^(?:unshift|shift|splice|reverse!?|sort!?|sort_by!?|insert|Insert|prepend|remove|removeAt|RemoveAt|remove_at|delete_at|swap|swap_remove|rotate!?|Reverse|Sort|[sS]et|array_(?:unshift|shift|splice))$/;
const GROWING = /^(?:csharp|java|rust|javascript|php|ruby|python)$/;

/** `urls.push(url)`, `urls << url`, `hosts.insert(0, host)`, `array_unshift($hosts, $host)`: other items of the list that the name holds. */
export function listChanged(call: Call, scope: Scope, guards: readonly Guard[]): void {
  const method = lastName(call.callee) ?? "";
  const moves = MOVES.test(method);
  if (!GROWING.test(scope.file.language) || !(moves || ADDS.test(method))) return;
  const [list, ...given] = receiver(call);
  const owner = list?.value.kind === "name" ? lookup(scope, list.value.name) : undefined;
  if (!owner) return;
  // A `Set` or a command's `append(name, value)` is no list; where something is put by its place, the place is no item.
  const many = moves || scope.file.language === "javascript" || given.length === 1 ? given : [];
  const items = many.filter(({ value }) => !(moves && isPlace(value)));
  for (const { value, spread } of items) {
    const all = spread || method === "extend";
    push(owner.fields, ADDED, source(all ? each(value) : value, scope, [], undefined, guards));
  }
  if (moves) push(owner.fields, MOVED, source(call, scope, []));
}

/** What a method is called on, or a function of PHP is given first; then the others. */
function receiver({ callee, args }: Call): readonly Pick<Argument, "value" | "spread">[] {
  return callee.kind === "member" ? [{ value: callee.object }, ...args] : args;
}

function isPlace(e: Expr): boolean {
  return (e.kind === "literal" && typeof e.value === "number") || e.kind === "function";
}

/** `delete options.host`, `del options["host"]`, `options.pop("host")` for its own sake: the member may be gone afterwards. */
export function takenOut(call: Expr, scope: Scope, guards: readonly Guard[]): void {
  if (call.kind !== "call") return;
  const { object, key } = removed(call) ?? {};
  const owner = object?.kind === "name" ? (selfClass(scope, object.name) ?? lookup(scope, object.name)) : undefined;
  if (owner && key !== undefined)
    push(owner.fields, key, { ...source(other(call), scope, [], undefined, guards), taken: true });
}

function removed({ callee, args }: Call): { object: Expr; key: string | undefined } | undefined {
  const [first, second] = args;
  if (callee.kind === "name" && REMOVES.test(callee.name)) {
    if (second && first) return { object: first.value, key: keyOf(second.value) };
    const member = first?.value;
    if (member?.kind === "member") return { object: member.object, key: member.property };
    return member?.kind === "index" ? { object: member.object, key: keyOf(member.index) } : undefined;
  }
  if (callee.kind !== "member" || !first || !/^(?:pop|delete|remove|Remove)$/.test(callee.property)) return undefined;
  return { object: callee.object, key: keyOf(first.value) };
}
/** Go's is given the map and the key. */
const REMOVES = /^(?:delete|del|unset)$/;

function keyOf(e: Expr): string | undefined {
  return e.kind === "literal" && typeof e.value === "string" ? e.value : undefined;
}

/** The rest of `const { host, ...rest } = options`: the whole, of which what was taken is not known any more. */
export function restOf(value: Expr, taken: readonly Entry[]): ObjectExpr {
  const { start, end } = value;
  const whole: Entry = { key: undefined, value, spread: true, start, end };
  const gone = taken.filter((e) => !e.spread).map((e): Entry => ({ key: e.key, value: other(e), start, end }));
  return { kind: "object", entries: [whole, ...gone], start, end };
}

/** Is an item put into a place of the list? `hosts[0] = host` */
export function placed({ fields }: Binding): [place: number, key: string][] {
  return [...fields.keys()].filter((k) => /^\d+$/.test(k)).map((k) => [Number(k), k]);
}
