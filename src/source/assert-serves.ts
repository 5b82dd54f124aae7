/** The second look, when the packages are there: is an app of which nothing was known a server at all? */
import { KnbuildError } from "../base/errors.ts";
import type { PlanEntrypoint } from "../plan/types.ts";
import { packagesMayServe } from "./packages-serve.ts";

/** @param appDir the app's directory, with its packages installed there or above @throws NOT_A_SERVER */
export function assertServes(entrypoint: PlanEntrypoint, appDir: string): void {
  const { undecided, file, evidence } = entrypoint;
  if (undecided === undefined || packagesMayServe(appDir, undecided)) return;
  throw new KnbuildError({
    code: "NOT_A_SERVER",
    message: "this is not a web server: nothing in it listens for requests",
    where: file,
    detail: `Looked at:\n  ${file} (${evidence}): nothing in the files it reaches listens\n  its packages and theirs: ${undecided.map(({ name }) => name).join(", ")}: none of them does`,
    hint: "A service must listen on the port in PORT (node:http, Express, Fastify, …). If another file does, name it: `entrypoint` in knbuild.yaml. A job or a command line tool needs no service.",
  });
}
