/** Environment variables that a failing branch says are needed: the same reasoning in every language. */
import { place, quote } from "./collect.ts";
import type { Evaluator } from "./evaluate/evaluator.ts";
import type { EnvironmentNeed } from "./facts.ts";
import { type Expr, lastName } from "./ir.ts";
import { momentsOf } from "./platform/moments.ts";
import { functionAround, type Guard, type Scope, type SourceModule } from "./scope/scope.ts";
import { alternatives } from "./values.ts";

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

const READS = /environ|getenv|process\.env|LookupEnv|\bENV\b|EnvironmentVariable|env::var|decouple/i;
const SETTINGS = /settings|config|env|conf\b/i;

function names(e: Expr, scope: Scope, evaluator: Evaluator): string[] {
  // Following every condition of a program costs more than all the rest.
  const { text } = scope.file;
  if (!READS.test(text) && !SETTINGS.test(text.slice(e.start, e.end))) return [];
  const found = alternatives(evaluator.brief(e, scope));
  // One of several is enough, unless each is another caller's: `requireEnv("A"); requireEnv("B")`.
  if (found.length !== 1 && !readsByParameter(scope)) return [];
  const unset = found.map((v) => (v.t === "env" && !v.default ? v.name : undefined));
  return unset.every((name) => name !== undefined) ? unset.filter(required) : [];
}

/** Does the function around read the variable whose name it is given? */
function readsByParameter(scope: Scope): boolean {
  const fn = functionAround(scope);
  if (!fn) return false;
  const given = fn.params.flatMap(({ pattern }) => (pattern.kind === "name" ? [pattern.name] : []));
  const text = scope.file.text.slice(fn.start, fn.end);
  return [...text.matchAll(BY_NAME)].some(([, name]) => given.includes(name as string));
}

const BY_NAME = /(?:env|environ|environ\.get|getenv|LookupEnv|ENV|ENV\.fetch|env::var)\s*[[(]\s*&?(\w+)\s*[\])]/gi;

/** Set by the platform, or by whoever runs the program for other reasons. */
export function required(name: string): boolean {
  return !/^(PORT|K_[A-Z_]+|NODE_ENV|HOME|PATH|USER|PWD|TMPDIR|TZ|LANG|CI|DEBUG|HOSTNAME|SHELL|VERCEL.*|AWS_LAMBDA_.*|JEST_.*|VITEST.*|npm_.*)$/.test(
    name,
  );
}

/**
 * Whom a failure at this place meets, where it is no handler by itself: the start, or whatever request comes there. Undefined
 * where the program's own calls lead to neither: a part of it that may never be used.
 */
export function failureAt(scope: Scope, evaluator: Evaluator): EnvironmentNeed["failure"] | undefined {
  const moments = momentsOf(scope, evaluator);
  if (moments.has("start")) return "start";
  return moments.has("request") ? "handler" : undefined;
}

/** Asks whether something else was given. */
const GIVEN = /^\s*[\w.$]+\s*(?:!==?\s*(?:""|''|null|undefined)|is not None)\s*$/;

/** What the guards of a failure say is unset. */
export function needsFrom(
  module: SourceModule,
  guards: readonly Guard[],
  scope: Scope,
  how: string,
  span: { start: number; end: number },
  evaluator: Evaluator,
  at: EnvironmentNeed["failure"],
): EnvironmentNeed[] {
  const guard = guards.at(-1);
  if (!guard) return [];
  // `if user != "" { if password == "" {`: only who gives the one must give the other.
  if (guards.slice(0, -1).some((g) => !g.negated && GIVEN.test(module.text.slice(g.test.start, g.test.end)))) return [];
  // `else { start().catch(() => process.exit(1)); }`: what fails there is something else.
  if (at !== "handler" && isCalledBack(module, guard, span)) return [];
  const unset = unsetNames(guard, scope, evaluator);
  const failure = unset.length === 0 || at === "handler" ? at : failureAt(scope, evaluator);
  if (failure === undefined) return [];
  const handler = failure === "handler" ? handlerOf(module, span) : undefined;
  return unset.map((name) => ({
    ...(handler ? { handler } : {}),
    name,
    failure,
    how,
    place: place(module, (unset.length > 1 && givenAt(module, name, scope)) || guard.test),
    evidence: [quote(module, guard.test), quote(module, span)],
  }));
}

/** `requireEnv("API_KEY")`: the call of the function around that names the variable. */
function givenAt(module: SourceModule, name: string, scope: Scope): Expr | undefined {
  const fn = functionAround(scope);
  const its = module.calls.find(
    ({ call }) =>
      lastName(call.callee) === fn?.name &&
      call.args.some(({ value }) => value.kind === "literal" && value.value === name),
  );
  return its?.call;
}

/** Does it stand in a function that the branch hands on? */
function isCalledBack({ fnScopes }: SourceModule, { test }: Guard, span: { start: number; end: number }): boolean {
  return [...fnScopes.keys()].some((f) => f.start > test.end && f.start <= span.start && f.end >= span.end);
}

const ROUTE =
  /^(get|post|put|patch|delete|all|use|route|HandleFunc|Handle|GET|POST|PUT|DELETE|PATCH|Get|Post|Put|Delete)$/;

/** `app.get("/", (req, res) => …)`, `http.HandleFunc("/", hello)` around a place: the handler of GET /. */
function handlerOf(module: SourceModule, span: { start: number; end: number }): string | undefined {
  const around = [...module.fnScopes.keys()].filter((f) => f.start <= span.start && f.end >= span.end);
  for (const { call } of module.calls) {
    const method = lastName(call.callee) ?? "";
    const route = call.args[0]?.value;
    if (!ROUTE.test(method) || route?.kind !== "literal" || typeof route.value !== "string") continue;
    const its = call.args
      .slice(1)
      .some(({ value }) =>
        value.kind === "function"
          ? around.includes(value.fn)
          : value.kind === "name" && around.some((f) => f.name === value.name),
      );
    const any = /^(all|use|route|Handle|HandleFunc)$/.test(method);
    if (its) return `the handler of ${any ? "" : `${method.toUpperCase()} `}${route.value}`;
  }
  return undefined;
}
