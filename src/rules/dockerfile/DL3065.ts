import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3065",
  aliases: ["RedundantTargetPlatform"],
  severity: "warning",
  summary: "FROM --platform=$TARGETPLATFORM says nothing",
  help: "The target platform is what FROM takes anyway.",
  examples: { good: ["FROM debian:13\n"], bad: ["FROM --platform=$TARGETPLATFORM debian:13\n"] },
  *check({ document, model }) {
    for (const { from, platform } of model.stages) {
      const flag = from?.flags.find(({ name }) => name === "platform");
      if (!from || !flag) continue;
      const hadolint = flag.value === "$TARGETPLATFORM" || flag.value === "${TARGETPLATFORM}";
      const buildkit =
        /^\$(?:TARGETPLATFORM|\{TARGETPLATFORM(?:[:?+-][^}]*)?\})$/.test(flag.value) &&
        platform === model.globalArgs.get("TARGETPLATFORM");
      if (!hadolint && !buildkit) continue;
      const end = /^\s*/.exec(document.text.slice(flag.span.end))?.[0].length ?? 0;
      yield {
        at: flag.span,
        message: "the target platform is the default: leave the flag out",
        ids: [...(hadolint ? [{ rule: "DL3065" }] : []), ...(buildkit ? [{ rule: "RedundantTargetPlatform" }] : [])],
        fix: {
          description: "remove the flag",
          safe: true,
          edits: [{ start: flag.span.start, end: flag.span.end + end, newText: "" }],
        },
      };
    }
  },
});
