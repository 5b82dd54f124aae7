/**
 * Copying images between targets: push, pull, save and load are all this. Each blob once, what the destination has or can
 * mount is never opened, manifests after their blobs, tags after everything.
 */
import { monotonicMs } from "../base/clock.ts";
import { createSingleFlight, createSlots, mapConcurrent } from "../base/concurrency.ts";
import type { Digest } from "../base/digest.ts";
import { errorMessage, isKnbuildError, KnbuildError, throwIfAborted } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import { streamOf } from "../base/streams.ts";
import type { Blob } from "./blob.ts";
import { countedBlob } from "./counted-blob.ts";
import { type Descriptor, isIndexType, isManifestType } from "./descriptor.ts";
import type { Platform } from "./platform.ts";
import { type Document, readDocument } from "./read-manifest.ts";
import { assertPlatform, selectImage } from "./remote-image.ts";
import type { BlobAction, PutHints, PutResult, ReadTarget, Target, TransferStats } from "./target.ts";

export interface CopyOptions {
  /** What to copy: a tag, a digest, or a descriptor that is already known. */
  reference: string | Descriptor;
  /** Tags to set at the destination when everything is there. */
  tags?: readonly string[] | undefined;
  /** Of an index only the image for this platform. Default: the index as it is. */
  platform?: Platform | undefined;
  /** Blobs moved at the same time. Default 4. */
  concurrency?: number | undefined;
  emit?: Emit | undefined;
  signal?: AbortSignal | undefined;
}

export interface CopiedBlob {
  digest: Digest;
  size: number;
  action: BlobAction;
  /** Where it was mounted from, or which mirror or registry its bytes came from. */
  from?: string;
  /** Why it moved or did not. */
  reason?: string;
}

export interface CopyReport {
  /** Of what was copied: the index, or the image. */
  digest: Digest;
  mediaType: string;
  /** Configs and layers in the images' order, each once. */
  blobs: CopiedBlob[];
  /** Bytes of blobs over the network. */
  bytesDownloaded: number;
  bytesUploaded: number;
  requests: number;
  retries: number;
  /** A tag that a mirror resolved instead of the registry itself. */
  resolvedAt?: string;
}

const DEFAULT_CONCURRENCY = 4;
/** Images of an index at the same time. */
const CHILD_CONCURRENCY = 4;
/** Within a registry blobs are asked for and mounted, not moved. */
const MOUNT_CONCURRENCY = 16;
/** Times that a refused manifest sends us back to its blobs, and that a wrong stream is opened anew. */
const MAX_ROUNDS = 5;

/**
 * Copies an image or an index, whole.
 * @throws IMAGE_UNKNOWN, SCHEMA1_UNSUPPORTED, PLATFORM_MISSING, and what the two targets throw
 */
export async function copy(source: ReadTarget, destination: Target, options: CopyOptions): Promise<CopyReport> {
  const { reference } = options;
  const meter = startMeter(source, destination);
  const tags = options.tags ?? [];
  const [named, current] = await Promise.all([
    typeof reference === "string" ? resolveSource(source, reference) : reference,
    Promise.all(tags.map((tag) => destination.resolve(tag, { toWrite: true }))),
  ]);
  const resolvedAt = source.servedBy?.(named.digest);
  const root = options.platform ? await selectImage(source, named, options.platform) : named;
  if (options.platform && root === named) await assertPlatform(source, root, options.platform);
  const job = createJob(source, destination, options);
  const missing = tags.filter((_, i) => current[i]?.digest !== root.digest);
  const whole = destination.holdsWholeImages === true;
  // The repository that has just given it. What a mirror gave, it need not have.
  const isSame =
    isWithin(source, destination) &&
    source.location?.repository === destination.location?.repository &&
    source.servedBy?.(root.digest) === undefined;
  // A copy may find the whole image under another tag. For a fresh build under a new tag that is not worth the question, nor
  // is it within a registry, where asking takes as long as mounting the blobs.
  const ask = tags.length === 0 || (source.location !== undefined && !isWithin(source, destination));
  const isThere = async () =>
    whole && (isSame || missing.length < tags.length || (ask && (await destination.has(root))));
  // Its manifest is wanted either way.
  const [there, document] = await Promise.all([isThere(), readDocument(source, root)]);
  if (there) await job.listExisting(document);
  else await job.copyDocument(document, missing[0]);
  for (const tag of missing) await destination.tag(root, tag);

  return {
    digest: root.digest,
    mediaType: root.mediaType,
    blobs: job.report(),
    ...meter(),
    ...(resolvedAt !== undefined && { resolvedAt }),
  };
}

async function resolveSource(source: ReadTarget, reference: string): Promise<Descriptor> {
  const found = await source.resolve(reference, { read: true });
  if (found) return found;
  throw new KnbuildError({
    code: "IMAGE_UNKNOWN",
    message: `there is no image ${reference} in ${source.name}`,
    where: source.name,
    hint: "Check the name and the tag.",
  });
}

