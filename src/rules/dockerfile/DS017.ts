import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { defineDockerfileRule, inSource, runs } from "../../dockerfile/rule.ts";
import { type Command, walk } from "../../dockerfile/shell/commands.ts";
import type { ShellList } from "../../dockerfile/shell/syntax.ts";
import { calledBy } from "../../dockerfile/start.ts";

const TOOLS = ["apt-get", "apt", "aptitude", "apk"];
const FETCHES_NOTHING = /^(?:set|echo|export|:|true|sleep|break)$/;
const CACHES = ["/var/lib/apt", "/var/cache/apk", "/etc/apk/cache"];

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
      'FROM debian:13\nARG INSTALL="apt-get install -y"\nRUN apt-get update && $INSTALL curl=8\n',
      "FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
      "FROM alpine:3.22\nRUN --mount=type=cache,target=/etc/apk/cache apk update\n",
    ],
    bad: [
      "FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl=8\n",
      "FROM alpine:3.22\nRUN set -e; apk update\n",
      "FROM debian:13\nRUN sudo -E apt-get -o Acquire::Retries=3 update\n",
      "FROM debian:13\nRUN until /usr/bin/apt-get update; do sleep 5; done\n",
    ],
  },
  *check(subject) {
    for (const run of runs(subject)) {
      const { text, commands, tree } = run.script;
      if (!/\bupdate\b/.test(text) || (tree && callsUnknown(tree))) continue;
      const update = commands.find(updates);
      if (!update || !commands.every((command) => updates(command) || FETCHES_NOTHING.test(command.name))) continue;
      if (CACHES.some((cache) => hasCacheMount(run.instruction, cache))) continue;
      yield {
        at: inSource(run, update.span),
        message: `${calledBy(update).name} update alone: install in the same RUN`,
      };
    }
  },
});

function updates(command: Command): boolean {
  const { name, words } = calledBy(command);
  // `-o` takes a word like Acquire::Retries=3.
  return TOOLS.includes(name) && words.slice(1).find((word) => !/^-|::/.test(word)) === "update";
}

/** What a variable or a substitution names may install. */
function callsUnknown(tree: ShellList): boolean {
  let unknown = false;
  walk(tree, {
    command(node) {
      if (node.kind === "simple" && node.words[0] && node.words[0].literal === undefined) unknown = true;
    },
  });
  return unknown;
}
