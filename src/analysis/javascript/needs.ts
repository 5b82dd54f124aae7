/** Environment variables without a default that a start or a handler cannot do without. */
import { place, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate.ts";
import type { EnvironmentNeed } from "../facts.ts";
import type { Expr } from "../ir.ts";
import type { CallSite, Guard, Scope, SourceModule } from "../scope.ts";
import { alternatives, textOf } from "../values.ts";

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

/** Variables that a condition says are unset. */
export function unsetNames(guard: Guard, scope: Scope, evaluator: Evaluator): string[] {
  return unset(guard.test, guard.negated, scope, evaluator);
}

function unset(test: Expr, negated: boolean, scope: Scope, evaluator: Evaluator): string[] {
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!") {
    const inner = test.args[0]?.value;
    return inner ? unset(inner, !negated, scope, evaluator) : [];
  }
  if (test.kind === "binary") {
    const { operator, left, right } = test;
    if (operator === "||" && !negated)
      return [...unset(left, false, scope, evaluator), ...unset(right, false, scope, evaluator)];
    if (operator === "&&" && negated)
      return [...unset(left, true, scope, evaluator), ...unset(right, true, scope, evaluator)];
    if (/^(===?|!==?)$/.test(operator)) {
      const equal = operator.startsWith("=") !== negated;
      const nothing = (e: Expr): boolean =>
        (e.kind === "literal" && (e.value === null || e.value === "" || e.value === "undefined")) ||
        (e.kind === "name" && e.name === "undefined");
      const subject = nothing(right) ? left : nothing(left) ? right : undefined;
      return equal && subject ? names(subject, scope, evaluator) : [];
    }
    return [];
  }
  // A bare value in an else branch: it was falsy.
  return negated ? names(test, scope, evaluator) : [];
}

function names(e: Expr, scope: Scope, evaluator: Evaluator): string[] {
  const found = alternatives(evaluator.query(e, scope));
  if (found.length !== 1) return [];
  const v = found[0];
  if (v?.t !== "env" || v.default) return [];
  return required(v.name) ? [v.name] : [];
}

/** Set by the platform, or by whoever runs the program for other reasons. */
export function required(name: string): boolean {
  return !/^(PORT|K_[A-Z_]+|NODE_ENV|HOME|PATH|USER|PWD|TMPDIR|TZ|LANG|CI|DEBUG|HOSTNAME|SHELL|VERCEL.*|AWS_LAMBDA_.*|JEST_.*|VITEST.*|npm_.*)$/.test(
    name,
  );
}

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

export function needsFrom(
  module: SourceModule,
  guards: readonly Guard[],
  scope: Scope,
  how: string,
  span: { start: number; end: number },
  evaluator: Evaluator,
  failure: "start" | "handler",
): EnvironmentNeed[] {
  const guard = guards.at(-1);
  if (!guard) return [];
  const handler = failure === "handler" ? handlerOf(module, span) : undefined;
  return unsetNames(guard, scope, evaluator).map((name) => ({
    ...(handler ? { handler } : {}),
    name,
    failure,
    how,
    place: place(module, guard.test),
    evidence: [quote(module, guard.test), quote(module, span)],
  }));
}

/** `app.get("/", (req, res) => …)` around a place: the handler of GET /. */
function handlerOf(module: SourceModule, span: { start: number; end: number }): string | undefined {
  for (const { call } of module.calls) {
    if (call.start > span.start || call.end < span.end || call.callee.kind !== "member") continue;
    const method = call.callee.property;
    const route = call.args[0]?.value;
    if (
      !/^(get|post|put|patch|delete|all|use|route)$/.test(method) ||
      route?.kind !== "literal" ||
      typeof route.value !== "string"
    )
      continue;
    if (call.args.some((a) => a.value.kind === "function" && a.value.start <= span.start && a.value.end >= span.end))
      return `the handler of ${/^(all|use|route)$/.test(method) ? "" : `${method.toUpperCase()} `}${route.value}`;
  }
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
