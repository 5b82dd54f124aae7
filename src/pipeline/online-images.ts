/** `lint --online`: what the registry, through its mirrors, says about a base image. */
import { KnbuildError } from "../base/errors.ts";
import type { RegistryFacts } from "../dockerfile/rule.ts";
import { isIndexType } from "../oci/descriptor.ts";
import { formatPlatform, LINUX_AMD64, samePlatform } from "../oci/platform.ts";
import { readDocument } from "../oci/read-manifest.ts";
import { parseReference, referenceTag } from "../oci/reference.ts";
import { imageOf } from "../oci/remote-image.ts";
import type { RegistryClient } from "../registry/client.ts";

/** Asks once for each reference; a registry that does not answer gives facts that say so. */
export function createImageLookup(client: RegistryClient): (image: string) => Promise<RegistryFacts> {
  const asked = new Map<string, Promise<RegistryFacts>>();
  return (image) => {
    let facts = asked.get(image);
    if (!facts) {
      facts = ask(client, image).catch((error: unknown): RegistryFacts => {
        if (!(error instanceof KnbuildError) || error.code === "INTERRUPTED") throw error;
        return { state: "unknown", reason: error.message };
      });
      asked.set(image, facts);
    }
    return facts;
  };
}

async function ask(client: RegistryClient, image: string): Promise<RegistryFacts> {
  const reference = parseReference(image);
  const target = client.repository(reference, { access: "pull" });
  const descriptor = await target.resolve(referenceTag(reference));
  if (!descriptor) return { state: "missing" };
  const { digest } = descriptor;
  if (isIndexType(descriptor.mediaType)) {
    const document = await readDocument(target, descriptor);
    const platforms =
      document.kind === "manifest"
        ? []
        : document.index.manifests.flatMap(({ platform }) => (platform ? [platform] : []));
    const known = platforms.filter(({ os }) => os !== "unknown");
    return {
      state: "there",
      digest,
      amd64: known.some((one) => samePlatform(one, LINUX_AMD64)),
      platforms: known.map(formatPlatform),
    };
  }
  const config = await imageOf(target, descriptor).config();
  return { state: "there", digest, amd64: samePlatform(config, LINUX_AMD64), platforms: [formatPlatform(config)] };
}
