/** Whether what was looked at is a library: its files import, declare and export, and loading them starts nothing. */
import { createResolver } from "./imports.ts";
import { onlyExport } from "./only-exports.ts";
import type { Source } from "./open.ts";
import type { ServerLook } from "./server-look.ts";
import { isKnownPackage } from "./server-packages.ts";

/** @param local packages that lie in the source tree, as `lookForServer` was told */
export function looksLikeLibrary(
  source: Source,
  { files, packages, verdict, unbuilt, unread, large, readsPort }: ServerLook,
  local?: ReadonlyMap<string, string>,
): boolean {
  const [entry] = files;
  if (entry === undefined || [unbuilt, unread, large].some((file) => file !== undefined)) return false;
  if (!/\bexports?\b/.test(source.read(entry) ?? "")) return false;
  // Where the files listen themselves, it is theirs to be started.
  const factories = verdict === "unknown" ? packages.filter((name) => !isKnownPackage(name)) : [];
  return onlyExport({
    entry,
    text: (file) => source.read(file),
    resolve: createResolver(source, local),
    mayServe: (name) => factories.includes(name),
    // What asks for PORT is meant to be started, whatever its package.json has from a template.
    isForOthers: isForOthers(source) && !isStarted(source) && !readsPort,
  });
}

/** Fields of package.json that only say something to who installs the package. */
export function isForOthers(source: Source): boolean {
  const fields = manifestOf(source);
  return (
    fields["private"] !== true &&
    ["files", "exports", "types", "typings", "publishConfig"].some((name) => fields[name] !== undefined)
  );
}

function isStarted(source: Source): boolean {
  const { start } = (manifestOf(source)["scripts"] ?? {}) as { start?: unknown };
  return start !== undefined || source.isFile("Procfile");
}

const manifestOf = (source: Source) => (source.readJson("package.json") ?? {}) as Record<string, unknown>;
