/** From a plan's step to what the bundler is asked. */
import type { BundleInput } from "../bundle/types.ts";
import type { BundleStep } from "../plan/types.ts";
import type { EngineContext } from "./types.ts";
import type { Workspace } from "./workspace.ts";

export function bundleInput(
  step: BundleStep,
  workspace: Workspace,
  { gracefulShutdown, cacheDir }: Pick<EngineContext, "gracefulShutdown" | "cacheDir">,
): BundleInput {
  return {
    appDir: workspace.appDir,
    modulesRoot: workspace.modulesRoot,
    entry: step.entry,
    nodeTarget: step.nodeTarget,
    enabled: step.enabled,
    minify: step.minify,
    sourcemap: step.sourcemap,
    external: step.external,
    ...(step.inline && { inline: step.inline }),
    include: step.include,
    exclude: step.exclude,
    ignores: workspace.ignores,
    gracefulShutdown,
    imageAppDir: step.appDir,
    cacheDir,
    ...(step.roots && { roots: step.roots }),
    ...(step.preloads && { preloads: step.preloads }),
  };
}
