/** The command of a program that an option belongs to: what `app ping --host localhost` asks is nothing that `app serve` listens on. */
import { closerAfter, openerBefore } from "../brackets.ts";

/** Commands that ask a server which runs, or do something else than to serve. */
const ASKING =
  /^(?:ping|get|put|set|ask|query|clients?|connect|status|stop|kill|call|send|post|push|pull|bench\w*|load(?:-?(?:test|gen))?|(?:health-?)?checks?|health\w*|list|ls|log(?:in|out|s)?|dump|export|import|migrat\w+|seed|probe|attach|tail|flush|record|reload|del(?:ete)?|rm|remove|create|add|info|version|submit|publish|pub|subscribe|sub|exec|eval|upload|download|fetch|sync|backup|restore|replay|trace|inspect|cancel|drain|invoke|request|curl|smoke|verify|validate|wait|notify|scrape|crawl)$/i;

/** What makes a command of its first argument. */
const MAKES: Record<string, RegExp> = {
  javascript: /(?:\.command|\bnew Command)\s*$/,
  rust: /\b(?:Command::new|SubCommand::with_name|App::new)\s*$/,
};
/** How far up a command is looked for. */
const FAR = 6000;

/**
 * @param at within the call, the annotation or the field that declares the option
 * @param code without its comments
 */
export function isOfAskingCommand(code: string, at: number, language: string): boolean {
  const name = commandOf(code, at, language);
  return name !== undefined && ASKING.test(name);
}

