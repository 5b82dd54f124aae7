/** Comments that silence rules: hadolint's, BuildKit's and our own. */
import type { Document, Instruction } from "./syntax.ts";
import type { Span } from "./text.ts";

/** A wish to silence rules on some lines. */
export interface Pragma {
  source: "knbuild" | "hadolint" | "buildkit";
  /** Ids or aliases; `*`: every rule (of BuildKit's, for `check=skip=all`). */
  ids: string[];
  /** 1-based, inclusive. */
  fromLine: number;
  toLine: number;
  reason?: string;
  span: Span;
  /** `# check=…` above an instruction: about that one, and about the checks that look at one instruction at a time. */
  above?: boolean;
}

export interface PragmaResult {
  pragmas: Pragma[];
  /** `# check=error=true`. */
  errorOnWarning: boolean;
  /** Rules of BuildKit that are off unless asked for: names, or `*`. */
  experimental: string[];
  /** The same for the instruction below the comment. */
  experimentalAbove: { ids: string[]; line: number }[];
  /** Comments that look like a pragma and are none. */
  malformed: { span: Span; message: string }[];
}

export interface HadolintPragma {
  scope: "next" | "stage" | "global";
  ids: string[];
}

const HADOLINT = /^[ \t]*hadolint[ \t]+(?:(stage|global)[ \t]+)?ignore[ \t]*=[ \t]*(.*)$/;

/** @param comment text after `#` */
export function readHadolintPragma(comment: string): HadolintPragma | undefined {
  const found = HADOLINT.exec(comment.replace(/\r$/, ""));
  if (!found) return undefined;
  const ids =
    (found[2] as string)
      .split("#", 1)[0]
      ?.split(",")
      .map((id) => id.trim()) ?? [];
  // As hadolint: one thing that is no rule's id, and the whole comment counts for nothing.
  if (ids.length === 0 || !ids.every((id) => /^(?:DL|SC|KN)\d+$/.test(id))) return undefined;
  return { scope: (found[1] as "stage" | "global" | undefined) ?? "next", ids };
}

/** `powershell` of `# hadolint shell=powershell`. */
export function readHadolintShell(comment: string): string | undefined {
  return /^[ \t]*hadolint[ \t]+shell[ \t]*=[ \t]*([^\s#]+)[ \t]*(?:#.*)?$/.exec(comment.replace(/\r$/, ""))?.[1];
}

/** Go's strconv.ParseBool. */
const BOOLEAN = /^(?:[01tfTF]|true|TRUE|True|false|FALSE|False)$/;

/** Options of `# check=…`, also of the build argument BUILDKIT_DOCKERFILE_CHECK. */
export function readCheckOptions(text: string): { skip: string[]; experimental: string[]; error: boolean } | undefined {
  const out = { skip: [] as string[], experimental: [] as string[], error: false };
  if (text.trim() === "") return out;
  for (const part of text.split(";")) {
    const equals = part.indexOf("=");
    const key = part.slice(0, Math.max(equals, 0)).trim();
    const value = part.slice(equals + 1).trim();
    if (key === "skip" || key === "experimental") {
      out[key] = value === "all" ? ["*"] : value.split(",").map((id) => id.trim());
    } else if (key === "error" && BOOLEAN.test(value)) out.error = /^(?:1|t)/i.test(value);
    else return undefined;
  }
  return out;
}

/** @param override BUILDKIT_DOCKERFILE_CHECK: stands in for the directive */
export function readPragmas(document: Document, override?: string): PragmaResult {
  const result: PragmaResult = {
    pragmas: [],
    errorOnWarning: false,
    experimental: [],
    experimentalAbove: [],
    malformed: [],
  };
  const last = document.lines.count;
  const stageStarts = document.instructions.filter((i) => i.name === "from").map((i) => i.startLine);
  const nextAfter = nextInstruction(document);

  const directive = document.directives.find((d) => d.name === "check");
  const checkText = override ?? directive?.value.split(" ", 1)[0];
  if (checkText !== undefined) {
    const options = readCheckOptions(checkText);
    const span = directive?.span ?? { start: 0, end: 0 };
    if (options) {
      result.errorOnWarning = options.error;
      result.experimental = options.experimental;
      if (options.skip.length > 0) {
        result.pragmas.push({ source: "buildkit", ids: options.skip, fromLine: 1, toLine: last, span });
      }
    }
  }
  for (const node of document.nodes) {
    if (node.kind !== "comment") continue;
    const { text, line, span } = node;
    const own =
      /^[ \t]*knbuild[ \t]+(file[ \t]+)?ignore[ \t]*=[ \t]*([\w,*-]+(?:[ \t]*,[ \t]*[\w*-]+)*)(?:[ \t]+(?:reason[ \t]*=[ \t]*)?(.*))?$/.exec(
        text.trimEnd(),
      );
    if (own) {
      const ids = (own[2] as string).split(",").map((id) => id.trim());
      const target = own[1] ? undefined : nextAfter(span.end);
      if (!own[1] && !target) continue;
      result.pragmas.push({
        source: "knbuild",
        ids,
        fromLine: target?.startLine ?? 1,
        toLine: target?.endLine ?? last,
        span,
        ...(own[3] && { reason: own[3] }),
      });
    } else if (/^[ \t]*knbuild[ \t]/.test(text)) {
      result.malformed.push({ span, message: "not a knbuild pragma: write `# knbuild ignore=ID[,ID] reason=…`" });
    }
    const hadolint = readHadolintPragma(text);
    if (hadolint) {
      const { scope, ids } = hadolint;
      if (scope === "global") result.pragmas.push({ source: "hadolint", ids, fromLine: 1, toLine: last, span });
      else if (scope === "next") {
        const target = nextAfter(span.end);
        const end = target?.startLine === line + 1 ? target.endLine : line + 1;
        result.pragmas.push({ source: "hadolint", ids, fromLine: line + 1, toLine: end, span });
      } else {
        const next = stageStarts.find((start) => start > line + 1);
        result.pragmas.push({ source: "hadolint", ids, fromLine: line + 2, toLine: next ?? last, span });
      }
    } else if (/^[ \t]*hadolint[ \t]+(?:stage[ \t]+|global[ \t]+)?ignore/.test(text)) {
      result.malformed.push({
        span,
        message: "hadolint does not understand this pragma: ids only, separated by commas",
      });
    }
  }
  for (const instruction of document.instructions) {
    for (const comment of instruction.comments) {
      const found = /^check[ \t]*=[ \t]*(.+?)[ \t]*$/i.exec(comment);
      if (!found) continue;
      const options = readCheckOptions((found[1] as string).split(" ", 1)[0] as string);
      if (options) {
        result.pragmas.push({
          source: "buildkit",
          ids: options.skip,
          fromLine: instruction.startLine,
          toLine: instruction.endLine,
          span: commentSpan(document, instruction, comment),
          above: true,
        });
        if (options.experimental.length > 0)
          result.experimentalAbove.push({ ids: options.experimental, line: instruction.startLine });
      }
      break;
    }
  }
  return result;
}

/** Finds the instruction that begins at or after an offset. */
function nextInstruction(document: Document): (offset: number) => Instruction | undefined {
  const { instructions } = document;
  return (offset) => {
    let low = 0;
    let high = instructions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((instructions[middle] as Instruction).span.start < offset) low = middle + 1;
      else high = middle;
    }
    return instructions[low];
  };
}

function commentSpan(document: Document, instruction: Instruction, comment: string): Span {
  const at = document.text.lastIndexOf(comment, instruction.span.start);
  return at < 0 ? instruction.keyword.span : { start: at, end: at + comment.length };
}
