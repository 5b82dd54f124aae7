import { execForm } from "../../dockerfile/exec-form.ts";
import { defineDockerfileRule, insertion } from "../../dockerfile/rule.ts";
import { endsInExec, startCommand } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN030",
  severity: "warning",
  clause: "S23",
  summary: "The shell form swallows SIGTERM",
  help: "`/bin/sh -c` becomes process 1 and does not pass SIGTERM on; after 10 s the app is killed with its requests in flight. Use the exec form, or `CMD exec …` where variables are needed.",
  examples: {
    good: ['FROM node:24\nCMD ["node", "s.js"]\n', "FROM node:24\nCMD exec node s.js --port $PORT\n"],
    bad: ["FROM node:24\nCMD node s.js\n"],
  },
  *check(subject) {
    const start = startCommand(subject);
    if (!start) return;
    for (const instruction of [start.entrypoint, start.cmd]) {
      if (!instruction || instruction.json) continue;
      // Of ENTRYPOINT in shell form the builder drops CMD.
      if (instruction === start.cmd && start.entrypoint && !start.entrypoint.json) continue;
      const script = instruction === start.instruction ? start.script : undefined;
      if (script && endsInExec(script)) continue;
      const only = script?.tree?.items.length === 1 ? script.tree.items[0] : undefined;
      const [command] = only?.pipeline ?? [];
      const simple =
        only?.pipeline.length === 1 &&
        only.operator === "" &&
        command?.kind === "simple" &&
        command.assignments.length === 0;
      const word = instruction.args[0];
      const plain = simple && word && execForm(instruction) === undefined;
      yield {
        at: instruction,
        message: "the shell is process 1 and does not pass SIGTERM on",
        ...(plain && {
          fix: { description: "let exec replace the shell", safe: true, edits: [insertion(word.span.start, "exec ")] },
        }),
      };
    }
  },
});
