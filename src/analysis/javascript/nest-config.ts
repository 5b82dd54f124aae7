/** What Nest's configuration gives: the environment, what is loaded beside it, and the defaults of what it is validated by. */
import { escaped } from "../../base/escaped.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { returned } from "../evaluate/returns.ts";
import { lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { ABSENT, alternatives, anyOf, ENVIRON, env, textOf, UNKNOWN, type Value, withDefault } from "../values.ts";
import { schemaDefault } from "./env-schemas.ts";

/** `config.get("HOST")`, `config.get("http.host", "127.0.0.1")`, `config.get("HOST", { infer: true })` */
export function nestKey(view: CallView, evaluator: Evaluator): Value {
  const key = view.arg(0);
  const own = registered(key, view.scope.file, evaluator);
  const usual = view.count > 1 ? plainDefault(view.arg(1)) : ABSENT;
  if (own) return withDefault(own, usual);
  const found = configured(key);
  const said = found.t === "env" ? validatedDefault(found.name, view.scope.file, evaluator) : undefined;
  return withDefault(said ? withDefault(found, said) : found, usual);
}

/** `plainToInstance(Variables, process.env)`: what is given, over what the fields of the class are. */
export function asInstance(view: CallView): Value | undefined {
  const made = view.arg(0);
  if (made.t !== "class") return undefined;
  return { t: "layers", of: [{ t: "instance", scope: made.scope, frame: undefined }, view.arg(1)] };
}

/** What a variable is where it is unset, by `forRoot({ validate })` or `forRoot({ validationSchema })`; unknown where that is not followed. */
function validatedDefault(name: string, near: SourceModule, evaluator: Evaluator): Value | undefined {
  for (const module of evaluator.project.matching(/\.forRoot(?:Async)?\([^)]*\bvalidat(?:e|ionSchema)\b/, near))
    for (const { call, scope } of module.calls) {
      if (!/^forRoot/.test(lastName(call.callee) ?? "")) continue;
      const options = evaluator.eval(call.args[0]?.value, scope);
      const schema = evaluator.member(options, "validationSchema");
      if (schema.t === "ref") return schemaDefault(schema, name, evaluator);
      const fn = evaluator.member(options, "validate");
      if (fn.t !== "function") continue;
      const frame = { fn: fn.fn, arguments: [{ value: ENVIRON }], self: fn.self, parent: undefined, depth: 1 };
      const found = evaluator.member(returned(evaluator, fn, frame), name);
      return anyOf(alternatives(found).map((v) => (v.t === "env" ? (v.default ?? ABSENT) : v)));
    }
  return undefined;
}

/** The second argument of `get` may be options rather than a default. */
function plainDefault(v: Value): Value {
  return v.t === "literal" || v.t === "env" ? v : ABSENT;
}

/** A key of a configuration service over the environment: an upper-case one is the variable itself. */
export function configured(key: Value): Value {
  const text = textOf(key);
  if (text !== undefined && /^[A-Z][A-Z0-9_]*$/.test(text)) return env(text);
  return { t: "derived", of: [ENVIRON] };
}

/** `get("http.host")` of `forRoot({ load: [() => ({ http: { host: … } })] })`. */
function loadedKey(names: readonly string[], near: SourceModule, evaluator: Evaluator): Value | undefined {
  for (const module of evaluator.project.matching(/\.forRoot(?:Async)?\([^)]*\bload\s*:\s*\[/, near))
    for (const { call, scope } of module.calls) {
      if (!/^forRoot/.test(lastName(call.callee) ?? "")) continue;
      const load = evaluator.member(evaluator.eval(call.args[0]?.value, scope), "load");
      for (const fn of load.t === "array" ? load.items : []) {
        const whole = fn.t === "module" ? evaluator.member(fn, "default") : fn;
        const made = whole.t === "function" ? evaluator.apply(whole) : UNKNOWN;
        const found = names.reduce<Value>((v, name) => evaluator.member(v, name), made);
        if (found.t !== "unknown" && found.t !== "absent" && found.t !== "ref") return found;
      }
    }
  return undefined;
}

/** `get("app.host")` of `registerAs("app", () => ({ host: … }))`. */
export function registered(key: Value, near: SourceModule, evaluator: Evaluator): Value | undefined {
  const [space, ...names] = (textOf(key) ?? "").split(".");
  const loaded = space && /^[a-z]/.test(space) ? loadedKey([space, ...names], near, evaluator) : undefined;
  if (loaded || names.length === 0) return loaded;
  for (const module of evaluator.project.matching(
    new RegExp(`\\bregisterAs\\(\\s*["'\`]${escaped(space as string)}["'\`]`),
    near,
  ))
    for (const { call, scope } of module.calls) {
      const [first, made] = call.args;
      if (lastName(call.callee) !== "registerAs" || first?.value.kind !== "literal" || first.value.value !== space)
        continue;
      const fn = evaluator.eval(made?.value, scope);
      if (fn.t !== "function") continue;
      const found = names.reduce<Value>((v, name) => evaluator.member(v, name), evaluator.apply(fn));
      return found.t === "unknown" || found.t === "absent" ? undefined : found;
    }
  return undefined;
}
