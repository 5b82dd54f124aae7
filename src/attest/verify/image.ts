/** Finds the signatures and attestations of an image and judges each. */
import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import type { Digest } from "../../base/digest.ts";
import { errorMessage, isKnbuildError, KnbuildError } from "../../base/errors.ts";
import type { Descriptor } from "../../oci/descriptor.ts";
import { type ArtifactTarget, listArtifacts, readArtifact } from "../artifact.ts";
import { BUNDLE_MEDIA_TYPE } from "../sign/bundle.ts";
import { readPayload, readSimpleSignatures } from "../sign/simple-signing.ts";
import { IN_TOTO_PAYLOAD, isAbout, PredicateType, parseStatement, type Statement } from "../statement.ts";
import { type TrustSource, type VerifiedBundle, verifyBundle } from "./bundle.ts";
import type { SignaturePolicy } from "./policy.ts";
import { bundleOfSimpleSignature } from "./simple-signing.ts";

export interface VerifiedStatement extends VerifiedBundle {
  /** Where it lies: the artifact's digest, or the layer's for the older form. */
  digest: Digest;
  form: "bundle" | "simple";
  predicateType: string;
  /** Absent for the older form. */
  statement?: Statement;
}

export interface RefusedStatement {
  digest: Digest;
  code: string;
  message: string;
}

export interface ImageVerification {
  subject: Digest;
  verified: VerifiedStatement[];
  refused: RefusedStatement[];
}

export interface VerifyImageOptions {
  policy: SignaturePolicy;
  trust: TrustSource;
  /** Which statements count; default: plain signatures. */
  predicateType?: string;
}

/**
 * At least one signature (or attestation of the asked type) meets the policy, or it throws.
 * @throws SIGNATURE_MISSING; with one candidate, its own code (see verifyBundle, SIGNATURE_SUBJECT_MISMATCH,
 * STATEMENT_INVALID); with several that fail in different ways, SIGNATURES_REFUSED
 */
export async function verifyImage(
  target: ArtifactTarget,
  subject: Descriptor,
  options: VerifyImageOptions,
): Promise<ImageVerification> {
  const wanted = options.predicateType ?? PredicateType.signature;
  const verified: VerifiedStatement[] = [];
  const refused: RefusedStatement[] = [];
  async function judge(digest: Digest, task: () => Promise<VerifiedStatement | undefined>): Promise<void> {
    try {
      const result = await task();
      if (result) verified.push(result);
    } catch (error) {
      if (!isKnbuildError(error) || ENVIRONMENT.has(error.code)) throw error;
      refused.push({ digest, code: error.code, message: error.message });
    }
  }
  for (const artifact of await listArtifacts(target, subject.digest, BUNDLE_MEDIA_TYPE)) {
    await judge(artifact.digest, () => judgeBundle(target, artifact, subject.digest, wanted, options));
  }
  if (wanted === PredicateType.signature) {
    for (const layer of await readSimpleSignatures(target, subject.digest)) {
      await judge(layer.digest, () => judgeSimple(target, layer, subject.digest, options));
    }
  }
  if (verified.length === 0) throw nothingVerified(target.name, subject.digest, wanted, refused);
  return { subject: subject.digest, verified, refused };
}

/** These say nothing about the signature: they end the whole check. */
const ENVIRONMENT = new Set(["TRUSTED_ROOT_INVALID", "TRUSTED_ROOT_UNAVAILABLE", "INTERRUPTED"]);

async function judgeBundle(
  target: ArtifactTarget,
  artifact: Descriptor,
  subject: Digest,
  wanted: string,
  options: VerifyImageOptions,
): Promise<VerifiedStatement | undefined> {
  const { content, manifest } = await readArtifact(target, artifact);
  const bundle = parseBundle(content);
  if (bundle.content.$case !== "dsseEnvelope") {
    throw new KnbuildError({ code: "BUNDLE_INVALID", message: "the bundle carries no statement" });
  }
  const { payloadType, payload } = bundle.content.dsseEnvelope;
  // Judged before the signature is: another kind of statement is not a bad signature. Nothing of it is believed yet.
  const claimed = manifest.annotations?.["dev.sigstore.bundle.predicateType"];
  if (claimed !== undefined && claimed !== wanted) return undefined;
  const result = await verifyBundle(bundle, options.policy, options.trust);
  if (payloadType !== IN_TOTO_PAYLOAD) {
    throw new KnbuildError({
      code: "STATEMENT_INVALID",
      message: `what was signed is ${payloadType}: no in-toto statement`,
    });
  }
  const statement = parseStatement(payload);
  if (statement.predicateType !== wanted) return undefined;
  if (!isAbout(statement, subject)) {
    throw new KnbuildError({
      code: "SIGNATURE_SUBJECT_MISMATCH",
      message: `the statement is about another manifest than ${subject}`,
    });
  }
  return { ...result, digest: artifact.digest, form: "bundle", predicateType: statement.predicateType, statement };
}

async function judgeSimple(
  target: ArtifactTarget,
  layer: Descriptor,
  subject: Digest,
  options: VerifyImageOptions,
): Promise<VerifiedStatement> {
  const payload = Buffer.from(await readPayload(target, layer));
  const bundle = bundleOfSimpleSignature(layer, payload, subject);
  const result = await verifyBundle(bundle, options.policy, options.trust, payload);
  return { ...result, digest: layer.digest, form: "simple", predicateType: PredicateType.signature };
}

/** @throws BUNDLE_INVALID */
export function parseBundle(content: Uint8Array): Bundle {
  try {
    return bundleFromJSON(JSON.parse(Buffer.from(content).toString("utf8")));
  } catch (cause) {
    throw new KnbuildError({
      code: "BUNDLE_INVALID",
      message: `the bundle cannot be read: ${errorMessage(cause)}`,
      cause,
    });
  }
}

function nothingVerified(where: string, subject: Digest, wanted: string, refused: RefusedStatement[]): KnbuildError {
  const what = wanted === PredicateType.signature ? "signature" : `attestation of type ${wanted}`;
  const first = refused[0];
  if (!first) {
    return new KnbuildError({
      code: "SIGNATURE_MISSING",
      message: `the image has no ${what}`,
      where: `${where}@${subject}`,
    });
  }
  const same = refused.every((one) => one.code === first.code);
  return new KnbuildError({
    code: same ? first.code : "SIGNATURES_REFUSED",
    message:
      refused.length === 1
        ? first.message
        : `none of ${refused.length} candidates is a ${what} that the policy accepts`,
    where: `${where}@${subject}`,
    ...(refused.length > 1 && { detail: refused.map((r) => `${r.digest}  ${r.code}: ${r.message}`).join("\n") }),
  });
}
