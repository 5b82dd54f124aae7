import { clean } from "../../dockerfile/ignore-patterns.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";

export default defineDockerfileRule({
  id: "CopyIgnoredFile",
  severity: "warning",
  summary: "Do not copy what .dockerignore leaves out",
  help: "The file is not in the build context, so the instruction fails. Not judged where the ignore file has `!` lines.",
  examples: {
    good: ["FROM debian:13\nCOPY a /a\n"],
    bad: [{ text: "FROM debian:13\nCOPY a /a\n", files: { ".dockerignore": "a\n" } }],
  },
  *check({ document, model, ignore }) {
    if (!ignore || ignore.hasExceptions) return;
    for (const instruction of instructionsOf(document, "add", "copy")) {
      if (instruction.flags.some((flag) => flag.name === "from")) continue;
      const args = model.of(instruction)?.args ?? [];
      for (const [i, source] of args.slice(0, -1).entries()) {
        if (source.includes("<<") || /^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(source)) continue;
        const path = clean(source);
        const root = path === "." || path === "/";
        if (root ? !ignore.ignoresRoot : !ignore.ignores(path.replace(/^\//, ""))) continue;
        yield { at: instruction.args[i]?.span ?? instruction, message: `.dockerignore leaves ${path} out` };
      }
    }
  },
});
