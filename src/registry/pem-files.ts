/** Certificates and keys from files. Looked at where they are read: TLS passes over a broken one, or speaks of it in codes. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { errorMessage, KnbuildError, usageError } from "../base/errors.ts";

export interface ClientFiles {
  certFile: string;
  keyFile: string;
}

/** @throws CA_FILE_UNREADABLE, CA_FILE_INVALID (exit 2) */
export function readAuthority(file: string): string {
  const text = readPem(file);
  certificateIn(text, file);
  return text;
}

/** A certificate of this client's, and the key that belongs to it. @throws CA_FILE_UNREADABLE, CA_FILE_INVALID, CLIENT_KEY_INVALID (exit 2) */
export function readClient({ certFile, keyFile }: ClientFiles): { cert: string; key: string } {
  const [cert, key] = [readPem(certFile), readPem(keyFile)];
  if (!certificateIn(cert, certFile).checkPrivateKey(privateKeyIn(key, keyFile))) {
    throw usageError(
      "CLIENT_KEY_INVALID",
      `the key ${keyFile} does not belong to the certificate ${certFile}`,
      "Put the certificate's own key there.",
      keyFile,
    );
  }
  return { cert, key };
}

/** @throws CA_FILE_UNREADABLE, CA_FILE_INVALID (exit 2) */
export function readPem(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new KnbuildError({
      code: "CA_FILE_UNREADABLE",
      message: `cannot read the certificate file ${file}: ${errorMessage(cause)}`,
      where: file,
      hint: "Check its name and who may read it.",
      cause,
      exitCode: 2,
    });
  }
  if (!text.includes("-----BEGIN ")) throw noCertificate(file);
  return text;
}

function certificateIn(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw noCertificate(file);
  }
}

function noCertificate(file: string): KnbuildError {
  return usageError("CA_FILE_INVALID", `${file} holds no PEM certificate`, "Give a file in PEM form.", file);
}

function privateKeyIn(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw usageError(
      "CLIENT_KEY_INVALID",
      `${file} holds no key that can be used: ${errorMessage(cause)}`,
      "Give a private key in PEM form, without a passphrase.",
      file,
    );
  }
}