function isWithin(source: ReadTarget, destination: Target): boolean {
  return source.location !== undefined && source.location.registry === destination.location?.registry;
}

function createJob(source: ReadTarget, destination: Target, options: CopyOptions) {
  const emit = options.emit ?? silent;
  const flight = createSingleFlight<CopiedBlob>();
  const within = isWithin(source, destination);
  const concurrency = options.concurrency ?? (within ? MOUNT_CONCURRENCY : DEFAULT_CONCURRENCY);
  /** Images are copied side by side; their blobs share the places. */
  const slot = createSlots(concurrency);
  const order: Digest[] = [];
  const done = new Map<Digest, CopiedBlob>();

  async function copyDocument(document: Document, tag: string | undefined): Promise<void> {
    throwIfAborted(options.signal);
    if (document.kind === "index") {
      const { manifests } = document.index;
      // Their order is the report's: known before any of them is copied.
      const children = await mapConcurrent(manifests, CHILD_CONCURRENCY, readChild);
      children.forEach((child, i) => {
        if (child === undefined) note(manifests[i] as Descriptor);
        else if (child.kind === "manifest") noteBlobs(child);
      });
      // A child that two entries name is one child.
      const unique = [
        ...new Map(children.map((child, i) => [(manifests[i] as Descriptor).digest, { child, i }])).values(),
      ];
      await mapConcurrent(unique, CHILD_CONCURRENCY, ({ child, i }) => copyChild(manifests[i] as Descriptor, child));
      await putDocument(document, () => copyChildrenAgain(children), tag);
      return;
    }
    noteBlobs(document);
    const blobs = blobsOf(document);
    await mapConcurrent(bigFirst(blobs), concurrency, (blob) => copyBlob(blob, {}));
    await putDocument(document, (force) => putAgain(blobs, force), tag);
  }

  /** Undefined for what is neither a manifest nor an index. */
  async function readChild({ mediaType, ...rest }: Descriptor): Promise<Document | undefined> {
    throwIfAborted(options.signal);
    if (!isManifestType(mediaType) && !isIndexType(mediaType)) return undefined;
    return readDocument(source, { mediaType, ...rest });
  }

  async function copyChild(descriptor: Descriptor, document: Document | undefined): Promise<void> {
    if (!document) await copyBlob(descriptor, {});
    else if (destination.holdsWholeImages && (await destination.has(descriptor))) await listExisting(document);
    else await copyDocument(document, undefined);
  }

  async function copyChildrenAgain(children: readonly (Document | undefined)[]): Promise<void> {
    for (const child of children) if (child) await copyDocument(child, undefined);
  }

  /** Manifests are small: their bytes are in hand, and a registry that misses a blob says so here. */
  async function putDocument(
    document: Document,
    repair: (force: boolean) => Promise<void>,
    tag: string | undefined,
  ): Promise<void> {
    const blob: Blob = { descriptor: document.descriptor, open: () => streamOf(document.bytes) };
    for (let round = 1; ; round++) {
      try {
        await destination.put(blob, {
          absent: destination.holdsWholeImages === true,
          ...(tag !== undefined && { tag }),
        });
        return;
      } catch (error) {
        if (!isKnbuildError(error, "MANIFEST_BLOB_UNKNOWN")) throw error;
        const foreign = document.kind === "manifest" && document.manifest.layers.some(isForeign);
        if (foreign && round > 1) throw withoutForeign(error);
        if (round >= MAX_ROUNDS) throw error;
        await wait(round * 100 + Math.random() * 200);
        // At first we believe a HEAD; a registry that has it by HEAD and refuses it by PUT gets it again.
        await repair(round > 2);
      }
    }
  }

  async function putAgain(blobs: readonly Descriptor[], force: boolean): Promise<void> {
    await mapConcurrent(blobs, concurrency, async (blob) => {
      const before = done.get(blob.digest);
      done.delete(blob.digest);
      const after = await copyBlob(blob, { force });
      if (after.action === "exists" && before) done.set(blob.digest, before);
    });
  }

  function copyBlob(descriptor: Descriptor, hints: PutHints): Promise<CopiedBlob> {
    return flight(descriptor.digest, () =>
      slot(async () => {
        const finished = done.get(descriptor.digest);
        if (finished) return finished;
        throwIfAborted(options.signal);
        const id = `blob:${descriptor.digest}`;
        const begin = monotonicMs();
        const label = descriptor.digest.slice(0, 19);
        const bytes = descriptor.size;
        emit({ type: "step-start", id, label, bytes });
        const blob = countedBlob(blobFrom(source, descriptor), (doneBytes) =>
          emit({ type: "step-progress", id, doneBytes, totalBytes: descriptor.size }),
        );
        const result = await putBlob(blob, hints);
        const copied = describe(descriptor, result);
        done.set(descriptor.digest, copied);
        const cached = result.action === "exists" || result.action === "mounted";
        const durationMs = monotonicMs() - begin;
        emit({ type: "step-end", id, label, bytes, durationMs, cached, ...(!cached && { note: copied.action }) });
        return copied;
      }),
    );
  }

  /** A stream that was wrong at its end is opened anew: the source has learned where not to read it from. */
  async function putBlob(blob: Blob, hints: PutHints): Promise<PutResult> {
    for (let round = 1; ; round++) {
      try {
        return await destination.put(blob, hints);
      } catch (error) {
        const wrong = isKnbuildError(error, "BLOB_DIGEST_MISMATCH") || isKnbuildError(error, "BLOB_SIZE_MISMATCH");
        if (!wrong || !source.location || round >= MAX_ROUNDS) throw error;
        emit({ type: "info", message: `${blob.descriptor.digest}: ${errorMessage(error)}; reading it again` });
      }
    }
  }

  function describe(descriptor: Descriptor, result: PutResult): CopiedBlob {
    const { digest, size } = descriptor;
    const action: BlobAction = result.action === "copied" && source.location ? "downloaded" : result.action;
    const moved = action === "downloaded" || action === "uploaded";
    const from = result.from ?? (moved ? (source.servedBy?.(digest) ?? placeName(source)) : undefined);
    return {
      digest,
      size,
      action,
      ...(from !== undefined && { from }),
      ...(result.reason !== undefined && { reason: result.reason }),
    };
  }

  /** The destination has it all: what that is, is still worth saying. */
  async function listExisting(document: Document): Promise<void> {
    if (document.kind === "index") {
      for (const child of document.index.manifests) {
        const inner = await readChild(child);
        if (inner) await listExisting(inner);
      }
      return;
    }
    for (const blob of blobsOf(document)) {
      note(blob);
      if (done.has(blob.digest)) continue;
      const reason = "the destination has the whole image already";
      done.set(blob.digest, { digest: blob.digest, size: blob.size, action: "exists", reason });
    }
  }

  function noteBlobs(document: Extract<Document, { kind: "manifest" }>): void {
    for (const blob of blobsOf(document)) note(blob);
  }

  function note(descriptor: Descriptor): void {
    if (!order.includes(descriptor.digest)) order.push(descriptor.digest);
  }

  return {
    copyDocument,
    listExisting,
    report: () => order.flatMap((digest) => done.get(digest) ?? []),
  };
}

