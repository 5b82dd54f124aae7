/** Checks one signature against a policy. Every way to fail has its own code. */
import { createPublicKey, type KeyObject, verify as verifyRaw, X509Certificate } from "node:crypto";
import type { Bundle } from "@sigstore/bundle";
import type { TrustedRoot } from "@sigstore/protobuf-specs";
import type { SignedEntity } from "@sigstore/verify";
import { errorMessage, KnbuildError } from "../../base/errors.ts";
import { keyHint, signatureHash } from "../sign/key-material.ts";
import { type AcceptedIdentity, matches, type SignaturePolicy } from "./policy.ts";

/** Who signed. */
export type VerifiedSigner = { kind: "key"; keyHint: string } | { kind: "identity"; identity: string; issuer: string };

export interface VerifiedBundle {
  signer: VerifiedSigner;
  /** In a transparency log whose word was checked. */
  logged: boolean;
  /** ISO 8601, from a timestamp authority or the log; absent where a key alone vouches. */
  signedAt?: string;
}

export interface TrustSource {
  /** Asked only when a certificate, a log entry or a timestamp must be judged. */
  trustedRoot(): Promise<TrustedRoot>;
}

/**
 * @param artifact the bytes that were signed, for a bundle that does not carry them
 * @throws SIGNATURE_INVALID, SIGNATURE_KEY_MISMATCH, CERTIFICATE_UNTRUSTED, CERTIFICATE_EXPIRED, IDENTITY_MISMATCH,
 * ISSUER_MISMATCH, LOG_ENTRY_MISSING, LOG_ENTRY_INVALID, TIMESTAMP_MISSING, TIMESTAMP_INVALID, BUNDLE_INVALID
 */
export async function verifyBundle(
  bundle: Bundle,
  policy: SignaturePolicy,
  trust: TrustSource,
  artifact?: Buffer,
): Promise<VerifiedBundle> {
  const { toSignedEntity } = await import("./sigstore-verify.ts");
  let entity: SignedEntity;
  try {
    entity = toSignedEntity(bundle, artifact);
  } catch (cause) {
    throw refuse("BUNDLE_INVALID", `the bundle cannot be read: ${errorMessage(cause)}`, cause);
  }
  return entity.key.$case === "public-key"
    ? verifyWithKeys(entity, entity.key.hint, bundle, policy, trust, artifact)
    : verifyWithCertificate(entity, bundle, policy, trust);
}

async function verifyWithKeys(
  entity: SignedEntity,
  hint: string,
  bundle: Bundle,
  policy: SignaturePolicy,
  trust: TrustSource,
  artifact: Buffer | undefined,
): Promise<VerifiedBundle> {
  if (policy.keys.length === 0)
    throw refuse("SIGNATURE_KEY_MISMATCH", "signed with a key; the policy accepts identities only");
  const bytes = signedBytes(bundle, artifact);
  const key = policy.keys.find((candidate) => signatureFits(candidate, bytes, entity.signature.signature));
  if (!key) {
    // The hint is not signed: it only chooses the words.
    if (hint && policy.keys.every((candidate) => keyHint(candidate) !== hint)) {
      throw refuse("SIGNATURE_KEY_MISMATCH", "signed with another key than those of the policy");
    }
    throw refuse("SIGNATURE_INVALID", "the signature is not that of this content");
  }
  if (policy.log !== "require") return { signer: { kind: "key", keyHint: keyHint(key) }, logged: false };
  const { toTrustMaterial, Verifier } = await import("./sigstore-verify.ts");
  const material = toTrustMaterial(await trust.trustedRoot(), () => ({ publicKey: key, validFor: () => true }));
  const checked: SignedEntity = { ...entity, signature: withHashOfKey(entity, bytes) };
  run(
    () => new Verifier(material, { tlogThreshold: 1, ctlogThreshold: 0, timestampThreshold: 0 }).verify(checked),
    bundle,
  );
  return { signer: { kind: "key", keyHint: keyHint(key) }, logged: true, ...signedAt(entity) };
}

async function verifyWithCertificate(
  entity: SignedEntity,
  bundle: Bundle,
  policy: SignaturePolicy,
  trust: TrustSource,
): Promise<VerifiedBundle> {
  if (policy.identities.length === 0) {
    throw refuse("SIGNATURE_KEY_MISMATCH", "signed with an identity; the policy accepts keys only");
  }
  const { toTrustMaterial, Verifier } = await import("./sigstore-verify.ts");
  const root = await trust.trustedRoot();
  const logThreshold = policy.log === "ignore" ? 0 : 1;
  const checked = logThreshold === 0 ? { ...entity, tlogEntries: [], timestamps: authorityTimestamps(entity) } : entity;
  if (logThreshold === 1 && entity.tlogEntries.length === 0) {
    throw refuse("LOG_ENTRY_MISSING", "the signature is in no transparency log");
  }
  if (checked.timestamps.length === 0) {
    throw refuse("TIMESTAMP_MISSING", "nothing says when the certificate was used: it has no timestamp");
  }
  const verifier = new Verifier(toTrustMaterial(root), {
    tlogThreshold: logThreshold,
    ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
    timestampThreshold: 1,
  });
  const signer = run(() => verifier.verify(checked), bundle);
  const identity = signer.identity?.subjectAlternativeName ?? "";
  const issuer = signer.identity?.extensions?.issuer ?? "";
  const named = policy.identities.filter((accepted) => matches(accepted.subject, identity));
  const vouched = (accepted: AcceptedIdentity) => accepted.issuers.some((pattern) => matches(pattern, issuer));
  if (!policy.identities.some(vouched)) {
    throw refuse(
      "ISSUER_MISMATCH",
      `signed by ${identity}, vouched for by ${issuer || "nobody"}: not an issuer of the policy`,
    );
  }
  if (!named.some(vouched)) {
    throw refuse("IDENTITY_MISMATCH", `signed by ${identity || "nobody"} (${issuer}): not an identity of the policy`);
  }
  return { signer: { kind: "identity", identity, issuer }, logged: logThreshold === 1, ...signedAt(checked) };
}

