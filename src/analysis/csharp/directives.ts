/** C#'s conditional compilation, as a release build for Linux sees it. */

/** Symbols that such a build does not define. */
const UNDEFINED =
  /^(?:DEBUG|TRACE_?DEBUG|false|NETFRAMEWORK|NET\d{2,3}|NETSTANDARD\w*|WINDOWS|MACOS|OSX|ANDROID|IOS|UWP|__(?:ANDROID|IOS|MACOS)__)$/;
/** And those that it does: of the frameworks the ones that nobody is without. */
const DEFINED = /^(?:true|RELEASE|TRACE|NET|NETCOREAPP|NETCOREAPP[123]_\d_OR_GREATER|NET[56]_0_OR_GREATER)$/;

/**
 * The text with directives and what they leave out as blanks: every place stays where it was. A condition over a project's own
 * symbols may hold or not: its directives stay, and so do the branches.
 */
export function withoutDirectives(text: string): string {
  if (!/^[ \t]*#/m.test(text)) return text;
  const own = new Set([...text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)/gm)].map((m) => m[1] as string));
  /** Of each `#if` around: is this branch taken, was one before it, did a condition stay? */
  const open: { taken: boolean; done: boolean; stays: boolean }[] = [];
  const lines = text.split("\n").map((line) => {
    const directive = /^\s*#\s*(\w+)\s*(.*?)\s*(?:\/\/.*)?$/.exec(line);
    const left = (): string => (open.every(({ taken }) => taken) ? line : blank(line));
    if (!directive) return left();
    const [, word, condition = ""] = directive;
    const last = open.at(-1);
    if (word === "if") {
      const held = holds(condition, own);
      const kept = held === undefined ? left() : blank(line);
      open.push({ taken: held ?? true, done: held ?? false, stays: held === undefined });
      return kept;
    }
    if (word === "endif" && last) {
      open.pop();
      return last.stays ? left() : blank(line);
    }
    if ((word === "elif" || word === "else") && last) {
      if (last.stays) return left();
      const held = word === "else" || holds(condition, own);
      if (!last.done && held === undefined) {
        // What stood before it is left out: it begins here.
        Object.assign(last, { taken: true, stays: true });
        return left().replace("elif", "if  ");
      }
      last.taken = !last.done && held === true;
      last.done ||= last.taken;
    }
    return blank(line);
  });
  return lines.join("\n");
}

function blank(line: string): string {
  return line.replace(/[^\r]/g, " ");
}

/** Undefined: that depends on symbols that a project may define. */
function holds(condition: string, own: ReadonlySet<string>): boolean | undefined {
  const tokens = condition.match(/\w+|&&|\|\||[!=]=|[!()]/g) ?? [];
  let at = 0;
  const operand = (): boolean | undefined => {
    const token = tokens[at++] ?? "";
    if (token === "!") {
      const value = operand();
      return value === undefined ? undefined : !value;
    }
    if (token === "(") {
      const value = either();
      at++;
      return value;
    }
    if (own.has(token) || DEFINED.test(token)) return true;
    return UNDEFINED.test(token) ? false : undefined;
  };
  const equal = (): boolean | undefined => {
    let value = operand();
    while (/^[!=]=$/.test(tokens[at] ?? "")) {
      const isSame = tokens[at++] === "==";
      const other = operand();
      value = value === undefined || other === undefined ? undefined : (value === other) === isSame;
    }
    return value;
  };
  const both = (): boolean | undefined => {
    let value = equal();
    while (tokens[at] === "&&") {
      at++;
      const other = equal();
      value = value === false || other === false ? false : value && other;
    }
    return value;
  };
  const either = (): boolean | undefined => {
    let value = both();
    while (tokens[at] === "||") {
      at++;
      const other = both();
      value = value || other ? true : value === undefined ? undefined : other;
    }
    return value;
  };
  return either();
}
