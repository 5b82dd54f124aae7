/** A staging copy of the source: package managers and build scripts work there, the user's tree is never changed. */
import { constants, copyFileSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { errnoCode, KnbuildError } from "../base/errors.ts";
import type { Source } from "./open.ts";

export interface StageResult {
  files: number;
  bytes: number;
}

/**
 * Copies what takes part in a build (no .git, node_modules, .env files, keys; .dockerignore and .knbuildignore respected)
 * to `destination`. Copy-on-write where the file system can; never hard links, since a build script may write into a file.
 */
export function stageSource(source: Source, destination: string, paths?: readonly string[]): StageResult {
  const wanted = paths && new Set(paths);
  const made = new Set<string>();
  let files = 0;
  let bytes = 0;
  for (const entry of source.list()) {
    if (wanted && !wanted.has(entry.path)) continue;
    const from = join(source.root, entry.path);
    const to = join(destination, entry.path);
    const parent = dirname(to);
    if (!made.has(parent)) {
      mkdirSync(parent, { recursive: true });
      made.add(parent);
    }
    try {
      if (entry.type === "symlink") {
        symlinkSync(stagedTarget(source.root, from), to);
        continue;
      }
      copyFileSync(from, to, constants.COPYFILE_FICLONE);
      bytes += lstatSync(to).size;
      files++;
    } catch (error) {
      const code = errnoCode(error);
      throw new KnbuildError({
        code: code === "ENOSPC" ? "DISK_FULL" : code === "EACCES" ? "FILE_UNREADABLE" : "STAGING_FAILED",
        message: `cannot copy ${entry.path} to the staging directory (${code ?? "unknown error"})`,
        where: from,
        hint:
          code === "ENOSPC"
            ? "Free some space, or put the cache elsewhere with KNBUILD_CACHE_DIR."
            : "Check the permissions of the file.",
        cause: error,
      });
    }
  }
  return { files, bytes };
}

/** A link inside the tree keeps its text; one that leads out gets the absolute path, or it would dangle in the copy. */
function stagedTarget(root: string, link: string): string {
  const target = readlinkSync(link);
  if (isAbsolute(target)) return target;
  const absolute = resolve(dirname(link), target);
  return relative(root, absolute).startsWith("..") ? absolute : target;
}
