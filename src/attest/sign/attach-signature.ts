/** A plain signature of an image, in the form or forms that were asked for. */
import type { Digest } from "../../base/digest.ts";
import type { Descriptor } from "../../oci/descriptor.ts";
import type { ArtifactTarget } from "../artifact.ts";
import { attachStatement, signatureStatement } from "./attach.ts";
import type { ImageSigner } from "./bundle.ts";
import { attachSimpleSignature } from "./simple-signing.ts";

/** `bundle`: an OCI referrer, as cosign 3 writes it; `tag`: the older `sha256-….sig`. */
export type SignatureForm = "bundle" | "tag" | "both";

export interface AttachedSignature {
  /** The bundle's artifact. */
  signature?: Digest;
  /** The image under `sha256-….sig`. */
  signatureImage?: Digest;
}

/** @param repository name without tag, which the older form says in what is signed */
export async function attachSignature(
  target: ArtifactTarget,
  subject: Descriptor,
  repository: string,
  signer: ImageSigner,
  form: SignatureForm = "bundle",
  annotations?: Record<string, string>,
): Promise<AttachedSignature> {
  const attached: AttachedSignature = {};
  if (form !== "tag") {
    const statement = signatureStatement(subject.digest, annotations);
    attached.signature = (await attachStatement(target, subject, statement, signer)).digest;
  }
  if (form !== "bundle") {
    const image = await attachSimpleSignature(target, subject.digest, repository, signer, annotations);
    attached.signatureImage = image.digest;
  }
  return attached;
}
