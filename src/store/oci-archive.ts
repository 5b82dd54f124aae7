/** `oci-archive:` — an OCI image layout in one tar file (image-layout.md). */
import { createReadStream } from "node:fs";
import { posix } from "node:path";
import { isDigest, verifyStream } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import { type ByteStream, readAll, streamOf } from "../base/streams.ts";
import { type Blob, blobOf } from "../oci/blob.ts";
import { Annotation, type Descriptor, MediaType } from "../oci/descriptor.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import type { Index } from "../oci/manifest.ts";
import type { Closable, ReadTarget, Target } from "../oci/target.ts";
import { indexTar, type TarIndexEntry } from "../tar/index-tar.ts";
import { packTar } from "../tar/pack.ts";
import { writeFileAtomically } from "./atomic-file.ts";

const REF_NAME = Annotation.refName;
const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;

/** A tar file on disk, read at random. */
export interface ArchiveFile {
  has(name: string): boolean;
  size(name: string): number | undefined;
  open(name: string): ByteStream;
  readonly path: string;
}

/** @throws ARCHIVE_INVALID */
export async function openArchiveFile(path: string): Promise<ArchiveFile> {
  const index = await indexTar(path);
  const find = (name: string, depth = 0): TarIndexEntry | undefined => {
    const entry = index.get(name);
    // docker save writes a layer that occurs twice as a link to the first.
    if (entry?.linkTarget !== undefined && depth < 8)
      return (
        find(posix.normalize(posix.join(posix.dirname(name), entry.linkTarget)), depth + 1) ??
        find(entry.linkTarget, depth + 1)
      );
    return entry;
  };
  return {
    path,
    has: (name) => find(name) !== undefined,
    size: (name) => find(name)?.size,
    open(name) {
      const entry = find(name);
      if (!entry)
        throw new KnbuildError({ code: "ARCHIVE_INVALID", message: `the archive has no ${name}`, where: path });
      if (entry.size === 0) return streamOf();
      return createReadStream(path, {
        start: entry.offset,
        end: entry.offset + entry.size - 1,
        highWaterMark: 256 * 1024,
      });
    },
  };
}

/** Opens an archive to read from. @throws ARCHIVE_INVALID when it is no OCI layout */
export async function openOciArchive(path: string): Promise<ReadTarget> {
  const archive = await openArchiveFile(path);
  if (!archive.has("index.json")) {
    throw new KnbuildError({
      code: "ARCHIVE_INVALID",
      message: "not an OCI archive (it has no index.json)",
      where: path,
      hint: archive.has("manifest.json")
        ? "It looks like the output of docker save: use docker-archive: for it."
        : undefined,
    });
  }
  const index = JSON.parse(
    Buffer.from(await readAll(archive.open("index.json"), MANIFEST_LIMIT_BYTES, path)).toString(),
  ) as Index;
  const blobName = (digest: string) => `blobs/${digest.replace(":", "/")}`;
  return {
    name: `oci-archive:${path}`,
    async resolve(tagOrDigest) {
      const { manifests } = index;
      const found = manifests.find((m) => m.digest === tagOrDigest || m.annotations?.[REF_NAME] === tagOrDigest);
      if (found) return { mediaType: found.mediaType, digest: found.digest, size: found.size };
      if (isDigest(tagOrDigest) && archive.has(blobName(tagOrDigest))) {
        return {
          mediaType: MediaType.ociManifest,
          digest: tagOrDigest,
          size: archive.size(blobName(tagOrDigest)) ?? 0,
        };
      }
      // An archive of one image needs no name.
      const only = manifests.length === 1 ? manifests[0] : undefined;
      return only && !isDigest(tagOrDigest) && (tagOrDigest === "latest" || tagOrDigest === "")
        ? { mediaType: only.mediaType, digest: only.digest, size: only.size }
        : null;
    },
    has: async (descriptor) => archive.size(blobName(descriptor.digest)) === descriptor.size,
    open: (descriptor) => verifyStream(archive.open(blobName(descriptor.digest)), descriptor, path),
  };
}

/**
 * An archive to write to. What is put is remembered and written at `close`, in an order of its own, so that equal images
 * give equal archives. Nothing is left behind when `close` gets an error.
 */
export function createOciArchive(path: string): Target & Closable {
  const blobs = new Map<string, Blob>();
  const tags = new Map<string, Descriptor>();
  return {
    name: `oci-archive:${path}`,
    resolve: async (tagOrDigest) => tags.get(tagOrDigest) ?? blobs.get(tagOrDigest)?.descriptor ?? null,
    has: async (descriptor) => blobs.has(descriptor.digest),
    open: (descriptor) => (blobs.get(descriptor.digest) as Blob).open(),
    async put(blob) {
      if (blobs.has(blob.descriptor.digest)) return { action: "exists", bytes: 0 };
      blobs.set(blob.descriptor.digest, blob);
      return { action: "copied", bytes: blob.descriptor.size };
    },
    async tag(descriptor, tag) {
      tags.set(tag, descriptor);
    },
    async close(error) {
      if (error === undefined) await writeFileAtomically(path, packTar(layoutEntries(blobs, tags), 0));
    },
  };
}

function* layoutEntries(blobs: Map<string, Blob>, tags: Map<string, Descriptor>): Generator<TarEntry> {
  const manifests = [...tags]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, descriptor]) => ({ ...descriptor, annotations: { ...descriptor.annotations, [REF_NAME]: tag } }));
  yield smallFile("oci-layout", '{"imageLayoutVersion":"1.0.0"}');
  yield smallFile("index.json", JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests }));
  for (const digest of [...blobs.keys()].sort()) {
    const blob = blobs.get(digest) as Blob;
    yield {
      type: "file",
      path: `blobs/${digest.replace(":", "/")}`,
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: blob.descriptor.size,
      open: () => blob.open(),
    };
  }
}

/** A file entry with text in it. */
export function smallFile(path: string, text: string): TarEntry {
  const { descriptor, open } = blobOf(text, "");
  return { type: "file", path, mode: 0o644, uid: 0, gid: 0, size: descriptor.size, open };
}
