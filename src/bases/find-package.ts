/** Which Debian package has a shared library: the archive's Contents index, reduced to libraries. */
import { readFile } from "node:fs/promises";
import { usageError } from "../base/errors.ts";
import { step } from "../base/events.ts";
import type { ByteStream } from "../base/streams.ts";
import { fetchIndex, fetchPackageIndex } from "./archive.ts";
import { findBase } from "./catalogue.ts";
import { type BaseOptions, createBaseContext, noMirror } from "./context.ts";
import { ownName, packagesNamedLike } from "./library-names.ts";
import { openArchive } from "./lock-base.ts";

/** In the directories that the loader searches, without the versions behind the soname that only links lead to. */
const LIBRARY = /^(?:usr\/)?lib\/(?:x86_64-linux-gnu\/)?([^/\s]+\.so(?:\.[^/\s]*)?)\s+(\S+)$/;

/**
 * For each library the packages that bring it into a directory where the loader looks, the likeliest first; an empty list
 * when Debian has none. The first call for a state of the archive fetches its Contents index (13 MB, of which 1 MB is kept);
 * where that cannot be had, packages that are named like the library are given.
 * @param libraries what programs need: `libvips.so.42`
 * @param base id of the base that lacks them; its suite is searched
 * @throws BASE_UNKNOWN, BASE_NO_MIRROR, BASE_SIGNATURE_INVALID, …
 */
export async function findPackagesOf(
  libraries: readonly string[],
  base: string,
  options: BaseOptions = {},
): Promise<Record<string, string[]>> {
  const suite = findBase(base.replace(/@.*$/s, ""))?.suite;
  if (suite === undefined) throw usageError("BASE_UNKNOWN", `there is no assembled base ${JSON.stringify(base)}`);
  const context = createBaseContext(options);
  if (context.mirrors.length === 0) throw noMirror("to look for libraries in");
  return step(context.emit, "base-contents", `look for libraries in Debian ${suite}`, async () => {
    const { suites, options: archive } = await openArchive(suite, context);
    const wanted = { name: "main/Contents-amd64", keepAs: "libraries", reduce: librariesOnly };
    const [main] = suites;
    try {
      const text = main ? await readFile(await fetchIndex(main, wanted, archive), "utf8") : "";
      return Object.fromEntries(libraries.map((library) => [library, packagesWith(library, text)]));
    } catch {
      // Mirrors lack that index, or have it of another day: then a package that is named like the library must do.
      const index = await fetchPackageIndex(suites, archive);
      return Object.fromEntries(libraries.map((library) => [library, packagesNamedLike(library, index.names())]));
    }
  });
}

function packagesWith(library: string, index: string): string[] {
  const packages = new Set<string>();
  const label = `\n${library} `;
  for (let at = index.indexOf(label); at >= 0; at = index.indexOf(label, at + 1)) {
    const end = index.indexOf("\n", at + 1);
    for (const name of index.slice(at + label.length, end < 0 ? undefined : end).split(",")) packages.add(name);
  }
  return [...packages].sort((a, b) => score(b, library) - score(a, library) || (a < b ? -1 : 1));
}

/** Development and debugging packages come last. */
function score(name: string, library: string): number {
  const own = ownName(library);
  if (/-(?:dev|dbg|dbgsym)$/.test(name)) return -1;
  return name === own || name === `${own}t64` ? 2 : name.startsWith(own) ? 1 : 0;
}

/** `path  section/name,section/name` → `\nlibrary name,name`. */
async function* librariesOnly(source: ByteStream): AsyncGenerator<Uint8Array> {
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    const kept = lines.flatMap(libraryLine).join("");
    if (kept) yield Buffer.from(kept);
  }
  yield Buffer.from(`${libraryLine(rest).join("")}\n`);
}

function libraryLine(line: string): string[] {
  // Most lines of the index end here.
  if (!line.includes(".so")) return [];
  const match = LIBRARY.exec(line);
  if (!match) return [];
  const names = (match[2] as string).split(",").map((place) => place.slice(place.lastIndexOf("/") + 1));
  return [`\n${match[1]} ${names.join(",")}`];
}
