/**
 * The build after an edit. The call leads to what an earlier one left (the names apart); where nothing but the text of files
 * that go into the app's own bundle has changed since, only that is done which such an edit can change: it is bundled, held
 * against the contract, laid into its layers and sent. Anything else, doubt included, is left to the build: errors of the
 * source too, which say there what they always say.
 */
import { realpathSync } from "node:fs";
import { monotonicMs } from "../base/clock.ts";
import { cacheDir as cacheDirOf } from "../base/dirs.ts";
import { throwIfAborted } from "../base/errors.ts";
import { type Emit, type KnbuildEvent, step, warningLine } from "../base/events.ts";
import { bundleOwnAgain } from "../bundle/own-again.ts";
import type { OwnOutput } from "../bundle/own-output.ts";
import type { OwnFileRecord } from "../bundle/record.ts";
import type { EditBasis } from "../engines/edit-basis.ts";
import { refreshWorkTree } from "../install/work-tree.ts";
import type { MaterializedLayer } from "../layer/materialize.ts";
import type { Layer } from "../oci/blob.ts";
import { isManifestType } from "../oci/descriptor.ts";
import type { Image } from "../oci/image.ts";
import type { Reference } from "../oci/reference.ts";
import type { Target } from "../oci/target.ts";
import registryOutput from "../outputs/kinds/registry.ts";
import storeOutput from "../outputs/kinds/store.ts";
import type { OutputReport } from "../outputs/types.ts";
import type { LayerKind } from "../plan/types.ts";
import { createRegistryClient } from "../registry/client.ts";
import type { Question } from "../registry/plain-head.ts";
import { storeTag } from "../store/names.ts";
import { openStore, type Store } from "../store/store.ts";
import { recordKey } from "./build-key.ts";
import { type BuildRecord, readFileStates, readTreeState, SETTLED_MS } from "./build-record.ts";
import type { BuildReport, KeptBuild } from "./build-types.ts";
import { imageOf, layersOf, MoreThanAnEdit } from "./edit-image.ts";
import type { EditRecord } from "./edit-record.ts";
import { readGitHead } from "./git-head.ts";
import type { EditJudgement, JudgeEdit } from "./judge-edit.ts";
import { outputContext, outputLabel } from "./output-context.ts";
import { gitStands, planStands, type RecalledEdit, recallEdit } from "./recall-edit.ts";
import { type Call, callKey, rememberCall, shapeKey, taggedName } from "./same-call.ts";

export interface EditCall extends Call {
  emit: Emit;
  signal: AbortSignal;
  /** In another thread, where there is one at hand. */
  judge?: JudgeEdit | undefined;
  /** What names (`taggedName`) stand for in their registries: asked already, in plain HTTP. */
  asked?: ReadonlyMap<string, Question> | undefined;
}

const OUTPUTS = { registry: registryOutput, store: storeOutput };

/**
 * @returns undefined where the whole program has to look at it; hardly ever anything was told then, and nothing left behind
 * @throws what a registry or the disk says while the image is written, INTERRUPTED
 */
export async function buildEdit(call: EditCall): Promise<BuildReport | undefined> {
  const beganMs = Date.now();
  const begin = monotonicMs();
  const store = openStore(cacheDirOf(call.env));
  const known = await unlessItFails(async () => recallEdit(call, store, beganMs));
  if (!known) return undefined;
  const { record, names } = known;
  const later = tellLater(call.emit);
  const { signal } = call;
  const { image } = record;
  const answers = await answersTo(call.asked, names);
  const client = createRegistryClient({
    ...record.registry,
    // Who has answered in plain HTTP need not be asked how to be spoken to.
    plainHttp: [...(record.registry.plainHttp ?? []), ...answers.map(({ name }) => name.registry)],
    env: call.env,
    cacheDir: store.cacheDir,
    emit: later.emit,
    signal,
    mirrors: async () => record.config.mirrors,
    trustedRealms: async () => record.config.trustedRealms,
  });
  try {
    const context = outputContext({ store, registry: () => client, signal, emit: later.emit }, names);
    const work = { call, known, store, emit: later.emit };
    const made = await unlessItFails(() =>
      makeImage(work, () => {
        const again = new Set(record.basis.layers.map(({ kind }) => kind));
        const blobs = record.layers.filter(({ kind }) => !again.has(kind)).map(({ descriptor }) => descriptor);
        const there = answers.filter(({ digest }) => digest === image.descriptor.digest);
        const named = new Map(there.map(({ name }) => [taggedName(name), image.descriptor]));
        if (record.requests.some(({ type }) => type === "registry"))
          registryOutput.expect?.({ image: image.descriptor.digest, blobs, named, newBlobs: again.size + 1 }, context);
      }),
    );
    throwIfAborted(signal);
    if (!made) return undefined;
    const judged = made.judged.then((judgement) => {
      if (!judgement) throw new MoreThanAnEdit();
      for (const warning of [...record.warnings, ...judgement.warnings]) later.emit(warning);
      later.tell();
      return judgement;
    });
    judged.catch(() => {});
    const outputBegin = monotonicMs();
    const outputs: OutputReport[] = [];
    const held = { ...context, registry: (name: Reference) => heldBack(context.registry(name), judged) };
    for (const request of record.requests) {
      if (request.type !== "registry") await judged;
      const write = () => OUTPUTS[request.type as keyof typeof OUTPUTS].write(made.image, request, held);
      outputs.push(...(await step(later.emit, `output-${request.type}`, outputLabel(request, names), write)));
    }
    const judgement = await judged;
    const ended = monotonicMs();
    const timingsMs = {
      ...made.timingsMs,
      outputs: Math.round(ended - outputBegin),
      total: Math.round(ended - begin),
    };
    const report = reportOf(known, made, judgement, outputs, timingsMs);
    keep(work, made, judgement, report, beganMs);
    return report;
  } catch (error) {
    if (error instanceof MoreThanAnEdit) return undefined;
    throw error;
  } finally {
    await client.close();
  }
}

