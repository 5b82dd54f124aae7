/** What a place weighs that is not always reached. */
import type { Severity } from "../check/types.ts";
import type { Reach } from "./facts.ts";

/** Only in development, or only where a test runs it: worth knowing, no more. */
export function severityAt(reach: Reach, severity: Severity): Severity {
  return reach.development ? "info" : severity;
}

/** `, depending on X`, for what an environment variable switches on. */
export function condition(reach: Reach): string {
  const names = [...new Set(reach.env)].filter((name) => name !== "*");
  return names.length ? `, depending on ${names.join(", ")}` : "";
}

/** `if __name__ == "__main__"` is no condition: it holds where the file is what is started. */
export function asStarted(reach: Reach): Reach {
  return { ...reach, conditions: reach.conditions.filter((c) => !/__name__|require\.main|import\.meta\.main/.test(c)) };
}
