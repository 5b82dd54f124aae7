/** The failures that say that an environment variable is needed. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { CallSite, Scope } from "../scope/scope.ts";
import { textOf } from "../values.ts";

export const FAIL_METHODS = new Set([
  "exit",
  "status",
  "sendStatus",
  "code",
  "writeHead",
  "fail",
  "createError",
  "HttpException",
]);

/** A 5xx status, a non-zero exit: the call that says that something failed. */
export function failureOf(site: CallSite, path: string, evaluator: Evaluator): string | undefined {
  const method = path.slice(path.lastIndexOf(".") + 1);
  const arg = textOf(evaluator.query(site.call.args[0]?.value, site.scope));
  if (path === "process.exit" || path === "Deno.exit")
    return arg === "0" || arg === undefined ? undefined : `exits with ${arg}`;
  if (/^(status|sendStatus|code|writeHead|createError)$/.test(method) && arg && /^5\d\d$/.test(arg))
    return `answers ${arg}`;
  return undefined;
}

/** Is the scope inside a function that answers requests (`(req, res) => …`)? */
export function inHandler(scope: Scope): boolean {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    if (
      s.fn?.params.some(
        (p) =>
          p.pattern.kind === "name" &&
          /^(_?req|_?res|request|response|reply|ctx|context|c|event)$/.test(p.pattern.name),
      )
    )
      return true;
  }
  return false;
}
