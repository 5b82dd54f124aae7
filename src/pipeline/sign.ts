/** Signing an image, and checking who signed one. */
import { join } from "node:path";
import type { ArtifactTarget } from "../attest/artifact.ts";
import { attachSignature, type SignatureForm } from "../attest/sign/attach-signature.ts";
import { createImageSigner, type SigningOptions } from "../attest/sign/bundle.ts";
import { type ImageVerification, verifyImage } from "../attest/verify/image.ts";
import { resolvePolicy, type SignaturePolicyInput } from "../attest/verify/policy.ts";
import { loadTrustedRoot } from "../attest/verify/trusted-root.ts";
import type { Digest } from "../base/digest.ts";
import { cacheDir } from "../base/dirs.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { openSubject, type SubjectSources } from "./subject.ts";

export interface SignRequest {
  signing: SigningOptions;
  form: SignatureForm;
  /** Signed with the rest. */
  annotations?: Record<string, string>;
}

export interface SignReport {
  image: string;
  digest: Digest;
  kind: "key" | "keyless";
  /** The bundle's artifact. */
  artifact?: Digest;
  /** The image under `sha256-….sig`. */
  signatureImage?: Digest;
}

/** Signs an image or an index; its manifest is not touched. @throws the errors of createImageSigner and openSubject */
export async function signImage(spec: string, request: SignRequest, sources: SubjectSources): Promise<SignReport> {
  const subject = await openSubject(spec, "write", sources);
  try {
    const signer = await createImageSigner(request.signing);
    const { target, descriptor, name } = subject;
    const { signature: artifact, signatureImage } = await attachSignature(
      target,
      descriptor,
      name,
      signer,
      request.form,
      request.annotations,
    );
    return {
      image: subject.spec,
      digest: descriptor.digest,
      kind: signer.kind,
      ...(artifact && { artifact }),
      ...(signatureImage && { signatureImage }),
    };
  } finally {
    await subject.close();
  }
}

export interface VerifyRequest {
  policy: SignaturePolicyInput;
  /** Check an attestation of this type instead of a signature. */
  predicateType?: string;
  /** Where the policy came from, for messages. */
  where?: string;
}

/** @throws SIGNATURE_MISSING and the codes of verifyBundle when nothing meets the policy */
export async function verifySignature(
  spec: string,
  request: VerifyRequest,
  sources: SubjectSources,
): Promise<ImageVerification & { image: string }> {
  const subject = await openSubject(spec, "read", sources);
  try {
    const result = await verifyAgainst(subject.target, subject.descriptor, request, sources);
    return { image: subject.spec, ...result };
  } finally {
    await subject.close();
  }
}

/**
 * Holds a manifest that is at hand against a policy: a base image before it is built on.
 * @throws as verifySignature; POLICY_INVALID
 */
export async function verifyAgainst(
  target: ArtifactTarget,
  descriptor: Descriptor,
  request: VerifyRequest,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<ImageVerification> {
  const policy = await resolvePolicy(request.policy, { cwd, env, ...(request.where && { where: request.where }) });
  let root: ReturnType<typeof loadTrustedRoot> | undefined;
  const trustedRoot = () => {
    root ??= loadTrustedRoot({
      cwd,
      cacheDir: join(cacheDir(env), "sigstore"),
      ...(policy.trustedRoot && { file: policy.trustedRoot }),
    });
    return root;
  };
  return verifyImage(target, descriptor, {
    policy,
    trust: { trustedRoot },
    ...(request.predicateType && { predicateType: request.predicateType }),
  });
}
