/** Artifacts that refer to an image: how they are written beside it, and read back. */
import { canonicalJson } from "../base/canonical-json.ts";
import type { Digest } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import { readAll } from "../base/streams.ts";
import { type Blob, blobOf } from "../oci/blob.ts";
import { type Descriptor, MediaType } from "../oci/descriptor.ts";
import type { Manifest } from "../oci/manifest.ts";
import { type Referrers, referrersOf } from "../oci/referrers.ts";
import type { ReadTarget, Target } from "../oci/target.ts";

export type ArtifactTarget = Target & Partial<Referrers>;

export interface Artifact {
  /** What kind it is: a media type. */
  artifactType: string;
  content: Uint8Array | string;
  /** Of the content; default the artifact type. */
  mediaType?: string;
  annotations?: Record<string, string>;
}

const MANIFEST_LIMIT = 4 * 1024 * 1024;
const CONTENT_LIMIT = 64 * 1024 * 1024;

/**
 * Stores an artifact beside the manifest it is about: image-spec 1.1 "manifest.md#guidelines-for-artifact-usage", one layer,
 * empty config, `subject`. The manifest itself stays what it is.
 * @returns the artifact's own descriptor
 */
export async function attachArtifact(
  target: ArtifactTarget,
  subject: Descriptor,
  artifact: Artifact,
): Promise<Descriptor> {
  const content = blobOf(artifact.content, artifact.mediaType ?? artifact.artifactType);
  const config = blobOf("{}", MediaType.ociEmpty);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    artifactType: artifact.artifactType,
    config: config.descriptor,
    layers: [content.descriptor],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...(artifact.annotations && { annotations: artifact.annotations }),
  };
  const blob: Blob = blobOf(canonicalJson(manifest), MediaType.ociManifest);
  await target.put(config);
  await target.put(content);
  await referrersOf(target).attach(blob);
  return blob.descriptor;
}

/** The artifacts about a manifest, in the order in which the target lists them. */
export async function listArtifacts(
  target: ArtifactTarget,
  subject: Digest,
  artifactType?: string,
): Promise<Descriptor[]> {
  return referrersOf(target).referrers(subject, artifactType);
}

/** The manifest of an artifact. @throws ARTIFACT_INVALID */
export async function readManifest(target: ReadTarget, descriptor: Descriptor): Promise<Manifest> {
  const bytes = await readAll(target.open(descriptor), MANIFEST_LIMIT, target.name);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(Buffer.from(bytes).toString("utf8")) as Manifest;
  } catch (cause) {
    throw invalid("its manifest is not JSON", target, descriptor, cause);
  }
  if (!Array.isArray(manifest.layers)) throw invalid("its manifest has no layers", target, descriptor);
  return manifest;
}

/** The content of an artifact's only layer. @throws ARTIFACT_INVALID */
export async function readArtifact(
  target: ReadTarget,
  descriptor: Descriptor,
): Promise<{ manifest: Manifest; mediaType: string; content: Uint8Array }> {
  const manifest = await readManifest(target, descriptor);
  const layer = manifest.layers[0];
  if (!layer || manifest.layers.length !== 1) {
    throw invalid(`it has ${manifest.layers.length} layers instead of one`, target, descriptor);
  }
  return {
    manifest,
    mediaType: layer.mediaType,
    content: await readAll(target.open(layer), CONTENT_LIMIT, target.name),
  };
}

function invalid(why: string, target: ReadTarget, descriptor: Descriptor, cause?: unknown): KnbuildError {
  return new KnbuildError({
    code: "ARTIFACT_INVALID",
    message: `an artifact of the image cannot be read: ${why}`,
    where: `${target.name}@${descriptor.digest}`,
    cause,
  });
}