interface Work {
  call: EditCall;
  known: RecalledEdit;
  store: Store;
  emit: Emit;
}

interface MadeAgain {
  image: Image;
  made: Map<LayerKind, MaterializedLayer>;
  planned: EditRecord["planned"];
  /** Undefined: it is more than an edit, or an error that the long way tells. */
  judged: Promise<EditJudgement | undefined>;
  timingsMs: Record<string, number>;
}

/** Names that a registry has answered for, and the digest of what it has under them. */
async function answersTo(
  asked: EditCall["asked"],
  names: readonly Reference[],
): Promise<{ name: Reference; digest: string }[]> {
  const answers = names.map(async (name) => ({ name, digest: await asked?.get(taggedName(name))?.answer }));
  return (await Promise.all(answers)).flatMap(({ name, digest }) => (digest === undefined ? [] : [{ name, digest }]));
}

/** @param onStart called when the slow things are on their way */
async function makeImage(work: Work, onStart: () => void): Promise<MadeAgain | undefined> {
  const { call, known, store, emit } = work;
  const { record, edited } = known;
  const { basis } = record;
  const began = monotonicMs();
  if (!(await refresh(record, edited, store))) return undefined;
  // What is made of the edit counts only if the judgement agrees: it works beside it.
  const early = call.judge && judgementOf(record, edited, call.judge);
  const label = `bundle ${record.gate?.options.entry ?? basis.code.options.entries[0]}`;
  const note = `${record.report.bundle.bundled.length} packages bundled, ${record.report.bundle.external.length} as files`;
  const bundling = step(
    emit,
    "bundle",
    label,
    () => bundleOwnAgain(basis.code, realpathSync(store.cacheDir), record.binary),
    () => ({ note }),
  );
  bundling.catch(() => {});
  try {
    onStart();
    const judging = early ?? judgementOf(record, edited, (await import("./judge-edit.ts")).judgeEdit);
    const [planned, git] = await Promise.all([planStands(known), gitStands(known, call.env)]);
    const { made: outputs } = await bundling;
    if (!planned || !git || !outputs || outputs instanceof Error || !isSameKind(basis, outputs)) return undefined;
    const bundled = monotonicMs();
    const made = await step(
      emit,
      "layers",
      "layers",
      () => layersOf(record, outputs, store, call.signal),
      (layers) => ({ cached: [...layers.values()].every(({ cached }) => cached) }),
    );
    return {
      image: imageOf(record, made, store),
      made,
      planned,
      judged: judging,
      timingsMs: {
        bundle: Math.round(bundled - began),
        layers: Math.round(monotonicMs() - bundled),
      },
    };
  } finally {
    // Its folder must not outlive the run.
    await bundling.then(
      ({ removed }) => removed,
      () => {},
    );
  }
}

async function judgementOf(
  { basis, gate }: EditRecord,
  edited: readonly string[],
  judge: JudgeEdit,
): Promise<EditJudgement | undefined> {
  const { root, own } = basis.code;
  const before = Object.fromEntries(edited.map((path) => [path, own[path] as OwnFileRecord]));
  const judgement = await unlessItFails(() => judge({ root, edited: before, gate }));
  return judgement && isSameSum(basis, judgement.own) ? judgement : undefined;
}

/** Blobs may go ahead of the judgement; what makes an image of them may not. */
function heldBack(target: Target, judged: Promise<unknown>): Target {
  return {
    ...target,
    async put(blob, hints) {
      if (isManifestType(blob.descriptor.mediaType)) await judged;
      return target.put(blob, hints);
    },
    async tag(descriptor, tag) {
      await judged;
      return target.tag(descriptor, tag);
    },
  };
}

