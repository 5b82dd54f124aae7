/** Manifests and indexes as values, read from a target and checked for what every reader relies on. */
import { isDigest } from "../base/digest.ts";
import { KnbuildError } from "../base/errors.ts";
import { readAll } from "../base/streams.ts";
import { type Descriptor, isIndexType, isManifestType } from "./descriptor.ts";
import type { Index, Manifest } from "./manifest.ts";
import type { ReadTarget } from "./target.ts";

/** More than any registry takes (distribution-spec 1.1 "Pushing Manifests": 4 MiB). */
const MANIFEST_LIMIT_BYTES = 4 * 1024 * 1024;

export type Document =
  | { kind: "manifest"; descriptor: Descriptor; bytes: Uint8Array; manifest: Manifest }
  | { kind: "index"; descriptor: Descriptor; bytes: Uint8Array; index: Index };

/** @throws MANIFEST_INVALID, SCHEMA1_UNSUPPORTED, MANIFEST_UNSUPPORTED, and what the target throws */
export async function readDocument(source: ReadTarget, descriptor: Descriptor): Promise<Document> {
  const where = `${source.name}@${descriptor.digest}`;
  return parseDocument(await readAll(source.open(descriptor), MANIFEST_LIMIT_BYTES, where), descriptor, where);
}

export function parseDocument(bytes: Uint8Array, descriptor: Descriptor, where: string): Document {
  const invalid = (why: string) =>
    new KnbuildError({ code: "MANIFEST_INVALID", message: `the manifest ${descriptor.digest} ${why}`, where });
  let json: Partial<Manifest & Index> & { schemaVersion?: number };
  try {
    json = JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    throw invalid("is not JSON");
  }
  if (json === null || typeof json !== "object") throw invalid("is not an object");
  if ((json.schemaVersion as number) === 1) {
    throw new KnbuildError({
      code: "SCHEMA1_UNSUPPORTED",
      message: "the image is stored in Docker's image manifest schema 1, which has been obsolete since 2017",
      where,
      hint: "Push it again with a tool of this decade, or use a newer tag of the image.",
    });
  }
  if (isIndexType(descriptor.mediaType)) {
    if (!Array.isArray(json.manifests) || !json.manifests.every(isDescriptor)) throw invalid("is not an index");
    return { kind: "index", descriptor, bytes, index: json as Index };
  }
  if (isManifestType(descriptor.mediaType)) {
    if (!isDescriptor(json.config)) throw invalid("names no config");
    if (!Array.isArray(json.layers)) throw invalid("names no layers");
    if (!json.layers.every(isDescriptor)) throw invalid("names a layer without a type, a digest or a size");
    return { kind: "manifest", descriptor, bytes, manifest: json as Manifest };
  }
  throw new KnbuildError({
    code: "MANIFEST_UNSUPPORTED",
    message: `${JSON.stringify(descriptor.mediaType)} is neither an image manifest nor an index`,
    where,
  });
}

function isDescriptor(value: unknown): value is Descriptor {
  const descriptor = value as Descriptor | null | undefined;
  return (
    typeof descriptor === "object" &&
    descriptor !== null &&
    typeof descriptor.mediaType === "string" &&
    typeof descriptor.digest === "string" &&
    isDigest(descriptor.digest) &&
    Number.isSafeInteger(descriptor.size) &&
    descriptor.size >= 0
  );
}
