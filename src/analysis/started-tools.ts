/** Scripts in a folder of tools that are the program: what its images and start scripts run, where nothing else listens. */
import { languageOf, leftOut } from "./project.ts";

/** Where a start is written down: the files of images, of supervisors and of shells. */
const STARTS = /(^|\/)([^/]*(?:Dockerfile|Containerfile)[^/]*|Procfile|[^/]+\.(?:ba)?sh)$/i;
const RUNS = /(?:\bpython[\d.]*|\buv run|\bpoetry run)\s+(?:-[a-zA-Z]\w*\s+)*["']?(?:\.\/)?([\w./-]+\.py)\b/g;

/** Files that are left out as tools, and that a start of the program's names by their path. */
export function startedTools(texts: ReadonlyMap<string, string>): string[] {
  const found = new Set<string>();
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
