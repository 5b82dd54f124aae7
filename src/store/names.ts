/** Names in the store: full references in Docker's familiar form, so that `app` and `docker.io/library/app:latest` are one. */
import { isDigest } from "../base/digest.ts";
import { parseReference, type Reference } from "../oci/reference.ts";

/** `hello:latest`, `localhost:5000/app:v1`; a digest stays a digest. @throws REFERENCE_INVALID */
export function storeName(text: string): string {
  if (isDigest(text)) return text;
  const reference = parseReference(text);
  return reference.digest ?? storeTag(reference);
}

export function storeTag(reference: Reference): string {
  const name =
    reference.registry === "docker.io"
      ? reference.repository.replace(/^library\//, "")
      : `${reference.registry}/${reference.repository}`;
  return `${name}:${reference.tag ?? "latest"}`;
}
