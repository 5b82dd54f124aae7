import { inSource, insertion } from "../../dockerfile/rule.ts";
import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { operands } from "../../dockerfile/shell/commands.ts";

const SAME = new Set([
  "install",
  "update",
  "upgrade",
  "remove",
  "purge",
  "autoremove",
  "clean",
  "autoclean",
  "full-upgrade",
]);

export default defineRunRule({
  id: "DL3027",
  severity: "warning",
  summary: "apt-get instead of apt",
  help: "apt is for people at a terminal: it warns that its interface is not stable for scripts.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get update\n"],
    bad: ["FROM debian:13\nRUN apt update\n"],
  },
  programs: ["apt"],
  offends: (command) => command.name === "apt",
  message: "apt is for people at a terminal: use apt-get or apt-cache",
  fix: {
    description: "apt-get instead of apt",
    safe: true,
    edit(command, run) {
      const verb = operands(command)[0]?.text;
      if (verb === undefined || !SAME.has(verb)) return undefined;
      const span = inSource(run, command.nameSpan);
      return span.end - span.start === 3 ? insertion(span.end, "-get") : undefined;
    },
  },
});
