/** The entries of a layer of Debian packages: fetched by hash, unpacked in-process, recorded where scanners look. */
import { join } from "node:path";
import { mapConcurrent } from "../base/concurrency.ts";
import { KnbuildError } from "../base/errors.ts";
import { step } from "../base/events.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import type { Alternative } from "./alternatives.ts";
import type { DebianMirror } from "./apt-sources.ts";
import { type BaseContext, noMirror } from "./context.ts";
import { imagePath, type UnpackedDeb, unpackDeb } from "./deb.ts";
import { showUrl, verifyCached } from "./download.ts";
import type { LockedPackage } from "./lock.ts";
import { file, link, rootFiles } from "./root-files.ts";
import { removeStaleFiles } from "./stale-files.ts";

/** Read by people at a terminal or by package tools, neither of which is in the image. Licences stay. */
const LEFT_OUT =
  /^usr\/share\/(?:doc\/(?!(?:[^/]+\/copyright|[^/]+)$)|man\/|info\/|lintian\/|bug\/|base-files\/|doc-base\/|gdb\/|menu\/|locale\/)|^etc\/update-motd\.d(?:\/|$)/;

/** @throws BASE_PACKAGE_GONE, BASE_HASH_MISMATCH, BASE_NO_MIRROR, DEB_INVALID */
export async function* debianEntries(
  id: string,
  packages: readonly LockedPackage[],
  context: BaseContext,
  root: boolean,
): AsyncGenerator<TarEntry> {
  // What is there already is unpacked while the rest is fetched.
  const debs = await step(context.emit, `base-fetch-${id}`, `fetch ${packages.length} Debian packages (${id})`, () =>
    mapConcurrent(packages, 6, async (wanted) =>
      unpackDeb(await fetchDeb(wanted, context), join(context.dir, "unpacked")),
    ),
  );
  const byPath = new Map<string, TarEntry>();
  const alternatives: Alternative[] = [];
  for (const [i, deb] of debs.entries()) {
    addPackage(byPath, packages[i] as LockedPackage, deb);
    alternatives.push(...deb.alternatives);
  }
  addAlternatives(byPath, alternatives);
  for (const dir of ["debs", "unpacked"]) await removeStaleFiles(join(context.dir, dir));
  if (root) for (const entry of await rootFiles(byPath)) byPath.set(entry.path, entry);
  yield* byPath.values();
}

/** The first package that has a path keeps it: packages come in the order of their names. */
function addPackage(byPath: Map<string, TarEntry>, { name, sha256 }: LockedPackage, deb: UnpackedDeb): void {
  const own = new Map(deb.entries.map((entry) => [entry.path, entry]));
  const shipped = new Set<string>();
  for (const entry of deb.entries) {
    if (LEFT_OUT.test(entry.path)) continue;
    shipped.add(entry.path);
    if (byPath.has(entry.path)) continue;
    const target = entry.type === "hardlink" ? own.get(entry.target) : undefined;
    // A second name of a file that is left out becomes the file.
    byPath.set(entry.path, target && LEFT_OUT.test(target.path) ? { ...target, path: entry.path } : entry);
  }
  // Scanners (and dpkg-query, from a merged file) read these: the layout that distroless introduced. The hash, a field of
  // the archive's own index, says which .deb it was.
  const noted = `$1\nStatus: install ok installed\nSHA256: ${sha256}`;
  const status = deb.control.trimEnd().replace(/^(Package:.*)$/m, noted);
  const sums = deb.md5sums
    .split("\n")
    .filter((line) => shipped.has(line.slice(34).trim()))
    .map((line) => `${line}\n`);
  for (const entry of [
    file(`var/lib/dpkg/status.d/${name}`, `${status}\n`),
    file(`var/lib/dpkg/status.d/${name}.md5sums`, sums.join("")),
  ]) {
    byPath.set(entry.path, entry);
  }
}

/** The highest priority wins, as in update-alternatives' automatic mode; never over a file that a package ships. */
function addAlternatives(byPath: Map<string, TarEntry>, alternatives: readonly Alternative[]): void {
  for (const { link: path, target } of [...alternatives].sort((a, b) => b.priority - a.priority)) {
    const [at, to] = [imagePath(path), imagePath(target.slice(1))];
    if (at !== undefined && to !== undefined && !byPath.has(at) && byPath.has(to)) byPath.set(at, link(at, target));
  }
}

/**
 * A .deb by its hash: from the cache, else from the first mirror that has it.
 * @throws BASE_PACKAGE_GONE when no mirror has it any more; BASE_HASH_MISMATCH; BASE_NO_MIRROR
 */
async function fetchDeb(wanted: LockedPackage, context: BaseContext): Promise<string> {
  const path = join(context.dir, "debs", `${wanted.sha256}.deb`);
  if (await verifyCached(path, wanted)) return path;
  if (context.mirrors.length === 0) throw noMirror(`to fetch ${wanted.name}`);
  const downloader = await context.downloader();
  for (const url of addresses(wanted, context.mirrors)) {
    if (await downloader.file(url, path, wanted)) return path;
  }
  throw new KnbuildError({
    code: "BASE_PACKAGE_GONE",
    message: `${wanted.name} ${wanted.version} is locked, but the mirror does not have it any more`,
    where: addresses(wanted, context.mirrors).map(showUrl)[0],
    hint: "A newer version has taken its place: update the lock file, or name a mirror that keeps old versions (a snapshot).",
  });
}

/** Security fixes move into the main archive with the next point release, so that is asked too. */
function addresses(wanted: LockedPackage, mirrors: readonly DebianMirror[]): string[] {
  const bases = mirrors.flatMap(({ url, securityUrl }) => (wanted.security ? [securityUrl, url] : [url]));
  return [...new Set(bases)].filter((base) => base !== undefined).map((base) => `${base}/${wanted.path}`);
}
