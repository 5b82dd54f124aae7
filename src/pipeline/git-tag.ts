/** The tag of the commit that is checked out, by reading files alone, as `readGitHead` does. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { commonGitDir, readText } from "./git-head.ts";

/**
 * Of several, the highest release: `v1.10.0` before `v1.9.0` before `v2.0.0-rc.1`.
 * @param commit full hex id
 */
export function readGitTag(dir: string, commit: string): string | undefined {
  const gitDir = commonGitDir(dir);
  if (!gitDir) return undefined;
  const found = new Set<string>();
  // What a tag object names stands in a line of its own below the tag (gitrepository-layout(5), packed-refs).
  const packed = readText(join(gitDir, "packed-refs")) ?? "";
  // Every build asks, also one that finds nothing to do; there may be thousands of refs, and none of this commit.
  let name = "";
  for (const line of packed.includes(commit) ? packed.split("\n") : []) {
    const [id, ref] = line.split(" ");
    if (ref !== undefined) name = ref.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : "";
    if (name && (id === commit || id === `^${commit}`)) found.add(name);
  }
  for (const name of looseTags(join(gitDir, "refs/tags"))) {
    const id = readText(join(gitDir, "refs/tags", name))?.trim() ?? "";
    if (id === commit || taggedBy(gitDir, id) === commit) found.add(name);
    else found.delete(name);
  }
  const release = (tag: string) => (/\d-/.test(tag) ? 0 : 1);
  return [...found].sort((a, b) => release(a) - release(b) || a.localeCompare(b, "en", { numeric: true })).at(-1);
}

function looseTags(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(dir.length + 1)
          .replaceAll("\\", "/"),
      );
  } catch {
    return [];
  }
}

/** What an annotated tag names; its object lies alone until git packs it, and then the packed refs say it. */
function taggedBy(gitDir: string, id: string): string | undefined {
  try {
    const bytes = inflateSync(readFileSync(join(gitDir, "objects", id.slice(0, 2), id.slice(2))), {
      maxOutputLength: 1 << 20,
    });
    return /^tag \d+\0object ([0-9a-f]+)\n/.exec(bytes.toString("latin1"))?.[1];
  } catch {
    return undefined;
  }
}
