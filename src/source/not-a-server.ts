/** The one error for what is no web server: what it is, what was looked at, what to do. */
import { KnbuildError } from "../base/errors.ts";

export interface NotAServer {
  /** What it is, as a clause: `this is not a web server: …`. Absent: nothing more is known. */
  why?: string | undefined;
  where?: string | undefined;
  /** Lines: a file or a setting, and what it says. */
  looked: readonly string[];
  hint?: string | undefined;
}

export const NOTHING_LISTENS = "nothing in it listens for requests";

/** @returns NOT_A_SERVER */
export function notAServer({ why, where, looked, hint }: NotAServer): KnbuildError {
  return new KnbuildError({
    code: "NOT_A_SERVER",
    message: `this is not a web server: ${why ?? NOTHING_LISTENS}`,
    where,
    detail: `Looked at:\n${looked.map((line) => `  ${line}`).join("\n")}`,
    hint:
      hint ??
      "A service must listen on the port in PORT (node:http, Express, Fastify, …). If another file does, name it: `entrypoint` in knbuild.yaml. A job or a command line tool needs no service.",
  });
}

/** The same beside another error, where packages that are not there could still say something else. */
export const probablyNoServer = (why: string) => `this is probably not a web server: ${why}`;
