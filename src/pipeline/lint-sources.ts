/** The source of directories: judged together with its start commands, mended where a fix is safe. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { languageOf, type SourceFiles } from "../analysis/project.ts";
import { errnoCode, isKnbuildError, type KnbuildError } from "../base/errors.ts";
import { parseJson } from "../base/json.ts";
import { rewriteFile } from "../base/replace-file.ts";
import { unifiedDiff } from "../check/diff.ts";
import { applyFixes } from "../check/fixes.ts";
import { matchesId, ruleIds } from "../check/run.ts";
import type { Finding, RuleMeta } from "../check/types.ts";
import type { ProfileId } from "../contract/profiles.ts";
import { sourceRules } from "../generated/sourceRules.ts";
import { openSource } from "../source/open.ts";
import { shownPath, unreadable } from "./lint-files.ts";
import { sourceFilesOf, UNREADABLE } from "./source-files.ts";
import { lintSourceReport } from "./source-lint.ts";

/** A directory, or files that were named in it; `text` stands for the one file's, which is then not written. */
export interface SourceTarget {
  directory: string;
  files?: readonly string[];
  text?: string;
}

export interface LintSourcesOptions {
  cwd: string;
  only?: readonly string[] | undefined;
  /** `apply` writes, `preview` gives the difference. */
  fix?: "apply" | "preview" | undefined;
  /** How a directory's source is judged. */
  settings(directory: string): Promise<{ profile: ProfileId; ignorePragmas: boolean }>;
  signal?: AbortSignal | undefined;
}

export interface LintedSources {
  findings: Finding[];
  suppressed: number;
  fixed: { file: string; applied: number; diff: string; text: string }[];
  rules: readonly RuleMeta[];
  /** Files with findings, as shown. */
  files: string[];
  /** Of languages that are read. */
  looked: number;
  /** What was not understood, a line each. */
  notes: string[];
}

/** A fix may make room for another one: that often at most. */
const FIX_ROUNDS = 5;

export async function lintSources(
  targets: readonly SourceTarget[],
  options: LintSourcesOptions,
): Promise<LintedSources | undefined> {
  const { only, cwd } = options;
  const wanted = only
    ? sourceRules.filter((rule) => only.some((pattern) => ruleIds(rule).some((id) => matchesId(pattern, id))))
    : sourceRules;
  if (targets.length === 0 || wanted.length === 0) return undefined;
  const out: LintedSources = {
    findings: [],
    suppressed: 0,
    fixed: [],
    rules: sourceRules,
    files: [],
    looked: 0,
    notes: [],
  };
  for (const target of targets) {
    const { directory } = target;
    const { profile, ignorePragmas } = await options.settings(directory);
    const files = target.files
      ? namedFiles(directory, target.files, target.text)
      : sourceFilesOf(openSource(directory));
    const prefix = shownPath(directory, cwd);
    const shown = (file: string): string => (prefix === "." ? file : `${prefix}/${file}`);
    // Walked once, however often it is judged.
    const paths = [...(await files.files())];
    out.looked += paths.filter((path) => languageOf(path)).length;
    if (!target.files) out.notes.push(...brokenManifest(files.root, shown));
    const changed = new Map<string, string>();
    // Whoever judges does without a file that is not to be had; a lint that leaves one out in silence is none.
    const refused: KnbuildError[] = [];
    const read = async (path: string) => {
      try {
        return await files.read(path);
      } catch (error) {
        if (/^(?:EACCES|EPERM)$/.test(errnoCode(error) ?? "")) refused.push(unreadable(shown(path), error));
        throw error;
      }
    };
    // What is known of files as they are now is not read again.
    const digests: SourceFiles["digests"] = (paths) => {
      const out = files.digests?.(paths) ?? [];
      for (const [i, path] of paths.entries())
        if (out[i] === UNREADABLE && languageOf(path)) refused.push(unreadable(shown(path), undefined));
      return out;
    };
    const lint = () =>
      lintSourceReport(
        {
          root: files.root,
          files: () => paths,
          // What was mended in memory is not what the digests of the files say.
          ...(changed.size === 0 && files.digests && { digests }),
          read: async (path) => {
            const text = changed.get(path);
            return text === undefined ? read(path) : new TextEncoder().encode(text);
          },
        },
        {
          profile: profile === "knative" ? "knative" : "gke",
          rules: wanted,
          members: true,
          ...(ignorePragmas && { ignorePragmas }),
          ...(options.signal && { signal: options.signal }),
        },
      );
    let report = await lint();
    if (refused[0]) throw refused[0];
    if (options.fix) {
      const counts = new Map<string, number>();
      const before = new Map<string, string>();
      for (let round = 0; round < FIX_ROUNDS; round++) {
        const applied = await mend(report.findings, files.read, before, changed, counts);
        if (!applied) break;
        report = await lint();
      }
      for (const [file, text] of changed) {
        const name = shown(file);
        out.fixed.push({
          file: name,
          applied: counts.get(file) ?? 0,
          diff: unifiedDiff(before.get(file) ?? "", text, name),
          text,
        });
        if (options.fix === "apply" && target.text === undefined) rewriteFile(join(files.root, file), text);
      }
    }
    out.suppressed += report.suppressed.length;
    for (const finding of report.findings) out.findings.push(placed(finding, shown));
  }
  out.files = [...new Set(out.findings.map(({ location }) => location.file))];
  return out;
}

/** A package.json that is none: what starts the program is not known, and little is found. */
function brokenManifest(root: string, shown: (file: string) => string): string[] {
  try {
    parseJson(readFileSync(join(root, "package.json"), "utf8"), shown("package.json"));
  } catch (error) {
    if (isKnbuildError(error, "JSON_INVALID")) return [`${error.message} (${error.where})`];
  }
  return [];
}

function namedFiles(root: string, names: readonly string[], text?: string): SourceFiles {
  return {
    root,
    files: () => names,
    read: async (path) => (text === undefined ? readFileSync(join(root, path)) : new TextEncoder().encode(text)),
  };
}

/** Applies what is safe to every file; false where nothing was. A file that is no clean UTF-8 is left as it is. */
async function mend(
  findings: readonly Finding[],
  read: (path: string) => Promise<Uint8Array>,
  before: Map<string, string>,
  changed: Map<string, string>,
  counts: Map<string, number>,
): Promise<boolean> {
  const files = new Set(findings.flatMap((f) => f.fixes?.flatMap((fix) => fix.edits.map((e) => e.file)) ?? []));
  let any = false;
  for (const file of files) {
    if (!before.has(file)) {
      const bytes = Buffer.from(await read(file));
      const text = bytes.toString("utf8");
      if (!Buffer.from(text).equals(bytes)) continue;
      before.set(file, text);
    }
    const text = changed.get(file) ?? (before.get(file) as string);
    const { text: next, applied } = applyFixes(text, findings, file);
    if (applied.length === 0 || next === text) continue;
    changed.set(file, next);
    counts.set(file, (counts.get(file) ?? 0) + applied.length);
    any = true;
  }
  return any;
}

function placed(finding: Finding, shown: (file: string) => string): Finding {
  return {
    ...finding,
    location: { ...finding.location, file: shown(finding.location.file) },
    ...(finding.fixes && {
      fixes: finding.fixes.map((fix) => ({
        ...fix,
        edits: fix.edits.map((edit) => ({ ...edit, file: shown(edit.file) })),
      })),
    }),
  };
}
