import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { bottomImage, startCommand } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN100",
  severity: "warning",
  clause: "S5",
  summary: "Something starts",
  help: "An operating system's image starts a shell, which ends at once: no server, no service. Set CMD or ENTRYPOINT.",
  examples: {
    good: [
      'FROM ubuntu:24.04\nCMD ["/app"]\n',
      'FROM ubuntu:24.04 AS base\nONBUILD ENTRYPOINT ["/app"]\nFROM base\nCOPY app /\n',
    ],
    bad: ["FROM ubuntu:24.04\nRUN make\n"],
  },
  *check(subject) {
    const bottom = bottomImage(subject);
    const final = subject.model.final?.from;
    if (!bottom || !final || startCommand(subject)) return;
    if (bottom.image !== "scratch" && bottom.facts?.kind !== "os" && bottom.facts?.kind !== "minimal") return;
    yield { at: final, message: `nothing starts: ${bottom.image} has no server, and no CMD or ENTRYPOINT is set` };
  },
});