function blobsOf(document: Extract<Document, { kind: "manifest" }>): Descriptor[] {
  const unique = new Map<Digest, Descriptor>();
  for (const blob of [document.manifest.config, ...document.manifest.layers]) {
    if (!isForeign(blob)) unique.set(blob.digest, blob);
  }
  return [...unique.values()];
}

/** Layers with urls live elsewhere by licence (image-spec "Non-distributable layers"): they are named, not moved. */
function isForeign(blob: Descriptor): boolean {
  return blob.urls !== undefined && blob.urls.length > 0;
}

function withoutForeign({ code, message, where, cause }: KnbuildError): KnbuildError {
  const hint =
    "The image has layers that lie elsewhere by licence and are not moved; this registry does not take their addresses (distribution has a list of those that it takes: validation.manifests.urls.allow).";
  return new KnbuildError({ code, message, where, cause, hint });
}

/** The largest first: what takes longest must not start last. */
function bigFirst(blobs: readonly Descriptor[]): Descriptor[] {
  return [...blobs].sort((a, b) => b.size - a.size);
}

function blobFrom(source: ReadTarget, descriptor: Descriptor): Blob {
  const own = source.blob?.(descriptor.digest);
  if (own) return own;
  return {
    descriptor,
    checked: true,
    ...(source.location && { origin: [source.location] }),
    open: (reading) => source.open(descriptor, reading),
    ...(source.openRange && { openRange: (start, reading) => source.openRange!(descriptor, start, reading) }),
  };
}

function placeName(source: ReadTarget): string | undefined {
  return source.location && `${source.location.registry}/${source.location.repository}`;
}

/** What both ends move from now on; two targets of one client share one set of counters. */
function startMeter(source: ReadTarget, destination: Target): () => TransferStats {
  const counters = new Set<Readonly<TransferStats>>();
  if (source.stats) counters.add(source.stats);
  if (destination.stats) counters.add(destination.stats);
  const sum = (): TransferStats => {
    const total: TransferStats = { requests: 0, retries: 0, bytesDownloaded: 0, bytesUploaded: 0 };
    for (const one of counters) {
      total.requests += one.requests;
      total.retries += one.retries;
      total.bytesDownloaded += one.bytesDownloaded;
      total.bytesUploaded += one.bytesUploaded;
    }
    return total;
  };
  const begin = sum();
  return () => {
    const now = sum();
    return {
      bytesDownloaded: now.bytesDownloaded - begin.bytesDownloaded,
      bytesUploaded: now.bytesUploaded - begin.bytesUploaded,
      requests: now.requests - begin.requests,
      retries: now.retries - begin.retries,
    };
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
