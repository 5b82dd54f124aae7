/** Applies one layer's tar to a directory: image-spec 1.1 "layer.md", whiteouts and opaque directories included. */
import type { Stats } from "node:fs";
import { chmod, lchown, link, lstat, mkdir, open, readdir, rm, symlink, utimes } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, type Header } from "tar-stream";
import { errorMessage, KnbuildError, throwIfAborted } from "../base/errors.ts";
import type { ByteStream } from "../base/streams.ts";
import { pathComponents, resolveInRoot } from "./scoped-path.ts";

const WHITEOUT = ".wh.";
const OPAQUE = ".wh..wh..opq";
/** aufs' own files: no part of the image. */
const WHITEOUT_META = ".wh..wh.";

export interface ApplyOptions {
  /** Take owners from the archive; only root can. Without it directories stay readable and writable for their owner. */
  owners: boolean;
  /** For messages: the layer's digest. */
  where: string;
  signal: AbortSignal;
}

/**
 * Extracts an uncompressed tar into `root`. Devices and FIFOs are left out: a container gets its own /dev.
 * @returns bytes written to files
 * @throws LAYER_INVALID
 */
export async function applyLayer(source: ByteStream, root: string, options: ApplyOptions): Promise<number> {
  const state: LayerState = { root, options, created: new Set(), parents: new Map(), directoryTimes: [] };
  const parser = extract();
  const fed = pipeline(Readable.from(source, { objectMode: false }), parser as unknown as NodeJS.WritableStream);
  // Told of twice otherwise: the entries' loop below throws the same error.
  fed.catch(() => {});
  let bytes = 0;
  try {
    for await (const entry of parser) {
      throwIfAborted(options.signal);
      bytes += await applyEntry(state, entry.header, entry as unknown as ByteStream);
      entry.resume();
    }
    await fed;
  } catch (error) {
    parser.destroy();
    if (error instanceof KnbuildError) throw error;
    throw new KnbuildError({
      code: "LAYER_INVALID",
      message: `cannot unpack a layer: ${errorMessage(error)}`,
      where: options.where,
      cause: error,
    });
  }
  // Last, and deepest first: writing into a directory changes its time.
  for (const [path, seconds] of state.directoryTimes.reverse()) await utimes(path, seconds, seconds).catch(() => {});
  return bytes;
}

interface LayerState {
  root: string;
  options: ApplyOptions;
  /** Real paths that this layer made: whiteouts only remove what lower layers made. */
  created: Set<string>;
  /** Directory in the archive → its real path. */
  parents: Map<string, string>;
  directoryTimes: [path: string, seconds: number][];
}

async function applyEntry(state: LayerState, header: Header, content: ByteStream): Promise<number> {
  const components = pathComponents(header.name, state.options.where);
  const name = components.at(-1);
  if (name === undefined) {
    if (header.type === "directory") await setAttributes(state, state.root, header);
    return 0;
  }
  const parent = await realParent(state, components.slice(0, -1));
  if (name === OPAQUE) {
    await removeLower(state, parent);
    return 0;
  }
  if (name.startsWith(WHITEOUT_META)) return 0;
  if (name.startsWith(WHITEOUT)) {
    const hidden = name.slice(WHITEOUT.length);
    if (hidden === "" || hidden === "." || hidden === "..") throw invalid(state, header, "is not a whiteout");
    await remove(state, join(parent, hidden));
    return 0;
  }
  const path = join(parent, name);
  switch (header.type) {
    case "directory":
      await makeDirectory(state, path, header);
      return 0;
    case "file":
    case "contiguous-file":
      await clear(state, path);
      await writeContent(path, content);
      await setAttributes(state, path, header);
      return header.size ?? 0;
    case "symlink":
      if (!header.linkname) throw invalid(state, header, "is a symbolic link to nothing");
      await clear(state, path);
      await symlink(header.linkname, path);
      if (state.options.owners) await lchown(path, header.uid ?? 0, header.gid ?? 0);
      return 0;
    case "link":
      await makeHardlink(state, path, header);
      return 0;
    default:
      return 0;
  }
}

