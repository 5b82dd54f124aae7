import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { finalInstructions } from "../../dockerfile/start.ts";

const HIDDEN = /^\/(?:tmp|var\/tmp|var\/log|run|var\/run|dev|proc|sys)(?:\/|$)/;

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
    let directory: string[] = [];
    for (const instruction of finalInstructions(subject)) {
      if (instruction.name === "workdir") directory = descend(directory, subject.model.of(instruction)?.args[0] ?? "");
      if (instruction.name !== "copy" && instruction.name !== "add") continue;
      const written = (subject.model.of(instruction)?.args.at(-1) ?? "").replace(/^["']/, "");
      // Below a directory that is deep enough to tell, everything is as hidden as it is.
      const below = directory.length > 1 && !/^\/|\.\./.test(written);
      if (below && !isHidden(directory)) continue;
      const parts = descend([...directory], written);
      if (!isHidden(parts)) continue;
      // A script that is put there to be run and deleted in the build is not meant to stay.
      yield {
        at: instruction.args.at(-1)?.span ?? instruction,
        message: `/${parts.join("/")} is hidden by the platform's own file system`,
      };
    }
  },
});

function isHidden(parts: readonly string[]): boolean {
  return HIDDEN.test(`/${parts.slice(0, 2).join("/")}`);
}

/** The parts of a path, seen from a directory, whose list is used up. */
function descend(directory: string[], path: string): string[] {
  const parts = path.startsWith("/") ? [] : directory;
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts;
}
