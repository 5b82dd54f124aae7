/** A layer out of locked Debian packages. What makes its entries is loaded only when they are asked for. */
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import type { LayerSource, TarEntry } from "../oci/layer-source.ts";
import type { BaseContext } from "./context.ts";
import type { LockedPackage } from "./lock.ts";

/** Changes whenever the same packages would give other entries. */
const FORMAT = "debian-layer-3";

/**
 * @param root adds what belongs to no package: users, certificates, /tmp (once in an image, in its lowest layer)
 */
export function debianLayer(
  id: string,
  packages: readonly LockedPackage[],
  context: BaseContext,
  root: boolean,
): LayerSource {
  const identity = packages.map(({ name, version, sha256 }) => [name, version, sha256]);
  return {
    kind: "base",
    comment: `knbuild base ${id}: ${packages.map(({ name, version }) => `${name}=${version}`).join(" ")}`,
    cacheKey: `${FORMAT}:${sha256(canonicalJson({ identity, root }))}`,
    async *entries(): AsyncGenerator<TarEntry> {
      const { debianEntries } = await import("./debian-entries.ts");
      yield* debianEntries(id, packages, context, root);
    },
  };
}
