/** Of several programs of a repository (`cmd/*` of Go, the binaries of Cargo) the one that the image starts. */

import { goModuleName } from "../../base/go-module.ts";
import type { StartCommand } from "../facts.ts";
import { excluded } from "../go/build-tags.ts";
import { builtPrograms } from "../go/built-programs.ts";

interface Main {
  name: string;
  /** Where a build finds it: `cmd/api` of `go build -o shop ./cmd/api`. */
  folder?: string;
  /** Does a file belong to this program alone? */
  owns(path: string): boolean;
}

/** Files of the programs that the start command does not name; none where it names none of them. */
export function otherPrograms(texts: ReadonlyMap<string, string>, commands: readonly string[][]): ReadonlySet<string> {
  const started = new Set(commands.flatMap(programsOf));
  const built = builtUnder(texts);
  const out = new Set<string>();
  for (const mains of [mainsOfGo(texts), mainsOfRust(texts)]) {
    const isStarted = ({ name, folder }: Main): boolean =>
      [...started].some((s) => built.get(s)?.has(folder ?? name) ?? s === name);
    const others = mains.filter((m) => !isStarted(m));
    if (mains.length < 2) continue;
    const left = others.length === mains.length ? (notBuilt(mains, texts) ?? helpers(mains, texts)) : others;
    for (const path of texts.keys()) if (left.some((m) => m.owns(path))) out.add(path);
  }
  return out;
}

/** Those that the scripts which build the module leave out, where they name some. */
function notBuilt(mains: readonly Main[], texts: ReadonlyMap<string, string>): Main[] | undefined {
  const built = mains.some((m) => m.folder !== undefined) ? builtPrograms(texts) : undefined;
  const folders = new Set(mains.map((m) => m.folder));
  if (!built || [...built].some((folder) => !folders.has(folder))) return undefined;
  const left = mains.filter((m) => m.folder !== undefined && !built.has(m.folder));
  return left.length > 0 ? left : undefined;
}

/** Beside a program of Go that is called as its module: those in `cmd` that have nothing of the module. */
function helpers(mains: readonly Main[], texts: ReadonlyMap<string, string>): Main[] {
  const module = goModuleName(texts.get("go.mod"));
  if (!module || !mains.some((m) => m.name === lastWord(module))) return [];
  const own = (path: string): boolean => path.endsWith(".go") && (texts.get(path) ?? "").includes(`"${module}`);
  return mains.filter(
    (m) => m.name !== lastWord(module) && m.folder && ![...texts.keys()].some((p) => m.owns(p) && own(p)),
  );
}

/** Does a start command name one of the repository's `own` programs? */
export function startsOwn(own: ReadonlySet<string>, commands: readonly string[][]): boolean {
  return commands.some((c) => programsOf(c).some((name) => own.has(name)));
}

/** What the repository's own programs are called, once built. */
export function ownPrograms(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set([...mainsOfGo(texts), ...mainsOfRust(texts)].map(({ name }) => name));
}

/** Manifests of languages whose programs are not built. */
const SCRIPTS =
  /^(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|Pipfile|Gemfile|composer\.json|[^/]+\.(?:py|rb|php|[cm]?[jt]s))$/;

/** Is a repository that of a program of Go or Rust by what stands at its root, where nothing starts another? */
export function isOfBuiltProgram(texts: ReadonlyMap<string, string>, commands: readonly string[][]): boolean {
  if (!texts.has("go.mod") && !texts.has("Cargo.toml")) return false;
  if ([...texts.keys()].some((path) => SCRIPTS.test(path))) return false;
  const runs = commands.flatMap(programsOf).some((name) => RUNNERS.some(([, runner]) => runner.test(name)));
  return !runs && ownPrograms(texts).size > 0;
}

/** What stands before a program: it starts what comes after it. */
const WRAPPER =
  /^(?:exec|env|tini|dumb-init|docker-init|catatonit|su-exec|gosu|nice|nohup|time|(?:ba|da|a)?sh|--|-\w+|\w+=.*|if|then|do|!)$/;

