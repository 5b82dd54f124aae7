/**
 * Programs that are started while the app runs: `spawn("git", …)`, `exec("pdftotext …")`. Only what the text says for certain:
 * the app's own calls with a literal name, and packages that are named after the program they start.
 */
import { readFileSync } from "node:fs";
import { startsBrowser } from "./facts.ts";
import type { JudgedPackage, Judgement } from "./judge.ts";

/** One call, or one package. */
export interface StartedProgram {
  /** A name that is looked for in PATH, or an absolute path: `git`, `/bin/sh`. */
  program: string;
  /** Source text, short, or the package that starts it. */
  by: string;
  /** Of the source text, from 1. */
  line?: number;
}

/** How a function starts programs: by the program's name, or by a line for a shell. */
type Starter = "file" | "shell" | "bash";

/** Asks for a local name, or for a method of one. */
export type StarterOf = (owner: string, method?: string) => Starter | undefined;

const CHILD_PROCESS: Record<string, Starter> = {
  exec: "shell",
  execSync: "shell",
  spawn: "file",
  spawnSync: "file",
  execFile: "file",
  execFileSync: "file",
};

/** Packages that start what their caller names; of a package without names its default export. */
const STARTERS: Record<string, Record<string, Starter>> = {
  "cross-spawn": { default: "file", ...CHILD_PROCESS },
  execa: { default: "file", execa: "file", execaSync: "file" },
  tinyexec: { x: "file", exec: "file" },
  "nano-spawn": { default: "file" },
  zx: { $: "bash" },
  shelljs: { exec: "shell" },
};

const MODULE = `["'](?:node:)?(child_process|${Object.keys(STARTERS).join("|")})["']`;
const WHOLE = new RegExp(
  String.raw`\b(?:(?:const|let|var)\s+|import\s+(?:\*\s*as\s+)?)([\w$]+)\s*(?:=\s*(?:[\w$.]+\()?require\(\s*${MODULE}|(?:,\s*\{[^}]*\}\s*)?from\s*${MODULE})`,
  "g",
);
const NAMED = new RegExp(
  String.raw`\{([^{}]*)\}\s*(?:=\s*(?:[\w$.]+\()?(?:await\s+import|require)\(\s*${MODULE}|from\s*${MODULE})`,
  "g",
);
const MEMBER = new RegExp(String.raw`\b([\w$]+)\s*=\s*require\(\s*${MODULE}\s*\)\s*\.\s*(\w+)`, "g");
const PROMISIFIED =
  /\b([\w$]+)\s*=\s*[^;\n=]*\bpromisify\(\s*(?:[\w$]+\s*(?:\([^()\n]*\)\s*)?\.\s*)?(exec|execFile)\s*\)/g;

/** @returns undefined where the file starts nothing */
export function startersOf(text: string): StarterOf | undefined {
  if (!/child_process/.test(text) && !new RegExp(MODULE).test(text)) return undefined;
  const names = new Map<string, Starter>();
  const spaces = new Map<string, Record<string, Starter>>();
  const tableOf = (module: string) => (module === "child_process" ? CHILD_PROCESS : (STARTERS[module] ?? {}));
  for (const [, name = "", first, second] of text.matchAll(WHOLE)) {
    const table = tableOf((first ?? second) as string);
    if (table["default"]) names.set(name, table["default"]);
    spaces.set(name, table);
  }
  for (const [, list = "", first, second] of text.matchAll(NAMED)) {
    const table = tableOf((first ?? second) as string);
    for (const part of list.split(",")) {
      const [from = "", to] = part.trim().split(/\s*:\s*|\s+as\s+/);
      const starter = table[from];
      if (starter) names.set(to ?? from, starter);
    }
  }
  for (const [, name = "", module = "", method = ""] of text.matchAll(MEMBER)) {
    const starter = tableOf(module)[method];
    spaces.delete(name);
    if (starter) names.set(name, starter);
    else names.delete(name);
  }
  for (const [, name = "", method = ""] of text.matchAll(PROMISIFIED))
    names.set(name, CHILD_PROCESS[method] as Starter);
  if (names.size === 0 && spaces.size === 0) return undefined;
  return (owner, method) => (method === undefined ? names.get(owner) : spaces.get(owner)?.[method]);
}

/** A place in a command whose text is known at run time only. */
export const UNKNOWN = "\0";

