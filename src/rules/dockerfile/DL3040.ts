import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { cleansAfter } from "../../dockerfile/package-tools.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { appendCommand } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";

const VERBS = ["install", "in", "upgrade", "up", "upgrade-minimal", "up-min", "reinstall", "rei"];

export default defineDockerfileRule({
  id: "DL3040",
  severity: "warning",
  summary: "dnf clean all after dnf",
  help: "dnf leaves its metadata and packages in /var/cache. Clean in the same RUN, or mount a cache at /var/cache/libdnf5.",
  examples: {
    good: [
      "FROM fedora:42\nRUN dnf install -y httpd-2.4 && dnf clean all\n",
      "FROM fedora:42\nRUN dnf clean all && dnf install -y httpd-2.4 && dnf clean all\n",
    ],
    bad: [
      "FROM fedora:42\nRUN dnf install -y httpd-2.4\n",
      "FROM fedora:42\nRUN dnf clean all && dnf install -y httpd-2.4\n",
    ],
  },
  *check(subject) {
    for (const run of runsCalling(subject, ["dnf", "microdnf"])) {
      if (hasCacheMount(run.instruction, "/var/cache/libdnf5") || hasCacheMount(run.instruction, ".cache/libdnf5"))
        continue;
      for (const program of ["dnf", "microdnf"]) {
        const installs = (command: Command): boolean => calls(command, program, VERBS);
        const first = run.script.commands.find(installs);
        if (!first || cleansAfter(run.script.commands, installs, (command) => cleans(command, program))) continue;
        const edit = appendCommand(run, `${program} clean all`);
        yield {
          at: inSource(run, first.span),
          message: `${program} clean all is missing`,
          ...(edit && { fix: { description: "clean at the end of this RUN", safe: true, edits: [edit] } }),
        };
        break;
      }
    }
  },
});

function cleans(command: Command, program: string): boolean {
  return calls(command, program, ["clean", "all"]) || calls(command, "rm", ["-rf", "/var/cache/libdnf5*"]);
}
