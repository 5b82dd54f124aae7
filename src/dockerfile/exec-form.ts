/** Shell form → exec form, where both surely mean the same. */
import { scriptOf } from "./script.ts";
import type { Instruction } from "./syntax.ts";

/** Words that only a shell knows. */
const BUILTINS = new Set(
  ". : alias bg break cd command continue eval exec exit export false fg hash jobs local read readonly return set shift source test times trap true type ulimit umask unalias unset wait".split(
    " ",
  ),
);

/** @returns the JSON text, or undefined where the shell does something: variables, globs, several commands. */
export function execForm(instruction: Instruction): string | undefined {
  const { tree } = scriptOf(instruction);
  const [item] = tree?.items ?? [];
  const [command] = item?.pipeline ?? [];
  if (!item || tree?.items.length !== 1 || item.pipeline.length !== 1 || item.operator !== "" || item.negated)
    return undefined;
  if (command?.kind !== "simple" || command.assignments.length > 0 || command.redirects.length > 0) return undefined;
  const words = command.words.map((word) => word.literal);
  if (words.length === 0 || command.condition || words.some((word) => word === undefined)) return undefined;
  if (command.words.some((word) => word.raw.startsWith("~"))) return undefined;
  // `exec node` is what the exec form does.
  const argv = words[0] === "exec" && words.length > 1 && !words[1]?.startsWith("-") ? words.slice(1) : words;
  if (BUILTINS.has(argv[0] as string)) return undefined;
  return `[${argv.map((word) => JSON.stringify(word)).join(", ")}]`;
}
