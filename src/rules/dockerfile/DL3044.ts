import { instructionsOf } from "../../dockerfile/lookup.ts";
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
    for (const instruction of instructionsOf(document, "arg", "env")) {
      if (instruction.name === "arg") for (const name of argNames(instruction)) known.add(name);
      if (instruction.name !== "env") continue;
      const pairs = plainPairs(instruction, document.escape);
      // Name → the pairs that use it, in their values.
      const users = new Map<string, Set<number>>();
      for (const [i, { value }] of pairs.entries()) {
        for (const name of references(value)) users.set(name, (users.get(name) ?? new Set()).add(i));
      }
      const early = pairs.find(({ key }, i) => {
        const by = known.has(key) ? undefined : users.get(key);
        return by !== undefined && (by.size > 1 || !by.has(i));
      });
      if (early)
        yield { at: instruction, message: `${early.key} is set here: its value is not there yet in the same ENV` };
      for (const { key } of pairs) known.add(key);
    }
  },
});

function references(value: string): string[] {
  return [...value.matchAll(/\$(?:\{([^{}$]*)\}|(\w+))/g)].map(([, braced, bare]) => braced ?? bare ?? "");
}
