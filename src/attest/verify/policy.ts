/** What a signature must be to count: from knbuild.yaml (`verify.base`) or from the command line. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { usageError } from "../../base/errors.ts";
import { commandPublicKey } from "../sign/command-key.ts";
import { readKeyText } from "../sign/key.ts";

const identitySchema = z.strictObject({
  identity: z.string().min(1).optional(),
  identityRegExp: z.string().min(1).optional(),
  issuer: z.string().min(1).optional(),
});

/**
 * A signature counts when it was made with one of the keys, or when its certificate names one of the identities and was
 * issued for a login at one of the issuers. Text is compared as it is; `/…/` is a regular expression over all of the text.
 */
export const policySchema = z
  .strictObject({
    identities: z
      .array(z.union([z.string().min(1), identitySchema]))
      .default([])
      .describe("Subject of the certificate: an e-mail address or a URI"),
    issuers: z.array(z.string().min(1)).default([]).describe("OIDC issuer that vouched for the identity"),
    keys: z
      .array(z.string().min(1))
      .default([])
      .describe("Public keys: files, env://NAME, command:PROGRAM, or the PEM text itself"),
    trustedRoot: z.string().optional().describe("trusted_root.json of a private Sigstore"),
    log: z.enum(["require", "ignore"]).optional().describe("Whether an entry in a transparency log is needed"),
  })
  .describe("Whose signatures are accepted");

export type SignaturePolicyInput = z.input<typeof policySchema>;
type ParsedPolicy = z.output<typeof policySchema>;

export interface AcceptedIdentity {
  /** Exact, or `/…/`. */
  subject: string;
  /** Exact, or `/…/`; any of them. */
  issuers: readonly string[];
}

export interface SignaturePolicy {
  keys: readonly KeyObject[];
  identities: readonly AcceptedIdentity[];
  trustedRoot?: string;
  /** Default: required with identities, not with keys. */
  log?: "require" | "ignore";
}

/** @throws POLICY_INVALID (exit 2) for a policy that nothing or everything would meet, or a key that is none */
export async function resolvePolicy(
  input: SignaturePolicyInput,
  options: { cwd: string; env: NodeJS.ProcessEnv; where?: string },
): Promise<SignaturePolicy> {
  const parsed = policySchema.safeParse(input);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error), options.where);
  const policy: ParsedPolicy = parsed.data;
  if (policy.keys.length === 0 && policy.identities.length === 0) {
    throw invalid("it names no key and no identity", options.where);
  }
  const identities = policy.identities.map((entry) => acceptedIdentity(entry, policy.issuers, options.where));
  const keys: KeyObject[] = [];
  for (const source of policy.keys) keys.push(await openPublicKey(source, options));
  return {
    keys,
    identities,
    ...(policy.trustedRoot && { trustedRoot: policy.trustedRoot }),
    ...(policy.log && { log: policy.log }),
  };
}

function acceptedIdentity(
  entry: ParsedPolicy["identities"][number],
  issuers: readonly string[],
  where: string | undefined,
): AcceptedIdentity {
  const object: z.output<typeof identitySchema> = typeof entry === "string" ? { identity: entry } : entry;
  const subject = object.identityRegExp === undefined ? object.identity : `/${object.identityRegExp}/`;
  if (subject === undefined) throw invalid("an identity names nobody", where);
  const own = object.issuer === undefined ? issuers : [object.issuer];
  if (own.length === 0) throw invalid("an identity without an issuer would accept any login service's word", where);
  for (const text of [subject, ...own]) matcher(text, where);
  return { subject, issuers: own };
}

/**
 * A public key from a file, `env://NAME`, `command:PROGRAM` or PEM text; a private key's public half is taken too.
 * @throws POLICY_INVALID, SIGNING_COMMAND_FAILED
 */
export async function openPublicKey(
  source: string,
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<KeyObject> {
  if (source.startsWith("command:")) return commandPublicKey(source.slice("command:".length), options);
  const pem = source.includes("-----BEGIN ") ? source : await readKeyText(source, options);
  try {
    return createPublicKey(pem);
  } catch {
    throw invalid("it holds no public key in PEM form", source.includes("-----BEGIN ") ? undefined : source);
  }
}

/** Tests a text against an exact value or a `/regular expression/` over all of it. */
export function matches(pattern: string, text: string): boolean {
  return matcher(pattern)(text);
}

function matcher(pattern: string, where?: string): (text: string) => boolean {
  if (!(pattern.length > 2 && pattern.startsWith("/") && pattern.endsWith("/"))) return (text) => text === pattern;
  try {
    const expression = new RegExp(`^(?:${pattern.slice(1, -1)})$`);
    return (text) => expression.test(text);
  } catch {
    throw invalid(`${pattern} is not a regular expression`, where);
  }
}

function invalid(why: string, where?: string) {
  return usageError("POLICY_INVALID", `the signature policy cannot be used: ${why}`, undefined, where);
}
