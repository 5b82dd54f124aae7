/** Sigstore bundles v0.3: a statement or a payload, signed, with what is needed to check it offline. */
import { type Bundle, bundleToJSON } from "@sigstore/bundle";
import type { Signer, Witness } from "@sigstore/sign";
import { errorMessage, isKnbuildError, KnbuildError } from "../../base/errors.ts";
import { IN_TOTO_PAYLOAD, type Statement, statementBytes } from "../statement.ts";
import { ambientIdentity } from "./identity.ts";
import { openSigningKey } from "./key.ts";
import { type KeyOptions, type KeySigner, keyHint } from "./key-material.ts";

export const BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** The services of a Sigstore. Without URLs: the public ones. */
export interface SigstoreServices {
  /** Certificate authority for keyless signatures. */
  fulcioUrl?: string;
  /** Transparency log; false: nothing is logged. With a key, nothing is logged unless a URL (or true) is given. */
  rekorUrl?: string | boolean;
  rekorVersion?: 1 | 2;
  /** RFC 3161 timestamp authority, base URL without `/api/v1/timestamp`; none by default. */
  tsaUrl?: string;
  /** `aud` of the identity token; default `sigstore`. */
  audience?: string;
}

export interface SigningOptions extends KeyOptions {
  /** File, `env://NAME` or `command:…`; absent: keyless. */
  key?: string;
  services?: SigstoreServices;
}

/** Signs statements and payloads with one key or identity. */
export interface ImageSigner {
  /** `key` or `keyless`, for reports. */
  readonly kind: "key" | "keyless";
  /** Whether there is an identity to sign with. @throws SIGNING_IDENTITY_MISSING, SIGNING_IDENTITY_FAILED */
  check(): Promise<void>;
  /** DSSE over an in-toto statement. */
  signStatement(statement: Statement): Promise<Bundle>;
  /** A signature over bytes (the older form of image signatures). */
  signPayload(payload: Uint8Array): Promise<Bundle>;
}

const RETRIES = 2;
const TIMEOUT_MS = 20_000;

/**
 * Opens the key, or prepares a keyless signature; nothing is asked of a service before the first `sign…`.
 * @throws the errors of openSigningKey; from `sign…`: SIGNING_IDENTITY_MISSING, SIGNING_IDENTITY_FAILED, SIGNING_CA_FAILED,
 * SIGNING_LOG_FAILED, SIGNING_TIMESTAMP_FAILED
 */
export async function createImageSigner(options: SigningOptions): Promise<ImageSigner> {
  // Loaded only here: a build that does not sign does not pay for it.
  const sigstore = await import("./sigstore-sign.ts");
  const { services = {} } = options;
  const http = { retry: RETRIES, timeout: TIMEOUT_MS };
  const identityProvider = ambientIdentity({
    env: options.env,
    ...(services.audience && { audience: services.audience }),
    ...(options.signal && { signal: options.signal }),
  });
  const signer: Signer | KeySigner =
    options.key !== undefined
      ? await openSigningKey(options.key, options)
      : new sigstore.FulcioSigner({
          identityProvider,
          fulcioBaseURL: trimSlash(services.fulcioUrl) ?? sigstore.DEFAULT_FULCIO_URL,
          ...http,
        });
  const witnesses: Witness[] = [];
  const rekor = services.rekorUrl ?? options.key === undefined;
  if (rekor !== false) {
    witnesses.push(
      new sigstore.RekorWitness({
        rekorBaseURL: rekor === true ? sigstore.DEFAULT_REKOR_URL : trimSlash(rekor)!,
        majorApiVersion: services.rekorVersion ?? 1,
        fetchOnConflict: true,
        ...http,
      }),
    );
  }
  if (services.tsaUrl) {
    witnesses.push(new sigstore.TSAWitness({ tsaBaseURL: trimSlash(services.tsaUrl)!, ...http }));
  }
  return {
    kind: options.key === undefined ? "keyless" : "key",
    check: () =>
      coded(async () => {
        if (options.key === undefined) await identityProvider.getToken();
      }),
    signStatement: (statement) =>
      coded(async () => {
        const builder = new sigstore.DSSEBundleBuilder({ signer, witnesses, certificateChain: false });
        return withHint(await builder.create({ data: statementBytes(statement), type: IN_TOTO_PAYLOAD }), signer);
      }),
    signPayload: (payload) =>
      coded(async () => {
        const builder = new sigstore.MessageSignatureBundleBuilder({ signer, witnesses });
        return withHint(await builder.create({ data: Buffer.from(payload) }), signer);
      }),
  };
}

/**
 * The hint goes only where the bundle names its key. As `keyid` of the envelope, where the builder would repeat it, cosign
 * compares it with its own idea of a key id and passes the signature over.
 */
function withHint(bundle: Bundle, signer: Signer | KeySigner): Bundle {
  const { content } = bundle.verificationMaterial;
  if (content.$case === "publicKey" && "publicKey" in signer) content.publicKey.hint = keyHint(signer.publicKey);
  return bundle;
}

/** The bundle as it is stored. */
export function serializeBundle(bundle: Bundle): string {
  return JSON.stringify(bundleToJSON(bundle));
}

const CODES: Readonly<Record<string, { code: string; message: string }>> = {
  CA_CREATE_SIGNING_CERTIFICATE_ERROR: {
    code: "SIGNING_CA_FAILED",
    message: "the certificate authority gave no certificate",
  },
  TLOG_CREATE_ENTRY_ERROR: { code: "SIGNING_LOG_FAILED", message: "the transparency log took no entry" },
  TLOG_FETCH_ENTRY_ERROR: { code: "SIGNING_LOG_FAILED", message: "the transparency log did not give its entry back" },
  TSA_CREATE_TIMESTAMP_ERROR: {
    code: "SIGNING_TIMESTAMP_FAILED",
    message: "the timestamp authority gave no timestamp",
  },
  IDENTITY_TOKEN_PARSE_ERROR: { code: "SIGNING_IDENTITY_FAILED", message: "the identity token cannot be read" },
};

async function coded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (isKnbuildError(error)) throw error;
    const inner = (error as { cause?: unknown }).cause;
    // The library wraps what an identity provider throws.
    if (isKnbuildError(inner)) throw inner;
    const known = CODES[(error as { code?: string }).code ?? ""];
    throw new KnbuildError({
      code: known?.code ?? "SIGNING_FAILED",
      message: `${known?.message ?? "signing failed"}: ${errorMessage(inner ?? error)}`,
      cause: error,
      retryable: known !== undefined,
    });
  }
}

function trimSlash(url: string | undefined): string | undefined {
  return url?.replace(/\/+$/, "");
}
