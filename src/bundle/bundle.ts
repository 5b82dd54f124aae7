/**
 * From an app's directory to the files of its image. Where an earlier run left a record and only the app's own code was edited,
 * nothing but that code is bundled again; code for a full build is not even loaded then.
 */
import { buildIncrementally, keepRecord } from "./incremental.ts";
import { assemble } from "./parts.ts";
import type { BundleContext, BundleInput, BundleResult } from "./types.ts";

export type {
  BundleContext,
  BundleFile,
  BundleInput,
  BundleResult,
  BundleSource,
  BundleWarning,
  ExternalPackage,
  ShippedPackage,
} from "./types.ts";

/**
 * @throws BUNDLE_ENTRY_MISSING, BUNDLE_SYNTAX (esbuild's code frame in `detail`), BUNDLE_UNRESOLVED (the importer in `where`),
 * BUNDLE_FAILED, BUNDLE_DECORATORS, BUNDLE_PACKAGE_OUTSIDE, INTERRUPTED
 */
export async function bundleApp(input: BundleInput, context: BundleContext = {}): Promise<BundleResult> {
  if (!context.fresh && !context.anew) {
    const again = await buildIncrementally(input, context.session);
    if (again) return again;
  }
  const [{ openProject }, { buildFully }, { endProcess }] = await Promise.all([
    import("./project.ts"),
    import("./full-build.ts"),
    import("./esbuild.ts"),
  ]);
  const project = openProject(input);
  const built = await buildFully(project, context.signal);
  // What comes next has processes of its own; a session's goes on.
  if (!context.session) await endProcess();
  const again = context.fresh ? undefined : keepRecord(project, built);
  return { ...(await assemble(input, built.parts, built.facts, built.outputs)), ...(again && { again }) };
}
