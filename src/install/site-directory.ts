/** Where a build has put the site it makes. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * The first of the directories that holds an index.html, itself or right below (`build/default`).
 * @param places relative to `appDir`, the likeliest first
 * @returns relative to `appDir`; undefined where none of them does
 */
export function siteDirectory(appDir: string, places: readonly string[]): string | undefined {
  return places
    .flatMap((place) => [place, ...foldersOf(appDir, place)])
    .find((folder) => existsSync(join(appDir, folder, "index.html")));
}

/** Of the app's own directory none: its folders are sources and packages. */
function foldersOf(appDir: string, place: string): string[] {
  const folder = join(appDir, place);
  if (place === "." || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => posix.join(place, name))
    .sort();
}
