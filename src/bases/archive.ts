/** A Debian archive as seen from one suite: verified releases, and one index of the newest version of every package. */
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { mapConcurrent } from "../base/concurrency.ts";
import { KnbuildError } from "../base/errors.ts";
import { type Emit, step } from "../base/events.ts";
import type { DebianMirror } from "./apt-sources.ts";
import { parseParagraphs } from "./deb822.ts";
import { compareDebianVersions } from "./debian-version.ts";
import { decompressNamed } from "./decompress.ts";
import { type Downloader, verifyCached } from "./download.ts";
import { type Release, verifyRelease } from "./release.ts";

export type ArchiveName = "debian" | "security";

export interface IndexedPackage {
  name: string;
  version: string;
  sha256: string;
  size: number;
  /** Below the archive's base URL: `pool/main/…`. */
  path: string;
  archive: ArchiveName;
  priority: string;
  /** Pre-Depends and Depends, as written. */
  depends: string;
  /** As written. */
  provides: string;
}

export interface PackageIndex {
  /** The newest Date of the releases: which state of the archive this is. */
  snapshot: Date;
  packages: ReadonlyMap<string, IndexedPackage>;
  /** Virtual package → names of the packages that provide it, with the version where one is given. */
  providers: ReadonlyMap<string, readonly { name: string; version?: string }[]>;
}

export interface ArchiveOptions {
  suite: string;
  keyrings: readonly string[];
  downloader: Downloader;
  /** Where verified indexes are kept, by their sha256. */
  cacheDir: string;
  now: Date;
  emit: Emit;
}

export interface OpenedSuite {
  archive: ArchiveName;
  /** URL of the suite's directory. */
  url: string;
  release: Release;
}

const ARCHITECTURE = "amd64";
const RELEASE_LIMIT = 8 << 20;

/**
 * Opens a suite with its updates and security suites at the first of the mirrors that has it. A mirror without the suite is
 * passed over; a signature that does not hold is remembered and thrown when no other mirror is better.
 * @throws BASE_SUITE_MISSING, and what `verifyRelease` throws
 */
export async function openSuites(
  mirrors: readonly DebianMirror[],
  options: ArchiveOptions,
): Promise<{ mirror: DebianMirror; suites: OpenedSuite[] }> {
  const { suite } = options;
  let failure: unknown;
  for (const mirror of mirrors) {
    try {
      const main = await openSuite("debian", mirror.url, suite, options);
      if (!main) continue;
      const others = await Promise.all([
        openSuite("debian", mirror.url, `${suite}-updates`, options),
        mirror.securityUrl ? openSuite("security", mirror.securityUrl, `${suite}-security`, options) : null,
      ]);
      if (!others[1]) {
        options.emit({
          type: "warning",
          code: "BASE_NO_SECURITY_MIRROR",
          message: `no security archive of ${suite} is configured: fixes arrive with the next point release only`,
          hint: "Add Debian's security archive to the configuration beside the mirror.",
        });
      }
      return { mirror, suites: [main, ...others.filter((opened) => opened !== null)] };
    } catch (error) {
      failure ??= error;
    }
  }
  throw (
    failure ??
    new KnbuildError({
      code: "BASE_SUITE_MISSING",
      message: `no mirror has the suite ${suite}`,
      where: mirrors.map(({ url }) => url).join(", "),
      hint: "Name a mirror of the Debian archive.",
    })
  );
}

async function openSuite(
  archive: ArchiveName,
  base: string,
  suite: string,
  options: ArchiveOptions,
): Promise<OpenedSuite | null> {
  const url = `${base}/dists/${suite}`;
  const bytes = await options.downloader.text(`${url}/InRelease`, RELEASE_LIMIT);
  if (!bytes) return null;
  const release = await verifyRelease(Buffer.from(bytes).toString("utf8"), {
    keyrings: options.keyrings,
    suite,
    now: options.now,
    where: `${url}/InRelease`,
  });
  return { archive, url, release };
}

