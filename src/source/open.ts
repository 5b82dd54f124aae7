/** A source directory, read-only and remembered: every buildpack asks the same files, each is read once. */
import { readdirSync, readFileSync, type Stats, statSync } from "node:fs";
import { join, posix, resolve } from "node:path";
import { errnoCode, KnbuildError, usageError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { type Glance, glanceAt } from "./glance.ts";
import { compileGlobs } from "./glob.ts";
import { createIgnoreRules, type IgnoreRules } from "./ignore.ts";
import {
  ignoreText,
  PROJECT_DESCRIPTOR,
  type ProjectDescriptor,
  parseProjectDescriptor,
} from "./project-descriptor.ts";
import { type WalkedEntry, walkSource } from "./walk.ts";

/** Paths are relative to the root with `/`; `..` may lead out of it (a monorepo's root), never a symbolic link followed by a walk. */
export interface Source {
  /** Absolute. */
  readonly root: string;
  readonly ignore: IgnoreRules;
  /** project.toml, where there is one. @throws PROJECT_TOML_INVALID */
  descriptor(): ProjectDescriptor | undefined;
  /** A file or a directory is there. */
  exists(path: string): boolean;
  /** A regular file is there (through symbolic links). */
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  stat(path: string): Stats | undefined;
  /** Text of a file, undefined where none is. @throws FILE_TOO_LARGE over `limitBytes` (4 MiB), FILE_UNREADABLE */
  read(path: string, limitBytes?: number): string | undefined;
  /** Text of a script, empty where none is; also where it is larger than `read` takes: what was put together tells nothing of its project. */
  script(path: string): string;
  /** @throws JSON_INVALID with line and column */
  readJson(path: string, options?: { comments?: boolean }): unknown;
  /** Names in one directory, sorted; empty where none is. Nothing is ignored here. */
  names(directory?: string): readonly string[];
  /** Files and symbolic links that take part (see ignore.ts), sorted. */
  list(): readonly WalkedEntry[];
  /** Paths of `list()` that match one of the globs (`*`, `**`, `?`, `{a,b}`). */
  glob(patterns: string | readonly string[]): string[];
  /** The same reading from another directory, `..` for instance. */
  at(path: string): Source;
  /** What the text of a script tells at a glance, undefined where none is. @throws as `read` */
  glance(path: string): Glance | undefined;
  /** Files that were asked for until now, here or from another directory, absolute: their text, or no more than a glance. */
  asked(): { texts: string[]; glances: string[] };
}

const READ_LIMIT_BYTES = 4 * 1024 * 1024;

/** @throws SOURCE_MISSING, SOURCE_NOT_A_DIRECTORY (wrong use) */
export function openSource(directory: string): Source {
  const root = resolve(directory);
  let stats: Stats;
  try {
    stats = statSync(root);
  } catch (error) {
    throw usageError(
      "SOURCE_MISSING",
      errnoCode(error) === "ENOENT"
        ? `no such directory: ${directory}`
        : `cannot open ${directory} (${errnoCode(error)})`,
      "Give the directory that holds the app.",
      root,
    );
  }
  if (!stats.isDirectory()) {
    throw usageError(
      "SOURCE_NOT_A_DIRECTORY",
      `not a directory: ${directory}`,
      "Give the directory that holds the app.",
      root,
    );
  }
  return createSource(root);
}

function createSource(root: string): Source {
  const texts = new Map<string, string | undefined>();
  const asked = new Set<string>();
  const glances = new Map<string, Glance | undefined>();
  const stats = new Map<string, Stats | undefined>();
  const listings = new Map<string, readonly string[]>();
  const others = new Map<string, Source>();
  let rules: IgnoreRules | undefined;
  let parsed: ProjectDescriptor | undefined;
  let walked: WalkedEntry[] | undefined;

  function stat(path: string): Stats | undefined {
    const key = posix.normalize(path);
    if (!stats.has(key)) stats.set(key, statSync(join(root, key), { throwIfNoEntry: false }) ?? undefined);
    return stats.get(key);
  }

  function safeStat(path: string): Stats | undefined {
    try {
      return stat(path);
    } catch {
      return undefined; // ENOTDIR, ELOOP, EACCES: not there for our purposes; reading it says why.
    }
  }

  function read(path: string, limitBytes = READ_LIMIT_BYTES): string | undefined {
    const key = posix.normalize(path);
    asked.add(key);
    return textOf(key, limitBytes);
  }

  function textOf(key: string, limitBytes: number): string | undefined {
    if (texts.has(key)) return texts.get(key);
    const text = readText(join(root, key), key, limitBytes);
    texts.set(key, text);
    return text;
  }

  const source: Source = {
    root,
    get ignore() {
      if (!rules) {
        const descriptor = source.descriptor();
        rules = createIgnoreRules([
          descriptor ? ignoreText(descriptor) : "",
          read(".dockerignore") ?? "",
          read(".knbuildignore") ?? "",
        ]);
      }
      return rules;
    },
    descriptor() {
      const text = read(PROJECT_DESCRIPTOR);
      if (text === undefined) return undefined;
      parsed ??= parseProjectDescriptor(text);
      return parsed;
    },
    exists: (path) => safeStat(path) !== undefined,
    isFile: (path) => safeStat(path)?.isFile() ?? false,
    isDirectory: (path) => safeStat(path)?.isDirectory() ?? false,
    stat: safeStat,
    read,
    script: (path) => ((safeStat(path)?.size ?? 0) > READ_LIMIT_BYTES ? "" : (read(path) ?? "")),
    readJson(path, options) {
      const text = read(path);
      return text === undefined ? undefined : parseJson(text, path, options);
    },
    names(directory = ".") {
      const key = posix.normalize(directory);
      let names = listings.get(key);
      if (!names) {
        try {
          names = readdirSync(join(root, key)).sort();
        } catch {
          names = [];
        }
        listings.set(key, names);
      }
      return names;
    },
    list() {
      walked ??= walkSource(root, source.ignore);
      return walked;
    },
    glob(patterns) {
      const matches = compileGlobs(typeof patterns === "string" ? [patterns] : patterns);
      return source.list().flatMap((entry) => (matches(entry.path) ? [entry.path] : []));
    },
    at(path) {
      const other = resolve(root, path);
      if (other === root) return source;
      let opened = others.get(other);
      if (!opened) others.set(other, (opened = createSource(other)));
      return opened;
    },
    glance(path) {
      const key = posix.normalize(path);
      if (!glances.has(key)) {
        const text = textOf(key, READ_LIMIT_BYTES);
        glances.set(key, text === undefined ? undefined : glanceAt(text));
      }
      return glances.get(key);
    },
    asked() {
      const inner = [...others.values()].map((other) => other.asked());
      const here = (paths: Iterable<string>) => [...paths].map((path) => join(root, path));
      return {
        texts: [...here(asked), ...inner.flatMap(({ texts: paths }) => paths)],
        glances: [...here(glances.keys()), ...inner.flatMap(({ glances: paths }) => paths)],
      };
    },
  };
  return source;
}

function readText(path: string, name: string, limitBytes: number): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return undefined;
    if (stats.size > limitBytes) {
      throw new KnbuildError({
        code: "FILE_TOO_LARGE",
        message: `${name} has ${stats.size} bytes; at most ${limitBytes} are read here`,
        where: path,
        hint: "This file is expected to be a small text file.",
      });
    }
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = errnoCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof KnbuildError) throw error;
    throw new KnbuildError({
      code: "FILE_UNREADABLE",
      message: `cannot read ${name} (${code ?? "unknown error"})`,
      where: path,
      hint: "Check the permissions of the file.",
      cause: error,
    });
  }
}
