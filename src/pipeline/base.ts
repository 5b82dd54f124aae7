/** A resolved base → something to build on: its layers made, found in the cache, or left where they are. */
import { mapConcurrent } from "../base/concurrency.ts";
import { type Emit, step } from "../base/events.ts";
import type { AssembledBase, ResolvedBase } from "../bases/resolve.ts";
import type { EngineBase } from "../engines/types.ts";
import { type MaterializeOptions, materialize } from "../layer/materialize.ts";
import { Annotation } from "../oci/descriptor.ts";
import { imageOf } from "../oci/remote-image.ts";
import type { LayerKind } from "../plan/types.ts";

/** Assembled bases are written into the store, layer by layer; of a base by reference only manifest and config are read. */
export async function prepareBase(
  base: ResolvedBase,
  options: MaterializeOptions & { emit: Emit },
): Promise<EngineBase> {
  if (base.kind === "assembled") return assembled(base, options);
  const image = await imageOf(base.target, base.manifest);
  const [config, layers] = [await image.config(), await image.layers()];
  // History entries of empty layers have no layer to stand beside.
  const history = (config.history ?? []).filter((entry) => !entry.empty_layer);
  return {
    layers: layers.map((layer, i) => ({
      layer,
      history: history[i] ?? { created_by: base.ref },
      kind: "base" as LayerKind,
      cached: true,
    })),
    config: config.config ?? {},
    annotations: { [Annotation.baseName]: base.ref, [Annotation.baseDigest]: base.digest },
    digest: base.digest,
  };
}

async function assembled(base: AssembledBase, options: MaterializeOptions & { emit: Emit }): Promise<EngineBase> {
  const layers = await step(
    options.emit,
    "base",
    `base ${base.id}${base.node ? ` (node ${base.node.version})` : ""}`,
    () =>
      mapConcurrent(base.layers, 2, async (source) => ({
        layer: await materialize(source, options),
        history: { created_by: source.comment },
        kind: source.kind,
      })),
    (made) => ({ cached: made.every(({ layer }) => layer.cached) }),
  );
  return {
    layers: layers.map((entry) => ({ ...entry, cached: entry.layer.cached })),
    config: base.config,
    ...(base.node && { nodePath: base.node.path, nodeVersion: base.node.version, nodeBinary: base.node.binary }),
    annotations: { [Annotation.baseName]: base.id, [Annotation.baseDigest]: base.digest },
    digest: base.digest,
  };
}
