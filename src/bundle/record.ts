/** What one run leaves for the next one of the same app: how its code was bundled, and what must not have changed since. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalJson } from "../base/canonical-json.ts";
import { replaceFile } from "../base/replace-file.ts";
import type { FileAnalysis } from "./analysis.ts";
import type { OwnOptions } from "./own-options.ts";
import type { Replay } from "./own-replay.ts";
import type { BundleParts } from "./parts.ts";
import type { BundleInput } from "./types.ts";

export interface OwnFileRecord {
  /** `stampOf` at the time of the last run. */
  stamp: string;
  /** Everything in the analysis that decides how the rest is built. */
  shape: string;
  readsFiles: boolean;
  sigtermLine: number | undefined;
  moduleScope: boolean;
}

export interface BundleRecord {
  settings: string;
  parts: BundleParts;
  options: OwnOptions;
  /** Arguments for esbuild's binary besides the options; absent: the run is repeated through the JavaScript API. */
  extra?: string[];
  replay: Replay;
  /** JavaScript and TypeScript of the app by path relative to the root. */
  own: Record<string, OwnFileRecord>;
  /** Other inputs of the app's bundle (JSON), relative to the root: may change freely. */
  data: Record<string, string>;
  /** Files whose change calls for a full build: packages, package.json, tsconfig.json, the package manager's own note. */
  watched: Record<string, string>;
  /** Must not be there: a package.json or tsconfig.json that would change the meaning of files beside it. */
  absent: string[];
  /** Names of the outputs, `src/server.js`; their bytes lie beside the record. */
  outputs: string[];
}

export function recordDir(cacheDir: string, input: BundleInput): string {
  return join(cacheDir, "bundle", "records", hash([input.appDir, settingsOf(input)]).slice(0, 32));
}

export function settingsOf(input: BundleInput): string {
  const { appDir: _appDir, cacheDir: _cacheDir, ...settings } = input;
  // This very code, too: an upgrade must not go on with what an older version decided.
  return hash([stampOf(fileURLToPath(import.meta.url)), bundlerVersion(), settings]);
}

let version: string | undefined;

/** Version of esbuild: part of every key. */
export function bundlerVersion(): string {
  version ??= (createRequire(import.meta.url)("esbuild/package.json") as { version: string }).version;
  return version;
}

export function readRecord(dir: string): BundleRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, "record.json"), "utf8")) as BundleRecord;
  } catch {
    return undefined;
  }
}

export function writeRecord(
  dir: string,
  record: BundleRecord,
  outputs: { path: string; code: Uint8Array; map: Uint8Array | undefined }[],
): void {
  for (const output of outputs) {
    const path = join(dir, "out", output.path);
    replaceFile(path, output.code);
    if (output.map) replaceFile(`${path}.map`, output.map);
  }
  // Last: a record speaks of outputs that are there.
  replaceFile(join(dir, "record.json"), JSON.stringify(record));
}

/** Changes whenever a file was written; undefined when it is gone. */
export function stampOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
}

/** What another file or package could notice of a file of the app; a line number is not among it, but that of a warning. */
export function shapeOf(analysis: FileAnalysis): string {
  const { requests, findings, places, workers, syntax, topLevelAwait, readsClassText, starts, sourceNames } = analysis;
  return hash([
    syntax,
    topLevelAwait,
    [...new Set(requests.map((r) => `${r.kind} ${r.guarded} ${r.specifier}`))].sort(),
    [...new Set(findings.map((f) => f.code + (f.code === "eval" || f.code === "module-object" ? f.text : "")))].sort(),
    [...new Set(places.map((p) => p.what))].sort(),
    workers,
    ...(readsClassText ? ["reads class text"] : []),
    ...(sourceNames ? [["names", ...sourceNames.map(({ text }) => text).sort()]] : []),
    ...(starts ? [starts.map(({ program, line }) => `${program} ${line}`).sort()] : []),
  ]);
}

export function readsFilesOf(analysis: Pick<FileAnalysis, "readsFiles" | "places">): boolean {
  return analysis.readsFiles || analysis.places.some((p) => /^(?:meta-)?(?:dirname|filename|url)$/.test(p.what));
}

function hash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
