/** Dockerfiles that another program makes something of first: their text is not one yet. */
import type { Document, Instruction } from "./syntax.ts";
import { isInstructionName } from "./validate.ts";

/** The first line that belongs to a template's language (Jinja, Go, ERB, Mustache), undefined where none does. */
export function templateMarker({ instructions }: Document): Instruction | undefined {
  return instructions.find(({ name }) => /^(?:\{\{|\{%|\{#|<%)/.test(name));
}

/**
 * The first instruction that only another front end than Docker's own knows (`# syntax=devthefuture/dockerfile-x`, which has
 * INCLUDE), and that front end. A mirror's copy of Docker's is named `dockerfile` too.
 */
export function foreignInstruction(document: Document): { frontEnd: string; instruction: Instruction } | undefined {
  const frontEnd = document.directives.find(({ name }) => name === "syntax")?.value.split(/\s/, 1)[0] ?? "";
  if (frontEnd === "" || /(?:^|\/)dockerfile(?:-upstream)?(?:[:@]|$)/.test(frontEnd)) return undefined;
  const instruction = document.instructions.find(({ name }) => !isInstructionName(name));
  return instruction && { frontEnd, instruction };
}
