import { afterArgument, defineRunRule } from "../../dockerfile/run-rule.ts";
import { calls, hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3015",
  severity: "info",
  summary: "Install without recommended packages",
  help: "apt installs recommended packages too, which an image seldom needs: `--no-install-recommends` leaves them out.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get install -y --no-install-recommends curl\n"],
    bad: ["FROM debian:13\nRUN apt-get install -y curl\n"],
  },
  programs: ["apt-get"],
  offends: (command) =>
    calls(command, "apt-get", ["install"]) &&
    !hasFlag(command, "no-install-recommends") &&
    !command.args.some(({ text }) => text === "APT::Install-Recommends=false"),
  message: "apt-get installs recommended packages too: add --no-install-recommends",
  fix: {
    description: "add --no-install-recommends",
    safe: false,
    edit: (command, run) => afterArgument(command, run, ["install"], "--no-install-recommends"),
  },
});
