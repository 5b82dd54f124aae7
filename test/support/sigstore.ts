/** A Sigstore for the tests: certificate authority, transparency log and timestamp authority over real sockets. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import {
  fulcioHandler,
  initializeCA,
  initializeCTLog,
  initializeTLog,
  initializeTSA,
  rekorHandler,
  tsaHandler,
} from "@sigstore/mock";
import type { SigstoreServices } from "../../src/attest/sign/bundle.ts";

export interface TestSigstore {
  url: string;
  services: Required<Pick<SigstoreServices, "fulcioUrl" | "rekorUrl" | "tsaUrl">>;
  /** trusted_root.json */
  trustedRoot: string;
  /** Requests so far: `POST /api/v2/signingCert`. */
  requests: string[];
  close(): Promise<void>;
}

export interface TestSigstoreOptions {
  /** The certificate authority's clock; certificates are valid for ten minutes from then. */
  clock?: Date;
  /** Of this machine; default the loopback. */
  address?: string;
  /** The token that the GitHub and Google endpoints give out. */
  token?: string;
}

/** A token as an OIDC issuer signs one, except for the signature, which the test's CA does not look at. */
export function identityToken(claims: { sub: string; iss: string; aud?: string }): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: "RS256", typ: "JWT" })}.${part({ aud: "sigstore", iat: now, exp: now + 600, ...claims })}.${part("signature")}`;
}

type Handler = { fn: (body: string) => Promise<{ statusCode: number; response: unknown; contentType?: string }> };

export async function startSigstore(options: TestSigstoreOptions = {}): Promise<TestSigstore> {
  const keys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
  const requests: string[] = [];
  const handlers = new Map<string, Handler>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    requests.push(`${request.method} ${url.pathname}`);
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
        response.writeHead(status, headers);
        response.end(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body));
      };
      if (url.pathname === "/github/token") {
        if (request.headers.authorization !== "Bearer request-token") return send(401, "no");
        return send(200, { value: options.token, audience: url.searchParams.get("audience") });
      }
      if (url.pathname.startsWith("/computeMetadata/v1/instance/service-accounts/")) {
        if (request.headers["metadata-flavor"] !== "Google") return send(403, "no");
        return send(200, options.token ?? "", { "metadata-flavor": "Google" });
      }
      const handler = handlers.get(url.pathname);
      if (!handler) return send(404, "no such service");
      const answer = await handler.fn(Buffer.concat(chunks).toString("utf8"));
      send(answer.statusCode, answer.response, { "content-type": answer.contentType ?? "text/plain" });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, options.address ?? "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const url = `http://${options.address ?? "127.0.0.1"}:${port}`;

  const caKeys = keys();
  const ctLog = await initializeCTLog(keys());
  const ca = await initializeCA(caKeys, ctLog, options.clock);
  const log = await initializeTLog(url, keys());
  const tsa = await initializeTSA(keys());
  // Whole seconds: the fraction that it would write is not always one that ASN.1 readers take.
  (tsa as unknown as { getCurrentTime: () => Date }).getCurrentTime = () =>
    new Date(Math.floor(Date.now() / 1000) * 1000);
  const rekor = rekorHandler(log) as Handler & { path: string };
  handlers.set("/api/v2/signingCert", fulcioHandler(ca) as Handler);
  handlers.set("/api/v1/timestamp", tsaHandler(tsa) as Handler);
  handlers.set("/api/v1/log/entries", { fn: (body) => rekor.fn(JSON.stringify(canonicalEntry(JSON.parse(body)))) });

  const start = new Date(Date.now() - 24 * 3600_000).toISOString();
  const logKey = (der: Uint8Array) => ({
    baseUrl: url,
    hashAlgorithm: "SHA2_256",
    publicKey: {
      rawBytes: Buffer.from(der).toString("base64"),
      keyDetails: "PKIX_ECDSA_P256_SHA_256",
      validFor: { start },
    },
    logId: { keyId: createHash("sha256").update(der).digest("base64") },
  });
  const authority = (...certificates: ArrayBufferView[]) => ({
    subject: { organization: "knbuild tests", commonName: "test" },
    uri: url,
    certChain: {
      certificates: certificates.map((certificate) => ({
        rawBytes: Buffer.from(certificate.buffer, certificate.byteOffset, certificate.byteLength).toString("base64"),
      })),
    },
    validFor: { start },
  });
  return {
    url,
    services: { fulcioUrl: url, rekorUrl: url, tsaUrl: url },
    trustedRoot: JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [logKey(log.publicKey)],
      certificateAuthorities: [authority(ca.rootCertificate)],
      ctlogs: [logKey(ctLog.publicKey)],
      timestampAuthorities: [authority(tsa.intCertificate, tsa.rootCertificate)],
    }),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Rekor logs a DSSE entry in its canonical form (hashes and signatures), not as it was proposed. */
function canonicalEntry(entry: { kind: string; apiVersion: string; spec: Record<string, unknown> }): unknown {
  if (entry.kind !== "dsse") return entry;
  const { envelope, verifiers } = entry.spec["proposedContent"] as { envelope: string; verifiers: string[] };
  const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] };
  const sha256 = (bytes: Uint8Array | string) => ({
    algorithm: "sha256",
    value: createHash("sha256").update(bytes).digest("hex"),
  });
  return {
    apiVersion: entry.apiVersion,
    kind: "dsse",
    spec: {
      envelopeHash: sha256(envelope),
      payloadHash: sha256(Buffer.from(payload, "base64")),
      signatures: signatures.map(({ sig }, index) => ({ signature: sig, verifier: verifiers[index] })),
    },
  };
}
