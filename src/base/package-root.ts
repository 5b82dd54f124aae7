/** Where knbuild's own data (templates/) lies, from the sources as from the bundle. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let root: string | undefined;

/** The directory that holds knbuild's package.json. */
export function packageRoot(): string {
  if (root) return root;
  for (let dir = dirname(fileURLToPath(import.meta.url)); ; dir = dirname(dir)) {
    const manifest = join(dir, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "knbuild") {
      root = dir;
      return dir;
    }
    if (dir === dirname(dir)) throw new Error("knbuild's own package.json is missing");
  }
}

/** A path below templates/. */
export function templatePath(...parts: string[]): string {
  return join(packageRoot(), "templates", ...parts);
}
