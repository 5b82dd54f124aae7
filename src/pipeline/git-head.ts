/** The commit that is checked out, by reading a few files: git itself would cost more than an unchanged build. */
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * `refs/heads/main 0123…`, a bare commit for a detached HEAD, the ref alone before the first commit; empty outside of a
 * repository. The directory may lie anywhere in it.
 */
export function readGitHead(dir: string): string {
  const gitDir = findGitDir(dir);
  const head = gitDir && readText(join(gitDir, "HEAD"))?.trim();
  if (!head) return "";
  if (!head.startsWith("ref: ")) return head;
  const ref = head.slice("ref: ".length);
  const places = [...new Set([gitDir, commonOf(gitDir)])];
  for (const place of places) {
    const loose = readText(join(place, ref))?.trim();
    if (loose) return `${ref} ${loose}`;
  }
  for (const place of places) {
    const line = readText(join(place, "packed-refs"))
      ?.split("\n")
      .find((text) => text.endsWith(` ${ref}`));
    if (line) return `${ref} ${line.slice(0, line.indexOf(" "))}`;
  }
  return ref;
}

/** The repository's own directory, where its tags are; undefined outside of one. */
export function commonGitDir(dir: string): string | undefined {
  const gitDir = findGitDir(dir);
  return gitDir && commonOf(gitDir);
}

/** A worktree has a HEAD of its own; branches and tags are the repository's (gitrepository-layout(5)). */
function commonOf(gitDir: string): string {
  return resolve(gitDir, readText(join(gitDir, "commondir"))?.trim() ?? ".");
}

function findGitDir(dir: string): string | undefined {
  for (let at = resolve(dir); ; at = dirname(at)) {
    const path = join(at, ".git");
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return path;
    if (stats?.isFile()) {
      const target = /^gitdir: (.+)$/m.exec(readText(path) ?? "")?.[1];
      return target && resolve(at, target);
    }
    if (dirname(at) === at) return undefined;
  }
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
