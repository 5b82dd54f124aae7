import { instructionsOf } from "../../dockerfile/lookup.ts";
import { argNames } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3066",
  severity: "info",
  clause: "U8",
  summary: "USER by number",
  help: "Only a number can be checked against `runAsNonRoot` without looking into the image (see KN071).",
  examples: { good: ["FROM debian:13\nUSER 10001\n"], bad: ["FROM debian:13\nUSER app\n"] },
  *check({ document }) {
    const args = new Set<string>();
    for (const instruction of instructionsOf(document, "arg", "user")) {
      if (instruction.name === "arg") for (const name of argNames(instruction)) args.add(name);
      if (instruction.name !== "user") continue;
      const user = instruction.rest.value;
      if (/^\d*$/.test(user.split(":", 1)[0] as string)) continue;
      if ([...args].some((name) => user.includes(`$${name}`) || user.includes(`\${${name}}`))) continue;
      yield { at: instruction.rest.span, message: `${user} is a name: nobody outside the image can resolve it` };
    }
  },
});
