import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { afterArgument } from "../../dockerfile/run-rule.ts";
import { calls, hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineDockerfileRule({
  id: "DL3019",
  severity: "info",
  summary: "apk add with --no-cache",
  help: "`--no-cache` reads the index without keeping it in the layer; no `--update` and no `rm` of /var/cache/apk needed.",
  examples: {
    good: ["FROM alpine:3.22\nRUN apk add --no-cache curl\n"],
    bad: ["FROM alpine:3.22\nRUN apk add curl\n"],
  },
  *check(subject) {
    for (const run of runsCalling(subject, ["apk"])) {
      if (hasCacheMount(run.instruction, "/var/cache/apk")) continue;
      const commands = run.script.commands.filter((c) => calls(c, "apk", ["add"]) && !hasFlag(c, "no-cache"));
      const [first] = commands;
      if (!first) continue;
      const edits = commands.flatMap((command) => afterArgument(command, run, ["add"], "--no-cache") ?? []);
      yield {
        at: inSource(run, first.span),
        message: "apk add keeps its index in the layer: add --no-cache",
        ...(!run.script.exec && { fix: { description: "add --no-cache", safe: true, edits } }),
      };
    }
  },
});
