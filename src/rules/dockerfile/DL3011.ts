import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3011",
  severity: "error",
  clause: "U2",
  summary: "Ports lie between 0 and 65535",
  help: "A greater number is no port; the builder refuses it.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 80000\n"] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "expose")) {
      const bad = instruction.args.find(({ value }) =>
        (value.split("/", 1)[0] as string).split("-").some((port) => /^\d+$/.test(port) && Number(port) > 65535),
      );
      if (bad) yield { at: bad.span, message: `${bad.value} is no port: the greatest is 65535` };
    }
  },
});
