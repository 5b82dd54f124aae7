/** Builds a directory, and again whenever something that it is made of changes. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { errnoCode } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import { isTemporary } from "../base/replace-file.ts";
import { createBundleSession } from "../bundle/session.ts";
import { LOCK_FILE } from "../config/files.ts";
import { openSource } from "../source/open.ts";
import { watchTree } from "../source/watch-tree.ts";
import { build } from "./build.ts";
import type { BuildOptions, BuildReport, BuildSession } from "./build-types.ts";

export interface Rebuild {
  report: BuildReport;
  /** What changed, relative to the directory; empty for the first build. */
  changed: string[];
  /** From the change to the new bundle, ms; absent where nothing was bundled. */
  bundleMs?: number;
  /** From the change to the image in its places, ms. */
  imageMs: number;
}

export interface WatchHandlers {
  /** A build was done. The next one waits for it. */
  built(rebuild: Rebuild): Promise<void> | void;
  /** A build failed; the next change tries again. */
  failed(error: unknown, changed: string[]): void;
}

/** Several writes of one save (an editor's temporary file, a branch checked out) are one change. */
const SETTLE_MS = 12;

/** Returns when the signal is aborted. @throws what `build` throws of the directory and options at the very start, WATCH_LIMIT */
export async function watchBuild(
  options: BuildOptions & { signal: AbortSignal },
  handlers: WatchHandlers,
): Promise<void> {
  const { signal, emit = silent } = options;
  const { cwd = process.cwd() } = options;
  const dir = resolve(cwd, options.dir);
  const session: BuildSession = { bundle: createBundleSession(), inputs: [] };
  const changes = collectChanges(dir);
  const watches = new Map<string, { close(): void }>();
  try {
    const { ignore } = openSource(dir);
    watches.set(
      dir,
      watchTree(
        dir,
        (path) => ignore.prunes(path),
        (path) => changes.add(join(dir, path)),
      ),
    );
    let changed: string[] = [];
    let sinceMs = performance.now();
    while (!signal.aborted) {
      await rebuild(changed, sinceMs);
      watchInputs();
      await session.bundle.warm();
      await changes.next(signal);
      if (signal.aborted) return;
      ({ changed, sinceMs } = changes.take());
    }
  } finally {
    for (const watch of watches.values()) watch.close();
    await session.bundle.close();
  }

  async function rebuild(changed: string[], sinceMs: number): Promise<void> {
    let bundledMs: number | undefined;
    const timed: Emit = (event) => {
      if (event.type === "step-end" && event.id === "bundle") bundledMs = performance.now() - sinceMs;
      // What the first build has told does not need telling again.
      if (changed.length === 0 || event.type === "warning" || event.type === "log") emit(event);
    };
    try {
      const report = await build({ ...options, emit: timed, session });
      const imageMs = performance.now() - sinceMs;
      changes.wrote(report.outputs.flatMap(({ dest }) => (dest === undefined ? [] : [resolve(cwd, dest)])));
      await handlers.built({ report, changed, imageMs, ...(bundledMs !== undefined && { bundleMs: bundledMs }) });
    } catch (error) {
      if (signal.aborted) return;
      // A temporary file of an editor went away while the tree was read: the change that it was made for comes next.
      if (errnoCode(error) === "ENOENT" && changes.pending()) return;
      handlers.failed(error, changed);
    }
  }

  /** Members of a monorepo and other files beside the directory, by the folders that they lie in. */
  function watchInputs(): void {
    const outside = session.inputs.filter((path) => !path.startsWith(`${dir}/`) && !path.includes("/node_modules/"));
    for (const folder of new Set(outside.map((path) => dirname(path)))) {
      if (watches.has(folder)) continue;
      const seen = new Set(session.inputs);
      const prunes = () => true; // The folder itself only.
      watches.set(
        folder,
        watchTree(folder, prunes, (path) => seen.has(join(folder, path)) && changes.add(join(folder, path))),
      );
    }
  }
}

function collectChanges(dir: string) {
  const paths = new Set<string>();
  // What a build writes itself: absolute paths, of directories too.
  const written = new Set([join(dir, LOCK_FILE)]);
  const isBelow = (path: string, folder: string) => path.startsWith(`${folder}/`);
  // A directory on the way to one is made with it; what else changes in there has a path of its own.
  const isWritten = (path: string) =>
    [...written].some((own) => path === own || isBelow(path, own) || isBelow(own, path));
  let firstMs = 0;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    add(path: string): void {
      const name = relative(dir, path);
      if (isWritten(path) || isTemporary(name) || /(?:^|\/)(?:\.knbuild-|\.#|4913$)|~$|\.sw[px]$/.test(name)) return;
      if (paths.size === 0) firstMs = performance.now();
      paths.add(name);
      clearTimeout(timer);
      timer = setTimeout(() => wake?.(), SETTLE_MS);
    },
    /** Changes of these files and directories are the build's own, those seen already too. */
    wrote(own: readonly string[]): void {
      for (const path of own) written.add(path);
      for (const name of paths) if (isWritten(join(dir, name))) paths.delete(name);
    },
    next(signal: AbortSignal): Promise<void> {
      return new Promise((done) => {
        const stop = () => {
          signal.removeEventListener("abort", stop);
          wake = undefined;
          done();
        };
        wake = stop;
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop, { once: true });
        // Changed while the last build ran.
        if (paths.size > 0) timer = setTimeout(stop, SETTLE_MS);
      });
    },
    pending: () => paths.size > 0,
    take(): { changed: string[]; sinceMs: number } {
      const all = [...paths].sort();
      paths.clear();
      const there = all.filter((name) => existsSync(join(dir, name)));
      // Temporary files come and go beside the file that is saved.
      const changed = there.length > 0 ? there : all;
      return { changed, sinceMs: firstMs };
    },
  };
}
