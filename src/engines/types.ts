/** An engine turns a Plan into an Image: one file each in `kinds/`, default export made by `defineEngine`. */
import type { Digest } from "../base/digest.ts";
import type { Emit } from "../base/events.ts";
import type { BundleSession } from "../bundle/session.ts";
import type { BundleResult } from "../bundle/types.ts";
import type { MaterializeOptions } from "../layer/materialize.ts";
import type { Layer } from "../oci/blob.ts";
import type { Image } from "../oci/image.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import type { HistoryEntry, RuntimeConfig } from "../oci/manifest.ts";
import type { DockerfileNeed, DockerfileStep, LayerKind, Plan, Step } from "../plan/types.ts";
import type { Source } from "../source/open.ts";
import type { EditBasis } from "./edit-basis.ts";

/** A base that is ready to build on; its layers may still lie at a registry, unfetched. */
export interface EngineBase {
  layers: { layer: Layer; history: HistoryEntry; kind: LayerKind; cached: boolean }[];
  config: RuntimeConfig;
  /** Path of the node binary in the image, where the base has one. */
  nodePath?: string;
  /** Exact version of that node. */
  nodeVersion?: string;
  /** The same binary on this machine, for what has to be made by it. */
  nodeBinary?: () => Promise<string>;
  annotations: Record<string, string>;
  digest: Digest;
}

export interface EngineContext {
  /** Absolute source directory; never written to. */
  sourceDir: string;
  source: Source;
  env: NodeJS.ProcessEnv;
  /** npm's configuration in force in a directory, as its fetcher takes it; credentials included. */
  npmConfig: (cwd: string) => Promise<Record<string, unknown>>;
  /** May be prepared while the engine does its first steps. */
  base: Promise<EngineBase>;
  cacheDir: string;
  /** How layers are made: store, compression, time, secret guard. */
  layering: MaterializeOptions;
  /** A record of the packages inside, put beside them in the image; undefined: none is kept. */
  composition?: (inside: PackagesInside) => Promise<TarEntry>;
  /** Looks at the addons and libraries that the image will hold, against the base; tells what will not load. */
  checkNative?: (files: readonly TarEntry[]) => Promise<void>;
  /** Looks whether the base has the programs that the app starts; tells those that it lacks. */
  checkPrograms?: (starts: BundleResult["starts"]) => Promise<void>;
  gracefulShutdown: boolean;
  /** Make V8's code cache for the image, where that is possible. */
  compileCache: boolean;
  nodeOptions: string[];
  args: string[];
  /** Do everything again. */
  fresh: boolean;
  annotations: Record<string, string>;
  signal: AbortSignal;
  emit: Emit;
  /** What a process that watches keeps from build to build. */
  session?: BundleSession | undefined;
}

/** What a Dockerfile is built with, besides the Dockerfile. */
export interface DockerfileContext {
  /** Absolute: the build context. Never written to. */
  sourceDir: string;
  env: NodeJS.ProcessEnv;
  cacheDir: string;
  layering: MaterializeOptions;
  /** The image that a reference names, for a platform (`linux/amd64` where none is given); its layers are not fetched yet. */
  openImage(ref: string, platform?: string): Promise<Image>;
  /** Brings a layer onto this machine. */
  fetchLayer(layer: Layer): Promise<Layer>;
  /** Reads the image that an engine of another program left in an archive. */
  importArchive(path: string, kind: "docker" | "oci"): Promise<Image>;
  /** Configuration for containers' own programs that leads to the project's mirrors; undefined: none are configured. */
  registriesConf?: string | undefined;
  annotations: Record<string, string>;
  /** On top of what the Dockerfile says. */
  labels: Record<string, string>;
  /** Do everything again. */
  fresh: boolean;
  signal: AbortSignal;
  emit: Emit;
}

export interface PackagesInside {
  appDir: string;
  modulesRoot: string;
  packages: BundleSummary["packages"];
}

export interface BuiltLayer {
  layer: Layer;
  kind: LayerKind;
  cached: boolean;
}

/** What a bundle held and did not, for reports and bills of materials. */
export interface BundleSummary {
  bundled: string[];
  external: { name: string; version?: string; reason: string }[];
  packages: { name: string; version: string; dir: string; how: "bundled" | "files"; files: string[] }[];
  handlesSigterm: boolean;
  mode: string;
  /** The app's own scripts in the bundle, relative to the source tree; absent where the image holds the files themselves. */
  sources?: string[];
  /**
   * It uses what this Node lacks: `util.isRegExp`, and the first major without that; by a package, `config 3.3.9`, or a file of
   * the app's own, relative to the root.
   */
  lacking?: { by: string; own?: true; uses: string; since: number };
}

export interface EngineResult {
  image: Image;
  /** argv of the image. */
  entrypoint: string[];
  baseDigest: Digest;
  layers: BuiltLayer[];
  bundle?: BundleSummary;
  /** Files outside the source directory's own tree whose change makes the result stale, absolute. */
  inputs: string[];
  /** Bytes of the node_modules that an unbundled image would carry; undefined when unknown. */
  modulesBytes?: number;
  /** By step. */
  timingsMs: Record<string, number>;
  /** For a build after an edit of the app's own code; absent where that would change more than its layers. */
  editBasis?: EditBasis;
}

export interface Engine {
  id: string;
  summary: string;
  /** The lowest that can do a plan and works here is taken. */
  rank: number;
  /** Step types it can do. */
  capabilities: readonly Step["type"][];
  /** Can it work on this machine? */
  probe(): Promise<{ ok: true } | { ok: false; reason: string; hint: string }>;
  build(plan: Plan, context: EngineContext): Promise<EngineResult>;
  /** With the capability `dockerfile`. */
  dockerfile?: DockerfileEngine;
}

export interface DockerfileEngine {
  /** Of the things that a Dockerfile may need, those it can do. */
  offers: readonly DockerfileNeed[];
  build(step: DockerfileStep, context: DockerfileContext): Promise<EngineResult>;
  /** It holds this image already, without a registry. */
  holds?(ref: string): Promise<boolean>;
}

export function defineEngine(engine: Engine): Engine {
  return engine;
}
