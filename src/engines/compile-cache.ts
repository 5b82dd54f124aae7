/**
 * V8's code cache, made at build time by the very node that will run the app: no function is compiled at start any more. The
 * app is compiled, not run. What comes out depends on the files and the node binary alone, and is looked at once by that node
 * before it is shipped: a cache that it would refuse is none.
 *
 * Only third-party code and large files of the app have one: a small file compiles as fast as its cache is read, and an edit of
 * it should move nothing else.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import { canonicalJson } from "../base/canonical-json.ts";
import { sha256 } from "../base/digest.ts";
import { errnoCode, errorMessage } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { collectGarbage } from "../base/heap.ts";
import { templatePath } from "../base/package-root.ts";
import type { BundleFile, BundleResult } from "../bundle/types.ts";
import { withKeyedDir } from "../install/keyed-dir.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import type { LayerKind } from "../plan/types.ts";
import { diskEntry, type FileDigest } from "./files.ts";
import type { EngineBase } from "./types.ts";

export interface CompileCacheInput {
  bundle: BundleResult;
  base: EngineBase;
  /** Absolute directory of the app in the image. */
  imageAppDir: string;
  cacheDir: string;
  digest: FileDigest;
  emit: Emit;
  signal: AbortSignal;
}

export interface CompileCache {
  /** By the layer that they go to. */
  entries: Partial<Record<LayerKind, TarEntry[]>>;
  /** Arguments for node, before all others. */
  nodeArgs: string[];
}

interface Module {
  /** Absolute, in the image. */
  path: string;
  source: Exclude<BundleFile["source"], { link: string }>;
  esm: boolean;
}

const FORMAT = "compile-cache-1";
/** Bytes of a file of the app from which on its cache is worth a read. */
export const WORTH_BYTES = 32 * 1024;
/** Packages shipped as files: more than this is mostly code that a start does not touch. */
const MOST_FILES_BYTES = 8 * 1024 * 1024;

/** Where code lies that changes with the packages, and with each edit. */
const PLACES: readonly { from: readonly LayerKind[]; to: LayerKind }[] = [
  { from: ["vendor", "dependencies"], to: "vendor-cache" },
  { from: ["app"], to: "cache" },
];

/** Undefined where there is none: another kind of base, an older node, a host that cannot run it, nothing worth it. */
export async function compileCache(input: CompileCacheInput): Promise<CompileCache | undefined> {
  const { bundle, base } = input;
  if (bundle.mode !== "bundle" || !base.nodeBinary || !base.nodePath || !isAble(base.nodeVersion)) return undefined;
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const entries: CompileCache["entries"] = {};
  const home = posix.join(input.imageAppDir, "node_modules/@knbuild").replace(/^\/+/, "");
  for (const { from, to } of PLACES) {
    const modules = from.flatMap((kind) => modulesOf(kind, bundle));
    if (modules.length === 0) continue;
    const dir = await madeCache(modules, input);
    if (dir === undefined) return undefined;
    entries[to] = readdirSync(dir)
      .sort()
      .map((name) => diskEntry(`${home}/compile-cache/${name}`, join(dir, name), input.digest, 0o644));
  }
  if (Object.keys(entries).length === 0) return undefined;
  const preload = `${home}/compile-cache.cjs`;
  entries.runtime = [diskEntry(preload, templatePath("runtime", "compile-cache.cjs"), input.digest, 0o644)];
  return { entries, nodeArgs: ["--require", `/${preload}`] };
}

/** module.enableCompileCache came with 22.8. */
function isAble(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 8);
}

function modulesOf(kind: LayerKind, bundle: BundleResult): Module[] {
  const files = (bundle.files[kind] ?? []).filter(({ path }) => /\.[cm]?js$/.test(path));
  const modules = files.flatMap(({ path, source }): Module[] =>
    "link" in source ? [] : [{ path: `/${path}`, source, esm: isModule(path, bundle) }],
  );
  if (kind === "app") return modules.filter(({ source }) => sizeOf(source) >= WORTH_BYTES);
  if (kind !== "dependencies") return modules;
  return modules.reduce((sum, { source }) => sum + sizeOf(source), 0) > MOST_FILES_BYTES ? [] : modules;
}

function sizeOf(source: Module["source"]): number {
  return "bytes" in source ? source.bytes.byteLength : statSync(source.file).size;
}

/** As Node decides it: by the ending, else by the nearest package.json in the image. */
function isModule(path: string, bundle: BundleResult): boolean {
  if (/\.[cm]js$/.test(path)) return path.endsWith(".mjs");
  const manifests = manifestsOf(bundle);
  for (let dir = dirname(path); dir !== "." && dir !== "/"; dir = dirname(dir)) {
    const type = manifests.get(`${dir}/package.json`);
    if (type !== undefined) return type === "module";
  }
  return false;
}

const types = new WeakMap<BundleResult, Map<string, string>>();

