/** A file tree as the loader would see it: an image's layers, a directory, or a test's map. */
import type { ByteSource } from "./types.ts";

export interface ViewedFile {
  type: "file" | "directory" | "symlink" | "other";
  /** As readlink gives it, for symlinks. */
  target?: string;
  /** Permission bits, where they are known. */
  mode?: number;
  /** For files. */
  open?(): ByteSource;
}

export interface FileView {
  /** What lies at an absolute path, without following the last component. Undefined: nothing. */
  lookup(path: string): ViewedFile | undefined | Promise<ViewedFile | undefined>;
}

/** As many as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Follows symbolic links in every component, inside the tree: `..` never leaves its root.
 * @returns the real path and what is there; undefined when a component is missing or the links go in a circle
 */
export async function followLinks(
  view: FileView,
  path: string,
): Promise<{ path: string; file: ViewedFile } | undefined> {
  let pending = path.split("/").filter(Boolean);
  let real: string[] = [];
  let links = 0;
  let file: ViewedFile = { type: "directory" };
  while (pending.length > 0) {
    const [part = "", ...rest] = pending;
    pending = rest;
    if (part === ".") continue;
    if (part === "..") {
      real = real.slice(0, -1);
      file = { type: "directory" };
      continue;
    }
    const here = `/${[...real, part].join("/")}`;
    const found = await view.lookup(here);
    if (!found) return undefined;
    if (found.type !== "symlink") {
      real.push(part);
      file = found;
      continue;
    }
    if (++links > MAX_LINKS || found.target === undefined) return undefined;
    if (found.target.startsWith("/")) real = [];
    pending = [...found.target.split("/").filter(Boolean), ...pending];
    file = { type: "directory" };
  }
  return { path: `/${real.join("/")}`, file };
}
