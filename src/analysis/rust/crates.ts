/** The crates of a Cargo workspace: where the source of each lies. */
import type { ModuleFinder } from "../languages.ts";

/** Gives the folder (`server/settings/src/`) of the crate that code calls by this name. */
export function cargoCrates(finder: ModuleFinder): (name: string) => string | undefined {
  const folders = new Map<string, string>();
  const renamed: [name: string, crate: string][] = [];
  for (const path of finder.paths) {
    if (!/(^|\/)Cargo\.toml$/.test(path)) continue;
    const text = finder.text(path) ?? "";
    const source = `${path.slice(0, -"Cargo.toml".length)}src/`;
    const section = (name: string): string =>
      new RegExp(`^\\[${name}\\]([\\s\\S]*?)(?=^\\[|$(?![\\s\\S]))`, "m").exec(text)?.[1] ?? "";
    const name =
      /^[ \t]*name\s*=\s*"([\w-]+)"/m.exec(section("lib"))?.[1] ??
      /^[ \t]*name\s*=\s*"([\w-]+)"/m.exec(section("package"))?.[1];
    if (name && finder.has(`${source}lib.rs`)) folders.set(name.replaceAll("-", "_"), source);
    // `web = { package = "shop-web", path = "../web" }`
    for (const [, as = "", crate = ""] of text.matchAll(/^[ \t]*([\w-]+)\s*=\s*\{[^}\n]*\bpackage\s*=\s*"([\w-]+)"/gm))
      renamed.push([as.replaceAll("-", "_"), crate.replaceAll("-", "_")]);
  }
  for (const [as, crate] of renamed) {
    const folder = folders.get(crate);
    if (folder !== undefined && !folders.has(as)) folders.set(as, folder);
  }
  return (name) => folders.get(name);
}
