/** Dockerfiles that another program makes of a template: their text is not one yet. */
import type { Document, Instruction } from "./syntax.ts";

/** The first line that belongs to a template's language (Jinja, Go, ERB, Mustache), undefined where none does. */
export function templateMarker({ instructions }: Document): Instruction | undefined {
  return instructions.find(({ name }) => /^(?:\{\{|\{%|\{#|<%)/.test(name));
}
