/** When a program's own files do not listen: could one of the packages that it uses? */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isKnownNonServer, SERVER_PACKAGES } from "./server-packages.ts";

const PACKAGE_LIMIT = 400;
const BYTES_PER_PACKAGE = 3_000_000;
/** What a program does that starts another one, which may serve; or it is none of JavaScript's. */
const STARTS = /^\x7fELF|["'](?:node:)?(?:child_process|cluster|cross-spawn|execa)["']/;
const SERVES = /\.listen\s*\(|\bcreate(?:Secure)?Server\s*\(|\b(?:Bun|Deno)\.serve\s*\(/;
const EITHER = new RegExp(`${SERVES.source}|${STARTS.source}`);

/**
 * Looks at the installed packages and what they depend on. Errs towards true: only where no file of them calls anything
 * that listens is the answer false.
 * @param packages with the directory that imports each, relative to `appDir`
 * @param program is started, and one of them has it: it may start another one
 */
export function packagesMayServe(
  appDir: string,
  packages: readonly { name: string; from: string }[],
  program?: string,
): boolean {
  if (program !== undefined && !packages.some(({ name, from }) => hasProgram(name, join(appDir, from), program)))
    return true;
  const queue = packages
    .filter(({ name }) => !isKnownNonServer(name))
    .map(({ name, from }) => ({ name, from: join(appDir, from), pattern: program === undefined ? SERVES : EITHER }));
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (SERVER_PACKAGES.has(next.name) || seen.size > PACKAGE_LIMIT) return true;
    const folder = packageFolder(next.name, next.from);
    // One that is not installed cannot be judged.
    if (folder === undefined) return true;
    if (seen.has(folder)) continue;
    seen.add(folder);
    if (someFile(folder, next.pattern, { left: BYTES_PER_PACKAGE })) return true;
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    for (const name of Object.keys(manifest.dependencies ?? {}))
      if (!isKnownNonServer(name)) queue.push({ name, from: folder, pattern: SERVES });
  }
  return false;
}

function packageFolder(name: string, from: string): string | undefined {
  for (let directory = from; ; directory = dirname(directory)) {
    const folder = join(directory, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
    if (directory === dirname(directory)) return undefined;
  }
}

function hasProgram(name: string, from: string, program: string): boolean {
  const folder = packageFolder(name, from);
  if (folder === undefined) return false;
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { bin?: string | object };
  return typeof bin === "string" ? basename(name) === program : Object.hasOwn(bin ?? {}, program);
}

/** True as well where there is more to read than the budget, in bytes. */
function someFile(folder: string, pattern: RegExp, budget: { left: number }): boolean {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === "test" || entry.name === "tests") continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (someFile(path, pattern, budget)) return true;
    } else if (
      /\.(?:[cm]?js|[cm]?ts|tsx)$|^[\w-]+$/.test(entry.name) &&
      !/\.(?:d|spec|test)\.[cm]?[jt]sx?$/.test(entry.name)
    ) {
      budget.left -= statSync(path).size;
      if (budget.left < 0) return true;
      if (pattern.test(readFileSync(path, "utf8"))) return true;
    }
  }
  return false;
}
