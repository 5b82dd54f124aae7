import { hasCacheMount, hasCacheMountAt } from "../../dockerfile/cache-mount.ts";
import { fromView } from "../../dockerfile/image-name.ts";
import type { Stage } from "../../dockerfile/interpret.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { type DockerfileSubject, defineDockerfileRule, inSource, passes, runOf } from "../../dockerfile/rule.ts";
import { appendCommand } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";

const APT = ["apt", "apt-get", "aptitude"];

export default defineDockerfileRule({
  id: "DL3009",
  severity: "info",
  summary: "Delete the apt lists after installing",
  help: "`/var/lib/apt/lists` weighs tens of megabytes. Delete it in the same RUN (a later one cannot make the layer smaller), or keep it out with cache mounts on /var/lib/apt and /var/cache/apt.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get update && apt-get install -y x && rm -rf /var/lib/apt/lists/*\n"],
    bad: ["FROM debian:13\nRUN apt-get update && apt-get install -y x\n"],
  },
  *check(subject) {
    if (runsCalling(subject, APT).length === 0) return;
    const needed = lastUses(subject);
    for (const pass of passes(subject.document)) {
      let from = "";
      let alias: string | undefined;
      const used = new Set<string>();
      const forgotten: { outer: Instruction; key: string; alias: string | undefined }[] = [];
      for (const { outer, inner } of pass) {
        if (inner.name === "from") {
          const view = fromView(inner);
          from = view.key;
          alias = view.alias;
          used.add(view.name);
        } else if (inner.name === "run" && forgot(subject, outer)) forgotten.push({ outer, key: from, alias });
      }
      for (const { outer, key, alias: name } of forgotten) {
        if (key !== from && !(name !== undefined && used.has(name))) continue;
        const run = runOf(subject, outer);
        const stage = subject.model.of(outer)?.stage;
        const later = stage !== undefined && (needed.get(stage) ?? -1) > outer.span.start;
        const edit = run && !later ? appendCommand(run, "rm -rf /var/lib/apt/lists/*") : undefined;
        const update = run?.script.commands.find((command) => updates(command));
        yield {
          at: run && update ? inSource(run, update.span) : outer,
          message: "delete /var/lib/apt/lists in the same RUN",
          ...(edit && { fix: { description: "delete the lists at the end of this RUN", safe: true, edits: [edit] } }),
        };
      }
    }
  },
});

/**
 * Where a stage, or one built on it, needs the lists of an earlier RUN for the last time: apt without an update of its own.
 * Offsets into the text.
 */
function lastUses(subject: DockerfileSubject): Map<Stage, number> {
  const uses = new Map<Stage, number>();
  for (const { instruction, script } of runsCalling(subject, APT)) {
    const first = script.commands.find(({ name }) => APT.includes(name));
    const stage = subject.model.of(instruction)?.stage;
    if (!first || !stage || updates(first)) continue;
    uses.set(stage, Math.max(uses.get(stage) ?? -1, instruction.span.start));
    for (let below = stage.base; below && uses.get(below) !== Number.POSITIVE_INFINITY; below = below.base)
      uses.set(below, Number.POSITIVE_INFINITY);
  }
  return uses;
}

function forgot(subject: DockerfileSubject, outer: Instruction): boolean {
  const run = runOf(subject, outer);
  if (!run?.script.commands.some(updates)) return false;
  if (run.script.commands.some(cleans)) return false;
  const { instruction } = run;
  if (hasCacheMountAt(instruction, "/var/lib/apt/lists")) return false;
  return !(hasCacheMount(instruction, "/var/lib/apt") && hasCacheMount(instruction, "/var/cache/apt"));
}

function updates(command: Command): boolean {
  return calls(command, APT, ["update"]);
}

function cleans(command: Command): boolean {
  return calls(command, "rm", ["-rf", "/var/lib/apt/lists/*"]);
}
