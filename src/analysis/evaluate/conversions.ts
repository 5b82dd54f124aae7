/** Rust's `let config: Config = cli.into()`: what a type of the program makes of another one of its types. */

import { lastName } from "../ir.ts";
import type { Binding, Scope } from "../scope/scope.ts";
import type { Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

const MAKES = /^(?:try_)?from$/;

/** Undefined where what was given is of the declared type itself, or nothing says how it becomes one. */
export function converted(
  evaluator: Evaluator,
  value: Value,
  { type, scope: { file }, scope }: Binding,
): Value | undefined {
  if (file.language !== "rust" || !type) return undefined;
  const given = value.t === "class" || value.t === "instance" ? value.scope.class?.name : undefined;
  const made = given === undefined ? undefined : evaluator.typed(type, scope);
  if (made?.t !== "instance" || made.scope.class?.name === given) return undefined;
  const parts = (name: string): Scope[] => evaluator.project.semantics(made.scope.file).parts?.(made.scope, name) ?? [];
  for (const part of [made.scope, ...parts("from"), ...parts("try_from")]) {
    const maker = part.class?.members.find(({ name, fn }) => {
      const takes = MAKES.test(name) ? fn?.params[0]?.type : undefined;
      return takes !== undefined && lastName(takes) === given;
    })?.fn;
    if (maker) return evaluator.apply({ t: "function", fn: maker, scope: part, self: undefined });
  }
  return undefined;
}
