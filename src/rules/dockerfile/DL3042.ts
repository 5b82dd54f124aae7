import { hasCacheMount } from "../../dockerfile/cache-mount.ts";
import { fromView } from "../../dockerfile/image-name.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { isPip, isPipInstall } from "../../dockerfile/package-tools.ts";
import { plainPairs } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule, inSource, passes, runOf } from "../../dockerfile/rule.ts";
import { afterArgument } from "../../dockerfile/run-rule.ts";
import { type Command, hasRun } from "../../dockerfile/shell/commands.ts";

const TRUE = new Set("1 true True TRUE on On ON yes Yes YES".split(" "));

export default defineDockerfileRule({
  id: "DL3042",
  severity: "warning",
  summary: "pip without its cache",
  help: "pip keeps what it downloads in ~/.cache/pip, which the layer keeps too: `--no-cache-dir`, `ENV PIP_NO_CACHE_DIR=1`, or a cache mount at /root/.cache/pip.",
  examples: {
    good: [
      "FROM python:3.13\nRUN pip install --no-cache-dir flask==3.1.0\n",
      "FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install flask==3.1.0\n",
    ],
    bad: ["FROM python:3.13\nRUN pip install flask==3.1.0\n"],
  },
  *check(subject) {
    if (runsCalling(subject, isPip).length === 0) return;
    for (const pass of passes(subject.document)) {
      const off = new Map<string, boolean>();
      let stage = "";
      for (const { outer, inner } of pass) {
        if (inner.name === "from") {
          const { name, alias } = fromView(inner);
          const inherited = off.get(name) ?? false;
          stage = alias ?? name;
          off.set(stage, inherited);
        } else if (inner.name === "env") {
          const pair = plainPairs(inner, subject.document.escape).find(({ key }) => key === "PIP_NO_CACHE_DIR");
          if (pair && TRUE.has(pair.value)) off.set(stage, true);
        } else if (inner.name === "run" && !off.get(stage)) {
          const run = runOf(subject, outer);
          if (!run || setHere(run.script.text) || hasCacheMount(inner, ".cache/pip")) continue;
          const commands = run.script.commands.filter(keepsCache);
          const [first] = commands;
          if (!first) continue;
          const edits = commands.flatMap((command) => afterArgument(command, run, ["install"], "--no-cache-dir") ?? []);
          yield {
            at: inSource(run, first.span),
            message: "pip keeps its cache in the layer: add --no-cache-dir",
            ...(!run.script.exec && { fix: { description: "add --no-cache-dir", safe: true, edits } }),
          };
        }
      }
    }
  },
});

function keepsCache(command: Command): boolean {
  if (!isPipInstall(command) || command.args.some(({ text }) => text === "--no-cache-dir")) return false;
  return !["pipx", "pipenv"].some((wrapper) => command.name.includes(wrapper) || hasRun(command, ["-m", wrapper]));
}

function setHere(script: string): boolean {
  const at = script.indexOf("PIP_NO_CACHE_DIR=");
  if (at < 0) return false;
  const value = script.slice(at + "PIP_NO_CACHE_DIR=".length);
  return [...TRUE].some((word) => value.startsWith(word));
}
