/** Puts the entries of a layer in the one order and form that gives the same bytes everywhere. */
import { KnbuildError } from "../base/errors.ts";
import type { TarEntry } from "../oci/layer-source.ts";

/**
 * Sorts by path (by UTF-8 bytes), adds the parent directories that nobody named (0755, root), and drops exact repetitions.
 * @throws LAYER_PATH_INVALID for absolute paths, `..`, NUL; LAYER_PATH_CONFLICT for two different entries of one path
 */
export async function normalizeEntries(source: AsyncIterable<TarEntry> | Iterable<TarEntry>): Promise<TarEntry[]> {
  const byPath = new Map<string, TarEntry>();
  for await (const entry of source) {
    const path = checkPath(entry.path);
    const previous = byPath.get(path);
    if (previous && !sameEntry(previous, entry)) {
      throw new KnbuildError({
        code: "LAYER_PATH_CONFLICT",
        message: `two different entries for one path in a layer: ${path}`,
      });
    }
    if (!previous) byPath.set(path, path === entry.path ? entry : { ...entry, path });
  }
  for (const path of [...byPath.keys()]) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const parent = path.slice(0, slash);
      const there = byPath.get(parent);
      if (there) {
        if (there.type === "file" || there.type === "hardlink") {
          throw new KnbuildError({
            code: "LAYER_PATH_CONFLICT",
            message: `a file is also a directory in a layer: ${parent}`,
          });
        }
        continue;
      }
      byPath.set(parent, { type: "directory", path: parent, mode: 0o755, uid: 0, gid: 0 });
    }
  }
  // A hard link must follow its target, which the byte order does not promise.
  const sorted = [...byPath.values()].sort((a, b) => compareBytes(a.path, b.path));
  const links = sorted.filter((entry) => entry.type === "hardlink");
  return links.length === 0 ? sorted : [...sorted.filter((entry) => entry.type !== "hardlink"), ...links];
}

function checkPath(path: string): string {
  const clean = path.endsWith("/") ? path.slice(0, -1) : path;
  if (
    clean === "" ||
    clean.includes("\0") ||
    clean.split("/").some((part) => part === "" || part === "." || part === "..")
  ) {
    throw new KnbuildError({
      code: "LAYER_PATH_INVALID",
      message: `not a path inside an image: ${JSON.stringify(path)}`,
    });
  }
  return clean;
}

function sameEntry(a: TarEntry, b: TarEntry): boolean {
  if (a.type !== b.type || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.type === "file" && b.type === "file")
    return a.size === b.size && a.digest !== undefined && a.digest === b.digest && a.capability === b.capability;
  if (a.type === "directory") return true;
  return "target" in a && "target" in b && a.target === b.target;
}

/** Code point order equals UTF-8 byte order, except for surrogates, which localeless `<` gets wrong. */
function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  if (!/[^\x00-\x7f]/.test(a) && !/[^\x00-\x7f]/.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
