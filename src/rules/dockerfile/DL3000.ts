import { dropQuotes } from "../../dockerfile/image-name.ts";
import { stageInstructions } from "../../dockerfile/interpret.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { contributingStages } from "../../dockerfile/start.ts";
export default defineDockerfileRule({
  id: "DL3000",
  aliases: ["WorkdirRelativePath"],
  severity: "error",
  summary: "WORKDIR should be absolute",
  help: "A relative WORKDIR depends on the base image's directory, which may change with its next release.",
  examples: { good: ["FROM debian:13\nWORKDIR /app\n"], bad: ["FROM debian:13\nWORKDIR app\n"] },
  *check(subject) {
    const needed = new Set(contributingStages(subject));
    for (const stage of subject.model.stages) {
      let set = stage.base?.workdirSet ?? false;
      for (const instruction of stageInstructions(stage)) {
        if (instruction.name !== "workdir") continue;
        const from = stage.triggered.includes(instruction) ? stage.from : undefined;
        const path = dropQuotes(instruction.rest.value);
        const relative = !from && !/^(?:[$/]|\p{L}:)/u.test(path);
        const expanded = subject.model.of(instruction)?.args[0] ?? path;
        const windows = stage.platform?.startsWith("windows") ?? false;
        const loose =
          !set &&
          instruction.args.length > 0 &&
          !expanded.startsWith("/") &&
          !(windows && /^[a-zA-Z]:|^\\/.test(expanded));
        set = true;
        if (from && !needed.has(stage)) continue;
        const ids = [...(relative ? [{ rule: "DL3000" }] : []), ...(loose ? [{ rule: "WorkdirRelativePath" }] : [])];
        if (ids.length === 0) continue;
        yield {
          at: from ?? instruction.args[0]?.span ?? instruction,
          message: `WORKDIR ${path} is relative: where it leads depends on the base image`,
          ids,
        };
      }
    }
  },
});
