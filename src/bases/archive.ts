/** A Debian archive as seen from one suite: releases with their signatures checked, and their indexes by hash. */
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { mapConcurrent } from "../base/concurrency.ts";
import { KnbuildError } from "../base/errors.ts";
import { type Emit, step } from "../base/events.ts";
import type { ByteStream } from "../base/streams.ts";
import type { DebianMirror } from "./apt-sources.ts";
import { decompressNamed } from "./decompress.ts";
import type { Downloader } from "./download.ts";
import { type ArchiveName, openPackageIndex, type PackageIndex } from "./package-index.ts";
import { type Release, verifyRelease } from "./release.ts";

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

/** Fetches and opens the package indexes of the suites; of several versions of a package the newest counts. */
export async function fetchPackageIndex(
  suites: readonly OpenedSuite[],
  options: ArchiveOptions,
): Promise<PackageIndex> {
  const wanted: WantedIndex = { name: `main/binary-${ARCHITECTURE}/Packages`, keepAs: "Packages" };
  const files = await step(options.emit, "base-index", `Debian ${options.suite} package index`, () =>
    mapConcurrent(suites, 3, async (opened) => ({
      path: await fetchIndex(opened, wanted, options),
      archive: opened.archive,
    })),
  );
  return openPackageIndex(files);
}

/** An index file of a suite, and what of it is kept. */
export interface WantedIndex {
  /** Below the suite's directory, without the ending of its compression. */
  name: string;
  /** Ending of the file in the cache. */
  keepAs: string;
  /** Makes less of it on the way to the disk. */
  reduce?: (source: ByteStream) => ByteStream;
}

/** .gz first: it is a third larger than .xz, and unpacked in a fifth of the time. */
const ENDINGS = [".gz", ".xz", ""];

/**
 * Fetches an index by the hash that the suite's release names; uncompressed in the cache from then on.
 * @throws BASE_INDEX_MISSING, BASE_HASH_MISMATCH
 */
export async function fetchIndex(opened: OpenedSuite, wanted: WantedIndex, options: ArchiveOptions): Promise<string> {
  const { release, url } = opened;
  const folder = join(options.cacheDir, "indexes");
  for (const ending of ENDINGS) {
    const listed = `${wanted.name}${ending}`;
    // The security archive lists its components below `updates/`, and serves them without.
    const expected = release.files.get(listed) ?? release.files.get(`updates/${listed}`);
    if (!expected) continue;
    const path = join(folder, `${expected.sha256}-${wanted.keepAs}`);
    if (existsSync(path)) return path;
    const addresses = [
      ...(release.byHash ? [`${url}/${dirname(listed)}/by-hash/SHA256/${expected.sha256}`] : []),
      `${url}/${listed}`,
    ];
    for (const address of addresses) {
      // A name of its own: two builds at once must not remove each other's download.
      const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.packed`;
      const packed = await options.downloader.file(address, own, expected);
      if (!packed) continue;
      await unpackTo(packed, `index${ending}`, path, wanted.reduce);
      await removeOld(folder);
      return path;
    }
  }
  throw new KnbuildError({
    code: "BASE_INDEX_MISSING",
    message: `the mirror has no ${wanted.name} of ${release.codename}`,
    where: url,
    hint: "Name a mirror that carries amd64.",
  });
}

async function unpackTo(packed: string, name: string, path: string, reduce: WantedIndex["reduce"]): Promise<void> {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    const text = decompressNamed(name, createReadStream(packed));
    await pipeline(Readable.from(reduce ? reduce(text) : text), createWriteStream(temporary));
    await rename(temporary, path);
  } finally {
    await Promise.all([rm(temporary, { force: true }), rm(packed, { force: true })]);
  }
}

const INDEX_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** Indexes are large and go out of date: what was not made this week is not needed again. */
async function removeOld(folder: string): Promise<void> {
  const now = Date.now();
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    if (now - mtimeMs > INDEX_LIFETIME_MS) await rm(path, { force: true });
  }
}
