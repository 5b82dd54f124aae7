/** The answer of a build that has nothing to do, given before the program is loaded. */
import { styleText } from "node:util";
import { mayBeEdit, recallCall } from "../pipeline/same-call.ts";
import { countLeading, globalFlags, isNoCommand } from "./global-flags.ts";
import { printReport } from "./print-report.ts";
import { surviveClosedPipe, useColor } from "./streams.ts";

/** @returns `edited`: an edit may be all that there is; false: the whole program has to look at it */
export async function answerUnchanged(argv: readonly string[]): Promise<boolean | "edited"> {
  const word = argv[countLeading(argv)] ?? "";
  const cwd = currentDirectory();
  if (cwd === undefined || (word !== "build" && !isNoCommand(word))) return false;
  const call = { argv, cwd, env: process.env };
  const report = await recallCall(call);
  if (!report) return mayBeEdit(call) && "edited";
  const { json, quiet } = globalFlags(argv);
  surviveClosedPipe(process.stdout);
  if (!quiet) surviveClosedPipe(process.stderr);
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

/** Undefined where it was removed. */
function currentDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
