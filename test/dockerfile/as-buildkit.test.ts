/** Corners in which the builder does what nobody expects: what it does counts. */
import { describe, expect, it } from "vitest";
import { applyFixes } from "../../src/check/fixes.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { lintText } from "../../src/pipeline/lint-text.ts";

const rulesOf = (text: string): string[] => lintText(text, { file: "Dockerfile" }).findings.map(({ rule }) => rule);

describe("the parser", () => {
  it("takes each byte of a flag for a character", () => {
    const [copy] = parseDockerfile("COPY --exclude=é.txt --exclude=e.txt é /x\n").instructions;
    expect(copy?.flags.map(({ value }) => value)).toEqual(["\u00c3\u00a9.txt", "e.txt"]);
    expect(copy?.args.map(({ value }) => value)).toEqual(["é", "/x"]);
  });

  it("ends a flag where a byte of a letter is white space, and at no other white space than ASCII's", () => {
    const [run] = parseDockerfile("RUN --network=v\u00e0w --security=a\u2003b x\n").instructions;
    expect(run?.flags.map(({ value }) => value)).toEqual(["v\u00c3"]);
    expect(run?.args.map(({ value }) => value)).toEqual(["w --security=a\u2003b x"]);
    const [copy] = parseDockerfile('COPY --from=x\u00a0--link --chown=a\u3000b --exclude="\u00a0" a /b\n').instructions;
    expect(copy?.flags.map(({ value }) => value)).toEqual(["x\u00c2", "", "a\u00e3\u0080\u0080b", "\u00c2\u00a0"]);
    expect(parseDockerfile("FROM a\nHEALTHCHECK CMD\u00a0x\n").problems).toHaveLength(1);
  });

  it("suggests an instruction in the casing of what was written", () => {
    const hints = parseDockerfile("FRMO a\nfrmo a\nFrmo a\n").problems.map(({ message }) => message);
    expect(hints.map((hint) => /did you mean (\w+)/.exec(hint)?.[1])).toEqual(["FROM", "from", "from"]);
  });
});

describe("checks", () => {
  it("skipping does not concern the experimental one", () => {
    const text = (above: string): string =>
      `# check=experimental=InvalidDefinitionDescription${above}\nFROM scratch AS base\n# a stage\nFROM base AS app\n`;
    expect(rulesOf(text(""))).toContain("InvalidDefinitionDescription");
    expect(rulesOf(text(";skip=all"))).toContain("InvalidDefinitionDescription");
  });

  it("a source that only looks like a heredoc is a source", () => {
    expect(rulesOf("FROM alpine:3.22\nCOPY a<<b<c${d} /x\n")).toContain("UndefinedVar");
    expect(rulesOf("FROM alpine:3.22\nCOPY <<$d /x\n$\nd\n$d\n")).not.toContain("UndefinedVar");
  });

  it("a mount from a variable is told once", () => {
    const text = "FROM alpine:3.22\nRUN --mount=type=bind,from=$X,target=/x a\n";
    expect(rulesOf(text).filter((rule) => rule === "KN000")).toHaveLength(1);
  });

  it("triggers are judged where they fire, in the stages that the image needs", () => {
    const at = (text: string): string[] =>
      lintText(text, { file: "Dockerfile" })
        .findings.filter(({ rule }) => /^[A-Z][a-z]|^JSON/.test(rule))
        .map(({ rule, location }) => `${rule}:${location.region?.startLine}`)
        .sort();
    const triggers = "ONBUILD CMD a\nONBUILD ENV T_TOKEN b\nONBUILD WORKDIR x\nONBUILD EXPOSE 80/TCP 1:2\n";
    const base = `FROM scratch AS a\n${triggers}`;
    const found = [
      "ExposeInvalidFormat",
      "ExposeProtoCasing",
      "JSONArgsRecommended",
      "LegacyKeyValueFormat",
      "SecretsUsedInArgOrEnv",
      "WorkdirRelativePath",
    ];
    expect(at(`${base}FROM a\nWORKDIR /y\n`)).toEqual(found.map((rule) => `${rule}:6`));
    expect(at(`${base}FROM a AS b\nFROM scratch\nCOPY --from=b /x /x\n`)).toEqual(found.map((rule) => `${rule}:6`));
    expect(at(`${base}FROM a AS b\nFROM scratch\nCOPY x /x\n`)).toEqual([]);
    expect(at(`${base}FROM a\nCMD ["b"]\n`)).toContain("MultipleInstructionsDisallowed:6");
  });

  it("triggers of a stage fire in those of the image that build on it", () => {
    const text = "FROM alpine:3.22 AS a\nONBUILD COPY $x /x\nFROM a AS b\nFROM a\n";
    const found = lintText(text, { file: "Dockerfile", only: ["UndefinedVar"] }).findings;
    expect(found.map(({ location }) => location.region?.startLine)).toEqual([4]);
  });
});

describe("fixes", () => {
  it("mend nothing in what they remove", () => {
    const text = "FROM debian:13\ncmd a\nCMD b\n";
    const { findings } = lintText(text, { file: "Dockerfile" });
    const { text: fixed, applied } = applyFixes(text, findings, "Dockerfile");
    expect(applied.map(({ rule }) => rule)).toEqual(["DL4003", "DL3025"]);
    expect(fixed).toBe('FROM debian:13\nCMD ["b"]\n');
  });
});
