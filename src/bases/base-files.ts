/** The files of an assembled base at random access, without making its layers: what an ELF check needs of it. */
import { open } from "node:fs/promises";
import type { FileEntry, LayerSource } from "../oci/layer-source.ts";

/** A file whose bytes lie uncompressed on this disk. */
export interface PlacedFile extends FileEntry {
  at: { path: string; offset: number };
}

interface BaseFile {
  type: "file" | "directory" | "symlink";
  target?: string;
  mode?: number;
  /** For files: at most `length` bytes from `offset`. */
  open?(): { size: number; read(offset: number, length: number): Promise<Uint8Array> };
}

export interface BaseFiles {
  /** What lies at an absolute path; links are not followed. */
  lookup(path: string): BaseFile | undefined;
  /** Absolute paths of all files, links and directories. */
  paths(): Iterable<string>;
}

/** Reads the entries of the layers (fetching what the cache has not); of one path the highest layer counts. */
export async function readBaseFiles(base: { layers: readonly LayerSource[] }): Promise<BaseFiles> {
  const files = new Map<string, BaseFile>([["/", { type: "directory", mode: 0o755 }]]);
  for (const layer of base.layers) {
    for await (const entry of layer.entries()) {
      const path = `/${entry.path}`;
      if (entry.type === "directory") files.set(path, { type: "directory", mode: entry.mode });
      else if (entry.type === "symlink") files.set(path, { type: "symlink", target: entry.target });
      // A hard link is another name; a link to it is as good here.
      else if (entry.type === "hardlink") files.set(path, { type: "symlink", target: `/${entry.target}` });
      else files.set(path, { type: "file", mode: entry.mode, open: () => sourceOf(entry) });
      for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
        const parent = path.slice(0, slash);
        if (files.has(parent)) break;
        files.set(parent, { type: "directory" });
      }
    }
  }
  return { lookup: (path) => files.get(path), paths: () => files.keys() };
}

function sourceOf(entry: FileEntry | PlacedFile) {
  return {
    size: entry.size,
    read: (offset: number, length: number) => {
      const wanted = Math.max(0, Math.min(length, entry.size - offset));
      return "at" in entry ? readAt(entry.at.path, entry.at.offset + offset, wanted) : readSmall(entry, offset, wanted);
    },
  };
}

async function readAt(path: string, position: number, length: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Generated files: a few kilobytes. */
async function readSmall(entry: FileEntry, offset: number, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry.open()) chunks.push(chunk);
  return Buffer.concat(chunks).subarray(offset, offset + length);
}