/** Reads the package indexes of the opened suites; of several versions of a package the newest counts. */
export async function readPackageIndex(suites: readonly OpenedSuite[], options: ArchiveOptions): Promise<PackageIndex> {
  const files = await step(options.emit, "base-index", `Debian ${options.suite} package index`, () =>
    mapConcurrent(suites, 3, (opened) => fetchIndex(opened, ["Packages.xz", "Packages.gz", "Packages"], options)),
  );
  const packages = new Map<string, IndexedPackage>();
  for (const [i, file] of files.entries()) {
    const { archive } = suites[i] as OpenedSuite;
    for await (const fields of parseParagraphs(decompressNamed(file.name, createReadStream(file.path)), FIELDS)) {
      const found = toPackage(fields, archive);
      if (!found) continue;
      const known = packages.get(found.name);
      if (!known || compareDebianVersions(found.version, known.version) > 0) packages.set(found.name, found);
    }
  }
  const providers = new Map<string, { name: string; version?: string }[]>();
  for (const { name, provides } of packages.values()) {
    for (const match of provides.matchAll(/([^\s,(]+)(?:\s*\(=\s*([^)\s]+)\s*\))?/g)) {
      const [, virtual = "", version] = match;
      const list = providers.get(virtual) ?? [];
      list.push({ name, ...(version !== undefined && { version }) });
      providers.set(virtual, list);
    }
  }
  const snapshot = new Date(Math.max(...suites.map(({ release }) => release.date.getTime())));
  return { snapshot, packages, providers };
}

/**
 * Fetches an index of a suite by the hash that its release names (or finds it in the cache).
 * @param names what will do, best first, below `main/`; `Packages*` stand in the architecture's folder
 * @throws BASE_INDEX_MISSING
 */
export async function fetchIndex(
  opened: OpenedSuite,
  names: readonly string[],
  options: ArchiveOptions,
): Promise<{ name: string; path: string }> {
  const { release, url } = opened;
  for (const name of names) {
    const folder = name.startsWith("Packages") ? `main/binary-${ARCHITECTURE}` : "main";
    const expected = release.files.get(`${folder}/${name}`);
    if (!expected) continue;
    const path = join(options.cacheDir, "indexes", `${expected.sha256}-${name}`);
    if (await verifyCached(path, expected)) return { name, path };
    const addresses = [
      ...(release.byHash ? [`${url}/${folder}/by-hash/SHA256/${expected.sha256}`] : []),
      `${url}/${folder}/${name}`,
    ];
    for (const address of addresses) {
      if (await options.downloader.file(address, path, expected)) return { name, path };
    }
  }
  throw new KnbuildError({
    code: "BASE_INDEX_MISSING",
    message: `the mirror has no ${names.join(" or ")} for ${ARCHITECTURE}`,
    where: url,
    hint: "Name a mirror that carries amd64.",
  });
}

const FIELDS: ReadonlySet<string> = new Set([
  "package",
  "version",
  "pre-depends",
  "depends",
  "provides",
  "priority",
  "filename",
  "size",
  "sha256",
]);

function toPackage(fields: ReadonlyMap<string, string>, archive: ArchiveName): IndexedPackage | undefined {
  const [name, version] = [fields.get("package"), fields.get("version")];
  const [path, sha256, size] = [fields.get("filename"), fields.get("sha256"), Number(fields.get("size"))];
  // An index that is signed may still be of an archive that is careless: nothing here may leave the pool.
  if (!name || !version || !path || !sha256 || !/^[a-f0-9]{64}$/.test(sha256) || !Number.isSafeInteger(size))
    return undefined;
  if (path.startsWith("/") || path.split("/").includes("..")) return undefined;
  return {
    name,
    version,
    sha256,
    size,
    path,
    archive,
    priority: fields.get("priority") ?? "optional",
    depends: [fields.get("pre-depends"), fields.get("depends")].filter(Boolean).join(", "),
    provides: fields.get("provides") ?? "",
  };
}
