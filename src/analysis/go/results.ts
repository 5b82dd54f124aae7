/** What Go's own functions make of the values that they are given: results by their number, lists, texts that are cut. */
import { escaped } from "../../base/escaped.ts";
import { splitAddress } from "../collect.ts";
import { type Expr, lastName } from "../ir.ts";
import { lookup, type Scope } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { allOf, alternatives, anyOf, changed, resultAt, textOf, UNKNOWN, type Value } from "../values.ts";

/** `host, port, err := net.SplitHostPort(address)`; undefined where nothing is known of the host. */
export function parted(address: Value): Value | undefined {
  // Of a variable that nobody sets both are that variable's.
  if (address.t === "env" && !address.default) return allOf([address, address]);
  const { host, port } = splitAddress(address);
  if (alternatives(host).every((v) => v.t === "unknown")) return undefined;
  return allOf([host, port]);
}

/** `first!`, `nth!`: one of several results. What a function of the project gives is its first. */
export function resultOf(path: string, view: CallView): Value | undefined {
  if (path === "results!") return allOf(Array.from({ length: view.count }, (_, i) => view.arg(i)));
  if (path === "strings.Cut") return cut(view);
  if (path !== "first!" && path !== "nth!") return undefined;
  const index = path === "first!" ? 0 : Number(textOf(view.arg(1)));
  const of = (v: Value): Value => {
    const one = v.t === "record" && v.members.has(resultAt(0)) ? v.members.get(resultAt(index)) : undefined;
    // `v, ok := os.LookupEnv(name)`
    const isSet = index > 0 && v.t === "env" ? { t: "derived" as const, of: [v] } : UNKNOWN;
    return one ?? (index === 0 ? v : isSet);
  };
  return anyOf(alternatives(view.arg(0)).map(of));
}

/** `host, port, found := strings.Cut(address, ":")` */
function cut(view: CallView): Value | undefined {
  const by = textOf(view.arg(1));
  const address = by === ":" ? parted(view.arg(0)) : undefined;
  if (address) return address;
  const before = by && changed(view.arg(0), (text) => text.split(by)[0] ?? "");
  const after = by && changed(view.arg(0), (text) => text.split(by).slice(1).join(by));
  return before && after ? allOf([before, after]) : undefined;
}

/** `map[string]*Config`, `[]Server`: what it holds is known by the type alone. */
export function heldIn(path: string, view: CallView): Value | undefined {
  if (path !== "map!" && path !== "list!") return undefined;
  const of = view.arg(0);
  if (of.t !== "class") return UNKNOWN;
  const rest: Value = { t: "instance", scope: of.scope, frame: undefined };
  return path === "map!" ? { t: "record", members: new Map(), rest } : { t: "array", items: [rest] };
}

/** `make([]string, 0, n)`; `list = append(list, a, b)`: what is in it, and these. */
export function listOf(path: string, view: CallView): Value | undefined {
  if (path === "make" && textOf(view.arg(1)) === "0") return { t: "array", items: [] };
  if (path === "make") return view.arg(0).t === "record" ? view.arg(0) : undefined;
  if (path !== "append") return undefined;
  const list = view.call.args[0]?.value;
  const before = list && isNewList(list, view.scope) ? [] : alternatives(view.arg(0)).flatMap(itemsOf);
  // One that grows in many places would double with each.
  if (before.length > MAX_ITEMS) return undefined;
  const added: Value[] = [];
  for (let i = 1; i <= MAX_ADDED; i++) {
    const item = view.arg(i);
    if (item.t === "absent") break;
    added.push(item);
    if (item.t === "unknown") break;
  }
  return { t: "array", items: [...before, ...added] };
}

const MAX_ADDED = 16;
const MAX_ITEMS = 64;

function itemsOf(v: Value): Value[] {
  if (v.t === "array") return v.items;
  return v.t === "absent" || (v.t === "literal" && v.value === null) ? [] : [UNKNOWN];
}

/** `var list []string`: a variable that is given nothing but what is appended to it. */
function isNewList(list: Expr, scope: Scope): boolean {
  const binding = list.kind === "name" ? lookup(scope, list.name) : undefined;
  if (!binding || binding.param || binding.import) return false;
  return binding.sources.every(({ expr }) => {
    const first = expr?.kind === "call" && lastName(expr.callee) === "append" ? expr.args[0]?.value : undefined;
    return first?.kind === "name" && first.name === binding.name;
  });
}

/** `value.(*Server)`: what was not followed is known by the type that it is taken for. */
export function taken(value: Value, type: Value): Value {
  if (value.t !== "unknown" && value.t !== "ref") return value;
  return type.t === "class" ? { t: "instance", scope: type.scope, frame: undefined } : value;
}

export const TRIMS = /^strings\.(Trim|TrimLeft|TrimRight|TrimPrefix|TrimSuffix)$/;

/** `strings.TrimPrefix(address, "https://")`, also of what a flag is by default. */
export function trimmed(path: string, view: CallView): Value | undefined {
  const cut = textOf(view.arg(1));
  const start = !/Right|Suffix/.test(path);
  const end = !/Left|Prefix/.test(path);
  if (!cut) return undefined;
  // `TrimPrefix` takes the text away once, `Trim` and its kin any of its letters as often as they stand there.
  const gone = /fix$/.test(path) ? escaped(cut) : `(?:${[...cut].map(escaped).join("|")})+`;
  const edges = new RegExp([...(start ? [`^${gone}`] : []), ...(end ? [`${gone}$`] : [])].join("|"), "g");
  return changed(view.arg(0), (text) => text.replace(edges, ""));
}
