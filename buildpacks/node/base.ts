/** The base that an app's Node comes from, and what is told beside an error of that choice, or beside another. */
import { alsoTelling, errorMessage, isKnbuildError, type PlanContext } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { chooseNode } from "./versions.ts";

export function chooseBase(app: App, context: PlanContext) {
  const { base } = context.options;
  const ref = typeof base === "string" ? base : base?.ref;
  if (ref !== undefined) {
    const known = context.nodeBases.find((candidate) => candidate.ref === ref);
    const named = known?.major ?? Number(/node(?:js)?[:/-]?v?(\d+)/.exec(ref)?.[1] ?? Number.NaN);
    // What the app asks for decides how it is compiled when the name of the base says nothing.
    const major = Number.isNaN(named) ? chooseNode(app.versions, context.nodeBases).base.major : named;
    return {
      nodeMajor: major,
      baseRef: ref,
      versionEvidence: `Node ${major}: the base ${ref} is configured`,
      versionWarnings: [],
    };
  }
  const chosen = chooseNode(app.versions, context.nodeBases);
  return {
    nodeMajor: chosen.base.major,
    baseRef: chosen.base.ref,
    versionEvidence: chosen.evidence,
    versionWarnings: chosen.warnings,
  };
}

/** What hinders a program is told at once: no server, and no Node for it either. */
export function tellingBoth<T>(task: () => T, also: () => string | undefined): T {
  try {
    return task();
  } catch (error) {
    const other = isKnbuildError(error) ? also() : undefined;
    throw isKnbuildError(error) && other !== undefined ? alsoTelling(error, other) : error;
  }
}

/** The message of what it throws. */
export function failure(task: () => unknown): string | undefined {
  try {
    task();
    return undefined;
  } catch (error) {
    return errorMessage(error);
  }
}
