/**
 * The app's own code, bundled once more: esbuild's binary repeats its last run over it. It counts only where the edited files
 * still ask for what they asked for (`judge-edited.ts`).
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { bundleError, parseBinaryErrors } from "./esbuild-error.ts";
import { binaryArguments, esbuildBinary, type OwnOptions } from "./own-options.ts";
import { normalizeOutputs, type OwnOutput } from "./own-output.ts";
import type { OwnFileRecord } from "./record.ts";
import { stubsDir } from "./stubs.ts";

/** What a run over the app's own code leaves for its repetition; plain JSON. */
export interface OwnAgain {
  /** Real path. */
  root: string;
  options: OwnOptions;
  /** Arguments for esbuild's binary besides the options. */
  extra: string[];
  /** JavaScript and TypeScript of the app by path relative to the root. */
  own: Record<string, OwnFileRecord>;
  /** Other inputs of the app's bundle, relative to the root. */
  data: string[];
}

/**
 * @param cacheDir real path
 * @param binary where esbuild's program was the last time
 * @returns the outputs; an error that the source caused; undefined when other files took part than before. What they were
 * read from is taken away meanwhile, until `removed`.
 */
export async function bundleOwnAgain(
  again: OwnAgain,
  cacheDir: string,
  binary: string | undefined = esbuildBinary(),
): Promise<{ made: OwnOutput[] | Error | undefined; removed: Promise<void> }> {
  if (!binary) return { made: undefined, removed: Promise.resolve() };
  const outdir = mkdtempSync(join(realpathSync(tmpdir()), "knbuild-bundle-"));
  const remove = (): Promise<void> => rm(outdir, { recursive: true, force: true });
  try {
    const made = await bundleInto(outdir, binary, again, stubsDir(cacheDir));
    return { made, removed: remove() };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function bundleInto(
  outdir: string,
  binary: string,
  { root, options: last, extra, own, data }: OwnAgain,
  stubs: string,
): Promise<OwnOutput[] | Error | undefined> {
  const metafile = join(outdir, "meta.json");
  const options = { ...last, outdir: join(outdir, "out") };
  const { status, stderr } = await run(binary, [...binaryArguments(options), ...extra, `--metafile=${metafile}`], root);
  if (status !== 0) {
    const errors = parseBinaryErrors(stderr);
    // A full build says more about an import that leads nowhere.
    const unresolved = errors.some((e) => /^(?:Could not resolve|Cannot read file)/.test(e.text));
    return errors.length > 0 && !unresolved ? bundleError(errors) : undefined;
  }
  const inputs = Object.keys(
    (JSON.parse(readFileSync(metafile, "utf8")) as { inputs: Record<string, unknown> }).inputs,
  );
  const known = new Set([...Object.keys(own), ...data]);
  if (
    !isSameSet(
      known,
      inputs.filter((path) => !join(root, path).startsWith(stubs)),
    )
  )
    return undefined;
  const raw = filesBelow(options.outdir).map((path) => ({
    path: relative(options.outdir, path),
    bytes: readFileSync(path),
  }));
  return normalizeOutputs(raw, root, options.outdir, stubs);
}

export function isSameSet(known: ReadonlySet<string>, inputs: readonly string[]): boolean {
  return inputs.length === known.size && inputs.every((path) => known.has(path));
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
