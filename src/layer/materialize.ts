/** LayerSource → Layer in one pass: tar, compression and both digests (diffID and blob) as the bytes go by. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import { createDigestMeter, type Digest } from "../base/digest.ts";
import { throwIfAborted } from "../base/errors.ts";
import type { ByteStream, Reading } from "../base/streams.ts";
import type { Layer } from "../oci/blob.ts";
import { type Compression, type Descriptor, MediaType } from "../oci/descriptor.ts";
import type { LayerSource, TarEntry } from "../oci/layer-source.ts";
import { decompress } from "../tar/decompress.ts";
import { gzipStream } from "../tar/gzip.ts";
import { type EntryInspector, packTar } from "../tar/pack.ts";
import { zstdStream } from "../tar/zstd.ts";
import { normalizeEntries } from "./entries.ts";

/** What `layer/` needs of a store: an ingest of unknown digest, reading back, and small records by key. */
export interface LayerStore {
  /** Writes a stream to a temporary file, then renames it to its digest. */
  ingest(source: ByteStream): Promise<{ digest: Digest; size: number }>;
  openBlob(descriptor: Descriptor, reading?: Reading): ByteStream;
  hasBlob(digest: Digest, size: number): boolean;
  noteUse(digest: Digest): void;
  readRecord(kind: string, key: string): unknown;
  writeRecord(kind: string, key: string, value: unknown): void;
}

export interface MaterializeOptions {
  store: LayerStore;
  compression?: Compression;
  /** Seconds; SOURCE_DATE_EPOCH where the user set it, else 0. */
  mtime?: number;
  /** Makes an inspector for each layer that is really written; its key is part of the layer's, so that what another one let pass is looked at again. */
  inspect?: { key: string; create(): EntryInspector };
  /** Aborted: the layer is left in the middle, and nothing of it stays. */
  signal?: AbortSignal | undefined;
}

export interface MaterializedLayer extends Layer {
  /** It was made before and not made again. */
  cached: boolean;
}

/** Changes with every change of the byte format, so that old cache records are not taken for new ones. */
const FORMAT = "layer-2";

/** Writes the layer's blob into the store (or finds it there by the content of its entries) and gives a view of it. */
export async function materialize(source: LayerSource, options: MaterializeOptions): Promise<MaterializedLayer> {
  const { store, compression = "gzip", mtime = 0 } = options;
  let entries: TarEntry[] | undefined;
  let key = source.cacheKey;
  if (key === undefined) {
    entries = await normalizeEntries(source.entries());
    key = contentKey(entries);
  }
  const recordKey =
    key &&
    createHash("sha256")
      .update(canonicalJson([FORMAT, key, compression, mtime, options.inspect?.key ?? null]))
      .digest("hex");
  if (recordKey) {
    const record = store.readRecord("layers", recordKey) as { descriptor: Descriptor; diffId: Digest } | undefined;
    if (record) store.noteUse(record.descriptor.digest);
    if (record && store.hasBlob(record.descriptor.digest, record.descriptor.size)) {
      return { ...layerOf(store, record.descriptor, record.diffId), cached: true };
    }
  }
  entries ??= await normalizeEntries(source.entries());
  const diffId = createDigestMeter();
  const tar = metered(packTar(entries, mtime, options.inspect?.create()), diffId, options.signal);
  const blob = await store.ingest(
    compression === "gzip" ? gzipStream(tar) : compression === "zstd" ? zstdStream(tar) : tar,
  );
  const descriptor: Descriptor = { mediaType: MEDIA_TYPES[compression], ...blob };
  const layer = layerOf(store, descriptor, diffId.digest());
  if (recordKey) store.writeRecord("layers", recordKey, { descriptor, diffId: layer.diffId });
  return { ...layer, cached: false };
}

const MEDIA_TYPES = { none: MediaType.ociLayer, gzip: MediaType.ociLayerGzip, zstd: MediaType.ociLayerZstd } as const;

function layerOf(store: LayerStore, descriptor: Descriptor, diffId: Digest): Layer {
  const compression =
    descriptor.mediaType === MediaType.ociLayer
      ? "none"
      : descriptor.mediaType === MediaType.ociLayerZstd
        ? "zstd"
        : "gzip";
  return {
    descriptor,
    diffId,
    open: (reading) => store.openBlob(descriptor, reading),
    openUncompressed: () => decompress(store.openBlob(descriptor), compression, descriptor.digest),
  };
}

async function* metered(
  source: ByteStream,
  meter: { update(chunk: Uint8Array): void },
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    throwIfAborted(signal);
    meter.update(chunk);
    yield chunk;
  }
}

/** The key of a list of entries when every file's digest is known; undefined otherwise. */
function contentKey(entries: readonly TarEntry[]): string | undefined {
  const hash = createHash("sha256");
  for (const entry of entries) {
    if (entry.type === "file" && !entry.digest) return undefined;
    const content = entry.type === "file" ? entry.digest : "target" in entry ? entry.target : "";
    hash.update(
      JSON.stringify([
        ...[entry.path, entry.type, entry.mode, entry.uid, entry.gid, entry.mtime ?? null, content],
        ...(entry.type === "file" && entry.capability !== undefined ? [entry.capability] : []),
      ]),
    );
  }
  return hash.digest("hex");
}
