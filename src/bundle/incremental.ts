/**
 * The way from an edit to a new bundle: when packages and settings are as they were and the edited files still ask for the
 * same modules, esbuild's binary bundles the app's code again and everything else is taken from the record.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { growNursery } from "../base/heap.ts";
import type { FullBuild } from "./full-build.ts";
import type { OwnAgain } from "./own-again.ts";
import { esbuildBinary } from "./own-options.ts";
import type { OwnOutput } from "./own-output.ts";
import { assemble, type OwnFacts } from "./parts.ts";
import type { Project } from "./project.ts";
import {
  type BundleRecord,
  readRecord,
  readsFilesOf,
  recordDir,
  settingsOf,
  shapeOf,
  stampOf,
  writeRecord,
} from "./record.ts";
import type { BundleSession } from "./session.ts";
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
    const again = session === undefined ? againOf(record) : undefined;
    const [{ bundleOwnAgain }, { judgeEdited }] = await Promise.all([
      import("./own-again.ts"),
      import("./judge-edited.ts"),
    ]);
    const bundling = again && bundleOwnAgain(again, cacheDir);
    const fresh = judgeEdited({ root, own: record.own }, edited);
    const bundled = await bundling;
    await bundled?.removed;
    if (fresh === undefined) return undefined;
    const made = again ? bundled?.made : await runApi(record, cacheDir, session);
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
  const again = againOf(record);
  return {
    ...(await assemble(input, record.parts, factsOf(record), outputs)),
    ...(again && { again }),
    incremental: true,
  };
}

/** Undefined where the run cannot be repeated by esbuild's binary. */
function againOf({ parts, options, extra, own, data }: BundleRecord): OwnAgain | undefined {
  return extra && { root: parts.root, options, extra, own, data: Object.keys(data) };
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
  if (!made) return undefined;
  const { isSameSet } = await import("./own-again.ts");
  const known = new Set([...Object.keys(record.own), ...Object.keys(record.data)]);
  const files = made.files.map((path) => relative(root, path));
  return isSameSet(known, files) ? made.outputs : undefined;
}

/**
 * Keeps what the next run can use; nothing where the app's files are shipped one by one.
 * @returns what the run over the app's own code can be repeated with
 */
export function keepRecord(project: Project, built: FullBuild): OwnAgain | undefined {
  const { input, root } = project;
  if (!built.bundle) return undefined;
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
  return againOf(record);
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
