/** Types of C# by their names: namespaces are open, so a name is looked for in the whole project; a partial class has several files. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { classOf } from "../evaluate/types.ts";
import type { ModuleFinder } from "../languages.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { Semantics } from "../semantics.ts";
import type { Value } from "../values.ts";

const DECLARES = /\b(partial\s+)?(?:class|struct|record|interface|enum)\s+([A-Z]\w*)/g;
const NAMESPACE = /^[ \t]*namespace\s+([\w.]+)/m;
const USING = /^[ \t]*(?:global\s+)?using\s+([\w.]+)\s*;/gm;
/** How many files of one partial class are looked at. */
const MAX_PARTS = 6;

interface Declared {
  path: string;
  partial: boolean;
}

interface Types extends Required<Pick<Semantics, "siblings" | "parts">> {
  /** A type behind its namespace, or the end of that: `App.Core.Defaults`, `Properties.Settings`. */
  qualified(path: string, evaluator: Evaluator): Value | undefined;
}

export function csharpTypes(finder: ModuleFinder): Types {
  let declaring: Map<string, Declared[]> | undefined;
  const declared = (name: string): readonly Declared[] => {
    if (!declaring) {
      declaring = new Map();
      for (const path of finder.paths)
        if (path.endsWith(".cs"))
          for (const [, partial, type = ""] of (finder.text(path) ?? "").matchAll(DECLARES)) {
            const known = declaring.get(type);
            if (!known) declaring.set(type, [{ path, partial: partial !== undefined }]);
            else if (known.at(-1)?.path !== path) known.push({ path, partial: partial !== undefined });
          }
    }
    return declaring.get(name) ?? [];
  };
  const modules = (files: readonly Declared[]): SourceModule[] =>
    files.slice(0, MAX_PARTS).flatMap(({ path }) => finder.module(path) ?? []);
  return {
    qualified(path, evaluator) {
      const [, space, name] = /^([A-Z]\w*(?:\.[A-Z]\w*){0,6})\.([A-Z]\w*)$/.exec(path) ?? [];
      const files = (name === undefined ? [] : declared(name)).filter(({ path: file }) => {
        const own = NAMESPACE.exec(finder.text(file) ?? "")?.[1];
        return own === space || own?.endsWith(`.${space}`);
      });
      const [first] = files.length === 1 || files.every((d) => d.partial) ? modules(files) : [];
      const type = name === undefined ? undefined : first?.scope.names.get(name)?.class;
      return type && classOf(evaluator, type);
    },
    siblings(module, name) {
      if (!/^[A-Z]/.test(name)) return [];
      const all = declared(name).filter((d) => d.path !== module.path);
      const files = all.length > 1 ? all.filter((d) => isInSight(finder.text(d.path) ?? "", module.text)) : all;
      // A name that several files declare is nobody's, unless each says that it has a part of it.
      return files.length === 1 || files.every((d) => d.partial) ? modules(files) : [];
    },
    parts(scope) {
      const { class: cls, file } = scope;
      const all = cls?.name === undefined ? [] : declared(cls.name);
      if (all.length < 2 || !all.some((d) => d.partial && d.path === file.path)) return [];
      const space = NAMESPACE.exec(file.text)?.[1];
      return modules(all.filter((d) => d.partial && d.path !== file.path)).flatMap((m) => {
        const part = m.classes.find((c) => c.class.name === cls?.name)?.inner;
        return part && NAMESPACE.exec(m.text)?.[1] === space ? [part] : [];
      });
    },
  };
}

/** Is what `there` declares known by its bare name in `here`: of the same namespace, one around it, or one that is used? */
function isInSight(there: string, here: string): boolean {
  const space = NAMESPACE.exec(there)?.[1];
  if (space === undefined) return true;
  const own = NAMESPACE.exec(here)?.[1] ?? "";
  return own === space || own.startsWith(`${space}.`) || [...here.matchAll(USING)].some((m) => m[1] === space);
}
