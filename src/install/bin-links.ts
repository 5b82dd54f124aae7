/** `node_modules/.bin`: links to the programs of packages, as npm makes them. */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join, posix, relative } from "node:path";
import { nameAt } from "./lock-tree.ts";

/** A package's programs: name → path in the package, as npm normalizes them. */
export function binsOf(name: string, bin: Record<string, string> | string | undefined): Record<string, string> {
  const raw = typeof bin === "string" ? { [name.replace(/^@[^/]+\//, "")]: bin } : (bin ?? {});
  const clean: Record<string, string> = {};
  for (const [key, target] of Object.entries(raw)) {
    const base = basename(key.replace(/[\\:]/g, "/"));
    const path = posix.join("/", String(target).replace(/\\/g, "/")).slice(1);
    if (base && path) clean[base] = path;
  }
  return clean;
}

/** @param tree directory that holds node_modules @param location of the package, `node_modules/a` */
export function linkBins(tree: string, location: string, bin: Record<string, string> | string | undefined): void {
  const name = nameAt(location);
  const folder = join(tree, location.slice(0, location.length - name.length), ".bin");
  for (const [program, path] of Object.entries(binsOf(name, bin))) {
    const target = join(tree, location, path);
    const link = join(folder, program);
    // The first package that has a program of that name keeps it.
    if (exists(link)) continue;
    mkdirSync(folder, { recursive: true });
    symlinkSync(relative(folder, target), link);
    if (existsSync(target)) makeRunnable(target);
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Executable, and without a carriage return in the line that names its interpreter. */
function makeRunnable(file: string): void {
  chmodSync(file, 0o755);
  const start = Buffer.alloc(2048);
  const handle = openSync(file, "r");
  const length = readSync(handle, start);
  closeSync(handle);
  if (!/^#![^\n]+\r\n/.test(start.subarray(0, length).toString("latin1"))) return;
  writeFileSync(file, readFileSync(file, "utf8").replace(/^(#![^\n]+)\r\n/, "$1\n"));
}

/** The file of a program that the packages in `modulesRoot` bring, relative to it; undefined: none has it. */
export function resolveBin(modulesRoot: string, program: string, packages: readonly string[]): string | undefined {
  for (const name of packages) {
    const folder = join(modulesRoot, "node_modules", name);
    const manifest = join(folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin?: Record<string, string> | string };
    const path = binsOf(name, bin)[program];
    if (path !== undefined) return relative(modulesRoot, join(folder, path)).split("\\").join("/");
  }
  return undefined;
}
