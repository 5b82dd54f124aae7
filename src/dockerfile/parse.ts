/**
 * Text → tree, conformant to BuildKit (frontend/dockerfile/parser). Never throws on text: what BuildKit refuses is a
 * problem in `problems`, and the rest is still read.
 */

import { heredocWords } from "./heredoc.ts";
import { parseInstructionLine } from "./instruction.ts";
import { joinLines, type PhysicalLine, physicalLine } from "./lines.ts";
import type { Document, Heredoc, Instruction, Node } from "./syntax.ts";
import { createLineIndex, isSpace, skipSpace, trim } from "./text.ts";
import { checkInstruction } from "./validate.ts";

/** bufio.Scanner's limit: a longer line ends the build. */
const MAX_LINE_BYTES = 65_535;

/** The builder stops at the first one; a text with so many is no Dockerfile, and what follows is not judged. */
const MAX_PROBLEMS = 1000;

const DIRECTIVE = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*$/;
const DIRECTIVES = new Set(["syntax", "escape", "check"]);

/** As most instructions have; nothing is put into it. */
const NO_COMMENTS: string[] = [];

export function parseDockerfile(text: string): Document {
  const lines = createLineIndex(text);
  const nodes: Node[] = [];
  const instructions: Instruction[] = [];
  const document: Document = { text, lines, nodes, instructions, escape: "\\", directives: [], problems: [] };
  const { problems, directives } = document;
  let comments = NO_COMMENTS;
  let directivesOver = false;
  /** Made where a heredoc does not end: the next ones need not be searched for through the whole text. */
  let endings: ReturnType<typeof createEndings> | undefined;
  let at = 0;
  let lineNumber = 1;
  if (text.startsWith("\ufeff")) {
    nodes.push({ kind: "bom", span: { start: 0, end: 1 }, line: 1, text: "\ufeff" });
    at = 1;
  }
  while (at < text.length) {
    const line = physicalLine(text, at);
    checkLength(line);
    const first = skipSpace(text, line.start, line.contentEnd);
    if (first === line.contentEnd) {
      const span = { start: at, end: line.end };
      directivesOver = true;
      nodes.push({ kind: "blank", span, line: lineNumber, text: text.slice(line.start, line.contentEnd) });
    } else if (text[first] === "#") {
      const span = { start: at, end: line.end };
      const content = text.slice(first + 1, line.contentEnd);
      const directive = directivesOver ? undefined : readDirective(content);
      if (directive) {
        directives.push({ ...directive, span, line: lineNumber });
        nodes.push({ kind: "directive", span, line: lineNumber, text: content, ...directive });
      } else {
        directivesOver = true;
        nodes.push({ kind: "comment", span, line: lineNumber, text: content });
        // BuildKit drops the line's first byte, not the `#`: an indented comment keeps its mark.
        const attached = trim(text.slice(line.start + 1, line.contentEnd));
        if (attached === "") comments = NO_COMMENTS;
        else if (comments === NO_COMMENTS) comments = [attached];
        else comments.push(attached);
      }
    } else {
      directivesOver = true;
      const joined = joinLines(text, line, first, document.escape);
      for (let next = line.end; next < joined.next; ) {
        const continued = physicalLine(text, next);
        checkLength(continued);
        next = continued.end;
      }
      if (joined.text === "") {
        // A lone escape character, and nothing behind it.
        const lone = { start: first, end: first + 1 };
        problems.push({ kind: "instruction", message: "unknown instruction: ", span: lone });
        nodes.push({ kind: "blank", span: { start: at, end: joined.next }, line: lineNumber, text: "" });
        at = joined.next;
        lineNumber = lines.lineOf(at);
        continue;
      }
      const known = problems.length;
      const instruction = parseInstructionLine(joined, document.escape, lineNumber, comments, problems);
      comments = NO_COMMENTS;
      let end = joined.next;
      if (canContainHeredoc(instruction) && instruction.line.includes("<<")) end = readHeredocs(instruction, end);
      // Its keyword stands lower down where the line begins with a continuation.
      instruction.span.start = joined.span.start;
      instruction.span.end = trimNewline(end);
      instruction.endLine = end === line.end ? lineNumber : lines.lineOf(end - 1);
      if (instruction.trigger) {
        instruction.trigger.heredocs = instruction.heredocs;
        instruction.trigger.endLine = instruction.endLine;
        instruction.trigger.span.end = instruction.span.end;
      }
      if (joined.span.start > at) {
        nodes.push({ kind: "blank", span: { start: at, end: joined.span.start }, line: lineNumber, text: "" });
      }
      nodes.push(instruction);
      if (known < MAX_PROBLEMS) {
        instruction.index = instructions.length;
        instructions.push(instruction);
        if (problems.length === known) checkInstruction(instruction, problems);
      }
      if (instruction.span.end < end) {
        nodes.push({ kind: "blank", span: { start: instruction.span.end, end }, line: instruction.endLine, text: "" });
      }
      lineNumber = end === line.end ? lineNumber + 1 : lines.lineOf(end);
      at = end;
      continue;
    }
    at = line.end;
    lineNumber++;
  }
  if (instructions.length === 0) {
    problems.push({ kind: "syntax", message: "file with no instructions", span: { start: 0, end: 0 } });
  }
  return document;

  function checkLength(line: PhysicalLine): void {
    const length = line.contentEnd - line.start;
    if (length * 3 <= MAX_LINE_BYTES) return;
    if (Buffer.byteLength(text.slice(line.start, line.contentEnd)) > MAX_LINE_BYTES) {
      problems.push({
        kind: "syntax",
        message: `dockerfile line greater than max allowed size of ${MAX_LINE_BYTES}`,
        span: { start: line.start, end: line.contentEnd },
      });
    }
  }

  function readDirective(content: string): { name: string; value: string } | undefined {
    let from = 0;
    while (from < content.length && isSpace(content.charCodeAt(from))) from++;
    const found = DIRECTIVE.exec(content.slice(from));
    const name = found?.[1]?.toLowerCase() ?? "";
    if (!found || !DIRECTIVES.has(name)) return undefined;
    const value = found[2] as string;
    const span = { start: at, end: at + content.length };
    if (directives.some((d) => d.name === name)) {
      problems.push({ kind: "syntax", message: `only one ${name} parser directive can be used`, span });
    } else if (name === "escape") {
      if (value === "`" || value === "\\") document.escape = value;
      else {
        const message = `invalid escape token '${value}' does not match \` or \\`;
        problems.push({ kind: "syntax", message, span });
      }
    }
    return { name, value };
  }

  /** @returns the offset after the last heredoc's end */
  function readHeredocs(instruction: Instruction, from: number): number {
    let at = from;
    let words: ReturnType<typeof heredocWords>;
    try {
      words = heredocWords(instruction.line);
    } catch (error) {
      problems.push({ kind: "syntax", message: (error as Error).message, span: instruction.keyword.span });
      return at;
    }
    if (words.length > 0) instruction.heredocs = [];
    for (const word of words) {
      const start = at;
      let contentEnd = -1;
      const hopeless = endings !== undefined && !endings.after(word, at);
      for (let next = at; next < text.length && !hopeless; ) {
        const line = physicalLine(text, next);
        checkLength(line);
        let begin = line.start;
        if (word.chomp) while (begin < line.contentEnd && text[begin] === "\t") begin++;
        if (line.contentEnd - begin === word.name.length && text.startsWith(word.name, begin)) {
          contentEnd = line.start;
          at = line.end;
          break;
        }
        next = line.end;
      }
      const { name, expand, chomp, fileDescriptor } = word;
      const contentSpan = { start, end: start };
      const heredoc: Heredoc = { name, expand, chomp, fileDescriptor, content: "", contentSpan };
      instruction.heredocs.push(heredoc);
      if (contentEnd < 0) {
        problems.push({ kind: "syntax", message: "unterminated heredoc", span: instruction.keyword.span });
        endings ??= createEndings(text);
        // The builder stops here; to lint what follows, the body is taken to be empty.
        return start;
      }
      heredoc.content = text.slice(start, contentEnd);
      contentSpan.end = contentEnd;
    }
    return at;
  }

  function trimNewline(end: number): number {
    let to = end;
    while (to > at && (text[to - 1] === "\n" || text[to - 1] === "\r")) to--;
    return to;
  }
}

/** ADD, COPY and RUN (also under ONBUILD), not in a JSON form. */
function canContainHeredoc(instruction: Instruction): boolean {
  const inner = instruction.trigger ?? instruction;
  return (inner.name === "add" || inner.name === "copy" || inner.name === "run") && !inner.json;
}

/** Where each line stands last, as it is and without the tabs before it. */
function createEndings(text: string): { after(word: { name: string; chomp: boolean }, at: number): boolean } {
  const plain = new Map<string, number>();
  const chomped = new Map<string, number>();
  for (let next = 0; next < text.length; ) {
    const line = physicalLine(text, next);
    const content = text.slice(line.start, line.contentEnd);
    plain.set(content, line.start);
    chomped.set(content.replace(/^\t+/, ""), line.start);
    next = line.end;
  }
  return { after: ({ name, chomp }, at) => ((chomp ? chomped : plain).get(name) ?? -1) >= at };
}
