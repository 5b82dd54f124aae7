/** Decides what a base is made of today: the archive's newest packages and the newest release of the runtime. */
import { step } from "../base/events.ts";
import { type ArchiveOptions, fetchPackageIndex, type OpenedSuite, openSuites } from "./archive.ts";
import { type BaseContext, noMirror } from "./context.ts";
import { dependencyClosure } from "./dependencies.ts";
import type { LockedBase, LockedNode, LockedPackage } from "./lock.ts";
import { lockNode } from "./node-runtime.ts";
import type { IndexedPackage, PackageIndex } from "./package-index.ts";
import { type BaseWish, wishDigest } from "./wish.ts";

/**
 * Reads the archive's index and the npm registry.
 * @param keepNode a version that stays (extra packages were added; nobody asked for another runtime)
 * @throws BASE_NO_MIRROR, BASE_SIGNATURE_INVALID, BASE_RELEASE_EXPIRED, BASE_PACKAGE_MISSING, …
 */
export async function lockBase(wish: BaseWish, context: BaseContext, keepNode?: LockedNode): Promise<LockedBase> {
  const { definition } = wish;
  if (context.mirrors.length === 0) throw noMirror(`to assemble ${definition.id} from`);
  return step(context.emit, "base-lock", `choose the packages of ${definition.id}`, async () => {
    const [{ suites, index }, node] = await Promise.all([
      openArchive(definition.suite, context).then(async ({ suites, options }) => ({
        suites,
        index: await fetchPackageIndex(suites, options),
      })),
      definition.runtime && (keepNode ?? lockNode(definition.runtime, wish.nodeVersion, context)),
    ]);
    return {
      request: wishDigest(wish),
      suite: definition.suite,
      // The newest Date of the releases names the state of the archive.
      snapshot: new Date(Math.max(...suites.map(({ release }) => release.date.getTime()))).toISOString(),
      layers: chooseLayers(wish, index),
      ...(node && { node }),
    };
  });
}

/** The suites behind a base, signatures checked. */
export async function openArchive(
  suite: string,
  context: BaseContext,
): Promise<{ suites: OpenedSuite[]; options: ArchiveOptions }> {
  const { keyrings, now, emit } = context;
  const downloader = await context.downloader();
  const options: ArchiveOptions = { suite, keyrings, downloader, now, emit, cacheDir: context.dir };
  return { suites: (await openSuites(context.mirrors, options)).suites, options };
}

/** Each layer holds what it names and what that needs, minus what lies below already. */
function chooseLayers({ definition, packages }: BaseWish, index: PackageIndex): LockedBase["layers"] {
  const present: IndexedPackage[] = [];
  const wanted = [...definition.layers, ...(packages.length > 0 ? [{ id: EXTRA_LAYER, packages: [...packages] }] : [])];
  return wanted.map(({ id, packages: names }) => {
    const chosen = dependencyClosure(index, names, new Set(definition.exclude), present);
    present.push(...chosen);
    return { id, packages: chosen.map(toLocked) };
  });
}

/** Id of the layer of a project's own packages. */
const EXTRA_LAYER = "packages";

function toLocked({ name, version, sha256, size, path, archive }: IndexedPackage): LockedPackage {
  return { name, version, sha256, size, path, ...(archive === "security" && { security: true as const }) };
}
