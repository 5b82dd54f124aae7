/** Image references, by the distribution grammar (distribution/reference: domain, path components, tag, digest). */
import { isDigest } from "../base/digest.ts";
import { usageError } from "../base/errors.ts";

export interface Reference {
  /** Host and optional port: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** Path below the registry: `library/node`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
export const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const HOST_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const REGISTRY = new RegExp(`^(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?$`);

/**
 * Parses a reference as Docker users write it: `node` is `docker.io/library/node`, and a name without tag and digest means
 * `latest` (see `referenceTag`).
 * @throws REFERENCE_INVALID (exit 2)
 */
export function parseReference(text: string): Reference {
  const bad = (why: string) =>
    usageError(
      "REFERENCE_INVALID",
      `not an image reference: ${JSON.stringify(text)}: ${why}`,
      "Write it as registry/path:tag or registry/path@sha256:…, in lower case.",
    );
  let rest = text;
  let digest: string | undefined;
  const at = rest.indexOf("@");
  if (at >= 0) {
    digest = rest.slice(at + 1);
    rest = rest.slice(0, at);
    if (!isDigest(digest)) throw bad("the part after @ must be a sha256 or sha512 digest");
  }
  let tag: string | undefined;
  const colon = rest.lastIndexOf(":");
  if (colon > rest.lastIndexOf("/")) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
    if (!TAG.test(tag)) throw bad("a tag has at most 128 letters, digits, _ . and -, and does not start with . or -");
  }
  const slash = rest.indexOf("/");
  const first = slash < 0 ? "" : rest.slice(0, slash);
  let registry = "docker.io";
  let repository = rest;
  // As Docker: the first component is a host only when it looks like one.
  if (first && (/[.:[]/.test(first) || first === "localhost" || first.toLowerCase() !== first)) {
    registry = first;
    repository = rest.slice(slash + 1);
  }
  // The grammar lets through what no connection can be made to: a port of 70000.
  if (!REGISTRY.test(registry) || !URL.canParse(`https://${registry}/`))
    throw bad(`${JSON.stringify(registry)} is not a host`);
  if (registry === "index.docker.io" || registry === "registry-1.docker.io") registry = "docker.io";
  if (!repository) throw bad("the repository is missing");
  for (const component of repository.split("/")) {
    if (!COMPONENT.test(component)) throw bad(`${JSON.stringify(component)} is not a repository path component`);
  }
  if (registry === "docker.io" && !repository.includes("/")) repository = `library/${repository}`;
  if (`${registry}/${repository}`.length > 255) throw bad("the name has more than 255 characters");
  if (!digest && !tag && /^[a-f0-9]{64}$/.test(text)) throw bad("64 hex digits are an image id, not a name");
  return { registry, repository, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** `registry/repository` without tag and digest. */
export function repositoryName(reference: Reference): string {
  return `${reference.registry}/${reference.repository}`;
}

/** What a registry is asked for: the digest where there is one, else the tag, else `latest`. */
export function referenceTag(reference: Reference): string {
  return reference.digest ?? reference.tag ?? "latest";
}

/** The full, unambiguous form. */
export function formatReference(reference: Reference): string {
  return (
    repositoryName(reference) +
    (reference.tag ? `:${reference.tag}` : "") +
    (reference.digest ? `@${reference.digest}` : "")
  );
}
