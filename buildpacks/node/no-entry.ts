/** What is said where no file of the app starts a server. */
import { posix } from "node:path";
import { KnbuildError, lookForServer, notAServer, type ServerLook, type Source } from "../../src/sdk.ts";
import { type App, isDevelopment } from "./app.ts";
import type { Entry, EntrySearch } from "./entry.ts";
import { configFile } from "./framework.ts";
import { exported, exportsOnly, listed, programKind } from "./program-kind.ts";
import { findMember, localPackages, workspaceGlobs, workspaceMembers } from "./workspaces.ts";

/** @throws always: ENTRYPOINT_NOT_FOUND or NOT_A_SERVER, with what was looked at */
export function explainMissing(app: App, search: EntrySearch): never {
  const { rejected, missing } = search;
  const { source, start } = app;
  if (start?.workspace !== undefined && rejected.length === 0)
    findMember(workspaceMembers(source, workspaceGlobs(source) ?? []), start.workspace, [], start.from);
  if (missing && !isUnmeant(app, missing)) throw missingEntry(app, missing.file, missing.from);
  assertPage(app);
  const foreign = rejected.find(({ look }) => look?.runtime !== undefined);
  if (foreign?.look?.runtime) throw foreignRuntime(foreign.file, foreign.look.runtime);
  const deeper = listenersBelow(app);
  const inner = packagesBelow(app);
  const outside = deeper.some((file) => !inner.some((name) => file.startsWith(`${name}/`)));
  if (rejected.length === 0 && !outside && inner.length > 0) throw appsBelow(app, inner);
  const members = rejected.length === 0 && deeper.length === 0 ? applicationsBelow(app) : [];
  if (members.length > 0) throw noAppAmong(app, members);
  if (rejected.length === 0) {
    const looked =
      "Looked at: the Procfile, package.json (start script, main, exports, module, bin), server.*, app.*, index.*, main.*, src/*.";
    if (deeper.length === 0) assertProgram(app, missing);
    if (missing) throw missingEntry(app, missing.file, missing.from);
    const own = deeper.map((file) => packageOf(app, file)).find((folder) => folder !== undefined);
    throw new KnbuildError({
      code: "ENTRYPOINT_NOT_FOUND",
      message:
        deeper.length > 0
          ? `nothing says which file starts the server; ${deeper.length === 1 ? `${deeper[0]} listens` : "several listen"}`
          : "no file was found that starts a server",
      where: app.source.root,
      detail: deeper.length > 0 ? `${looked}\nThese listen:\n${deeper.map((file) => `  ${file}`).join("\n")}` : looked,
      hint:
        own === undefined
          ? "Name it: a start script or `main` in package.json, or `entrypoint` in knbuild.yaml."
          : `${own} is a package of its own: build that directory, knbuild ${own}. Or name a file: \`entrypoint\` in knbuild.yaml.`,
    });
  }
  const developed = developmentServer(app);
  const own = inner.find((name) => deeper.some((file) => file.startsWith(`${name}/`)));
  // Of several that only lie there none speaks for the others.
  const told = rejected.find(({ stray }) => !stray) ?? (rejected.length === 1 ? rejected[0] : undefined);
  throw notAServer({
    why:
      developed ??
      programKind(app, told?.look) ??
      (deeper.length > 0 ? "nothing beside its package.json listens for requests" : undefined),
    where: app.source.root,
    looked: [
      ...(missing ? [notThere(missing)] : []),
      ...(start?.kind === "tool" ? [started(start)] : []),
      ...rejected.slice(0, LOOKS_TOLD).map(({ file, why }) => `${file} ${why}`),
      ...(rejected.length > LOOKS_TOLD ? [`and ${rejected.length - LOOKS_TOLD} more beside it`] : []),
      ...deeper.map((file) => notStarted(file, inner)),
    ],
    ...(developed && {
      hint: 'Add a "build" script to package.json that writes the pages and scripts into a folder: knbuild serves that.',
    }),
    ...(rejected.some(({ look }) => isFunction(app, look, rejected.length === 1)) && { hint: FUNCTION_HINT }),
    ...(own !== undefined && {
      hint: `Build the package that serves: knbuild ${own}. Or name the file: \`entrypoint\` in knbuild.yaml.`,
    }),
  });
}

