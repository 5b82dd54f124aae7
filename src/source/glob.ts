/** Globs over paths that are known already: `*`, `**`, `?`, `[a-z]`, `{a,b}`, and a leading `!` to take away again. */

/** A path matches when the last pattern that speaks of it does not start with `!`. A directory's name stands for all below it. */
export function compileGlobs(patterns: readonly string[]): (path: string) => boolean {
  const compiled = patterns.map((pattern) => {
    const negated = pattern.startsWith("!");
    return { negated, matches: globExpression(negated ? pattern.slice(1) : pattern) };
  });
  return (path) => {
    let taken = false;
    for (const { negated, matches } of compiled) if (taken === negated && matches.test(path)) taken = !negated;
    return taken;
  };
}

function globExpression(pattern: string): RegExp {
  const clean = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  if (clean === "" || clean === ".") return /^/;
  return new RegExp(`^${translate(clean)}(?:/.*)?$`);
}

function translate(pattern: string): string {
  let out = "";
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "*") {
      if (pattern[i + 1] === "*") {
        i++;
        if (pattern[i + 1] === "/") {
          i++;
          out += "(?:[^/]+/)*";
        } else out += ".*";
      } else out += "[^/]*";
    } else if (char === "?") out += "[^/]";
    else if (char === "{") {
      depth++;
      out += "(?:";
    } else if (char === "}" && depth > 0) {
      depth--;
      out += ")";
    } else if (char === "," && depth > 0) out += "|";
    else if (char === "[") {
      const end = pattern.indexOf("]", i + 2);
      if (end < 0) out += "\\[";
      else {
        out += pattern
          .slice(i, end + 1)
          .replace(/^\[!/, "[^")
          .replace(/\\/g, "\\\\");
        i = end;
      }
    } else out += char.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  }
  return out + ")".repeat(depth);
}
