/** Which file a path of Rust's modules names: of the crate's own, or of another crate of the workspace. */
import { escaped } from "../../base/escaped.ts";
import type { ModuleFinder } from "../languages.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { Semantics } from "../semantics.ts";

interface RustModules extends Required<Pick<Semantics, "resolve" | "siblings">> {
  find(parts: readonly string[], from: string): SourceModule | undefined;
  /** What `crate` means in a file. */
  crateAt(module: SourceModule): SourceModule | undefined;
}

/** @param crateOf the folder of a crate of the workspace, by its name in code */
export function rustModules(finder: ModuleFinder, crateOf: (name: string) => string | undefined): RustModules {
  const sourcesOf = (from: string): string => from.slice(0, from.lastIndexOf("src/") + 4);
  const find = (parts: readonly string[], from: string): SourceModule | undefined => {
    const folder = from.slice(0, from.lastIndexOf("/") + 1);
    const stem = from.slice(folder.length).replace(/\.rs$/, "");
    const roots = [folder, /^(main|lib|mod)$/.test(stem) ? folder : `${folder}${stem}/`, sourcesOf(from)];
    for (const root of roots)
      for (let n = parts.length; n > 0; n--) {
        const base = root + parts.slice(0, n).join("/");
        const path = [`${base}.rs`, `${base}/mod.rs`].find((p) => finder.has(p));
        if (path) return finder.module(path);
      }
    return undefined;
  };
  /** The file that the crate begins with: `use crate::Config` is what it holds, or brings. */
  const crateAt = (module: SourceModule): SourceModule | undefined => {
    if (/(^|\/)src\/(?:main|lib)\.rs$/.test(module.path)) return module;
    const path = ["lib.rs", "main.rs"].map((file) => sourcesOf(module.path) + file).find((p) => finder.has(p));
    return path === undefined ? undefined : finder.module(path);
  };
  const resolve: RustModules["resolve"] = (module, specifier) => {
    // `crate::server.http` is the module that `use crate::server::http` may name.
    const parts = specifier.replace(/^\./, "").split(/::|\./);
    const local = /^(crate|self|super)$/.test(parts[0] ?? "");
    const own = local ? parts.filter((p) => !/^(crate|self|super)$/.test(p)) : parts;
    const found = own.length ? find(own, module.path) : undefined;
    if (found) return [found];
    const root = specifier === "crate" ? crateAt(module) : undefined;
    if (root && root !== module) return [root];
    // `use my_crate::config`: the package's own library. `tokio::net` is no folder `net` of it.
    const isOwn = !local && own.length > 1 && !isDependency(own[0] ?? "", module.path, finder);
    const library = isOwn ? find(own.slice(1), module.path) : undefined;
    const crate = local ? undefined : crateOf(own[0] ?? "");
    if (crate) {
      const inner = own.length > 1 ? find(own.slice(1), `${crate}lib.rs`) : undefined;
      const first = inner ?? finder.module(`${crate}lib.rs`);
      if (first && first !== module) return [first];
    }
    return library && library !== module ? [library] : [];
  };
  /** Modules from which `use …::*` brings a name, also through those that give on what they bring. */
  const starred = (module: SourceModule, name: string, seen: Set<SourceModule>): SourceModule[] => {
    if (seen.size > MAX_STARS || seen.has(module)) return [];
    seen.add(module);
    return module.exportStars
      .flatMap((star) => resolve(module, star))
      .flatMap((m) => (m.scope.names.has(name) ? [m] : starred(m, name, seen)));
  };
  return { find, resolve, crateAt, siblings: (module, name) => starred(module, name, new Set()) };
}

const MAX_STARS = 8;

/** Is a crate Rust's own, or among those that the package around a file depends on? */
function isDependency(name: string, path: string, finder: ModuleFinder): boolean {
  if (/^(?:std|core|alloc)$/.test(name)) return true;
  let folder = path.slice(0, path.lastIndexOf("/") + 1);
  while (folder !== "" && !finder.has(`${folder}Cargo.toml`)) folder = folder.replace(/[^/]*\/$/, "");
  const written = escaped(name).replaceAll("_", "[-_]");
  return new RegExp(
    `^[ \\t]*(?:\\[(?:[\\w.'"()=-]+\\.)?dependencies\\.${written}\\]|${written}(?:\\.workspace|\\.version)?\\s*=)`,
    "m",
  ).test(finder.text(`${folder}Cargo.toml`) ?? "");
}
