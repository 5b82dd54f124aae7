import { instructionsOf } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "StageNameCasing",
  severity: "info",
  summary: "Stage names in lower case",
  help: "The builder ignores the casing of stage names; one spelling is easier to find.",
  examples: { good: ["FROM debian:13 AS build\n"], bad: ["FROM debian:13 AS Build\n"] },
  *check({ document, model }) {
    // Name → where it is used as written: `--from=Name`, `FROM Name`.
    const uses = new Map<string, { start: number; end: number }[]>();
    const use = (name: string, span: { start: number; end: number }): void => {
      const known = uses.get(name);
      if (known) known.push(span);
      else uses.set(name, [span]);
    };
    for (const { name, flags, args } of instructionsOf(document, "from", "copy")) {
      for (const flag of flags)
        if (name === "copy" && flag.name === "from" && !flag.text.includes('"')) use(flag.value, flag.span);
      if (name === "from" && args[0]) use(args[0].value, args[0].span);
    }
    for (const { from, nameWord } of model.stages) {
      if (!from || !nameWord || nameWord.value === nameWord.value.toLowerCase()) continue;
      const name = nameWord.value;
      const edits = [nameWord.span, ...(uses.get(name) ?? [])].map((span) => {
        const text = document.text.slice(span.start, span.end);
        return replacement(span, text.slice(0, text.length - name.length) + name.toLowerCase());
      });
      yield {
        at: nameWord.span,
        message: `the stage name ${name} is not in lower case`,
        fix: { description: "write it in lower case", safe: true, edits },
      };
    }
  },
});
