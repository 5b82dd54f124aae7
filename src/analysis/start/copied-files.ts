/** Files that an image holds under another name than the repository: `COPY config.docker.js ./config.js`. */
import { posix } from "node:path";
import { pickDockerfile } from "./images.ts";

/** What is read for its values; a program's own files keep their names. */
const SETTINGS = /\.(?:[cm]?[jt]s|json5?|ya?ml|toml|ini|cfg|conf|env|properties|py|rb|php)$/i;

/** The files by the names that they have in the image, too, where the repository has none of that name; `copied` says whose each is. */
export function withCopied(texts: Map<string, string>): { texts: Map<string, string>; copied: Map<string, string> } {
  const copied = new Map<string, string>();
  const dockerfile = pickDockerfile(texts);
  if (dockerfile === undefined) return { texts, copied };
  let folder = "/";
  for (const line of (texts.get(dockerfile) ?? "").replace(/\\\r?\n/g, " ").split("\n")) {
    const [keyword = "", ...rest] = line.trim().split(/\s+/);
    const words = rest.filter((w) => !w.startsWith("--"));
    const [from, to] = words;
    if (/^workdir$/i.test(keyword)) folder = from?.replace(/\/+$/, "") ?? folder;
    if (!/^(?:copy|add)$/i.test(keyword) || from === undefined || to === undefined || words.length > 2) continue;
    if (rest.some((w) => w.startsWith("--from"))) continue;
    const file = posix.normalize(from).replace(/^\//, "");
    const base = posix.basename(to);
    if (!texts.has(file) || !SETTINGS.test(base) || base === posix.basename(file)) continue;
    if (posix.extname(base) !== posix.extname(file)) continue;
    const within = to.startsWith(`${folder}/`) ? to.slice(folder.length + 1) : to;
    const name = within.startsWith("/") ? posix.join(posix.dirname(file), base) : posix.normalize(within);
    if (!texts.has(name) && !name.startsWith("../")) copied.set(name, file);
  }
  if (copied.size === 0) return { texts, copied };
  const added = [...copied].map(([name, file]) => [name, texts.get(file) as string] as const);
  const all = new Map([...texts, ...added]);
  // What such a file may be made from says nothing of the one that is there.
  for (const name of copied.keys())
    for (const word of ["template", "example", "sample", "dist"]) {
      const { dir, name: stem, ext } = posix.parse(name);
      for (const own of [`${stem}.${word}${ext}`, `${stem}${ext}.${word}`, `${stem}-${word}${ext}`])
        all.delete(posix.join(dir, own));
    }
  return { texts: all, copied };
}
