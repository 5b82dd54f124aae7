import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { cleansAfter } from "../../dockerfile/package-tools.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { appendCommand } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";

export default defineDockerfileRule({
  id: "DL3036",
  severity: "warning",
  summary: "zypper clean after zypper",
  help: "zypper leaves packages and metadata in /var/cache/zypp. Clean in the same RUN, or mount a cache there.",
  examples: {
    good: ["FROM opensuse/leap:15.6\nRUN zypper install -y httpd=2.4 && zypper clean\n"],
    bad: ["FROM opensuse/leap:15.6\nRUN zypper install -y httpd=2.4\n"],
  },
  *check(subject) {
    const installs = (command: Command): boolean => calls(command, "zypper", ["install", "in"]);
    for (const run of runsCalling(subject, ["zypper"])) {
      const first = run.script.commands.find(installs);
      if (!first || hasCacheMount(run.instruction, "/var/cache/zypp")) continue;
      if (cleansAfter(run.script.commands, installs, (command) => calls(command, "zypper", ["clean", "cc"]))) continue;
      const edit = appendCommand(run, "zypper clean");
      yield {
        at: inSource(run, first.span),
        message: "zypper clean is missing",
        ...(edit && { fix: { description: "clean at the end of this RUN", safe: true, edits: [edit] } }),
      };
    }
  },
});
