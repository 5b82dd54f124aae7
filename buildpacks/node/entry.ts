/** The file that node starts, and what says so. The order: the user, the Procfile, the start script, package.json, names. */
import { posix } from "node:path";
import { conditional, lookForServer, resolveFile, type ServerLook } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { serverByVite } from "./framework.ts";
import { workerMain } from "./hosted.ts";
import { missingEntry } from "./no-entry.ts";
import { exported, isIdle } from "./program-kind.ts";
import { readStart } from "./start.ts";
import { localPackages } from "./workspaces.ts";

export interface Entry {
  /** Relative to the app's directory. */
  file: string;
  evidence: string;
  /** The file is made by the project's build script. */
  built: boolean;
  /** What makes it where package.json has no build script; absent: TypeScript's compiler. */
  command?: string[];
  look: ServerLook | undefined;
  nodeArgs: string[];
  args: string[];
  env: Record<string, string>;
  /** Directory that the start script enters first. */
  directory?: string;
}

export interface EntrySearch {
  entry: Entry | undefined;
  /** What was looked at and why it is not the entry, for the error. */
  rejected: { file: string; why: string; look: ServerLook | undefined; stray: boolean }[];
  /** A file that something names and that is not there. */
  missing: { file: string; from: string } | undefined;
}

const STEMS = [
  "server",
  "app",
  "index",
  "main",
  "src/server",
  "src/index",
  "src/app",
  "src/main",
  "bin/www",
  "src/bin/www",
  "api/index",
  "src/server/index",
  "src/server/server",
  "server/index",
  "server/server",
  "app/index",
  "app/server",
  "backend/index",
  "backend/server",
  "lib/index",
  "lib/server",
];
const EXTENSIONS = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ""];

const ONLY_PLACE = "the only place that listens";

const searches = new WeakMap<App, EntrySearch>();

/** @throws ENTRYPOINT_NOT_FOUND where the user names a file that is not there */
export function findEntry(app: App): EntrySearch {
  let found = searches.get(app);
  if (!found) {
    found = search(app);
    if (found.entry) found = { ...found, entry: compiledByTypescript(app, found.entry) };
    searches.set(app, found);
  }
  return found;
}

/** The entry as the project's own compiler makes it, where only that gives the same program. */
function compiledByTypescript(app: App, entry: Entry): Entry {
  if (entry.built || !app.tsconfig?.callableNamespaces || !/\.[cm]?ts$/.test(entry.file) || app.start?.target === "tsx")
    return entry;
  const scripts = Object.entries(app.manifest?.scripts ?? {});
  const onInstall = scripts.some(
    ([name, line]) => /^(?:postinstall|prepare|install)$/.test(name) && /\btsc\b/.test(line),
  );
  if (!app.build && !onInstall && app.dependency("typescript") === undefined) return entry;
  const caller = entry.look?.files.find((file) => callsNamespace(app.source.read(file) ?? ""));
  if (caller === undefined) return entry;
  const { rootDir, outDir } = app.tsconfig;
  const root = rootDir ?? (entry.file.startsWith("src/") ? "src" : ".");
  const inner = root === "." ? entry.file : entry.file.slice(root.length + 1);
  const file = posix.join(outDir ?? root, inner).replace(/\.([cm]?)ts$/, ".$1js");
  const evidence = `${entry.evidence}; compiled by TypeScript, since ${caller} calls an \`import * as\``;
  return { ...entry, file, evidence, built: !onInstall };
}

/** `import * as express from "express"; express()`: no function in an ES module's eyes. */
function callsNamespace(text: string): boolean {
  for (const match of text.matchAll(/^\s*import\s+\*\s+as\s+([\w$]+)\s+from/gm)) {
    const name = (match[1] as string).replace(/\$/g, "\\$");
    if (new RegExp(`(?<![.\\w$])${name}\\s*\\(|\\bnew\\s+${name}\\s*\\(`).test(text)) return true;
  }
  return false;
}

function search(app: App): EntrySearch {
  const search: EntrySearch = { entry: undefined, rejected: [], missing: undefined };
  const given = app.options.entrypoint;
  if (given !== undefined) {
    const found = locate(app, given, true);
    if (!found) throw missingEntry(app, given, "the configuration");
    search.entry = { ...bare(found, "named by the user"), look: look(app, found) };
    return search;
  }
  const { start } = app;
  if (start?.kind === "file") {
    const target = posix.join(start.directory, start.target);
    const found = locate(app, target, true) ?? madeByBuild(app, target);
    if (found && !isForeignProgram(app, found.file)) {
      const through = start.through.length > 1 ? ` (through ${start.through.slice(1).join(", ")})` : "";
      const evidence = `${start.from}${through} starts ${target}${found.file === target ? "" : `, which comes from ${found.file}`}`;
      search.entry = {
        ...bare(found, evidence),
        look: look(app, found, start.args),
        nodeArgs: start.nodeArgs,
        args: start.args,
        env: start.env,
        ...(start.directory !== "." && { directory: start.directory }),
      };
      return search;
    }
    if (!found) search.missing = { file: target, from: start.from };
  }
  const made = start === undefined ? serverByVite(app) : undefined;
  if (made) {
    search.entry = {
      ...bare({ file: made.file, built: true }, made.from),
      command: ["vite", "build"],
      look: undefined,
    };
    return search;
  }
  const { entry, rejected } = byName(app, search);
  search.rejected = rejected;
  // What a start script names and is not there is the user's mistake, unless something else plainly serves.
  search.entry = search.missing && entry?.look?.verdict !== "serves" ? undefined : entry;
  return search;
}

