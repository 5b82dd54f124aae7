/** C#'s conditional compilation, as a release build for Linux sees it. */

/** Symbols that such a build does not define. */
const UNDEFINED =
  /^(?:DEBUG|TRACE_?DEBUG|false|NETFRAMEWORK|NET\d{2,3}|WINDOWS|MACOS|OSX|ANDROID|IOS|UWP|__(?:ANDROID|IOS|MACOS)__)$/;

/** The text with directives and what they leave out as blanks: every place stays where it was. */
export function withoutDirectives(text: string): string {
  if (!/^[ \t]*#/m.test(text)) return text;
  /** Of each `#if` around: is this branch taken, and was one before it? */
  const open: { taken: boolean; done: boolean }[] = [];
  const lines = text.split("\n").map((line) => {
    const directive = /^\s*#\s*(\w+)\s*(.*?)\s*(?:\/\/.*)?$/.exec(line);
    if (!directive) return open.every(({ taken }) => taken) ? line : blank(line);
    const [, word, condition = ""] = directive;
    const last = open.at(-1);
    if (word === "if") {
      const taken = holds(condition);
      open.push({ taken, done: taken });
    } else if (word === "elif" && last) {
      last.taken = !last.done && holds(condition);
      last.done ||= last.taken;
    } else if (word === "else" && last) {
      last.taken = !last.done;
      last.done = true;
    } else if (word === "endif") open.pop();
    return blank(line);
  });
  return lines.join("\n");
}

function blank(line: string): string {
  return line.replace(/[^\r]/g, " ");
}

/** What is not known is taken to hold: the first branch is in force. */
function holds(condition: string): boolean {
  const bare = condition.replace(/[\s()]/g, "");
  const all = bare.split("&&");
  return all.every((part) =>
    part.split("||").some((word) => (word.startsWith("!") ? UNDEFINED.test(word.slice(1)) : !UNDEFINED.test(word))),
  );
}
