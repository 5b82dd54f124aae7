/** Loops that copy one object into another, key by key: what stands in the other afterwards. */
import { escaped } from "../../base/escaped.ts";
import { EACH, EACH_KEY, type Expr, type ObjectExpr } from "../ir.ts";
import { type Guard, lookup, type Scope } from "./scope.ts";

/**
 * `for (const key in defaults) options[key] = given[key] ?? defaults[key]`: the whole that is copied, as an object with all
 * of them in it, what goes over the others last. Undefined where the value is something else.
 */
export function copiedWhole(
  key: Expr,
  value: Expr,
  onto: Expr,
  scope: Scope,
  guards: readonly Guard[],
): ObjectExpr | undefined {
  const name = keyName(key);
  const over = name === undefined ? undefined : loopedOver(name, scope);
  if (name === undefined || !over || isSkipped(key, scope) || guards.some((g) => isChoice(g, [key, value], scope)))
    return undefined;
  const isItem = (e: Expr): boolean => e.kind === "name" && sameLoop(e.name, name, scope);
  const parts: Expr[] = [];
  const read = (e: Expr): boolean => {
    if (isItem(e)) parts.unshift(over);
    else if (memberOf(e, name)) {
      const of = memberOf(e, name) as Expr;
      if (sameName(of, over)) parts.unshift(over);
      else parts.push(of);
    } else if (e.kind === "binary" && e.operator === "||") return read(e.left) && read(e.right);
    else if (e.kind === "conditional") return read(e.consequent) && read(e.alternate);
    else return false;
    return true;
  };
  if (!read(value)) return undefined;
  // `if (!(key in options)) options[key] = defaults[key]`
  const { start, end } = value;
  const entries = parts
    .filter((p) => !sameName(p, onto))
    .map((p) => ({ key: undefined, value: p, spread: true, start, end }));
  return entries.length > 0 ? { kind: "object", entries, start, end } : undefined;
}

/** `defaults[key]`, Python's `getattr(defaults, key)`: what has the member. */
function memberOf(e: Expr, key: string): Expr | undefined {
  if (e.kind === "index") return keyName(e.index) === key ? e.object : undefined;
  if (e.kind !== "call" || e.callee.kind !== "name" || e.callee.name !== "getattr") return undefined;
  const [of, asked] = e.args;
  return of && asked?.value.kind === "name" && asked.value.name === key ? of.value : undefined;
}

