/** Public keys: how a bundle names them, and which hash goes with which. */
import { type BinaryLike, createHash, type KeyObject } from "node:crypto";
import type { Signer } from "@sigstore/sign";

/** Signs bytes, and says with which public key the signature is checked. */
export interface KeySigner extends Signer {
  publicKey: KeyObject;
}

export interface KeyOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Of an encrypted key; default COSIGN_PASSWORD. */
  password?: string;
  signal?: AbortSignal;
}

/** The key of a signature, for the log. */
export function keyMaterial(publicKey: KeyObject): { $case: "publicKey"; publicKey: string } {
  return { $case: "publicKey", publicKey: publicKeyPem(publicKey) };
}

export function publicKeyPem(publicKey: KeyObject): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

/** How a bundle names its key: the base64 SHA-256 of the SPKI DER, as in cosign's bundles. */
export function keyHint(publicKey: KeyObject): string {
  const der: BinaryLike = publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(der).digest("base64");
}

/** The hash that goes with a key: the size of the curve's, none for Ed25519 (it hashes by itself). */
export function signatureHash(publicKey: KeyObject): "sha256" | "sha384" | "sha512" | null {
  if (publicKey.asymmetricKeyType === "ed25519") return null;
  const curve = publicKey.asymmetricKeyDetails?.namedCurve;
  return curve === "secp384r1" ? "sha384" : curve === "secp521r1" ? "sha512" : "sha256";
}
