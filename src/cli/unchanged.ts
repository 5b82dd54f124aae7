/** The answer of a build or a judgement that has nothing to do, given before the program is loaded. */
import { styleText } from "node:util";
import { setFlagsFromString } from "node:v8";
import { askNames, type Call, mayBeEdit, recallCall } from "../pipeline/same-call.ts";
import { recallLint } from "../pipeline/same-lint.ts";
import type { Question } from "../registry/plain-head.ts";
import { countLeading, globalFlags, isNoCommand } from "./global-flags.ts";
import { printReport } from "./print-report.ts";
import { outputLook, surviveClosedPipe, useColor } from "./streams.ts";

/** To look at a tree once takes the optimizing compiler longer than it saves. The loader of the program lets it in again. */
const NOT_OPTIMIZING = "--no-opt";

/** @returns `edited`: an edit may be all that there is; false: the whole program has to look at it */
export async function answerUnchanged(argv: readonly string[]): Promise<boolean | "edited"> {
  const word = argv[countLeading(argv)] ?? "";
  const cwd = currentDirectory();
  if (cwd === undefined || (word !== "build" && word !== "lint" && !isNoCommand(word))) return false;
  setFlagsFromString(NOT_OPTIMIZING);
  const call = { argv, cwd, env: process.env };
  if (word === "lint") return saidAgain(call);
  const report = await recallCall(call);
  if (!report) return mayBeEdit(call) && "edited";
  const { json, quiet } = globalFlags(argv);
  survive(quiet);
  const color = useColor(process.stdout);
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else
    printReport(report, {
      style: (format, text) => (color ? styleText(format, text) : text),
      note: (line) => quiet || process.stderr.write(`${line}\n`),
      print: (line) => process.stdout.write(`${line}\n`),
    });
  return true;
}

/** What the registries have under the image's names, asked while the program for edits is loaded. */
export function askAhead(argv: readonly string[]): ReadonlyMap<string, Question> {
  return askNames({ argv, cwd: process.cwd(), env: process.env });
}

/** What an equal judgement printed, with its exit code; false where there is none that holds. */
function saidAgain(call: Call): boolean {
  const said = recallLint(call, outputLook());
  if (!said) return false;
  const { quiet } = globalFlags(call.argv);
  survive(quiet);
  for (const text of said.printed) process.stdout.write(`${text}\n`);
  if (!quiet) for (const line of said.notes) process.stderr.write(`${line}\n`);
  process.exitCode = said.exitCode;
  return true;
}

function survive(quiet: boolean): void {
  surviveClosedPipe(process.stdout);
  if (!quiet) surviveClosedPipe(process.stderr);
}

/** Undefined where it was removed. */
function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
