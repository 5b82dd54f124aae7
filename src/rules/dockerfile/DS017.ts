import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { type Command, operands } from "../../dockerfile/shell/commands.ts";

const TOOLS = ["apt-get", "apt", "aptitude", "apk"];

export default defineDockerfileRule({
  id: "DS017",
  aliases: ["DS-0017", "AVD-DS-0017"],
  severity: "warning",
  summary: "Lists are fetched where they are used",
  help: "A RUN of its own for the lists comes from the cache for ever: what is installed later is looked up in old lists, and their packages may be gone. Update and install in one RUN. (Trivy's id for the same remark.)",
  examples: {
    good: [
      "FROM debian:13\nRUN apt-get update && apt-get install -y curl=8\n",
      "FROM debian:13\nRUN apt-get update && ./install-deps\n",
      "FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
    ],
    bad: [
      "FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl=8\n",
      "FROM alpine:3.22\nRUN set -e; apk update\n",
    ],
  },
  *check(subject) {
    for (const run of runsCalling(subject, TOOLS)) {
      const { commands } = run.script;
      const update = commands.find(updates);
      if (!update || !commands.every((command) => updates(command) || /^(?:set|echo|:|true)$/.test(command.name)))
        continue;
      if (hasCacheMount(run.instruction, "/var/lib/apt") || hasCacheMount(run.instruction, "/var/cache/apk")) continue;
      yield { at: inSource(run, update.span), message: `${update.name} update alone: install in the same RUN` };
    }
  },
});

function updates(command: Command): boolean {
  return TOOLS.includes(command.name) && operands(command)[0]?.text === "update";
}
