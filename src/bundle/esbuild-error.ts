/** esbuild's messages as KnbuildErrors: where, what, and the code frame as esbuild draws it. */
import { KnbuildError } from "../base/errors.ts";

interface EsbuildMessage {
  text: string;
  location: { file: string; line: number; column: number; length: number; lineText: string } | null;
  notes?: { text: string }[];
}

export function isBuildFailure(error: unknown): error is { errors: EsbuildMessage[]; warnings: EsbuildMessage[] } {
  return error !== null && typeof error === "object" && Array.isArray((error as { errors?: unknown }).errors);
}

/** The frame that esbuild prints: the line, a ruler, the place underlined. */
export function codeFrame(message: EsbuildMessage): string {
  const at = message.location;
  if (!at) return message.text;
  const number = String(at.line).padStart(6);
  const mark = at.length > 1 ? "~".repeat(Math.min(at.length, Math.max(1, at.lineText.length - at.column))) : "^";
  const indent = at.lineText.slice(0, at.column).replace(/[^\t]/g, " ");
  return `    ${at.file}:${at.line}:${at.column}:\n${number} │ ${at.lineText}\n       ╵ ${indent}${mark}`;
}

/**
 * esbuild looks names up without regard to case and then fails to read the file, naming the machine's path: what is wrong is the
 * import.
 */
function named(message: EsbuildMessage): EsbuildMessage {
  const at = message.location;
  if (!at || !message.text.startsWith("Cannot read file")) return message;
  return { ...message, text: `Could not resolve ${at.lineText.slice(at.column, at.column + at.length)}` };
}

/** @returns BUNDLE_UNRESOLVED, BUNDLE_SYNTAX or BUNDLE_FAILED with all messages in `detail`. */
export function bundleError(messages: EsbuildMessage[], hint?: string): KnbuildError {
  const first = messages[0] && named(messages[0]);
  const unresolved = /^Could not resolve/.test(first?.text ?? "");
  const syntax = /^(?:Expected|Unexpected|Unterminated|Syntax error|Invalid|The symbol|Multiple|Cannot)/.test(
    first?.text ?? "",
  );
  return new KnbuildError({
    code: unresolved ? "BUNDLE_UNRESOLVED" : syntax ? "BUNDLE_SYNTAX" : "BUNDLE_FAILED",
    message: first?.text ?? "the bundler gave no reason",
    where: first?.location ? `${first.location.file}:${first.location.line}:${first.location.column + 1}` : undefined,
    detail: messages
      .slice(0, 5)
      .map((m) =>
        [
          codeFrame(m),
          ...(m === messages[0] ? [] : [`       ${m.text}`]),
          ...(m.notes ?? []).map((n) => `       ${n.text}`),
        ].join("\n"),
      )
      .join("\n"),
    hint:
      hint ??
      (unresolved
        ? "Add the package to dependencies, or correct the path. Imports are case-sensitive in the image."
        : syntax
          ? "Correct the source; Node would refuse it as well."
          : "Correct the file at the place that is shown."),
  });
}

/** Messages in the text that the esbuild binary prints to stderr: enough of them to say what is wrong. */
export function parseBinaryErrors(stderr: string): EsbuildMessage[] {
  const messages: EsbuildMessage[] = [];
  for (const block of stderr.split(/\n(?=(?:✘|X) \[ERROR\])|^(?=(?:✘|X) \[ERROR\])/m)) {
    const text = /^(?:✘|X) \[ERROR\] (.*)/.exec(block)?.[1];
    if (text === undefined) continue;
    const at = /^ {4}(.+?):(\d+):(\d+):\n\s*\d+ [│|] (.*)\n\s*[╵|'] (\s*)([~^]+)/m.exec(block);
    messages.push({
      text,
      location: at
        ? {
            file: at[1] as string,
            line: Number(at[2]),
            column: Number(at[3]),
            lineText: at[4] as string,
            length: (at[6] as string).length,
          }
        : null,
    });
  }
  return messages;
}
