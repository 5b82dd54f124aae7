/** What TLS refused, for people: node and OpenSSL speak in codes. */
import { errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";

const TLS_CODES =
  /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|ERR_TLS_|ERR_SSL_|EPROTO$)/;

interface Explanation {
  /** Of node's code, or of OpenSSL's words. */
  said: RegExp;
  code: "TLS_UNTRUSTED" | "TLS_FAILED" | "TLS_NOT_SPOKEN";
  message: (host: string, error: unknown) => string;
  hint: string;
}

/** The first that fits counts. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    said: /^CERT_HAS_EXPIRED/,
    code: "TLS_UNTRUSTED",
    message: (host) => `the certificate of ${host} has expired`,
    hint: "It has to be renewed at the server; check this machine's clock, too.",
  },
  {
    said: /^CERT_NOT_YET_VALID/,
    code: "TLS_UNTRUSTED",
    message: (host) => `the certificate of ${host} is not valid yet`,
    hint: "Check this machine's clock.",
  },
  {
    said: /^ERR_TLS_CERT_ALTNAME|^HOSTNAME_MISMATCH/,
    code: "TLS_UNTRUSTED",
    message: (host, error) => `the certificate is not for ${host}${namesOf(error)}`,
    hint: "Use a name that the certificate has, or have one made for this name.",
  },
  {
    said: /^(?:DEPTH_ZERO_)?SELF_SIGNED|^UNABLE_TO_|^INVALID_CA/,
    code: "TLS_UNTRUSTED",
    message: (host) => `the certificate of ${host} is signed by nobody who is known here`,
    hint: "Name the certificate authority of this registry.",
  },
  {
    said: /certificate required|CERTIFICATE_REQUIRED|alert handshake failure|alert bad certificate|alert unknown ca/,
    code: "TLS_FAILED",
    message: (host) => `${host} broke off the TLS handshake: it may want a certificate of this client`,
    hint: "Put the client's certificate and key where Docker looks for them: /etc/docker/certs.d/HOST/client.cert and client.key.",
  },
  {
    said: /wrong version number|packet length too long|http request/i,
    code: "TLS_NOT_SPOKEN",
    message: (host) => `${host} does not speak TLS`,
    hint: "Check the port, or say that this host speaks plain HTTP.",
  },
  {
    said: /protocol version|unsupported protocol|PROTOCOL_VERSION/i,
    code: "TLS_FAILED",
    message: (host) => `${host} speaks no version of TLS that is safe`,
    hint: "The server has to learn TLS 1.2 or newer.",
  },
];

/** Undefined: not about TLS. */
export function tlsError(error: unknown, host: string, where: string): KnbuildError | undefined {
  const code = errnoCode(error) ?? "";
  if (!TLS_CODES.test(code)) return undefined;
  const said = `${code} ${errorMessage(error)}`;
  const known = EXPLANATIONS.find((one) => one.said.test(said));
  const message = known?.message(host, error) ?? "the server's certificate or TLS is not accepted";
  return new KnbuildError({
    code: known?.code ?? (/^(?:EPROTO$|ERR_SSL_)/.test(code) ? "TLS_FAILED" : "TLS_UNTRUSTED"),
    message: `${message} (${code})`,
    where,
    hint: known?.hint ?? "Name the certificate authority of this registry, or say that this host speaks plain HTTP.",
    cause: error,
  });
}

/** `, but for DNS:other.example` */
function namesOf(error: unknown): string {
  const names = (error as { cert?: { subjectaltname?: unknown } }).cert?.subjectaltname;
  return typeof names === "string" && names !== "" ? `, but for ${names.slice(0, 200)}` : "";
}
