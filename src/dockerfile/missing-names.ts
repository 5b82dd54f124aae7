/** Names that an instruction uses and nothing defines. */
import type { Expanded, Stage } from "./interpret.ts";
import { suggest } from "./suggest.ts";
import type { Span } from "./text.ts";

/** Arguments that are never variables of a stage. */
export const NOT_ENV = new Set(["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"]);
/** As most instructions have; nothing is put into it. */
export const NOTHING_UNDEFINED: Expanded["undefined"] = [];

export interface Missing {
  name: string;
  at: Span;
}

export function noteMissing(stage: Stage, out: Expanded, missing: readonly Missing[]): void {
  for (const { name, at } of missing) {
    if (stage.declared.has(name) || NOT_ENV.has(name)) continue;
    if (out.undefined === NOTHING_UNDEFINED) out.undefined = [];
    out.undefined.push({ name, suggestion: near(name, stage), at });
  }
}

/** Nobody has so many variables; looking through them would cost their square. */
export const MAX_SUGGESTIONS = 500;

function near(name: string, stage: Stage): string | undefined {
  return stage.env.bound > MAX_SUGGESTIONS ? undefined : suggest(name, stage.env.keys());
}
