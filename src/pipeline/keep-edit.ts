/** Keeps what a build after an edit can begin with (`edit-record.ts`), where a build is of the kind that can be told. */
import { filesToLoad } from "../analysis/project.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { today } from "../base/clock.ts";
import type { Digest } from "../base/digest.ts";
import type { Warning } from "../base/events.ts";
import { esbuildBinary } from "../bundle/own-options.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import type { Store } from "../store/store.ts";
import { type BuildRecord, readTreeState } from "./build-record.ts";
import type { BuildOptions, BuildReport, KeptBuild } from "./build-types.ts";
import { splitTags } from "./build-words.ts";
import { hasCiReports } from "./ci-report.ts";
import { type EditRecord, planDigest } from "./edit-record.ts";
import { type MadeImage, sourceDateEpoch } from "./make-image.ts";
import { shapeKey } from "./same-call.ts";

export interface EditKeeping {
  options: BuildOptions;
  dir: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  store: Store;
  wish: Record<string, unknown>;
  record: BuildRecord<KeptBuild>;
  made: MadeImage;
  report: BuildReport;
  /** All that were told. */
  warnings: readonly Warning[];
}

/** Keeps it, where a build is of the kind that an edit can be told from. */
export async function keepEdit(keeping: EditKeeping): Promise<void> {
  const { options, store, cwd, env } = keeping;
  const argv = options.call;
  if (!argv || hasCiReports(env)) return;
  const record = await describeEdit(keeping, argv);
  if (record) store.writeRecord("edits", shapeKey({ argv, cwd, env }), record);
}

async function describeEdit(keeping: EditKeeping, argv: readonly string[]): Promise<EditRecord | undefined> {
  const { options, dir, env, wish, record, made, report, warnings } = keeping;
  const { result, config, plan } = made;
  const { editBasis: basis, image, bundle } = result;
  const binary = esbuildBinary();
  const { registry = {}, tags = [] } = options;
  if (!basis || !binary || !bundle?.sources || made.toldOfPackages || typeof registry === "function") return undefined;
  if (report.attestations || canonicalJson(splitTags(argv).tags) !== canonicalJson(tags)) return undefined;
  if (!record.result.requests.every(({ type }) => type === "registry" || type === "store")) return undefined;
  const files: EditRecord["files"] = {};
  const tree = readTreeState(dir, { see: (path, state) => (files[path] = state) });
  if (tree.hash !== record.tree) return undefined;
  const [manifest, imageConfig] = await Promise.all([image.manifest(), image.config()]);
  const { diff_ids: diffIds } = imageConfig.rootfs;
  return {
    dir,
    day: today(),
    wish,
    files,
    young: record.young,
    inputs: record.inputs,
    inputPaths: record.inputPaths,
    gitHead: record.gitHead,
    git: made.git ?? null,
    naming: {
      name: config.name ?? plan.name,
      repo: env["KNBUILD_REPO"] || null,
      tags: config.tags,
      variables: { ...made.facts.variables, name: plan.name, version: made.facts.version },
    },
    requests: record.result.requests,
    config,
    plan: planDigest(plan),
    planned: made.planned,
    basis,
    binary,
    layers: result.layers.map(({ kind, layer: { origin } }, i) => ({
      kind,
      descriptor: manifest.layers[i] as Descriptor,
      diffId: diffIds[i] as Digest,
      ...(origin && { origin }),
    })),
    image: {
      descriptor: image.descriptor,
      config: imageConfig.config ?? {},
      history: imageConfig.history ?? [],
      annotations: manifest.annotations ?? {},
      created: imageConfig.created ?? "",
    },
    mtime: sourceDateEpoch(env),
    gate: made.gate
      ? {
          options: made.gate.options,
          root: made.gate.root,
          files: await filesToLoad({
            root: made.gate.root,
            files: () => made.gate?.files ?? [],
            read: async () => new Uint8Array(),
          }),
          sources: bundle.sources,
        }
      : null,
    warnings: warnings.filter((warning) => !made.gate?.warnings.includes(warning)),
    registry: { plainHttp: registry.plainHttp, insecure: registry.insecure, caFiles: registry.caFiles },
    report: {
      platform: report.platform,
      buildpack: report.buildpack,
      base: report.base,
      bundle: report.bundle,
      entrypoint: report.entrypoint,
      ...(report.modulesBytes !== undefined && { modulesBytes: report.modulesBytes }),
    },
  };
}
