/**
 * Tells when files of a source tree change. One watch a directory: what is not source (node_modules, version control, ignored
 * directories) costs nothing.
 */
import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join, relative, sep } from "node:path";
import { errnoCode, KnbuildError } from "../base/errors.ts";

export interface TreeWatch {
  close(): void;
}

/**
 * @param prunes directories (relative to the root, `/` as separator) that are not entered
 * @param changed told of each path that changed, relative to the root; may be told of one several times
 * @throws WATCH_LIMIT where the machine allows no more watches
 */
export function watchTree(
  root: string,
  prunes: (directory: string) => boolean,
  changed: (path: string) => void,
): TreeWatch {
  const watches = new Map<string, FSWatcher>();
  if (process.platform === "darwin" || process.platform === "win32") {
    // One watch sees everything below.
    const all = watch(root, { recursive: true }, (_event, name) => {
      const path = (name ?? "").split(sep).join("/");
      if (!path.split("/").some((_, i, parts) => prunes(parts.slice(0, i + 1).join("/")))) changed(path);
    });
    return { close: () => all.close() };
  }

  function enter(directory: string): void {
    const path = relative(root, directory);
    if (watches.has(directory) || (path !== "" && prunes(path))) return;
    try {
      const watcher = watch(directory, (_event, name) => {
        if (name === null) return changed(path);
        const target = join(directory, name);
        if (isDirectory(target)) enter(target);
        else forget(target);
        changed(relative(root, target));
      });
      watcher.on("error", () => forget(directory));
      watches.set(directory, watcher);
      for (const entry of readdirSync(directory, { withFileTypes: true }))
        if (entry.isDirectory()) enter(join(directory, entry.name));
    } catch (error) {
      if (errnoCode(error) === "ENOSPC" || errnoCode(error) === "EMFILE") {
        close();
        throw new KnbuildError({
          code: "WATCH_LIMIT",
          message: "the machine allows no more watches on directories",
          where: directory,
          hint: "Raise fs.inotify.max_user_watches, or leave directories out with a line in .knbuildignore.",
          cause: error,
        });
      }
      // It went away meanwhile: the watch of the directory above has told of that.
    }
  }

  function forget(directory: string): void {
    watches.get(directory)?.close();
    watches.delete(directory);
  }

  function close(): void {
    for (const watcher of watches.values()) watcher.close();
    watches.clear();
  }

  enter(root);
  return { close };
}

function isDirectory(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}
