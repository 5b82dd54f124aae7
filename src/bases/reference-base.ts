/** A base by reference: which manifest it is, pinned by digest in the lock. The layers stay where they are. */
import { type Digest, isDigest } from "../base/digest.ts";
import { KnbuildError, usageError } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import { readAll } from "../base/streams.ts";
import { type Descriptor, isIndexType } from "../oci/descriptor.ts";
import type { Index } from "../oci/manifest.ts";
import { formatPlatform, LINUX_AMD64, samePlatform } from "../oci/platform.ts";
import type { ReadTarget } from "../oci/target.ts";
import { emptyLock, keepLock, type LockedReference, type LockMode, lockOutdated, readLock } from "./lock.ts";

/** Opens the place that a reference names: a registry repository, a layout, an archive. */
export type OpenReference = (ref: string) => Promise<OpenedReference> | OpenedReference;

interface OpenedReference {
  target: ReadTarget;
  /** Tag or digest to ask it for. */
  tag: string;
  /** Someone else may move the tag: the digest belongs into the lock. False for files of this machine. */
  remote: boolean;
}

export interface ReferenceBase {
  kind: "reference";
  /** As the user wrote it. */
  ref: string;
  target: ReadTarget;
  /** What the reference pointed to: an index, or the manifest itself. */
  digest: Digest;
  /** The manifest for linux/amd64. */
  manifest: Descriptor;
  /** Set when it stands in for an assembled base. */
  fallbackFor?: string;
  /** The lock file was written by this call. */
  lockChanged: boolean;
}

export interface ResolveReferenceOptions {
  lockFile?: string | undefined;
  lockMode?: LockMode;
  emit?: Emit;
  openReference?: OpenReference;
}

const INDEX_LIMIT = 4 << 20;

/**
 * @param again ask the target even when the lock has an answer
 * @throws BASE_REFERENCE_UNKNOWN, BASE_PLATFORM_MISSING, LOCK_OUTDATED
 */
export async function resolveReference(
  ref: string,
  options: ResolveReferenceOptions,
  again = false,
): Promise<ReferenceBase> {
  if (!options.openReference) {
    throw usageError(
      "BASE_REFERENCE_UNKNOWN",
      `nothing here can open the base image ${ref}`,
      "Give the way to open it.",
    );
  }
  const { target, tag, remote } = await options.openReference(ref);
  const lockFile = remote ? options.lockFile : undefined;
  const lock = lockFile === undefined ? null : readLock(lockFile);
  const known = lock?.references[ref];
  if (known && !again) return { kind: "reference", ref, target, ...known, lockChanged: false };
  if (options.lockMode === "frozen" && remote && !isDigest(tag)) {
    throw lockOutdated(lockFile, lock ? `it has no base image ${ref}` : "there is none");
  }
  const found = await resolveManifest(ref, target, tag);
  let lockChanged = false;
  if (lockFile !== undefined && known?.digest !== found.digest && options.lockMode !== "frozen") {
    const current = lock ?? emptyLock();
    const next = { ...current, references: { ...current.references, [ref]: found } };
    lockChanged = keepLock(lockFile, next, options.lockMode, options.emit ?? silent);
  }
  return { kind: "reference", ref, target, ...found, lockChanged };
}

async function resolveManifest(ref: string, target: ReadTarget, tag: string): Promise<LockedReference> {
  const descriptor = await target.resolve(tag, { read: true });
  if (!descriptor) {
    throw new KnbuildError({
      code: "BASE_REFERENCE_UNKNOWN",
      message: `there is no base image ${ref}`,
      where: target.name,
      hint: "Check the name and the tag, and whether you may read it.",
    });
  }
  if (!isIndexType(descriptor.mediaType)) return { digest: descriptor.digest, manifest: plain(descriptor) };
  const bytes = await readAll(target.open(descriptor), INDEX_LIMIT, target.name);
  const { manifests } = JSON.parse(Buffer.from(bytes).toString("utf8")) as Index;
  const manifest = manifests.find(({ platform }) => platform && samePlatform(platform, LINUX_AMD64));
  if (!manifest) {
    const offered = manifests.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : []));
    throw new KnbuildError({
      code: "BASE_PLATFORM_MISSING",
      message: `the base image ${ref} is not made for linux/amd64, only for ${offered.join(", ") || "unnamed platforms"}`,
      where: target.name,
      hint: "Knative runs linux/amd64: take another tag or another image.",
    });
  }
  return { digest: descriptor.digest, manifest: plain(manifest) };
}

function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
