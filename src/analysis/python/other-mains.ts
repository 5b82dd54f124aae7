/** Files of Python that serve where they are run by themselves, or by hand, beside what the image runs. */
import { escaped } from "../../base/escaped.ts";
import type { Listener, StartCommand } from "../facts.ts";

/** `if __name__ == "__main__"` */
const BY_ITSELF = /^__name__ == ["']__main__["']$/;
/** What names a program: code, scripts and what supervises them. */
const STARTS = /\.(?:py|sh|bash|conf|ini|toml|service)$/;

/**
 * Leaves out what such a file starts, where another server stays and nothing but the file itself says how it is run; and
 * Django's commands that are run by hand, whatever stays.
 */
export function withoutOtherMains(
  listeners: readonly Listener[],
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
): Listener[] {
  const run = new Set(commands.flatMap(({ words, from }) => (from === "dockerfile" ? runBy(words, texts) : [])));
  const isOther = ({ place, reach }: Listener): boolean =>
    place.file.endsWith(".py") &&
    !run.has(place.file) &&
    reach.conditions.some((c) => BY_ITSELF.test(c)) &&
    !isNamed(place.file, texts);
  const served = listeners.filter(({ place }) => !isByHand(place.file, commands, texts));
  const left = run.size === 0 ? served : served.filter((l) => !isOther(l));
  return left.some((l) => !l.secondary && l.place.file.endsWith(".py")) ? [...left] : served;
}

/** Django's commands, one a file: `manage.py receive_hooks`. Its server is another program. */
const DJANGO_COMMAND = /(?:^|\/)management\/commands\/(\w+)\.py$/;

/** Is it the file of such a command that nothing runs but somebody by hand? */
function isByHand(file: string, commands: readonly StartCommand[], texts: ReadonlyMap<string, string>): boolean {
  const name = DJANGO_COMMAND.exec(file)?.[1];
  if (name === undefined || commands.some(({ words }) => words.includes(name))) return false;
  const run = new RegExp(`\\bmanage(?:\\.py)?["']?,?\\s+["']?${name}\\b`);
  return ![...texts].some(([path, text]) => STARTS.test(path) && run.test(text));
}

/** The files that `python server.py`, `python3 -m shop.server` run; none where a command runs none of the program's. */
function runBy(words: readonly string[], texts: ReadonlyMap<string, string>): string[] {
  const at = words.findIndex((w) => /(?:^|\/)python[\d.]*$/.test(w));
  const rest = at < 0 ? [] : words.slice(at + 1);
  const first = rest.findIndex((w) => w === "-m" || !w.startsWith("-"));
  const named = rest[first] === "-m" ? rest[first + 1]?.replaceAll(".", "/") : rest[first]?.replace(/\.py$/, "");
  if (named === undefined || !/^[\w./-]+$/.test(named)) return [];
  // Where the image has it its folder may have another name: `/app/server.py`.
  for (let path = named.replace(/^(?:\.?\/)+/, ""); path; path = path.replace(/^[^/]*\/?/, "")) {
    const whole = new RegExp(`(?:^|/)${escaped(path)}(?:/__main__)?\\.py$`);
    const found = [...texts.keys()].filter((p) => whole.test(p));
    if (found.length > 0) return found;
  }
  return [];
}

/** Does another file name it, by its folder too? */
function isNamed(path: string, texts: ReadonlyMap<string, string>): boolean {
  const parts = path.replace(/\.py$/, "").split("/").slice(-2);
  const name = new RegExp(`(?<![\\w-])${parts.map(escaped).join("[/.]")}(?![\\w-])`);
  for (const [other, text] of texts) if (other !== path && STARTS.test(other) && name.test(text)) return true;
  return false;
}
