import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL4005",
  severity: "warning",
  summary: "SHELL changes the shell",
  help: "Replacing /bin/sh by a link changes it for every program of the image. SHELL changes it for the build's instructions only.",
  examples: {
    good: ['FROM debian:13\nSHELL ["/bin/bash", "-c"]\n'],
    bad: ["FROM debian:13\nRUN ln -sf /bin/bash /bin/sh\n"],
  },
  programs: ["ln"],
  offends: (command) => calls(command, "ln", ["/bin/sh"]),
  message: "use SHELL to change the shell of the build",
});
