import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3035",
  severity: "warning",
  summary: "No zypper dist-upgrade",
  help: "The distribution's version is the base image's affair: choose a newer base instead of upgrading inside the build.",
  examples: {
    good: ["FROM opensuse/leap:15.6\nRUN zypper refresh\n"],
    bad: ["FROM opensuse/leap:15.6\nRUN zypper dup -y\n"],
  },
  programs: ["zypper"],
  offends: (command) => calls(command, "zypper", ["dist-upgrade", "dup"]),
  message: "choose a newer base image instead of upgrading the distribution",
});
