/** Directories that a compiled program reads when it runs: they are shipped beside it. */
import { copyLine } from "../../dockerfile/quote.ts";
import type { Source } from "../../source/open.ts";

const NEVER =
  /^(?:\.|(?:cmd|internal|pkg|src|vendor|target|build|bin|out|docs?|tests?|testdata|examples?|node_modules|include|lib|migrations?)$)/;

/** COPY lines for directories of the root that a string of the sources names (`"templates/index.html"`, `"./static"`); not those that Go embeds. */
export function assetLines(source: Source, globs: readonly string[]): string {
  const code = source.glob(globs);
  // A directory with sources in it is a package.
  const packages = new Set(code.map((file) => file.split("/", 1)[0]));
  const folders = source.names().filter((name) => !NEVER.test(name) && !packages.has(name) && source.isDirectory(name));
  if (folders.length === 0) return "";
  const texts = code.map((file) => source.read(file) ?? "");
  const embedded = texts.flatMap((text) =>
    [...text.matchAll(/^\/\/go:embed\s+(.+)$/gm)].map(([, list]) => list as string),
  );
  return folders
    .filter((folder) => {
      const named = new RegExp(`["'\`](?:\\./)?${folder.replace(/[.+]/g, "\\$&")}(?:/|["'\`])`);
      return texts.some((text) => named.test(text)) && !embedded.some((list) => list.includes(folder));
    })
    .map((folder) => copyLine([folder], `./${folder}`))
    .join("\n");
}
