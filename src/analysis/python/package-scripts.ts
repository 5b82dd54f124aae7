/** The commands that a package of Python installs: `[project.scripts] shop = "shop.cli:main"`. */
import { findModule } from "./modules.ts";

/** One of them a line, in a table of TOML or a list of setuptools. */
const ENTRY = /(?:^|["'\n,[])[ \t]*["']?([\w.-]+)["']?[ \t]*=[ \t]*["']?([A-Za-z_][\w.]*):[\w.]+/g;
const TABLE = /^\[(?:project|tool\.poetry)\.scripts\][^\n]*\n((?:(?!\[)[^\n]*(?:\n|$))*)/gm;
const SETUPTOOLS = /console_scripts["']?\s*[:=]\s*(?:\[([^\]]*)\]|((?:[ \t]*\n?[ \t]+[^\n]*=[^\n]*)+))/g;

/** By the name of the command the file that its function stands in. */
export function packageScripts(texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const has = (path: string): boolean => texts.has(path);
  for (const [path, text] of texts) {
    const manifest = /^(?:[^/]+\/)?(pyproject\.toml|setup\.py|setup\.cfg)$/.exec(path)?.[1];
    if (!manifest) continue;
    const lists = [...text.matchAll(manifest === "pyproject.toml" ? TABLE : SETUPTOOLS)];
    for (const m of lists)
      for (const [, name, module] of (m[1] ?? m[2] ?? "").matchAll(ENTRY)) {
        const file = findModule(module as string, path, has);
        if (file) found.set(name as string, file);
      }
  }
  return found;
}
