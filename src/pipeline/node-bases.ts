/** The Node bases of the catalogue, as buildpacks choose among them: those whose support has not ended. */
import { BASES } from "../bases/catalogue.ts";
import type { NodeBase } from "../plan/options.ts";

/** @param now the date that decides what is in support */
export function nodeBases(now = new Date()): NodeBase[] {
  const today = now.toISOString().slice(0, 10);
  return BASES.flatMap(({ id, runtime }) =>
    runtime && runtime.released <= today && today <= runtime.endOfLife
      ? [{ ref: id, major: runtime.major, lts: runtime.longTermSupport <= today, eolDate: runtime.endOfLife }]
      : [],
  );
}
