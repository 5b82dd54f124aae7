/** Workflow commands of GitHub Actions: annotations on the changed lines. */
import { defineReporter } from "../check/reporter.ts";
import type { Severity } from "../check/types.ts";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice" };

export default defineReporter({
  id: "github",
  summary: "Annotations of GitHub Actions",
  report: ({ findings }) =>
    findings
      .map(({ rule, severity, message, location: { file, region } }) => {
        const properties = [
          `file=${property(file)}`,
          ...(region
            ? [
                `line=${region.startLine}`,
                `endLine=${region.endLine}`,
                // Columns are only allowed on one line.
                ...(region.startLine === region.endLine
                  ? [`col=${region.startColumn}`, `endColumn=${region.endColumn}`]
                  : []),
              ]
            : []),
          `title=${property(rule)}`,
        ];
        return `::${COMMANDS[severity]} ${properties.join(",")}::${data(message)}`;
      })
      .join("\n"),
});

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
