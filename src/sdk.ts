/**
 * Everything that a buildpack may import. A buildpack is one folder: `detect` says whether a source tree is its kind, `plan`
 * says as data how to build it. Neither writes a file, starts a program or uses the network.
 */
import type { NodeBase, PlanOptions } from "./plan/options.ts";
import type { Plan } from "./plan/types.ts";
import type { Source } from "./source/open.ts";

export { default as rangesIntersect } from "semver/ranges/intersects.js";
export { default as rangeWithin } from "semver/ranges/subset.js";
export { default as validRange } from "semver/ranges/valid.js";
export { blankComments } from "./analysis/comments.ts";
export {
  alsoTelling,
  errorMessage,
  isKnbuildError,
  KnbuildError,
  type KnbuildErrorOptions,
  usageError,
} from "./base/errors.ts";
export { escaped } from "./base/escaped.ts";
export { parseJson } from "./base/json.ts";
export { LISTEN_ON_PORT } from "./plan/listen-on-port.ts";
export type { NodeBase, PlanBundleOptions, PlanOptions } from "./plan/options.ts";
export type {
  BundleStep,
  CopyStep,
  HostCommandStep,
  InstallStep,
  LayerKind,
  Plan,
  PlanConfig,
  PlanEntrypoint,
  PlanWarning,
  RuntimeFileStep,
  Step,
} from "./plan/types.ts";
export { type CargoProgram, cargoProgram } from "./source/cargo-workspace.ts";
export { type DotnetProject, dotnetProject, dotnetVersion } from "./source/dotnet-project.ts";
export { type ForeignUse, foreignUse } from "./source/foreign-globals.ts";
export { type Call, type EntryGlance, type Glance, importsOf } from "./source/glance.ts";
export { compileGlobs } from "./source/glob.ts";
export { type GoProgram, goProgram } from "./source/go-programs.ts";
export {
  conditional,
  packageNameOf,
  type Resolved,
  type Resolver,
  resolveFile,
} from "./source/imports.ts";
export { type JvmProject, jvmDetection, jvmProject, jvmVersion } from "./source/jvm-project.ts";
export { isForOthers, looksLikeLibrary } from "./source/library-look.ts";
export { cSources, type MakefileProgram, makefileProgram } from "./source/makefile.ts";
export { type ModuleExports, moduleExports } from "./source/module-exports.ts";
export { NOTHING_LISTENS, type NotAServer, notAServer, probablyNoServer } from "./source/not-a-server.ts";
export type { Source } from "./source/open.ts";
export type { ProjectDescriptor } from "./source/project-descriptor.ts";
export { type PythonApp, pythonApp } from "./source/python-app.ts";
export { lookForServer, type ServerLook } from "./source/server-look.ts";
export { SERVER_PACKAGES } from "./source/server-packages.ts";
export { BESIDE_THE_SITE, findSite, readStaticfile, type Staticfile } from "./source/staticfile.ts";
export { asdfVersion, miseVersion, toolVersion } from "./source/tool-versions.ts";
export { readTsconfig, type Tsconfig } from "./source/tsconfig.ts";

/** What a buildpack found in a source tree. */
export interface Detection {
  /**
   * How sure it is, 1–100. 90 and more: a framework's own configuration. 70–89: a program with an entry that serves.
   * 40–69: the language, without an entry that surely serves. Below: files of the kind, no program.
   */
  score: number;
  /** Files and lines that say so: `package.json: dependency express`. */
  evidence: string[];
  /** `node`, `python`, `go`, … */
  language: string;
  /** Version of the runtime that the source asks for, as it writes it; null: none. */
  runtimeVersion: string | null;
  packageManager: string | null;
  framework: string | null;
  /** File or command that starts it; null: none found. */
  entrypoint: string | null;
}

export interface PlanContext {
  options: PlanOptions;
  /** Node bases that can be chosen, any order. */
  nodeBases: readonly NodeBase[];
  /** Name of the directory, for an image without any other name. */
  directoryName: string;
}

export interface Buildpack {
  /** Equal to the folder's name. */
  id: string;
  /** One line. */
  summary: string;
  /** What it knows, with its article: `an Elixir program`. Needed without a `plan`. */
  what?: string;
  detect(source: Source, options?: PlanOptions): Detection | null;
  /** Absent: knbuild knows the kind but builds it only by a Dockerfile. */
  plan?(source: Source, context: PlanContext): Plan;
}

export function defineBuildpack(buildpack: Buildpack): Buildpack {
  return buildpack;
}
