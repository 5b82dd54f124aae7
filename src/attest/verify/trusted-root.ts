/** Whom to believe: certificate authorities, logs and timestamp authorities, from a file or from the public Sigstore. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { errorMessage, KnbuildError } from "../../base/errors.ts";

/** Either the file's own JSON (media type application/vnd.dev.sigstore.trustedroot+json), or nothing for the public one. */
export interface TrustedRootOptions {
  /** A trusted_root.json. */
  file?: string;
  cwd: string;
  /** Where the public root's TUF metadata is kept. */
  cacheDir?: string;
}

/**
 * @throws TRUSTED_ROOT_INVALID for a file that cannot be read or parsed; TRUSTED_ROOT_UNAVAILABLE when the public root
 * cannot be fetched
 */
export async function loadTrustedRoot(options: TrustedRootOptions): Promise<TrustedRoot> {
  if (options.file === undefined) return publicTrustedRoot(options.cacheDir);
  const path = resolve(options.cwd, options.file);
  try {
    return parseTrustedRoot(await readFile(path, "utf8"));
  } catch (cause) {
    throw new KnbuildError({
      code: "TRUSTED_ROOT_INVALID",
      message: `the trusted root cannot be used: ${errorMessage(cause)}`,
      where: options.file,
      exitCode: 2,
    });
  }
}

export function parseTrustedRoot(json: string): TrustedRoot {
  const value: unknown = JSON.parse(json);
  if (value === null || typeof value !== "object") throw new Error("not a JSON object");
  const root = TrustedRoot.fromJSON(value);
  if (root.certificateAuthorities.length + root.tlogs.length + root.timestampAuthorities.length === 0) {
    throw new Error("it names no authority and no log");
  }
  return root;
}

async function publicTrustedRoot(cacheDir: string | undefined): Promise<TrustedRoot> {
  const { getTrustedRoot } = await import("./sigstore-verify.ts");
  try {
    return await getTrustedRoot(cacheDir ? { cachePath: cacheDir } : {});
  } catch (cause) {
    throw new KnbuildError({
      code: "TRUSTED_ROOT_UNAVAILABLE",
      message: `the public Sigstore's trusted root could not be fetched: ${errorMessage(cause)}`,
      hint: "Give a trusted root of your own as a file, or verify with a public key.",
      cause,
      retryable: true,
    });
  }
}
