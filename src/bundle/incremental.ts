/**
 * The way from an edit to a new bundle: when packages and settings are as they were and the edited files still ask for the
 * same modules, esbuild's binary bundles the app's code again and everything else is taken from the record.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { growNursery } from "../base/heap.ts";
import { bundleError, parseBinaryErrors } from "./esbuild-error.ts";
import type { FullBuild } from "./full-build.ts";
import { binaryArguments, esbuildBinary } from "./own-options.ts";
import { normalizeOutputs, type OwnOutput } from "./own-output.ts";
import { assemble, type OwnFacts } from "./parts.ts";
import type { Project } from "./project.ts";
import {
  type BundleRecord,
  type OwnFileRecord,
  readRecord,
  recordDir,
  settingsOf,
  shapeOf,
  stampOf,
  writeRecord,
} from "./record.ts";
import type { BundleSession } from "./session.ts";
import { stubsDir } from "./stubs.ts";
import type { BundleInput, BundleResult } from "./types.ts";

/** @returns undefined where a full build is needed. @throws BUNDLE_SYNTAX, BUNDLE_UNRESOLVED, BUNDLE_FAILED */
export async function buildIncrementally(
  input: BundleInput,
  session?: BundleSession,
): Promise<BundleResult | undefined> {
  if (!existsSync(input.cacheDir)) return undefined;
  const cacheDir = realpathSync(input.cacheDir);
  const dir = recordDir(cacheDir, input);
  const record = readRecord(dir);
  if (!record || record.settings !== settingsOf(input) || !isUntouched(record)) return undefined;
  // A full build has other needs, and another process beside it.
  growNursery();
  const { root } = record.parts;
  const edited: string[] = [];
  for (const [path, known] of Object.entries(record.own)) {
    const stamp = stampOf(join(root, path));
    if (stamp === undefined) return undefined;
    if (stamp !== known.stamp) edited.push(path);
  }
  const data = Object.entries(record.data).filter(([path, stamp]) => stampOf(join(root, path)) !== stamp);
  if (data.some(([path]) => !existsSync(join(root, path)))) return undefined;
  let outputs: OwnOutput[] | undefined;
  if (edited.length === 0 && data.length === 0) outputs = keptOutputs(dir, record);
  if (!outputs) {
    const stamps = new Map([...edited, ...data.map(([path]) => path)].map((path) => [path, stampOf(join(root, path))]));
    // The program and the analysis work side by side; what the program made counts only if the analysis agrees.
    const byBinary = record.extra !== undefined && session === undefined;
    const [bundled, fresh] = await Promise.all([
      byBinary ? runBinary(record, record.extra ?? [], cacheDir) : Promise.resolve(undefined),
      analyze(record, edited),
    ]);
    if (fresh === undefined) return undefined;
    const made = byBinary ? bundled : await runApi(record, cacheDir, session);
    if (made === undefined) return undefined;
    if (made instanceof Error) throw made;
    outputs = made;
    for (const [path, stamp] of stamps) {
      const known = fresh.get(path);
      if (known) record.own[path] = { ...known, stamp: stamp ?? "" };
      else record.data[path] = stamp ?? "";
    }
    record.outputs = outputs.map((o) => o.path);
    writeRecord(dir, record, outputs);
  }
  return { ...(await assemble(input, record.parts, factsOf(record), outputs)), incremental: true };
}

function isUntouched(record: BundleRecord): boolean {
  if (record.absent.some((path) => existsSync(path))) return false;
  return Object.entries(record.watched).every(([path, stamp]) => stampOf(path) === stamp);
}

function factsOf(record: BundleRecord): OwnFacts {
  const own = Object.entries(record.own);
  return {
    readsFiles: own.some(([, file]) => file.readsFiles),
    sigterm: own
      .filter(([, file]) => file.sigtermLine !== undefined)
      .map(([path, file]) => `${path}:${file.sigtermLine} adds a SIGTERM listener`)
      .sort(),
  };
}

function keptOutputs(dir: string, record: BundleRecord): OwnOutput[] | undefined {
  try {
    return record.outputs.map((path) => {
      const file = join(dir, "out", path);
      return {
        path,
        code: readFileSync(file),
        map: record.options.sourcemap ? readFileSync(`${file}.map`) : undefined,
      };
    });
  } catch {
    return undefined;
  }
}

/** New records of the edited files; undefined when one of them asks for other modules than before. */
async function analyze(record: BundleRecord, edited: string[]): Promise<Map<string, OwnFileRecord> | undefined> {
  const fresh = new Map<string, OwnFileRecord>();
  if (edited.length === 0) return fresh;
  const { analyzeFile } = await import("./analyze.ts");
  for (const path of edited) {
    const known = record.own[path] as OwnFileRecord;
    const file = join(record.parts.root, path);
    const analysis = analyzeFile(file, readFileSync(file, "utf8"), { moduleScope: known.moduleScope, own: true });
    // A syntax error is esbuild's to report: it is the same in a full build.
    if (shapeOf(analysis) !== known.shape) return undefined;
    fresh.set(path, { ...known, readsFiles: readsFilesOf(analysis), sigtermLine: analysis.sigtermLine });
  }
  return fresh;
}

function readsFilesOf(analysis: { readsFiles: boolean; places: { what: string }[] }): boolean {
  return analysis.readsFiles || analysis.places.some((p) => /^(?:meta-)?(?:dirname|filename|url)$/.test(p.what));
}

