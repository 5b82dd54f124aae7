/** What a container of services gives for a class of the program: `$container->get(Ports::class)`, `app.get(Settings)`. */

import { type Call, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import type { Frame, Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

const GIVES = /^(get|make|makeWith|resolve|app|inject|getInstance|getBean|getService|instance|build)$/;
const LANGUAGES = /^(php|javascript|python|java)$/;

/** One of the class, made by what its constructor is told elsewhere, or undefined where no class of the program is asked for. */
export function ofContainer(
  evaluator: Evaluator,
  { callee, args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  const asked = args[0]?.value;
  if (!asked || !LANGUAGES.test(scope.file.language) || !GIVES.test(lastName(callee) ?? "")) return undefined;
  // `Ports::class`, `Ports.class`
  const named = asked.kind === "member" && asked.property === "class" ? asked.object : asked;
  if (named.kind !== "name" && named.kind !== "member") return undefined;
  const of = evaluator.eval(named, scope, frame);
  return of.t === "class" ? { t: "instance", scope: of.scope, frame: undefined } : undefined;
}
