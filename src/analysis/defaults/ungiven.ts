/** Options that a program declares without saying what they are: nothing, while nobody gives them. */
import { escaped } from "../../base/escaped.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import { plainName } from "../settings/setting-owners.ts";

/** Of commander, yargs, cac, sade and their like. */
const DECLARES = /^(?:option|addOption|Option)$/;

/** `.option("remote", { type: "string" })`, `.option("--remote <host>", "…")`: the only one of its name, without a default. */
export function isUngiven(name: string, near: SourceModule, evaluator: Evaluator): boolean {
  if (near.language !== "javascript" || evaluator.isHalfSpent()) return false;
  const word = escaped(name.replace(/(?<=[a-z])(?=[A-Z])/g, "-")).replace(/-/g, "-?");
  const pattern = new RegExp(`\\b[oO]ption\\(\\s*["'\`](?:-\\w,?\\s*)?(?:--)?${word}\\b`, "i");
  const found = evaluator.project
    .matching(pattern, near)
    .flatMap((module) => module.calls.map(({ call }) => call))
    .filter((call) => DECLARES.test(lastName(call.callee) ?? "") && isCalled(call, name));
  return found.length > 0 && found.every(hasNoDefault);
}

function isCalled({ args }: Call, name: string): boolean {
  const said = args[0]?.value;
  const text = said?.kind === "literal" && typeof said.value === "string" ? said.value : "";
  const long = /--([\w-]+)/.exec(text)?.[1] ?? (/^[\w-]+$/.test(text) ? text : "");
  return plainName(long) === plainName(name);
}

/** Where commander has a default, a table or a function may stand too. */
function hasNoDefault({ args }: Call): boolean {
  const [, second, third, ...more] = args.map((a) => a.value);
  if (more.length > 0) return false;
  if (second?.kind === "object") return second.entries.every((e) => e.key !== undefined && !/^default/i.test(e.key));
  return (second === undefined || second.kind === "literal") && (third === undefined || third.kind === "object")
    ? third?.kind !== "object" || third.entries.every((e) => e.key !== undefined && !/^default/i.test(e.key))
    : false;
}
