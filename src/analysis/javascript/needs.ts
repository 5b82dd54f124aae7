/** Environment variables without a default that a start or a handler cannot do without. */
import { place, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { EnvironmentNeed } from "../facts.ts";
import type { Expr } from "../ir.ts";
import { required } from "../needs.ts";
import type { CallSite, Scope, SourceModule } from "../scope/scope.ts";
import { textOf } from "../values.ts";

export const FAIL_METHODS = new Set([
  "exit",
  "status",
  "sendStatus",
  "code",
  "writeHead",
  "cleanEnv",
  "parse",
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

/** `cleanEnv(process.env, { API_KEY: str() })`, `z.object({ API_KEY: z.string() }).parse(process.env)`. */
export function schemaNeeds(module: SourceModule, site: CallSite, path: string): EnvironmentNeed[] {
  let schema: Expr | undefined;
  const { call } = site;
  if (/^envalid\.cleanEnv$/.test(path)) schema = call.args[1]?.value;
  else if (/^zod(\.z)?\.object\(\)\.parse$/.test(path)) {
    const text = module.text.slice(call.args[0]?.value.start ?? 0, call.args[0]?.value.end ?? 0);
    const callee = call.callee;
    if (text === "process.env" && callee.kind === "member" && callee.object.kind === "call")
      schema = callee.object.args[0]?.value;
  }
  if (schema?.kind !== "object") return [];
  const out: EnvironmentNeed[] = [];
  for (const e of schema.entries) {
    if (!e.key || !/^[A-Z][A-Z0-9_]*$/.test(e.key) || !required(e.key)) continue;
    const text = module.text.slice(e.value.start, e.value.end);
    if (/\b(default|devDefault|optional|nullish|catch|prefault)\b|\.or\(/.test(text) || !/\(/.test(text)) continue;
    out.push({
      name: e.key,
      failure: "start",
      how: `${path.split(".")[0]} rejects the environment`,
      place: place(module, e),
      evidence: [quote(module, e)],
    });
  }
  return out;
}
