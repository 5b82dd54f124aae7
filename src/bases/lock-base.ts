/** Decides what a base is made of today: the archive's newest packages and the newest release of the runtime. */
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import { step } from "../base/events.ts";
import { type IndexedPackage, openSuites, type PackageIndex, readPackageIndex } from "./archive.ts";
import type { BaseContext } from "./context.ts";
import { noMirror } from "./debian-layer.ts";
import type { BaseDefinition } from "./definition.ts";
import { dependencyClosure } from "./dependencies.ts";
import type { LockedBase, LockedNode, LockedPackage } from "./lock.ts";
import { lockNode } from "./node-runtime.ts";

/** What a project asks of a base. */
export interface BaseWish {
  definition: BaseDefinition;
  /** Debian packages besides the base's own. */
  packages: readonly string[];
  /** Version or range of the runtime within its major. */
  nodeVersion?: string | undefined;
}

/** Names what was asked for: a lock with another digest is out of date. */
export function wishDigest({ definition, packages, nodeVersion }: BaseWish): string {
  const { suite, layers, exclude, runtime } = definition;
  return sha256(
    canonicalJson({
      suite,
      layers,
      exclude,
      runtime: runtime ? [runtime.package, runtime.major, nodeVersion ?? null] : null,
      packages: [...new Set(packages)].sort(),
    }),
  );
}

/**
 * Reads the archive's index and the npm registry.
 * @param keepNode a version that stays (extra packages were added; nobody asked for another runtime)
 * @throws BASE_NO_MIRROR, BASE_SIGNATURE_INVALID, BASE_RELEASE_EXPIRED, BASE_PACKAGE_MISSING, …
 */
export async function lockBase(wish: BaseWish, context: BaseContext, keepNode?: LockedNode): Promise<LockedBase> {
  const { definition } = wish;
  if (context.mirrors.length === 0) throw noMirror(`to assemble ${definition.id} from`);
  return step(context.emit, "base-lock", `choose the packages of ${definition.id}`, async () => {
    const [index, node] = await Promise.all([
      openIndex(definition.suite, context),
      definition.runtime && (keepNode ?? lockNode(definition.runtime, wish.nodeVersion, context)),
    ]);
    return {
      request: wishDigest(wish),
      suite: definition.suite,
      snapshot: index.snapshot.toISOString(),
      layers: chooseLayers(wish, index),
      ...(node && { node }),
    };
  });
}

export async function openIndex(suite: string, context: BaseContext): Promise<PackageIndex> {
  const options = { ...context, suite, cacheDir: context.dir, downloader: context.downloader };
  const { suites } = await openSuites(context.mirrors, options);
  return readPackageIndex(suites, options);
}

/** Each layer holds what it names and what that needs, minus what lies below already. */
function chooseLayers({ definition, packages }: BaseWish, index: PackageIndex): LockedBase["layers"] {
  const present = new Set<string>();
  const wanted = [...definition.layers, ...(packages.length > 0 ? [{ id: EXTRA_LAYER, packages: [...packages] }] : [])];
  return wanted.map(({ id, packages: names }) => {
    const chosen = dependencyClosure(index, names, new Set(definition.exclude), present);
    for (const { name } of chosen) present.add(name);
    return { id, packages: chosen.map(toLocked) };
  });
}

/** Id of the layer of a project's own packages. */
export const EXTRA_LAYER = "packages";

function toLocked({ name, version, sha256, size, path, archive }: IndexedPackage): LockedPackage {
  return { name, version, sha256, size, path, ...(archive === "security" && { security: true as const }) };
}
