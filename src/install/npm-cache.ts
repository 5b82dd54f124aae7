/** Tarballs of packages: from npm's own cache by their integrity, else through npm's fetcher, which fills that cache. */
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { diskFull, errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";

export interface Tarball {
  /** Gzipped bytes in pieces; verified against the integrity before the last one is given. */
  chunks(): AsyncIterable<Buffer> | Iterable<Buffer>;
  sizeBytes: number;
}

const WHOLE_BYTES = 4 * 1024 * 1024;
const STRENGTH = ["sha512", "sha384", "sha256", "sha1"];

/** Where npm keeps its cache, by the environment and the user's configuration file. */
export function npmCacheDir(env: NodeJS.ProcessEnv): string {
  const fromEnv = env["npm_config_cache"] ?? env["NPM_CONFIG_CACHE"];
  if (fromEnv) return fromEnv;
  const file = env["npm_config_userconfig"] ?? env["NPM_CONFIG_USERCONFIG"] ?? join(env["HOME"] ?? homedir(), ".npmrc");
  try {
    const line = /^\s*cache\s*=\s*(.+?)\s*$/m.exec(readFileSync(file, "utf8"))?.[1];
    if (line) return line.replace(/^~(?=\/)/, homedir()).replace(/\$\{(\w+)\}/g, (_, name) => env[name] ?? "");
  } catch {
    // No configuration of the user's.
  }
  return join(env["HOME"] ?? homedir(), ".npm");
}

/** The strongest algorithm of an integrity text. */
export function strongest(integrity: string): { algorithm: string; base64: string } | undefined {
  const hashes = integrity
    .trim()
    .split(/\s+/)
    .map((item) => /^(sha\d+)-([A-Za-z0-9+/=]+)/.exec(item))
    .flatMap((match) => (match ? [{ algorithm: match[1] as string, base64: match[2] as string }] : []))
    .filter(({ algorithm }) => STRENGTH.includes(algorithm));
  return hashes.sort((a, b) => STRENGTH.indexOf(a.algorithm) - STRENGTH.indexOf(b.algorithm))[0];
}

/** undefined when npm's cache does not have it. */
export function cachedTarball(cacheDir: string, integrity: string): Tarball | undefined {
  const hash = strongest(integrity);
  if (!hash) return undefined;
  const hex = Buffer.from(hash.base64, "base64").toString("hex");
  const path = join(cacheDir, "_cacache", "content-v2", hash.algorithm, hex.slice(0, 2), hex.slice(2, 4), hex.slice(4));
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile()) return undefined;
  if (stats.size <= WHOLE_BYTES) {
    const bytes = readFileSync(path);
    // A damaged copy is as good as none: it is fetched again.
    return digestOf(hash.algorithm, bytes) === hash.base64
      ? { sizeBytes: bytes.length, chunks: () => [bytes] }
      : undefined;
  }
  return { sizeBytes: stats.size, chunks: () => verified(createReadStream(path), hash, path) };
}

async function* verified(
  stream: AsyncIterable<Buffer>,
  hash: { algorithm: string; base64: string },
  label: string,
): AsyncGenerator<Buffer> {
  const meter = createHash(hash.algorithm);
  let held: Buffer | undefined;
  for await (const chunk of stream) {
    meter.update(chunk);
    if (held) yield held;
    held = chunk;
  }
  if (meter.digest("base64") !== hash.base64) throw integrityError(label);
  if (held) yield held;
}

function digestOf(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("base64");
}

function integrityError(label: string): KnbuildError {
  return new KnbuildError({
    code: "PACKAGE_INTEGRITY",
    message: `${label} is not what the lock file says`,
    hint: "The registry or the cache gave other bytes. Clear npm's cache and try again; if it stays, the lock file is wrong.",
    retryable: true,
  });
}

/** @param options as npm's fetcher takes them @throws PACKAGE_INTEGRITY, PACKAGE_UNAVAILABLE */
export async function fetchTarball(
  name: string,
  version: string,
  resolved: string | undefined,
  integrity: string,
  options: Record<string, unknown>,
): Promise<Tarball> {
  // @ts-expect-error pacote brings no types.
  const { default: pacote } = (await import("pacote")) as unknown as {
    default: { tarball(spec: string, options: object): Promise<Buffer> };
  };
  try {
    const bytes = await pacote.tarball(resolved ?? `${name}@${version}`, {
      ...options,
      integrity,
      ...(resolved && { resolved }),
    });
    return { sizeBytes: bytes.length, chunks: () => [bytes] };
  } catch (error) {
    if (errnoCode(error) === "EINTEGRITY") throw integrityError(`${name}@${version}`);
    const full = diskFull(error);
    if (full) throw full;
    throw new KnbuildError({
      code: "PACKAGE_UNAVAILABLE",
      message: `cannot fetch ${name}@${version}: ${errorMessage(error).replace(/:\/\/[^\s/@]+@/g, "://***@")}`,
      hint: "Check the network, the registry and the credentials in npm's configuration.",
      cause: error,
      retryable: true,
    });
  }
}
