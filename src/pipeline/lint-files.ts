/** Which Dockerfiles a set of paths means. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { languageOf } from "../analysis/project.ts";
import { errnoCode, KnbuildError, usageError } from "../base/errors.ts";

const NEVER = new Set([
  ".git",
  ".hg",
  ".svn",
  "node_modules",
  ".venv",
  "__pycache__",
  "vendor",
  "target",
  "dist",
  ".terraform",
]);

/** Dockerfile, Dockerfile.dev, api.Dockerfile, Containerfile and their kin; not their ignore files. */
export function isDockerfileName(name: string): boolean {
  if (name.endsWith(".dockerignore")) return false;
  return /^(?:Dockerfile|Containerfile)(?:[.-].+)?$/i.test(name) || /\.(?:dockerfile|containerfile)$/i.test(name);
}

/** `Dockerfile.j2`, `Dockerfile.json`: made into one, or about one. Judged where they are named, not where a directory is searched. */
const NOT_ONE =
  /\.(?:j2|jinja2?|tmpl|tpl|template|erb|ejs|hbs|mustache|liquid|in|json|jsonc|ya?ml|toml|xml|html|md|rst|txt|sh|py|rb|js|ts|go|bak|orig|rej|swp|diff|patch|lock)$|~$/i;

/** Judged as source where it is named: the extension says so, unless the name is a Dockerfile's. */
export function isSourceName(path: string): boolean {
  return languageOf(path) !== undefined && !isDockerfileName(basename(path));
}

export interface FoundFiles {
  /** Absolute, sorted, without repetition. */
  files: string[];
  /** Directories that were named. */
  directories: string[];
}

/**
 * Files as named, directories searched, globs expanded.
 * @throws LINT_PATH_MISSING (exit 2)
 */
export async function findDockerfiles(
  paths: readonly string[],
  cwd: string,
  excluded: (file: string) => Promise<boolean>,
): Promise<FoundFiles> {
  const files = new Set<string>();
  const directories: string[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const stats = statSync(absolute, { throwIfNoEntry: false });
    if (stats?.isDirectory()) {
      directories.push(absolute);
      const inside: string[] = [];
      walk(absolute, (file) => inside.push(file));
      for (const file of inside) if (!(await excluded(file))) files.add(file);
    } else if (stats) files.add(absolute);
    else if (/[*?[{]/.test(path)) {
      const { glob } = await import("tinyglobby");
      const found = await glob([path], {
        cwd,
        absolute: true,
        dot: true,
        ignore: ["**/node_modules/**", "**/.git/**"],
      });
      for (const file of found) if (!(await excluded(resolve(file)))) files.add(resolve(file));
      if (found.length === 0) throw missing(path);
    } else throw missing(path);
  }
  return { files: [...files].sort(), directories };
}

function missing(path: string): KnbuildError {
  return usageError(
    "LINT_PATH_MISSING",
    `no such file or directory: ${path}`,
    "Name a Dockerfile, a directory, or a glob in quotes.",
  );
}

function walk(directory: string, visit: (file: string) => void): void {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(directory);
  } catch (error) {
    if (errnoCode(error) === "EACCES") return;
    throw error;
  }
  for (const entry of entries) {
    if (entry.isDirectory()) {
      if (!NEVER.has(entry.name)) walk(join(directory, entry.name), visit);
    } else if (isDockerfileName(entry.name) && !NOT_ONE.test(entry.name) && (entry.isFile() || entry.isSymbolicLink()))
      visit(join(directory, entry.name));
  }
}

function readEntries(directory: string) {
  return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Relative to where the command runs, with `/`; absolute where it lies elsewhere. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  if (path === "") return ".";
  return (
    path.startsWith("..") && resolve(cwd, path) === file && path.split(sep).filter((part) => part === "..").length > 3
      ? file
      : path
  )
    .split(sep)
    .join("/");
}

export interface ReadText {
  text: string;
  /** The bytes are not UTF-8: writing the text back would change them. */
  lossy: boolean;
}

/** @throws LINT_UNREADABLE (exit 2) */
export function readText(file: string, shown: string): ReadText {
  try {
    const bytes = readFileSync(file);
    const text = bytes.toString("utf8");
    return { text, lossy: text.includes("\ufffd") && !Buffer.from(text).equals(bytes) };
  } catch (error) {
    throw unreadable(shown, error);
  }
}

export function unreadable(shown: string, cause: unknown): KnbuildError {
  const code = errnoCode(cause);
  return new KnbuildError({
    code: "LINT_UNREADABLE",
    message: `cannot read ${shown}${code === undefined ? "" : ` (${code})`}`,
    hint: "Check the permissions of the file.",
    cause,
    exitCode: 2,
  });
}

/** Text of `<file>.dockerignore`, else of the context's `.dockerignore`: where nothing is known of it, the one beside the file. */
export function readIgnoreFile(
  file: string,
  cache: Map<string, string | undefined>,
  context = dirname(file),
): string | undefined {
  for (const candidate of [`${file}.dockerignore`, join(context, ".dockerignore")]) {
    if (!cache.has(candidate)) {
      try {
        cache.set(candidate, readFileSync(candidate, "utf8"));
      } catch {
        cache.set(candidate, undefined);
      }
    }
    const text = cache.get(candidate);
    if (text !== undefined) return text;
  }
  return undefined;
}
