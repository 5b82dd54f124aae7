/** The answer of a build after an edit, found by a small part of the program. */
import { buildEdit, type EditCall } from "../pipeline/edit-build.ts";
import { createContext } from "./context.ts";
import { globalFlags } from "./global-flags.ts";
import { printReport } from "./print-report.ts";
import { reportError } from "./report-error.ts";

/**
 * @param begun what is under way already
 * @param keepCode keeps the compiled code of this run for runs of the same kind
 * @returns the exit code; undefined when the whole program has to look at it
 */
export async function answerEdited(
  argv: string[],
  begun: Pick<EditCall, "judge" | "asked">,
  keepCode: (kind: string) => void,
): Promise<number | undefined> {
  const flags = globalFlags(argv);
  const context = createContext(argv, flags, () => {});
  try {
    const report = await buildEdit({ ...context, ...begun });
    if (!report) return undefined;
    if (context.json) context.printJson(report);
    else printReport(report, context);
    keepCode("edit");
    return context.signal.aborted ? 130 : 0;
  } catch (error) {
    return reportError(error, flags);
  } finally {
    for (const { drop } of begun.asked?.values() ?? []) drop();
    context.close();
  }
}
