import { dropQuotes } from "../../dockerfile/image-name.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3000",
  aliases: ["WorkdirRelativePath"],
  severity: "error",
  summary: "WORKDIR should be absolute",
  help: "A relative WORKDIR depends on the base image's directory, which may change with its next release.",
  examples: { good: ["FROM debian:13\nWORKDIR /app\n"], bad: ["FROM debian:13\nWORKDIR app\n"] },
  *check(subject) {
    const anchored = new Set<object>();
    for (const { instructions, base, ...rest } of subject.model.stages) {
      let set = base?.workdirSet ?? false;
      for (const instruction of instructions) {
        if (instruction.name !== "workdir") continue;
        const path = dropQuotes(instruction.rest.value);
        const relative = !/^(?:[$/]|\p{L}:)/u.test(path);
        const expanded = subject.model.of(instruction)?.args[0] ?? path;
        const windows = rest.platform?.startsWith("windows") ?? false;
        const loose =
          !set &&
          instruction.args.length > 0 &&
          !expanded.startsWith("/") &&
          !(windows && /^[a-zA-Z]:|^\\/.test(expanded));
        set = true;
        anchored.add(instruction);
        const ids = [...(relative ? [{ rule: "DL3000" }] : []), ...(loose ? [{ rule: "WorkdirRelativePath" }] : [])];
        if (ids.length === 0) continue;
        yield {
          at: instruction.args[0]?.span ?? instruction,
          message: `WORKDIR ${path} is relative: where it leads depends on the base image`,
          ids,
        };
      }
    }
  },
});
