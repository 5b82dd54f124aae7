/** A build that asks a package for what its newest version no longer has, where no lock file says which version was meant. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * As Node says it, of a file that is not there and of one that `exports` leaves out. TypeScript says the same of a module that
 * only has no types ("or its corresponding type declarations").
 */
const GONE = [
  /Cannot find module '((?:@[^/'\s]+\/)?[^./'\s][^/'\s]*)\/([^'\s]+)'(?! or its)/,
  /Package subpath '\.\/([^'\s]+)' is not defined by "exports" in \S*node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\/package\.json/,
] as const;

/**
 * @param output of the build
 * @param places directories whose node_modules it sees
 * @returns what to say of it; undefined where it failed for something else
 */
export function unlockedVersion(output: string, places: readonly string[]): string | undefined {
  const file = GONE[0].exec(output);
  const subpath = file ? undefined : GONE[1].exec(output);
  const [name, part] = [file?.[1] ?? subpath?.[2], file?.[2] ?? subpath?.[1]];
  if (name === undefined || part === undefined) return undefined;
  const manifest = places
    .map((place) => join(place, "node_modules", name, "package.json"))
    .find((path) => existsSync(path));
  if (manifest === undefined) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version?: string };
  return `No lock file says which versions this was written for, so the newest that package.json allows were installed: ${name} ${version} has no ${part}, which the build asks for. Add the lock file of an installation that works, or pin an older ${name} (overrides, or resolutions with yarn).`;
}
