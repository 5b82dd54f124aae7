/** Digests as image-spec 1.1 "descriptor.md#digests" writes them: `algorithm:hex`. */
import { createHash, type Hash } from "node:crypto";
import { KnbuildError } from "./errors.ts";

/** `sha256:` + 64 hex digits, or `sha512:` + 128. */
export type Digest = string;

const DIGEST = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** The part before the colon. */
export function digestAlgorithm(digest: Digest): "sha256" | "sha512" {
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** The part after the colon. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(":") + 1);
}

/** The sha256 digest of bytes that are already in memory (manifests, configs; never layers). */
export function sha256(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Hashes a stream as it passes. */
export interface DigestMeter {
  update(chunk: Uint8Array): void;
  digest(): Digest;
  /** Bytes seen so far. */
  readonly size: number;
}

export function createDigestMeter(algorithm: "sha256" | "sha512" = "sha256"): DigestMeter {
  const hash: Hash = createHash(algorithm);
  let size = 0;
  return {
    update(chunk) {
      hash.update(chunk);
      size += chunk.byteLength;
    },
    digest: () => `${algorithm}:${hash.digest("hex")}`,
    get size() {
      return size;
    },
  };
}

/** What to do about bytes that are not what their digest or size says. */
export const DAMAGED_HINT =
  "The bytes were changed on the way or at the source. Try again; if it stays, the source is damaged.";

/** Below this a thread costs more than it saves. */
const THREADED_FROM_BYTES = 32 * 1024 * 1024;

/**
 * Passes a stream through and throws at its end (or as soon as it is too long) when it is not what the descriptor says.
 * Large streams are hashed beside the main thread.
 * @throws BLOB_SIZE_MISMATCH, BLOB_DIGEST_MISMATCH
 */
export async function* verifyStream(
  source: AsyncIterable<Uint8Array>,
  expected: { digest: Digest; size: number },
  where?: string,
): AsyncGenerator<Uint8Array> {
  const algorithm = digestAlgorithm(expected.digest);
  const threaded = expected.size >= THREADED_FROM_BYTES ? await threadedHash(algorithm) : undefined;
  const local = threaded ? undefined : createHash(algorithm);
  let size = 0;
  try {
    for await (const chunk of source) {
      size += chunk.byteLength;
      if (size > expected.size) throw sizeMismatch(expected, `more than ${expected.size}`, where);
      local?.update(chunk);
      // While the chunk is hashed its reader works on it too; its memory is free when both are done.
      const hashed = threaded?.update(chunk);
      hashed?.catch(() => {});
      yield chunk;
      await hashed;
    }
    if (size !== expected.size) throw sizeMismatch(expected, String(size), where);
    const found = `${algorithm}:${threaded ? await threaded.digest() : local?.digest("hex")}`;
    if (found !== expected.digest) {
      throw new KnbuildError({
        code: "BLOB_DIGEST_MISMATCH",
        message: `expected ${expected.digest}, found ${found}`,
        where,
        hint: DAMAGED_HINT,
        retryable: true,
      });
    }
  } finally {
    threaded?.abandon();
  }
}

async function threadedHash(algorithm: "sha256" | "sha512") {
  return (await import("./hash-thread.ts")).createThreadedHash(algorithm);
}

function sizeMismatch(expected: { digest: Digest; size: number }, found: string, where?: string): KnbuildError {
  return new KnbuildError({
    code: "BLOB_SIZE_MISMATCH",
    message: `${expected.digest}: expected ${expected.size} bytes, found ${found}`,
    where,
    hint: DAMAGED_HINT,
    retryable: true,
  });
}
