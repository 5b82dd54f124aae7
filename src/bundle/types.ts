/** What goes into a bundle and what comes out of it. Values only: nothing here reads a file. */
import type { LayerKind } from "../plan/types.ts";
import type { OwnAgain } from "./own-again.ts";
import type { BundleSession } from "./session.ts";

export interface BundleInput {
  /** Directory that holds the app's source (a staging copy or the user's own tree: nothing is written below it). */
  appDir: string;
  /**
   * Directory above (or equal to) `appDir` whose node_modules serve it: a workspace root. Everything keeps its place relative
   * to this directory, so with a member `apps/api` the app lies at `imageAppDir`/apps/api. Default: `appDir`.
   */
  modulesRoot?: string;
  /** File that Node starts, relative to `appDir`, with `/`. */
  entry: string;
  /** Node version that runs the output: `22`, `24.11`. */
  nodeTarget: string;
  /** false: production node_modules and the app's files as they are. */
  enabled: boolean;
  minify: boolean;
  sourcemap: boolean;
  /** Packages that the user wants shipped as files. */
  external: string[];
  /** Packages that the user wants bundled although their text says that they depend on where they lie. */
  inline?: string[];
  /**
   * With `enabled: false`: files (relative to `appDir`, or `package/file`) whose reachable files are shipped instead of all
   * production packages. The output of a framework's own build is such a root; `include` names the rest of that output.
   */
  roots?: string[];
  /** Packages that node loads before the program, by name: shipped with what they need, though no file asks for them. */
  preloads?: string[];
  /** Globs (relative to `appDir`) of files to ship besides what was found, and of files to leave out. */
  include: string[];
  exclude: string[];
  /** What the ignore files beside the source leave out, by absolute path; an `include` brings it back. */
  ignores?: (path: string) => boolean;
  /** Put the SIGTERM preload in where the app does not handle SIGTERM itself. */
  gracefulShutdown: boolean;
  /** Absolute directory in the image: `/app`. */
  imageAppDir: string;
  /** knbuild's cache; this room writes below `bundle/` only. */
  cacheDir: string;
}

/** Where the bytes of a file come from. Files are streamed by whoever writes the layer. */
export type BundleSource = { file: string } | { bytes: Uint8Array } | { link: string };

export interface BundleFile {
  /** Path in the image, without a leading slash. */
  path: string;
  source: BundleSource;
  /** 0o644 or 0o755; 0o777 for a symbolic link. */
  mode: number;
}

export interface ExternalPackage {
  name: string;
  version: string;
  /** Why it is shipped as files, with `file:line` where a line of code says so. */
  reason: string;
}

export interface BundleWarning {
  code: string;
  message: string;
  /** `file:line` relative to the app. */
  where?: string;
  hint?: string;
}

/** A package in the image, for the bill of materials. */
export interface ShippedPackage {
  name: string;
  version: string;
  /** Relative to `modulesRoot`. */
  dir: string;
  how: "bundled" | "files";
  /** Files of it that the bundle holds, relative to `dir`; empty for one shipped as files. */
  files: string[];
}

export interface BundleResult {
  files: Partial<Record<LayerKind, BundleFile[]>>;
  /** `name@version`, sorted. */
  bundled: string[];
  external: ExternalPackage[];
  packages: ShippedPackage[];
  /** The app's own scripts that the bundle was made from, absolute; absent where its files are shipped one by one. */
  sources?: string[];
  /** Size of node_modules, as installed. */
  modulesBytes?: number;
  /**
   * It uses what this Node lacks: `util.isRegExp`, and the first major without that; by a package, `config 3.3.9`, or a file of
   * the app's own, relative to the root.
   */
  lacking?: { by: string; own?: true; uses: string; since: number };
  /** The app itself reacts to SIGTERM, as far as its text says; evidence as `file:line what`. */
  handlesSigterm: boolean;
  sigtermEvidence: string[];
  /** Absolute path of the file that node starts. */
  entry: string;
  format: "esm" | "cjs";
  /** Working directory of the image. */
  workdir: string;
  /** Arguments between `node` and the entry. */
  nodeArgs: string[];
  /** `bundle`, or why the app's files are shipped one by one. */
  mode: "bundle" | "files";
  modeReason: string;
  /** Every file that had a part in this, absolute. */
  inputs: string[];
  warnings: BundleWarning[];
  /** Programs that the app starts while it runs, each with who does: `server.js:12: spawn("git", …)`. */
  starts: { program: string; by: string[] }[];
  /** With what the app's own code can be bundled again when nothing else changes. */
  again?: OwnAgain;
  /** True when an earlier run's work was used and only the app's own code was bundled again. */
  incremental: boolean;
}

/** What a bundle needs from outside. */
export interface BundleContext {
  signal?: AbortSignal;
  /** Stops a run from using, and from leaving, a record of earlier work (tests compare both ways). */
  fresh?: boolean;
  /** Does not use the record of earlier work, and leaves one. */
  anew?: boolean;
  /** Kept from build to build by a process that watches. */
  session?: BundleSession | undefined;
}
