/** Folders called like tests whose package a program of the module imports: they are in the image as all others are. */
import { escaped } from "../../base/escaped.ts";
import { goModuleName } from "../../base/go-module.ts";
import { languageOf, leftOut } from "../project.ts";

/** Is a file of such a folder? Tests themselves (`…_test.go`) are not. */
export function importedByPrograms(texts: ReadonlyMap<string, string>): (path: string) => boolean {
  let folders: Set<string> | undefined;
  const find = (): Set<string> => {
    const module = goModuleName(texts.get("go.mod"));
    const found = new Set<string>();
    if (!module) return found;
    for (const [path, text] of texts) {
      if (languageOf(path) !== "go" || leftOut(path) || !/^package main\b/m.test(text)) continue;
      for (const [, folder] of text.matchAll(new RegExp(`"${escaped(module)}/([^"\\n]+)"`, "g")))
        if (folder) found.add(folder);
    }
    return found;
  };
  return (path) => {
    if (!path.endsWith(".go") || path.endsWith("_test.go")) return false;
    folders ??= find();
    return folders.has(path.slice(0, path.lastIndexOf("/")));
  };
}