function manifestsOf(bundle: BundleResult): Map<string, string> {
  let found = types.get(bundle);
  if (found) return found;
  types.set(bundle, (found = new Map()));
  for (const { path, source } of Object.values(bundle.files).flat()) {
    if (!path.endsWith("/package.json") || "link" in source) continue;
    const text = "bytes" in source ? Buffer.from(source.bytes).toString() : readFileSync(source.file, "utf8");
    try {
      found.set(path, (JSON.parse(text) as { type?: string }).type ?? "commonjs");
    } catch {
      // Node fails on it too, if it ever gets there.
    }
  }
  return found;
}

/** The directory with the cache's files, made or found; undefined where node makes none that it takes back. */
async function madeCache(modules: Module[], input: CompileCacheInput): Promise<string | undefined> {
  const node = await input.base.nodeBinary?.();
  if (node === undefined) return undefined;
  const contents = modules.map(({ path, source, esm }) => [path, esm, digestOf(source, input.digest)]);
  // The binary lies in a directory named after its version and integrity.
  const key = sha256(canonicalJson([FORMAT, basename(dirname(node)), contents]));
  try {
    const made = await withKeyedDir(join(input.cacheDir, "compile-cache"), key.slice("sha256:".length), (tree) =>
      fill(tree, modules, node, input.signal),
    );
    return made.result.usable ? made.tree : undefined;
  } catch (error) {
    if (input.signal.aborted) throw error;
    input.emit({
      type: "info",
      message: `no compile cache: node ${input.base.nodeVersion} cannot make one here (${errorMessage(error).split("\n")[0]})`,
    });
    return undefined;
  }
}

function digestOf(source: Module["source"], digest: FileDigest): string {
  return "file" in source ? `sha256:${digest(source.file, statSync(source.file))}` : sha256(source.bytes);
}

async function fill(tree: string, modules: Module[], node: string, signal: AbortSignal): Promise<{ usable: boolean }> {
  const work = mkdtempSync(join(dirname(tree), "work-"));
  try {
    const files = modules.map(({ path, source, esm }, i) => {
      const file = "file" in source ? source.file : join(work, `${i}.js`);
      if ("bytes" in source) writeFileSync(file, source.bytes);
      return { path, file, esm };
    });
    const dir = join(work, "cache");
    mkdirSync(dir);
    // Two nodes at once are the peak of a build's memory.
    collectGarbage();
    const request = JSON.stringify({ dir, files });
    // Predictable: addresses and the seeds of hash tables show in the cache otherwise.
    await run(node, ["--predictable", templatePath("build", "compile-cache.cjs")], request, {}, signal);
    const made = join(dir, readdirSync(dir)[0] ?? "");
    const flags = readFileSync(join(made, cacheName("/knbuild/probe.cjs", false))).readUInt32LE(V8_FLAGS);
    const entries = new Map<string, Buffer>();
    for (const { path, esm } of files) {
      const name = cacheName(esm ? pathToFileURL(path).href : path, esm);
      try {
        entries.set(name, withFlags(readFileSync(join(made, name)), flags));
      } catch (error) {
        // It does not compile, or this node cannot be asked to compile modules.
        if (errnoCode(error) !== "ENOENT") throw error;
      }
    }
    rmSync(made, { recursive: true });
    mkdirSync(made);
    for (const [name, entry] of entries) for (const place of [made, tree]) writeFileSync(join(place, name), entry);
    return { usable: entries.size > 0 && (await isAccepted(node, dir, files, signal)) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Node's name for a module's entry: the checksum of its kind and name (src/compile_cache.cc, GetCacheKey). */
function cacheName(name: string, esm: boolean): string {
  return crc32(name, crc32(Buffer.from([esm ? 1 : 0])))
    .toString(16)
    .padStart(8, "0");
}

/** Node's header: magic, size of the code, size of the cache, checksum of the code, checksum of the cache. */
const NODE_HEADER = 20;
/** V8's, behind it: magic, version, source, flags, …; its own checksum is that of what follows. */
const V8_FLAGS = NODE_HEADER + 12;

function withFlags(entry: Buffer, flags: number): Buffer {
  const changed = Buffer.from(entry);
  changed.writeUInt32LE(flags, V8_FLAGS);
  changed.writeUInt32LE(crc32(changed.subarray(NODE_HEADER)), NODE_HEADER - 4);
  return changed;
}

/** Compiles again with the cache at hand, as the image will: says for each file whether V8 took its entry. */
async function isAccepted(
  node: string,
  dir: string,
  files: readonly { path: string }[],
  signal: AbortSignal,
): Promise<boolean> {
  const request = JSON.stringify({ dir, files });
  const script = templatePath("build", "compile-cache.cjs");
  const told = await run(node, [script, "check"], request, { NODE_DEBUG_NATIVE: "COMPILE_CACHE" }, signal);
  return /was accepted/.test(told) && !/was rejected|mismatch/.test(told);
}

/** glibc gives larger pieces back when they are free, where it would keep what the compiler needed: 4 to 8 MB of the peak. */
const FRUGAL = { MALLOC_MMAP_THRESHOLD_: "16384" };

function run(
  program: string,
  args: string[],
  input: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...FRUGAL, ...env }, signal });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(output.trim() || `it ended with ${status}`));
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
