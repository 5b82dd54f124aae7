/** Examples of the source rules: a file for a language. */
import type { RuleExample, RuleExamples } from "../../../check/types.ts";

/** A program: the text of the main file, or several files of which the first is the main one. */
export type Program = string | Record<string, string>;

/** Examples of one language; `file` names a program that is one text. */
export function examplesOf(file: string, good: readonly Program[], bad: readonly Program[]): RuleExamples {
  const example = (program: Program): RuleExample => {
    if (typeof program === "string") return { file, text: program };
    const [first, ...rest] = Object.entries(program);
    const [name, text] = first ?? [file, ""];
    return { file: name, text, files: Object.fromEntries(rest) };
  };
  return { good: good.map(example), bad: bad.map(example) };
}
