import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { fromView } from "../../dockerfile/image-name.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { type DockerfileSubject, defineDockerfileRule, inSource, passes, runOf } from "../../dockerfile/rule.ts";
import { appendCommand } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
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
    if (runsCalling(subject, ["apt", "apt-get", "aptitude"]).length === 0) return;
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
        const edit = run && appendCommand(run, "rm -rf /var/lib/apt/lists/*");
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

function forgot(subject: DockerfileSubject, outer: Instruction): boolean {
  const run = runOf(subject, outer);
  if (!run?.script.commands.some(updates)) return false;
  if (run.script.commands.some(cleans)) return false;
  const { instruction } = run;
  if (hasCacheMount(instruction, "/var/lib/apt/lists")) return false;
  return !(hasCacheMount(instruction, "/var/lib/apt") && hasCacheMount(instruction, "/var/cache/apt"));
}

function updates(command: Command): boolean {
  return calls(command, ["apt", "apt-get", "aptitude"], ["update"]);
}

function cleans(command: Command): boolean {
  return calls(command, "rm", ["-rf", "/var/lib/apt/lists/*"]);
}
