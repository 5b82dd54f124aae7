/** Which file of a PHP program a class, a constant, a function or a `require` means. */

import type { ModuleFinder } from "../languages.ts";
import { isAt } from "../project.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { Value } from "../values.ts";

export interface PhpFiles {
  /** `require __DIR__ . "/config/server.php"`, by what is known of its path. */
  required(path: string, from: string): SourceModule | undefined;
  /** The namespace that a file is in; "" is the global one. */
  namespace(path: string): string;
  /** The class of that name in that namespace ("" is the global one). */
  class(namespace: string, name: string): SourceModule | undefined;
  /** Files that define a constant or a function of that name. */
  defining(name: string): SourceModule[];
}

const MAX_FILES = 4;

export function phpFiles(finder: ModuleFinder): PhpFiles {
  const php = finder.paths.filter((p) => p.endsWith(".php"));
  const byName = new Map<string, string[]>();
  for (const path of php) {
    const name = path.slice(path.lastIndexOf("/") + 1, -4);
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  const defining = new Map<string, SourceModule[]>();
  const namespaces = new Map<string, string>();
  const namespace = (path: string): string => {
    let known = namespaces.get(path);
    if (known === undefined) namespaces.set(path, (known = namespaceOf(finder.text(path) ?? "")));
    return known;
  };
  return {
    required(path, from) {
      const folder = from.includes("/") ? from.slice(0, from.lastIndexOf("/") + 1) : "";
      const near = normal(folder + path.replace(/^\.?\//, ""));
      if (finder.has(near)) return finder.module(near);
      const end = path.replace(/^(\.{0,2}\/)+/, "");
      const found = php.filter((p) => isAt(p, end));
      return found.length === 1 ? finder.module(found[0] as string) : undefined;
    },
    namespace,
    class(within, name) {
      const path = byName.get(name)?.find((p) => namespace(p) === within);
      const found = path === undefined ? undefined : finder.module(path);
      return found?.scope.names.get(name)?.class ? found : undefined;
    },
    defining(name) {
      let known = defining.get(name);
      if (!known) {
        const pattern = new RegExp(`\\bdefine\\(\\s*["']${name}["']|\\b(?:const|function)\\s+${name}\\b`);
        const paths = php.filter((p) => pattern.test(finder.text(p) ?? "")).slice(0, MAX_FILES);
        defining.set(name, (known = paths.flatMap((p) => finder.module(p) ?? [])));
      }
      return known;
    },
  };
}

function namespaceOf(text: string): string {
  return /^[ \t]*namespace\s+([\w\\]+)\s*[;{]/m.exec(text)?.[1] ?? "";
}

export function classValue(module: SourceModule, name: string): Value | undefined {
  const found = module.scope.names.get(name)?.class;
  return found && { t: "class", class: found.class, scope: found.scope };
}

function normal(path: string): string {
  const out: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") out.pop();
    else if (part !== ".") out.push(part);
  return out.join("/");
}