/** A program whose first line names another interpreter than node: `bin/start`, a shell script. */
function isForeignProgram(app: App, file: string): boolean {
  if (posix.extname(file) !== "") return false;
  const first = app.source.script(file).split("\n", 1)[0] ?? "";
  return first.startsWith("#!") && !/\b(?:node|tsx|ts-node|bun)\b/.test(first);
}

/** The app has a server of its own, whatever framework it uses besides. */
export function ownServer(app: App): boolean {
  const { start } = app;
  if (start?.kind === "file") {
    const { entry } = findEntry(app);
    const verdict = entry?.look?.verdict;
    // A framework's output has no source of its name; a compiled server has.
    if (/^(?:\.output|\.next|build|dist)\//.test(start.target)) return verdict === "serves";
    return (
      (entry?.built === true && verdict === undefined) ||
      verdict === "serves" ||
      verdict === "unknown" ||
      verdict === "exports-fetch"
    );
  }
  return start === undefined && findEntry(app).entry?.look?.verdict === "serves";
}

/** package.json's own fields, conventional names, then any file of the top directory: the first that serves, else might. */
function byName(app: App, search: EntrySearch): { entry: Entry | undefined; rejected: EntrySearch["rejected"] } {
  const rejected: EntrySearch["rejected"] = [];
  const candidates = new Map<string, { file: Located; evidence: string }>();
  const add = (file: string | undefined, evidence: string, named: boolean) => {
    if (file === undefined) return;
    const found = locate(app, file, named);
    if (found && isScript(found.file) && !candidates.has(found.file))
      candidates.set(found.file, { file: found, evidence });
    else if (!found && named) search.missing ??= { file, from: evidence };
  };
  const { manifest } = app;
  // `src/{index,functions/*}.js`: several, for a host that loads them all.
  const main = manifest?.main?.match(/[*{]/) ? undefined : manifest?.main;
  add(main, "package.json main", true);
  const offered =
    typeof manifest?.exports === "string"
      ? manifest.exports
      : conditional((manifest?.exports as Record<string, unknown> | undefined)?.["."]);
  add(offered?.startsWith("./") ? offered : undefined, "package.json exports", true);
  add(manifest?.module, "package.json module", true);
  const worker = workerMain(app);
  if (worker) add(worker.file, worker.from, false);
  for (const stem of STEMS) {
    // A package of its own there, which has packages of its own.
    const folder = stem.split("/")[0] as string;
    if (folder !== stem && app.source.isFile(`${folder}/package.json`)) continue;
    for (const extension of EXTENSIONS)
      if (app.source.isFile(stem + extension)) add(stem + extension, `the name ${stem + extension}`, false);
  }
  // What a developer's script runs is a server too: `dev: tsx watch src/server/main.ts`.
  for (const name of ["dev", "dev:server", "server", "serve", "start:dev", "develop"]) {
    const script = readStart(manifest?.scripts ?? {}, name);
    if (script?.kind === "file")
      add(posix.join(script.directory, script.target), `package.json scripts.${name}`, false);
  }
  for (const path of Object.values(manifest?.bin ?? {})) add(path, "package.json bin", false);
  for (const name of app.source.names()) {
    if (
      /\.[cm]?[jt]s$/.test(name) &&
      !/\.(?:config|test|spec|setup|d)\.[cm]?[jt]s$|^\.|^(?:gulpfile|Gruntfile|karma|jest|webpack|examples?\b)/.test(
        name,
      )
    )
      add(name, `${ONLY_PLACE}: ${name}`, false);
  }
  let possible: Entry | undefined;
  let onlyExported = false;
  for (const { file, evidence } of candidates.values()) {
    const seen = look(app, file);
    const entry = { ...bare(file, evidence), look: seen };
    // A library, whose functions another program has to call.
    const idle = seen !== undefined && /^(?:serves|unknown)$/.test(seen.verdict) && isIdle(app, seen);
    // Beside a command line tool a file that nothing names is for its developers.
    const aside = evidence.startsWith(ONLY_PLACE) && Object.keys(manifest?.bin ?? {}).length > 0;
    const serves = seen?.verdict === "serves" || seen?.verdict === "exports-fetch";
    if (serves && !idle && !aside) return { entry, rejected };
    const stray = evidence.startsWith(ONLY_PLACE) || evidence.startsWith("package.json scripts");
    rejected.push({
      file: file.file,
      why: idle ? "only exports, and starts nothing" : reason(seen),
      look: seen,
      stray,
    });
    onlyExported ||= idle;
    if (idle) continue;
    // A file found only because it lies there, or a developer runs it, must serve to be taken; so must a tool beside its app.
    const starts = evidence === "package.json bin" ? onlyExported : !stray;
    if (starts && (seen === undefined || /^(?:unknown|exports-app|exports-handler)$/.test(seen.verdict)))
      possible ??= entry;
  }
  return { entry: possible, rejected };
}

interface Located {
  file: string;
  built: boolean;
}

/** The file itself, its TypeScript source, or (named ones only) what the build script will make. */
function locate(app: App, file: string, named: boolean): Located | undefined {
  const { source, build } = app;
  const written = posix.normalize(file.replace(/^\.\//, ""));
  // `"main": "./dist"`: the index of a folder that the build makes.
  const made = build !== undefined && /^(?:dist|build|out|lib)$/.test(written);
  const folder = made && !source.exists(written) && resolveFile(source, written) === undefined;
  const clean = folder ? `${written}/index.js` : written;
  if (clean.startsWith("..") || posix.isAbsolute(clean)) return undefined;
  const fromSource =
    build === undefined || (build.compilesOnly && !build.needsCompiler && !app.tsconfig?.emitDecoratorMetadata);
  const mapped = sourceOf(app, clean);
  if (mapped && fromSource) return { file: mapped, built: false };
  const there = resolveFile(source, clean);
  const output =
    /^(?:dist|build|out|lib|\.output|output|compiled|target|es|cjs)\//.test(clean) ||
    (app.tsconfig?.outDir !== undefined && clean.startsWith(`${app.tsconfig.outDir}/`));
  if (output && build && (mapped || !there))
    return named || mapped ? { file: /\.[a-z]+$/.test(clean) ? clean : `${clean}.js`, built: true } : undefined;
  if (there) return { file: there, built: false };
  return mapped ? { file: mapped, built: false } : undefined;
}

/** A file in a directory that the sources do not have at all: the build makes it. */
function madeByBuild(app: App, file: string): Located | undefined {
  const clean = posix.normalize(file);
  const [directory = ""] = clean.split("/");
  if (!app.build || app.build.compilesOnly || directory.startsWith("..")) return undefined;
  const main = (app.source.readJson(`${clean}/package.json`) as { main?: unknown } | undefined)?.main;
  if (typeof main === "string" && !app.source.exists(posix.join(clean, posix.dirname(main))))
    return { file: posix.join(clean, main), built: true };
  if (directory === clean) return undefined;
  if (app.source.exists(directory)) return undefined;
  return { file: posix.extname(clean) === "" ? `${clean}/index.js` : clean, built: true };
}

/** The TypeScript file that a compiled file's name stands for: `dist/server.js` → `src/server.ts`. */
function sourceOf(app: App, file: string): string | undefined {
  const stem = /^(.*?)(?:\.[mc]?js)?$/.exec(file)?.[1] ?? file;
  const outDirs = [app.tsconfig?.outDir, "dist", "build", "out", "lib", "compiled"].filter(
    (dir): dir is string => dir !== undefined && dir !== ".",
  );
  for (const outDir of outDirs) {
    if (!stem.startsWith(`${outDir}/`)) continue;
    const inner = stem.slice(outDir.length + 1);
    for (const root of new Set([app.tsconfig?.rootDir, "src", ".", "source", "server"])) {
      if (root === undefined || root === outDir) continue;
      for (const extension of [".ts", ".mts", ".cts", ".tsx"]) {
        for (const candidate of [inner, `${inner}/index`]) {
          const path = posix.join(root, `${candidate}${extension}`);
          if (app.source.isFile(path)) return path;
        }
      }
    }
  }
  if (!/\.[mc]?js$/.test(file) || app.source.isFile(file)) return undefined;
  return [".ts", ".mts", ".cts", ".tsx"].map((extension) => stem + extension).find((path) => app.source.isFile(path));
}

function look(app: App, found: Located, args?: readonly string[]): ServerLook | undefined {
  const file = found.built ? sourceOf(app, found.file) : found.file;
  return file === undefined ? undefined : lookForServer(app.source, file, localPackages(app), args);
}

function bare(found: Located, evidence: string): Omit<Entry, "look"> {
  return { file: found.file, evidence, built: found.built, nodeArgs: [], args: [], env: {} };
}

function isScript(file: string): boolean {
  return /\.(?:[cm]?[jt]s|tsx|jsx)$/.test(file) || !posix.basename(file).includes(".");
}

function reason(seen: ServerLook | undefined): string {
  if (!seen) return "is made by the build script";
  if (seen.verdict.startsWith("exports-")) return `only exports ${exported(seen)}; nothing calls listen()`;
  if (seen.verdict === "unknown") return "does not listen itself; its packages may";
  return "does not listen";
}
