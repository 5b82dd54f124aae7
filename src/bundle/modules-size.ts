/** How much lies in node_modules: what an image would hold without a bundle. */
import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of all files below the node_modules of these directories; links are not followed. */
export function modulesBytes(dirs: readonly string[]): number {
  let sum = 0;
  const visit = (dir: string): void => {
    let entries: Dirent[];
    try {
      entries = readdirSync(dir, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries) {
      const path = `${dir}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) sum += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  };
  for (const dir of new Set(dirs)) visit(join(dir, "node_modules"));
  return sum;
}
