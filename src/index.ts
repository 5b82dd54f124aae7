/**
 * knbuild as a library. Nothing here prints or exits: failures are `KnbuildError`s, progress arrives as events.
 *
 *     import { build } from "knbuild";
 *     const report = await build({ dir: "./app", tags: ["registry.example/app:v1"], push: true });
 */

export type { Digest } from "./base/digest.ts";
export { type ExitCode, isKnbuildError, KnbuildError, type KnbuildErrorOptions } from "./base/errors.ts";
export type { Emit, KnbuildEvent } from "./base/events.ts";
export type { Finding, Fix, Location, Severity } from "./check/types.ts";
export type { Config, ConfigInput } from "./config/schema.ts";
export type { Blob, Layer } from "./oci/blob.ts";
export { type CopyOptions, type CopyReport, copy } from "./oci/copy.ts";
export type { Descriptor } from "./oci/descriptor.ts";
export type { Image } from "./oci/image.ts";
export { formatReference, parseReference, type Reference } from "./oci/reference.ts";
export { imageOf } from "./oci/remote-image.ts";
export type { ReadTarget, Target } from "./oci/target.ts";
export { build } from "./pipeline/build.ts";
export type { BuildOptions, BuildReport } from "./pipeline/build-types.ts";
export { detect } from "./pipeline/detect.ts";
export { type InspectedImage, inspectImage } from "./pipeline/inspect.ts";
export { nodeBases } from "./pipeline/node-bases.ts";
export { plan } from "./pipeline/plan.ts";
export { type RunOptions, type RunSession, run } from "./pipeline/run.ts";
export { sbomOfDirectory, sbomOfImage } from "./pipeline/sbom.ts";
export { signImage, verifySignature } from "./pipeline/sign.ts";
export { lintSource } from "./pipeline/source-lint.ts";
export type { Plan } from "./plan/types.ts";
export { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "./registry/client.ts";
export { openLayout } from "./store/layout.ts";
export { openStore } from "./store/store.ts";