/** Words of a shell itself, and programs of other systems, which are asked for behind a look at the platform. */
const NO_PROGRAM =
  /^(?:[.:[]|cd|echo|exit|export|unset|test|true|false|set|source|eval|exec|if|then|else|elif|fi|for|while|until|do|done|case|esac|read|printf|kill|wait|trap|type|umask|ulimit|alias|command|shift|return|local|pwd|times)$|^(?:open|start|explorer|taskkill|osascript|sw_vers|wmic|pbcopy|pbpaste|launchctl|ipconfig|cmd|powershell|pwsh|systeminfo|tasklist|reg)$|\.(?:exe|cmd|bat)$/i;

/** Programs at the beginning of the commands in a line for a shell, as far as they are literal. */
export function programsOfLine(line: string): string[] {
  const found: string[] = [];
  // What stands in quotes is an argument; a comment and a nested command are not looked at.
  const plain = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, UNKNOWN);
  for (const command of plain.split(/\|\|?|&&?|;|\n/)) {
    const words = command.trim().split(/\s+/);
    while (/^\w+=/.test(words[0] ?? "")) words.shift();
    if (/^(?:sudo|nohup|nice|time|env)$/.test(words[0] ?? "")) continue;
    const word = words[0] ?? "";
    if (isProgram(word)) found.push(word);
  }
  return found;
}

/** A name in PATH, or an absolute path into the system's folders; a path into the app is looked at elsewhere. */
export function isProgram(word: string): boolean {
  if (!/^(?:\/(?:usr\/)?(?:local\/)?s?bin\/)?[A-Za-z][\w.+-]*$/.test(word)) return false;
  return !NO_PROGRAM.test(word.slice(word.lastIndexOf("/") + 1)) && !/^node(?:js)?$/.test(word);
}

/** Programs that packages are named after: such a package is of no use without it. */
const NAMESAKES =
  /^(?:git|hg|svn|ffmpeg|ffprobe|gm|imagemagick|ghostscript|pandoc|tesseract|wkhtmltopdf|soffice|libreoffice|pdftotext|pdftoppm|exiftool|sox|dot|graphviz|unrar|rsync|yt-dlp|youtube-dl|python|docker|psql|pg_dump|mysqldump|mongodump)$/;
/** Where the program has another name than what packages are called after. */
const PROGRAM_OF: Record<string, string> = {
  imagemagick: "convert",
  ghostscript: "gs",
  graphviz: "dot",
  libreoffice: "soffice",
  python: "python3",
};

/** Of the packages that the app itself asks for, those that start the program they are named after. */
export function namesakePrograms(judgement: Judgement, direct: ReadonlySet<string | undefined>): StartedProgram[] {
  const found: StartedProgram[] = [];
  for (const one of judgement.packages.values()) {
    if (!direct.has(one.dir)) continue;
    const words = new Set(one.name.replace(/^@[^/]+\//, "").split("-"));
    const named = [...words, one.name.replace(/^@[^/]+\//, "")].filter((word) => NAMESAKES.test(word));
    if (named.length === 0 || !startsPrograms(one, judgement)) continue;
    for (const name of new Set(named)) {
      const program = PROGRAM_OF[name] ?? name;
      const literal = new RegExp(`(["'\`])${program.replace(/[^\w]/g, "\\$&")}\\1`);
      if (one.files.some((path) => literal.test(textOf(path)))) found.push({ program, by: one.name });
    }
  }
  return found;
}

/** Of the packages that the app itself asks for, those that start a browser which no package holds. */
export function browsersOf(judgement: Judgement, direct: ReadonlySet<string | undefined>): StartedProgram[] {
  return [...judgement.packages.values()]
    .filter(({ dir, name }) => direct.has(dir) && startsBrowser(name))
    .map(({ name }) => ({ program: "chromium", by: name }));
}

/** The package itself, or one that it asks for, starts programs. */
function startsPrograms(one: JudgedPackage, { packages }: Judgement): boolean {
  const near = [one, ...[...one.edges].flatMap((dir) => packages.get(dir) ?? [])];
  return near.some(({ files }) => files.some((path) => /["'](?:node:)?child_process["']/.test(textOf(path))));
}

function textOf(path: string): string {
  return /\.[cm]?js$/.test(path) ? readFileSync(path, "utf8") : "";
}
