import { defineDockerfileRule, insertion } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "KN091",
  severity: "info",
  clause: "S7",
  summary: "The base is pinned by digest",
  help: "A tag can be moved; a digest cannot. `name:tag@sha256:…` keeps both the reader and the builder informed, and an updater moves it.",
  examples: {
    good: [`FROM node:24.3@sha256:${"0".repeat(64)}\n`],
    bad: ["FROM node:24.3\n"],
  },
  *check({ model, registry }) {
    for (const { from, image, base, imageText } of model.finalChain) {
      if (!from || base || image === undefined || image === "" || image === "scratch" || image.includes("@")) continue;
      const word = from.args[0];
      const facts = registry?.get(image);
      // Text that holds variables is pinned where they are set.
      const fix =
        word && facts?.state === "there" && imageText === image && word.value === image
          ? {
              fix: {
                description: `pin ${facts.digest.slice(0, 19)}…`,
                safe: true,
                edits: [insertion(word.span.end, `@${facts.digest}`)],
              },
            }
          : {};
      yield { at: word?.span ?? from, message: `${image} is not pinned by digest`, ...fix };
    }
  },
});
