/** What the source rules said of a program, kept by the content of all that was read: nothing changed, nothing to do. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { SourceFiles } from "../analysis/project.ts";
import { cacheDir } from "../base/dirs.ts";
import { programDigest } from "../base/program.ts";
import { replaceFile } from "../base/replace-file.ts";

/** Answers of other states of the same programs, and of other programs, are let go beyond this number. */
const MAX_ANSWERS = 400;

export interface Answers<T> {
  read(): T | undefined;
  /** Keeps the answer, unless a file was changed while it was found. */
  write(answer: T): void;
}

/**
 * @param paths all files that the answer depends on
 * @param asked all else that it depends on, as JSON
 * @returns undefined where knbuild's own code is not built (it may change without its version), or the files have no digests
 */
export function answersFor<T>(source: SourceFiles, paths: readonly string[], asked: unknown): Answers<T> | undefined {
  const program = programDigest();
  if (program === "") return undefined;
  const rest = JSON.stringify([program, asked]);
  const key = contentKey(source, paths, rest);
  if (key === undefined) return undefined;
  const folder = join(cacheDir(), "lint");
  const file = join(folder, `${key}.json`);
  return {
    read() {
      try {
        return JSON.parse(readFileSync(file, "utf8")) as T;
      } catch {
        return undefined; // Not there yet, or cut short: it is found out again.
      }
    },
    write(answer) {
      if (contentKey(source, paths, rest) !== key) return;
      try {
        replaceFile(file, JSON.stringify(answer));
        forget(folder);
      } catch {
        // A cache that cannot be written is none; the answer stands.
      }
    },
  };
}

function contentKey(source: SourceFiles, paths: readonly string[], asked: string): string | undefined {
  const digests = source.digests?.(paths);
  return (
    digests &&
    createHash("sha256")
      .update([asked, ...paths, ...digests].join("\0"))
      .digest("hex")
  );
}

function forget(folder: string): void {
  const names = readdirSync(folder);
  if (names.length <= MAX_ANSWERS) return;
  const aged = names.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs })).sort((a, b) => a.at - b.at);
  for (const { name } of aged.slice(0, names.length - MAX_ANSWERS / 2)) rmSync(join(folder, name), { force: true });
}
