/** Analyses by content, one small file a package version: what was read once is not parsed again on this machine. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "../base/replace-file.ts";
import type { FileAnalysis } from "./analysis.ts";
import { type AnalyzeOptions, analyzeFile } from "./analyze.ts";

/** Changes whenever an analysis would come out differently. */
const ANALYSIS_VERSION = 21;

interface Entry {
  sha: string;
  analysis: FileAnalysis;
}

export interface AnalyzedFile {
  /** sha256 of the content, hex. */
  sha: string;
  analysis: FileAnalysis;
}

export function contentHash(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export interface AnalysisCache {
  /** `group` names the cache file (`express@4.21.2`), `file` the file in it. */
  analyze(group: string, file: string, path: string, options: AnalyzeOptions): AnalyzedFile;
  /** Writes what is new. */
  save(): void;
}

export function createAnalysisCache(cacheDir: string): AnalysisCache {
  const dir = join(cacheDir, "bundle", `analysis-${ANALYSIS_VERSION}`);
  const groups = new Map<string, { entries: Record<string, Entry>; dirty: boolean }>();

  function groupFile(group: string): string {
    return join(dir, `${group.replaceAll("/", "+").replace(/[^\w.@+-]/g, "_")}.json`);
  }

  function load(group: string): { entries: Record<string, Entry>; dirty: boolean } {
    let loaded = groups.get(group);
    if (!loaded) {
      let entries: Record<string, Entry> = Object.create(null);
      try {
        entries = Object.assign(entries, JSON.parse(readFileSync(groupFile(group), "utf8")) as Record<string, Entry>);
      } catch {
        // Not there, or cut off by a crash of the file system: analysed again.
      }
      loaded = { entries, dirty: false };
      groups.set(group, loaded);
    }
    return loaded;
  }

  return {
    analyze(group, file, path, options) {
      const bytes = readFileSync(path);
      const sha = contentHash(bytes);
      const loaded = load(group);
      // The same text means something else as another kind of file.
      const key = `${options.own ? "own:" : ""}${options.moduleScope ? "module:" : ""}${file}`;
      const hit = loaded.entries[key];
      if (hit?.sha === sha) return hit;
      const entry = { sha, analysis: analyzeFile(path, bytes.toString("utf8"), options) };
      loaded.entries[key] = entry;
      loaded.dirty = true;
      return entry;
    },
    save() {
      for (const [group, loaded] of groups) {
        if (!loaded.dirty) continue;
        replaceFile(groupFile(group), JSON.stringify(loaded.entries));
        loaded.dirty = false;
      }
    },
  };
}
