/** Fields of Python's classes that are read through a descriptor of the program's own: settings with a default. */
import { DEFAULTS } from "../settings/declared-entries.ts";
import type { Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { classMember } from "./members.ts";

/**
 * `api = Text("where to listen", "localhost:5279")`, where `Text` has a `__get__`: what it gives is what somebody
 * configured, or the default that it holds. What was found otherwise stays.
 */
export function described(evaluator: Evaluator, found: Value, property: string): Value {
  if (found.t !== "instance" || found.scope.file.language !== "python") return found;
  const field = (name: string): Value => classMember(evaluator, found.scope, name, found.frame, found);
  if (field("__get__").t !== "function") return found;
  const usual = DEFAULTS.map(field).find((v) => v.t === "literal" || v.t === "env");
  return usual ? { t: "option", name: property, default: usual, open: true } : found;
}
