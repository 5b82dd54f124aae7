import { dropQuotes, isArchive } from "../../dockerfile/image-name.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3020",
  severity: "error",
  summary: "COPY files, ADD only archives and URLs",
  help: "ADD unpacks archives and fetches URLs; for plain files COPY says what is meant.",
  examples: { good: ["FROM debian:13\nCOPY app /app\n"], bad: ["FROM debian:13\nADD app /app\n"] },
  *check({ document }) {
    for (const instruction of instructionsOf(document, "add")) {
      const sources = instruction.args.slice(0, -1);
      if (sources.every(({ value }) => isArchive(value) || /^https?:\/\//.test(dropQuotes(value)))) continue;
      // Git sources, archives among the files and flags of ADD have no COPY.
      const plain = sources.every(({ value }) => !isArchive(value) && !/:\/\/|^git@|\.git(?:#|$)|[$*?[]/.test(value));
      const same = instruction.flags.every((flag) => ["chown", "chmod", "link", "exclude"].includes(flag.name));
      yield {
        at: instruction,
        message: "use COPY: ADD is for archives and URLs",
        ...(plain &&
          same && {
            fix: {
              description: "COPY instead of ADD",
              safe: true,
              edits: [replacement(instruction.keyword.span, instruction.keyword.value === "add" ? "copy" : "COPY")],
            },
          }),
      };
    }
  },
});
