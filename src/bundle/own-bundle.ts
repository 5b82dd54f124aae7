/** The last run over the app's own code: with packages behind stubs or left to Node, and how to repeat it with the binary alone. */
import { join, relative } from "node:path";
import type { Judgement } from "./judge.ts";
import { type BareDecision, type BareRequest, buildOwn, type OwnBuild } from "./own-build.ts";
import type { OwnCode } from "./own-code.ts";
import type { OwnOptions } from "./own-options.ts";
import { decisionKey, type Replay } from "./own-replay.ts";
import { planRewrites } from "./own-rewrite.ts";
import type { Project } from "./project.ts";
import { VENDOR_MODULE, writeRootModule, writeStub } from "./stubs.ts";
import { vendorKeyOf } from "./vendor.ts";

export interface OwnBundle extends OwnBuild {
  options: OwnOptions;
  /** Arguments for esbuild's binary besides the options; undefined where only its JavaScript API gives the same result. */
  binaryExtra: string[] | undefined;
  replay: Replay;
}

export async function bundleOwn(
  project: Project,
  own: OwnCode,
  judgement: Judgement,
  decorators: Decorators | undefined,
): Promise<OwnBundle> {
  const { input, root, cacheDir, resolver } = project;
  const options: OwnOptions = {
    root,
    entries: own.entries,
    format: own.format,
    outExtension: own.outExtension,
    nodeTarget: input.nodeTarget,
    minify: input.minify,
    sourcemap: input.sourcemap,
    outdir: join(root, "out"),
  };
  const rewrites = planRewrites({ root, entries: own.entries, format: own.format, files: own.files });
  const outDir = join(root, own.entries[0] as string, "..");
  const targets = new Map(own.requests.map((r) => [`${r.importer}\0${r.specifier}`, r.target]));
  const decisions = new Map<string, BareDecision>();
  const replay: Replay = { decisions: {}, mayAlias: own.aliased.size > 0, decorators: decorators !== undefined };
  let repeatable = rewrites.files.size === 0 && decorators === undefined;

  function decide(request: BareRequest): BareDecision {
    const target =
      request.kind === "require-resolve" ? undefined : targets.get(`${request.importer}\0${request.specifier}`);
    if (target === undefined) return { to: "external", specifier: request.specifier };
    if (!judgement.isExternalFile(target)) {
      // `with { type: "json" }`, which Node demands, has esbuild read whatever it is given as JSON; data needs no stub.
      if (target.endsWith(".json") && request.kind !== "require-call") return { to: "file", path: target };
      const analysis = judgement.files.get(target)?.analysis;
      const module = {
        esm: analysis?.syntax === "esm",
        hasDefault: analysis?.hasDefaultExport ?? false,
        required: request.kind === "require-call" && (analysis?.maySayWhatRequireGets ?? false),
      };
      return { to: "file", path: writeStub(cacheDir, vendorKeyOf(root, target), module) };
    }
    const kind =
      request.kind === "require-call" || (request.kind === "import-statement" && own.format === "cjs")
        ? "require"
        : "import";
    const natural = resolver.resolve(request.specifier, join(outDir, "x.js"), kind);
    if (natural.type === "file" && natural.path === target) return { to: "external", specifier: request.specifier };
    const path = relative(outDir, target);
    return { to: "external", specifier: path.startsWith(".") ? path : `./${path}` };
  }

  const built = await buildOwn(options, project.stubs, {
    mayAlias: own.aliased.size > 0,
    ...(rewrites.files.size > 0 || decorators
      ? {
          transform: (path: string, text: string) => {
            const moved = rewrites.apply(path, text);
            return decorators?.(path, moved?.contents ?? text) ?? moved;
          },
        }
      : {}),
    ...(rewrites.files.size > 0 ? { inject: [writeRootModule(cacheDir, own.format, rewrites.up)] } : {}),
    onBare(request) {
      const decision = decide(request);
      replay.decisions[decisionKey(root, request)] = decision;
      const earlier = decisions.get(request.specifier);
      // One name, two modules (by importer, or by import and require): an alias cannot say that.
      if (earlier && JSON.stringify(earlier) !== JSON.stringify(decision)) repeatable = false;
      if (decision.to === "external" && decision.specifier !== request.specifier) repeatable = false;
      if (request.specifier.startsWith("#")) repeatable = false;
      decisions.set(request.specifier, decision);
      return decision;
    },
  });
  return { ...built, options, binaryExtra: repeatable ? aliasArguments(decisions) : undefined, replay };
}

/** Changes a file of the app before esbuild reads it; undefined: not this one. */
export type Decorators = (path: string, text: string) => { contents: string; loader: "js" } | undefined;

function aliasArguments(decisions: Map<string, BareDecision>): string[] {
  const extra = [`--external:${VENDOR_MODULE}`];
  for (const [specifier, decision] of [...decisions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (decision.to === "file") extra.push(`--alias:${specifier}=${decision.path}`);
    else if (decision.to === "external") extra.push(`--external:${specifier}`);
  }
  return extra;
}
