/** A plan as bytes and as a key: equal plans are equal texts, whoever made them in whatever order. */
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import type { Plan } from "./types.ts";

/** Sorted keys, no white space; `undefined` members are left out as JSON does. */
export function canonicalPlan(plan: Plan): string {
  return canonicalJson(plan);
}

/**
 * Names everything that a plan decides about an image. Evidence and warnings are for people: they are left out, so that
 * a better explanation does not build everything anew.
 */
export function planKey(plan: Plan): string {
  const { evidence: _evidence, warnings: _warnings, entrypoint, ...rest } = plan;
  const { evidence: _why, ...start } = entrypoint;
  const steps = plan.steps.map((step) => (step.type === "host-command" ? { ...step, why: "" } : step));
  return sha256(canonicalJson({ ...rest, entrypoint: start, steps }));
}
