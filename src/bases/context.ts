/** What the functions of this room are given by their caller, and the parts they make of it once. */
import { join } from "node:path";
import { cacheDir as defaultCacheDir } from "../base/dirs.ts";
import { KnbuildError, usageError } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import { type DebianMirror, findDebianMirrors } from "./apt-sources.ts";
import type { Downloader, TunnelAgent } from "./download.ts";

export interface BaseOptions {
  /** knbuild's cache directory; bases live in `bases/` of it. Default as everywhere. */
  cacheDir?: string;
  /** The Debian archive to use instead of what apt's sources name. */
  mirror?: Partial<DebianMirror> | undefined;
  /** Keyring files (armored or binary) besides the Debian archive keys. */
  keyrings?: readonly string[];
  /** Default `/etc/apt`. */
  aptDir?: string;
  env?: NodeJS.ProcessEnv;
  /** Leads through proxies that are asked for connections; without it there can be none of them. */
  tunnel?: TunnelAgent | undefined;
  /** Where npm's project configuration counts from, and paths of definitions; default the current directory. */
  cwd?: string;
  /** Options for the npm fetcher (`registry`, `ca`, …) instead of what npm's own configuration says. */
  npm?: Record<string, unknown>;
  /** The time by which signatures and dates are judged. */
  now?: Date;
  emit?: Emit;
  signal?: AbortSignal | undefined;
}

export interface BaseContext {
  /** `<cache>/bases`. */
  readonly dir: string;
  readonly keyrings: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly npm: Record<string, unknown> | undefined;
  readonly now: Date;
  readonly emit: Emit;
  readonly signal: AbortSignal | undefined;
  /** Debian mirrors, the likeliest first; empty on a machine that knows none. */
  readonly mirrors: readonly DebianMirror[];
  downloader(): Promise<Downloader>;
}

/** Reads no file before it must: a build that changes nothing asks neither apt nor npm. */
export function createBaseContext(options: BaseOptions = {}): BaseContext {
  const env = options.env ?? process.env;
  const aptDir = options.aptDir ?? "/etc/apt";
  let mirrors: readonly DebianMirror[] | undefined;
  let downloader: Promise<Downloader> | undefined;
  return {
    dir: join(options.cacheDir ?? defaultCacheDir(env), "bases"),
    keyrings: options.keyrings ?? [],
    env,
    cwd: options.cwd ?? process.cwd(),
    npm: options.npm,
    now: options.now ?? new Date(),
    emit: options.emit ?? silent,
    signal: options.signal,
    get mirrors() {
      mirrors ??= chosenMirrors(options.mirror, aptDir);
      return mirrors;
    },
    downloader() {
      downloader ??= openDownloader(aptDir, env, options);
      return downloader;
    },
  };
}

/** Loaded when something is fetched: TLS and the like cost a start that needs neither. */
async function openDownloader(
  aptDir: string,
  env: NodeJS.ProcessEnv,
  { signal, tunnel = noTunnel }: BaseOptions,
): Promise<Downloader> {
  const [{ createDownloader }, { readAptConf }] = await Promise.all([import("./download.ts"), import("./apt-conf.ts")]);
  return createDownloader({ conf: readAptConf(aptDir), aptDir, env, signal, tunnel });
}

async function noTunnel(proxy: URL): Promise<never> {
  throw usageError("PROXY_INVALID", `nothing here leads through the proxy ${proxy.host}`);
}

export function noMirror(what: string): KnbuildError {
  return new KnbuildError({
    code: "BASE_NO_MIRROR",
    message: `this machine's apt configuration names no Debian mirror ${what}`,
    hint: "Configure the address of a Debian mirror, or take a base image by reference.",
  });
}

/** A mirror that was named alone takes its place; a security archive that was named alone goes beside what apt knows. */
function chosenMirrors({ url, securityUrl }: Partial<DebianMirror> = {}, aptDir: string): DebianMirror[] {
  const beside = securityUrl === undefined ? {} : { securityUrl };
  return url === undefined
    ? findDebianMirrors(aptDir).map((mirror) => ({ ...mirror, ...beside }))
    : [{ url, ...beside }];
}
