import { instructionsOf } from "../../dockerfile/lookup.ts";
import { plainPairs } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

const RESERVED = ["com.docker.", "io.docker.", "org.dockerproject."];

export default defineDockerfileRule({
  id: "DL3048",
  severity: "info",
  summary: "Label keys have a form",
  help: "Docker asks for lower-case letters, digits, `.`, `-`, `_` and `/`, beginning with a letter, ending with a letter or digit, without doubled separators, outside Docker's own namespaces.",
  examples: { good: ['FROM debian:13\nLABEL org.example.name="x"\n'], bad: ['FROM debian:13\nLABEL Name="x"\n'] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "label")) {
      const bad = plainPairs(instruction, document.escape).find(({ key }) => !valid(key));
      if (bad) yield { at: instruction, message: `${bad.key} is no well-formed label key` };
    }
  },
});

function valid(key: string): boolean {
  if (!/^[a-z](?:[0-9a-z._/-]*[a-z0-9])?$/.test(key)) return false;
  return !RESERVED.some((prefix) => key.startsWith(prefix)) && !key.includes("..") && !key.includes("--");
}
