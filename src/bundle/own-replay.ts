/**
 * Repeats the last run over the app's own code where files have to be changed before esbuild reads them (a `__dirname` away
 * from the bundle's folder, decorators): through the JavaScript API, with the decisions that were made before.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isKnbuildError } from "../base/errors.ts";
import type { AnalyzedFile } from "./analysis-cache.ts";
import { analyzeFile } from "./analyze.ts";
import { decoratorCompiler } from "./decorators.ts";
import { type BareDecision, buildOwn, type OwnBuildHooks } from "./own-build.ts";
import type { OwnOptions } from "./own-options.ts";
import type { OwnOutput } from "./own-output.ts";
import { planRewrites } from "./own-rewrite.ts";
import type { BundleSession } from "./session.ts";
import { stubsDir, writeRootModule } from "./stubs.ts";

export interface Replay {
  /** Importer relative to the root, name, kind of import → what became of it. */
  decisions: Record<string, BareDecision>;
  mayAlias: boolean;
  decorators: boolean;
}

export function decisionKey(root: string, request: { importer: string; specifier: string; kind: string }): string {
  return `${request.kind} ${relative(root, request.importer)} ${request.specifier}`;
}

export interface ReplayInput {
  root: string;
  appDir: string;
  cacheDir: string;
  options: OwnOptions;
  replay: Replay;
  /** JavaScript and TypeScript of the app, relative to the root, with its scope's type. */
  own: Record<string, { moduleScope: boolean }>;
}

/** @returns undefined where something is asked for that was not asked for before */
export async function replayOwn(
  input: ReplayInput,
  session?: BundleSession,
): Promise<{ outputs: OwnOutput[]; files: string[] } | undefined> {
  const { root, options, replay, cacheDir } = input;
  const files = new Map<string, AnalyzedFile>();
  for (const [name, { moduleScope }] of Object.entries(input.own)) {
    const path = join(root, name);
    const text = readFileSync(path, "utf8");
    if (!/__dirname|__filename|import\s*\.\s*meta|\bmodule\s*\.\s*parent/.test(text)) continue;
    files.set(path, { sha: "", analysis: analyzeFile(path, text, { moduleScope, own: true }) });
  }
  const decorators = replay.decorators ? await decoratorCompiler(input) : undefined;
  const rewrites = planRewrites({ root, entries: options.entries, format: options.format, files });
  let known = true;
  try {
    const hooks: OwnBuildHooks = {
      mayAlias: replay.mayAlias,
      transform: (path, text) => {
        const moved = rewrites.apply(path, text);
        return decorators?.(path, moved?.contents ?? text) ?? moved;
      },
      ...(rewrites.files.size > 0 ? { inject: [writeRootModule(cacheDir, options.format, rewrites.up)] } : {}),
      onBare(request) {
        const decision = replay.decisions[decisionKey(root, request)];
        if (decision && (decision.to !== "file" || existsSync(decision.path))) return decision;
        known = false;
        return { to: "external", specifier: request.specifier };
      },
    };
    const built = await buildOwn(options, stubsDir(cacheDir), hooks, session);
    return known ? { outputs: built.outputs, files: built.files } : undefined;
  } catch (error) {
    // A full build says more about an import that leads nowhere.
    if (isKnbuildError(error, "BUNDLE_UNRESOLVED")) return undefined;
    throw error;
  }
}
