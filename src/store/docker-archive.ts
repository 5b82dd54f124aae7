/** `docker-archive:` — what `docker save` writes and `docker load` reads: manifest.json, configs and layers in one tar. */
import { createDigestMeter, digestHex, verifyStream } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import { type ByteStream, readAll } from "../base/streams.ts";
import { type Blob, blobOf } from "../oci/blob.ts";
import { type Descriptor, isIndexType, isManifestType, layerCompression, MediaType } from "../oci/descriptor.ts";
import type { FileEntry, TarEntry } from "../oci/layer-source.ts";
import type { ImageConfig, Manifest } from "../oci/manifest.ts";
import { parseReference } from "../oci/reference.ts";
import type { Closable, ReadTarget, Target } from "../oci/target.ts";
import { decompress } from "../tar/decompress.ts";
import { packTar } from "../tar/pack.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { type ArchiveFile, openArchiveFile, smallFile } from "./oci-archive.ts";

const JSON_LIMIT_BYTES = 4 * 1024 * 1024;

interface SavedImage {
  Config: string;
  RepoTags: string[] | null;
  Layers: string[];
}

/** Opens an archive to read from; its images get OCI manifests. @throws ARCHIVE_INVALID */
export async function openDockerArchive(path: string): Promise<ReadTarget> {
  const archive = await openArchiveFile(path);
  if (!archive.has("manifest.json")) {
    throw new KnbuildError({
      code: "ARCHIVE_INVALID",
      message: "not a docker archive (it has no manifest.json)",
      where: path,
      hint: archive.has("index.json") ? "It looks like an OCI archive: use oci-archive: for it." : undefined,
    });
  }
  const saved = JSON.parse(
    Buffer.from(await readAll(archive.open("manifest.json"), JSON_LIMIT_BYTES, path)).toString(),
  ) as SavedImage[];
  const blobs = new Map<string, Blob>();
  const tags = new Map<string, Descriptor>();
  for (const image of saved) {
    const manifest = await manifestOf(archive, image, blobs);
    for (const tag of image.RepoTags ?? []) tags.set(tag, manifest);
    if (saved.length === 1) tags.set("latest", manifest);
  }
  return {
    name: `docker-archive:${path}`,
    resolve: async (tagOrDigest) =>
      tags.get(tagOrDigest) ??
      [...tags].find(([tag]) => tag.endsWith(`:${tagOrDigest}`))?.[1] ??
      blobs.get(tagOrDigest)?.descriptor ??
      null,
    has: async (descriptor) => blobs.has(descriptor.digest),
    open: (descriptor) =>
      verifyStream((blobs.get(descriptor.digest) ?? missing(descriptor, path)).open(), descriptor, path),
  };
}

function missing(descriptor: Descriptor, path: string): never {
  throw new KnbuildError({ code: "BLOB_UNKNOWN", message: `${descriptor.digest} is not there`, where: path });
}

async function manifestOf(archive: ArchiveFile, image: SavedImage, blobs: Map<string, Blob>): Promise<Descriptor> {
  const configBytes = await readAll(archive.open(image.Config), JSON_LIMIT_BYTES, archive.path);
  const config = blobOf(configBytes, MediaType.ociConfig);
  const diffIds = (JSON.parse(Buffer.from(configBytes).toString()) as ImageConfig).rootfs.diff_ids;
  blobs.set(config.descriptor.digest, config);
  const layers: Descriptor[] = [];
  for (const [i, name] of image.Layers.entries()) {
    const descriptor = await layerDescriptor(archive, name, diffIds[i]);
    blobs.set(descriptor.digest, { descriptor, open: () => archive.open(name) });
    layers.push(descriptor);
  }
  const manifest: Manifest = { schemaVersion: 2, mediaType: MediaType.ociManifest, config: config.descriptor, layers };
  const blob = blobOf(JSON.stringify(manifest), MediaType.ociManifest);
  blobs.set(blob.descriptor.digest, blob);
  return blob.descriptor;
}

/** Layers are plain tars as a rule, but `docker load` takes compressed ones too, and we write such. */
async function layerDescriptor(archive: ArchiveFile, name: string, diffId: string | undefined): Promise<Descriptor> {
  const size = archive.size(name) ?? 0;
  let magic: Uint8Array | undefined;
  for await (const chunk of archive.open(name)) {
    magic = chunk.subarray(0, 4);
    break;
  }
  const mediaType =
    magic?.[0] === 0x1f && magic[1] === 0x8b
      ? MediaType.ociLayerGzip
      : magic?.[0] === 0x28 && magic[1] === 0xb5
        ? MediaType.ociLayerZstd
        : MediaType.ociLayer;
  if (mediaType === MediaType.ociLayer && diffId) return { mediaType, digest: diffId, size };
  const meter = createDigestMeter();
  for await (const chunk of archive.open(name)) meter.update(chunk);
  return { mediaType, digest: meter.digest(), size };
}

