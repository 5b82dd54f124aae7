import { runsCalling } from "../../dockerfile/lookup.ts";
import type { DockerfileSubject, Run } from "../../dockerfile/rule.ts";
import { afterName, defineRunRule } from "../../dockerfile/run-rule.ts";
import { hasFlag } from "../../dockerfile/shell/commands.ts";
export default defineRunRule({
  id: "DL3047",
  severity: "info",
  summary: "wget without its progress bar",
  help: "wget's progress bar fills build logs. `--progress=dot:giga` writes a line now and then, `-nv` or `-q` less. BusyBox's wget, which Alpine has, knows `-q` only.",
  examples: {
    good: ["FROM debian:13\nRUN wget --progress=dot:giga https://example.com/x\n"],
    bad: ["FROM debian:13\nRUN wget https://example.com/x\n"],
  },
  programs: ["wget"],
  offends: (command) =>
    command.name === "wget" &&
    !hasFlag(command, "progress", "q", "quiet", "o", "output-file", "a", "append-output", "no-verbose") &&
    !command.args.some(({ text }) => text === "-nv"),
  message: "wget's progress bar fills the log: add --progress=dot:giga",
  fix: {
    description: "say less while it downloads",
    safe: true,
    edit: (command, run, subject) => afterName(command, run, isBusybox(subject, run) ? "-q" : "--progress=dot:giga"),
  },
});

/** BusyBox' wget ends at `--progress`: Alpine's, unless GNU's is installed. */
function isBusybox(subject: DockerfileSubject, { outer }: Run): boolean {
  let stage = subject.model.of(outer)?.stage;
  while (stage?.base) stage = stage.base;
  const image = stage?.image ?? "";
  const libc = subject.facts(image)?.libc ?? (/alpine|busybox/.test(image) ? "musl" : undefined);
  return libc !== "glibc" && !apkBringsWget(subject, libc === "musl");
}

/** @param busybox what holds where apk is not called */
function apkBringsWget(subject: DockerfileSubject, busybox: boolean): boolean {
  let words = installed.get(subject);
  if (!words) {
    const commands = runsCalling(subject, ["apk"]).flatMap(({ script }) => script.commands);
    words = new Set(
      commands.flatMap(({ name, args }) =>
        name === "apk" ? args.map(({ text }) => text.split(/[=<>~@]/, 1)[0] as string) : [],
      ),
    );
    installed.set(subject, words);
  }
  return words.size === 0 ? !busybox : words.has("wget");
}

/** Words behind apk. */
const installed = new WeakMap<DockerfileSubject, ReadonlySet<string>>();
