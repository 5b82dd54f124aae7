/** The hashes under which lock files know the installed packages. */
import { parse } from "../../base/yaml.ts";
import { LOCK_FILES } from "./lock-files.ts";

/** @param dir of the package, relative to the directory of the lock file */
export type FindIntegrity = (dir: string, name: string, version: string) => string | undefined;

/** @param read text of a file of the directory, undefined when there is none */
export function readIntegrity(read: (name: string) => string | undefined): FindIntegrity {
  const byDir = new Map<string, string>();
  const byVersion = new Map<string, string>();
  for (const file of LOCK_FILES) {
    const text = read(file);
    if (text === undefined) continue;
    try {
      if (file.endsWith(".json")) fromNpm(text, byDir, byVersion);
      else if (file.endsWith(".yaml")) fromPnpm(text, byVersion);
      else if (file === "yarn.lock") fromYarn(text, byVersion);
      else fromBun(text, byVersion);
    } catch {
      // A lock file that cannot be read knows no hashes; whoever installs from it says what is wrong with it.
    }
  }
  return (dir, name, version) => byDir.get(dir) ?? byVersion.get(`${name}@${version}`);
}

interface NpmLock {
  packages?: Record<string, { integrity?: string }>;
  dependencies?: NpmLock1;
}
/** lockfileVersion 1 */
type NpmLock1 = Record<string, { version?: string; integrity?: string; dependencies?: NpmLock1 }>;

function fromNpm(text: string, byDir: Map<string, string>, byVersion: Map<string, string>): void {
  const lock = JSON.parse(text) as NpmLock;
  for (const [dir, { integrity }] of Object.entries(lock.packages ?? {})) note(byDir, dir, integrity);
  const visit = (tree: NpmLock1 = {}): void => {
    for (const [name, entry] of Object.entries(tree)) {
      note(byVersion, `${name}@${entry.version}`, entry.integrity);
      visit(entry.dependencies);
    }
  };
  if (!lock.packages) visit(lock.dependencies);
}

function fromPnpm(text: string, byVersion: Map<string, string>): void {
  const lock = parse(text) as { packages?: Record<string, { resolution?: { integrity?: string } }> } | null;
  for (const [key, value] of Object.entries(lock?.packages ?? {})) {
    // `name@1.2.3`, in older lock files `/name@1.2.3(peer@1)` or `/name/1.2.3`.
    const found = /^\/?(@?[^@]+)[@/](\d[^(_]*)/.exec(key);
    if (found) note(byVersion, `${found[1]}@${found[2]}`, value?.resolution?.integrity);
  }
}

/** yarn 1. Later ones note the hash of an archive that yarn itself packs, which is no hash of what was published. */
function fromYarn(text: string, byVersion: Map<string, string>): void {
  for (const block of text.split(/\n(?=\S)/)) {
    // `"@scope/name@^1.0.0", "@scope/name@npm:other@^1.0.0":`
    const wish = /^"?(@?[^@"\s]+)@(?:npm:(@?[^@"\s]+)@)?[^\n]*:$/m.exec(block);
    const version = /^ {2}version "?([^"\s]+)"?$/m.exec(block)?.[1];
    const integrity = /^ {2}integrity (\S+)$/m.exec(block)?.[1];
    if (wish && version) note(byVersion, `${wish[2] ?? wish[1]}@${version}`, integrity);
  }
}

/** One package a line: `"key": ["name@1.2.3", "", { … }, "sha512-…"],` */
function fromBun(text: string, byVersion: Map<string, string>): void {
  for (const found of text.matchAll(/^\s*"[^"]+": \["(@?[^@"]+)@([^"]+)",.*"(sha\d+-[^"]+)"\],?$/gm)) {
    note(byVersion, `${found[1]}@${found[2]}`, found[3]);
  }
}

function note(map: Map<string, string>, key: string, integrity: string | undefined): void {
  if (integrity && !map.has(key)) map.set(key, integrity);
}
