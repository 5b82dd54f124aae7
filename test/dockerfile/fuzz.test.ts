/** Whatever the text: no throw, the tree prints as the text, the time grows with the length. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printDockerfile } from "../../src/dockerfile/print.ts";
import { isInstruction } from "../../src/dockerfile/syntax.ts";
import { lintText } from "../../src/pipeline/lint-text.ts";
import { CORPUS } from "./corpus.ts";

const PIECES = [
  " ",
  "\n",
  "\\\n",
  "\r\n",
  "<<EOF",
  "<<-'X'",
  "EOF\n",
  '"',
  "'",
  "`",
  "$",
  "${",
  "}",
  "$(",
  ")",
  "((",
  "[",
  "]",
  "{",
  "|",
  "&",
  "&&",
  ";",
  "#",
  "--",
  "=",
  "FROM ",
  "ONBUILD ",
  "RUN ",
  "COPY ",
  "ENV ",
  "\t",
  "\0",
  "\ufeff",
  "é",
  "💥",
  "\ud800",
  "if ",
  "case x in ",
  "# check=skip=all\n",
  "# hadolint ignore=DL3003\n",
];

/** A corpus text with pieces put in, cut out and moved. */
const mutated = fc
  .tuple(
    fc.constantFrom(...CORPUS),
    fc.array(fc.tuple(fc.nat(2000), fc.constantFrom(...PIECES), fc.nat(12)), { maxLength: 8 }),
  )
  .map(([text, changes]) =>
    changes.reduce((current, [at, piece, cut]) => {
      const place = at % (current.length + 1);
      return current.slice(0, place) + piece + current.slice(place + cut);
    }, text),
  );

function check(text: string): void {
  const { subject, findings } = lintText(text, { file: "Dockerfile", dockerignore: "a\n!b\n" });
  expect(printDockerfile(subject.document)).toBe(text);
  let at = 0;
  for (const node of subject.document.nodes) {
    expect(node.span.start).toBe(at);
    at = node.span.end;
    if (!isInstruction(node)) continue;
    for (const word of [node.keyword, node.rest, ...node.args]) {
      expect(word.span.start).toBeGreaterThanOrEqual(node.span.start);
      expect(word.span.end).toBeLessThanOrEqual(node.span.end);
      expect(word.span.end).toBeGreaterThanOrEqual(word.span.start);
    }
  }
  for (const { location, fixes } of findings) {
    expect(location.region?.startLine).toBeGreaterThan(0);
    for (const edit of fixes?.flatMap((fix) => fix.edits) ?? []) {
      expect(edit.start).toBeGreaterThanOrEqual(0);
      expect(edit.end).toBeGreaterThanOrEqual(edit.start);
      expect(edit.end).toBeLessThanOrEqual(text.length);
    }
  }
}

describe("any text", () => {
  it("mutated Dockerfiles", () => {
    fc.assert(fc.property(mutated, check), { numRuns: 150 });
  });

  it("strings of pieces", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((all) => all.join("")),
        check,
      ),
      { numRuns: 100, examples: [["\\\n--"]] },
    );
  });
});

describe("a third of a megabyte", () => {
  const SIZE = 300_000;
  const repeat = (piece: string, before = "FROM debian:13\n"): string =>
    before + piece.repeat(Math.ceil(SIZE / piece.length));
  /** Pieces that differ from one another, as those of a real file do. */
  const differing = (piece: (i: number) => string, before = "FROM debian:13 AS s0\n"): string => {
    const pieces = [before];
    for (let i = 1, size = 0; size < SIZE; i++) size += pieces[pieces.push(piece(i)) - 1]?.length ?? 0;
    return pieces.join("");
  };
  it.each([
    [
      "stages, each on the one before",
      differing((i) => `FROM s${i - 1} AS s${i}\nENV V${i}=x\nARG A${i}=y\nRUN echo $V${i}\n`),
    ],
    ["variables that are misspelt", differing((i) => `ENV VARIABLE_${i}=x\nRUN echo $VARIABL_${i}\n`)],
    ["heredocs", differing((i) => `COPY <<E${i} /f${i}\nx\nE${i}\n`)],
    [
      "lines that all differ",
      differing((i) => `RUN echo ${i} && mkdir -p /d${i}\nENV V${i}=${i}\nCOPY f${i} /d${i}/\n`),
    ],
    ["instructions", repeat("RUN apt-get update && apt-get install -y curl\n")],
    ["one RUN of many commands", repeat("a && ", "FROM debian:13\nRUN ")],
    ["continued lines", repeat("a \\\n", "FROM debian:13\nRUN ")],
    ["open braces", repeat("{", "FROM debian:13\nRUN echo ")],
    ["open substitutions", repeat("$(", "FROM debian:13\nRUN echo ")],
    ["open parentheses", repeat("(", "FROM debian:13\nRUN ")],
    ["quotes", repeat("'\"", "FROM debian:13\nENV a=")],
    ["variables", repeat("${a:-", "FROM debian:13\nENV a=")],
    ["stages", repeat("FROM debian:13 AS a\n", "")],
    ["unknown instructions", repeat("x\n", "")],
    ["heredocs that do not end", differing((i) => `RUN <<E${i}\necho ${i}\n`)],
    ["ports in ranges", repeat("EXPOSE 1-65535\n")],
    ["comments", repeat("# knbuild ignore=DL3003\n")],
    ["blanks", repeat(" ", "FROM debian:13\nRUN a")],
    ["a heredoc that does not end", repeat("x\n", "FROM debian:13\nRUN <<EOF\n")],
    ["labels", repeat("a=b ", "FROM debian:13\nLABEL ")],
    [
      "stages on one with many triggers",
      differing((i) => (i < 6000 ? `ONBUILD ENV A${i}=$B${i}\n` : `FROM s0 AS s${i}\n`)),
    ],
    [
      "patterns over a long value",
      repeat("ENV A=${B%%*a*b*}${B//?b/x}\n", `FROM debian:13\nENV B=${"a".repeat(60_000)}\n`),
    ],
    ["variables of one ENV", repeat("a$b=c ", "FROM debian:13\nENV ")],
  ])("of %s", (_, text) => {
    const begin = process.cpuUsage();
    lintText(text, { file: "Dockerfile" });
    const { user, system } = process.cpuUsage(begin);
    // Processor time of all threads, the compiler's and the collector's too: the wall clock belongs to others as well.
    expect((user + system) / 1e6).toBeLessThan(8);
  });
});
