/**
 * Scripts in a folder of tools that are the program: what its images and start scripts run, its package holds or its own files
 * load, where nothing else listens.
 */
import { languageOf, leftOut } from "../project.ts";
import { loadedBy } from "../python/modules.ts";

/** Where a start is written down: the files of images, of supervisors and of shells. */
const STARTS = /(^|\/)([^/]*(?:Dockerfile|Containerfile)[^/]*|Procfile|[^/]+\.(?:ba)?sh)$/i;
const RUNS = /(?:\bpython[\d.]*|\buv run|\bpoetry run)\s+(?:-[a-zA-Z]\w*\s+)*["']?(?:\.\/)?([\w./-]+\.py)\b/g;

/** Files that are left out as tools, and that a start of the program's names by their path. */
export function startedTools(texts: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
  // `package/tools/server/web.py`, a package within a package: what a command of the program leads to.
  for (const path of texts.keys())
    if (INNER.test(path) && leftOut(path) === "tooling" && isPackage(path, texts)) found.add(path);
  // `from scripts.display import launch_display` in the file that is started.
  const started = [...texts.keys()].filter((path) => /^[^/]+\.py$/.test(path) && leftOut(path) === undefined);
  for (const path of loadedBy(started, texts)) if (leftOut(path) === "tooling") found.add(path);
  for (const [path, text] of texts) {
    if (!STARTS.test(path) || /^(?:test|documentation|vendored)$/.test(leftOut(path) ?? "")) continue;
    // What a script is replaced by is what it is for.
    const isReplaced = /^\s*exec\s+(?!["']\$)/m.test(text);
    for (const line of text.split("\n").filter((said) => !isReplaced || /^\s*exec\s/.test(said)))
      if (!/^\s*(?:#|RUN\b(?!.*printf))/.test(line))
        for (const [, script = ""] of line.matchAll(RUNS)) {
          const at = [script, script.replace(/^.*?\/(?=\w+\/)/, "")].find(
            (p) => leftOut(p) === "tooling" && texts.has(p),
          );
          if (at && languageOf(at) === "python") found.add(at);
        }
  }
  return [...found].sort();
}

const INNER = /^[^/]+\/(?:[^/]+\/)*tools\/(?:[^/]+\/)+[^/]+\.py$/;

/** Is its folder a package of Python's, and every one above it up to the first? */
function isPackage(path: string, texts: ReadonlyMap<string, string>): boolean {
  const folders = path.split("/").slice(0, -1);
  const from = folders.indexOf("tools");
  return folders.every((_, i) => i < from - 1 || texts.has(`${folders.slice(0, i + 1).join("/")}/__init__.py`));
}
