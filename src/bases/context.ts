/** What the functions of this room are given by their caller, and the parts they make of it once. */
import { join } from "node:path";
import { cacheDir as defaultCacheDir } from "../base/dirs.ts";
import { type Emit, silent } from "../base/events.ts";
import { type AptConf, readAptConf } from "./apt-conf.ts";
import { type DebianMirror, findDebianMirrors } from "./apt-sources.ts";
import { createDownloader, type Downloader } from "./download.ts";

export interface BaseOptions {
  /** knbuild's cache directory; bases live in `bases/` of it. Default as everywhere. */
  cacheDir?: string;
  /** The Debian archive to use instead of what apt's sources name. */
  mirror?: DebianMirror | undefined;
  /** Keyring files (armored or binary) besides the Debian archive keys. */
  keyrings?: readonly string[];
  /** Default `/etc/apt`. */
  aptDir?: string;
  env?: NodeJS.ProcessEnv;
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
  readonly downloader: Downloader;
}

/** Reads no file before it must: a build that changes nothing asks neither apt nor npm. */
export function createBaseContext(options: BaseOptions = {}): BaseContext {
  const env = options.env ?? process.env;
  const aptDir = options.aptDir ?? "/etc/apt";
  let conf: AptConf | undefined;
  let mirrors: readonly DebianMirror[] | undefined;
  let downloader: Downloader | undefined;
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
      mirrors ??= options.mirror ? [options.mirror] : findDebianMirrors(aptDir);
      return mirrors;
    },
    get downloader() {
      conf ??= readAptConf(aptDir);
      downloader ??= createDownloader({ conf, aptDir, env, signal: options.signal });
      return downloader;
    },
  };
}
