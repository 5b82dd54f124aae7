/** What a module of Python holds under a name: state that its other modules put there, `shared.args = parser.parse_args()`. */
import { escaped } from "../../base/escaped.ts";
import { joined } from "../defaults/joined.ts";
import type { Source, SourceModule } from "../scope/scope.ts";
import { isNull, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { exported } from "./imports.ts";

/** What it says of the name itself; where that is nothing, what is assigned to it from outside. */
export function ofModule(evaluator: Evaluator, module: SourceModule, name: string): Value | undefined {
  const value = exported(evaluator, module, name);
  if (module.language !== "python" || (value && value.t !== "unknown" && !isNull(value))) return value;
  const given = givenElsewhere(evaluator, module, name);
  if (given.length === 0) return value;
  return joined(given, name, evaluator, (s) => evaluator.source(s, undefined));
}

const GIVEN = new WeakMap<Evaluator, Map<string, Source[]>>();

function givenElsewhere(evaluator: Evaluator, module: SourceModule, name: string): Source[] {
  const known = GIVEN.get(evaluator) ?? new Map<string, Source[]>();
  GIVEN.set(evaluator, known);
  const key = `${module.path} ${name}`;
  const before = known.get(key);
  if (before) return before;
  if (evaluator.isHalfSpent()) return [];
  const found: Source[] = [];
  const { cuts } = evaluator;
  // While one is looked at, none is known.
  known.set(key, found);
  const pattern = new RegExp(`^[ \\t]*[\\w.]+\\.${escaped(name)}[ \\t]*(?::[^=\\n]*)?=[^=]`, "m");
  for (const other of evaluator.project.matching(pattern, module, name))
    for (const { target, value, scope, guards } of other === module ? [] : other.assigns) {
      if (target.kind !== "member" || target.property !== name || evaluator.isOpen(value)) continue;
      const owner = evaluator.eval(target.object, scope);
      if (owner.t === "module" && owner.module === module)
        found.push({ expr: value, scope, ...(guards.length > 0 ? { guards } : {}) });
    }
  if (evaluator.cuts !== cuts) known.delete(key);
  return found;
}
