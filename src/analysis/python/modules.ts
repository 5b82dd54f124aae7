/** Where a module of Python lies: which file an import names, and which files a module loads. */

const ROOTS = ["", "src/", "app/", "backend/", "server/", "api/"];

/** The file that `shop.config`, seen from `from`, is; `has` tells which there are. */
export function findModule(specifier: string, from: string, has: (path: string) => boolean): string | undefined {
  const folder = from.includes("/") ? from.slice(0, from.lastIndexOf("/") + 1) : "";
  const file = (base: string): string | undefined => [`${base}.py`, `${base}/__init__.py`].find(has);
  const dots = /^\.+/.exec(specifier)?.[0].length ?? 0;
  const rest = specifier.slice(dots).replaceAll(".", "/");
  if (dots > 0) {
    let base = folder;
    for (let i = 1; i < dots; i++) base = base.replace(/[^/]+\/$/, "");
    return rest ? file(base + rest) : file(`${base}__init__`);
  }
  for (const root of [folder, ...ROOTS]) {
    const found = file(root + rest);
    if (found) return found;
  }
  // A package below a folder above this file.
  for (let up = folder; up; ) {
    up = up.replace(/[^/]+\/$/, "");
    const found = file(up + rest);
    if (found) return found;
  }
  return undefined;
}

/** `from .server import run, stop`, also over several lines; `import shop.server as s, os`. */
const FROM = /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(?:\(([^)]*)\)|([^\n#]*))/gm;
const IMPORT = /^[ \t]*import[ \t]+([\w., \t]+)/gm;
/** `uvicorn.run("shop.app:app")`, `import_module("shop.plugins")` */
const NAMED = /["']((?:\w+\.)+\w+)(?::\w+)?["']/g;

/** The files that these load, with what those load, and so on: the files themselves too. */
export function loadedBy(files: Iterable<string>, texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const found = new Set(files);
  const has = (path: string): boolean => texts.has(path);
  // What is added on the way is come to as well.
  for (const path of found) {
    const add = (specifier: string): void => {
      const file = findModule(specifier, path, has);
      if (file) found.add(file);
    };
    const text = texts.get(path) ?? "";
    for (const [, module, several, one] of text.matchAll(FROM)) {
      add(module as string);
      const below = /\.$/.test(module as string) ? module : `${module}.`;
      for (const [name] of (several ?? one ?? "").replace(/\bas[ \t]+\w+/g, "").matchAll(/\w+/g))
        add(`${below}${name}`);
    }
    for (const [, list] of text.matchAll(IMPORT))
      for (const [name] of (list as string).replace(/\bas[ \t]+\w+/g, "").matchAll(/[\w.]+/g)) add(name);
    for (const [, module] of text.matchAll(NAMED)) add(module as string);
  }
  return found;
}
