/** Go's filepath.Match: `*`, `?`, classes and escapes within one name; and the look for what a wildcard path means. */
import { type DirectoryNode, nodeAt, type Path, realPath, splitPath, walkTree } from "./file-tree.ts";

export function containsWildcards(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "*" || text[i] === "?" || text[i] === "[") return true;
  }
  return false;
}

/** @throws Error for a class that does not end */
function compile(pattern: string): RegExp {
  let out = "^";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === "*") out += "[^/]*";
    else if (c === "?") out += "[^/]";
    else if (c === "\\" && i + 1 < pattern.length) out += literal(pattern[++i] as string);
    else if (c === "[") {
      const end = classEnd(pattern, i);
      if (end < 0) throw new Error(`${pattern}: syntax error in pattern`);
      const negated = pattern[i + 1] === "^";
      const body = pattern
        .slice(i + (negated ? 2 : 1), end)
        .replace(/\\?(.)/gs, (_, one: string) => (one === "-" ? "-" : literal(one)));
      out += `[${negated ? "^/" : ""}${body}]`;
      i = end;
    } else out += literal(c);
  }
  try {
    return new RegExp(`${out}$`, "su");
  } catch {
    return /^(?!)/;
  }
}

function classEnd(pattern: string, open: number): number {
  let i = open + 1;
  if (pattern[i] === "^") i++;
  for (let first = true; i < pattern.length; i++, first = false) {
    if (pattern[i] === "\\") i++;
    else if (pattern[i] === "]" && !first) return i;
  }
  return -1;
}

function literal(c: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c;
}

/**
 * The sources that a path means, in the order in which the builder walks them; the path itself where it has no wildcard.
 * A directory that matches is not searched further. @throws Error where the directory before the wildcard is not there
 */
export function resolveWildcards(root: DirectoryNode, source: string): string[] {
  const parts = splitPath(source);
  const first = parts.findIndex(containsWildcards);
  if (first < 0) return [source];
  const base = realPath(root, parts.slice(0, first));
  const directory = nodeAt(root, base);
  if (!directory) throw new Error(`lstat /${base.join("/")}: no such file or directory`);
  if (directory.type !== "directory") return [];
  const pattern = compile(parts.slice(first).join("/"));
  const found: string[][] = [];
  for (const { path } of walkTree(directory)) {
    const last = found.at(-1);
    if (last && isBelow(path, last)) continue;
    if (pattern.test(path.join("/"))) found.push(path);
  }
  return found.map((path) => `/${[...base, ...path].join("/")}`);
}

/**
 * The directory before a wildcard that found nothing, where no other source has it: the builder gets from the context only
 * what is named, and so finds no such directory. undefined: it is there.
 */
export function unsentDirectory(root: DirectoryNode, source: string, sources: readonly string[]): string | undefined {
  const parts = splitPath(source);
  const base = parts.slice(0, parts.findIndex(containsWildcards));
  if (base.length === 0) return undefined;
  const sent = sources.some((other) => {
    const found = other === source ? [] : foundBy(root, other);
    return found.some((path) => path.every((name, i) => i >= base.length || name === base[i]));
  });
  return sent ? undefined : `/${base.join("/")}`;
}

function foundBy(root: DirectoryNode, source: string): Path[] {
  try {
    return resolveWildcards(root, source)
      .map(splitPath)
      .filter((path) => nodeAt(root, path) !== undefined);
  } catch {
    return [];
  }
}

function isBelow(path: Path, above: Path): boolean {
  return path.length > above.length && above.every((name, i) => path[i] === name);
}
