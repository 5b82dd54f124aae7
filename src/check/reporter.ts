/** How findings are written out: one file a format in src/reporters. */
import type { Finding, RuleMeta } from "./types.ts";

export interface ReportInput {
  findings: readonly Finding[];
  /** Every rule that may stand in the findings. */
  rules: readonly RuleMeta[];
  /** Text of a file, where it is known: for code frames and fingerprints. */
  textOf(file: string): string | undefined;
  /** Files that were judged, clean ones too. */
  files: readonly string[];
  /** `gke`, `knative` or `cloudrun`. */
  profile: string;
  version: string;
  /** Styled text, or the text itself. */
  style: (format: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;
}

export interface Reporter {
  /** Equal to the file's name. */
  id: string;
  /** One line. */
  summary: string;
  /** The whole report; ends without a newline. */
  report(input: ReportInput): string;
}

export function defineReporter(reporter: Reporter): Reporter {
  return reporter;
}
