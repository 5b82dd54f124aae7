/** What the packages of a bundle bring along: a TLS server, a listener of their own. Told by package, never an error. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import type { Emit } from "../base/events.ts";
import { knbuildVersion } from "../base/version.ts";
import type { PackagesInside } from "../engines/types.ts";
import type { Source } from "../source/open.ts";
import type { Store } from "../store/store.ts";

/** One thing that a package does, with where it stands. Plain data: kept by the package's version. */
interface Brought {
  kind: "tls" | "listener";
  what: string;
  /** `lib/server.js:12`, relative to the package. */
  where: string;
  /** The function that has to be called for it; absent when loading the package is enough. */
  within?: string;
}

type Inside = PackagesInside["packages"][number];

/** Packages without these words bring nothing. */
const WORDS = /\bcreateSecureServer\b|\bcreateServer\b|\blisten\s*\(|\bSSLApp\b|\bServerCredentials\b/;
/** The wrappers of servers: that they can speak TLS is what they are for, and the app's own call is judged by KS010. */
const FRAMEWORKS =
  /^(fastify|@hapi\/hapi|restify|spdy|express|koa|connect|@nestjs\/.*|@hono\/node-server|undici|agent-base|https-proxy-agent|http-proxy-agent)$/;

export interface BundleLintContext {
  source: Source;
  store: Store;
  emit: Emit;
}

/** Reads the packages of the bundle once per set of versions. What cannot be read brings nothing. */
export async function lintBundle(inside: PackagesInside, context: BundleLintContext): Promise<void> {
  const bundled = inside.packages.filter(
    ({ how, files, name }) => how === "bundled" && files.length > 0 && !FRAMEWORKS.test(name),
  );
  if (bundled.length === 0) return;
  const key = sha256(
    canonicalJson([knbuildVersion(), bundled.map(({ name, version, files }) => [name, version, files])]),
  ).slice(7);
  let found = context.store.readRecord("brought", key) as [number, Brought][] | undefined;
  if (!found) {
    found = [];
    for (const [i, { dir, files }] of bundled.entries())
      for (const brought of await read(join(inside.modulesRoot, dir), files)) found.push([i, brought]);
    context.store.writeRecord("brought", key, found);
  }
  for (const [i, brought] of found) tell(bundled[i] as Inside, brought, context);
}

async function read(dir: string, files: readonly string[]): Promise<Brought[]> {
  const scripts = files.filter((file) => /\.[cm]?js$/.test(file) && WORDS.test(textOf(join(dir, file))));
  if (scripts.length === 0) return [];
  const [{ analyzeProject }, { loadProject }] = await Promise.all([
    import("../analysis/analyze.ts"),
    import("../analysis/project.ts"),
  ]);
  const loaded = await loadProject({ root: dir, files: () => scripts, read: (path) => readFile(join(dir, path)) });
  const facts = await analyzeProject(loaded, { reachable: new Set(scripts) });
  const where = (place: Parameters<typeof facts.locate>[0]): string =>
    `${place.file}:${facts.locate(place).region?.startLine ?? 1}`;
  return [
    ...facts.tlsServers
      .filter((t) => !t.config && !t.redirect)
      .map(
        (t): Brought => ({
          kind: "tls",
          what: t.what,
          where: where(t.place),
          ...(t.within !== undefined && { within: t.within }),
        }),
      ),
    // Whoever calls a library's `listen` is judged where it calls; a listener that comes by loading is not.
    ...facts.listeners
      .filter((l) => !l.inFunction)
      .map((l): Brought => ({ kind: "listener", what: l.framework, where: where(l.place) })),
  ];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function tell(
  { name, version }: Inside,
  { kind, what, where, within }: Brought,
  { source, emit }: BundleLintContext,
): void {
  const called = within === undefined || (within !== "" && calls(source, name, within));
  const message =
    kind === "tls"
      ? `${name}@${version} makes a TLS server (${what})${within ? `, in ${within}` : ""}${called ? "" : ": fine as long as the app does not call it"}`
      : `${name}@${version} listens when it is loaded (${what})`;
  const place = `node_modules/${name}/${where}`;
  if (called) emit({ type: "warning", code: kind === "tls" ? "KS010" : "KS001", message, where: place });
  else emit({ type: "info", message: `${message} (${place})` });
}

/** Does a file of the app import the package and call this name? */
function calls(source: Source, name: string, fn: string): boolean {
  const imports = new RegExp(`["']${name.replace(/[^\w]/g, "\\$&")}["']`);
  const call = new RegExp(`\\b${fn.replace(/[^\w]/g, "\\$&")}\\s*\\(`);
  return source
    .list()
    .filter(({ type, path }) => type === "file" && /\.[cm]?[jt]sx?$/.test(path))
    .some(({ path }) => {
      const text = source.read(path) ?? "";
      return imports.test(text) && call.test(text);
    });
}
