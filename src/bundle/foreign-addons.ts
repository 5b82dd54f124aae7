/** Addons for several platforms side by side in one folder, told apart by what they are and not by how a package names them. */
import { closeSync, openSync, readSync } from "node:fs";
import { basename, join } from "node:path";

/** Class 64, little-endian; the machine is the half-word at 18 (System V ABI, figure 4-3). */
const ELF64 = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const X86_64 = 62;
const HEADER_BYTES = 20;

/**
 * Names of the addons that linux-x64 with glibc cannot load. None where the folder has no other one: then that it cannot be
 * loaded is an error, which somebody else tells.
 */
export function foreignAddons(dir: string, names: readonly string[]): ReadonlySet<string> {
  const addons = names.filter((name) => name.endsWith(".node"));
  if (addons.length < 2) return new Set();
  const foreign = addons.filter((name) => !fitsTarget(join(dir, name)));
  return new Set(foreign.length < addons.length ? foreign : []);
}

/** Linux on x64 loads it, and its name does not say that it is for musl. */
export function fitsTarget(path: string): boolean {
  return path.endsWith(".node") && !/musl/.test(basename(path)) && isLinuxX64(path);
}

function isLinuxX64(path: string): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, "r");
  try {
    readSync(file, header, 0, HEADER_BYTES, 0);
  } finally {
    closeSync(file);
  }
  return header.subarray(0, ELF64.length).equals(ELF64) && header.readUInt16LE(18) === X86_64;
}
