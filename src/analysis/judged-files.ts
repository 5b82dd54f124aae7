/** Which files are judged: what the image will hold, as far as the entry and the folders tell. */
import type { AnalyzeOptions } from "./analyze.ts";
import { importedByPrograms } from "./go/imported.ts";
import { type Resolver, reachable } from "./javascript/resolve.ts";
import { isBrowserScript, languageOf, leftOut } from "./project.ts";
import { installedScripts } from "./python/installed.ts";
import { isTaskFile, isWindowFile } from "./python/not-served.ts";

export function filesToJudge(
  texts: ReadonlyMap<string, string>,
  resolver: Resolver,
  commands: string[][],
  options: AnalyzeOptions,
  skipped: { file: string; why: string }[],
): string[] {
  const code = [...texts.keys()].filter((p) => languageOf(p, texts.get(p)) !== undefined);
  if (options.reachable) return code.filter((p) => options.reachable?.has(p));
  const entries = options.entry ? [options.entry] : javascriptEntries(resolver, commands, texts);
  const reached = entries.length ? reachable(entries, texts, resolver) : undefined;
  const plain = judgeable(texts, skipped);
  const isScript = (p: string): boolean => languageOf(p, texts.get(p)) === "javascript";
  const fromEntry = reached ? code.filter((p) => isScript(p) && reached.has(p) && leftOut(p) !== "vendored") : [];
  if (
    fromEntry.some((p) => /\blisten(Async)?\b|\bserve\b|createServer|bindAsync|\bapp\.start/.test(texts.get(p) ?? ""))
  )
    return [...plain.filter((p) => !isScript(p)), ...fromEntry].sort();
  if (plain.length > 0) return plain;
  // The program itself is an example, or a benchmark: its folder says nothing then.
  const own = (p: string): string => p.replace(/(^|\/)bench(marks?)?\//gi, "$1");
  return code.filter((p) => !/^(vendored|test)$/.test(leftOut(own(p)) ?? "") && !isWindowFile(p, texts.get(p) ?? ""));
}

/** Code that is neither tests nor tools nor a browser's nor a desktop's. */
export function judgeable(texts: ReadonlyMap<string, string>, skipped: { file: string; why: string }[] = []): string[] {
  const desktops = [...texts.keys()]
    .filter((p) => p.endsWith("/package.json") && /"electron(-builder)?"\s*:/.test(texts.get(p) ?? ""))
    .map((p) => p.slice(0, -"package.json".length));
  const isInstalled = installedScripts(texts);
  const isImported = importedByPrograms(texts);
  return [...texts.keys()].filter((p) => {
    if (languageOf(p, texts.get(p)) === undefined) return false;
    const kept = leftOut(p);
    const why =
      ((kept === "tooling" && isInstalled(p)) || (kept === "test" && isImported(p)) ? undefined : kept) ??
      (isTaskFile(p, texts.get(p) ?? "")
        ? "tooling"
        : isBrowserScript(p, texts.get(p))
          ? "for the browser"
          : desktops.some((d) => p.startsWith(d)) || isWindowFile(p, texts.get(p) ?? "")
            ? "a desktop program"
            : undefined);
    if (why) skipped.push({ file: p, why });
    return !why;
  });
}

/** Files that start the program, from its commands and manifests. */
function javascriptEntries(resolver: Resolver, commands: string[][], texts: ReadonlyMap<string, string>): string[] {
  const entries = new Set<string>();
  /** Does the path lead to a script? */
  const add = (folder: string, path: string | undefined): boolean => {
    const found = path && resolver.entryOf(folder, path);
    const isScript = found && languageOf(found, texts.get(found)) === "javascript";
    if (isScript) entries.add(found);
    return Boolean(isScript);
  };
  for (const words of commands) {
    for (const w of scriptWords(words)) add("", w);
  }
  let isStarted = entries.size > 0;
  for (const [folder, manifest] of resolver.manifests) {
    if (folder && manifest.devDependencies?.["electron"] !== undefined) continue;
    if (leftOut(`${folder}/x.js`) || (folder && folder.split("/").length > 2)) continue;
    const start = manifest.scripts?.["start:prod"] ?? manifest.scripts?.["start"];
    let leads = false;
    if (typeof start === "string") for (const w of scriptWords(start.split(/\s+/))) leads = add(folder, w) || leads;
    if (/\bnest start\b/.test(start ?? "")) leads = add(folder, "src/main.ts") || leads;
    isStarted ||= leads;
    // A start that leads nowhere known: what the package calls its program; where none is started, each of the packages.
    const isFirst = entries.size === 0 || (start !== undefined && !leads);
    if (isFirst || !isStarted) {
      const bins = typeof manifest.bin === "string" ? [manifest.bin] : Object.values(manifest.bin ?? {});
      for (const bin of bins) if (typeof bin === "string") leads = add(folder, bin) || leads;
      if (isFirst && typeof manifest.main === "string") leads = add(folder, manifest.main) || leads;
      // A command that a build makes, of what is run without it: `"dev": "tsx watch scripts/start.ts"`.
      const tried = bins.length > 0 && !leads ? manifest.scripts?.["dev"] : undefined;
      if (typeof tried === "string") for (const w of scriptWords(tried.split(/\s+/))) add(folder, w);
    }
  }
  if (entries.size === 0)
    for (const name of ["server", "index", "app", "main", "src/server", "src/index", "src/main", "src/app"]) {
      const before = entries.size;
      if ([".js", ".ts", ".mjs", ".cjs", ".mts"].some((e) => texts.has(name + e))) add("", name);
      if (entries.size > before) break;
    }
  return [...entries];
}

function scriptWords(words: readonly string[]): string[] {
  const at = words.findIndex((w) =>
    /(^|\/)(node|nodejs|ts-node|ts-node-dev|tsx|bun|deno|nodemon|babel-node|tsnd|pm2-runtime|swc-node|esno|jiti|sucrase-node|micro)$/.test(
      w,
    ),
  );
  if (at < 0) return [];
  const out: string[] = [];
  for (let i = at + 1; i < words.length; i++) {
    const w = words[i] as string;
    if (
      /^(-r|--require|--import|--loader|-P|--project|--env-file|--exec|-x|-e|--watch|-w|--ext|--config|-c)$/.test(w)
    ) {
      i++;
      continue;
    }
    if (w.startsWith("-") || w === "run" || w === "start" || w === "watch" || /^[A-Z_]+=/.test(w)) continue;
    if (/[&|;<>]/.test(w)) break;
    out.push(w);
    break;
  }
  return out;
}
