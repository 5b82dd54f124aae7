import { inSource } from "../../dockerfile/rule.ts";
import { defineRunRule } from "../../dockerfile/run-rule.ts";
export default defineRunRule({
  id: "DL3004",
  severity: "error",
  summary: "sudo has no place in a build",
  help: "A build runs as root until USER says otherwise. sudo changes the environment and signals in ways that surprise; switch with USER, or use `setpriv`/`gosu` in a script.",
  examples: { good: ["FROM debian:13\nRUN make install\n"], bad: ["FROM debian:13\nRUN sudo make install\n"] },
  programs: ["sudo"],
  offends: (command) => command.name === "sudo",
  message: "sudo is not needed: a build is root until USER says otherwise",
  fix: {
    description: "run the command without sudo",
    safe: false,
    edit(command, run) {
      const next = command.args[0];
      if (!next || next.text.startsWith("-") || next.text.includes("=")) return undefined;
      return { start: inSource(run, command.nameSpan).start, end: inSource(run, next.span).start, newText: "" };
    },
  },
});
