import { type ArtifactTree, artifactTree, type ListedArtifact } from "../../pipeline/attest.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../format.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { subjectSources } from "../signing-options.ts";

export default defineCommand({
  usage: "attestations <image>",
  summary: "List what is said of an image: signatures, bills of materials, provenance (unchecked)",
  examples: ["knbuild attestations registry.example/app:v1", "knbuild attestations registry.example/app:v1 --json"],
  configure: addRegistryOptions,
  async run([image], options, context) {
    const client = registryClient(options, context);
    try {
      const tree = await artifactTree(image as string, subjectSources(client, context));
      const all = flatten(tree);
      if (context.json) context.printJson(all);
      else if (all.length === 0)
        context.note("There is nothing beside this image. knbuild sign and knbuild attest put something there.");
      else {
        const rows = all.map((entry) => [
          entry.kind,
          entry.predicateType ?? entry.artifactType,
          entry.created ?? "",
          entry.digest,
        ]);
        context.print(formatTable([["KIND", "TYPE", "CREATED", "DIGEST"], ...rows]));
      }
      return 0;
    } finally {
      client.close();
    }
  },
});

function flatten(tree: ArtifactTree): (ListedArtifact & { subject: string })[] {
  return [
    ...tree.artifacts.map((artifact) => ({ ...artifact, subject: tree.digest })),
    ...tree.children.flatMap(flatten),
  ];
}
