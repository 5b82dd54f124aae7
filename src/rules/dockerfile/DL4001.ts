import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource, passes, runOf } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL4001",
  severity: "warning",
  summary: "wget or curl, not both",
  help: "They do the same; each costs an installed package.",
  examples: {
    good: ["FROM debian:13\nRUN curl -o a https://example.com/a\n"],
    bad: ["FROM debian:13\nRUN curl -o a https://example.com/a && wget -q https://example.com/b\n"],
  },
  *check(subject) {
    if (["curl", "wget"].some((program) => runsCalling(subject, [program]).length === 0)) return;
    for (const pass of passes(subject.document)) {
      let seen = new Set<string>();
      for (const { outer, inner } of pass) {
        if (inner.name === "from") seen = new Set();
        const run = inner.name === "run" ? runOf(subject, outer) : undefined;
        const here = run?.script.commands.filter(({ name }) => name === "curl" || name === "wget") ?? [];
        for (const { name } of here) seen.add(name);
        const [first] = here;
        if (run && first && seen.size > 1)
          yield { at: inSource(run, first.span), message: "both wget and curl are used: choose one" };
      }
    }
  },
});
