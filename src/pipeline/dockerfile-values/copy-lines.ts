/** COPY lines for files that are wanted where they lie. */
import { posix } from "node:path";
import { copyLine } from "../../dockerfile/quote.ts";

/** Files of one directory in one COPY. */
export function copyLines(files: readonly string[]): string {
  const folders = new Map<string, string[]>();
  for (const file of files) folders.set(posix.dirname(file), [...(folders.get(posix.dirname(file)) ?? []), file]);
  return [...folders].map(([folder, paths]) => copyLine(paths, folder === "." ? "./" : `./${folder}/`)).join("\n");
}
