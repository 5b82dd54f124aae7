/** The crates of a Cargo workspace: where the source of each lies. */
import type { ModuleFinder } from "../languages.ts";

/** Gives the folder (`server/settings/src/`) of the crate that code calls by this name. */
export function cargoCrates(finder: ModuleFinder): (name: string) => string | undefined {
  const folders = new Map<string, string>();
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
  }
  return (name) => folders.get(name);
}
