/**
 * Lerna's packages where the package manager has no workspaces: `lerna bootstrap`, which installed and linked them, is gone since
 * Lerna 7. One that depends on none of the others is an app like any other.
 */
import { posix, relative } from "node:path";
import { KnbuildError, type Source } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { workspaceGlobs, workspaceMembers } from "./workspaces.ts";

/** Globs of the packages, undefined where Lerna is not used or the package manager knows them itself. */
export function lernaGlobs(root: Source): string[] | undefined {
  if (!root.isFile("lerna.json") || workspaceGlobs(root) !== undefined) return undefined;
  const { packages } = (root.readJson("lerna.json") ?? {}) as { packages?: unknown };
  const globs = Array.isArray(packages) ? packages.filter((glob): glob is string => typeof glob === "string") : [];
  return globs.length > 0 ? globs : ["packages/*"];
}

/** @throws LERNA_NOT_LINKED where the app depends on a package that nothing but `lerna bootstrap` brings */
export function assertLinked(app: App): void {
  if (app.workspace || !app.manifest) return;
  for (let up = "..", depth = 1; depth <= 4; up = posix.join(up, ".."), depth++) {
    const root = app.source.at(up);
    const globs = root.isFile("lerna.json") ? lernaGlobs(root) : undefined;
    if (globs === undefined) continue;
    const here = relative(root.root, app.source.root).split("\\").join("/");
    const { dependencies, devDependencies } = app.manifest;
    const linked = workspaceMembers(root, globs).find(({ name, path }) => {
      const range = name === undefined ? undefined : (dependencies[name] ?? devDependencies[name]);
      return path !== here && range !== undefined && !/^(?:file|link|portal):/.test(range);
    });
    if (!linked) return;
    throw new KnbuildError({
      code: "LERNA_NOT_LINKED",
      message: `${here} depends on ${linked.name}, which is ${linked.path} of the same repository: only lerna.json says so`,
      where: "lerna.json",
      hint: `Give the package manager the packages, as Lerna 7 and later want it: "workspaces": ${JSON.stringify(globs)} in the package.json beside lerna.json (with pnpm: packages in pnpm-workspace.yaml).`,
    });
  }
}
