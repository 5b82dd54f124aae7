/** knbuild.lock: what a base was made of, so that the same source gives the same image next year. */
import { readFileSync } from "node:fs";
import { errnoCode, errorMessage, KnbuildError } from "../base/errors.ts";
import type { Emit } from "../base/events.ts";
import { replaceFile } from "../base/replace-file.ts";
import type { Descriptor } from "../oci/descriptor.ts";

/** The file is JSON: reading it costs a build that changes nothing less than a millisecond. */
export interface LockFile {
  version: 1;
  /** Assembled bases by `lockKey`. */
  bases: Record<string, LockedBase>;
  /** Base images by the reference that the user wrote. */
  references: Record<string, LockedReference>;
}

export interface LockedBase {
  /** Digest of what was asked for; another one means that the lock is out of date. */
  request: string;
  suite: string;
  /** ISO time: the state of the Debian archive that was locked. */
  snapshot: string;
  /** Bottom first. */
  layers: { id: string; packages: LockedPackage[] }[];
  node?: LockedNode;
}

export interface LockedPackage {
  name: string;
  version: string;
  sha256: string;
  /** Bytes. */
  size: number;
  /** Below the archive's base URL. */
  path: string;
  /** In Debian's security archive; absent: in the main one. */
  security?: true;
}

export interface LockedNode {
  version: string;
  /** Subresource integrity of the npm tarball. */
  integrity: string;
}

export interface LockedReference {
  /** What the tag pointed to: an index or a manifest. */
  digest: string;
  /** The manifest for linux/amd64. */
  manifest: Descriptor;
}

export function emptyLock(): LockFile {
  return { version: 1, bases: {}, references: {} };
}

/** A base as it stands in the lock: what the user wrote, and the extra packages: `debian13-node24 + libvips42t64`. */
export function lockKey(ref: string, packages: readonly string[]): string {
  return [ref, ...[...new Set(packages)].sort()].join(SEPARATOR);
}

/** What `lockKey` was made of. */
export function parseLockKey(key: string): { ref: string; packages: string[] } {
  const [ref = "", ...packages] = key.split(SEPARATOR);
  return { ref, packages };
}

/** With blanks: package names have plus signs (`libstdc++6`). */
const SEPARATOR = " + ";

/** Null when there is no such file. @throws BASE_LOCK_INVALID */
export function readLock(path: string): LockFile | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (errnoCode(error) === "ENOENT") return null;
    throw invalid(path, errorMessage(error));
  }
  let value: LockFile;
  try {
    value = JSON.parse(text) as LockFile;
  } catch (error) {
    throw invalid(path, errorMessage(error));
  }
  if (value?.version !== 1) throw invalid(path, `version ${JSON.stringify(value?.version)} is not known`);
  const lock = { version: 1 as const, bases: value.bases ?? {}, references: value.references ?? {} };
  for (const [key, base] of Object.entries(lock.bases)) {
    if (!isLockedBase(base)) throw invalid(path, `the entry ${JSON.stringify(key)} is damaged`);
  }
  return lock;
}

/** Everything that ends in a path or a hash is looked at: the file may come from a stranger's repository. */
function isLockedBase(base: LockedBase): boolean {
  const isPackage = (item: LockedPackage) =>
    /^[a-z0-9][a-z0-9.+-]*$/.test(item.name) &&
    typeof item.version === "string" &&
    /^[a-f0-9]{64}$/.test(item.sha256) &&
    Number.isSafeInteger(item.size) &&
    /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[\x21-\x7e]+$/.test(item.path);
  return (
    typeof base?.request === "string" &&
    typeof base.snapshot === "string" &&
    Array.isArray(base.layers) &&
    base.layers.every((layer) => typeof layer.id === "string" && layer.packages.every(isPackage)) &&
    (base.node === undefined ||
      (/^\d+\.\d+\.\d+$/.test(base.node.version) && /^sha512-[A-Za-z0-9+/=]+$/.test(base.node.integrity)))
  );
}

/** Sorted keys, one line a package: a diff shows what changed. Renamed into place. */
export function writeLock(path: string, lock: LockFile): void {
  const sorted = <T>(record: Record<string, T>) =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify(
    { version: 1, bases: sorted(lock.bases), references: sorted(lock.references) },
    null,
    2,
  ).replace(/\{\n\s*("name"[^{}]*?)\n\s*\}/g, (_, inner: string) => `{ ${inner.replace(/\n\s*/g, " ")} }`);
  try {
    replaceFile(path, `${text}\n`);
  } catch (error) {
    throw new KnbuildError({
      code: "BASE_LOCK_WRITE_FAILED",
      message: `cannot write the lock file: ${errorMessage(error)}`,
      where: path,
      hint: "Make the directory writable.",
      cause: error,
    });
  }
}

/** What a base may do to the lock file; see `ResolveBaseOptions.lockMode`. */
export type LockMode = "write" | "try" | "frozen";

/** Writes the lock as the mode demands. @returns false where it may not be written, which `try` takes with a warning */
export function keepLock(path: string, lock: LockFile, mode: LockMode | undefined, emit: Emit): boolean {
  try {
    writeLock(path, lock);
    return true;
  } catch (error) {
    const code = errnoCode((error as KnbuildError).cause);
    if (mode !== "try" || !["EACCES", "EPERM", "EROFS"].includes(code ?? "")) throw error;
    emit({
      type: "warning",
      code: "BASE_LOCK_NOT_WRITTEN",
      message: "the directory may not be written to: what the base is made of is pinned nowhere",
      where: path,
      hint: "Commit a lock file (knbuild base lock) to build on the same base everywhere.",
    });
    return false;
  }
}

export function lockOutdated(path: string | undefined, why: string): KnbuildError {
  return new KnbuildError({
    code: "LOCK_OUTDATED",
    message: `the lock file would change: ${why}`,
    where: path,
    hint: "Write the lock file anew and commit it.",
  });
}

function invalid(path: string, why: string): KnbuildError {
  return new KnbuildError({
    code: "BASE_LOCK_INVALID",
    message: `cannot read the lock file: ${why}`,
    where: path,
    hint: "Take the version of your source control, or delete the file and lock again.",
  });
}
