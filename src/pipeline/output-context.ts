/** What outputs are given to write an image with. */
import { type Reference, repositoryName } from "../oci/reference.ts";
import type { Target } from "../oci/target.ts";
import type { OutputContext, OutputRequest } from "../outputs/types.ts";
import { storeTag } from "../store/names.ts";
import type { ImageRun } from "./make-image.ts";

export function outputContext(
  run: Pick<ImageRun, "store" | "registry" | "signal" | "emit">,
  names: readonly Reference[],
): OutputContext {
  const targets = new Map<string, Target>();
  return {
    names,
    store: run.store,
    registry(reference) {
      const name = repositoryName(reference);
      const target = targets.get(name) ?? run.registry().repository(reference, { access: "push" });
      targets.set(name, target);
      return target;
    },
    signal: run.signal,
    emit: run.emit,
  };
}

export function outputLabel({ type, dest }: OutputRequest, names: readonly Reference[]): string {
  const tags = names.map(storeTag).join(", ");
  return type === "registry" ? `push ${tags}` : dest ? `write ${dest}` : `save ${tags}`;
}