/** The files lie where they are bundled, as they are in the source. */
async function refresh({ dir, basis }: EditRecord, edited: readonly string[], store: Store): Promise<boolean> {
  if (realpathSync(dir) === basis.code.root) return true;
  const tree = await refreshWorkTree(store.cacheDir, dir, edited);
  return tree !== undefined && realpathSync(tree) === basis.code.root;
}

/** What the image owes to all own files together. */
function isSameSum({ code }: EditBasis, fresh: ReadonlyMap<string, OwnFileRecord>): boolean {
  const before = Object.values(code.own);
  const after = Object.entries(code.own).map(([path, known]) => fresh.get(path) ?? known);
  const readsFiles = (files: OwnFileRecord[]) => files.some((file) => file.readsFiles);
  const stops = (files: OwnFileRecord[]) => files.some((file) => file.sigtermLine !== undefined);
  return readsFiles(before) === readsFiles(after) && stops(before) === stops(after);
}

/** The same files came out, none of them one that needs more than to be packed. */
function isSameKind({ layers, limitBytes = Infinity }: EditBasis, outputs: readonly OwnOutput[]): boolean {
  const wanted = new Set<string>();
  for (const { entries } of layers)
    for (const entry of entries) if (entry.type === "output") wanted.add(`${entry.output}${entry.map ? ".map" : ""}`);
  const found = outputs.flatMap(({ path, map }) => [path, ...(map ? [`${path}.map`] : [])]);
  return (
    found.length === wanted.size &&
    found.every((path) => wanted.has(path)) &&
    outputs.every(({ code }) => code.byteLength < limitBytes)
  );
}

function reportOf(
  { record, names }: RecalledEdit,
  { image, made }: MadeAgain,
  judgement: EditJudgement,
  outputs: OutputReport[],
  timingsMs: Record<string, number>,
): BuildReport {
  const { platform, buildpack, base, bundle, entrypoint, modulesBytes } = record.report;
  return {
    name: storeTag(names[0]!),
    digest: image.descriptor.digest,
    platform,
    buildpack,
    base,
    layers: layersNow(record, made).map(({ descriptor, diffId, kind }) => ({
      digest: descriptor.digest,
      diffId,
      size: descriptor.size,
      kind,
      cached: made.get(kind)?.cached ?? true,
    })),
    bundle,
    outputs,
    timingsMs,
    warnings: [...record.warnings, ...judgement.warnings].map(warningLine),
    unchanged: false,
    entrypoint,
    ...(modulesBytes !== undefined && { modulesBytes }),
  };
}

function layersNow(record: EditRecord, made: ReadonlyMap<LayerKind, Layer>): EditRecord["layers"] {
  return record.layers.map((layer) => {
    const again = made.get(layer.kind);
    return again ? { kind: layer.kind, descriptor: again.descriptor, diffId: again.diffId } : layer;
  });
}

/** For the next edit, and for the same call again: unless something changed meanwhile. */
function keep(
  { call, known, store }: Work,
  { image, made, planned }: MadeAgain,
  { own }: EditJudgement,
  report: BuildReport,
  beganMs: number,
): void {
  const { record, tree, names, tags } = known;
  const { young } = tree;
  const after = readTreeState(record.dir, { youngSinceMs: beganMs - SETTLED_MS });
  const same =
    after.hash === tree.hash &&
    JSON.stringify(after.young) === JSON.stringify(young) &&
    readFileStates(record.inputPaths).hash === record.inputs &&
    readGitHead(record.dir) === record.gitHead;
  if (!same || !young) return;
  const { inputs, inputPaths, gitHead, requests, basis } = record;
  const kept: KeptBuild = { report, names, requests };
  const build: BuildRecord<KeptBuild> = { tree: tree.hash, young, inputs, inputPaths, gitHead, result: kept };
  const key = recordKey(record.wish, tags);
  const edit: EditRecord = {
    ...record,
    young,
    files: known.files,
    planned,
    layers: layersNow(record, made),
    image: { ...record.image, descriptor: image.descriptor },
    basis: { ...basis, code: { ...basis.code, own: { ...basis.code.own, ...Object.fromEntries(own) } } },
  };
  store.writeRecord("builds", key, build);
  store.writeRecord("edits", shapeKey(call), edit);
  const plainHttp = record.registry.plainHttp ?? [];
  rememberCall(store, { call: callKey(call), dir: record.dir, build: key, env: call.env, kept, plainHttp });
}

/** Until it is certain that the work is done here, nothing is said: the build would say it again. */
function tellLater(emit: Emit): { emit: Emit; tell(): void } {
  let waiting: KnbuildEvent[] | undefined = [];
  return {
    emit: (event) => (waiting ? void waiting.push(event) : emit(event)),
    tell() {
      const held = waiting ?? [];
      waiting = undefined;
      for (const event of held) emit(event);
    },
  };
}

/** What stands in the way of the short way is no error: the long one says what it is. */
async function unlessItFails<T>(task: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await task();
  } catch {
    return undefined;
  }
}
