/** Signing with a key: from a file, an environment variable, or behind a command that asks a KMS. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { errnoCode, KnbuildError, usageError } from "../../base/errors.ts";
import { createCommandSigner } from "./command-key.ts";
import { isCosignKey, openCosignKey } from "./cosign-key.ts";
import { type KeyOptions, type KeySigner, keyMaterial, signatureHash } from "./key-material.ts";

/**
 * Opens a signing key.
 * @param source a file (cosign's encrypted key or PEM: ECDSA P-256/384/521, Ed25519, RSA of at least 2048 bits), `env://NAME`
 * (the same, in a variable), or `command:PROGRAM ARG…` (see command-key.ts)
 * @throws SIGNING_KEY_MISSING, SIGNING_KEY_INVALID, SIGNING_KEY_PASSWORD, SIGNING_COMMAND_FAILED
 */
export async function openSigningKey(source: string, options: KeyOptions): Promise<KeySigner> {
  if (source.startsWith("command:")) return createCommandSigner(source.slice("command:".length), options);
  const pem = await readKeyText(source, options);
  const password = options.password ?? options.env["COSIGN_PASSWORD"];
  const key = isCosignKey(pem) ? await openCosignKey(pem, password, source) : openPem(pem, password, source);
  assertSuitable(key, source);
  return keySigner(key);
}

/** A signer over a private key that is at hand. */
export function keySigner(privateKey: KeyObject): KeySigner {
  const publicKey = createPublicKey(privateKey);
  return {
    publicKey,
    async sign(data) {
      return { signature: sign(signatureHash(publicKey), data, privateKey), key: keyMaterial(publicKey) };
    },
  };
}

/** The text of a key file or of `env://NAME`. @throws SIGNING_KEY_MISSING */
export async function readKeyText(source: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<string> {
  if (source.startsWith("env://")) {
    const name = source.slice("env://".length);
    const text = options.env[name];
    if (!text) throw usageError("SIGNING_KEY_MISSING", `the variable ${name} holds no key`, undefined, source);
    return text;
  }
  if (/^[a-z0-9]+:\/\//.test(source)) {
    throw usageError(
      "SIGNING_KEY_INVALID",
      `keys of this kind are not opened directly: ${source.slice(0, source.indexOf(":"))}`,
      "Use a file, env://NAME, or command:PROGRAM for a key management service.",
      source,
    );
  }
  try {
    return await readFile(resolve(options.cwd, source), "utf8");
  } catch (cause) {
    const why = errnoCode(cause) === "ENOENT" ? "there is no such key file" : "the key file cannot be read";
    throw new KnbuildError({ code: "SIGNING_KEY_MISSING", message: why, where: source, cause, exitCode: 2 });
  }
}

function openPem(pem: string, password: string | undefined, where: string): KeyObject {
  try {
    return createPrivateKey({ key: pem, ...(password !== undefined && { passphrase: password }) });
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(pem);
    throw new KnbuildError({
      code: encrypted ? "SIGNING_KEY_PASSWORD" : "SIGNING_KEY_INVALID",
      message: encrypted ? "the password does not open the signing key" : "the file holds no private key in PEM form",
      where,
      cause,
      exitCode: 2,
    });
  }
}

function assertSuitable(key: KeyObject, where: string): void {
  const type = key.asymmetricKeyType;
  const details = key.asymmetricKeyDetails;
  const fits =
    type === "ed25519" ||
    (type === "ec" && /^(?:prime256v1|secp384r1|secp521r1)$/.test(details?.namedCurve ?? "")) ||
    (type === "rsa" && (details?.modulusLength ?? 0) >= 2048);
  if (!fits) {
    throw usageError(
      "SIGNING_KEY_INVALID",
      `a ${type ?? "secret"} key is not used for signatures here`,
      "Use ECDSA on P-256, P-384 or P-521, Ed25519, or RSA with at least 2048 bits.",
      where,
    );
  }
}
