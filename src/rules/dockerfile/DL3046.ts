import { afterName, defineRunRule } from "../../dockerfile/run-rule.ts";
import { flagValues, hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3046",
  severity: "warning",
  summary: "useradd -l for high user ids",
  help: "useradd writes the entry of a high uid into sparse log files, /var/log/lastlog and faillog, which become gigabytes in a layer. `-l` leaves them out.",
  examples: {
    good: ["FROM debian:13\nRUN useradd -l -u 123456 app\n"],
    bad: ["FROM debian:13\nRUN useradd -u 123456 app\n"],
  },
  programs: ["useradd"],
  offends: (command) =>
    command.name === "useradd" &&
    !hasFlag(command, "l", "no-log-init") &&
    hasFlag(command, "u", "uid") &&
    flagValues(command, "u").some((uid) => uid.length > 5),
  message: "useradd with a high uid writes huge log files: add -l",
  fix: { description: "add -l", safe: true, edit: (command, run) => afterName(command, run, "-l") },
});
