/** A blob into a repository with the fewest bytes: is it there? can it be mounted? else send it, once. */

import type { Blob } from "../oci/blob.ts";
import type { PutHints, PutResult } from "../oci/target.ts";
import type { Ahead } from "./ahead.ts";
import type { BlobLocks } from "./blob-lock.ts";
import { apiPath, type Endpoint, isRenamed } from "./endpoint.ts";
import { isPage, isRefusal, registryError } from "./errors.ts";
import { readFailure } from "./failed-answer.ts";
import type { KnownBlobs } from "./known-blobs.ts";
import type { Scope } from "./scope.ts";
import { type UploadOptions, uploadBlob } from "./upload.ts";
import { mountBlob, type OpenedUpload } from "./upload-requests.ts";

export interface PushOptions extends Omit<UploadOptions, "exists" | "scopes"> {
  ahead?: Pick<Ahead, "blob" | "upload"> | undefined;
  known: KnownBlobs;
  locks: BlobLocks;
}

/** Mounts are cheap but not free; a blob that three places no longer hold is sent. */
const MAX_MOUNT_TRIES = 3;

/** A new blob of this size is sent without a question before: at worst it is there, and the question would have cost as much. */
const UNASKED_BYTES = 64 * 1024;

export function pushScopes(endpoint: Endpoint): Scope[] {
  return [{ repository: endpoint.repository, actions: ["pull", "push"] }];
}

/** HEAD; undefined when the server cannot say. @throws REGISTRY_* */
export async function hasBlob(
  endpoint: Endpoint,
  descriptor: { digest: string; size: number },
  scopes: readonly Scope[],
  brief?: boolean,
): Promise<boolean | undefined> {
  const { digest, size } = descriptor;
  const path = apiPath(endpoint, `blobs/${digest}`);
  const response = await endpoint.session.request({ method: "HEAD", path, scopes }, brief);
  await response.discard();
  if (response.status === 200) {
    // A login page is a 200 too; what has another size is not this blob.
    const length = response.headers["content-length"];
    return !isPage(response) && (length === undefined || Number(length) === size);
  }
  // 405: no HEAD here. Storage behind a redirect says 400, 403 or 501 to a link that is signed for GET.
  const storage = (await isRenamed(endpoint, path, response)) || response.elsewhere === true;
  if ([400, 405, 501].includes(response.status) || (storage && response.status === 403)) return undefined;
  // Another kind of yes is none, nor is a redirect that leads nowhere.
  if (response.status < 400 || response.status === 404) return false;
  throw registryError(response, await readFailure(response), {
    action: `ask for the blob ${digest} of ${endpoint.repository}`,
    redactor: endpoint.session.redactor,
    registry: endpoint.session.registry,
    login: endpoint.session.login,
  });
}

export async function pushBlob(
  endpoint: Endpoint,
  blob: Blob,
  hints: PutHints,
  options: PushOptions,
): Promise<PutResult> {
  const { digest } = blob.descriptor;
  const { registry } = endpoint.session;
  const place = { registry, repository: endpoint.repository };
  const scopes = pushScopes(endpoint);
  // Who may write need not be allowed to read, and Quay refuses questions about a repository that the upload would make.
  const exists = () => hasBlob(endpoint, blob.descriptor, scopes).catch(unlessRefused);
  const mounted = async (from: string): Promise<PutResult> => {
    await options.known.remember(digest, place);
    return { action: "mounted", bytes: 0, from, reason: `mounted from ${from}` };
  };
  // A blob that was refused as missing is sent: a mount would be the same promise once more.
  const places = hints.force ? [] : await placesToMountFrom(endpoint, blob, hints, options.known);
  const isNew = blob.fresh && blob.descriptor.size <= UNASKED_BYTES;
  let mount: MountOutcome | undefined;

  if (!hints.force) {
    let present = await options.ahead?.blob(digest);
    // What lies elsewhere in this registry is mounted without a question before: one request, whatever is here already.
    if (present === undefined && places.length > 0 && !options.known.holds(digest, place)) {
      mount = await tryMounts(endpoint, blob, places, options.known);
      if (mount.from !== undefined) return mounted(mount.from);
    }
    present ??= isNew ? false : await exists();
    if (present) {
      await options.known.remember(digest, place);
      return { action: "exists", bytes: 0, reason: "the registry has it already" };
    }
  }
  return options.locks.alone(`${registry}/${endpoint.repository}@${digest}`, async (waited) => {
    // Between the question above and this lock another push may have begun and ended.
    const perhaps = waited || options.known.holds(digest, place);
    if (perhaps && !hints.force && (await exists())) {
      return { action: "exists", bytes: 0, reason: "another push brought it meanwhile" };
    }
    const { from, opened, reason } = mount ?? (await tryMounts(endpoint, blob, places, options.known));
    if (from !== undefined) return mounted(from);
    const begun = opened ?? (blob.fresh ? await options.ahead?.upload() : undefined);
    await uploadBlob(endpoint, blob, begun, { ...options, scopes, exists });
    await options.known.remember(digest, place);
    return {
      action: "uploaded",
      bytes: blob.descriptor.size,
      reason: hints.force ? "the registry lost it" : reason,
    };
  });
}

/** The write itself will tell, in the registry's own words, which a HEAD cannot have. */
export function unlessRefused(error: unknown): undefined {
  if (!isRefusal(error)) throw error;
}

interface MountOutcome {
  from?: string;
  /** The upload that the last refused mount has opened. */
  opened?: OpenedUpload;
  reason: string;
}

/** Other repositories of this registry that are said to hold the blob; the surest first. */
async function placesToMountFrom(
  endpoint: Endpoint,
  blob: Blob,
  hints: PutHints,
  known: KnownBlobs,
): Promise<string[]> {
  const { registry } = endpoint.session;
  const candidates = new Set([
    ...(hints.mountFrom ?? []),
    ...(blob.origin ?? []).filter((place) => place.registry === registry).map((place) => place.repository),
    ...(await known.find(blob.descriptor.digest, registry)),
  ]);
  candidates.delete(endpoint.repository);
  return [...candidates].slice(0, MAX_MOUNT_TRIES);
}

async function tryMounts(
  endpoint: Endpoint,
  blob: Blob,
  places: readonly string[],
  known: KnownBlobs,
): Promise<MountOutcome> {
  const { digest } = blob.descriptor;
  const { registry } = endpoint.session;
  if (places.length === 0) return { reason: "the registry does not have it, and no place to mount it from is known" };
  let opened: OpenedUpload | undefined;
  for (const repository of places) {
    const scopes: Scope[] = [...pushScopes(endpoint), { repository, actions: ["pull"] }];
    try {
      const outcome = await mountBlob(endpoint, digest, repository, scopes);
      if (outcome.mounted) return { from: `${registry}/${repository}`, reason: "" };
      opened = outcome.opened ?? opened;
      await known.forget(digest, { registry, repository });
    } catch (error) {
      // A token server that will not let us read there: then there is nothing to mount.
      if (!isRefusal(error)) throw error;
    }
  }
  const reason = `the registry does not have it and would not mount it from ${places.join(", ")}`;
  return { reason, ...(opened && { opened }) };
}
