/** GitLab's Code Quality report (a list of Code Climate issues). */
import { createHash } from "node:crypto";
import { defineReporter } from "../check/reporter.ts";
import type { Severity } from "../check/types.ts";

const SEVERITIES: Readonly<Record<Severity, string>> = { error: "critical", warning: "minor", info: "info" };

export default defineReporter({
  id: "gitlab",
  summary: "GitLab Code Quality",
  report({ findings }) {
    const seen = new Map<string, number>();
    return JSON.stringify(
      findings.map(({ rule, severity, message, location: { file, region } }) => {
        const key = `${rule}\0${file}\0${message}`;
        const count = seen.get(key) ?? 0;
        seen.set(key, count + 1);
        return {
          type: "issue",
          check_name: rule,
          description: message,
          categories: ["Bug Risk"],
          severity: SEVERITIES[severity],
          fingerprint: createHash("sha256").update(`${key}\0${count}`).digest("hex"),
          location: { path: file, lines: { begin: region?.startLine ?? 1, end: region?.endLine ?? 1 } },
        };
      }),
      null,
      2,
    );
  },
});
