/** `.dockerignore` patterns as the builder reads them (moby/patternmatcher): the last matching one decides. */

interface Pattern {
  text: string;
  expression: RegExp;
  negated: boolean;
}

export interface IgnorePatterns {
  /** The path, or a directory above it, is left out. `path` is relative, with `/`. */
  ignores(path: string): boolean;
  /** There are `!` lines. */
  readonly hasExceptions: boolean;
  /** Patterns that leave out everything at the root. */
  readonly ignoresRoot: boolean;
  /** The first line that the builder refuses: it names nothing, or is no pattern. */
  readonly malformed: string | undefined;
}

export function parseIgnoreFile(text: string): IgnorePatterns {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  return readPatterns(
    lines.filter((line) => !line.startsWith("#")),
    true,
  );
}

/** Patterns of `--exclude` and `--parents`, where "ignores" means "matches". One with a `/` in front matches nothing. */
export function createPatterns(lines: readonly string[]): IgnorePatterns {
  return readPatterns(lines, false);
}

/** @param rooted a `/` in front is taken away, as in an ignore file */
function readPatterns(lines: readonly string[], rooted: boolean): IgnorePatterns {
  const patterns: Pattern[] = [];
  let malformed: string | undefined;
  for (const raw of lines) {
    let line = raw.trim();
    if (line === "") continue;
    const negated = line.startsWith("!");
    if (negated) line = line.slice(1).trim();
    if (line === "" || isMalformed(line)) malformed ??= raw.trim();
    line = clean(line);
    if (rooted && line.length > 1 && line.startsWith("/")) line = line.slice(1);
    if (line !== "") patterns.push({ text: line, expression: compile(line), negated });
  }
  return {
    malformed,
    hasExceptions: patterns.some((pattern) => pattern.negated),
    ignoresRoot: patterns.some((pattern) => !pattern.negated && ["*", "**", "**/*"].includes(pattern.text)),
    ignores(path) {
      const parts = path.split("/");
      let ignored = false;
      for (const { expression, negated } of patterns) {
        if (negated !== ignored) continue;
        for (let length = parts.length; length > 0; length--) {
          if (!expression.test(parts.slice(0, length).join("/"))) continue;
          ignored = !negated;
          break;
        }
      }
      return ignored;
    },
  };
}

/** As Go's filepath.Match judges a pattern: a class that does not close, has nothing in it or half a range; a `\\` at the end. */
function isMalformed(pattern: string): boolean {
  let i = 0;
  /** Past one character of a class. */
  const member = (): boolean => {
    if (i >= pattern.length || pattern[i] === "-" || pattern[i] === "]") return false;
    if (pattern[i] === "\\") i++;
    return ++i < pattern.length;
  };
  while (i < pattern.length) {
    const c = pattern[i++];
    if (c === "\\" && i++ >= pattern.length) return true;
    if (c !== "[") continue;
    if (pattern[i] === "^") i++;
    for (let count = 0; pattern[i] !== "]" || count === 0; count++) {
      if (!member()) return true;
      if (pattern[i] !== "-") continue;
      i++;
      if (!member()) return true;
    }
    i++;
  }
  return false;
}

/** Go's filepath.Clean with forward slashes. */
export function clean(path: string): string {
  const absolute = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else if (part !== ".." || !absolute) out.push(part);
  }
  return (absolute ? "/" : "") + out.join("/") || (absolute ? "/" : ".");
}

function compile(pattern: string): RegExp {
  let out = "^";
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === "*") {
      if (pattern[i + 1] === "*") {
        i++;
        if (pattern[i + 1] === "/") i++;
        out += i + 1 >= pattern.length ? ".*" : "(?:.*/)?";
      } else out += "[^/]*";
    } else if (c === "?") out += "[^/]";
    else if (c === "\\" && i + 1 < pattern.length) out += literal(pattern[++i] as string);
    else if (c === "[") {
      const close = pattern.indexOf("]", i + 2);
      if (close < 0) out += "\\[";
      else {
        out += `[${pattern
          .slice(i + 1, close)
          .replace(/^!/, "^")
          .replace(/[\\[\]]/g, "\\$&")}]`;
        i = close;
      }
    } else out += literal(c);
  }
  try {
    return new RegExp(`${out}$`, "su");
  } catch {
    return /^(?!)/;
  }
}

function literal(c: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c;
}
