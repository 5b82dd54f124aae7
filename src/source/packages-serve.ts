/** When a program's own files do not listen: could one of the packages that it uses? */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isKnownNonServer, SERVER_PACKAGES } from "./server-packages.ts";

const PACKAGE_LIMIT = 400;
const BYTES_PER_PACKAGE = 12_000_000;
/** What a program does that starts another one, which may serve; or it is none of JavaScript's. */
const STARTS = /^\x7fELF|["'](?:node:)?(?:child_process|cluster|cross-spawn|execa)["']/;
const SERVES = /\.listen\s*\(|\bcreate(?:Secure)?Server\s*\(/;
/** A package that opens ports without it looks for a free one, or speaks something else. */
const HTTP = /["'`](?:node:)?https?2?["'`]/;
/** A server of web sockets opens a port by itself, unless it is told that another one does. */
const SOCKETS = /\bnew\s+[\w$.]*\bWebSocketServer\s*\(|\bnew\s+(?:WebSocket|ws)\s*\.\s*Server\s*\(/i;
const OF_ANOTHER = /\bnoServer\b/;
const OTHER_RUNTIME = /\b(?:Bun|Deno)\.serve\s*\(/;

/**
 * Looks at the installed packages and what they depend on. Errs towards true: only where no file of them calls anything
 * that listens is the answer false.
 * @param packages with the directory that imports each, relative to `appDir`
 * @param program is started, and one of them has it: it may start another one
 * @param calls the program's own files call `listen()`: on what one of them made, a server of its own kind (`class extends http.Server`)
 */
export function packagesMayServe(
  appDir: string,
  packages: readonly { name: string; from: string }[],
  program?: string,
  calls = false,
): boolean {
  if (program !== undefined && !packages.some(({ name, from }) => hasProgram(name, join(appDir, from), program)))
    return true;
  const queue = packages
    .filter(({ name }) => !isKnownNonServer(name))
    .map(({ name, from }) => ({ name, from: join(appDir, from), own: true }));
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (SERVER_PACKAGES.has(next.name) || seen.size > PACKAGE_LIMIT) return true;
    const folder = packageFolder(next.name, next.from);
    // One that is not installed cannot be judged; where it may be missing, the program does without.
    if (folder === undefined && next.own && mayBeMissing(next.name, next.from)) continue;
    if (folder === undefined) return true;
    if (seen.has(folder)) continue;
    seen.add(folder);
    if (packageServes(folder, { mayStart: next.own && program !== undefined, calls: next.own && calls })) return true;
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    for (const name of [...Object.keys(manifest.dependencies ?? {}), ...importedPeers(folder, manifest)])
      if (!isKnownNonServer(name)) queue.push({ name, from: folder, own: false });
  }
  return false;
}

interface Manifest {
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** What the app installs for a package that cannot do without and imports it: `@hapi/glue` makes a server of `@hapi/hapi`. */
function importedPeers(folder: string, { peerDependencies = {}, peerDependenciesMeta = {} }: Manifest): string[] {
  const needed = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true && packageFolder(name, folder) !== undefined,
  );
  if (needed.length === 0) return [];
  const texts = [...scripts(folder)].map((file) => readFileSync(file, "utf8"));
  return needed.filter((name) => texts.some((text) => text.includes(`"${name}"`) || text.includes(`'${name}'`)));
}

/** pnpm's folder is a link: the packages that it needs lie beside what it leads to. */
function packageFolder(name: string, from: string): string | undefined {
  const found = above(from, join("node_modules", name, "package.json"));
  return found && realpathSync(dirname(found));
}

/** The nearest file of that name in a directory or one above it. */
function above(from: string, name: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    if (existsSync(join(directory, name))) return join(directory, name);
    if (directory === dirname(directory)) return undefined;
  }
}

/** The package.json that counts where it is imported says so. */
function mayBeMissing(name: string, from: string): boolean {
  const file = above(from, "package.json");
  if (file === undefined) return false;
  const { optionalDependencies, peerDependencies } = JSON.parse(readFileSync(file, "utf8")) as Record<string, object>;
  return Object.hasOwn({ ...optionalDependencies, ...peerDependencies }, name);
}

function hasProgram(name: string, from: string, program: string): boolean {
  const folder = packageFolder(name, from);
  if (folder === undefined) return false;
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { bin?: string | object };
  return typeof bin === "string" ? basename(name) === program : Object.hasOwn(bin ?? {}, program);
}

/** Some file of it listens, and it speaks HTTP. True as well where there is more to read than the budget. */
function packageServes(folder: string, { mayStart, calls }: { mayStart: boolean; calls: boolean }): boolean {
  let left = BYTES_PER_PACKAGE;
  let listens = calls;
  let http = false;
  for (const file of scripts(folder)) {
    left -= statSync(file).size;
    if (left < 0) return true;
    const text = readFileSync(file, "utf8");
    if (SOCKETS.test(text) && !OF_ANOTHER.test(text)) return true;
    if (OTHER_RUNTIME.test(text) || (mayStart && STARTS.test(text))) return true;
    listens ||= SERVES.test(text);
    http ||= HTTP.test(text);
    if (listens && http) return true;
  }
  return false;
}

function* scripts(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^(?:node_modules|tests?)$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* scripts(path);
    else if (
      entry.isFile() &&
      /\.(?:[cm]?js|[cm]?ts|tsx)$|^[\w-]+$/.test(entry.name) &&
      !/\.(?:d|spec|test)\.[cm]?[jt]sx?$/.test(entry.name)
    )
      yield path;
  }
}
