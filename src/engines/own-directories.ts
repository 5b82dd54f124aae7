/**
 * The app's own directories belong to the user that runs it: programs make `./uploads`, `./logs` or a database beside their
 * files at start, and the contract promises a writable file system (S16). Code, and everything in node_modules, stays root's.
 */
import { posix } from "node:path";
import type { TarEntry } from "../oci/layer-source.ts";
import type { LayerKind } from "../plan/types.ts";

interface Owner {
  uid: number;
  gid: number;
}

/** @param workdir absolute, in the image @param user `uid[:gid]`; by name, or root: nothing changes */
export function ownDirectories(
  kind: LayerKind,
  entries: readonly TarEntry[],
  workdir: string,
  user: string | undefined,
): TarEntry[] {
  const owner = numericOwner(user);
  const root = posix.normalize(workdir).replace(/^\/+|\/+$/g, "");
  if (owner === undefined || root === "") return [...entries];
  const below = (path: string) => path.startsWith(`${root}/`) && !isPackage(path);
  const directories = new Set<string>();
  for (const { path } of entries) {
    if (!path.startsWith(`${root}/`)) continue;
    for (let parent = posix.dirname(path); parent.length >= root.length; parent = posix.dirname(parent)) {
      if (directories.has(parent)) break;
      if (!isPackage(parent)) directories.add(parent);
    }
  }
  const named = new Set(entries.filter(({ type }) => type === "directory").map(({ path }) => path));
  return [
    ...[...directories]
      .filter((path) => !named.has(path))
      .map((path): TarEntry => ({ type: "directory", path, mode: 0o755, ...owner })),
    // What is data, such as a database that comes along, is written in place.
    ...entries.map((entry) =>
      below(entry.path) && (kind === "assets" || entry.type === "directory") ? { ...entry, ...owner } : entry,
    ),
  ];
}

function isPackage(path: string): boolean {
  return /(?:^|\/)node_modules(?:\/|$)/.test(path);
}

function numericOwner(user: string | undefined): Owner | undefined {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(user ?? "") ?? [];
  if (uid === undefined || Number(uid) === 0) return undefined;
  return { uid: Number(uid), gid: Number(gid ?? 0) };
}
