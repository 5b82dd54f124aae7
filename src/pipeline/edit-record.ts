/**
 * What a build leaves for the build after an edit: everything that an edit of the app's own code does not change, and what
 * has to be as it was for that to be true. Written by `keep-edit.ts`, read by `edit-build.ts`.
 */
import { basename, dirname } from "node:path";
import type { GitState } from "../attest/provenance/git.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { Digest } from "../base/digest.ts";
import type { Warning } from "../base/events.ts";
import type { Config } from "../config/schema.ts";
import type { EditBasis } from "../engines/edit-basis.ts";
import type { ContentLocation } from "../oci/blob.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { HistoryEntry, RuntimeConfig } from "../oci/manifest.ts";
import { planKey } from "../plan/canonical.ts";
import type { LayerKind, Plan } from "../plan/types.ts";
import type { RegistryClientOptions } from "../registry/client.ts";
import { glanceKey } from "../source/glance.ts";
import type { Source } from "../source/open.ts";
import type { BuildReport, KeptBuild } from "./build-types.ts";
import type { LintGateOptions } from "./lint-gate.ts";

/** Options of the gate, as plain JSON. */
export type GateWish = Pick<
  LintGateOptions,
  "profile" | "entry" | "member" | "env" | "lint" | "handlesSigterm" | "reachedOnPort" | "canBeReached"
>;

export interface EditRecord {
  /** Absolute. */
  dir: string;
  /** UTC; which bases are in support is a matter of the day. */
  day: string;
  /** What names a build's record, without its tags. */
  wish: Record<string, unknown>;
  /** By path, directories with a slash behind: what `readTreeState` sees. */
  files: Record<string, string>;
  young: Record<string, string>;
  inputs: string;
  inputPaths: string[];
  gitHead: string;
  git: GitState | null;
  /** What names are made of, besides the tags of the call. */
  naming: { name: string; repo: string | null; tags: readonly string[]; variables: Record<string, string | undefined> };
  requests: KeptBuild["requests"];
  config: Config;
  plan: string;
  /** Files that the plan was made from, absolute; of some no more than a glance (`glanceKey`). */
  planned: { texts: string[]; glances: Record<string, string> };
  basis: EditBasis;
  binary: string;
  /** Those with an origin may lie at that registry alone. */
  layers: { descriptor: Descriptor; diffId: Digest; kind: LayerKind; origin?: readonly ContentLocation[] }[];
  image: {
    descriptor: Descriptor;
    config: RuntimeConfig;
    history: HistoryEntry[];
    annotations: Record<string, string>;
    created: string;
  };
  mtime: number;
  /** `files` relative to `root`, which is absolute: the workspace's for a member. */
  gate: { options: GateWish; root: string; files: string[]; sources: string[] } | null;
  /** Of everything but the app's own code. */
  warnings: Warning[];
  registry: Pick<RegistryClientOptions, "plainHttp" | "insecure" | "caFiles">;
  report: Pick<BuildReport, "platform" | "buildpack" | "base" | "bundle" | "entrypoint" | "modulesBytes">;
}

/** What a plan decides, and what it warns of. */
export const planDigest = (plan: Plan): string => canonicalJson([planKey(plan), plan.warnings]);

/** What a plan was made from, by what the source was asked. */
export function plannedFrom(source: Source): EditRecord["planned"] {
  const { texts, glances } = source.asked();
  const keys = glances.flatMap((path) => {
    const text = source.at(dirname(path)).read(basename(path));
    return text === undefined ? [] : [[path, glanceKey(text)]];
  });
  return { texts, glances: Object.fromEntries(keys) };
}
