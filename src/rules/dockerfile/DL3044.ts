import { argNames, plainPairs } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3044",
  severity: "error",
  summary: "ENV cannot use what the same ENV sets",
  help: "All values of one ENV are expanded with the variables as they were before it. Use two ENV instructions.",
  examples: {
    good: ['FROM debian:13\nENV A="a"\nENV B="$A/b"\n'],
    bad: ['FROM debian:13\nENV A="a" B="$A/b"\n'],
  },
  *check({ document }) {
    const known = new Set<string>();
    for (const instruction of document.instructions) {
      if (instruction.name === "arg") for (const name of argNames(instruction)) known.add(name);
      if (instruction.name !== "env") continue;
      const pairs = plainPairs(instruction, document.escape);
      for (const [i, { key }] of pairs.entries()) {
        if (known.has(key) || !pairs.some(({ value }, j) => j !== i && refers(value, key))) continue;
        yield { at: instruction, message: `${key} is set here: its value is not there yet in the same ENV` };
        break;
      }
      for (const { key } of pairs) known.add(key);
    }
  },
});

function refers(value: string, name: string): boolean {
  if (value.includes(`\${${name}}`)) return true;
  const parts = value.split(`$${name}`);
  return name !== "" && parts.slice(1).some((rest) => !/^\w/.test(rest));
}
