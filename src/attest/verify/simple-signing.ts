/** Reads a signature of the older form back into a bundle, so that one verifier judges both. */
import { createHash, X509Certificate } from "node:crypto";
import type { Bundle } from "@sigstore/bundle";
import type { Digest } from "../../base/digest.ts";
import { errorMessage, KnbuildError } from "../../base/errors.ts";
import type { Descriptor } from "../../oci/descriptor.ts";
import { SimpleAnnotation, type SimplePayload } from "../sign/simple-signing.ts";

/** @throws BUNDLE_INVALID for annotations that cannot be read; SIGNATURE_SUBJECT_MISMATCH for another image's payload */
export function bundleOfSimpleSignature(layer: Descriptor, payload: Uint8Array, subject: Digest): Bundle {
  const annotations = layer.annotations ?? {};
  let signed: Partial<SimplePayload>;
  let bundle: Bundle;
  try {
    signed = JSON.parse(Buffer.from(payload).toString("utf8")) as Partial<SimplePayload>;
    bundle = toBundle(annotations, payload);
  } catch (cause) {
    throw new KnbuildError({
      code: "BUNDLE_INVALID",
      message: `a signature of the older form cannot be read: ${errorMessage(cause)}`,
      cause,
    });
  }
  const about = signed.critical?.image?.["docker-manifest-digest"];
  if (about !== subject) {
    throw new KnbuildError({
      code: "SIGNATURE_SUBJECT_MISMATCH",
      message: `the signature is about ${about ?? "nothing"}, not about ${subject}`,
    });
  }
  return bundle;
}

interface LogBundle {
  SignedEntryTimestamp: string;
  Payload: { body: string; integratedTime: number; logIndex: number; logID: string };
}

function toBundle(annotations: Record<string, string>, payload: Uint8Array): Bundle {
  const signature = Buffer.from(annotations[SimpleAnnotation.signature] ?? "", "base64");
  if (signature.length === 0) throw new Error("it carries no signature");
  const pem = annotations[SimpleAnnotation.certificate];
  const log = annotations[SimpleAnnotation.log];
  const timestamp = annotations[SimpleAnnotation.timestamp];
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    content: {
      $case: "messageSignature",
      messageSignature: {
        messageDigest: { algorithm: 1, digest: createHash("sha256").update(payload).digest() },
        signature,
      },
    },
    verificationMaterial: {
      content: pem
        ? { $case: "certificate", certificate: { rawBytes: new X509Certificate(pem).raw } }
        : { $case: "publicKey", publicKey: { hint: "" } },
      tlogEntries: log ? [logEntry(JSON.parse(log) as LogBundle)] : [],
      timestampVerificationData: {
        rfc3161Timestamps: timestamp
          ? [
              {
                signedTimestamp: Buffer.from(
                  (JSON.parse(timestamp) as { SignedRFC3161Timestamp: string }).SignedRFC3161Timestamp,
                  "base64",
                ),
              },
            ]
          : [],
      },
    },
  } as Bundle;
}

function logEntry({ SignedEntryTimestamp, Payload }: LogBundle) {
  const body = Buffer.from(Payload.body, "base64");
  const { kind, apiVersion } = JSON.parse(body.toString("utf8")) as { kind: string; apiVersion: string };
  return {
    logIndex: String(Payload.logIndex),
    logId: { keyId: Buffer.from(Payload.logID, "hex") },
    kindVersion: { kind, version: apiVersion },
    integratedTime: String(Payload.integratedTime),
    inclusionPromise: { signedEntryTimestamp: Buffer.from(SignedEntryTimestamp, "base64") },
    inclusionProof: undefined,
    canonicalizedBody: body,
  };
}
