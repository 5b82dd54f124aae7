/**
 * Does a program listen? A cheap look at the source: the files that its entry reaches by relative imports, the packages they
 * name, and calls such as `.listen(`. It errs towards "unknown": a program that does serve must never be refused.
 */
import { posix } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { type Glance, glanceAt } from "./glance.ts";
import { createResolver, resolveFile } from "./imports.ts";
import type { Source } from "./open.ts";
import { portlessPackages } from "./portless.ts";
import { isKnownPackage, SERVER_PACKAGES } from "./server-packages.ts";
import { type Request, writtenOnly } from "./written-imports.ts";

export interface ServerLook {
  /**
   * `serves`: something listens. `exports-fetch`: the entry only exports a fetch handler (Hono, workers), `exports-app`: an app
   * (Express, Koa, Fastify) that would listen, were it told to. `exports-handler`: it exports another app or function, nothing
   * listens. `unknown`: packages are involved about which nothing is known. `nothing`: neither a server nor anything that could
   * hide one.
   */
  verdict: "serves" | "exports-fetch" | "exports-app" | "exports-handler" | "unknown" | "nothing";
  /** `server.js:12 calls listen()`. */
  evidence?: string;
  /** Id of the framework reached, `express`, `node:http`. */
  framework?: string;
  /** Files that were looked at, in the order of the walk. */
  files: string[];
  /** Packages they name. */
  packages: string[];
  /** Directory of the first file that names a package, relative to the source's root (with `..` outside of it). */
  importedFrom: Record<string, string>;
  /** Those of them that the program tells to open no port. */
  portless: string[];
  /** A file that it asks for and that lies in a folder which is not there: what a build makes. */
  unbuilt?: string;
  /** A module of its own that it asks for and that is no JavaScript: `./server` is server.coffee. */
  unread?: string;
  /** A file of it that is larger than what is read: a bundler's, of which nothing is known. */
  large?: string;
  /** The program asks for another runtime: `Bun.serve`, `Deno.serve`. */
  runtime?: "bun" | "deno";
  /** What it starts in another process, and where: that is not looked at. */
  launches?: { file: string; command: string };
  /** The program reads this variable name for its port. */
  readsPort: boolean;
  /** The call that listens has a port below 1024 and nothing asks for PORT: an image's user may not open it. */
  rootPort?: number;
}

const FILE_LIMIT = 400;
const HTTP_MODULES = new Set(["http", "https", "http2", "node:http", "node:https", "node:http2"]);
/** Characters. */
export const LOOK_LIMIT = 6_000_000;
/**
 * @param entry file relative to the source's root
 * @param local packages that lie in the tree (members of a workspace, `file:` dependencies): name → directory
 * @param args that the program is started with: of modules that it loads by names only known then, those that bear one of them
 */
export function lookForServer(
  source: Source,
  entry: string,
  local?: ReadonlyMap<string, string>,
  args: readonly string[] = [],
): ServerLook {
  const resolver = createResolver(source, local);
  const queue = [posix.normalize(entry)];
  const seen = new Set(queue);
  const packages = new Map<string, Request[]>();
  const look: ServerLook = {
    verdict: "nothing",
    files: [],
    packages: [],
    importedFrom: {},
    portless: [],
    readsPort: false,
  };
  const told: Glance["portless"][] = [];
  let bytes = 0;
  let strong: string | undefined;
  let weak: string | undefined;
  let creates = false;
  let constructs = false;
  let http = false;
  let asksForPort = false;

  for (
    let file = queue.shift();
    file !== undefined && look.files.length < FILE_LIMIT && bytes < LOOK_LIMIT;
    file = queue.shift()
  ) {
    const glance = glanceOf(source, file);
    if (glance === undefined) {
      if (source.isFile(file) && !file.endsWith(".json")) look.large ??= file;
      continue;
    }
    bytes += glance.length;
    look.files.push(file);
    for (const specifier of glance.imports) {
      if (HTTP_MODULES.has(specifier)) http = true;
      const found = resolver(specifier, file);
      if (found.file && !seen.has(found.file)) {
        seen.add(found.file);
        queue.push(found.file);
      } else if (found.packageName) {
        const requests = packages.get(found.packageName);
        if (requests) requests.push({ file, specifier });
        else packages.set(found.packageName, [{ file, specifier }]);
        look.importedFrom[found.packageName] ??= posix.dirname(file);
      } else if (!found.file && look.unbuilt === undefined && isUnbuilt(source, specifier, file)) {
        look.unbuilt = posix.join(posix.dirname(file), specifier);
      } else if (!found.file && specifier.startsWith(".") && posix.extname(specifier) === "") {
        look.unread ??= posix.join(posix.dirname(file), specifier);
      }
    }
    for (const plugin of [
      ...scriptsIn(source, glance.folders, file),
      ...besideOrAbove(source, glance.programs, file),
      ...besideOrAbove(source, namesFor(glance.beforeNames, args), file),
    ])
      if (!seen.has(plugin)) {
        seen.add(plugin);
        queue.push(plugin);
      }
    told.push(glance.portless);
    creates ||= glance.creates;
    constructs ||= glance.constructs;
    if (strong === undefined && glance.strong?.rootPort !== undefined) look.rootPort = glance.strong.rootPort;
    strong ??= callIn(glance.strong, file);
    weak ??= callIn(glance.weak, file);
    if (glance.launch) look.launches ??= { file: `${file}:${glance.launch.line}`, command: glance.launch.command };
    look.readsPort ||= glance.readsPort;
    asksForPort ||= glance.asksForPort;
    if (glance.runtime) look.runtime = glance.runtime;
  }
  if (asksForPort) delete look.rootPort;
  // Where only these make it unknown: what the code of a generator writes is no part of it.
  const known = [...packages.keys()].some((name) => SERVER_PACKAGES.has(name));
  const doubtful = new Map(known ? [] : [...packages].filter(([name]) => !isKnownPackage(name)));
  for (const name of writtenOnly(source, doubtful)) packages.delete(name);
  look.packages = [...packages.keys()];
  look.portless = look.packages.filter(portlessPackages(told));
  // A client as a rule; with a port it is a server by itself.
  const sockets = packages.has("ws") && / calls new [\w.]*Server\(\)$/.test(strong ?? "") ? "ws" : undefined;
  const opening = look.packages.filter(
    (name) => !look.portless.includes(name) && (constructs || !CLIENTS_TOO.has(name)),
  );
  const framework = opening.find((name) => SERVER_PACKAGES.has(name)) ?? sockets;
  const name = framework ? (SERVER_PACKAGES.get(framework) ?? framework) : http && creates ? "node:http" : undefined;
  if (name) look.framework = name;
  return judge(
    look,
    { strong, weak, creates: http && creates, framework },
    (glanceOf(source, posix.normalize(entry)) ?? glanceAt("")).asEntry(),
  );
}

