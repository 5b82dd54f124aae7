/** Types of Rust whose methods stand in other files of their crate than their fields: `impl Server` in `run.rs`. */
import type { ModuleFinder } from "../languages.ts";
import { leftOut } from "../project.ts";
import type { Scope } from "../scope/scope.ts";
import type { Semantics } from "../semantics.ts";

const DECLARED = /^[ \t]*(?:pub(?:\([^)\n]*\))?\s+)?(?:struct|enum)\s+(\w+)/gm;
const IMPLEMENTED = /^[ \t]*impl\b(?:<[^{};\n]*?>)?\s+(?:[^{};\n]*?\sfor\s+)?(?:\w+::)*(\w+)[^{};\n]*\{/gm;

/** How many files of one type are looked at. */
const MAX_FILES = 6;

interface Crate {
  /** The files that declare a type, and those that have methods of it, by its name. */
  declared: Map<string, string[]>;
  implemented: Map<string, string[]>;
}

export function rustTypes(finder: ModuleFinder): Required<Pick<Semantics, "whole" | "parts">> {
  let crates: Map<string, Crate> | undefined;
  const crateOf = (path: string): Crate | undefined => (crates ??= readCrates(finder)).get(folderOf(path));
  const classIn = (path: string, name: string): Scope | undefined =>
    finder.module(path)?.classes.find(({ class: c }) => c.name === name)?.inner;
  const wholes = new WeakMap<Scope, Scope>();
  return {
    whole(part) {
      const { class: cls, file } = part;
      // Where it has fields it is declared.
      if (!cls?.name || cls.members.some((m) => !m.fn)) return part;
      const known = wholes.get(part);
      if (known) return known;
      const declaring = crateOf(file.path)?.declared.get(cls.name) ?? [];
      // Of several types of one name it is not known which.
      const [only] = declaring.length === 1 && declaring[0] !== file.path ? declaring : [];
      const found = (only === undefined ? undefined : classIn(only, cls.name)) ?? part;
      wholes.set(part, found);
      return found;
    },
    parts({ class: cls, file }, method) {
      const name = cls?.name;
      const crate = name === undefined ? undefined : crateOf(file.path);
      if (!crate || name === undefined || crate.declared.get(name)?.length !== 1) return [];
      return (crate.implemented.get(name) ?? [])
        .filter((path) => path !== file.path && (method === undefined || hasMethod(finder, path, method)))
        .slice(0, MAX_FILES)
        .flatMap((path) => classIn(path, name) ?? []);
    },
  };
}

function hasMethod(finder: ModuleFinder, path: string, method: string): boolean {
  return new RegExp(`\\bfn\\s+${method}\\b`).test(finder.text(path) ?? "");
}

/** The folder of the crate that a file is of. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, `/${path}`.lastIndexOf("/src/")));
}

function readCrates({ paths, text }: ModuleFinder): Map<string, Crate> {
  const crates = new Map<string, Crate>();
  for (const path of paths) {
    if (!path.endsWith(".rs") || leftOut(path)) continue;
    const folder = folderOf(path);
    const crate: Crate = crates.get(folder) ?? { declared: new Map(), implemented: new Map() };
    crates.set(folder, crate);
    const said = text(path) ?? "";
    for (const [pattern, into] of [
      [DECLARED, crate.declared],
      [IMPLEMENTED, crate.implemented],
    ] as const)
      for (const name of new Set([...said.matchAll(pattern)].map((m) => m[1] as string)))
        into.set(name, [...(into.get(name) ?? []), path]);
  }
  return crates;
}
