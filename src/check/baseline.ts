/** Findings that were there before: an old repository can start clean and still see what is new. */
import { createHash } from "node:crypto";
import { usageError } from "../base/errors.ts";
import type { Finding } from "./types.ts";

export interface Baseline {
  version: 1;
  /** Fingerprint → how often. */
  findings: Record<string, number>;
}

/**
 * Equal for the same rule on the same text of the same file, wherever it has moved to.
 * @param line text of the line the finding begins on
 */
export function fingerprint(finding: Finding, line: string): string {
  const hash = createHash("sha256");
  hash.update(`${finding.rule}\0${finding.location.file}\0${line.trim().replace(/\s+/g, " ")}`);
  return hash.digest("hex").slice(0, 32);
}

export function createBaseline(fingerprints: Iterable<string>): Baseline {
  const findings: Record<string, number> = {};
  for (const one of [...fingerprints].sort()) findings[one] = (findings[one] ?? 0) + 1;
  return { version: 1, findings };
}

/** @throws BASELINE_INVALID (exit 2) */
export function parseBaseline(text: string, where: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError("BASELINE_INVALID", `not JSON: ${(error as Error).message}`, "Write it anew.", where);
  }
  const { version, findings } = (value ?? {}) as Partial<Baseline>;
  const sound =
    version === 1 &&
    typeof findings === "object" &&
    findings !== null &&
    Object.values(findings).every((n) => typeof n === "number");
  if (!sound) throw usageError("BASELINE_INVALID", "not a baseline of version 1", "Write it anew.", where);
  return { version, findings };
}

/** Findings that the baseline does not know; of repeated ones, those beyond the known number. */
export function filterBaseline<T>(items: readonly T[], fingerprintOf: (item: T) => string, baseline: Baseline): T[] {
  const left = new Map(Object.entries(baseline.findings));
  return items.filter((item) => {
    const key = fingerprintOf(item);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count === 0;
  });
}
