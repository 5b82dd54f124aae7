/** Variables of the environment that the program gives a value itself, before it reads them. */
import { escaped } from "../../base/escaped.ts";
import { factValues, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { FactValue, Listener } from "../facts.ts";
import type { Expr } from "../ir.ts";
import { dirname } from "../javascript/resolve.ts";
import type { Guard, Scope, SourceModule } from "../scope/scope.ts";
import { alternatives, anyOf, type Value } from "../values.ts";
import { copiedIntoEnvironment, environmentWrites } from "./environment-writes.ts";

/** What a file has to hold that gives variables a value. */
const GIVES =
  "Setenv|set_var|SetEnvironmentVariable|environ\\b|\\bENV\\s*(?:\\[|\\.store)|\\benv(?:\\.\\w+|\\[[^\\]\\n]{1,80}\\])\\s*(?:\\|\\||\\?\\?)?=[^=]|assign\\(\\s*process\\.env";

/** Gives each variable that a listener reads without a default the value that the program sets it to. */
export function giveOwnVariables(
  listeners: readonly Listener[],
  module: (path: string) => SourceModule | undefined,
  evaluator: Evaluator,
): void {
  const given = (v: FactValue, near: SourceModule): FactValue => {
    if (v.kind !== "env" && v.kind !== "option") return v;
    const isKnown = v.fallback && !(v.kind === "env" && v.fallback.every((f) => f.kind === "unknown"));
    if (v.fallback && isKnown) return { ...v, fallback: v.fallback.map((f) => given(f, near)) };
    const fallback = v.kind === "env" ? ownValue(v.name, near, evaluator) : undefined;
    return fallback ? { ...v, fallback } : v;
  };
  for (const l of listeners) {
    const near = module(l.place.file);
    if (!near) continue;
    l.port = l.port.map((v) => given(v, near));
    l.host = l.host.map((v) => given(v, near));
  }
}

/** Undefined where nothing sets it, or only what is decided elsewhere. */
function ownValue(name: string, near: SourceModule, evaluator: Evaluator): FactValue[] | undefined {
  const values: Value[] = [];
  let decided = false;
  /** Whether it is set there unless somebody else has set it: `if (!process.env.HOST)`, `if os.Getenv("APP_"+key) == ""`. */
  const heed = (file: SourceModule, scope: Scope, guards: readonly Guard[], about: string, value: Value): void => {
    const reach = reachOf(evaluator, file, scope, guards);
    if (reach.development) return;
    const own = new RegExp(`\\b${escaped(about)}\\b|__name__|require\\.main`);
    if (!reach.conditions.every((c) => own.test(c)) && !reach.env.includes(name)) decided = true;
    values.push(withoutItself(name, value));
  };
  const read = (e: Expr, scope: Scope): Value => evaluator.query(e, scope);
  const holds = new RegExp(`^(?=[\\s\\S]*?(?:${GIVES}))[\\s\\S]*?\\b${escaped(name)}\\b`);
  const takenBack = new RegExp(
    `(?:[uU]nset_?[eE]nv|remove_var|\\b(?:pop|delete|del))\\b[^\\n]{0,40}\\b${escaped(name)}\\b`,
  );
  for (const file of evaluator.project.matching(holds, near, name)) {
    if (!isOneProgram(file, near, evaluator)) continue;
    if (takenBack.test(file.text)) return undefined;
    for (const w of environmentWrites(file, evaluator, new RegExp(`^${escaped(name)}$`)))
      if (w.value) heed(file, w.scope, w.guards, name, read(w.value, w.scope));
    for (const { whole, key, scope, guards } of copiedIntoEnvironment(file, evaluator)) {
      const value = evaluator.member(read(whole, scope), name);
      if (value.t === "literal") heed(file, scope, guards, key, value);
    }
  }
  const known = anyOf(values.filter((v) => v.t !== "absent"));
  return values.length === 0 || decided || known.t === "unknown" ? undefined : factValues(known);
}

/** Does one of two files load the other? What a program does that another starts from says nothing of this one. */
function isOneProgram(a: SourceModule, b: SourceModule, evaluator: Evaluator): boolean {
  if (a === b) return true;
  if (!/^(javascript|python|go)$/.test(a.language)) return false;
  if (a.language === "go" && dirname(a.path) === dirname(b.path)) return true;
  return loads(a, b, evaluator) || loads(b, a, evaluator);
}

function loads(from: SourceModule, what: SourceModule, evaluator: Evaluator): boolean {
  const seen = new Set([from]);
  for (const file of seen) {
    const { resolve } = evaluator.project.semantics(file);
    for (const specifier of file.imports) for (const m of resolve(file, specifier)) seen.add(m);
    if (seen.has(what)) return true;
    if (seen.size > MAX_LOADED) return false;
  }
  return false;
}
const MAX_LOADED = 200;

/** `process.env.HOST = process.env.HOST || "127.0.0.1"`: what it is set to where nobody else has set it. */
function withoutItself(name: string, value: Value): Value {
  const rest = alternatives(value).map(
    (v): Value => (v.t === "env" && v.name === name ? (v.default ?? { t: "absent" }) : v),
  );
  return anyOf(rest);
}
