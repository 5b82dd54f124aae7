/** The shell script that an instruction runs, with the way back to the source. */
import { derived } from "./derived.ts";
import { isBlankText } from "./lines.ts";
import { readScript, type Script } from "./shell/commands.ts";
import type { Instruction } from "./syntax.ts";
import type { Span } from "./text.ts";

export interface InstructionScript extends Script {
  /** The words of a JSON form, joined: not run by a shell, read like one. */
  exec: boolean;
  /** Place of an index into `text` in the source. */
  toSource(index: number, side?: "after" | "before"): number;
}

const SHELLS = /^#!\s*(?:\/\S*\/)?(?:env\s+(?:-S\s+)?)?(?:\S*\/)?(?:sh|bash|dash|ash|ksh|zsh)(?:\s|$)/;

/**
 * The script of RUN, CMD, ENTRYPOINT, HEALTHCHECK CMD or SHELL. Of `RUN <<EOF` it is the heredoc's body; where the body
 * feeds a program (`RUN python3 <<EOF`), the line before it.
 */
export const scriptOf = derived((instruction): InstructionScript => {
  if (instruction.json) return execScript(instruction);
  const [heredoc] = instruction.heredocs;
  const text = instruction.args[0]?.value ?? "";
  if (heredoc && isBlankText(text.replace(/\d*<<-?\s*(?:"[^"]*"|'[^']*'|\\?[^\s<>|&;]+)/g, ""))) {
    const body = heredoc.content;
    const start = heredoc.contentSpan.start;
    const foreign = body.startsWith("#!") && !SHELLS.test(body.slice(0, body.indexOf("\n") + 1 || body.length));
    return {
      // Tabs are white space to the shell anyway, except inside nested heredocs: no need to take them away.
      ...readScript(foreign ? "" : body),
      exec: false,
      toSource: (index) => start + Math.min(index, body.length),
    };
  }
  return new LineScript(instruction, readScript(text));
});

/** The instruction's own line, as most are. */
class LineScript implements InstructionScript {
  readonly exec = false;
  readonly #instruction: Instruction;
  readonly #script: Script;
  #base = -1;

  constructor(instruction: Instruction, script: Script) {
    this.#instruction = instruction;
    this.#script = script;
  }

  get text(): string {
    return this.#script.text;
  }

  get tree(): Script["tree"] {
    return this.#script.tree;
  }

  get commands(): Script["commands"] {
    return this.#script.commands;
  }

  get pipes(): boolean {
    return this.#script.pipes;
  }

  toSource(index: number, side?: "after" | "before"): number {
    if (this.#base < 0) {
      const { line } = this.#instruction;
      this.#base = line.indexOf(this.text, Math.max(0, line.trimEnd().length - this.text.length));
    }
    return this.#instruction.toSource(this.#base + index, side);
  }
}

function execScript(instruction: Instruction): InstructionScript {
  const text = instruction.args.map((arg) => arg.value).join(" ");
  const starts: number[] = [];
  let at = 0;
  for (const arg of instruction.args) {
    starts.push(at);
    at += arg.value.length + 1;
  }
  return {
    ...readScript(text),
    exec: true,
    toSource(index, side) {
      let i = 0;
      while (i + 1 < starts.length && (starts[i + 1] as number) <= index) i++;
      const span = instruction.args[i]?.span ?? instruction.keyword.span;
      return side === "before" ? span.end : span.start;
    },
  };
}

/** Place of a span of the script in the source. */
export function scriptSpan(script: InstructionScript, span: Span): Span {
  return { start: script.toSource(span.start), end: script.toSource(span.end, "before") };
}

const POWERSHELL = /^(?:.*[\\/])?(?:pwsh|powershell|cmd)(?:\.exe)?$/i;

/** Whether a SHELL is one whose scripts are not a POSIX shell's. */
export function isForeignShell(shell: readonly string[] | undefined): boolean {
  return shell?.[0] !== undefined && POWERSHELL.test(shell[0]);
}