/** Of a bundler, which makes in memory what it serves: without a build there is nothing to put into an image. */
function developmentServer({ start, build }: App): string | undefined {
  if (start?.kind !== "tool" || build) return undefined;
  const words = [start.target, ...start.args];
  const serves = words.find((word) => /^(?:--)?serve(?:dir)?(?:=|$)/.test(word))?.split("=")[0];
  if (!isDevelopment(start) && !(start.target === "esbuild" && serves)) return undefined;
  return `${start.from} starts a server for development (${[start.target, ...(serves ? [serves] : [])].join(" ")}), and no script builds what it serves`;
}

/** A `main` that npm init writes unasked, or that a command line tool lacks: no wrong name, where nothing else listens either. */
function isUnmeant(app: App, { file, from }: NonNullable<EntrySearch["missing"]>): boolean {
  if (!/^package\.json (?:main|exports|module)$/.test(from) || listenersBelow(app).length > 0) return false;
  return file === "index.js" || Object.keys(app.manifest?.bin ?? {}).length > 0;
}

const notThere = ({ file, from }: NonNullable<EntrySearch["missing"]>) => `${from}: ${file}, which does not exist`;

const started = ({ from, target, args }: NonNullable<App["start"]>) => `${from}: ${[target, ...args].join(" ")}`;

/** Tests, settings, scripts of a developer's: a package.json that starts nothing, above files none of which listens. @throws NOT_A_SERVER */
function assertProgram(app: App, missing: EntrySearch["missing"]): void {
  const { manifest, source, start } = app;
  const below = scriptsBelow(app);
  const scripts = Object.keys(manifest?.scripts ?? {});
  const program = start?.kind === "tool" && !start.target.includes("/") ? start : undefined;
  const starts =
    program === undefined && (start !== undefined || scripts.includes("start") || source.isFile("Procfile"));
  if (starts || below.length === FILES_READ || below.length + scripts.length === 0) return;
  const own = packageFolders(source);
  const [first] = own;
  throw notAServer({
    why: `${program ? `${program.from} starts ${program.target}` : "package.json starts nothing"}, and no file listens for requests`,
    where: source.root,
    looked: [
      program
        ? started(program)
        : `package.json: no start script, ${missing ? notThere(missing) : "no main"}${scripts.length > 0 ? `; its scripts: ${scripts.slice(0, 8).join(", ")}` : ""}`,
      "server.*, app.*, index.*, main.*, src/*: not there",
      ...(below.length > 0 ? [`${below.length} other file(s), ${below[0]} the first: nothing in them listens`] : []),
      ...(own.length > 0 ? [`packages of their own: ${listed(own)}`] : []),
    ],
    ...(first !== undefined && {
      hint: `Build one of the packages below, a server or a function that a framework serves: knbuild ${first}.`,
    }),
  });
}

/** What is tried out, tested or shown, or runs in a browser: no program of the app's. */
const ASIDE =
  /(?:^|\/)(?:node_modules|tests?|__tests__|specs?|e2e|examples?|demos?|docs|scripts|bench(?:marks?)?|fixtures|public|static|client|dist|build)\/|\.(?:config|test|spec|d)\.[cm]?[jt]s$/;
const LISTENERS_NAMED = 8;
const LOOKS_TOLD = 8;
const MEMBERS_NAMED = 12;
const FILES_READ = 100;

/** @param inner directories that have a package.json with a start script of their own */
function notStarted(file: string, inner: readonly string[]): string {
  const own = inner.find((name) => file.startsWith(`${name}/`));
  return own === undefined
    ? `${file} listens, but nothing starts it`
    : `${file} listens: ${own} is a package of its own`;
}

/** Files in deeper folders that listen, for a person to choose from: a library may listen too, so none is taken unasked. */
export function listenersBelow(app: App): string[] {
  return scriptsBelow(app)
    .filter((file) => lookForServer(app.source, file, localPackages(app))?.verdict === "serves")
    .slice(0, LISTENERS_NAMED);
}

/** The directory below the app's own whose package.json a file belongs to. */
function packageOf({ source }: App, file: string): string | undefined {
  let folder = posix.dirname(file);
  while (folder !== "." && !source.isFile(`${folder}/package.json`)) folder = posix.dirname(folder);
  return folder === "." ? undefined : folder;
}

