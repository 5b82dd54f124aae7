/** A member of a name, with what is assigned to it, or laid over its object, apart from where the object is made. */
import { assignedTo, isAfter } from "./defaults.ts";
import type { Evaluator } from "./evaluate.ts";
import { withLaid } from "./evaluate-members.ts";
import type { Expr } from "./ir.ts";
import { type Binding, lookup, type Scope, type Source, selfClass } from "./scope.ts";
import { ADDED, LAID } from "./scope-sources.ts";
import { type Frame, UNKNOWN, type Value } from "./values.ts";

export function withAssigned(
  evaluator: Evaluator,
  value: Value,
  object: Expr,
  property: string,
  scope: Scope,
  frame: Frame | undefined,
): Value {
  const own = assignedFields(object, property, scope).filter((s) => !isAfter(s, object, scope));
  const read = (s: Source): Value => evaluator.source(s, s.scope === scope ? frame : undefined);
  const whole = withLaid(evaluator, value, assignedFields(object, LAID, scope), property, read);
  return own.length === 0 ? whole : assignedTo(whole, own, property, evaluator, read);
}

/** A list that was empty, or held some items, with those that are added to it by its name. */
export function withAdded(
  evaluator: Evaluator,
  value: Value,
  { fields, scope }: Binding,
  frame: Frame | undefined,
): Value {
  const added = fields.get(ADDED);
  const items = value.t === "array" ? value.items : value.t === "ref" && NEW_LIST.test(value.path) ? [] : undefined;
  if (!added || !items) return value;
  // What grows in many places is a list of the program's work.
  const more = added.slice(0, MOST).map((s) => evaluator.source(s, s.scope === scope ? frame : undefined));
  return { t: "array", items: [...items, ...more, ...(added.length > MOST ? [UNKNOWN] : [])] };
}
const MOST = 8;
const NEW_LIST = /(?:^|\.)(?:\w*List|\w*Set|Vec\.new|Vec\.with_capacity|SmallVec\.new)\(\)$/;

/** What is assigned to `object.property` elsewhere, when `object` is a plain name. */
function assignedFields(of: Expr, property: string, scope: Scope): readonly Source[] {
  // In Ruby to read a member is to call it.
  const object = of.kind === "call" && of.args.length === 0 && scope.file.language === "ruby" ? of.callee : of;
  if (object.kind === "member" && object.object.kind === "name") {
    const self = selfClass(scope, object.object.name);
    const fields = self?.fields ?? lookup(scope, object.object.name)?.fields;
    return fields?.get(`${object.property}.${property}`) ?? [];
  }
  return object.kind === "name" ? (lookup(scope, object.name)?.fields.get(property) ?? []) : [];
}