/** @returns the outputs; an error that the source caused; undefined when other files took part than before. */
async function runBinary(
  record: BundleRecord,
  extra: string[],
  cacheDir: string,
): Promise<OwnOutput[] | Error | undefined> {
  const binary = esbuildBinary();
  if (!binary) return undefined;
  const { root } = record.parts;
  const outdir = mkdtempSync(join(realpathSync(tmpdir()), "knbuild-bundle-"));
  try {
    const metafile = join(outdir, "meta.json");
    const options = { ...record.options, outdir: join(outdir, "out") };
    const { status, stderr } = await run(
      binary,
      [...binaryArguments(options), ...extra, `--metafile=${metafile}`],
      root,
    );
    if (status !== 0) {
      const errors = parseBinaryErrors(stderr);
      // A full build says more about an import that leads nowhere.
      const unresolved = errors.some((e) => /^(?:Could not resolve|Cannot read file)/.test(e.text));
      return errors.length > 0 && !unresolved ? bundleError(errors) : undefined;
    }
    const stubs = stubsDir(cacheDir);
    const inputs = Object.keys(
      (JSON.parse(readFileSync(metafile, "utf8")) as { inputs: Record<string, unknown> }).inputs,
    );
    const own = inputs.filter((path) => !join(root, path).startsWith(stubs));
    if (!isSameSet(record, own)) return undefined;
    const raw = filesBelow(options.outdir).map((path) => ({
      path: relative(options.outdir, path),
      bytes: readFileSync(path),
    }));
    return normalizeOutputs(raw, root, options.outdir, stubs);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Through the JavaScript API: with the files changed on the way that have to be, or with a context that is kept. */
async function runApi(
  record: BundleRecord,
  cacheDir: string,
  session?: BundleSession,
): Promise<OwnOutput[] | undefined> {
  const { root, appDir } = record.parts;
  const { replayOwn } = await import("./own-replay.ts");
  const { options, replay, own } = record;
  const made = await replayOwn({ root, appDir, cacheDir, options, replay, own }, session);
  const same =
    made &&
    isSameSet(
      record,
      made.files.map((path) => relative(root, path)),
    );
  return same ? made.outputs : undefined;
}

function isSameSet(record: BundleRecord, inputs: string[]): boolean {
  const known = Object.keys(record.own).length + Object.keys(record.data).length;
  return inputs.length === known && inputs.every((path) => path in record.own || path in record.data);
}

function run(binary: string, args: string[], cwd: string): Promise<{ status: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { cwd, stdio: ["ignore", "ignore", "pipe"], env: {} });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stderr }));
  });
}

function filesBelow(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Keeps what the next run can use; nothing where the app's files are shipped one by one. */
export function keepRecord(project: Project, built: FullBuild): void {
  const { input, root } = project;
  if (!built.bundle) return;
  const extra = esbuildBinary() ? built.bundle.binaryExtra : undefined;
  const own: BundleRecord["own"] = {};
  const data: BundleRecord["data"] = {};
  for (const path of built.own.inputs) {
    const name = relative(root, path);
    const analyzed = built.own.files.get(path);
    const stamp = stampOf(path) ?? "";
    if (!analyzed) {
      data[name] = stamp;
      continue;
    }
    const moduleScope = project.facts.scope(dirname(path))?.json.type === "module";
    const { analysis } = analyzed;
    own[name] = {
      stamp,
      shape: shapeOf(analysis),
      readsFiles: readsFilesOf(analysis),
      sigtermLine: analysis.sigtermLine,
      moduleScope,
    };
  }
  const watched: BundleRecord["watched"] = {};
  const configs = configFiles(built.own.inputs, root);
  const seen = [
    ...project.facts.read,
    ...[...built.judgement.files.keys()].filter((path) => !built.judgement.isExternalFile(path)),
    ...configs.present,
  ];
  for (const path of seen) watched[path] = stampOf(path) ?? "";
  for (const file of Object.values(built.parts.files).flat())
    if (file.path.includes("@knbuild/vendor") && "file" in file.source)
      watched[file.source.file] = stampOf(file.source.file) ?? "";
  const record: BundleRecord = {
    settings: settingsOf(input),
    parts: built.parts,
    options: built.bundle.options,
    ...(extra ? { extra } : {}),
    replay: built.bundle.replay,
    own,
    data,
    watched,
    absent: configs.absent,
    outputs: built.outputs.map((o) => o.path),
  };
  writeRecord(recordDir(project.cacheDir, input), record, built.outputs);
}

/** The files that give the app's files their meaning, and the places where such a file would. */
function configFiles(inputs: string[], root: string): { present: string[]; absent: string[] } {
  const dirs = new Set<string>();
  for (const path of inputs) {
    for (let dir = dirname(path); dir.startsWith(root); dir = dirname(dir)) dirs.add(dir);
  }
  const candidates = [...dirs].flatMap((dir) => ["package.json", "tsconfig.json"].map((name) => join(dir, name)));
  const notes = [".package-lock.json", ".modules.yaml", ".yarn-state.yml", ".yarn-integrity"].map((name) =>
    join(root, "node_modules", name),
  );
  const all = [...candidates, ...notes];
  return { present: all.filter((path) => existsSync(path)), absent: all.filter((path) => !existsSync(path)) };
}
