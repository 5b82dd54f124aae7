/** What the commands about one image of a registry have in common: connect, resolve, work, disconnect. */
import { KnbuildError } from "../base/errors.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { parseReference, referenceTag } from "../oci/reference.ts";
import type { RegistryRepository } from "../registry/repository.ts";
import type { CliContext } from "./command.ts";
import { registryClient } from "./registry-options.ts";

/** @throws REFERENCE_INVALID, IMAGE_UNKNOWN, and what `work` throws */
export async function atRegistry(
  image: string,
  options: Record<string, unknown>,
  context: CliContext,
  work: (target: RegistryRepository, found: Descriptor) => Promise<void>,
): Promise<number> {
  const reference = parseReference(image.replace(/^docker:\/\//, ""));
  const client = registryClient(options, context);
  try {
    const target = client.repository(reference);
    const found = await target.resolve(referenceTag(reference));
    if (!found) {
      throw new KnbuildError({
        code: "IMAGE_UNKNOWN",
        message: `there is no image ${referenceTag(reference)} in ${target.name}`,
        where: target.name,
        hint: "Check the name and the tag.",
      });
    }
    await work(target, found);
    return 0;
  } finally {
    client.close();
  }
}
