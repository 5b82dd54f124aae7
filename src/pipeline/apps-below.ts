/** For a directory that holds no app itself: the directories below that do. */
import { posix } from "node:path";
import type { Buildpack } from "../sdk.ts";
import type { Source } from "../source/open.ts";

const MARKERS =
  /(?:^|\/)(?:package\.json|go\.mod|pyproject\.toml|requirements\.txt|Gemfile|composer\.json|pom\.xml|build\.gradle(?:\.kts)?|Cargo\.toml|deno\.jsonc?|mix\.exs|[^/]+\.csproj|server\.[cm]?[jt]s|index\.html|Dockerfile)$/;
const ASIDE = /(?:^|\/)(?:node_modules|vendor|tests?|__tests__|e2e|fixtures?|_?examples?|docs?|\..*)(?:\/|$)/;
const DEEPEST = 3;
const MOST_LOOKED_AT = 60;
/** What a buildpack is at least as sure of when it has found what starts. */
const SURE = 60;

export interface AppBelow {
  /** Relative to the source. */
  directory: string;
  /** `go`, `node (vite)`, `Dockerfile`. */
  what: string;
}

/** In path order; of nested ones the outermost. Where none surely starts something, those that are of a known kind. */
export function appsBelow(source: Source, buildpacks: readonly Buildpack[]): AppBelow[] {
  const marked = source.list().flatMap(({ path }) => (MARKERS.test(path) ? posix.dirname(path) : []));
  const directories = [...new Set(marked)]
    .filter((path) => path !== "." && path.split("/").length <= DEEPEST && !ASIDE.test(path))
    .sort()
    .slice(0, MOST_LOOKED_AT);
  const all = directories.flatMap((directory) => {
    const found = appAt(source.at(directory), buildpacks);
    return found === undefined ? [] : [{ directory, ...found }];
  });
  const sure = all.filter(({ score }) => score >= SURE);
  return outermost(sure.length > 0 ? sure : all);
}

function outermost(found: readonly AppBelow[]): AppBelow[] {
  return found
    .filter(({ directory }) => !found.some((outer) => directory.startsWith(`${outer.directory}/`)))
    .map(({ directory, what }) => ({ directory, what }));
}

function appAt(source: Source, buildpacks: readonly Buildpack[]): { score: number; what: string } | undefined {
  if (source.isFile("Dockerfile")) return { score: SURE, what: "Dockerfile" };
  let best: { score: number; what: string } | undefined;
  for (const { id, detect } of buildpacks) {
    try {
      const found = detect(source);
      if (!found || found.score <= (best?.score ?? 0)) continue;
      best = { score: found.score, what: found.framework ? `${id}, ${found.framework}` : id };
    } catch {
      // A broken file there: it is told when that directory is built.
    }
  }
  return best;
}
