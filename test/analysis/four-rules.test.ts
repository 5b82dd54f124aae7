/**
 * What KS001, KS002, KS010 and KS020 say of one small program each, all four at once: `four-rules/LANGUAGE.txt` holds the
 * programs, the rules that speak stand behind their names.
 */
import { describe, expect, it } from "vitest";
import { lintProgram, programs } from "./programs.ts";

const FOUR = /^KS0(01|02|10|20)$/;

describe.each(["javascript", "python", "ruby", "php", "csharp", "jvm", "go", "rust"])("programs of %s", (language) => {
  it.each(programs("four-rules", language))("$name", async ({ rules, files }) => {
    const findings = await lintProgram(files);
    const said = findings.filter((f) => FOUR.test(f.rule) && f.severity !== "info").map((f) => f.rule);
    expect([...new Set(said)].sort().join(" ")).toBe(rules);
  });
});
