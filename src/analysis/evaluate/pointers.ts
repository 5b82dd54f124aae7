/** What functions of a Go program write through the pointers that they are given: `*v = os.Getenv(name)` behind `parse(&port)`. */
import { escaped } from "../../base/escaped.ts";
import { joined } from "../defaults/joined.ts";
import { type Expr, type Fn, lastName } from "../ir.ts";
import type { Binding, CallSite, Scope, Source, SourceModule } from "../scope/scope.ts";
import { alternatives, anyOf, type Frame, isKeyed, UNKNOWN, type Value } from "../values.ts";
import { bindArguments } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { isOf, isPerhaps, NONE } from "./structs.ts";

interface Pointed {
  site: CallSite;
  /** The argument's place, and what the pointer is to. */
  index: number;
  to: Expr;
}

/** Arguments that are addresses, by the last name of what they are the address of. */
const POINTED = new WeakMap<SourceModule, Map<string, Pointed[]>>();
const MOST = 6;
const MAX_PASSED = 3;

function pointedIn(file: SourceModule): Map<string, Pointed[]> {
  let known = POINTED.get(file);
  if (known) return known;
  POINTED.set(file, (known = new Map()));
  for (const site of file.calls)
    site.call.args.forEach(({ value: to }, index) => {
      const name = (to.kind === "name" || to.kind === "member") && file.text[to.start - 1] === "&" && lastName(to);
      if (!name) return;
      const list = known.get(name) ?? [];
      if (list.length < MOST) known.set(name, [...list, { site, index, to }]);
    });
  return known;
}

/** `var port string; PORT.Parse(&port)`: what the name holds after it. */
export function withFilled(evaluator: Evaluator, value: Value, b: Binding, frame: Frame | undefined): Value {
  const { file } = b.scope;
  if (file.language !== "go" || b.param || isKeyed(value) || value.t === "instance" || value.t === "class")
    return value;
  let filled: Value = value;
  for (const { site, index, to } of pointedIn(file).get(b.name) ?? [])
    if (to.kind === "name" && site.scope.fn === b.scope.fn) {
      const before = filled;
      filled = written(evaluator, before, { site, index, to }, b.name, frame);
      // `if len(os.Args) > 1 { local(&host) }`
      const maybe = filled !== before && isPerhaps(site.guards, b.name, site.scope, evaluator);
      if (maybe) filled = anyOf([before.t === "unknown" ? NONE : before, filled]);
    }
  return filled;
}

/** `BIND.Parse(&config.Bind)`: what the calls of a program put into the field of a struct. */
export function* filledFields(evaluator: Evaluator, scope: Scope, name: string): Generator<Value> {
  if (scope.file.language !== "go" || evaluator.isHalfSpent()) return;
  for (const module of evaluator.project.matching(new RegExp(`&[\\w.]+\\.${escaped(name)}\\b`), scope.file, name))
    for (const { site, index, to } of pointedIn(module).get(name) ?? []) {
      if (to.kind !== "member") continue;
      const same = isOf(evaluator, to.object, site.scope, scope);
      const value = same ? written(evaluator, UNKNOWN, { site, index, to }, name, undefined) : UNKNOWN;
      if (value.t !== "unknown") yield value;
    }
}

interface Uses {
  /** What is written through the pointer. */
  through: Source[];
  /** Calls that it is handed on to. */
  further: Pointed[];
}
const USES = new WeakMap<Fn, Map<string, Uses>>();

/** What a function does with a parameter that is a pointer. */
function usesOf(fn: Fn, name: string, file: SourceModule): Uses {
  const all = USES.get(fn) ?? new Map<string, Uses>();
  USES.set(fn, all);
  const known = all.get(name);
  if (known) return known;
  const isIt = (e: Expr, scope: Scope): boolean => e.kind === "name" && e.name === name && scope.fn === fn;
  const uses: Uses = {
    through: file.assigns.flatMap(({ target: to, value: expr, scope, guards }) =>
      isIt(to, scope) && file.text[to.start - 1] === "*" ? [{ expr, scope, ...(guards.length > 0 && { guards }) }] : [],
    ),
    further: file.calls.flatMap((site) =>
      site.call.args.flatMap(({ value: to }, index) =>
        isIt(to, site.scope) && /^[\s(,]$/.test(file.text[to.start - 1] ?? "") ? [{ site, index, to }] : [],
      ),
    ),
  };
  all.set(name, uses);
  return uses;
}

/** What a call leaves behind a pointer, over what was there. */
function written(
  evaluator: Evaluator,
  before: Value,
  { site, index }: Pointed,
  name: string,
  frame: Frame | undefined,
  passed = 0,
): Value {
  let value = before;
  for (const target of alternatives(evaluator.callee(site.call, site.scope, frame))) {
    const pattern = target.t === "function" ? target.fn.params[index]?.pattern : undefined;
    if (target.t !== "function" || pattern?.kind !== "name" || passed > MAX_PASSED) continue;
    const { fn, scope, self } = target;
    const { through, further } = usesOf(fn, pattern.name, scope.file);
    if (through.length === 0 && further.length === 0) continue;
    const depth = (frame?.depth ?? 0) + 1;
    const given = bindArguments(evaluator, fn, site.call.args, site.scope, frame, self, depth);
    if (through.length > 0) {
      const read = (s: Source): Value => evaluator.source(s, given);
      const known = value.t !== "unknown" && value.t !== "ref" && value.t !== "absent";
      value = joined(through, name, evaluator, read, known ? value : undefined);
    }
    for (const inner of further) value = written(evaluator, value, inner, name, given, passed + 1);
  }
  return value;
}