function scriptsBelow({ source }: App): string[] {
  const scripts = source.list().flatMap(({ path }) => (path.includes("/") && !ASIDE.test(path) ? [path] : []));
  return scripts.filter((path) => /\.[cm]?[jt]s$|^bin\/[\w-]+$/.test(path)).slice(0, FILES_READ);
}

/**
 * Packages that other files of the app import than those that its entry reaches: where the build compiles these and the entry asks
 * for none of them, a package loads them by their names (Midway's bootstrap).
 */
export function packagesLoadedByName(app: App, look: ServerLook): { name: string; from: string }[] {
  if (app.build === undefined || look.unbuilt !== undefined) return [];
  const reached = new Set(look.files);
  return scriptsBelow(app)
    .filter((file) => !reached.has(file))
    .flatMap((file) => Object.entries(lookForServer(app.source, file, localPackages(app))?.importedFrom ?? {}))
    .filter(([name]) => app.manifest?.dependencies[name] !== undefined)
    .map(([name, from]) => ({ name, from }));
}

/** Directories with a package.json of their own that starts something, where no workspace names them. */
function packagesBelow({ source }: App): string[] {
  return packageFolders(source).filter((name) => {
    const { scripts } = (source.readJson(`${name}/package.json`) ?? {}) as { scripts?: Record<string, unknown> };
    return ["start", "dev", "serve"].some((script) => typeof scripts?.[script] === "string");
  });
}

/** The directories beside a package.json that have one of their own. */
function packageFolders(source: Source): string[] {
  return source.names().filter((name) => /^[\w-]+$/.test(name) && source.isFile(`${name}/package.json`));
}

/** Directories of a workspace's members; of Nx's projects those that its own file calls no library. */
function applicationsBelow({ source, candidates }: App): string[] {
  const all = [...new Set(candidates?.().map(({ member, nx }) => nx?.path ?? member))];
  const programs = all.filter((path) => {
    const project = source.readJson(`${path}/project.json`, { comments: true }) as
      | { projectType?: unknown }
      | undefined;
    return project?.projectType === "application" && !/(?:^|[-/])e2e$/.test(path);
  });
  return programs.length > 0 ? programs : all;
}

/** A site of Vite's begins at a page. @throws ENTRYPOINT_NOT_FOUND where that is missing, and the configuration names no other start */
function assertPage(app: App): void {
  const { build, source } = app;
  const isVite = build !== undefined && /(?<![\w-])vite\s+build(?![\w:-])(?!.*\s--(?:ssr|config)\b)/.test(build.line);
  if (
    !isVite ||
    source.isFile("index.html") ||
    /\b(?:lib|input|root|plugins|ssr)\b/.test(configFile(app, "vite.config")?.text ?? "")
  )
    return;
  throw new KnbuildError({
    code: "ENTRYPOINT_NOT_FOUND",
    message: "vite build makes a site from index.html, which does not exist",
    where: "package.json",
    detail: `package.json scripts.${build.name}: ${build.line}`,
    hint: "Write index.html beside package.json, or say in vite.config where the pages are (`root`) or what is built (`build.rollupOptions.input`).",
  });
}

function noAppAmong(app: App, members: readonly string[]): KnbuildError {
  const shown = members.slice(0, MEMBERS_NAMED);
  const more = members.length - shown.length;
  return new KnbuildError({
    code: "ENTRYPOINT_NOT_FOUND",
    message: "no member of this workspace is seen to start a server or to be a site, and nothing says which is the app",
    where: app.source.root,
    detail: `Its members:\n${shown.map((path) => `  ${path}`).join("\n")}${more > 0 ? `\n  and ${more} more` : ""}`,
    hint: `Build the app's own directory (knbuild ${shown[0]}), or name it: \`workspace\` in knbuild.yaml. Its package.json says how it is built and started: \`build\` and \`start\` scripts.`,
  });
}

