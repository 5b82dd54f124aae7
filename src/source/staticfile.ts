/** Where a site of plain files lies, and its `Staticfile`: that it says so, and whether its index answers every path (Cloud Foundry's keys, and Railpack's). */
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

/** Where sites without a build lie, in order. */
const PLACES = [".", "public", "site", "www", "html", "htdocs", "dist", "docs"];

/** The directory of a site that is there as it is served: the one that a Staticfile names, else the first usual one with a page. */
export function findSite(source: Source): string | undefined {
  const root = readStaticfile(source)?.root;
  return [...(root === undefined ? [] : [root]), ...PLACES].find((place) =>
    source.isFile(place === "." ? "index.html" : `${place}/index.html`),
  );
}

/**
 * Files of a site's own directory that are no part of the site: they say how it is built, or are settings of tools. Sources
 * (`src`) are part of it: a page may load them as they lie.
 */
export const BESIDE_THE_SITE: readonly string[] = [
  ".*",
  "!.well-known",
  "knbuild.yaml",
  "knbuild.yml",
  "knbuild.json",
  "knbuild.lock",
  "Dockerfile",
  "node_modules",
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "bun.lock",
  "bun.lockb",
  "{ts,js}config*.json",
  "{babel,commitlint,cypress,esbuild,eslint,jest,karma,playwright,postcss,prettier,rollup,rspack,stylelint,svelte,tailwind,vite,vitest,webpack}*.config.{js,cjs,mjs,ts,mts}",
  "{gulp,Gulp,Grunt,grunt}file*",
  "Makefile",
  "Procfile",
  "Staticfile",
];
