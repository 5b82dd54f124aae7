/** Where a build has put the site it makes. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";

/**
 * The first of the directories that holds an index.html; where none does, the first with one right below it.
 * @param places relative to `appDir`, the likeliest first
 * @returns relative to `appDir`; undefined where none of them does
 */
export function siteDirectory(appDir: string, places: readonly string[]): string | undefined {
  const direct = places.find((place) => hasPage(join(appDir, place)));
  if (direct !== undefined) return direct;
  for (const place of places) {
    const below = siteBelow(appDir, place);
    if (below !== undefined) return below;
  }
  return undefined;
}

/**
 * `build/default`, with a build's notes beside it at most. Several folders with a page (`en`, `fr`), or one beside folders that
 * its page may take something from (`css`), are parts of one site. Of the app's own directory the folders are sources and packages.
 */
function siteBelow(appDir: string, place: string): string | undefined {
  const folder = join(appDir, place);
  if (place === "." || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const entries = readdirSync(folder, { withFileTypes: true });
  const pages = entries.filter((entry) => entry.isDirectory() && hasPage(join(folder, entry.name)));
  const [page] = pages;
  if (page === undefined) return undefined;
  const alone = entries.every((entry) => entry === page || (entry.isFile() && isNote(entry.name)));
  return alone ? posix.join(place, page.name) : place;
}

const hasPage = (folder: string) => existsSync(join(folder, "index.html"));

/** What builds leave beside a site: manifests, statistics, licenses, and files of the system. */
const isNote = (name: string) => /^\.|\.(?:json|txt|md|log|map|tsbuildinfo)$|^[A-Z]+$/.test(name);
