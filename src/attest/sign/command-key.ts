/**
 * Keys that never leave a key management service: a command of the user's asks it. It is run twice, without a shell:
 *   PROGRAM ARG… public-key   prints the public key in PEM
 *   PROGRAM ARG… sign         gets the bytes to sign on stdin, prints the signature in base64 (ECDSA: DER; RSA: PKCS #1 v1.5)
 * The hash is the one that belongs to the key: SHA-256 (P-256, RSA), SHA-384, SHA-512; Ed25519 signs the bytes as they are.
 */
import { spawn } from "node:child_process";
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { KnbuildError, usageError } from "../../base/errors.ts";
import { type KeyOptions, type KeySigner, keyMaterial, signatureHash } from "./key-material.ts";

const OUTPUT_LIMIT = 64 * 1024;

/** @throws SIGNING_COMMAND_FAILED when it fails, or when what it prints is no key or no signature of that key */
export async function createCommandSigner(command: string, options: KeyOptions): Promise<KeySigner> {
  const argv = wordsOf(command);
  const publicKey = await commandPublicKey(command, options);
  return {
    publicKey,
    async sign(data) {
      const signature = Buffer.from(await run([...argv, "sign"], data, options), "base64");
      if (!verify(signatureHash(publicKey), data, publicKey, signature)) {
        throw failed(argv, "printed something that is no signature of its own public key");
      }
      return { signature, key: keyMaterial(publicKey) };
    },
  };
}

/** The half of the key that verifies. @throws SIGNING_COMMAND_FAILED when the command fails or prints no key */
export async function commandPublicKey(command: string, options: KeyOptions): Promise<KeyObject> {
  const argv = wordsOf(command);
  const pem = await run([...argv, "public-key"], new Uint8Array(), options);
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw failed(argv, "printed no public key in PEM form", cause);
  }
}

function wordsOf(command: string): string[] {
  const argv = command.trim().split(/\s+/).filter(Boolean);
  if (argv.length === 0) throw usageError("SIGNING_KEY_INVALID", "the command of the signing key is empty");
  return argv;
}

function run(argv: string[], stdin: Uint8Array, options: KeyOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), {
      cwd: options.cwd,
      env: options.env,
      stdio: ["pipe", "pipe", "pipe"],
      ...(options.signal && { signal: options.signal }),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      if (stdout.length > OUTPUT_LIMIT) child.kill();
    });
    child.stderr.on("data", (chunk) => {
      stderr = (stderr + chunk).slice(-2000);
    });
    child.on("error", (cause) => reject(failed(argv, "could not be started", cause)));
    child.on("close", (code) => {
      if (code === 0) resolve(stdout.trim());
      else reject(failed(argv, `failed (${code ?? "killed"})`, undefined, stderr.trim()));
    });
    // A command that does not read its input must not end this process with EPIPE.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
  });
}

function failed(argv: string[], why: string, cause?: unknown, detail?: string): KnbuildError {
  return new KnbuildError({
    code: "SIGNING_COMMAND_FAILED",
    message: `the signing command ${argv[0]} ${why}`,
    cause,
    ...(detail && { detail }),
  });
}
