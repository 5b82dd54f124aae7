/** The safe fixes of a Dockerfile, made one round after another: one may make room for the next. */
import { applyFixes } from "../check/fixes.ts";
import type { LintedText } from "./lint-text.ts";

const FIX_ROUNDS = 10;

export interface MendedText {
  text: string;
  /** Fixes that were made. */
  applied: number;
  /** What is said of the mended text. */
  linted: LintedText;
}

/** @param file as the findings name it @param lint with every mendable finding */
export function mendText(text: string, file: string, lint: (text: string) => LintedText): MendedText {
  const mended: MendedText = { text, applied: 0, linted: lint(text) };
  for (let round = 0; round < FIX_ROUNDS; round++) {
    const { text: next, applied } = applyFixes(mended.text, mended.linted.findings, file);
    if (applied.length === 0 || next === mended.text) break;
    mended.text = next;
    mended.applied += applied.length;
    mended.linted = lint(next);
  }
  return mended;
}
