/**
 * What an image can be made from again when nothing but the app's own code is edited: how that code is bundled, and the
 * layers that hold what comes out.
 */
import { join } from "node:path";
import type { OwnAgain } from "../bundle/own-again.ts";
import type { BundleResult } from "../bundle/types.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import { type BundleStep, LAYER_ORDER, type LayerKind, type Plan } from "../plan/types.ts";
import { WORTH_BYTES } from "./compile-cache.ts";

export interface EditBasis {
  code: OwnAgain;
  /** Files of the app's own code that go nowhere but into the bundle, relative to its root. */
  editable: string[];
  layers: { kind: LayerKind; entries: KeptEntry[] }[];
  /** A bundle's file of so many bytes needs more than this. */
  limitBytes?: number;
}

/** An entry of a layer as plain JSON: the bytes come out of the bundle, or lie in a file. */
export type KeptEntry = Pick<TarEntry, "path" | "mode" | "uid" | "gid"> &
  (
    | { type: "directory" }
    /** Path of the output, relative to the bundle's root. */
    | { type: "output"; output: string; map: boolean }
    | { type: "file"; file: string }
  );

/** Kinds that hold the app's own code. */
const OWN = new Set<LayerKind>(["app", "sourcemaps"]);
const STEPS = new Set<string>(["install", "bundle", "runtime-file"]);

/**
 * @param layers entries as they went into the image
 * @returns undefined where an edit may change more than these layers
 */
export function editBasis(
  plan: Plan,
  bundle: BundleResult,
  layers: ReadonlyMap<LayerKind, readonly TarEntry[]>,
  compileCache: boolean,
): EditBasis | undefined {
  const { again } = bundle;
  const steps = plan.steps.filter((step): step is BundleStep => step.type === "bundle");
  const [step] = steps;
  if (!again || !step || steps.length > 1 || bundle.mode !== "bundle" || plan.member !== undefined) return undefined;
  if (plan.steps.some(({ type }) => !STEPS.has(type)) || layers.has("cache")) return undefined;
  const imageRoot = step.appDir.replace(/^\/+/, "");
  const outputs = new Map<string, { output: string; map: boolean }>();
  for (const { path, source } of [...(bundle.files.app ?? []), ...(bundle.files.sourcemaps ?? [])]) {
    if (!("bytes" in source)) continue;
    const map = path.endsWith(".map");
    outputs.set(path, {
      output: path.slice(imageRoot === "" ? 0 : imageRoot.length + 1, map ? -".map".length : undefined),
      map,
    });
  }
  const shipped = new Set<string>();
  for (const entry of [...layers.values()].flat()) if (entry.type === "file" && entry.at) shipped.add(entry.at.path);
  const kept = LAYER_ORDER.filter((kind) => OWN.has(kind) && layers.has(kind)).map((kind) => ({
    kind,
    entries: (layers.get(kind) ?? []).map((entry) => keptEntry(entry, outputs)),
  }));
  const whole = kept.every(({ entries }) => entries.every((entry) => entry !== undefined));
  if (!whole || kept.length === 0) return undefined;
  return {
    code: again,
    editable: Object.keys(again.own).filter((path) => !shipped.has(join(again.root, path))),
    layers: kept as EditBasis["layers"],
    ...(compileCache && { limitBytes: WORTH_BYTES }),
  };
}

function keptEntry(
  entry: TarEntry,
  outputs: ReadonlyMap<string, { output: string; map: boolean }>,
): KeptEntry | undefined {
  const { path, mode, uid, gid } = entry;
  const at = { path, mode, uid, gid };
  if (entry.type === "directory") return { ...at, type: "directory" };
  if (entry.type !== "file" || entry.mtime !== undefined || entry.capability !== undefined) return undefined;
  const made = outputs.get(path);
  if (made) return { ...at, type: "output", ...made };
  return entry.at?.offset === 0 ? { ...at, type: "file", file: entry.at.path } : undefined;
}
