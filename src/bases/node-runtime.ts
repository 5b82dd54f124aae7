/** The `node` binary out of its npm package: chosen by version range, fetched by npm's own fetcher, checked by integrity. */
import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { chmod, mkdtemp, rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { sha256 } from "../base/digest.ts";
import { diskFull, errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";
import { step } from "../base/events.ts";
import type { BaseContext } from "./context.ts";
import type { NodeRuntime } from "./definition.ts";
import type { LockedNode } from "./lock.ts";
import { readNpmConfig } from "./npm-config.ts";
import { removeStaleFiles } from "./stale-files.ts";

/** What of pacote is used here; the package has no types of its own. */
interface Pacote {
  manifest(spec: string, options: Record<string, unknown>): Promise<{ version: string; _integrity?: string }>;
  tarball: {
    stream<T>(
      spec: string,
      handler: (stream: NodeJS.ReadableStream) => Promise<T>,
      options: Record<string, unknown>,
    ): Promise<T>;
  };
}

/**
 * The newest release of the major (of the range, if one is given) that npm's configuration lets see.
 * @throws NODE_VERSION_UNSUPPORTED, BASE_NODE_FETCH_FAILED
 */
export async function lockNode(
  runtime: NodeRuntime,
  range: string | undefined,
  context: BaseContext,
): Promise<LockedNode> {
  const spec = `${runtime.package}@${await withinMajor(runtime, range)}`;
  const [pacote, options] = await Promise.all([loadPacote(), npmOptions(context)]);
  let manifest: Awaited<ReturnType<Pacote["manifest"]>>;
  try {
    manifest = await pacote.manifest(spec, { ...options, preferOnline: options["offline"] !== true });
  } catch (error) {
    if (errnoCode(error) === "ETARGET") {
      throw new KnbuildError({
        code: "NODE_VERSION_UNSUPPORTED",
        message: `the npm registry has no ${spec}`,
        hint: "Ask for a version that was released; a range such as 24.x takes the newest.",
        cause: error,
      });
    }
    throw fetchFailed(spec, error);
  }
  if (!manifest._integrity?.includes("sha512-"))
    throw fetchFailed(spec, new Error("the registry gives no sha512 integrity"));
  const integrity = manifest._integrity.split(/\s+/).find((part) => part.startsWith("sha512-")) as string;
  return { version: manifest.version, integrity };
}

async function withinMajor(runtime: NodeRuntime, range: string | undefined): Promise<string> {
  if (range === undefined) return `${runtime.major}.x`;
  const semver = (await import("semver")).default;
  if (semver.validRange(range) === null || !semver.intersects(range, `${runtime.major}.x`)) {
    throw new KnbuildError({
      code: "NODE_VERSION_UNSUPPORTED",
      message: `${JSON.stringify(range)} allows no Node.js ${runtime.major}`,
      hint: `Write a version or range of Node.js ${runtime.major}, or take another base.`,
      exitCode: 2,
    });
  }
  // Each alternative of the range, cut to the major.
  return new semver.Range(range).set
    .map((comparators) => comparators.map(({ value }) => value).join(" "))
    .filter((part) => semver.intersects(part, `${runtime.major}.x`))
    .map((part) => `${part} ${runtime.major}.x`)
    .join(" || ");
}

/** The directory with `node` and `LICENSE`, in the cache. @throws BASE_HASH_MISMATCH, BASE_NODE_FETCH_FAILED */
export async function fetchNode(runtime: NodeRuntime, node: LockedNode, context: BaseContext): Promise<string> {
  const parent = join(context.dir, "node");
  const dir = join(parent, `${node.version}-${sha256(node.integrity).slice(7, 23)}`);
  if (existsSync(join(dir, "node"))) {
    // The time of the last use, for whoever clears the cache.
    const now = new Date();
    await utimes(join(dir, "LICENSE"), now, now).catch(() => {});
    return dir;
  }
  const spec = `${runtime.package}@${node.version}`;
  mkdirSync(parent, { recursive: true });
  await removeStaleFiles(parent);
  const temporary = await mkdtemp(join(parent, ".fetch-"));
  try {
    await step(context.emit, "base-node", `fetch Node.js ${node.version}`, async () => {
      const [pacote, options] = await Promise.all([loadPacote(), npmOptions(context)]);
      await pacote.tarball.stream(spec, (stream) => extractNode(stream, temporary), {
        ...options,
        integrity: node.integrity,
      });
    });
    await chmod(join(temporary, "node"), 0o755);
    await rename(temporary, dir).catch((error: unknown) => {
      // Another build was faster: its directory is as good.
      if (!existsSync(join(dir, "node"))) throw error;
    });
    return dir;
  } catch (error) {
    if (errnoCode(error) === "EINTEGRITY") {
      throw new KnbuildError({
        code: "BASE_HASH_MISMATCH",
        message: `${spec} is not what the lock says (${node.integrity}); nothing was kept`,
        where: spec,
        hint: "The package was changed on the way or at the registry. Try again; do not ignore it if it stays.",
        cause: error,
      });
    }
    throw error instanceof KnbuildError ? error : fetchFailed(spec, error);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const WANTED: Readonly<Record<string, string>> = { "package/bin/node": "node", "package/LICENSE": "LICENSE" };

async function extractNode(stream: NodeJS.ReadableStream, dir: string): Promise<void> {
  const parser = extract();
  const unpacked = pipeline(stream, createGunzip(), parser);
  unpacked.catch((error: Error) => parser.destroy(error));
  for await (const entry of parser) {
    const name = WANTED[(entry.header as { name: string }).name];
    if (name) await pipeline(entry, createWriteStream(join(dir, name)));
    else entry.resume();
  }
  await unpacked;
  for (const name of Object.values(WANTED)) {
    if (!existsSync(join(dir, name))) throw new Error(`the package has no ${name}`);
  }
}

async function loadPacote(): Promise<Pacote> {
  // @ts-expect-error pacote ships no types; the interface above says what is used.
  const { default: pacote } = (await import("pacote")) as { default: Pacote };
  return pacote;
}

function npmOptions(context: BaseContext): Promise<Record<string, unknown>> | Record<string, unknown> {
  return context.npm ?? readNpmConfig(context.cwd, context.env);
}

function fetchFailed(spec: string, cause: unknown): KnbuildError {
  const full = diskFull(cause);
  if (full) return full;
  return new KnbuildError({
    code: "BASE_NODE_FETCH_FAILED",
    message: `cannot fetch ${spec} from the npm registry: ${errorMessage(cause).split("\n")[0]}`,
    hint: "Check npm's configuration (registry, cafile, proxy): what npm itself can install can be fetched here.",
    cause,
    retryable: true,
  });
}
