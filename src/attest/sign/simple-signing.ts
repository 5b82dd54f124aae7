/**
 * The older form of image signatures: an image under the tag `sha256-HEX.sig` whose layers are "simple signing" payloads and
 * whose layer annotations carry the signatures (cosign's SIGNATURE_SPEC.md, containers-signature(5)).
 */

import type { Bundle } from "@sigstore/bundle";
import { canonicalJson } from "../../base/canonical-json.ts";
import { type Digest, digestHex } from "../../base/digest.ts";
import { readAll } from "../../base/streams.ts";
import { blobOf } from "../../oci/blob.ts";
import { type Descriptor, MediaType } from "../../oci/descriptor.ts";
import type { ImageConfig, Manifest } from "../../oci/manifest.ts";
import type { ReadTarget, Target } from "../../oci/target.ts";
import { readManifest } from "../artifact.ts";
import type { ImageSigner } from "./bundle.ts";

export const SIMPLE_SIGNING_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";

export const SimpleAnnotation = {
  signature: "dev.cosignproject.cosign/signature",
  certificate: "dev.sigstore.cosign/certificate",
  chain: "dev.sigstore.cosign/chain",
  log: "dev.sigstore.cosign/bundle",
  timestamp: "dev.sigstore.cosign/rfc3161timestamp",
} as const;

/** What is signed. */
export interface SimplePayload {
  critical: {
    identity: { "docker-reference": string };
    image: { "docker-manifest-digest": Digest };
    type: "cosign container image signature";
  };
  optional: Record<string, string> | null;
}

/** `sha256-HEX.sig` */
export function signatureTag(subject: Digest): string {
  return `${subject.slice(0, subject.indexOf(":"))}-${digestHex(subject)}.sig`;
}

/** Signs in the older form and adds the signature to those that are there. @returns the signature image's descriptor */
export async function attachSimpleSignature(
  target: Target,
  subject: Digest,
  repository: string,
  signer: ImageSigner,
  annotations: Record<string, string> = {},
): Promise<Descriptor> {
  const payload: SimplePayload = {
    critical: {
      identity: { "docker-reference": repository },
      image: { "docker-manifest-digest": subject },
      type: "cosign container image signature",
    },
    optional: Object.keys(annotations).length > 0 ? annotations : null,
  };
  const blob = blobOf(canonicalJson(payload), SIMPLE_SIGNING_TYPE);
  const bundle = await signer.signPayload(Buffer.from(canonicalJson(payload)));
  const before = await readSimpleSignatures(target, subject);
  const layers = [...before, { ...blob.descriptor, annotations: layerAnnotations(bundle) }];
  const config: ImageConfig = {
    architecture: "",
    os: "",
    config: {},
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.digest) },
  };
  const configBlob = blobOf(canonicalJson(config), MediaType.ociConfig);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    config: configBlob.descriptor,
    layers,
  };
  const image = blobOf(canonicalJson(manifest), MediaType.ociManifest);
  await target.put(blob);
  await target.put(configBlob);
  await target.put(image);
  await target.tag(image.descriptor, signatureTag(subject));
  return image.descriptor;
}

/** The signatures in the older form: layer descriptors with their annotations; empty when there are none. */
export async function readSimpleSignatures(target: ReadTarget, subject: Digest): Promise<Descriptor[]> {
  const found = await target.resolve(signatureTag(subject));
  if (!found) return [];
  return (await readManifest(target, found)).layers.filter((layer) => layer.mediaType === SIMPLE_SIGNING_TYPE);
}

const PAYLOAD_LIMIT = 1024 * 1024;

export function readPayload(target: ReadTarget, layer: Descriptor): Promise<Uint8Array> {
  return readAll(target.open(layer), PAYLOAD_LIMIT, target.name);
}

function layerAnnotations(bundle: Bundle): Record<string, string> {
  if (bundle.content.$case !== "messageSignature") throw new TypeError("a simple signature is over a payload");
  const { content, tlogEntries, timestampVerificationData } = bundle.verificationMaterial;
  const out: Record<string, string> = {
    [SimpleAnnotation.signature]: bundle.content.messageSignature.signature.toString("base64"),
  };
  const certificate =
    content.$case === "certificate"
      ? content.certificate.rawBytes
      : content.$case === "x509CertificateChain"
        ? content.x509CertificateChain.certificates[0]?.rawBytes
        : undefined;
  if (certificate) out[SimpleAnnotation.certificate] = toPem(certificate);
  const entry = tlogEntries[0];
  if (entry?.inclusionPromise) {
    out[SimpleAnnotation.log] = JSON.stringify({
      SignedEntryTimestamp: entry.inclusionPromise.signedEntryTimestamp.toString("base64"),
      Payload: {
        body: entry.canonicalizedBody.toString("base64"),
        integratedTime: Number(entry.integratedTime),
        logIndex: Number(entry.logIndex),
        logID: entry.logId.keyId.toString("hex"),
      },
    });
  }
  const timestamp = timestampVerificationData?.rfc3161Timestamps[0];
  if (timestamp) {
    out[SimpleAnnotation.timestamp] = JSON.stringify({
      SignedRFC3161Timestamp: Buffer.from(timestamp.signedTimestamp).toString("base64"),
    });
  }
  return out;
}

function toPem(der: Uint8Array): string {
  const body = Buffer.from(der)
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}
