import { defineDockerfileRule } from "../../dockerfile/rule.ts";
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
  *check({ model }) {
    for (const { from, image, base } of model.finalChain) {
      if (!from || base || image === undefined || image === "" || image === "scratch" || image.includes("@")) continue;
      yield { at: from.args[0]?.span ?? from, message: `${image} is not pinned by digest` };
    }
  },
});
