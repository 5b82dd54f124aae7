/** The few files of an image that say what is inside, read out of its layers: each layer once, bottom first. */
import { createHash } from "node:crypto";
import { extract, type Header } from "tar-stream";
import type { ByteStream } from "../../base/streams.ts";
import type { Layer } from "../../oci/blob.ts";

/** Files that are read whole; anything larger of these names is passed over. */
const TEXT_LIMIT = 16 * 1024 * 1024;

const NODE_BINARY = /(?:^|\/)bin\/node$/;
const NODE_BINARY_MIN = 10 * 1024 * 1024;
/** Every release of Node.js carries the address of its own headers. */
const NODE_RELEASE = /\/node-v(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)-headers\.tar/;

/** By path, without a leading slash. A link's target is as the layer has it. */
export type ImageFile = { text: string } | { link: string } | { node: { version: string; sha256: string } };

export interface Wanted {
  /** Files whose text is asked for. */
  text(path: string): boolean;
  /** Symbolic links whose target is asked for. */
  link(path: string): boolean;
}

/** Whiteouts, and whatever a later layer puts in their place, take away what earlier layers brought (layer.md). */
export async function readImageFiles(layers: readonly Layer[], wanted: Wanted): Promise<Map<string, ImageFile>> {
  const files = new Map<string, ImageFile>();
  for (const layer of layers) {
    const read = await readLayer(layer.openUncompressed(), wanted);
    // A name whose content stands in the layer under another name, one that nobody asked for: pnpm's store, for one.
    const missing = new Map([...read.hardlinks].filter(([, target]) => !read.files.has(target)));
    if (missing.size > 0) {
      const targets = new Set(missing.values());
      const again = await readLayer(layer.openUncompressed(), { text: (path) => targets.has(path), link: () => false });
      for (const [path, file] of again.files) read.files.set(path, file);
    }
    for (const [path, target] of read.hardlinks) {
      const file = read.files.get(target) ?? files.get(target);
      if (file) read.files.set(path, file);
    }
    for (const path of files.keys()) if (read.hides(path)) files.delete(path);
    for (const [path, file] of read.files) if (wanted.text(path) || !("text" in file)) files.set(path, file);
  }
  return files;
}

interface LayerRead {
  files: Map<string, ImageFile>;
  /** Asked-for names that are second names: to the path that has the content. */
  hardlinks: Map<string, string>;
  /** Whether something that lower layers have at this path is gone. */
  hides(path: string): boolean;
}

async function readLayer(source: ByteStream, wanted: Wanted): Promise<LayerRead> {
  const files = new Map<string, ImageFile>();
  const hardlinks = new Map<string, string>();
  /** Nothing of lower layers is left at or below these, or strictly below these. */
  const replaced = new Set<string>();
  const opaque = new Set<string>();
  const tar = extract();
  const feeding = (async () => {
    for await (const chunk of source) {
      if (!tar.write(chunk)) await new Promise<void>((resolve) => tar.once("drain", () => resolve()));
    }
    tar.end(null);
  })();
  feeding.catch((error) => tar.destroy(error as Error));
  for await (const entry of tar) {
    const header = entry.header as Header;
    const path = plainPath(header.name);
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    const dir = path.slice(0, Math.max(slash, 0));
    if (name === ".wh..wh..opq") opaque.add(dir);
    else if (name.startsWith(".wh.")) replaced.add(dir === "" ? name.slice(4) : `${dir}/${name.slice(4)}`);
    else if (header.type !== "directory") {
      replaced.add(path);
      if (header.type === "link" && header.linkname && (wanted.text(path) || NODE_BINARY.test(path))) {
        hardlinks.set(path, plainPath(header.linkname));
      } else {
        const file = await readEntry(path, header, entry as unknown as ByteStream, wanted);
        if (file) files.set(path, file);
      }
    }
    entry.resume();
  }
  await feeding;
  const hides = (path: string): boolean => {
    if (replaced.has(path) || opaque.has("")) return true;
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const above = path.slice(0, slash);
      if (replaced.has(above) || opaque.has(above)) return true;
    }
    return false;
  };
  return { files, hardlinks, hides };
}

function plainPath(name: string): string {
  return name.replace(/^(?:\.?\/)+/, "").replace(/\/$/, "");
}

async function readEntry(
  path: string,
  header: Header,
  content: ByteStream,
  wanted: Wanted,
): Promise<ImageFile | undefined> {
  if (header.type === "symlink" && header.linkname) return wanted.link(path) ? { link: header.linkname } : undefined;
  if (header.type !== "file" && header.type !== "contiguous-file") return undefined;
  const size = header.size ?? 0;
  if (wanted.text(path) && size <= TEXT_LIMIT) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return { text: Buffer.concat(chunks).toString("utf8") };
  }
  return NODE_BINARY.test(path) && size >= NODE_BINARY_MIN ? readNode(content) : undefined;
}

async function readNode(content: ByteStream): Promise<ImageFile | undefined> {
  const hash = createHash("sha256");
  let tail = "";
  let version: string | undefined;
  for await (const chunk of content) {
    hash.update(chunk);
    if (version) continue;
    const text = tail + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    version = NODE_RELEASE.exec(text)?.[1];
    tail = text.slice(-128);
  }
  return version ? { node: { version, sha256: hash.digest("hex") } } : undefined;
}

/** The path that a link in `dir` leads to. */
export function joinPath(dir: string, target: string): string {
  const parts = target.startsWith("/") || dir === "" ? [] : dir.split("/");
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
