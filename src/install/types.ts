/** What an installation needs from outside, and what comes of it. */
import type { Emit } from "../base/events.ts";

/** The app's directory as this room reads it (the source room's Source fits). */
export interface InstallSource {
  /** Absolute. */
  readonly root: string;
  read(path: string, limitBytes?: number): string | undefined;
  readJson(path: string): unknown;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  exists(path: string): boolean;
  names(directory?: string): readonly string[];
  /** Files and links that take part in a build. */
  list(): readonly { path: string; type: "file" | "symlink" }[];
  at(path: string): InstallSource;
}

export interface InstallContext {
  /** The app's own directory (a member's, in a monorepo). */
  source: InstallSource;
  /** knbuild's cache; this room writes below `install/`, `work/` and `tools/`. */
  cacheDir: string;
  /** Copies a source tree to an empty or missing directory, without secrets and ignored files. */
  stage(source: InstallSource, destination: string): void;
  /** sha256 of a file's content, 64 hex digits; a stat cache makes it cheap. */
  digest(path: string): string;
  env: NodeJS.ProcessEnv;
  emit: Emit;
  signal?: AbortSignal;
  /** The `node` binary that will run the app, for install scripts, when it is not the one that runs knbuild. */
  targetNode?: string;
  /** Directory with `include/node` of the target, for addons that are compiled. */
  nodeHeaders?: string;
  /** npm's configuration as its fetcher wants it, credentials included; asked only when something must be fetched. */
  npmConfig?(): Promise<Record<string, unknown>>;
  /** Something will write into the tree (a build script): the user's own node_modules is not used in place. */
  needsCopy?: boolean;
  /** What an earlier build installed or made does not count; the user's own node_modules does. */
  fresh?: boolean;
}

export interface InstallResult {
  /** The app's directory with node_modules in reach: the user's own, or a copy in the cache. */
  appDir: string;
  /** Directory above (or equal to) `appDir` that holds the node_modules: a workspace root. */
  modulesRoot: string;
  /** undefined: no node_modules (no dependencies, Plug'n'Play). */
  modulesDir: string | undefined;
  /** Number of packages installed. */
  packages: number;
  durationMs: number;
  /** Nothing was installed: it was there already. */
  cached: boolean;
  /** `in-place`: the user's own node_modules. `cache`: an earlier installation. `installed`: made now. */
  origin: "in-place" | "cache" | "installed";
  /** `npm 11.4.0`, `pnpm 10.2.0`, `lock file`. */
  manager: string;
}
