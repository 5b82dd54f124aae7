/** Servers of Rust that a program has but never makes: what is left of a plan, or of what it did before. */
import { closerAfter } from "../brackets.ts";
import { ownCode } from "../comments.ts";
import type { Listener } from "../facts.ts";
import { languageOf, leftOut } from "../project.ts";

const MAIN = /(?:^|\/)src\/(?:main\.rs|bin\/)/;
/** `impl Server {`, `impl<T> Service for Server<T> {` */
const IMPL = /^impl\b(?:<[^\n{]*?>)?\s+(?:[\w:]+(?:<[^\n{]*?>)?\s+for\s+)?(\w+)[^\n{]*\{/gm;
const USE = /^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?(?:use|mod)\b[^;{]*(?:\{[^;]*\})?;/gm;

/** Without those in methods of a type that nothing in the program names, besides what defines and exports it. */
export function withoutUnmade(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): Listener[] {
  if (!listeners.some((l) => l.place.file.endsWith(".rs")) || ![...texts.keys()].some((p) => MAIN.test(p)))
    return [...listeners];
  let code: string[] | undefined;
  return listeners.filter(({ place: { file, start } }) => {
    const type = file.endsWith(".rs") ? typeAround(texts.get(file) ?? "", start) : undefined;
    if (type === undefined) return true;
    code ??= codeOf(texts);
    // What is derived for it may make it: `ServerBuilder::default()`.
    const named = new RegExp(`\\b${type}(?:Builder)?\\b`);
    const defined = new RegExp(
      `^(?:pub(?:\\([^)\\n]*\\))?[ \\t]+)?(?:struct|enum|impl)\\b[^\\n{;(]*\\b${type}\\b`,
      "gm",
    );
    return code.some((text) => named.test(text) && named.test(text.replace(defined, "")));
  });
}

/** The type whose methods stand around a place. */
function typeAround(text: string, start: number): string | undefined {
  const head = [...text.slice(0, start).matchAll(IMPL)].at(-1);
  return head && closerAfter(text, head.index + head[0].length - 1) > start ? head[1] : undefined;
}

/** The program's own code, without its tests and what it only passes on. */
function codeOf(texts: ReadonlyMap<string, string>): string[] {
  return [...texts].flatMap(([path, text]) => {
    if (languageOf(path, text) !== "rust" || leftOut(path)) return [];
    return [ownCode(text, "rust").replace(USE, "")];
  });
}
