import { dropQuotes, isArchive } from "../../dockerfile/image-name.ts";
import { runsCalling } from "../../dockerfile/lookup.ts";
import { defineDockerfileRule, runOf } from "../../dockerfile/rule.ts";
import { type Command, operands } from "../../dockerfile/shell/commands.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";

const UNPACKERS = new Set("unzip gunzip bunzip2 unlzma unxz zgz uncompress zcat gzcat".split(" "));

export default defineDockerfileRule({
  id: "DL3010",
  severity: "info",
  summary: "ADD unpacks archives by itself",
  help: "A copied archive stays in its layer for ever, even when a later RUN unpacks and deletes it. ADD unpacks local tar archives directly. Only the last stage is judged: the layers of the others are not shipped.",
  examples: {
    good: [
      "FROM debian:13\nADD app.tar.gz /opt/\n",
      "FROM debian:13 AS build\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt\nFROM debian:13\nCOPY --from=build /opt /opt\n",
    ],
    bad: ["FROM debian:13\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt\n"],
  },
  *check(subject) {
    if (runsCalling(subject, [...UNPACKERS, "tar"]).length === 0) return;
    const copied: { outer: Instruction; name: string }[] = [];
    const reported = new Set<string>();
    const { instructions } = subject.document;
    const last = instructions.findLastIndex(({ name }) => name === "from");
    for (const instruction of instructions.slice(last + 1)) {
      if (instruction.name === "copy" && !instruction.flags.some((flag) => flag.name === "from")) {
        const target = instruction.args.at(-1)?.value ?? "";
        const names = isArchive(target) ? [target] : instruction.args.slice(0, -1).map((arg) => arg.value);
        for (const name of names) if (isArchive(name)) copied.push({ outer: instruction, name: basename(name) });
      } else if (copied.length > 0) {
        const run = instruction.name === "run" ? runOf(subject, instruction) : undefined;
        for (const command of run?.script.commands ?? []) {
          if (!unpacks(command)) continue;
          const names = new Set(operands(command).map((arg) => basename(arg.text)));
          for (const { outer, name } of copied) {
            const key = `${outer.span.start} ${name}`;
            if (!names.has(name) || reported.has(key)) continue;
            reported.add(key);
            yield { at: outer, message: `ADD would unpack ${name} without leaving the archive in a layer` };
          }
        }
      }
    }
  },
});

function unpacks(command: Command): boolean {
  if (UNPACKERS.has(command.name)) return true;
  if (command.name !== "tar") return false;
  return command.args.some(
    ({ text }) => text === "--extract" || text === "--get" || (text.startsWith("-") && text.includes("x")),
  );
}

function basename(path: string): string {
  const plain = dropQuotes(path);
  return plain.slice(Math.max(plain.lastIndexOf("/"), plain.lastIndexOf("\\")) + 1);
}
