/** Which packages of a module each of its programs is made of. */
import { escaped } from "../../base/escaped.ts";
import { goModuleName } from "../../base/go-module.ts";

/** By the folder of each program (`""`, `cmd/server/`) the folders of its packages, its own among them. */
export type GoPrograms = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * @param files those of the module that are judged
 * @param text of a file
 */
export function programsOfGo(
  files: readonly string[],
  text: (file: string) => string | undefined,
  manifest: string | undefined,
): GoPrograms {
  const programs = new Map<string, Set<string>>();
  const module = goModuleName(manifest);
  if (!module) return programs;
  const imported = new RegExp(`"${escaped(module)}/([^"\\n]+)"`, "g");
  const imports = new Map<string, Set<string>>();
  for (const file of files) {
    if (!file.endsWith(".go")) continue;
    const code = text(file) ?? "";
    const folder = folderOf(file);
    if (/^package main\b/m.test(code)) programs.set(folder, new Set());
    const own = imports.get(folder) ?? new Set();
    imports.set(folder, own);
    for (const [, path] of code.matchAll(imported)) own.add(`${path}/`);
  }
  for (const [program, packages] of programs) {
    const open = [program];
    for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
      if (packages.has(folder)) continue;
      packages.add(folder);
      open.push(...(imports.get(folder) ?? []));
    }
  }
  return programs;
}

/** `cmd/server/` of `cmd/server/main.go`, nothing of `main.go`. */
export function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

/** Does a folder below the repository's own hold a `go.mod` that the file belongs to? */
export function isOfInnerModule(file: string, text: (file: string) => string | undefined): boolean {
  for (let folder = folderOf(file); folder !== ""; folder = folderOf(folder.slice(0, -1)))
    if (text(`${folder}go.mod`) !== undefined) return true;
  return false;
}
