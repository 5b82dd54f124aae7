/**
 * knbuild as a library. Nothing here prints or exits: failures are `KnbuildError`s, progress arrives as events.
 *
 *     import { build } from "knbuild";
 *     const report = await build({ dir: "./app", tags: ["registry.example/app:v1"], push: true });
 */

export type { SourceFiles } from "./analysis/project.ts";
export type { HashName, PackageKind, SbomFormat, SbomInput, SbomPackage } from "./attest/sbom/types.ts";
export type { SignatureForm } from "./attest/sign/attach-signature.ts";
export type { SigningOptions, SigstoreServices } from "./attest/sign/bundle.ts";
export type { Statement, StatementSubject } from "./attest/statement.ts";
export type { VerifiedBundle, VerifiedSigner } from "./attest/verify/bundle.ts";
export type { ImageVerification, RefusedStatement, VerifiedStatement } from "./attest/verify/image.ts";
export type { SignaturePolicyInput } from "./attest/verify/policy.ts";
export type { Digest } from "./base/digest.ts";
export { type ExitCode, isKnbuildError, KnbuildError, type KnbuildErrorOptions } from "./base/errors.ts";
export type { Emit, KnbuildEvent } from "./base/events.ts";
export type { ByteStream, Reading } from "./base/streams.ts";
export type { Finding, Fix, Location, Region, Severity, TextEdit } from "./check/types.ts";
export type { Config, ConfigInput } from "./config/schema.ts";
export type { Blob, ContentLocation, Layer } from "./oci/blob.ts";
export { type CopiedBlob, type CopyOptions, type CopyReport, copy } from "./oci/copy.ts";
export type { Descriptor } from "./oci/descriptor.ts";
export type { Image } from "./oci/image.ts";
export type { HistoryEntry, ImageConfig, Index, Manifest, RuntimeConfig } from "./oci/manifest.ts";
export type { Platform } from "./oci/platform.ts";
export { formatReference, parseReference, type Reference } from "./oci/reference.ts";
export { imageOf } from "./oci/remote-image.ts";
export type { BlobAction, Expected, PutHints, PutResult, ReadTarget, Target, TransferStats } from "./oci/target.ts";
export type { OutputReport, OutputRequest } from "./outputs/types.ts";
export type { AttestReport } from "./pipeline/attest.ts";
export { build } from "./pipeline/build.ts";
export type { BuildAttestOptions } from "./pipeline/build-attest.ts";
export type { BuildOptions, BuildReport, BuildSession } from "./pipeline/build-types.ts";
export { type DetectCandidate, type DetectReport, detect } from "./pipeline/detect.ts";
export { type ImageSources, type InspectedImage, inspectImage } from "./pipeline/inspect.ts";
export { nodeBases } from "./pipeline/node-bases.ts";
export { type PlanRequest, plan } from "./pipeline/plan.ts";
export { type RunOptions, type RunSession, run } from "./pipeline/run.ts";
export { type RunWatchHandlers, runWatch, type Swap } from "./pipeline/run-watch.ts";
export { type SbomDocument, sbomOfDirectory, sbomOfImage } from "./pipeline/sbom.ts";
export { type SignReport, type SignRequest, signImage, type VerifyRequest, verifySignature } from "./pipeline/sign.ts";
export { lintSource, type SourceLintOptions } from "./pipeline/source-lint.ts";
export type { SubjectSources } from "./pipeline/subject.ts";
export { type Rebuild, type WatchHandlers, watchBuild } from "./pipeline/watch.ts";
export type * from "./plan/types.ts";
export { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "./registry/client.ts";
export type { Credential, CredentialSource, FoundCredential } from "./registry/credentials.ts";
export type { Place } from "./registry/mirrors/places.ts";
export type { Mirror, MirrorRule, MirrorsConfig } from "./registry/mirrors/rules.ts";
export type { RegistryRepository } from "./registry/repository.ts";
export type { RetryPolicy } from "./registry/retry.ts";
export type { Reached, Timeouts } from "./registry/transport.ts";
export type { ExitStatus, LogLine, RunningContainer, StopKind, StopReport } from "./sandbox/types.ts";
export type { IgnoreRules } from "./source/ignore.ts";
export type { WalkedEntry } from "./source/walk.ts";
export { type Layout, openLayout } from "./store/layout.ts";
export { openStore, type Store } from "./store/store.ts";
