/** Which files of a directory the source rules may read: what the program is made of, and what starts it. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { languageOf, MAX_FILE_BYTES, neverEntered, type SourceFiles } from "../analysis/project.ts";
import { cacheDir } from "../base/dirs.ts";
import type { Plan } from "../plan/types.ts";
import { createIgnoreRules } from "../source/ignore.ts";
import type { Source } from "../source/open.ts";
import { openStatCache } from "../source/stat-cache.ts";
import { walkSource } from "../source/walk.ts";
import { pathsOfMember, readManifests } from "./members.ts";

/** Stands for the digest of a file that may not be read. */
export const UNREADABLE = "unreadable";

/**
 * `.dockerignore` says what a build may copy, not what the program is: it commonly names the Dockerfile itself, and the
 * sources of programs that are compiled before. So it only takes out scripts, which run as they are, and only where it is
 * a list of what to leave out, not of what to let in.
 */
export function sourceFilesOf(source: Source): SourceFiles {
  const never = createIgnoreRules([source.read(".knbuildignore") ?? ""]);
  const dockerignore = source.read(".dockerignore") ?? "";
  const lists = dockerignore !== "" && !/^\s*(\*{1,2}|\/|\.)\s*$/m.test(dockerignore);
  const rules = createIgnoreRules([dockerignore]);
  // A cache of its own for each directory: reading what is known of all others would cost more than it saves.
  const named = createHash("sha256").update(source.root).digest("hex").slice(0, 24);
  const known = openStatCache(join(cacheDir(), "lint", `${named}.stats`));
  return {
    root: source.root,
    files: () =>
      walkSource(source.root, {
        ignores: (path) => never.ignores(path) || (lists && rules.ignores(path) && isScript(path)),
        prunes: (path) => neverEntered(path) || never.prunes(path),
      })
        .filter(({ type }) => type === "file")
        .map(({ path }) => path),
    // Small files, most of them in the page cache: a promise a file would cost several times the read itself.
    read: async (path) => readFileSync(join(source.root, path)),
    digests: (paths) => {
      const out = paths.map((path) => {
        // The root is absolute and the path walked: joining would only normalize what is normal, thousands of times.
        const file = `${source.root}/${path}`;
        const stats = statSync(file, { throwIfNoEntry: false });
        if (!stats) return "gone";
        try {
          return stats.size > MAX_FILE_BYTES ? "too large" : known.digestOf(file, stats);
        } catch {
          return UNREADABLE;
        }
      });
      known.save();
      return out;
    },
  };
}

/** Of a monorepo's files those that may be in the image of one member; see pathsOfMember. */
export function filesOfMember(whole: SourceFiles, member: string): SourceFiles {
  return {
    ...whole,
    files: async () => {
      const paths = [...(await whole.files())];
      const packages = await readManifests(paths, async (path) => String(await whole.read(path)));
      return pathsOfMember(paths, packages, member);
    },
  };
}

/** Where the contract is read, and what of it: options of the gate, and what these are relative to. */
export interface GatePlace {
  source: Source;
  files: SourceFiles;
  member?: string;
  /** What starts: of a program that a build makes the file that it makes it of, where that is known. */
  entry?: string;
}

/** A member that is built from its own directory is held against the contract with the packages beside it that it is made of. */
export function gatePlace(source: Source, plan: Plan): GatePlace {
  const starts = plan.entrypoint.source ?? plan.entrypoint.file;
  const entry = starts && { entry: posix.join(plan.member ?? ".", starts) };
  if (plan.member !== undefined) return { source, files: filesOfMember(sourceFilesOf(source), plan.member), ...entry };
  const up = plan.steps.find((step) => step.type === "install")?.workspaceRoot;
  if (up === undefined) return { source, files: sourceFilesOf(source), ...entry };
  const root = source.at(up);
  const member = relative(root.root, source.root).split("\\").join("/");
  return { source: root, files: filesOfMember(sourceFilesOf(root), member), member, ...entry };
}

function isScript(path: string): boolean {
  return /^(javascript|python|ruby|php)$/.test(languageOf(path) ?? "") && !/\.[cm]?tsx?$/.test(path);
}
