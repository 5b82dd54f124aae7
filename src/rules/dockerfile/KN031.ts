import { defineDockerfileRule, type Hit, insertion } from "../../dockerfile/rule.ts";
import { endsInExec, lastCommand, startCommand } from "../../dockerfile/start.ts";

const MANAGERS = new Set(["npm", "yarn", "yarnpkg", "pnpm", "npx", "pnpx", "bunx"]);

export default defineDockerfileRule({
  id: "KN031",
  severity: "warning",
  clause: "S23",
  summary: "The app is process 1",
  help: 'npm and yarn start the app as a child of a shell and do not pass SIGTERM on reliably; so does `sh -c` without exec. Start the app itself: `["node", "server.js"]`, or `exec` it last.',
  examples: {
    good: ['FROM node:24\nCMD ["sh", "-c", "migrate && exec node s.js"]\n'],
    bad: ['FROM node:24\nCMD ["npm", "start"]\n', 'FROM node:24\nCMD ["sh", "-c", "migrate && node s.js"]\n'],
  },
  *check(subject) {
    const start = startCommand(subject);
    if (!start) return;
    const first = start.argv[0]?.slice(start.argv[0].lastIndexOf("/") + 1) ?? "";
    // `bun run FILE` runs the file itself, `bun run SCRIPT` what package.json says.
    const script = first === "bun" && start.argv[1] === "run" && !/[./]/.test(start.argv[2] ?? "./");
    if (!start.shellForm && (MANAGERS.has(first) || script)) {
      yield { at: start.instruction, message: `${first} is process 1: it does not pass SIGTERM on` };
    }
    if (!start.script) return;
    if (endsInExec(start.script)) {
      const last = lastCommand(start.script.tree)?.pipeline.at(-1);
      const program = last?.kind === "simple" ? (last.words[1]?.literal ?? "") : "";
      if (MANAGERS.has(program.slice(program.lastIndexOf("/") + 1))) {
        yield { at: start.instruction, message: `${program} is process 1: it does not pass SIGTERM on` };
      }
    } else if (!start.shellForm) {
      yield { at: start.instruction, message: "the shell stays process 1: exec the last command", ...execFix(start) };
    }
  },
});

/** Puts exec before the last command, where the script is one JSON text without escapes. */
function execFix(start: NonNullable<ReturnType<typeof startCommand>>): Pick<Hit, "fix"> {
  const last = lastCommand(start.script?.tree);
  const command = last?.pipeline[0];
  if (
    last?.pipeline.length !== 1 ||
    last.operator !== "" ||
    command?.kind !== "simple" ||
    command.assignments.length > 0
  )
    return {};
  if (command.redirects.length > 0) return {};
  const text = start.script?.text ?? "";
  const word = [start.cmd, start.entrypoint].flatMap((one) => one?.args ?? []).find((arg) => arg.value === text);
  // The quotes are one unit each: any escape would move the place.
  if (!word || word.span.end - word.span.start !== text.length + 2) return {};
  return {
    fix: {
      description: "exec the last command",
      safe: true,
      edits: [insertion(word.span.start + 1 + command.span.start, "exec ")],
    },
  };
}
