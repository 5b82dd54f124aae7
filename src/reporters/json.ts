/** Findings as one JSON document. */
import { defineReporter } from "../check/reporter.ts";

export default defineReporter({
  id: "json",
  summary: "One JSON document",
  report: ({ findings, files, profile }) => JSON.stringify({ version: 1, profile, files, findings }, null, 2),
});
