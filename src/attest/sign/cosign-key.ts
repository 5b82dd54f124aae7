/**
 * cosign's private key files: PEM "ENCRYPTED SIGSTORE PRIVATE KEY" around JSON that names scrypt as the key derivation and
 * NaCl's secretbox as the cipher of a PKCS #8 key.
 */
import { createPrivateKey, type KeyObject, randomBytes, scrypt } from "node:crypto";
import nacl from "tweetnacl";
import { type KnbuildError, usageError } from "../../base/errors.ts";

const PEM =
  /-----BEGIN ENCRYPTED (SIGSTORE|COSIGN) PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END ENCRYPTED \1 PRIVATE KEY-----/;

interface EncryptedKey {
  kdf: { name: string; params: { N: number; r: number; p: number }; salt: string };
  cipher: { name: string; nonce: string };
  ciphertext: string;
}

export function isCosignKey(pem: string): boolean {
  return PEM.test(pem);
}

/**
 * Opens an encrypted key file. An empty password is a password.
 * @throws SIGNING_KEY_INVALID for another format; SIGNING_KEY_PASSWORD for a wrong or missing password
 */
export async function openCosignKey(pem: string, password: string | undefined, where: string): Promise<KeyObject> {
  if (password === undefined) {
    throw usageError(
      "SIGNING_KEY_PASSWORD",
      "the signing key is encrypted and no password was given",
      "Put the key's password into COSIGN_PASSWORD (an empty one is one too).",
      where,
    );
  }
  const key = parse(pem, where);
  const { N, r, p } = key.kdf.params;
  // The file says how much work to do: at most what cosign itself uses, times four.
  if (!(N > 1 && r > 0 && p > 0 && N * r * p <= 4 * 65536 * 8)) {
    throw invalid(`scrypt with N=${N} r=${r} p=${p} is not supported`, where);
  }
  const secret = await derive(password, Buffer.from(key.kdf.salt, "base64"), N, r, p);
  const der = nacl.secretbox.open(
    Buffer.from(key.ciphertext, "base64"),
    Buffer.from(key.cipher.nonce, "base64"),
    secret,
  );
  if (!der) {
    throw usageError(
      "SIGNING_KEY_PASSWORD",
      "the password does not open the signing key",
      "Check COSIGN_PASSWORD.",
      where,
    );
  }
  return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
}

/** Writes a key file that cosign reads, with its own parameters. */
export async function sealCosignKey(key: KeyObject, password: string): Promise<string> {
  const params = { N: 65536, r: 8, p: 1 };
  const salt = randomBytes(32);
  const nonce = randomBytes(24);
  const secret = await derive(password, salt, params.N, params.r, params.p);
  const ciphertext = nacl.secretbox(key.export({ type: "pkcs8", format: "der" }), nonce, secret);
  const json: EncryptedKey = {
    kdf: { name: "scrypt", params, salt: salt.toString("base64") },
    cipher: { name: "nacl/secretbox", nonce: nonce.toString("base64") },
    ciphertext: Buffer.from(ciphertext).toString("base64"),
  };
  const body = Buffer.from(JSON.stringify(json))
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n${body}\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n`;
}

function parse(pem: string, where: string): EncryptedKey {
  const body = PEM.exec(pem)?.[2];
  if (!body) throw invalid("it is not an encrypted cosign key", where);
  let key: EncryptedKey;
  try {
    key = JSON.parse(Buffer.from(body, "base64").toString("utf8")) as EncryptedKey;
  } catch {
    throw invalid("its content is not JSON", where);
  }
  if (key.kdf?.name !== "scrypt" || key.cipher?.name !== "nacl/secretbox") {
    throw invalid(`${key.kdf?.name} with ${key.cipher?.name} is not supported`, where);
  }
  return key;
}

function derive(password: string, salt: Uint8Array, N: number, r: number, p: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { N, r, p, maxmem: 256 * N * r + 1024 * 1024 }, (error, secret) =>
      error ? reject(error) : resolve(secret),
    );
  });
}

function invalid(why: string, where: string): KnbuildError {
  return usageError("SIGNING_KEY_INVALID", `the signing key cannot be used: ${why}`, undefined, where);
}
