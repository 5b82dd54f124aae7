import { type ArtifactTree, artifactTree } from "../../pipeline/attest.ts";
import { defineCommand } from "../command.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";
import { subjectSources } from "../signing-options.ts";

export default defineCommand({
  usage: "tree <image>",
  summary: "Show an image, the images of its index, and what lies beside each",
  examples: ["knbuild tree registry.example/app:v1", "knbuild tree oci:dir:v1"],
  configure: addRegistryOptions,
  async run([image], options, context) {
    const client = registryClient(options, context);
    try {
      const tree = await artifactTree(image as string, subjectSources(client, context));
      if (context.json) context.printJson(tree);
      else {
        context.print(`${context.style("bold", tree.image)} ${context.style("dim", tree.digest)}`);
        draw(tree, "", context.print);
      }
      return 0;
    } finally {
      client.close();
    }
  },
});

function draw(tree: ArtifactTree, indent: string, print: (line: string) => void): void {
  const lines: { text: string; child?: ArtifactTree }[] = [
    ...tree.artifacts.map((entry) => ({
      text: `${entry.kind}  ${entry.predicateType ?? entry.artifactType}  ${entry.digest}`,
    })),
    ...tree.children.map((child) => ({ text: `${child.platform ?? child.mediaType}  ${child.digest}`, child })),
  ];
  for (const [i, { text, child }] of lines.entries()) {
    const last = i === lines.length - 1;
    print(`${indent}${last ? "└── " : "├── "}${text}`);
    if (child) draw(child, `${indent}${last ? "    " : "│   "}`, print);
  }
}