const CODES: Readonly<Record<string, string>> = {
  SIGNATURE_ERROR: "SIGNATURE_INVALID",
  PUBLIC_KEY_ERROR: "SIGNATURE_KEY_MISMATCH",
  CERTIFICATE_ERROR: "CERTIFICATE_UNTRUSTED",
  TIMESTAMP_ERROR: "TIMESTAMP_INVALID",
  TLOG_ERROR: "LOG_ENTRY_MISSING",
  TLOG_MISSING_INCLUSION_ERROR: "LOG_ENTRY_MISSING",
  TLOG_BODY_ERROR: "LOG_ENTRY_INVALID",
  TLOG_INCLUSION_PROOF_ERROR: "LOG_ENTRY_INVALID",
  TLOG_INCLUSION_PROMISE_ERROR: "LOG_ENTRY_INVALID",
};

function run<T>(task: () => T, bundle: Bundle): T {
  try {
    return task();
  } catch (error) {
    const code = CODES[(error as { code?: string }).code ?? ""];
    if (code === "CERTIFICATE_UNTRUSTED" && outsideValidity(bundle)) {
      throw refuse("CERTIFICATE_EXPIRED", "the certificate was not valid when the signature was made", error);
    }
    throw refuse(code ?? "BUNDLE_INVALID", `the signature was refused: ${errorMessage(error)}`, error);
  }
}

/** Whether a time that the bundle itself names lies outside the leaf certificate's validity. */
function outsideValidity(bundle: Bundle): boolean {
  const { content, tlogEntries } = bundle.verificationMaterial;
  const raw =
    content.$case === "certificate"
      ? content.certificate.rawBytes
      : content.$case === "x509CertificateChain"
        ? content.x509CertificateChain.certificates[0]?.rawBytes
        : undefined;
  if (!raw) return false;
  const certificate = new X509Certificate(raw);
  const times = tlogEntries.map((entry) => Number(entry.integratedTime) * 1000).filter((time) => time > 0);
  if (times.length === 0) times.push(Date.now());
  return times.some((time) => time < Date.parse(certificate.validFrom) || time > Date.parse(certificate.validTo));
}

function authorityTimestamps(entity: SignedEntity): SignedEntity["timestamps"] {
  return entity.timestamps.filter((timestamp) => timestamp.$case === "timestamp-authority");
}

function signedAt(entity: SignedEntity): { signedAt?: string } {
  for (const timestamp of entity.timestamps) {
    if (timestamp.$case === "timestamp-authority") return { signedAt: timestamp.timestamp.signingTime.toISOString() };
    const seconds = Number(timestamp.tlogEntry.integratedTime);
    if (seconds > 0) return { signedAt: new Date(seconds * 1000).toISOString() };
  }
  return {};
}

/** What the signature is over: DSSE's pre-authentication encoding, or the artifact itself. */
function signedBytes(bundle: Bundle, artifact: Buffer | undefined): Buffer {
  if (bundle.content.$case === "messageSignature") return artifact ?? Buffer.alloc(0);
  const { payloadType, payload } = bundle.content.dsseEnvelope;
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `),
    payload,
  ]);
}

/** Tools differ in the hash they use with the larger curves: the curve's own, or SHA-256. */
function signatureFits(key: KeyObject, data: Buffer, signature: Buffer): boolean {
  const hashes = new Set([signatureHash(key), key.asymmetricKeyType === "ed25519" ? null : "sha256"]);
  for (const hash of hashes) {
    try {
      if (verifyRaw(hash, data, key, signature)) return true;
    } catch {
      // A signature of another algorithm does not even parse.
    }
  }
  return false;
}

function withHashOfKey(entity: SignedEntity, bytes: Buffer): SignedEntity["signature"] {
  const { signature } = entity;
  return {
    signature: signature.signature,
    compareSignature: (other) => signature.compareSignature(other),
    compareDigest: (digest) => signature.compareDigest(digest),
    verifySignature: (key) =>
      signatureFits(createPublicKey(key.export({ type: "spki", format: "pem" })), bytes, signature.signature),
  };
}

function refuse(code: string, message: string, cause?: unknown): KnbuildError {
  return new KnbuildError({ code, message, cause });
}
