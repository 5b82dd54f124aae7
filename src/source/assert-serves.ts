/** The second look, when the packages are there: is an app of which nothing was known a server at all? */
import { alsoTelling, isKnbuildError } from "../base/errors.ts";
import type { PlanEntrypoint } from "../plan/types.ts";
import { looksLikeLibrary } from "./library-look.ts";
import { NOTHING_LISTENS, notAServer, probablyNoServer } from "./not-a-server.ts";
import { openSource, type Source } from "./open.ts";
import { packagesMayServe } from "./packages-serve.ts";
import { lookForServer } from "./server-look.ts";

/** @param appDir the app's directory, with its packages installed there or above @throws NOT_A_SERVER */
export function assertServes(entrypoint: PlanEntrypoint, appDir: string): void {
  const { undecided, file, tool, evidence, otherwise } = entrypoint;
  if (undecided === undefined) return;
  const calls =
    tool === undefined && file !== undefined && lookForServer(openSource(appDir), file).evidence !== undefined;
  if (packagesMayServe(appDir, undecided, tool, calls)) return;
  throw notAServer({
    why: otherwise,
    where: file,
    looked: [
      tool === undefined
        ? `${file} (${evidence}): nothing in the files it reaches listens for requests`
        : `${tool} (${evidence}), a package's program`,
      `its packages and theirs: ${undecided.map(({ name }) => name).join(", ")}: none of them does`,
    ],
  });
}

/** The same for a file that the build has made. @throws NOT_A_SERVER */
export function assertMadeServes({ unstarted, file, evidence, otherwise }: PlanEntrypoint, appDir: string): void {
  if (!unstarted || file === undefined) return;
  const source = openSource(appDir);
  const look = lookForServer(source, file);
  const { verdict, files, packages, importedFrom } = look;
  // Of one that is too large nothing is known.
  if (files.length === 0 || verdict === "serves" || verdict === "exports-fetch") return;
  const deciding = packages.map((name) => ({ name, from: importedFrom[name] ?? "." }));
  const mayServe = packages.length === 0 || packagesMayServe(appDir, deciding);
  if (verdict === "unknown" && mayServe && !looksLikeLibrary(source, look)) return;
  throw notAServer({
    why: otherwise,
    where: file,
    looked: [
      `${file} (${evidence}, made by the build): nothing in it listens`,
      ...(packages.length > 0 ? [`its packages: ${packages.join(", ")}`] : []),
    ],
  });
}

/**
 * @param error of an installation or a build, behind which one of these looks was to come
 * @param source the app's
 * @returns it, with what the app is as far as its own files say
 */
export function withDoubt(error: unknown, entrypoint: PlanEntrypoint, source: Source): unknown {
  const { undecided, unstarted, file, otherwise = NOTHING_LISTENS } = entrypoint;
  if (!isKnbuildError(error) || !/^(?:INSTALL|BUILD|LOCKFILE|ADDON)_/.test(error.code)) return error;
  if ((undecided === undefined && !unstarted) || file === undefined) return error;
  return lookForServer(source, file).evidence === undefined ? alsoTelling(error, probablyNoServer(otherwise)) : error;
}