/** The last parts of the programs that a command starts: not of its flags, nor of what they are given. */
function programsOf(command: readonly string[]): string[] {
  const words = command.flatMap((w) => w.split(/\s+/)).filter(Boolean);
  const out: string[] = [];
  let awaited = true;
  for (const [i, word] of words.entries()) {
    const last = word.replace(/;$/, "").replace(/^.*\//, "");
    if (/^(?:&&|\|\|?|;|&|--)$/.test(word)) awaited = true;
    else if (awaited && !WRAPPER.test(last)) {
      out.push(last);
      // `gosu app /server`; a script that executes what it is given.
      awaited = /^(?:su-exec|gosu)$/.test(words[i - 1]?.replace(/^.*\//, "") ?? "") || /\.sh$|entrypoint/.test(last);
      const run = words[i + 1] === "run" ? words.slice(i + 2).join(" ") : undefined;
      const named =
        last === "go"
          ? /(?:^|\s)(?:[\w.-]+\/)+(?<name>[\w-]+)(?=\/?(?:\s|$)|\/[\w*-]+\.go)/
          : /(?:^|\s)(?:--bin|--package|-p)[ =](?<name>[\w-]+)/;
      // `go run ./cmd/api`, `cargo run --bin api`: what follows is the program's.
      if (/^(?:go|cargo)$/.test(last) && run !== undefined) return [...out, named.exec(run)?.groups?.name ?? ""];
    }
    if (word.endsWith(";")) awaited = true;
  }
  return out;
}

/** `go build -o /out/shop ./cmd/api`: which folders have been built under a name. */
function builtUnder(texts: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const out = new Map<string, Set<string>>();
  for (const [path, text] of texts) {
    if (!/(^|\/)[^/]*(?:Dockerfile|Containerfile)[^/]*$/i.test(path)) continue;
    for (const [line] of text.replace(/\\\r?\n/g, " ").matchAll(/\bgo build\b[^\n&;|]*/g)) {
      const name = /\s-o[ =]\S*?([\w.-]+)(?=\s|$)/.exec(line)?.[1];
      const folder = /\s(?:\.\/)?((?:[\w.-]+\/)*[\w-]+)\/?(?:[\w-]+\.go)?\s*$/.exec(line)?.[1];
      if (name && folder && folder !== name) out.set(name, (out.get(name) ?? new Set()).add(folder));
    }
  }
  return out;
}

/** `shop` of `example.com/shop/v2` */
function lastWord(module: string): string {
  return /([\w.-]+?)(?:\/v\d+)?$/.exec(module)?.[1] ?? "";
}

/** By their folders; the one at the root by the last word of the module. */
function mainsOfGo(texts: ReadonlyMap<string, string>): Main[] {
  const found = new Map<string, Main>();
  const root = lastWord(goModuleName(texts.get("go.mod")) ?? "");
  for (const [path, text] of texts) {
    if (!path.endsWith(".go") || path.endsWith("_test.go") || !/^package main\b/m.test(text)) continue;
    if (!/^func main\(\)/m.test(text) || excluded(text)) continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    // What lies below a folder of `cmd` is its program's too.
    const whole = /(^|\/)cmd\/[^/]+$/.test(folder);
    const owns = (p: string): boolean =>
      p.endsWith(".go") &&
      p.startsWith(folder && `${folder}/`) &&
      (whole ||
        (!p.slice(folder ? folder.length + 1 : 0).includes("/") && /^package main\b/m.test(texts.get(p) ?? "")));
    found.set(folder, { name: folder ? folder.slice(folder.lastIndexOf("/") + 1) : root, folder, owns });
  }
  return [...found.values()];
}

/** `src/bin/NAME.rs`, and `src/main.rs` by the package of its Cargo.toml. */
function mainsOfRust(texts: ReadonlyMap<string, string>): Main[] {
  const found: Main[] = [];
  for (const path of texts.keys()) {
    const bin = /^(.*(?:^|\/)src\/bin\/)([\w-]+)(?:\.rs|\/main\.rs)$/.exec(path);
    if (bin) {
      const [, folder, name] = bin;
      found.push({ name: name as string, owns: (p) => p === path || p.startsWith(`${folder}${name}/`) });
    }
    const crate = /^(.*?)src\/main\.rs$/.exec(path);
    if (!crate) continue;
    const manifest = texts.get(`${crate[1]}Cargo.toml`) ?? "";
    const binary = /^\[\[bin\]\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
    const name = binary ?? /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
    if (name) found.push({ name, owns: (p) => p === path });
  }
  return found;
}

/** What runs a program in a language that is not built. */
const RUNNERS: readonly [string, RegExp][] = [
  ["javascript", /^(?:node|nodejs|bun|deno|tsx|ts-node|npm|npx|yarn|pnpm|pm2|pm2-runtime|nodemon)$/],
  ["python", /^(?:python[\d.]*|uvicorn|gunicorn|hypercorn|flask|daphne|waitress-serve|poetry|uv|pipenv)$/],
  ["ruby", /^(?:ruby|bundle|rails|rackup|puma)$/],
  ["php", /^(?:php|php-fpm[\d.]*)$/],
];

/** What runs another program: `tini -- /entry.sh serve`, `bash start.sh`. */
const WRAPPERS = /^(?:\S*\/)?(?:tini|dumb-init|catatonit|sh|bash|ash|exec)$/;

/**
 * The language of the program, where all its start commands (those of the image, where it has some) are run by that of one
 * language: what it has in another one beside it (a helper's process, a plug-in's) it starts itself. Without any, a package
 * of commands of Node is one of Node.
 */
export function startLanguage(
  commands: readonly StartCommand[],
  texts: ReadonlyMap<string, string>,
): string | undefined {
  const ofImage = commands.filter((c) => c.from === "dockerfile" || c.from === "procfile");
  const counted = ofImage.length > 0 ? ofImage : commands;
  // What a script of the shell starts stands beside it.
  const isScript = ({ words }: StartCommand): boolean =>
    /\.sh$/.test(words.find((w) => !w.startsWith("-") && !WRAPPERS.test(w)) ?? "");
  const own = counted.filter((c) => !isScript(c));
  const found = (own.length > 0 ? own : counted).map(({ words }) => {
    const names = programsOf(words);
    return RUNNERS.find(([, runs]) => names.some((name) => runs.test(name)))?.[0];
  });
  if (found.length > 0) return found.every((l) => l === found[0]) ? found[0] : undefined;
  const others = ["go.mod", "Cargo.toml", "pyproject.toml", "setup.py", "requirements.txt", "Gemfile", "composer.json"];
  const hasBin = /"bin"\s*:/.test(texts.get("package.json") ?? "");
  return hasBin && !others.some((manifest) => texts.has(manifest)) ? "javascript" : undefined;
}