function commandOf(code: string, at: number, language: string): string | undefined {
  switch (language) {
    case "javascript":
      return (
        inChain(code, at, MAKES["javascript"] as RegExp) ??
        ofReceiver(code, at, JS_RECEIVER, jsMade) ??
        inClassOfCommand(code, at)
      );
    case "python":
      return ofReceiver(code, at, PYTHON_RECEIVER, pythonMade) ?? decorated(code, at);
    case "ruby":
      return /\bThor\b/.test(code)
        ? /^\s*(?:method_)?options?\b[^\n]*\n(?:\s*(?:desc|(?:method_)?options?|long_desc)\b[^\n]*\n|\s*\n)*\s*def (\w+)/.exec(
            code.slice(lineStart(code, at)),
          )?.[1]
        : undefined;
    case "php":
      return /(?:setName\(|\bname:|\$defaultName\s*=|\$signature\s*=)\s*["'](?:[\w-]+:)*([\w-]+)/.exec(code)?.[1];
    case "go":
      return ofReceiver(code, at, GO_RECEIVER, goMade) ?? inTableOfCommand(code, at) ?? inStructOfCommand(code, at);
    case "rust":
      return inChain(code, at, MAKES["rust"] as RegExp) ?? inVariant(code, at);
    case "java":
    case "kotlin":
    case "csharp":
      return inClassOfCommand(code, at);
    default:
      return undefined;
  }
}

function lineStart(code: string, at: number): number {
  return code.lastIndexOf("\n", at - 1) + 1;
}

function firstText(args: string): string | undefined {
  return /^\s*["'`]([\w-]+)/.exec(args)?.[1];
}

/**
 * `program.command("ping").option(…)`, `.command("ping", "…", (y) => y.option(…))`, `Command::new("ping").arg(…)`: what a chain
 * stands on, or what it stands in. A command that was given a function of its own is ended there.
 */
function inChain(code: string, at: number, makes: RegExp): string | undefined {
  let same = true;
  for (let i = at - 1; i >= 0 && i > at - FAR; i--) {
    const c = code[i] as string;
    if (c === ")" || c === "]" || c === "}") {
      const opener = openerBefore(code, i);
      if (opener <= Math.max(0, i - 4000)) return undefined;
      const inner = code.slice(opener + 1, i);
      if (
        same &&
        c === ")" &&
        makes.test(code.slice(Math.max(0, opener - 30), opener)) &&
        !/=>|\bfunction\b/.test(inner)
      )
        return firstText(inner);
      // The end of a block is the end of what stands before it.
      if (c === "}" && /\n/.test(inner)) same = false;
      i = opener;
    } else if (c === "(" || c === "[" || c === "{") {
      if (c === "(" && makes.test(code.slice(Math.max(0, i - 30), i))) return firstText(code.slice(i + 1, at));
      same = true;
    } else if (c === ";" || (c === "\n" && !/^\s*[.?)\]}]/.test(code.slice(i + 1, i + 80)))) {
      same = same && c === "\n" && /[.(,]\s*$/.test(code.slice(Math.max(0, i - 40), i));
    }
  }
  return undefined;
}

const JS_RECEIVER = /\b(\w+)\s*\.(?:option|requiredOption|addOption|argument)\s*\([^()]*$/;
const PYTHON_RECEIVER = /\b(\w+)\.add_argument\s*\([^()]*$/;
const GO_RECEIVER = /\b(\w+)(?:\.(?:Persistent|Local)?Flags\(\))?\.\w+\([^()]*$/;
const jsMade = (name: string): string =>
  String.raw`\b${name}\s*=\s*(?:await\s+)?[\w.]*(?:\.command|new Command)\s*\(\s*["'\x60]([\w-]+)`;
const pythonMade = (name: string): string => String.raw`\b${name}\s*=\s*[\w.]+\.add_parser\s*\(\s*["']([\w-]+)`;
const goMade = (name: string): string =>
  String.raw`\b${name}\s*(?:\*cobra\.Command\s*)?:?=\s*(?:&?cobra\.Command\s*\{[^{}]{0,200}?\bUse:\s*|flag\.NewFlagSet\(\s*)"([\w-]+)`;

/** By the variable that the option is declared on: the last that it was given before. */
function ofReceiver(code: string, at: number, receiver: RegExp, made: (name: string) => string): string | undefined {
  const name = receiver.exec(code.slice(Math.max(0, at - 300), at))?.[1];
  if (name === undefined) return undefined;
  return [...code.slice(0, at).matchAll(new RegExp(made(name), "g"))].at(-1)?.[1];
}

/** click's and typer's: `@cli.command()` over `def ping(`, with the option among its decorators or its parameters. */
function decorated(code: string, at: number): string | undefined {
  const opener = openerBefore(code, at);
  const heads = [openerBefore(code, opener), opener].flatMap((o) => DEF.exec(code.slice(Math.max(0, o - 80), o)) ?? []);
  const [own] = heads;
  const next = own ? undefined : /^(?:[^\n]*\n){1,40}?[ \t]*(?:async )?def (\w+)/.exec(code.slice(lineStart(code, at)));
  const def = own?.[1] ?? next?.[1];
  const start = def === undefined ? -1 : own ? code.lastIndexOf(`def ${def}`, at) : code.indexOf(`def ${def}`, at);
  if (start < 0) return undefined;
  const above = code
    .slice(Math.max(0, start - 1500), start)
    .split(/\bdef\b/)
    .at(-1) as string;
  const command = [...above.matchAll(/^[ \t]*@[\w.]*\bcommand\b(?:\(\s*(?:name\s*=\s*)?["']([\w-]+)["'])?/gm)].at(-1);
  return command && (command[1] ?? def?.replaceAll("_", "-"));
}

const DEF = /\bdef (\w+)\s*$/;

/** `{Name: "ping", Flags: []cli.Flag{&cli.StringFlag{Name: "host", Value: "localhost"}}}` */
function inTableOfCommand(code: string, at: number): string | undefined {
  let opener = openerBefore(code, at);
  for (let level = 0; level < 4 && opener > 0; level++) {
    opener = openerBefore(code, opener);
    const block = code[opener] === "{" ? code.slice(opener, closerAfter(code, opener)) : "";
    if (/^\{\s*[^{}]{0,300}?\bFlags:/.test(block)) return /\bName:\s*"([\w-]+)"/.exec(block)?.[1];
  }
  return undefined;
}

/** kong's ``Ping struct { Addr string `default:"…"` } `cmd:""` `` */
function inStructOfCommand(code: string, at: number): string | undefined {
  const opener = openerBefore(code, at);
  if (!/^\}\s*`[^`]*\bcmd:/.test(code.slice(closerAfter(code, opener)))) return undefined;
  return /(\w+)\s+struct\s*$/.exec(code.slice(Math.max(0, opener - 60), opener))?.[1];
}

/** clap's `enum Commands { Ping { #[arg(default_value = "…")] host: String } }`, `#[derive(Args)] struct PingArgs { … }` */
function inVariant(code: string, at: number): string | undefined {
  let opener = openerBefore(code, at);
  for (let level = 0; level < 3 && opener > 0 && code[opener] !== "{"; level++) opener = openerBefore(code, opener);
  const before = code.slice(Math.max(0, opener - 300), opener);
  const args =
    /\bderive\([^)]*\b(?:Args|Parser|StructOpt)\b[\s\S]*\bstruct\s+(\w+?)(?:Args|Opts|Options|Cmd|Command)?\s*$/.exec(
      before,
    )?.[1];
  if (args !== undefined) return args;
  const outer = openerBefore(code, opener);
  return /\benum\s+\w+\s*$/.test(code.slice(Math.max(0, outer - 60), outer))
    ? /(\w+)\s*$/.exec(before)?.[1]
    : undefined;
}

/** picocli's, clikt's and the command line parser's: a class for each command. */
function inClassOfCommand(code: string, at: number): string | undefined {
  let opener = openerBefore(code, at);
  for (let level = 0; level < 4 && opener > 0; level++) {
    const before = /[^{};]*$/.exec(code.slice(Math.max(0, opener - 300), opener))?.[0] ?? "";
    const cls = /\b(?:class|record)\s+(\w+)/.exec(before);
    if (cls) {
      const named =
        /(?:@(?:CommandLine\.)?Command\([^()]*\bname\s*=\s*|\[Verb\(\s*|\bCliktCommand\([^()]*\bname\s*=\s*)"([\w-]+)"/.exec(
          before,
        )?.[1];
      return (
        named ??
        (/\bCliktCommand\b|Command\b/.test(before.slice(cls.index))
          ? cls[1]?.replace(/(?:Cmd|Command)$/, "")
          : undefined)
      );
    }
    opener = openerBefore(code, opener);
  }
  return undefined;
}
