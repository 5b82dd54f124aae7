/** Rules about commands in RUN: one finding an instruction, at the first offending command, its fix for all of them. */
import { type Programs, runsCalling } from "./lookup.ts";
import {
  type DockerfileRule,
  type DockerfileRuleDefinition,
  type DockerfileSubject,
  defineDockerfileRule,
  type Edit,
  inSource,
  insertion,
  type Run,
} from "./rule.ts";
import type { Command } from "./shell/commands.ts";

export interface RunRuleDefinition extends Omit<DockerfileRuleDefinition, "check"> {
  /** Programs whose calls may offend; no other RUN is looked at. */
  programs: Programs;
  /** Commands that offend, in order. */
  offends(command: Command, run: Run): boolean;
  message: string | ((commands: Command[], run: Run) => string);
  /** Edits that mend one command. */
  fix?: {
    description: string;
    safe: boolean;
    edit(command: Command, run: Run, subject: DockerfileSubject): Edit | undefined;
  };
}

export function defineRunRule({ programs, offends, message, fix, ...definition }: RunRuleDefinition): DockerfileRule {
  return defineDockerfileRule({
    ...definition,
    *check(subject) {
      for (const run of runsCalling(subject, programs)) {
        const commands = run.script.commands.filter((command) => offends(command, run));
        const [first] = commands;
        if (!first) continue;
        const edits = fix && !run.script.exec ? commands.map((command) => fix.edit(command, run, subject)) : [];
        yield {
          at: inSource(run, first.span),
          message: typeof message === "string" ? message : message(commands, run),
          ...(fix &&
            edits.length > 0 &&
            edits.every((edit) => edit !== undefined) && {
              fix: { description: fix.description, safe: fix.safe, edits: edits as Edit[] },
            }),
        };
      }
    },
  });
}

/** Puts text after the argument with this text: `install` → `install -y`. */
export function afterArgument(command: Command, run: Run, args: readonly string[], text: string): Edit | undefined {
  const found = command.args.find((arg) => args.includes(arg.text));
  return found && insertion(inSource(run, found.span).end, ` ${text}`);
}

/** Puts text after the program's name. */
export function afterName(command: Command, run: Run, text: string): Edit {
  return insertion(inSource(run, command.nameSpan).end, ` ${text}`);
}

/** Puts `&& command` at the end of a script that is one chain of `&&`; undefined where it is not. */
export function appendCommand(run: Run, text: string): Edit | undefined {
  const { tree } = run.script;
  if (!tree || run.script.exec || run.instruction.heredocs.length > 0) return undefined;
  const last = tree.items.at(-1);
  if (last?.operator !== "" || tree.items.some((item, i) => i < tree.items.length - 1 && item.operator !== "&&")) {
    return undefined;
  }
  // A comment at the end would swallow it.
  if (/(?:^|\s)#/.test(run.script.text)) return undefined;
  return insertion(run.script.toSource(run.script.text.length, "before"), ` && ${text}`);
}
