import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { readScript, type Script } from "../../dockerfile/shell/commands.ts";
import { shellArgument, startCommand } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN051",
  severity: "warning",
  clause: "S3",
  summary: "No background jobs at start",
  help: "Outside of requests the CPU is throttled; and nobody notices when the job dies. Run it as a service or job of its own.",
  examples: {
    good: ['FROM node:24\nCMD ["sh", "-c", "migrate && exec node s.js"]\n'],
    bad: [
      "FROM node:24\nCMD worker & node s.js\n",
      'FROM node:24\nCMD exec sh -c "worker & exec node s.js"\n',
      "FROM debian:13\nCMD service nginx start && exec /app\n",
      "FROM python:3.13\nCMD celery -A a worker --detach && exec gunicorn a:app\n",
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    if (!start?.script?.tree) return;
    let background = false;
    const look = (list: NonNullable<Script["tree"]>): void => {
      for (const item of list.items) {
        if (item.operator === "&") background = true;
        for (const command of item.pipeline) if (command.kind === "compound") command.lists.forEach(look);
      }
    };
    look(start.script.tree);
    for (const { words } of start.programs) {
      const inner = shellArgument(words);
      const tree = inner === undefined ? undefined : readScript(inner).tree;
      if (tree) look(tree);
    }
    const daemon = start.script.commands.some(({ args }) =>
      args.some(({ text }) => /^--(?:daemon(?:i[sz]e)?|detach)$/.test(text)),
    );
    // Init scripts leave a daemon behind.
    const service = start.programs.some(
      ({ name, words }) =>
        (/^(?:service|rc-service)$/.test(name) && words[2] === "start") ||
        (/^\/etc\/(?:init|rc)\.d\//.test(words[0] ?? "") && words[1] === "start"),
    );
    if (background || daemon || service) yield { at: start.instruction, message: "a background job beside the server" };
  },
});
