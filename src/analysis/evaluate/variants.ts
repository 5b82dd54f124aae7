/** What a variant of an enum holds: where it is made, and where it is taken apart. */

import { ownCode } from "../comments.ts";
import type { Call, Expr } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { anyOf, type Frame, isLocalAddress, usually, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

/** Rust's `Listen::Address(text)`: a variant is used as what it holds. */
export function variantOf(
  evaluator: Evaluator,
  { callee, args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (scope.file.language !== "rust" || callee.kind !== "member" || args.length !== 1) return undefined;
  const of = evaluator.eval(callee.object, scope, frame);
  const makes = of.t === "class" && isVariant(of, callee.property);
  return makes ? evaluator.eval(args[0]?.value, scope, frame) : undefined;
}

/**
 * What `Listen::Address(text)` in a pattern gives to `text`: all that the program makes this variant of. Undefined where
 * nothing in it does, or nothing of that was followed.
 */
export function heldBy(evaluator: Evaluator, variant: Expr, scope: Scope): Value | undefined {
  if (scope.file.language !== "rust" || variant.kind !== "member" || evaluator.isHalfSpent()) return undefined;
  const { object, property } = variant;
  const of = evaluator.eval(object, scope);
  if (of.t !== "class" || !of.class.name || !isVariant(of, property)) return undefined;
  const values: Value[] = [];
  for (const module of evaluator.project.mentioning(of.class.name, scope.file))
    for (const { call, scope: at } of module.calls) {
      const { callee, args } = call;
      if (callee.kind !== "member" || callee.property !== property || args.length !== 1) continue;
      const made = evaluator.eval(callee.object, at);
      if (made.t === "class" && made.class === of.class) values.push(evaluator.eval(args[0]?.value, at));
      if (values.length >= MAX_MADE) break;
    }
  return values.some((v) => v.t !== "unknown" && v.t !== "ref" && v.t !== "absent") ? anyOf(values) : undefined;
}

/**
 * Which branch of `match config.bind { Bind::Local => …, Bind::All => … }` is in force while nobody chooses: the variant that
 * the enum is by default, as it says itself, or as all say that hold one.
 */
export function byVariant(
  evaluator: Evaluator,
  test: Expr,
  [then, otherwise]: readonly [Value, Value],
  scope: Scope,
): Value | undefined {
  if (scope.file.language !== "rust" || test.kind !== "binary" || test.right.kind !== "member") return undefined;
  if (![then, otherwise].some((v) => isLocalAddress(usually(v)))) return undefined;
  const of = evaluator.eval(test.right.object, scope);
  const name = of.t === "class" ? of.class.name : undefined;
  // Which of them it is where the program is deployed, its image says as a matter of course.
  if (of.t !== "class" || !name || !isVariant(of, test.right.property) || DEPLOYED.test(name)) return undefined;
  const usual = usualVariants(name, evaluator.project.mentioning(name, scope.file));
  if (usual.size !== 1) return undefined;
  return { t: "option", name, default: usual.has(test.right.property.toLowerCase()) ? then : otherwise };
}

const DEPLOYED = /(?:Env|Environment|Stage|Profile|RunMode|AppMode|^Mode)$/;

/** In small letters. */
function usualVariants(name: string, modules: readonly { path: string; text: string }[]): ReadonlySet<string> {
  const own = `(?:\\w+::)*(?:Self|${name})::(\\w+)`;
  const said = [
    `\\benum ${name}\\b[^{]*\\{[^}]*?#\\[default\\]\\s*(?:#\\[[^\\]]*\\]\\s*)*(\\w+)`,
    `\\bimpl Default for ${name}\\s*\\{\\s*(?:#\\[[^\\]]*\\]\\s*)*fn default\\(\\)\\s*->\\s*\\w+\\s*\\{\\s*${own}`,
    `\\bdefault_value_t\\s*=\\s*(?:\\w+::)*${name}::(\\w+)`,
    `\\bdefault_value\\s*=\\s*"([\\w-]+)"[^\\]]*\\]\\s*(?:pub(?:\\([^)]*\\))?\\s+)?\\w+\\s*:\\s*${name}\\b`,
    `\\bunwrap_or\\(\\s*(?:\\w+::)*${name}::(\\w+)`,
    // Of a struct that is made, or of a name: where these differ it is chosen somewhere.
    `(?<!=)[:=]\\s*(?:\\w+::)*${name}::(\\w+)\\s*[,;}]`,
  ].map((pattern) => new RegExp(pattern, "g"));
  const found = modules.flatMap(({ text }) => {
    const code = ownCode(text, "rust");
    return said.flatMap((pattern) => [...code.matchAll(pattern)].map(([, variant = ""]) => variant));
  });
  return new Set(found.map((variant) => variant.replace(/[-_]/g, "").toLowerCase()));
}

const MAX_MADE = 8;

function isVariant(of: Value & { t: "class" }, name: string): boolean {
  return /^[A-Z]/.test(name) && of.class.members.some((m) => m.name === name && !m.fn);
}
