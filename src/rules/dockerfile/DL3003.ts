import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3003",
  severity: "warning",
  summary: "Use WORKDIR instead of cd",
  help: "`cd` is forgotten at the end of its RUN. WORKDIR says once where the following instructions work, and shows in the history.",
  examples: { good: ["FROM debian:13\nWORKDIR /opt\nRUN make\n"], bad: ["FROM debian:13\nRUN cd /opt && make\n"] },
  *check(subject) {
    for (const run of runsCalling(subject, ["cd"])) {
      if (run.outer.name === "onbuild") continue;
      const command = run.script.commands.find(({ name }) => name === "cd");
      if (command) yield { at: inSource(run, command.span), message: "use WORKDIR to change the directory" };
    }
  },
});