/** Collects images and gives them as the bytes of a docker archive. */
export interface DockerArchiveWriter extends Target {
  stream(): Promise<ByteStream>;
}

export function collectDockerArchive(name: string): DockerArchiveWriter {
  const blobs = new Map<string, Blob>();
  const tags: { descriptor: Descriptor; tag: string }[] = [];
  return {
    name,
    resolve: async (tagOrDigest) =>
      tags.find(({ tag }) => tag === tagOrDigest)?.descriptor ?? blobs.get(tagOrDigest)?.descriptor ?? null,
    has: async (descriptor) => blobs.has(descriptor.digest),
    open: (descriptor) => (blobs.get(descriptor.digest) as Blob).open(),
    async put(blob) {
      if (isIndexType(blob.descriptor.mediaType)) {
        throw new KnbuildError({
          code: "ARCHIVE_NO_INDEX",
          message: "a docker archive holds single images, not an index of several platforms",
          where: name,
          hint: "Choose one platform.",
        });
      }
      if (blobs.has(blob.descriptor.digest)) return { action: "exists", bytes: 0 };
      blobs.set(blob.descriptor.digest, blob);
      return { action: "copied", bytes: blob.descriptor.size };
    },
    async tag(descriptor, tag) {
      tags.push({ descriptor, tag });
    },
    async stream() {
      return packTar(await archiveEntries(blobs, tags), 0);
    },
  };
}

/** A docker archive file to write to; appears whole at `close`. */
export function createDockerArchive(path: string): Target & Closable {
  const writer = collectDockerArchive(`docker-archive:${path}`);
  return {
    ...writer,
    async close(error) {
      if (error === undefined) await writeFileAtomically(path, await writer.stream());
    },
  };
}

async function archiveEntries(
  blobs: Map<string, Blob>,
  tags: { descriptor: Descriptor; tag: string }[],
): Promise<TarEntry[]> {
  const entries = new Map<string, TarEntry>();
  const saved: SavedImage[] = [];
  for (const { descriptor } of [...blobs.values()]) {
    if (!isManifestType(descriptor.mediaType)) continue;
    const manifest = JSON.parse(
      Buffer.from(await readAll((blobs.get(descriptor.digest) as Blob).open(), JSON_LIMIT_BYTES)).toString(),
    ) as Manifest;
    const configName = `${digestHex(manifest.config.digest)}.json`;
    entries.set(configName, blobEntry(configName, blobs.get(manifest.config.digest) as Blob));
    const Layers: string[] = [];
    for (const layer of manifest.layers) {
      const name = `${digestHex(layer.digest)}.tar`;
      entries.set(name, await layerEntry(name, blobs.get(layer.digest) as Blob));
      Layers.push(name);
    }
    saved.push({
      Config: configName,
      RepoTags: tags
        .filter((t) => t.descriptor.digest === descriptor.digest)
        .map((t) => familiarTag(t.tag))
        .sort(),
      Layers,
    });
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return [...sorted, smallFile("manifest.json", JSON.stringify(saved))];
}

/** `docker load` wants a full name: `app:tag`; a bare tag or name gets the missing half. */
function familiarTag(tag: string): string {
  if (!/[/:]/.test(tag)) return `${tag}:latest`;
  const reference = parseReference(tag);
  return reference.tag ? tag : `${tag}:latest`;
}

function blobEntry(path: string, blob: Blob): FileEntry {
  return { type: "file", path, mode: 0o644, uid: 0, gid: 0, size: blob.descriptor.size, open: () => blob.open() };
}

/** gzip goes in as it is; zstd, which older daemons cannot read, goes in unpacked. */
async function layerEntry(path: string, blob: Blob): Promise<FileEntry> {
  if (layerCompression(blob.descriptor.mediaType) !== "zstd") return blobEntry(path, blob);
  let size = 0;
  for await (const chunk of decompress(blob.open(), "zstd")) size += chunk.byteLength;
  return { ...blobEntry(path, blob), size, open: () => decompress(blob.open(), "zstd") };
}
