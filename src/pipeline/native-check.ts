/**
 * Will every addon load on the base, and every program that packages bring along start? Told while it is built, with the
 * Debian packages that are missing, not by a crash. Of a base by reference this is the one thing that its layers are fetched
 * for, and only when there are such files.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import { errorMessage } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { firstBytes } from "../base/streams.ts";
import type { ResolvedBase } from "../bases/resolve.ts";
import type { ElfProblem } from "../elf/check-closure.ts";
import { fileKind } from "../elf/magic.ts";
import type { LayerSource, TarEntry } from "../oci/layer-source.ts";
import { imageOf } from "../oci/remote-image.ts";
import type { Store } from "../store/store.ts";
import { baseNetwork } from "./base-network.ts";
import { worthTelling } from "./native-choice.ts";

export interface NativeCheckContext {
  store: Store;
  cacheDir: string;
  env: NodeJS.ProcessEnv;
  emit: Emit;
  signal: AbortSignal;
  /** Debian packages that the configuration adds to the base already. */
  packages: readonly string[];
}

/** Where images of others keep their node. */
const NODE_PLACES = ["/nodejs/bin/node", "/usr/local/bin/node", "/usr/bin/node"];

interface Remembered {
  problems: ElfProblem[];
  /** Debian packages by missing library; undefined where they could not be looked up this time. */
  packages: Record<string, string[]> | undefined;
}

/** Emits a warning for each addon that the base cannot load and nothing stands in for (`native-choice.ts`). */
export async function checkNative(
  files: readonly TarEntry[],
  base: ResolvedBase,
  context: NativeCheckContext,
): Promise<void> {
  const native = await nativeFiles(files);
  if (native.addons.length + native.programs.length === 0) return;
  const contents = files.map((file) => [
    file.path,
    file.type === "file" ? (file.digest ?? "") : "target" in file ? file.target : "",
  ]);
  const key = createHash("sha256")
    .update(canonicalJson([4, base.kind === "assembled" ? base.digest : base.manifest.digest, contents]))
    .digest("hex");
  let found = context.store.readRecord("natives", key) as Remembered | undefined;
  if (!found) {
    try {
      found = await examine(files, native, base, context);
    } catch (error) {
      // The layers of somebody else's base may stay out of reach for a build that mounts them.
      if (base.kind === "assembled" || context.signal.aborted) throw error;
      const message = `whether the addons load on ${base.ref} was not checked: ${errorMessage(error)}`;
      context.emit({ type: "warning", code: "ADDONS_NOT_CHECKED", message });
      return;
    }
    if (found.packages) context.store.writeRecord("natives", key, found);
  }
  const { packages } = found;
  const told = worthTelling([...native.addons, ...native.programs], found.problems);
  const bringers = ({ missing }: ElfProblem) => (missing === undefined ? [] : (packages?.[missing] ?? []));
  // One line to copy, whichever warning it is read from.
  const wanted = new Set([...context.packages, ...told.flatMap((problem) => bringers(problem).slice(0, 1))]);
  const line = `In knbuild.yaml: base: { packages: [${[...wanted].join(", ")}] }`;
  for (const problem of told) {
    // All libraries that one file lacks are told at once, where the first of them stands.
    const same = told.filter((one) => one.path === problem.path && one.code === problem.code);
    const lacks = problem.code === "ELF_LIBRARY_MISSING" && same.length > 1;
    if (lacks && same[0] !== problem) continue;
    const libraries = same.flatMap(({ missing }) => missing ?? []);
    const alone = bringers(problem).slice(0, 3).join(" or ");
    const each = [...new Set(same.flatMap((one) => bringers(one).slice(0, 1)))];
    const bring = lacks ? each.join(", ") : alone;
    context.emit({
      type: "warning",
      code: problem.code,
      message: lacks ? `${problem.path} needs ${inWords(libraries)}, which are not in the image` : problem.message,
      where: problem.path,
      hint: bring ? `Debian's ${bring} ${lacks && each.length > 1 ? "have them" : "has it"}. ${line}` : undefined,
    });
  }
}

function inWords(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

interface NativeFiles {
  /** Paths in the image, without the slash. */
  addons: string[];
  programs: string[];
}

/** Of executable files with such names none is a program of the processor's. */
const TEXT = /\.(?:[cm]?[jt]sx?|json|sh|bash|py|pl|rb|cmd|bat|ps1|md|txt|html|map|ya?ml)$/i;

/** What Linux itself would load: addons by their name, programs by their first bytes. */
async function nativeFiles(files: readonly TarEntry[]): Promise<NativeFiles> {
  const addons = files.filter(({ path }) => path.endsWith(".node")).map(({ path }) => path);
  const programs: string[] = [];
  for (const file of files) {
    if (file.type !== "file" || (file.mode & 0o111) === 0 || file.size < 64 || TEXT.test(file.path)) continue;
    if (file.path.endsWith(".node") || /\.so(?:\.\d+)*$/.test(file.path)) continue;
    if (fileKind(await firstBytes(file.open(), 16)) === "elf") programs.push(file.path);
  }
  return { addons, programs };
}

async function examine(
  files: readonly TarEntry[],
  native: NativeFiles,
  base: ResolvedBase,
  context: NativeCheckContext,
): Promise<Remembered> {
  const [{ checkElfClosure }, { readBaseFiles }] = await Promise.all([
    import("../elf/check-closure.ts"),
    import("../bases/base-files.ts"),
  ]);
  const app = { kind: "dependencies" as const, comment: "", entries: () => files };
  const absolute = (path: string) => `/${path}`;
  const [libraries, programs] = [native.addons.map(absolute), native.programs.map(absolute)];
  const check = async (layers: readonly LayerSource[], node: string | undefined) => {
    const view = await readBaseFiles({ layers: [...layers, app] });
    const host = [node, ...NODE_PLACES].find((path) => path !== undefined && view.lookup(path)?.type === "file");
    return checkElfClosure(view, { libraries, programs, ...(host !== undefined && { host }) });
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
  let packages: Remembered["packages"] = {};
  if (missing.length > 0) {
    const { findPackagesOf } = await import("../bases/find-package.ts");
    // Without the index the names of the libraries must do.
    const network = baseNetwork(context.env, context.signal);
    packages = await findPackagesOf(missing, base.id, { ...context, ...network }).catch(() => undefined);
  }
  return { problems, packages };
}
