import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { fromView } from "../../dockerfile/image-name.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { type DockerfileSubject, defineDockerfileRule, inSource, passes, runOf } from "../../dockerfile/rule.ts";
import { appendCommand } from "../../dockerfile/run-rule.ts";
import { type Command, calls } from "../../dockerfile/shell/commands.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
export default defineDockerfileRule({
  id: "DL3060",
  severity: "info",
  summary: "yarn cache clean after yarn install",
  help: "yarn keeps what it downloads; the layer then keeps it too. Clean in the same RUN, or mount a cache at /root/.cache/yarn.",
  examples: {
    good: ["FROM node:24\nRUN yarn install && yarn cache clean\n"],
    bad: ["FROM node:24\nRUN yarn install\n"],
  },
  *check(subject) {
    if (runsCalling(subject, ["yarn"]).length === 0) return;
    for (const pass of passes(subject.document)) {
      let key = "";
      let alias: string | undefined;
      const used = new Set<string>();
      const found: { outer: Instruction; key: string; alias: string | undefined }[] = [];
      for (const { outer, inner } of pass) {
        if (inner.name === "from") {
          const view = fromView(inner);
          key = view.key;
          alias = view.alias;
          used.add(view.name);
        } else if (inner.name === "run" && keeps(subject, outer)) found.push({ outer, key, alias });
      }
      for (const { outer, key: at, alias: name } of found) {
        const run = runOf(subject, outer);
        if (!run || (at !== key && !(name !== undefined && used.has(name)))) continue;
        const first = run.script.commands.find(installs);
        const edit = run.script.commands.some(cleans) ? undefined : appendCommand(run, "yarn cache clean");
        yield {
          at: first ? inSource(run, first.span) : outer,
          message: "yarn keeps its cache in the layer: run yarn cache clean after it",
          ...(edit && { fix: { description: "clean at the end of this RUN", safe: true, edits: [edit] } }),
        };
      }
    }
  },
});

function keeps(subject: DockerfileSubject, outer: Instruction): boolean {
  const run = runOf(subject, outer);
  if (!run) return false;
  const install = run.script.commands.findIndex(installs);
  const clean = run.script.commands.findIndex(cleans);
  if (install < 0) return false;
  return clean < 0 ? !hasCacheMount(run.instruction, ".cache/yarn") : clean < install;
}

function installs(command: Command): boolean {
  return calls(command, "yarn", ["install"]);
}

function cleans(command: Command): boolean {
  return calls(command, "yarn", ["cache", "clean"]);
}
