import { afterName, defineRunRule } from "../../dockerfile/run-rule.ts";
import { hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3047",
  severity: "info",
  summary: "wget without its progress bar",
  help: "wget's progress bar fills build logs. `--progress=dot:giga` writes a line now and then, `-nv` or `-q` less.",
  examples: {
    good: ["FROM debian:13\nRUN wget --progress=dot:giga https://example.com/x\n"],
    bad: ["FROM debian:13\nRUN wget https://example.com/x\n"],
  },
  programs: ["wget"],
  offends: (command) =>
    command.name === "wget" &&
    !hasFlag(command, "progress", "q", "quiet", "o", "output-file", "a", "append-output", "no-verbose") &&
    !command.args.some(({ text }) => text === "-nv"),
  message: "wget's progress bar fills the log: add --progress=dot:giga",
  fix: {
    description: "add --progress=dot:giga",
    safe: true,
    edit: (command, run) => afterName(command, run, "--progress=dot:giga"),
  },
});
