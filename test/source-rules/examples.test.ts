import { describe, expect, it } from "vitest";
import type { RuleExample } from "../../src/check/types.ts";
import { explainedRules } from "../../src/cli/explained-rules.ts";
import { sourceRules } from "../../src/generated/sourceRules.ts";
import { lintSource } from "../../src/pipeline/source-lint.ts";

/** The files of an example as a source tree. */
function program(example: RuleExample) {
  const files: Record<string, string> = { [example.file ?? "server.js"]: example.text, ...example.files };
  return {
    root: ".",
    files: () => Object.keys(files),
    read: async (path: string) => new TextEncoder().encode(files[path]),
  };
}

const explained = await explainedRules();
for (const rule of sourceRules) {
  const { good, bad } = explained.find(({ id }) => id === rule.id)!.examples;
  describe(rule.id, () => {
    const judge = async (example: RuleExample) =>
      (await lintSource(program(example), { rules: [rule] })).filter(
        (f) => f.severity !== "info" || rule.severity === "info",
      );
    it.each(good.map((e, i) => [`${i} ${e.file}`, e] as const))("leaves alone: %s", async (_, example) => {
      expect(
        (await judge(example)).map((f) => f.message),
        example.text,
      ).toEqual([]);
    });
    it.each(bad.map((e, i) => [`${i} ${e.file}`, e] as const))("reports: %s", async (_, example) => {
      const findings = await judge(example);
      expect(findings.length, example.text).toBeGreaterThan(0);
      for (const f of findings) {
        expect(f.rule).toBe(rule.id);
        expect(f.location.region?.startLine).toBeGreaterThan(0);
      }
    });
  });
}
