import { isForeignImage } from "../../dockerfile/foreign.ts";
import { defineDockerfileRule, type RegistryFacts, replacement } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "KN010",
  severity: "error",
  clause: "S8",
  summary: "The image runs on linux/amd64",
  help: "Nodes are Linux on x86-64; an image of another platform ends with `exec format error`. Build stages may run elsewhere (`--platform=$BUILDPLATFORM`).",
  examples: {
    good: ["FROM --platform=$BUILDPLATFORM golang:1.25 AS b\nFROM debian:13\nCOPY --from=b /a /a\n"],
    bad: [
      "FROM --platform=linux/arm64 debian:13\n",
      "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n",
      "FROM gcr.io/distroless/static:nonroot-arm64\n",
    ],
  },
  *check({ model, facts, registry }) {
    for (const { from, platform, platformText, base, image } of model.finalChain) {
      if (!from) continue;
      const flag = from.flags.find(({ name }) => name === "platform");
      if (
        platform !== undefined &&
        !/^(?:linux\/)?(?:amd64|x86[_-]64)(?:\/v[1-4])?$/.test(platform) &&
        platform !== "linux"
      ) {
        const fix =
          platformText === platform && flag
            ? {
                fix: {
                  description: "build for linux/amd64",
                  safe: false,
                  edits: [replacement(flag.span, "--platform=linux/amd64")],
                },
              }
            : {};
        yield { at: flag?.span ?? from, message: `${platform} does not run on linux/amd64 nodes`, ...fix };
      }
      if (base || image === undefined) continue;
      const known = facts(image);
      if (known && (known.windows || !known.amd64))
        yield { at: from.args[0]?.span ?? from, message: `${image} is not for linux/amd64` };
      else if (isForeignImage(image) || isElsewhere(registry?.get(image)))
        yield { at: from.args[0]?.span ?? from, message: `${image} is for another architecture` };
    }
  },
});

/** The registry was asked, and has it for other platforms only. */
function isElsewhere(facts: RegistryFacts | undefined): boolean {
  return facts?.state === "there" && !facts.amd64;
}
