/** Whether edited files of the app's own code still ask for what they asked for. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyzeFile } from "./analyze.ts";
import type { OwnAgain } from "./own-again.ts";
import { type OwnFileRecord, readsFilesOf, shapeOf } from "./record.ts";

/** New records of the edited files; undefined when one of them asks for other modules than before. */
export function judgeEdited(
  { root, own }: Pick<OwnAgain, "root" | "own">,
  edited: readonly string[],
): Map<string, OwnFileRecord> | undefined {
  const fresh = new Map<string, OwnFileRecord>();
  for (const path of edited) {
    const known = own[path] as OwnFileRecord;
    const file = join(root, path);
    const analysis = analyzeFile(file, readFileSync(file, "utf8"), { moduleScope: known.moduleScope, own: true });
    // A syntax error is esbuild's to report: it is the same in a full build.
    if (shapeOf(analysis) !== known.shape) return undefined;
    fresh.set(path, { ...known, readsFiles: readsFilesOf(analysis), sigtermLine: analysis.sigtermLine });
  }
  return fresh;
}
