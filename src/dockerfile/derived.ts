/** What is worked out of an instruction once and asked for by many. */
import type { Instruction } from "./syntax.ts";

/**
 * Keeps what `make` gives with the instruction itself: a WeakMap of the hundred thousand instructions that a large file has
 * costs more than all of its rules.
 */
export function derived<T>(make: (instruction: Instruction) => T): (instruction: Instruction) => T {
  const key = Symbol();
  return (instruction) => {
    const holder = instruction as Instruction & { [key]?: T };
    const known = holder[key];
    if (known !== undefined) return known;
    const made = make(instruction);
    holder[key] = made;
    return made;
  };
}