/** `if (key === "host") continue`, `if isinstance(value, int)`: some of them only. Whether one is there already is no choice. */
function isChoice({ test }: Guard, of: readonly Expr[], { file }: Scope): boolean {
  const text = (e: Expr): string => file.text.slice(e.start, e.end);
  // What is written in capitals is all that a module of settings has.
  const said = text(test).replace(/\b\w+\.isupper\(\)/, "");
  const words = of.flatMap((e) => (e.kind === "name" ? [text(e)] : (text(e).match(/[A-Za-z_]\w*/g) ?? [])));
  if (!words.some((w) => new RegExp(`(?<!\\w)${escaped(w)}(?!\\w)`).test(said))) return false;
  if (/[gG]etenv|environ|\benv\b|\bENV\b/.test(said)) return false;
  return /["'](?!["'])/.test(said.replace(/""|''/g, "")) || (/\w\(/.test(said) && !IS_THERE.test(said));
}
const IS_THERE = /\b(?:has\w*|isset|contains\w*|includes|exists|get)\(|key\?|\.nil\?/;

/** Is some of what the loop goes over left out before the place? `if key == "host": continue` */
function isSkipped({ start }: Expr, { file }: Scope): boolean {
  const before = file.text.slice(Math.max(0, start - 300), start);
  const loop = before.slice(Math.max(before.lastIndexOf("for"), before.lastIndexOf("each"), 0));
  return /\b(?:continue|next)\b/.test(loop);
}

/** The name of a loop that a key is made of: `key`, `"@#{key}"`, `"#{key}="`, `key.to_s`. */
function keyName(key: Expr): string | undefined {
  if (key.kind === "name") return key.name;
  if (key.kind === "text") {
    const names = key.parts.filter((p) => p.kind !== "literal" || !/^[@=$]*$/.test(String(p.value)));
    return names.length === 1 && names[0] ? keyName(names[0]) : undefined;
  }
  const isPlain = key.kind === "call" && key.args.length === 0 && key.callee.kind === "member";
  return isPlain && key.callee.kind === "member" && /^to_s(?:ym)?$/.test(key.callee.property)
    ? keyName(key.callee.object)
    : undefined;
}

function sameName(a: Expr, b: Expr): boolean {
  if (a.kind === "member" && b.kind === "member") return a.property === b.property && sameName(a.object, b.object);
  return a.kind === "name" && b.kind === "name" && a.name === b.name;
}

/** The object over whose keys a loop goes, by the name of the key. */
function loopedOver(name: string, scope: Scope): Expr | undefined {
  const binding = lookup(scope, name);
  const { fn, index } = binding?.param ?? {};
  const list = fn && scope.file.iterated.get(fn)?.expr;
  // Ruby: `options.each { |key, value| … }`
  if (list && scope.file.language === "ruby") return index === 0 && fn.params.length === 2 ? list : undefined;
  if (fn && list) return index === 0 ? keysOf(list) : undefined;
  // The loop that is being read: what stands further down is not seen yet.
  const from = binding?.sources.at(-1);
  const hidden = HIDDEN.exec(from?.expr?.kind === "name" ? from.expr.name : "");
  if (hidden) {
    const outer = lookup(scope, hidden[0])?.param;
    const pairs = outer && scope.file.iterated.get(outer.fn)?.expr;
    return pairs && from?.path?.[0] === 0 ? entriesOf(pairs) : undefined;
  }
  if (from?.expr?.kind !== "index" || from.expr.index.kind !== "literal") return undefined;
  const { object, index: kind } = from.expr;
  if (kind.kind === "literal" && kind.value === EACH_KEY) return object;
  if (kind.kind !== "literal" || kind.value !== EACH) return undefined;
  return from.path?.[0] === 0 ? entriesOf(object) : from.path ? undefined : keysOf(object);
}

/** Of a pattern in a parameter. */
const HIDDEN = /^#\d+$/;

/** Is it the value beside the key of the same loop? */
function sameLoop(value: string, key: string, scope: Scope): boolean {
  const [a, b] = [lookup(scope, value), lookup(scope, key)];
  if (!a || !b || a === b) return false;
  if (a.param || b.param) return a.param?.fn === b.param?.fn && a.param?.index === 1 && b.param?.index === 0;
  const [one, other] = [a.sources.at(-1), b.sources.at(-1)];
  if (!one?.expr || !other?.expr) return false;
  if (
    one.expr === other.expr ||
    (one.expr.kind === "name" && other.expr.kind === "name" && one.expr.name === other.expr.name)
  )
    return one.path?.[0] === 1 && other.path?.[0] === 0;
  return one.expr.kind === "index" && other.expr.kind === "index" && one.expr.object === other.expr.object;
}

function keysOf(e: Expr): Expr | undefined {
  // Python's `dir(settings)`, `vars(settings)`
  if (e.kind === "call" && e.callee.kind === "name" && /^(?:dir|vars)$/.test(e.callee.name)) return e.args[0]?.value;
  if (e.kind !== "call" || e.callee.kind !== "member") return undefined;
  return e.callee.property === "keys" ? (e.args[0]?.value ?? e.callee.object) : undefined;
}

function entriesOf(e: Expr): Expr | undefined {
  if (e.kind !== "call" || e.callee.kind !== "member") return undefined;
  return /^(?:entries|items|iteritems)$/.test(e.callee.property) ? (e.args[0]?.value ?? e.callee.object) : undefined;
}
