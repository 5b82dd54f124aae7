/** Go: methods of a type may stand in other files of the package than its fields; in each file they are a class of their own. */
import type { Evaluator } from "./evaluate.ts";
import { classMember } from "./evaluate-members.ts";
import type { Scope } from "./scope.ts";
import type { Frame, Value } from "./values.ts";

/** A member that another file of the package gives to a type. */
export function inOtherPart(
  evaluator: Evaluator,
  { class: cls, file }: Scope,
  name: string,
  frame: Frame | undefined,
  self: Value | undefined,
): Value | undefined {
  const word = file.language === "go" ? cls?.name : undefined;
  for (const module of (word && evaluator.project.semantics(file).siblings?.(file, word)) || []) {
    const part = module.scope.names.get(word as string)?.class?.scope;
    const has = part?.class?.members.some((m) => m.name === name) || part?.fields.has(name);
    // Deep enough that it does not look for parts again.
    const found = part && has ? classMember(evaluator, part, name, frame, self, LAST) : undefined;
    if (found && found.t !== "absent") return found;
  }
  return undefined;
}

/** How deep classes are looked through. */
export const LAST = 4;
