/** Programs that run another one as somebody else: `gosu app python main.py`, `su app -c "python main.py"`. */

/** Those that are told the user alone. */
const PLAIN = /^(?:gosu|su-exec|s6-setuidgid)$/;
/** Those that have flags of their own before the command. */
const FLAGGED = /^(?:sudo|runuser|setpriv)$/;
/** Their flags that take a word. */
const TAKES = /^-(?:u|g|U|C|h|p|-user|-group|-reuid|-regid|-groups)$/;

/** The same at the head of a line of a script, up to the command. */
export const AS_WHOM = String.raw`(?:(?:gosu|su-exec|s6-setuidgid|sudo|runuser|setpriv|su)\s(?:[^\n]*?[\s"'])?(?!\S*/(?:ba|da|a)?sh\b))?`;

/** The words of the command itself. */
export function withoutUser(words: readonly string[], split: (text: string) => string[]): string[] {
  const own = words[0] === "exec" ? words.slice(1) : [...words];
  const name = own[0]?.slice(own[0].lastIndexOf("/") + 1) ?? "";
  if (PLAIN.test(name) && own.length > 2) return own.slice(2);
  const at = /^(?:su|runuser)$/.test(name) ? own.findIndex((w) => /^(?:-\w*c|--command)$/.test(w)) : -1;
  const said = at < 0 ? undefined : own[at + 1];
  if (said !== undefined) return split(said);
  if (!FLAGGED.test(name)) return [...words];
  let i = 1;
  while (own[i]?.startsWith("-") && own[i] !== "--") i += TAKES.test(own[i] as string) ? 2 : 1;
  const rest = own.slice(own[i] === "--" ? i + 1 : i);
  return rest.length > 0 ? rest : [...words];
}
