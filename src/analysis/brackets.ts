/** What is around a place in code of the C family, by its brackets alone: texts and comments are the caller's to blank. */

/** The bracket around a place. */
export function openerBefore(code: string, at: number): number {
  let depth = 0;
  for (let i = at - 1; i >= 0 && i > at - 4000; i--) {
    const c = code[i] as string;
    if (c === ")" || c === "]" || c === "}") depth++;
    else if ((c === "(" || c === "[" || c === "{") && depth-- === 0) return i;
  }
  return Math.max(0, at - 4000);
}

export function closerAfter(code: string, opener: number): number {
  let depth = 0;
  for (let i = opener; i < code.length && i < opener + 4000; i++) {
    const c = code[i] as string;
    if (c === "(" || c === "[" || c === "{") depth++;
    else if ((c === ")" || c === "]" || c === "}") && --depth === 0) return i;
  }
  return Math.min(code.length, opener + 4000) - 1;
}

/** Where the entry or the statement begins that a place stands in, within its bracket. */
export function boundary(code: string, opener: number, at: number): number {
  let depth = 0;
  for (let i = at - 1; i > opener; i--) {
    const c = code[i] as string;
    if (c === ")" || c === "]" || c === "}") depth++;
    else if (c === "(" || c === "[" || c === "{") depth--;
    if (depth < 0 || (depth === 0 && (c === "," || c === ";" || c === "}"))) return i + 1;
    if (
      depth === 0 &&
      c === "\n" &&
      !/[=(,.|&+?:<]\s*$/.test(code.slice(Math.max(opener, i - 80), i)) &&
      !/^\s*[.?:|&+)]/.test(code.slice(i + 1, i + 80))
    )
      return i + 1;
  }
  return opener + 1;
}

/** What follows in the same statement: the rest of a chain. */
export function rest(code: string, from: number): string {
  return /^[^;{},\n]*(?:\n\s*[.?][^;{},\n]*)*/.exec(code.slice(from, from + 240))?.[0] ?? "";
}

/** The beginning of the chain whose last call a bracket opens. */
export function chainBefore(code: string, opener: number): number {
  let i = opener - 1;
  let depth = 0;
  for (; i >= 0 && i > opener - 1500; i--) {
    const c = code[i] as string;
    if (c === ")" || c === "]" || c === "}") depth++;
    else if (c === "(" || c === "[" || c === "{") {
      if (depth-- === 0) break;
    } else if (depth === 0 && !/[\w.:&*!?<>$@#]/.test(c)) {
      if (/\s/.test(c) && (/^\s*[.?]/.test(code.slice(i, i + 60)) || /\bnew$/.test(code.slice(i - 3, i)))) continue;
      break;
    }
  }
  return i + 1;
}

/** What a block or a literal belongs to: the words before its bracket. */
export function ownerOf(code: string, opener: number): string {
  // Too far away to be looked for.
  if (!/[([{]/.test(code[opener] ?? "")) return "";
  const before = code.slice(Math.max(0, opener - 160), opener);
  const own = /[^;{}]*$/.exec(before)?.[0]?.split("\n").slice(-3).join("\n") ?? "";
  const words = own.replace(/^.*\bimport\b[^\n]*\n?/gm, "").replace(/^[^\n]*["')]\s*\)?\s*\n(?=\s*\w)/, "");
  // `Default for RedisConfig { fn default() -> Self { Self { …`: what it is the default of.
  return /^\s*Self\s*$|\bfn default\(\)[^{}]*$|^\s*(?:else\s+)?if\b/.test(words) && opener > 0
    ? `${words} ${ownerOf(code, openerBefore(code, opener))}`
    : words;
}