function appsBelow(app: App, inner: readonly string[]): KnbuildError {
  return new KnbuildError({
    code: "NOTHING_DETECTED",
    message: `package.json starts nothing; below it ${inner.length === 1 ? "is a package" : "are packages"} with a start script`,
    where: app.source.root,
    detail: inner.map((name) => `${name}/package.json`).join("\n"),
    hint: "Build one of these directories, or make them `workspaces` in package.json and name one: `workspace` in knbuild.yaml.",
  });
}

/** A server, but written for another runtime. @param what it uses of it; absent: its own server */
export function foreignRuntime(file: string, runtime: "bun" | "deno", what?: string): KnbuildError {
  const name = runtime === "bun" ? "Bun" : "Deno";
  return new KnbuildError({
    code: "RUNTIME_UNSUPPORTED",
    message:
      what === undefined
        ? `${file} is a web server for ${name} (it calls ${name}.serve), not for Node`
        : `${file} is for ${name} (it uses ${what}), not for Node`,
    where: file,
    hint: "Serve with node:http or a framework that runs on Node, or write a Dockerfile with that runtime.",
  });
}

/** The same of an entry whose packages are all known, or are told to open no port. */
export function nothingListens(app: App, file: string, evidence: string, look: ServerLook): KnbuildError {
  const { files, packages, portless, launches } = look;
  return notAServer({
    why:
      programKind(app, look) ?? (launches && `${launches.file} starts ${launches.command}, and listens nowhere itself`),
    where: app.source.root,
    looked: [
      `${file} (${evidence}): nothing that listens for requests in the ${files.length} file(s) it reaches`,
      ...(packages.length > 0 ? [`its packages: ${packages.join(", ")}`] : []),
      ...(portless.length > 0 ? [`told to serve nothing over HTTP: ${portless.join(", ")}`] : []),
    ],
    ...(launches && {
      hint: `Where that is the server, let the start script call it directly: "start": "${launches.command.replace(/^(?:npx|pnpm exec|yarn)\s+|^(?:\.\/)?node_modules\/\.bin\//, "")}". The image has no shell and no package manager.`,
    }),
  });
}

/** The same of one that exports what would answer requests, which nothing serves. */
export function onlyExported(app: App, { file, evidence, look }: Entry): KnbuildError {
  const what = look ? exported(look) : "a function";
  const inner = packagesBelow(app);
  return notAServer({
    why: programKind(app, look),
    where: app.source.root,
    looked: [
      `${file} (${evidence}) exports ${what}, and nothing calls listen()`,
      ...listenersBelow(app).map((file) => notStarted(file, inner)),
    ],
    ...(isFunction(app, look) && { hint: FUNCTION_HINT }),
  });
}

const FUNCTION_HINT =
  "With @google-cloud/functions-framework in its dependencies a function is served. Or listen on the port in PORT; if another file does, name it: `entrypoint` in knbuild.yaml.";

/** One that answers requests, or by its name only one for events, which a library that is published has too. */
function isFunction(app: App, look: ServerLook | undefined, alone = true): boolean {
  if (look?.verdict === "exports-handler" && !look.framework) return true;
  const isPublished = app.manifest?.name !== undefined && !app.manifest.isPrivate;
  return look !== undefined && alone && !isPublished && exportsOnly(app, look);
}

/** Something names a file that is not there. */
export function missingEntry(app: App, file: string, from: string): KnbuildError {
  const there = app.source.names().filter((name) => /\.[cm]?[jt]s$/.test(name));
  const built = /^(?:dist|build|out|lib)\//.test(file);
  const verdicts = new Set(there.map((name) => lookForServer(app.source, name, localPackages(app)).verdict));
  const none = [...verdicts].every((verdict) => verdict === "nothing" || verdict === "unknown");
  const idle = `None of them listens ${verdicts.has("unknown") ? "itself; their packages may" : "for requests"}.`;
  return new KnbuildError({
    code: "ENTRYPOINT_NOT_FOUND",
    message: `${from} names ${file}, which does not exist`,
    where: from.startsWith("package.json") ? "package.json" : app.source.root,
    detail: there.length > 0 ? [`Files there: ${there.join(", ")}`, ...(none ? [idle] : [])].join("\n") : undefined,
    hint: built
      ? "Add a `build` script to package.json that makes it, or name the source file: `entrypoint` in knbuild.yaml."
      : "Correct the name, or name the file that starts the server: `entrypoint` in knbuild.yaml.",
  });
}
