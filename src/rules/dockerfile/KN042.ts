import { posix } from "node:path";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { finalInstructions } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN042",
  severity: "warning",
  clause: "S16",
  summary: "No files under /tmp and /var/log",
  help: "The platform mounts its own file systems there: what the image holds in these places is hidden. Put files under /app.",
  examples: {
    good: ["FROM debian:13\nCOPY x /app/\n"],
    bad: ["FROM debian:13\nCOPY x /tmp/\n", "FROM debian:13\nCOPY x /app/../tmp/\n"],
  },
  *check(subject) {
    let directory = "/";
    for (const instruction of finalInstructions(subject)) {
      if (instruction.name === "workdir")
        directory = posix.resolve(directory, subject.model.of(instruction)?.args[0] ?? "");
      if (instruction.name !== "copy" && instruction.name !== "add") continue;
      const written = (subject.model.of(instruction)?.args.at(-1) ?? "").replace(/^["']/, "");
      const target = posix.resolve(directory, written);
      if (!/^\/(?:tmp|var\/tmp|var\/log|run|var\/run|dev|proc|sys)(?:\/|$)/.test(target)) continue;
      // A script that is put there to be run and deleted in the build is not meant to stay.
      yield {
        at: instruction.args.at(-1)?.span ?? instruction,
        message: `${target} is hidden by the platform's own file system`,
      };
    }
  },
});
