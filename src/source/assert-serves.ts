/** The second look, when the packages are there: is an app of which nothing was known a server at all? */
import { KnbuildError } from "../base/errors.ts";
import type { PlanEntrypoint } from "../plan/types.ts";
import { openSource } from "./open.ts";
import { packagesMayServe } from "./packages-serve.ts";
import { lookForServer } from "./server-look.ts";

/** @param appDir the app's directory, with its packages installed there or above @throws NOT_A_SERVER */
export function assertServes(entrypoint: PlanEntrypoint, appDir: string): void {
  const { undecided, file, tool, evidence } = entrypoint;
  if (undecided === undefined || packagesMayServe(appDir, undecided, tool)) return;
  throw notAServer(file, [
    tool === undefined
      ? `${file} (${evidence}): nothing in the files it reaches listens`
      : `${tool} (${evidence}), a package's program`,
    `its packages and theirs: ${undecided.map(({ name }) => name).join(", ")}: none of them does`,
  ]);
}

/** The same for a file that the build has made. @throws NOT_A_SERVER */
export function assertMadeServes({ unstarted, file, evidence }: PlanEntrypoint, appDir: string): void {
  if (!unstarted || file === undefined) return;
  const { verdict, files, packages, importedFrom } = lookForServer(openSource(appDir), file);
  // Of one that is too large nothing is known.
  if (files.length === 0 || verdict === "serves" || verdict === "exports-fetch") return;
  const deciding = packages.map((name) => ({ name, from: importedFrom[name] ?? "." }));
  if (verdict === "unknown" && (packages.length === 0 || packagesMayServe(appDir, deciding))) return;
  throw notAServer(file, [
    `${file} (${evidence}, made by the build): nothing in it listens`,
    ...(packages.length > 0 ? [`its packages: ${packages.join(", ")}`] : []),
  ]);
}

function notAServer(file: string | undefined, lines: string[]): KnbuildError {
  return new KnbuildError({
    code: "NOT_A_SERVER",
    message: "this is not a web server: nothing in it listens for requests",
    where: file,
    detail: `Looked at:\n${lines.map((line) => `  ${line}`).join("\n")}`,
    hint: "A service must listen on the port in PORT (node:http, Express, Fastify, …). If another file does, name it: `entrypoint` in knbuild.yaml. A job or a command line tool needs no service.",
  });
}
