/** in-toto attestation framework v1: the Statement, and the predicate types that knbuild writes or knows by name. */
import { canonicalJson } from "../base/canonical-json.ts";
import { type Digest, digestAlgorithm, digestHex } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";

/** DSSE payload type of every statement. */
export const IN_TOTO_PAYLOAD = "application/vnd.in-toto+json";
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";

export const PredicateType = {
  /** A plain signature, as cosign 3 writes it: the predicate is empty, the subject says it all. */
  signature: "https://sigstore.dev/cosign/sign/v1",
  provenance: "https://slsa.dev/provenance/v1",
  cyclonedx: "https://cyclonedx.org/bom",
  spdx: "https://spdx.dev/Document",
} as const;

/** Short names that users write instead of a URI; other types are written out. */
export const PREDICATE_NAMES: Readonly<Record<string, string>> = {
  signature: PredicateType.signature,
  slsaprovenance1: PredicateType.provenance,
  provenance: PredicateType.provenance,
  cyclonedx: PredicateType.cyclonedx,
  spdxjson: PredicateType.spdx,
  spdx: PredicateType.spdx,
  slsaprovenance: "https://slsa.dev/provenance/v0.2",
  slsaprovenance02: "https://slsa.dev/provenance/v0.2",
  link: "https://in-toto.io/Link/v1",
  custom: "https://cosign.sigstore.dev/attestation/v1",
  vuln: "https://cosign.sigstore.dev/attestation/vuln/v1",
  openvex: "https://openvex.dev/ns",
};

export interface StatementSubject {
  name?: string;
  digest: Record<string, string>;
  annotations?: Record<string, unknown>;
}

export interface Statement<P = unknown> {
  _type: typeof STATEMENT_TYPE;
  subject: StatementSubject[];
  predicateType: string;
  predicate: P;
}

/** A statement about one manifest. */
export function statementOf<P>(
  subject: Digest,
  predicateType: string,
  predicate: P,
  extra: { name?: string; annotations?: Record<string, string> } = {},
): Statement<P> {
  return {
    _type: STATEMENT_TYPE,
    subject: [{ ...extra, digest: { [digestAlgorithm(subject)]: digestHex(subject) } }],
    predicateType,
    predicate,
  };
}

/** Equal statements give equal bytes. */
export function statementBytes(statement: Statement): Buffer {
  return Buffer.from(canonicalJson(statement));
}

/** @throws STATEMENT_INVALID */
export function parseStatement(bytes: Uint8Array, where?: string): Statement {
  let value: Statement | undefined;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8")) as Statement;
  } catch (cause) {
    throw invalid("is not JSON", where, cause);
  }
  // v0.1 is what older tools wrote; its subject has the same form.
  if (!/^https:\/\/in-toto\.io\/Statement\/v(?:1|0\.1)$/.test(String(value?._type)))
    throw invalid("has another type", where);
  if (typeof value.predicateType !== "string" || !Array.isArray(value.subject)) throw invalid("has no subject", where);
  return value;
}

/** Whether the statement is about this manifest. */
export function isAbout(statement: Statement, digest: Digest): boolean {
  return statement.subject.some((subject) => subject.digest?.[digestAlgorithm(digest)] === digestHex(digest));
}

function invalid(why: string, where?: string, cause?: unknown): KnbuildError {
  return new KnbuildError({
    code: "STATEMENT_INVALID",
    message: `what was signed ${why}: no in-toto statement`,
    where,
    cause,
  });
}
