/** The packages of a monorepo: which files belong to one of them, and which of them are programs of their own. */
import { dirname } from "node:path/posix";
import type { SourceFacts } from "../analysis/facts.ts";
import { leftOut } from "../analysis/project.ts";
import type { PackageJson } from "../bundle/package-scope.ts";

/** What package.json files say, by their directories, `.` for the root's. */
export type Manifests = ReadonlyMap<string, Manifest>;

type Manifest = PackageJson & { scripts?: Record<string, unknown> };

/** @param textOf undefined where a file cannot be read: such a package, and one that is no JSON, is an empty one */
export async function readManifests(
  paths: Iterable<string>,
  textOf: (path: string) => string | undefined | Promise<string | undefined>,
): Promise<Manifests> {
  const found = new Map<string, Manifest>();
  for (const path of paths) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue;
    let manifest: Manifest = {};
    try {
      manifest = JSON.parse((await textOf(path)) ?? "{}") ?? {};
    } catch {}
    found.set(dirname(path), manifest);
  }
  return found;
}

/**
 * Of a monorepo's files those that may be in the image of one member: its own, those of the packages that it or the root
 * names as dependencies, theirs, and what is in no package but the root's. A server of another member says nothing of
 * this one.
 *
 * @param member directory relative to the root
 */
export function pathsOfMember(paths: readonly string[], packages: Manifests, member: string): string[] {
  const inside = new Set([".", member]);
  for (const dir of inside)
    for (const name of dependenciesOf(packages.get(dir)))
      for (const [other, { name: its }] of packages) if (its === name) inside.add(other);
  // A folder below a member with a package.json of its own (`src/esm`) is the member's.
  const isInside = (dir: string): boolean => [...inside].some((one) => dir === one || dir.startsWith(`${one}/`));
  return paths.filter((path) => isInside(packageOf(path, packages)));
}

/**
 * Packages below the root that are started by themselves, have a server of their own and are no part of another one: each of
 * them may be an image.
 */
export function programsApart(facts: SourceFacts, packages: Manifests): string[] {
  const used = new Set([...packages.values()].flatMap(dependenciesOf));
  const serving = new Set(facts.listeners.map(({ place }) => packageOf(place.file, packages)));
  return [...serving].filter((dir) => {
    const manifest = packages.get(dir);
    if (dir === "." || !manifest || leftOut(`${dir}/x.js`)) return false;
    const { name, scripts } = manifest;
    const starts =
      typeof (scripts?.["start:prod"] ?? scripts?.["start"]) === "string" ||
      facts.text(`${dir}/Dockerfile`) !== undefined;
    return starts && !(name !== undefined && used.has(name));
  });
}

/** What a neighbour says of listening, in code, scripts or settings. */
const SERVER_WORDS = /\bPORT\b|\b0\.0\.0\.0\b|\[::\]|\bSIG(?:TERM|INT)\b|--host\b|\.listen\(|createServer/;

/** Where the rest of the repository has no server and no word of one, the member alone is judged no other than the whole. */
export function isSilentBeside(
  own: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
  facts: SourceFacts,
): boolean {
  const all = [facts.listeners, facts.tlsServers, facts.signalHandlers, facts.others].flat();
  if (all.some(({ place }) => !own.has(place.file))) return false;
  for (const [path, text] of texts) if (!own.has(path) && SERVER_WORDS.test(text)) return false;
  return true;
}

function packageOf(path: string, packages: Manifests): string {
  let dir = dirname(path);
  while (dir !== "." && !packages.has(dir)) dir = dirname(dir);
  return dir;
}

function dependenciesOf(manifest: Manifest = {}): string[] {
  const { dependencies, optionalDependencies, devDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies, ...peerDependencies });
}