/** Clients import them as servers do, which make a server of them. */
const CLIENTS_TOO = new Set(["@grpc/grpc-js", "grpc"]);

interface Signals {
  strong: string | undefined;
  weak: string | undefined;
  creates: boolean;
  framework: string | undefined;
}

function judge(look: ServerLook, signals: Signals, entry: ReturnType<Glance["asEntry"]>): ServerLook {
  const { weak, creates, framework } = signals;
  const known = (name: string) => isKnownPackage(name) || look.portless.includes(name);
  const unknown = look.packages.filter((name) => !known(name));
  // Nest's microservices have a listen() that connects.
  const strong = look.portless.length > 0 && !creates && !framework ? undefined : signals.strong;
  const say = (verdict: ServerLook["verdict"], evidence?: string) =>
    Object.assign(look, { verdict }, evidence ? { evidence } : {});
  if (strong && (framework || creates)) return say("serves", strong);
  // Functions are registered with it; it is its own program that listens.
  if (framework === "@google-cloud/functions-framework") return say("exports-handler");
  if (framework && framework !== "hono" && weak) return say("serves", weak);
  if ((framework === "hono" || !framework) && !strong && entry.exportsFetch) return say("exports-fetch");
  if (strong && unknown.length > 0) return say("unknown", strong);
  if (entry.exportsApp === "alone" || (entry.exportsApp && unknown.length === 0)) return say("exports-app");
  if (framework && unknown.length === 0 && entry.exportsHandler) return say("exports-handler");
  if (unknown.length > 0 || framework) return say("unknown");
  if (!strong && entry.isHandlerModule) return say("exports-handler");
  return say(look.unbuilt === undefined && look.large === undefined ? "nothing" : "unknown");
}

/** A file in a folder that is not there: a build makes both. */
function isUnbuilt(source: Source, specifier: string, file: string): boolean {
  const folder = posix.dirname(posix.join(posix.dirname(file), specifier));
  return specifier.startsWith(".") && folder !== "." && !folder.startsWith("..") && !source.exists(folder);
}

/** Beside the file, or where the program is started. */
function scriptsIn(source: Source, folders: readonly string[], file: string): string[] {
  const own = posix.dirname(file);
  const places = [...new Set(folders.flatMap((name) => (name === "." ? [own] : [posix.join(own, name), name])))].filter(
    (place) => source.isDirectory(place),
  );
  if (places.length === 0) return [];
  return source.list().flatMap(({ path }) => {
    const inside = places.some((place) => path.startsWith(`${place}/`) || (place === "." && !path.includes("/")));
    return inside && /\.[cm]?[jt]s$/.test(path) && !/\.(?:d|test|spec)\.[cm]?[jt]s$/.test(path) ? [path] : [];
  });
}

/** Files by their paths from a script: beside it, else from where the program is started. */
function besideOrAbove(source: Source, paths: readonly string[], file: string): string[] {
  return paths.flatMap(
    (path) => resolveFile(source, posix.join(posix.dirname(file), path)) ?? resolveFile(source, path) ?? [],
  );
}

function namesFor(before: readonly string[], args: readonly string[]): string[] {
  const words = args.filter((arg) => /^\w[\w-]*$/.test(arg));
  return before.flatMap((path) => words.map((word) => posix.join(path, word)));
}

function glanceOf(source: Source, file: string): Glance | undefined {
  try {
    return source.glance(file);
  } catch (error) {
    // Nothing is learnt from a file that is too large; one that cannot be read would be missing in the image too.
    if (error instanceof KnbuildError && error.code === "FILE_TOO_LARGE") return undefined;
    throw error;
  }
}

function callIn(call: Glance["strong"], file: string): string | undefined {
  return call && `${file}:${call.line} calls ${call.name}()`;
}
