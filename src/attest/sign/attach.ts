/** Signs a statement about an image and puts it beside the image, as cosign 3 does. */
import type { Digest } from "../../base/digest.ts";
import type { Descriptor } from "../../oci/descriptor.ts";
import { type ArtifactTarget, attachArtifact } from "../artifact.ts";
import { PredicateType, type Statement, statementOf } from "../statement.ts";
import { BUNDLE_MEDIA_TYPE, type ImageSigner, serializeBundle } from "./bundle.ts";

export const BundleAnnotation = {
  content: "dev.sigstore.bundle.content",
  predicateType: "dev.sigstore.bundle.predicateType",
  created: "org.opencontainers.image.created",
} as const;

/** The statement of a plain signature: its predicate is empty. */
export function signatureStatement(subject: Digest, annotations?: Record<string, string>): Statement {
  const some = annotations && Object.keys(annotations).length > 0;
  return statementOf(subject, PredicateType.signature, {}, some ? { annotations } : {});
}

/** @returns the descriptor of the artifact that carries the bundle */
export async function attachStatement(
  target: ArtifactTarget,
  subject: Descriptor,
  statement: Statement,
  signer: ImageSigner,
  created: Date = new Date(),
): Promise<Descriptor> {
  const bundle = await signer.signStatement(statement);
  return attachArtifact(target, subject, {
    artifactType: BUNDLE_MEDIA_TYPE,
    content: serializeBundle(bundle),
    annotations: {
      [BundleAnnotation.content]: "dsse-envelope",
      [BundleAnnotation.predicateType]: statement.predicateType,
      [BundleAnnotation.created]: `${created.toISOString().slice(0, 19)}Z`,
    },
  });
}
