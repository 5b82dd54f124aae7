/** From a source tree to the Plan of its image: data; nothing is run, written or fetched. */
import { basename } from "node:path";
import { buildpacks as installed } from "../generated/buildpacks.ts";
import type { NodeBase, PlanOptions } from "../plan/options.ts";
import type { Plan } from "../plan/types.ts";
import type { Buildpack } from "../sdk.ts";
import { openSource, type Source } from "../source/open.ts";
import { detect, selectBuildpack } from "./detect.ts";

export interface PlanRequest {
  /** The directory, or a source that was opened already. */
  source: Source | string;
  options?: PlanOptions;
  nodeBases: readonly NodeBase[];
  buildpacks?: readonly Buildpack[];
}

/** @throws NOTHING_DETECTED, DETECTION_TIE and what the buildpack says (NOT_A_SERVER, ENTRYPOINT_NOT_FOUND, …) */
export function plan(request: PlanRequest): Plan {
  const { options = {}, nodeBases, buildpacks = installed } = request;
  const source = typeof request.source === "string" ? openSource(request.source) : request.source;
  const buildpack = selectBuildpack(detect(source, options, buildpacks), source, options, buildpacks);
  // selectBuildpack gives only one that can plan.
  const made = buildpack.plan?.(source, { options, nodeBases, directoryName: basename(source.root) });
  return made as Plan;
}
