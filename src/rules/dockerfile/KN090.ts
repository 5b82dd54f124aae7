import { normalizeImage } from "../../dockerfile/catalogue.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "KN090",
  severity: "warning",
  clause: "S7",
  summary: "The base has a version",
  help: "Without a tag, or with `latest`, the next build takes another base: what was tested is not what runs.",
  examples: { good: ["FROM node:24.3\n"], bad: ["FROM node\n", "FROM node:latest\n", "ARG BASE=node\nFROM $BASE\n"] },
  *check({ model }) {
    for (const { from, image, base } of model.finalChain) {
      if (!from || base || image === undefined || image === "" || image === "scratch") continue;
      const { tag, digest } = normalizeImage(image);
      if (digest !== undefined || (tag !== undefined && tag !== "latest")) continue;
      yield {
        at: from.args[0]?.span ?? from,
        message: tag === undefined ? `${image} has no tag: pin a version` : `${image} moves: pin a version`,
      };
    }
  },
});