async function writeContent(path: string, content: ByteStream): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of content) await file.writeFile(chunk);
  } finally {
    await file.close();
  }
}

async function makeDirectory(state: LayerState, path: string, header: Header): Promise<void> {
  const existing = await stat(path);
  if (existing && !existing.isDirectory()) await clear(state, path);
  if (!existing?.isDirectory()) await mkdir(path);
  state.created.add(path);
  await setAttributes(state, path, header);
}

async function makeHardlink(state: LayerState, path: string, header: Header): Promise<void> {
  const components = pathComponents(header.linkname, state.options.where);
  const target = resolveInRoot(state.root, components, false);
  const found = await stat(target);
  if (!found || found.isDirectory())
    throw invalid(state, header, `is a hard link to ${header.linkname}, which is no file`);
  if (target === path) return;
  await clear(state, path);
  await link(target, path);
}

/** Mode, owner and time. chown first: it clears the setuid bit. */
async function setAttributes(state: LayerState, path: string, header: Header): Promise<void> {
  const directory = header.type === "directory";
  const mode = (header.mode ?? (directory ? 0o755 : 0o644)) & 0o7777;
  if (state.options.owners) await lchown(path, header.uid ?? 0, header.gid ?? 0);
  await chmod(path, state.options.owners ? mode : mode | (directory ? 0o700 : 0o400));
  const seconds = header.mtime ? header.mtime.getTime() / 1000 : 0;
  if (directory) state.directoryTimes.push([path, seconds]);
  else await utimes(path, seconds, seconds);
}

/** The directory an entry goes into; made where the archive did not name it. */
async function realParent(state: LayerState, components: readonly string[]): Promise<string> {
  const key = components.join("/");
  const known = state.parents.get(key);
  if (known !== undefined) return known;
  const path = resolveInRoot(state.root, components);
  const missing: string[] = [];
  for (let at = path; at !== state.root; at = dirname(at)) {
    const found = await stat(at);
    if (found?.isDirectory()) break;
    // A file where a directory must be: the upper layer wins.
    if (found) await clear(state, at);
    missing.unshift(at);
  }
  for (const directory of missing) {
    await mkdir(directory, { mode: 0o755 });
    await chmod(directory, 0o755);
    state.created.add(directory);
  }
  state.parents.set(key, path);
  return path;
}

/** Makes way for a new entry. */
async function clear(state: LayerState, path: string): Promise<void> {
  const found = await stat(path);
  if (found) {
    await rm(path, { recursive: true, force: true });
    if (found.isDirectory() || found.isSymbolicLink()) state.parents.clear();
  }
  // Also a new link changes what paths through it mean.
  state.created.add(path);
}

/** A whiteout: what lower layers put here goes, what this layer made stays. */
async function remove(state: LayerState, path: string): Promise<void> {
  const found = await stat(path);
  if (!found) return;
  if (found.isDirectory()) await removeLower(state, path);
  if (!state.created.has(path) && !holdsCreated(state, path)) {
    await rm(path, { recursive: true, force: true });
    state.parents.clear();
  }
}

async function removeLower(state: LayerState, directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && (state.created.has(path) || holdsCreated(state, path))) await removeLower(state, path);
    else if (!state.created.has(path)) await rm(path, { recursive: true, force: true });
  }
  state.parents.clear();
}

function holdsCreated(state: LayerState, directory: string): boolean {
  for (const path of state.created) if (path.startsWith(`${directory}/`)) return true;
  return false;
}

async function stat(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

function invalid(state: LayerState, header: Header, why: string): KnbuildError {
  return new KnbuildError({
    code: "LAYER_INVALID",
    message: `${JSON.stringify(relative("/", `/${header.name}`) || basename(header.name))} ${why}`,
    where: state.options.where,
  });
}
