/** `Staticfile`: where a site of plain files lies and whether its index answers every path (Cloud Foundry's keys, and Railpack's). */
import { posix } from "node:path";
import type { Source } from "./open.ts";

export interface Staticfile {
  /** Directory of the site, relative to the app; undefined: not said. */
  root: string | undefined;
  /** The index answers paths that are no files; undefined: not said. */
  spa: boolean | undefined;
}

/** undefined where there is none. An empty one says that the directory is a site. */
export function readStaticfile(source: Source): Staticfile | undefined {
  const text = source.isFile("Staticfile") ? source.read("Staticfile") : undefined;
  if (text === undefined) return undefined;
  const value = (key: string) =>
    new RegExp(`^${key}\\s*:\\s*["']?([^"'#\\n]*?)["']?\\s*(?:#.*)?$`, "m").exec(text)?.[1];
  const root = value("root");
  const clean = root ? posix.normalize(root).replace(/\/$/, "") : undefined;
  const fallback = value("index_fallback") ?? value("pushstate");
  return {
    root: clean === undefined || clean.startsWith("..") || posix.isAbsolute(clean) ? undefined : clean,
    spa: fallback === undefined || fallback === "" ? undefined : /^(?:true|enabled|yes|on)$/i.test(fallback),
  };
}

/** Files of a site's own directory that are no part of the site: they say how it is built. */
export const BESIDE_THE_SITE: readonly string[] = [
  ".dockerignore",
  ".knbuildignore",
  "knbuild.yaml",
  "knbuild.yml",
  "knbuild.json",
  "knbuild.lock",
  "Dockerfile",
  "package.json",
  "package-lock.json",
  "node_modules",
  "Procfile",
  "Staticfile",
];
