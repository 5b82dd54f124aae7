/** Files of Python that serve where they are run by themselves, or by hand, beside what the image runs. */
import { escaped } from "../../base/escaped.ts";
import type { Listener, StartCommand } from "../facts.ts";
import { startsServers } from "../start/started.ts";
import { loadedBy } from "./modules.ts";
import { packageScripts } from "./package-scripts.ts";

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
  const installed =
    run.size === 0 ? (byInstalled(served, commands, texts) ?? byFirst(served, commands, texts)) : undefined;
  const left = installed ?? (run.size === 0 ? served : served.filter((l) => !isOther(l)));
  return left.some((l) => !l.secondary && l.place.file.endsWith(".py")) ? [...left] : served;
}

/**
 * What the package's own command starts, where that is how it is started: not what its other files do where each is run by
 * itself. Undefined where nothing is known to listen below the command.
 */
function byInstalled(
  listeners: readonly Listener[],
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
): Listener[] | undefined {
  const python = listeners.filter((l) => l.place.file.endsWith(".py"));
  const installed = python.length > 1 ? installedProgram(python, commands, texts) : undefined;
  if (!installed || !python.some((l) => !l.secondary && installed.loaded.has(l.place.file) && installed.isOwn(l)))
    return undefined;
  return listeners.filter((l) => !l.place.file.endsWith(".py") || installed.isOwn(l));
}

/** Files at the top by which a program is usually started. */
const FIRST =
  /^(?:main|run|start|server|serve|app|wsgi|bot|launch(?:er)?|__main__|run_?server|[\w-]+_?(?:main|bot))\.py$/;

/**
 * What `run.py` starts by its imports, where nothing else says how the program is started: not what a module that it loads
 * does where that module is run by itself. Undefined where there is no one such file, or nothing else listens.
 */
function byFirst(
  listeners: readonly Listener[],
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
): Listener[] | undefined {
  const python = listeners.filter((l) => l.place.file.endsWith(".py"));
  const isGuarded = ({ reach }: Listener): boolean => reach.conditions.some((c) => BY_ITSELF.test(c));
  if (commands.length > 0 || python.length < 2 || !python.some(isGuarded)) return undefined;
  const firsts = [...texts.keys()].filter((p) => FIRST.test(p) && runs(texts.get(p) ?? ""));
  const loaded = loadedBy(firsts, texts);
  const isByHand = (l: Listener): boolean =>
    isGuarded(l) && !firsts.includes(l.place.file) && loaded.has(l.place.file) && !isStarted(l.place.file, texts);
  const rest = python.filter((l) => !isByHand(l));
  if (!rest.some((l) => !l.secondary && loaded.has(l.place.file))) return undefined;
  return listeners.filter((l) => !isByHand(l));
}

/** Does it do anything when it is run: a guard at its end, or a call at its top? */
function runs(text: string): boolean {
  return /^if __name__ == ["']__main__["']/m.test(text) || /^[\w.]+\(/m.test(text);
}

/** Is all that is known to listen run by hand, where the package's own command starts a server program of its own? */
export function areByHand(
  listeners: readonly Listener[],
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
): boolean {
  if (listeners.length === 0 || !listeners.every((l) => l.place.file.endsWith(".py"))) return false;
  const installed = installedProgram(listeners, commands, texts);
  return (
    installed !== undefined &&
    !listeners.some(installed.isOwn) &&
    [...installed.loaded].some((file) => startsServers(texts.get(file) ?? ""))
  );
}

/** The files that the package's own command loads, and whether what listens somewhere does so by it. */
function installedProgram(
  python: readonly Listener[],
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
): { loaded: ReadonlySet<string>; isOwn: (l: Listener) => boolean } | undefined {
  const isGuarded = ({ reach }: Listener): boolean => reach.conditions.some((c) => BY_ITSELF.test(c));
  const isMain = (l: Listener): boolean => isGuarded(l) || isInMain(l.place, texts.get(l.place.file) ?? "");
  if (!python.some(isMain)) return undefined;
  const scripts = packageScripts(texts);
  const named = [...scripts].filter(([name]) => commands.some(({ words }) => starts(words, name)));
  const entries = (commands.length > 0 ? named : [...scripts]).map(([, file]) => file);
  if (entries.length === 0) return undefined;
  const loaded = loadedBy(entries, texts);
  const isByHand = (l: Listener): boolean => (loaded.has(l.place.file) ? isGuarded(l) : isMain(l));
  return { loaded, isOwn: (l) => !isByHand(l) || isStarted(l.place.file, texts) };
}

/** Does a command start a program of this name, whatever starts it: `uv run shop`, `exec shop --flag`? */
function starts(words: readonly string[], name: string): boolean {
  const said = words.join(" ");
  return new RegExp(
    `(?:^|(?:^|[ /;&|])(?:exec|run|uvx|pipx|--|bin/|&&|sh -c ["']?)[ ]*(?:-\\S+ )*)(?:\\S*/)?${escaped(name)}(?=[ "';]|$)`,
  ).test(said);
}

/** In a function that nothing but the end of its own file calls, where that file is run by itself. */
function isInMain({ file, start }: Listener["place"], text: string): boolean {
  if (!file.endsWith(".py")) return false;
  const name = /^(?:async[ \t]+)?def[ \t]+(\w+)/.exec(
    text
      .slice(0, start)
      .match(/^[^\s#)\]}@].*$/gm)
      ?.at(-1) ?? "",
  )?.[1];
  const block = /^if __name__\s*==\s*["']__main__["']\s*:[^\n]*\n(?:[ \t].*\n?|\n)*/m.exec(text);
  if (name === undefined || block === null) return false;
  const calls = new RegExp(`(?<!def )\\b${name}\\(`);
  return calls.test(block[0]) && !calls.test(text.replace(block[0], ""));
}

/** Does another file start it: `python -m shop.debug`, `python tools/debug.py`? What loads it, or a function of it (`shop.debug:main`), does not. */
function isStarted(path: string, texts: ReadonlyMap<string, string>): boolean {
  const name = named(path);
  for (const [other, text] of texts)
    if (
      other !== path &&
      STARTS.test(other) &&
      name.test(text.replace(/^[ \t]*(?:from|import)\b.*$|\b(?:from|import)[ \t]+[\w.]+|\b[\w.]+:[A-Za-z_]\w*/gm, ""))
    )
      return true;
  return false;
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
  const name = named(path);
  for (const [other, text] of texts) if (other !== path && STARTS.test(other) && name.test(text)) return true;
  return false;
}

/** What names a file by its folder too. */
function named(path: string): RegExp {
  const parts = path.replace(/\.py$/, "").split("/").slice(-2);
  return new RegExp(`(?<![\\w-])${parts.map(escaped).join("[/.]")}(?![\\w-])`);
}
