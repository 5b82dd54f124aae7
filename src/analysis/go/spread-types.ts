/** Types of Go whose methods stand in several files of their package. */

import { dirname } from "../javascript/resolve.ts";
import type { ModuleFinder } from "../languages.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import type { Semantics } from "../semantics.ts";
import { filesByWord } from "./folders.ts";

/** The type of the receiver, and the method. */
const METHOD = /^func \(\s*(?:\w+\s+)?\*?\s*(\w+)(?:\[[^\]\n]*\])?\s*\)\s*(\w+)/gm;
/** `Type` and `Type.method` of each. */
function* methodsOf(text: string): Generator<string> {
  for (const [, type, method] of text.matchAll(METHOD)) {
    yield type as string;
    yield `${type}.${method}`;
  }
}

/** How many files of one type are looked at. */
const MAX_FILES = 6;

/**
 * @param folders the files of each folder
 * @param declaring files of a folder that declare a name
 */
export function spreadTypes(
  finder: ModuleFinder,
  folders: ReadonlyMap<string, readonly string[]>,
  declaring: (folder: string, name: string) => SourceModule[],
): Required<Pick<Semantics, "whole" | "parts">> {
  const classIn = (module: SourceModule, name: string): Scope | undefined => module.scope.names.get(name)?.class?.scope;
  const wholes = new WeakMap<Scope, Scope>();
  const methodsIn = filesByWord(finder, folders, methodsOf);
  return {
    whole(part) {
      const { class: cls, file } = part;
      // Where it has fields it is declared; a struct without any may be in another file.
      if (!cls?.name || cls.members.some((m) => !m.fn)) return part;
      let found = wholes.get(part);
      if (!found) {
        const name = cls.name;
        const all = declaring(dirname(file.path), name).filter((m) => m.tree.package === file.tree.package);
        const declared = all.find((m) =>
          new RegExp(`^(?:type\\s+|\\t)${name}\\b[^=\\n]*\\bstruct\\b`, "m").test(m.text),
        );
        wholes.set(part, (found = (declared && classIn(declared, name)) ?? part));
      }
      return found;
    },
    parts(scope, method) {
      const name = scope.class?.name;
      if (!name) return [];
      const files = methodsIn(dirname(scope.file.path)).get(method === undefined ? name : `${name}.${method}`) ?? [];
      return files
        .filter((path) => path !== scope.file.path)
        .slice(0, MAX_FILES)
        .flatMap((path) => {
          const module = finder.module(path);
          const part = module?.tree.package === scope.file.tree.package && module && classIn(module, name);
          return part ? [part] : [];
        });
    },
  };
}
