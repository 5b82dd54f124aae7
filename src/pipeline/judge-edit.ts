/**
 * What has to be judged anew after an edit of the app's own code: whether the edited files still ask for the modules they
 * asked for, and whether the source still honours the contract. Plain values in and out: it may be done in another thread.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
// All that a judgement needs is loaded with it: that is most of its work.
import "../analysis/analyze.ts";
import type { SourceFiles } from "../analysis/project.ts";
import type { Warning } from "../base/events.ts";
import { judgeEdited } from "../bundle/judge-edited.ts";
import type { OwnFileRecord } from "../bundle/record.ts";
import "../generated/sourceRules.ts";
import { openSource } from "../source/open.ts";
import type { EditRecord } from "./edit-record.ts";
import { lintGate, ownPort } from "./lint-gate.ts";
import "./source-lint.ts";

export interface EditToJudge {
  /** Where the edited files lie as they are bundled; real path. */
  root: string;
  /** What was known of the edited files, by path relative to it. */
  edited: Record<string, OwnFileRecord>;
  gate: EditRecord["gate"];
}

export interface EditJudgement {
  /** The edited files as they are now. */
  own: Map<string, OwnFileRecord>;
  warnings: Warning[];
}

export type JudgeEdit = (edit: EditToJudge) => Promise<EditJudgement | undefined>;

/**
 * @returns undefined where an edited file asks for other modules than before, or for another image
 * @throws CONTRACT_BROKEN, and what cannot be read
 */
export const judgeEdit: JudgeEdit = async ({ root, edited, gate }) => {
  const own = judgeEdited({ root, own: edited }, Object.keys(edited));
  if (!own) return undefined;
  const warnings: Warning[] = [];
  if (gate) {
    const files: SourceFiles = {
      root: gate.root,
      files: () => gate.files,
      read: async (path) => readFileSync(join(gate.root, path)),
    };
    const findings = await lintGate(
      openSource(gate.root),
      {
        ...gate.options,
        bundled: Promise.resolve(gate.sources),
        emit: (event) => event.type === "warning" && warnings.push(event),
        signal: new AbortController().signal,
      },
      files,
    );
    // The image would get what it does not have.
    if (gate.options.canBeReached && ownPort(findings)) return undefined;
  }
  return { own, warnings };
};
