/** Writes a directory skeleton to a temporary place. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export function writeSkeleton(
  files: Record<string, string | object>,
  root = mkdtempSync(join(tmpdir(), "knbuild-skeleton-")),
): string {
  for (const [path, content] of Object.entries(files)) {
    const target = join(root, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return root;
}

export async function withSkeleton<T>(
  files: Record<string, string | object>,
  use: (root: string) => T | Promise<T>,
): Promise<T> {
  const root = writeSkeleton(files);
  try {
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
