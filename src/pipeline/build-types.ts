/** What a build is asked and what it answers. The answer is the JSON of `knbuild build --json`. */

import type { Digest } from "../base/digest.ts";
import type { Emit } from "../base/events.ts";
import type { BundleSession } from "../bundle/session.ts";
import type { Reference } from "../oci/reference.ts";
import type { OutputReport, OutputRequest } from "../outputs/types.ts";
import type { LayerKind } from "../plan/types.ts";
import type { RegistryClient, RegistryClientOptions } from "../registry/client.ts";
import type { AttestReport } from "./attest.ts";
import type { BuildAttestOptions } from "./build-attest.ts";

export interface BuildOptions {
  /** Directory to build; relative to `cwd`. */
  dir: string;
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Configuration keys that override file and environment. */
  overrides?: Record<string, unknown>;
  /** Configuration file to read instead of the directory's own. */
  configFile?: string | undefined;
  /** References that the image shall bear. */
  tags?: readonly string[];
  /** Push to the registries of its names. */
  push?: boolean;
  outputs?: readonly OutputRequest[];
  /** Fail when knbuild.lock would change. */
  locked?: boolean;
  /** Check the source against the contract first; errors stop the build. Default true. */
  lint?: boolean;
  /** What to put beside the image at its registries, layouts or the store, before what the configuration says. */
  attest?: BuildAttestOptions | undefined;
  /** Id of the engine; default: the first that can do the plan. */
  engine?: string | undefined;
  /** Do everything again, whatever is cached as done. */
  fresh?: boolean;
  /** Command line, behind the program's name, that this build answers: the same one finds the answer by it, while it holds. */
  call?: readonly string[] | undefined;
  cacheDir?: string;
  /** Made when the first registry is spoken to. */
  registry?: RegistryClientOptions | (() => RegistryClient);
  emit?: Emit;
  signal?: AbortSignal;
  /** Kept from build to build by whoever builds the same directory again and again. */
  session?: BuildSession;
}

export interface BuildSession {
  bundle: BundleSession;
  /** What the last build looked at outside of its directory, absolute; written by it. */
  inputs: readonly string[];
}

export interface BuildReport {
  /** First name of the image. */
  name: string;
  digest: Digest;
  /** `linux/amd64`. */
  platform: string;
  buildpack: string;
  base: { ref: string; digest: Digest };
  layers: { digest: Digest; diffId: Digest; size: number; kind: LayerKind; cached: boolean }[];
  bundle: { bundled: string[]; external: { name: string; reason: string }[] };
  outputs: OutputReport[];
  timingsMs: Record<string, number>;
  warnings: string[];
  /** What was put beside the image, by place. */
  attestations?: (AttestReport & { at: string })[];
  /** Nothing had changed since the last build: nothing was done. */
  unchanged: boolean;
  /** Bytes of node_modules, where there is one. */
  modulesBytes?: number;
  /** argv of the image. */
  entrypoint: string[];
}

/** What is remembered of a build: the answer, and what its outputs were asked. */
export interface KeptBuild {
  report: BuildReport;
  names: Reference[];
  requests: OutputRequest[];
}
