/** A directory of this machine as a FileView, and files in memory laid over it. */
import { closeSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import type { FileView, ViewedFile } from "../../src/elf/file-view.ts";
import { bufferSource } from "../../src/elf/read-elf.ts";
import type { ByteSource } from "../../src/elf/types.ts";

export function directoryView(
  root: string,
  overlay: Record<string, Uint8Array | string | { link: string }> = {},
): FileView {
  const directories = new Set(Object.keys(overlay).flatMap((path) => parents(path)));
  return {
    lookup(path): ViewedFile | undefined {
      const laid = overlay[path];
      if (laid !== undefined) {
        if (typeof laid === "object" && "link" in laid) return { type: "symlink", target: laid.link };
        const bytes = typeof laid === "string" ? Buffer.from(laid) : laid;
        return { type: "file", mode: 0o755, open: () => bufferSource(bytes) };
      }
      const real = join(root, path);
      try {
        const stat = lstatSync(real);
        if (stat.isSymbolicLink()) return { type: "symlink", target: readlinkSync(real) };
        if (stat.isDirectory()) return { type: "directory" };
        if (stat.isFile()) return { type: "file", mode: stat.mode & 0o7777, open: () => fileSource(real, stat.size) };
        return { type: "other" };
      } catch {
        return directories.has(path) ? { type: "directory" } : undefined;
      }
    },
  };
}

export function fileSource(path: string, size = lstatSync(path).size): ByteSource {
  return {
    size,
    async read(offset, length) {
      const fd = openSync(path, "r");
      try {
        const buffer = Buffer.alloc(length);
        return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
      } finally {
        closeSync(fd);
      }
    },
  };
}

function parents(path: string): string[] {
  const parts = path.split("/").filter(Boolean);
  return parts.slice(0, -1).map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
}
