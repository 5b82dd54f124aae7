/**
 * Will every addon load on the base? Told while it is built, with the Debian package that is missing, not by a crash. Of a
 * base by reference this is the one thing that its layers are fetched for, and only when there are addons.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import { errorMessage } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import type { ResolvedBase } from "../bases/resolve.ts";
import type { ElfProblem } from "../elf/check-closure.ts";
import type { LayerSource, TarEntry } from "../oci/layer-source.ts";
import { imageOf } from "../oci/remote-image.ts";
import type { Store } from "../store/store.ts";

export interface NativeCheckContext {
  store: Store;
  cacheDir: string;
  env: NodeJS.ProcessEnv;
  emit: Emit;
  signal: AbortSignal;
}

/** Where images of others keep their node. */
const NODE_PLACES = ["/nodejs/bin/node", "/usr/local/bin/node", "/usr/bin/node"];

interface Remembered {
  problems: ElfProblem[];
  /** Debian packages by missing library. */
  packages: Record<string, string[]>;
}

/**
 * Emits a warning for each addon that the base cannot load. Addons for other platforms, which many packages bring along
 * and choose among at run time, are passed over where the package has one that fits.
 */
export async function checkNative(
  files: readonly TarEntry[],
  base: ResolvedBase,
  context: NativeCheckContext,
): Promise<void> {
  if (!files.some(({ path }) => path.endsWith(".node"))) return;
  const contents = files.map((file) => [
    file.path,
    file.type === "file" ? (file.digest ?? "") : "target" in file ? file.target : "",
  ]);
  const key = createHash("sha256")
    .update(canonicalJson([base.kind === "assembled" ? base.digest : base.manifest.digest, contents]))
    .digest("hex");
  let found = context.store.readRecord("natives", key) as Remembered | undefined;
  if (!found) {
    try {
      found = await examine(files, base, context);
    } catch (error) {
      // The layers of somebody else's base may stay out of reach for a build that mounts them.
      if (base.kind === "assembled" || context.signal.aborted) throw error;
      const message = `whether the addons load on ${base.ref} was not checked: ${errorMessage(error)}`;
      context.emit({ type: "warning", code: "ADDONS_NOT_CHECKED", message });
      return;
    }
    context.store.writeRecord("natives", key, found);
  }
  const withGood = goodPackages(files, found.problems);
  for (const problem of found.problems) {
    if (withGood.has(packageOf(problem.path))) continue;
    const packages = problem.missing === undefined ? [] : (found.packages[problem.missing] ?? []);
    context.emit({
      type: "warning",
      code: problem.code,
      message: problem.message,
      where: problem.path,
      hint:
        packages.length > 0
          ? `Debian's ${packages.slice(0, 3).join(" or ")} has it. In knbuild.yaml: base: { packages: [${packages[0]}] }`
          : undefined,
    });
  }
}

async function examine(
  files: readonly TarEntry[],
  base: ResolvedBase,
  context: NativeCheckContext,
): Promise<Remembered> {
  const [{ checkElfClosure }, { readBaseFiles }] = await Promise.all([
    import("../elf/check-closure.ts"),
    import("../bases/base-files.ts"),
  ]);
  const app = { kind: "dependencies" as const, comment: "", entries: () => files };
  const libraries = files.filter(({ path }) => path.endsWith(".node")).map(({ path }) => `/${path}`);
  const check = async (layers: readonly LayerSource[], node: string | undefined) => {
    const view = await readBaseFiles({ layers: [...layers, app] });
    const host = [node, ...NODE_PLACES].find((path) => path !== undefined && view.lookup(path)?.type === "file");
    return checkElfClosure(view, { libraries, ...(host !== undefined && { host }) });
  };
  if (base.kind === "reference") {
    const { withLayerFiles } = await import("./layer-files.ts");
    const image = await imageOf(base.target, base.manifest);
    return { problems: await withLayerFiles(await image.layers(), (layers) => check(layers, undefined)), packages: {} };
  }
  const problems = await check(base.layers, base.node?.path);
  const missing = [
    ...new Set(
      problems.flatMap(({ code, missing: library }) => (code === "ELF_LIBRARY_MISSING" && library ? [library] : [])),
    ),
  ];
  let packages: Record<string, string[]> = {};
  if (missing.length > 0) {
    const { findPackagesOf } = await import("../bases/find-package.ts");
    // Without the index the names of the libraries must do.
    packages = await findPackagesOf(missing, base.id, context).catch(() => ({}));
  }
  return { problems, packages };
}

/** `app/node_modules/@scope/name` of a file below it. */
function packageOf(path: string): string {
  const clean = path.replace(/^\/+/, "");
  const at = clean.lastIndexOf("node_modules/");
  if (at < 0) return clean;
  const parts = clean.slice(at + "node_modules/".length).split("/");
  return clean.slice(0, at) + parts.slice(0, parts[0]?.startsWith("@") ? 2 : 1).join("/");
}

/** Packages with an addon that loads. */
function goodPackages(files: readonly TarEntry[], problems: readonly ElfProblem[]): Set<string> {
  const bad = new Set(problems.flatMap(({ path, chain }) => [path, ...chain]).map((path) => path.replace(/^\/+/, "")));
  return new Set(
    files.filter(({ path }) => path.endsWith(".node") && !bad.has(path)).map(({ path }) => packageOf(path)),
  );
}
