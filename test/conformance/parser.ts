/** Cases of BuildKit's parser, instructions and word expansion. */
import { dumpInstruction } from "../../src/dockerfile/dump.ts";
import { environmentOf, expand } from "../../src/dockerfile/expand.ts";
import { chompTabs, heredocWords, readHeredocWord } from "../../src/dockerfile/heredoc.ts";
import { readJsonForm } from "../../src/dockerfile/json-form.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import type { Instruction } from "../../src/dockerfile/syntax.ts";
import { splitQuoted } from "../../src/dockerfile/words.ts";
import type { Case, Failure } from "./judge.ts";

export function judgeWords(one: Case): Failure {
  const input = one["input"] as string;
  const env = one["env"] as Record<string, string>;
  // Windows looks names up in any casing.
  const names = one["platform"] === "W" ? upper(env) : environmentOf(env);
  let got: unknown;
  try {
    const result = expand(input, names);
    got =
      one.kind === "words"
        ? result.words
        : "matched" in one
          ? { text: result.text, matched: [...result.matched].sort(), unmatched: [...result.unmatched].sort() }
          : result.text;
  } catch {
    got = { error: true };
  }
  const expected = one["error"]
    ? { error: true }
    : "matched" in one
      ? {
          text: one["expected"],
          matched: [...(one["matched"] as string[])].sort(),
          unmatched: [...(one["unmatched"] as string[])].sort(),
        }
      : one["expected"];
  return compare(expected, got);
}

function upper(env: Record<string, string>) {
  const folded = new Map(Object.entries(env).map(([key, value]) => [key.toUpperCase(), value]));
  return { get: (name: string) => folded.get(name.toUpperCase()) };
}

export function judgeParser(one: Case): Failure {
  const text = one.dockerfile;
  switch (one.kind) {
    case "words":
      return compare(
        one["expected"],
        splitQuoted(text, 0, text.length, "\\").map((word) => word.value),
      );
    case "json": {
      const form = readJsonForm(text, 0, text.length);
      const got = form.kind === "strings" ? form.strings.map((s) => s.value) : "invalid";
      return compare(one["valid"] ? (one["values"] ?? got) : "invalid", got);
    }
    case "heredoc-word":
      return compare(
        one["valid"] ? (one["heredoc"] ?? null) : "invalid",
        attempt(() => readHeredocWord(text)?.name ?? null),
      );
    case "heredoc-line":
      return compare(
        one["valid"] ? one["heredocs"] : "invalid",
        attempt(() => heredocWords(text).map((heredoc) => heredoc.name)),
      );
    default:
      return judgeDocument(one, text);
  }
}

function judgeDocument(one: Case, text: string): Failure {
  const document = parseDockerfile(text);
  const problems = document.problems.filter((p) => p.kind === "syntax" || one.kind !== "parse");
  const valid = problems.length === 0;
  if (valid !== one["valid"]) {
    return {
      expected: one["valid"] ? "valid" : "invalid",
      got: valid ? "valid" : problems.map((p) => p.message).join("; "),
    };
  }
  if (!valid) {
    const message = one["error"] as string | undefined;
    const got = problems.map((p) => p.message).join("; ");
    return message === undefined || got.includes(message) ? undefined : { expected: message, got };
  }
  const [first] = document.instructions;
  switch (one.kind) {
    case "parse":
      return one["ast"] ? compare(one["ast"], document.instructions.map(dumpInstruction)) : undefined;
    case "lines": {
      const got = document.instructions.map((i) => [i.startLine, i.endLine]);
      return (
        compare(one["lines"], got) ?? (one["span"] ? compare(one["span"], [got[0]?.[0], got.at(-1)?.[1]]) : undefined)
      );
    }
    case "copy":
      return compare(one["expected"], first ? copyOf(first) : undefined);
    case "run":
      return compare(one["expected"], first ? runOf(first) : undefined);
    default:
      return undefined;
  }
}

function copyOf(instruction: Instruction) {
  const sources: string[] = [];
  const contents: { Path: string; Data: string; Expand?: boolean }[] = [];
  for (const arg of instruction.args.slice(0, -1)) {
    const word = readHeredocWord(arg.value);
    if (!word) {
      sources.push(arg.value);
      continue;
    }
    const content = instruction.heredocs.find((heredoc) => heredoc.name === word.name)?.content ?? "";
    contents.push({
      Path: word.name,
      Data: word.chomp ? chompTabs(content) : content,
      ...(word.expand && { Expand: true }),
    });
  }
  return {
    DestPath: instruction.args.at(-1)?.value,
    ...(sources.length > 0 && { SourcePaths: sources }),
    ...(contents.length > 0 && { SourceContents: contents }),
  };
}

function runOf(instruction: Instruction) {
  return {
    command: instruction.args.map((arg) => arg.value),
    files: instruction.heredocs.map((heredoc) => ({
      Name: heredoc.name,
      Data: heredoc.content,
      ...(heredoc.chomp && { Chomp: true }),
    })),
    shell: !instruction.json,
  };
}

function attempt<T>(work: () => T): T | "invalid" {
  try {
    return work();
  } catch {
    return "invalid";
  }
}

/** Equal as JSON with sorted keys; fields that say `false` are the same as none. */
export function compare(expected: unknown, got: unknown): Failure {
  const a = canonical(expected);
  const b = canonical(got);
  return a === b ? undefined : { expected: a, got: b };
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) => {
      if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
      return Object.fromEntries(
        Object.entries(inner)
          .filter(([, v]) => v !== false)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }) ?? "undefined"
  );
}
