/** Environment variables that a Python program cannot do without. */
import { escaped } from "../../base/escaped.ts";
import { place, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { EnvironmentNeed } from "../facts.ts";
import { failureAt, needsFrom, required } from "../needs.ts";
import { functionScope, momentsOf } from "../platform/moments.ts";
import { type Guard, type Scope, type SourceModule, scopeAt } from "../scope/scope.ts";
import { alternatives, textOf } from "../values.ts";

/** Calls whose first argument matters here; following the others would be for nothing. */
const ASKED =
  /^(sys\.exit|exit|quit|os\._exit|config|env(\.(str|int|bool|url|db|float))?)$|(^|\.)(abort|HTTPException|HTTPError)$/;

export function pythonNeeds(module: SourceModule, evaluator: Evaluator): EnvironmentNeed[] {
  const out: EnvironmentNeed[] = [];
  const where = (scope: Scope): "handler" | "start" => (isHandler(scope) ? "handler" : "start");
  for (const t of module.throws)
    if (t.guards.length)
      out.push(
        ...needsFrom(
          module,
          t.guards,
          t.scope,
          "raises",
          t.expr ?? (t.guards.at(-1) as Guard).test,
          evaluator,
          where(t.scope),
        ),
      );
  for (const { call, scope, guards } of module.calls) {
    const callee = module.text.slice(call.callee.start, call.callee.end);
    if (!ASKED.test(callee)) continue;
    const first = textOf(evaluator.query(call.args[0]?.value, scope));
    if (/^(sys\.exit|exit|quit|os\._exit)$/.test(callee) && first !== "0" && guards.length)
      out.push(...needsFrom(module, guards, scope, "exits", call, evaluator, "start"));
    else if (
      /(^|\.)(abort|HTTPException|HTTPError)$/.test(callee) &&
      /^5\d\d$/.test(
        first ?? textOf(evaluator.query(call.args.find((a) => a.name === "status_code")?.value, scope)) ?? "",
      ) &&
      guards.length
    )
      out.push(...needsFrom(module, guards, scope, "answers 5xx", call, evaluator, "handler"));
    else if (
      /^(config|env(\.(str|int|bool|url|db|float))?)$/.test(callee) &&
      call.args.length >= 1 &&
      first &&
      !call.args.some((a) => a.name === "default") &&
      call.args.filter((a) => a.name === undefined).length < 2
    ) {
      const value = evaluator.query(call, scope);
      if (value.t === "env" && value.name === first && !value.default && required(first) && !guards.length)
        out.push({
          name: first,
          failure: "start",
          how: "raises",
          place: place(module, call),
          evidence: [quote(module, call)],
        });
    }
  }
  // `os.environ["X"]` raises KeyError.
  for (const { expr, scope, guards } of module.members) {
    if (expr.kind !== "index") continue;
    const text = module.text.slice(expr.start, expr.end);
    if (!/environ\s*\[/.test(text) || assigned(module, expr) || isDeleted(module, expr)) continue;
    const value = evaluator.query(expr, scope);
    if (value.t !== "env" || !required(value.name) || inTry(module, expr.start)) continue;
    const name = value.name;
    if (setsItself(name, module, expr.start, evaluator)) continue;
    if (guards.some((g) => module.text.slice(g.test.start, g.test.end).includes(name))) continue;
    if (guards.some((g) => isAskedFor(g, scope, evaluator))) continue;
    if (alternatives(value).length !== 1) continue;
    const failure = isHandler(scope) ? "handler" : failureAt(scope, evaluator);
    if (failure === undefined) continue;
    out.push({
      name,
      failure,
      how: "raises KeyError",
      place: place(module, expr),
      evidence: [quote(module, expr)],
    });
  }
  return [...out, ...settingsNeeds(module, evaluator)];
}

/** `if ssl:`, `if args.ssl:`: what somebody has to ask for. */
function isAskedFor({ test, negated }: Guard, scope: Scope, evaluator: Evaluator): boolean {
  if (negated || (test.kind !== "name" && test.kind !== "member")) return false;
  const value = evaluator.query(test, scope);
  return !(value.t === "literal" && value.value);
}

/** `del os.environ["X"]` */
function isDeleted(module: SourceModule, expr: { start: number }): boolean {
  return /\bdel\s+$/.test(module.text.slice(Math.max(0, expr.start - 8), expr.start));
}

/**
 * May the program itself have given the variable a value (`os.environ["X"] = …`) by the time it is read? Only what is
 * in a function that nothing names, or comes later in the same run of lines, surely has not.
 */
function setsItself(name: string, module: SourceModule, readAt: number, evaluator: Evaluator): boolean {
  const quoted = `["']${escaped(name)}["']`;
  const sets = new RegExp(`\\benviron(?:\\[${quoted}\\]\\s*=(?!=)|\\.setdefault\\(\\s*${quoted})`);
  return evaluator.project.matching(sets, module, name).some((setter) =>
    [...setter.text.matchAll(new RegExp(sets, "g"))].some(({ index }) => {
      const scope = functionAt(setter, index);
      if (setter !== module) return !scope || mayRun(scope, evaluator);
      const reader = functionAt(module, readAt);
      if (scope?.fn === reader?.fn) return index < readAt;
      const around = scope?.fn && scope.fn.start <= readAt && readAt < scope.fn.end;
      return !scope || around || mayRun(scope, evaluator);
    }),
  );
}

function functionAt(module: SourceModule, at: number): Scope | undefined {
  return functionScope(scopeAt(module, { start: at, end: at }));
}

/** A function that is a class's own, is decorated or is named somewhere else may be called by anybody. */
function mayRun(scope: Scope, evaluator: Evaluator): boolean {
  const { fn, file } = scope;
  if (!fn?.name || fn.decorators?.length || scope.parent?.kind === "class") return true;
  if ([...momentsOf(scope, evaluator)].some((moment) => moment !== "unknown")) return true;
  const named = new RegExp(`(?<!\\bdef\\s+)\\b${fn.name}\\b`);
  return evaluator.project.matching(named, file, fn.name).length > 0;
}

function assigned(module: SourceModule, expr: { start: number }): boolean {
  return module.assigns.some((a) => a.target.start === expr.start);
}

function inTry(module: SourceModule, at: number): boolean {
  return blocksAbove(module.text, at).some((line) => /^\s*try\s*:/.test(line));
}

/** The lines above that open the blocks around a place: each the nearest with less indentation. */
function blocksAbove(text: string, at: number): string[] {
  const lines = text.slice(0, at).split("\n");
  const found: string[] = [];
  let indent = /^\s*/.exec(lines.at(-1) ?? "")?.[0].length ?? 0;
  for (let i = lines.length - 2; i >= 0 && indent > 0; i--) {
    const line = lines[i] as string;
    // `):` ends what a `def` over several lines opened.
    if (/^\s*(?:#|[)\]}]|$)/.test(line)) continue;
    const own = /^\s*/.exec(line)?.[0].length ?? 0;
    if (own >= indent) continue;
    found.push(line);
    indent = own;
  }
  return found;
}

function isHandler(scope: Scope): boolean {
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    if (!s.fn) continue;
    if (
      s.fn.decorators?.some((d) =>
        /\.(route|get|post|put|delete|patch|errorhandler)\b/.test(s.file.text.slice(d.start, d.end)),
      )
    )
      return true;
    if (s.fn.params.some((p) => p.pattern.kind === "name" && /^(request|req|context)$/.test(p.pattern.name)))
      return true;
  }
  return false;
}

/** pydantic's settings without a default, where the class is made. */
function settingsNeeds(module: SourceModule, evaluator: Evaluator): EnvironmentNeed[] {
  const out: EnvironmentNeed[] = [];
  for (const { class: cls, inner } of module.classes) {
    if (!cls.bases.some((b) => /BaseSettings$/.test(module.text.slice(b.start, b.end)))) continue;
    // Made without arguments: what is given to it comes from no variable (`Settings(**read(file))`).
    if (!cls.name || !new RegExp(`\\b${cls.name}\\(\\s*(?:\\)|_\\w+\\s*=)`).test(module.text)) continue;
    for (const m of cls.members) {
      if (
        m.fn ||
        m.value ||
        !m.type ||
        m.type.kind !== "name" ||
        m.name === "model_config" ||
        /Optional|None/.test(module.text.slice(m.start, m.end))
      )
        continue;
      const value = evaluator.classMember(inner, m.name, undefined, undefined);
      if (value.t === "env" && !value.default && required(value.name))
        out.push({
          name: value.name,
          failure: "start",
          how: "raises a validation error",
          place: place(module, m),
          evidence: [quote(module, m)],
        });
    }
  }
  return out;
}
