/**
 * The patterns of `${x#p}`, `${x%p}` and `${x/p/r}`: `*` any run, `?` one character, `\` quotes `*`, `?`, `\` (and `}`, `/`,
 * which need it only because of the braces). No brackets. Matching is by reachable positions, so it stays linear in the
 * product of the lengths whatever the pattern.
 */

type Token = { literal: string } | "any" | "one";

const LIMIT = 20_000_000;

/** @throws Error on an escape that is not one. */
function tokens(pattern: readonly string[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === "*") out.push("any");
    else if (c === "?") out.push("one");
    else if (c === "\\") {
      const next = pattern[i + 1];
      if (next === "}" || next === "/") continue;
      if (next !== "*" && next !== "?" && next !== "\\") throw new Error(`invalid escape '\\${next ?? ""}'`);
      out.push({ literal: next });
      i++;
    } else out.push({ literal: c });
  }
  return out;
}

/** End of the shortest or longest match that begins at `start`, or -1. */
function matchAt(value: readonly string[], start: number, pattern: readonly Token[], longest: boolean): number {
  const first = pattern[0];
  if (typeof first === "object" && value[start] !== first.literal) return -1;
  let reachable = new Uint8Array(value.length + 1);
  reachable[start] = 1;
  for (const token of pattern) {
    const next = new Uint8Array(value.length + 1);
    let some = false;
    let running = false;
    for (let at = start; at <= value.length; at++) {
      if (token === "any") {
        // A run does not cross a line.
        running = reachable[at] === 1 || (running && value[at - 1] !== "\n");
        if (!running) continue;
        next[at] = 1;
        some = true;
      } else if (reachable[at] === 1) {
        const c = value[at];
        if (c === undefined || (token === "one" ? c === "\n" : c !== token.literal)) continue;
        next[at + 1] = 1;
        some = true;
      }
    }
    if (!some) return -1;
    reachable = next;
  }
  return longest ? reachable.lastIndexOf(1) : reachable.indexOf(1);
}

function guard(value: string, pattern: string, starts: number): void {
  if (value.length * (pattern.length + 1) * starts > LIMIT) throw new Error("value too long for a pattern");
}

export function trimPrefix(pattern: string, value: string, greedy: boolean): string {
  guard(value, pattern, 1);
  const characters = [...value];
  const end = matchAt(characters, 0, tokens([...pattern]), greedy);
  return end < 0 ? value : characters.slice(end).join("");
}

export function trimSuffix(pattern: string, value: string, greedy: boolean): string {
  return reverse(trimPrefix(reversePattern(pattern), reverse(value), greedy));
}

/** What `replacePattern` costs, about one a character that is compared. */
export function replacementCost(pattern: string, value: string): number {
  if (/^[^*?]+$/.test(pattern)) return value.length;
  const first = pattern[0] as string;
  const starts = /[*?\\]/.test(first) ? value.length + 1 : value.split(first).length - 1;
  return value.length + (starts * value.length * (pattern.length + 1)) / 8;
}

export function replacePattern(pattern: string, value: string, replacement: string, all: boolean): string {
  const parsed = tokens([...pattern]);
  if (parsed.length > 0 && parsed.every((token) => typeof token === "object")) {
    const text = parsed.map(({ literal }) => literal).join("");
    return all ? value.replaceAll(text, () => replacement) : value.replace(text, () => replacement);
  }
  guard(value, pattern, value.length + 1);
  const characters = [...value];
  let out = "";
  let at = 0;
  let lastEnd = -1;
  while (at <= characters.length) {
    const end = matchAt(characters, at, parsed, true);
    // An empty match right after a match is none (Go regexp).
    if (end < 0 || (end === at && at === lastEnd)) {
      out += characters[at] ?? "";
      at++;
      continue;
    }
    out += replacement;
    if (!all) return out + characters.slice(end).join("");
    lastEnd = end;
    if (end === at) {
      out += characters[at] ?? "";
      at++;
    } else at = end;
  }
  return out;
}

function reverse(text: string): string {
  return [...text].reverse().join("");
}

/** Reversed without taking escapes apart: `a\*c` gives `c\*a`. */
function reversePattern(pattern: string): string {
  const characters = [...pattern];
  const units: string[] = [];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] === "\\" && i + 1 < characters.length) units.push((characters[i++] as string) + characters[i]);
    else units.push(characters[i] as string);
  }
  return units.reverse().join("");
}
