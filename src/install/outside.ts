/** Dependencies by path that lead out of the project: the copy that is installed in has no such neighbours. */

import { join, posix } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import { escaped } from "../base/escaped.ts";
import type { InstallSource } from "./types.ts";

/**
 * @param root where the lock file lies @param member path of the app below it, `.` for the root itself
 * @throws DEPENDENCY_OUTSIDE
 */
export function assertInside(root: InstallSource, member: string): void {
  const path = posix.join(member, "package.json");
  const manifest = root.readJson(path) as { dependencies?: Record<string, unknown> } | undefined;
  for (const [name, spec] of Object.entries(manifest?.dependencies ?? {})) {
    const target = /^(?:(?:file|link|portal):)?(\.\.?\/.*|\.\.)$/.exec(String(spec))?.[1];
    if (target === undefined || !/^\.\.(?:\/|$)/.test(posix.join(member, target))) continue;
    // npm links to what is not there, and types are gone when the program runs.
    if (root.isFile("package-lock.json") && !isLoaded(root, member, name)) continue;
    throw new KnbuildError({
      code: "DEPENDENCY_OUTSIDE",
      message: `${name} lies outside of the directory that is built: package.json says ${spec}`,
      where: join(root.root, path),
      hint: 'Make a workspace of both: a package.json above them with "workspaces", and its lock file; then build the app\'s directory.',
    });
  }
}

/** Some file of the app asks for the package, and not for its types alone. */
function isLoaded(root: InstallSource, member: string, name: string): boolean {
  const quoted = `["'\`]${escaped(name)}(?:/[^"'\`]*)?["'\`]`;
  const types = new RegExp(
    `\\b(?:import|export)\\s+(?:type\\b[^"';]*|\\{(?:\\s*type\\s[^,}]*,?)+\\s*\\}\\s*)from\\s*${quoted}|\\bimport\\(\\s*${quoted}\\s*\\)\\s*\\.\\s*[A-Z]`,
    "g",
  );
  const asked = new RegExp(quoted);
  return root.list().some(({ path }) => {
    if (!/\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(path) || /\.d\.[cm]?ts$/.test(path)) return false;
    if (member !== "." && !path.startsWith(`${member}/`)) return false;
    return asked.test((root.read(path) ?? "").replace(types, ""));
  });
}
