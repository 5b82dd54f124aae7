import { copy } from "../../oci/copy.ts";
import type { Descriptor } from "../../oci/descriptor.ts";
import { targetOfImage } from "../../oci/image-target.ts";
import { type Reference, repositoryName } from "../../oci/reference.ts";
import { defineOutput, type OutputReport } from "../types.ts";

/** A push: every name of the image, each repository once. */
export default defineOutput({
  id: "registry",
  summary: "push to the registries of its names",
  dest: "none",
  async write(image, _request, { names, registry, signal }) {
    const reports: OutputReport[] = [];
    for (const [name, tags] of byRepository(names)) {
      const target = registry(names.find((n) => repositoryName(n) === name)!);
      const report = await copy(await targetOfImage(image, "build"), target, {
        reference: image.descriptor.digest,
        tags,
        signal,
      });
      for (const [i, tag] of tags.entries()) {
        reports.push({
          type: "registry",
          ref: `${name}:${tag}@${image.descriptor.digest}`,
          bytesWritten: 0,
          bytesUploaded: i === 0 ? report.bytesUploaded : 0,
          ...(i === 0 && { blobs: report.blobs }),
        });
      }
    }
    return reports;
  },
  expect(earlier, { names, registry }) {
    for (const [name, tags] of byRepository(names)) {
      const named = new Map<string, Descriptor>();
      for (const tag of tags) {
        const found = earlier.named?.get(`${name}:${tag}`);
        if (found) named.set(tag, found);
      }
      registry(names.find((n) => repositoryName(n) === name)!).expect?.({ ...earlier, tags, named });
    }
  },
  async stands(_report, digest, { names, registry }) {
    for (const name of names) {
      const found = await registry(name).resolve(name.tag ?? "latest", { toWrite: true });
      if (found?.digest !== digest) return false;
    }
    return true;
  },
});

function byRepository(names: readonly Reference[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names)
    groups.set(repositoryName(name), [...new Set([...(groups.get(repositoryName(name)) ?? []), name.tag ?? "latest"])]);
  return groups;
}
