import { execForm } from "../../dockerfile/exec-form.ts";
import { firedTriggers } from "../../dockerfile/fired.ts";
import { stageInstructions } from "../../dockerfile/interpret.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { type DockerfileSubject, defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";

export default defineDockerfileRule({
  id: "DL3025",
  aliases: ["JSONArgsRecommended"],
  severity: "warning",
  clause: "S23",
  summary: "CMD and ENTRYPOINT in exec form",
  help: "The shell form starts `/bin/sh -c`, which becomes process 1 and does not pass SIGTERM on: the app is killed instead of stopped.",
  examples: {
    good: ['FROM debian:13\nCMD ["node", "server.js"]\n'],
    bad: ["FROM debian:13\nCMD node server.js\n"],
  },
  *check(subject) {
    for (const instruction of instructionsOf(subject.document, "cmd", "entrypoint", "healthcheck")) {
      const { name, json, args } = instruction;
      const health = name === "healthcheck" && instruction.healthcheckType?.value.toUpperCase() === "CMD";
      if (json || (name !== "cmd" && name !== "entrypoint" && !health)) continue;
      const hadolint = args.length > 0;
      const shell = subject.model.of(instruction)?.shell;
      const buildkit = !health && shell === undefined && subject.model.of(instruction) !== undefined;
      if (!hadolint && !buildkit) continue;
      const form = hadolint && shell === undefined ? execForm(instruction) : undefined;
      const safe = health || !givesOtherWords(subject, instruction);
      yield {
        at: instruction,
        message: `${name.toUpperCase()} in shell form: the shell is process 1 and keeps signals to itself`,
        ids: [...(hadolint ? [{ rule: "DL3025" }] : []), ...(buildkit ? [{ rule: "JSONArgsRecommended" }] : [])],
        ...(form &&
          args[0] && {
            fix: { description: "write the exec form", safe, edits: [replacement(args[0].span, form)] },
          }),
      };
    }
    for (const { trigger, from } of firedTriggers(subject, "cmd", "entrypoint"))
      if (!trigger.json && subject.model.of(trigger)?.shell === undefined)
        yield {
          at: from,
          message: `${trigger.name.toUpperCase()} in shell form fires here: the shell is process 1 and keeps signals to itself`,
          ids: [{ rule: "JSONArgsRecommended" }],
        };
  },
});

/**
 * ENTRYPOINT in shell form leaves CMD's words aside, in exec form they are its arguments; and of CMD in exec form
 * `ENTRYPOINT ["sh", "-c"]` runs the first word alone.
 */
function givesOtherWords(subject: DockerfileSubject, instruction: Instruction): boolean {
  const stage = subject.model.of(instruction)?.stage;
  if (!stage) return false;
  const last = (name: string) => stageInstructions(stage).findLast((one) => one.name === name);
  if (instruction.name === "entrypoint") return last("cmd") !== undefined;
  const entrypoint = last("entrypoint");
  return entrypoint?.json === true && entrypoint.args.at(-1)?.value === "-c";
}
