/**
 * An OCI image layout on disk (image-spec 1.1 "image-layout.md"), as a Target. The local store is one of these.
 * Writes go to a temporary file in the layout and are renamed, so a killed process leaves nothing broken.
 */
import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { createDigestMeter, type Digest, digestAlgorithm, digestHex, isDigest, verifyStream } from "../base/digest.ts";
import { errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";
import { withFileLock } from "../base/file-lock.ts";
import { makeDirectory } from "../base/make-directory.ts";
import { replaceFile, temporaryBeside } from "../base/replace-file.ts";
import type { ByteStream, Reading } from "../base/streams.ts";
import type { Blob } from "../oci/blob.ts";
import { Annotation, type Descriptor, isIndexType, isManifestType, MediaType } from "../oci/descriptor.ts";
import type { Index } from "../oci/manifest.ts";
import type { PutResult, TagLister, Target } from "../oci/target.ts";
import { diskError, readStream, writeStream } from "./atomic-file.ts";

const REF_NAME = Annotation.refName;

export interface Layout extends Target, TagLister {
  readonly dir: string;
  /** Writes a stream whose digest is not known yet. */
  ingest(source: ByteStream): Promise<{ digest: Digest; size: number }>;
  openBlob(descriptor: { digest: Digest; size: number }, reading?: Reading): ByteStream;
  hasBlob(digest: Digest, size: number): boolean;
  blobPath(digest: Digest): string;
  /** Marks a blob as used now: whoever clears the cache spares it for a while. */
  noteUse(digest: Digest): void;
  index(): Index;
  /** Removes a name; the content stays until it is pruned. False when there was no such name. */
  untag(tag: string): Promise<boolean>;
}

/**
 * Opens a layout; with `create`, makes an empty one where nothing is.
 * @throws LAYOUT_MISSING, LAYOUT_INVALID
 */
export function openLayout(dir: string, options: { create?: boolean; name?: string } = {}): Layout {
  const root = resolve(dir);
  const name = options.name ?? `oci:${dir}`;
  const marker = join(root, "oci-layout");
  if (!existsSync(marker)) {
    if (!options.create) {
      throw new KnbuildError({
        code: "LAYOUT_MISSING",
        message: "not an OCI image layout (it has no oci-layout file)",
        where: root,
        hint: "Check the path. An image that lies in one file is oci-archive: or docker-archive:.",
        exitCode: 2,
      });
    }
    try {
      makeDirectory(join(root, "blobs", "sha256"));
    } catch (error) {
      throw diskError(error, root);
    }
    writeAtomic(root, "index.json", JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: [] }));
    writeAtomic(root, "oci-layout", '{"imageLayoutVersion":"1.0.0"}');
  }

  const blobPath = (digest: Digest) => join(root, "blobs", digestAlgorithm(digest), digestHex(digest));
  const hasBlob = (digest: Digest, size: number) =>
    statSync(blobPath(digest), { throwIfNoEntry: false })?.size === size;

  function noteUse(digest: Digest): void {
    const now = new Date();
    try {
      utimesSync(blobPath(digest), now, now);
    } catch {
      // It is not there, or another user's: it only gets older.
    }
  }

  function index(): Index {
    let text: string;
    try {
      text = readFileSync(join(root, "index.json"), "utf8");
    } catch (error) {
      if (errnoCode(error) === "ENOENT") return { schemaVersion: 2, manifests: [] };
      throw error;
    }
    try {
      const parsed = JSON.parse(text) as Index;
      if (!Array.isArray(parsed.manifests)) throw new Error("it has no manifests");
      return parsed;
    } catch (error) {
      throw new KnbuildError({
        code: "LAYOUT_INVALID",
        message: `index.json cannot be read: ${errorMessage(error)}`,
        where: root,
        cause: error,
      });
    }
  }

  async function updateIndex(change: (index: Index) => Index): Promise<void> {
    await withFileLock(join(root, "index.json.lock"), async () =>
      writeAtomic(root, "index.json", JSON.stringify(change(index()))),
    );
  }

  /** @param digestOf asked when everything is written */
  async function write(source: ByteStream, digestOf: () => Digest, see?: (chunk: Uint8Array) => void): Promise<Digest> {
    const temporary = temporaryBeside(join(root, "blob"));
    try {
      makeDirectory(join(root, "blobs", "sha256"));
      await writeStream(temporary, source, see);
      const digest = digestOf();
      makeDirectory(join(root, "blobs", digestAlgorithm(digest)));
      renameSync(temporary, blobPath(digest));
      return digest;
    } catch (error) {
      rmSync(temporary, { force: true });
      throw diskError(error, root);
    }
  }

  return {
    name,
    dir: root,
    index,
    blobPath,
    hasBlob,
    noteUse,
    async ingest(source) {
      const meter = createDigestMeter();
      const digest = await write(source, meter.digest, (chunk) => meter.update(chunk));
      return { digest, size: meter.size };
    },
    openBlob: (descriptor, reading) => openVerified(blobPath(descriptor.digest), descriptor, name, reading),
    async resolve(tagOrDigest) {
      const { manifests } = index();
      if (isDigest(tagOrDigest)) {
        const listed = manifests.find((m) => m.digest === tagOrDigest);
        if (listed) return withoutName(listed);
        const size = statSync(blobPath(tagOrDigest), { throwIfNoEntry: false })?.size;
        if (size === undefined) return null;
        const parsed = JSON.parse(readFileSync(blobPath(tagOrDigest), "utf8")) as {
          mediaType?: string;
          manifests?: unknown;
        };
        return {
          mediaType: parsed.mediaType ?? (parsed.manifests ? MediaType.ociIndex : MediaType.ociManifest),
          digest: tagOrDigest,
          size,
        };
      }
      const found = manifests.find((m) => m.annotations?.[REF_NAME] === tagOrDigest);
      return found ? withoutName(found) : null;
    },
    has: async (descriptor) => hasBlob(descriptor.digest, descriptor.size),
    open: (descriptor, reading) => openVerified(blobPath(descriptor.digest), descriptor, name, reading),
    openRange: (descriptor, start, reading) => readStream(blobPath(descriptor.digest), start, reading),
    async put(blob: Blob): Promise<PutResult> {
      const { descriptor } = blob;
      noteUse(descriptor.digest);
      if (hasBlob(descriptor.digest, descriptor.size)) return { action: "exists", bytes: 0 };
      const stream = blob.open({ lent: true });
      await write(blob.checked ? stream : verifyStream(stream, descriptor, name), () => descriptor.digest);
      return { action: "copied", bytes: descriptor.size };
    },
    async tag(descriptor, tag) {
      const entry: Descriptor = { ...descriptor, annotations: { ...descriptor.annotations, [REF_NAME]: tag } };
      await updateIndex((old) => ({
        ...old,
        manifests: [
          ...old.manifests.filter(
            (m) => m.annotations?.[REF_NAME] !== tag && !(m.digest === descriptor.digest && !m.annotations?.[REF_NAME]),
          ),
          entry,
        ],
      }));
    },
    async untag(tag) {
      if (!index().manifests.some((m) => m.annotations?.[REF_NAME] === tag)) return false;
      await updateIndex((old) => ({
        ...old,
        manifests: old.manifests.filter((m) => m.annotations?.[REF_NAME] !== tag),
      }));
      return true;
    },
    async *tags() {
      for (const { mediaType, annotations } of index().manifests) {
        const tag = annotations?.[REF_NAME];
        if (tag !== undefined && (isManifestType(mediaType) || isIndexType(mediaType))) yield tag;
      }
    },
  };
}

function withoutName(descriptor: Descriptor): Descriptor {
  const { annotations, ...rest } = descriptor;
  const { [REF_NAME]: _name, ...others } = annotations ?? {};
  return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
}

async function* openVerified(
  path: string,
  descriptor: { digest: Digest; size: number },
  name: string,
  reading?: Reading,
): AsyncGenerator<Uint8Array> {
  try {
    statSync(path);
  } catch (error) {
    throw new KnbuildError({
      code: "BLOB_UNKNOWN",
      message: `${descriptor.digest} is not there`,
      where: name,
      cause: error,
    });
  }
  yield* verifyStream(readStream(path, 0, reading), descriptor, path);
}

/** Replaces a small file of the layout in one step. */
function writeAtomic(root: string, file: string, text: string): void {
  try {
    replaceFile(join(root, file), text);
  } catch (error) {
    throw diskError(error, root);
  }
}
