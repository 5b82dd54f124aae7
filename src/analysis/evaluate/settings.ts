/** Calls that read a setting of something that was not followed, by their key and their default, or fill a whole struct. */

import { tableIn, unlessSaid } from "../defaults/file-guards.ts";
import { type Call, type Expr, type Fn, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { byConstant } from "../settings/option-constants.ts";
import {
  alternatives,
  anyOf,
  env,
  type Frame,
  isKeyed,
  isLocalHost,
  isLost,
  isNull,
  textOf,
  type Value,
  withDefault,
} from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

const READS_SETTING = /^([gG]et\w*|fetch|dig|option|setting|value|[rR]ead\w*|[lL]ookup\w*|opt|pop)$/;
const SETTING_FUNCTION =
  /^(?=.*(?:setting|config|conf|option|param|pref))(?=.*(?:get|read|check|load|fetch|default|or))\w+$/i;
/** Languages whose settings say by their types what they are. */
export const TYPED = /^(java|csharp|go|rust)$/;

/** Something that was not followed, or nothing where it could not be read: `try: data = yaml.load(f) except: data = None`. */
export function holdsSettings(v: Value): boolean {
  return alternatives(v).some(isLost) && alternatives(v).every((x) => isLost(x) || isNull(x));
}

/**
 * `settings.get("host", "127.0.0.1")`, `config.get("http", "port", fallback=80)`, `config.getInt("http.port", 8080)` of
 * something that was not followed: whatever it reads, by its key and its default.
 */
export function settingOf(evaluator: Evaluator, expr: Call, scope: Scope, frame: Frame | undefined): Value | undefined {
  const { callee } = expr;
  let { args } = expr;
  const called = lastName(callee) ?? "";
  // `check_setting_int(config, "General", "web_port", 8081)`: the settings themselves come first.
  const ofSettings = args.length > 2 && SETTING_FUNCTION.test(called) && args[0]?.value.kind !== "literal";
  if (ofSettings) args = args.slice(1);
  else if (callee.kind !== "member" || !READS_SETTING.test(called)) return undefined;
  // Whoever is told of it says nothing: `config.GetOrDefault("apiuri", "http://localhost", this.logger)`.
  if (args.length > 2 && /log(?:ger)?$/i.test(lastName(args.at(-1)?.value as Expr) ?? "")) args = args.slice(0, -1);
  if (args.length === 1) return byConstant(evaluator, expr, scope, frame);
  if (args.length < 2 || args.length > 3) return undefined;
  const typed = TYPED.test(scope.file.language);
  const named = args.find((a) => a.name !== undefined);
  if (args.some((a) => a.spread) || (named && !/^(default|fallback)$/.test(named.name ?? ""))) return undefined;
  const positional = args.filter((a) => a.name === undefined).map((a) => a.value);
  const given = named?.value ?? positional.pop();
  const keys = positional.map((e) =>
    typed
      ? textOf(evaluator.eval(e, scope, frame))
      : e.kind === "literal"
        ? textOf({ t: "literal", value: e.value })
        : // A getter of the program's own: `def get(self, key, default): return self.data.get(key, default)`.
          ((frame && e.kind === "name" ? textOf(evaluator.eval(e, scope, frame)) : undefined) ?? ""),
  );
  // A section may be none, and a key have blanks: `profile.GetValue<string>("Server Address", string.Empty, ADDRESS)`.
  const words = typed ? keys.filter((k, i) => k !== "" || i === 0) : keys;
  const name = words.at(-1);
  const isKey = typed ? /^[A-Za-z_][\w.: -]{1,60}$/ : /^[A-Za-z_][\w.:-]{1,60}$/;
  if (!given || name === undefined || words.some((k) => !isKey.test(k ?? ""))) return undefined;
  const fallback = saidBy(evaluator, given, scope, frame);
  // Two words are a section and its key.
  const word = fallback.t === "literal" && typeof fallback.value === "string" ? fallback.value : "";
  if (!typed && !named && keys.length === 1 && /^[A-Za-z_][\w-]*$/.test(word) && !isLocalHost(word)) return undefined;
  if (fallback.t === "unknown" || (!typed && fallback.t !== "literal" && fallback.t !== "env")) return undefined;
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? env(name, fallback) : { t: "option", name, default: fallback, open: true };
}

/**
 * `getProperty("app.host", "localhost")` of the program's own, that was followed to nothing: by its key, and by what it is given
 * for the parameter that is called a default.
 */
export function usualOf(
  evaluator: Evaluator,
  fn: Fn,
  expr: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (fn.params.length === 1) return byConstant(evaluator, expr, scope, frame);
  if (!/^(?:java|csharp)$/.test(scope.file.language) || fn.params.length < 2) return undefined;
  const at = fn.params.findIndex(({ pattern }) => pattern.kind === "name" && USUAL.test(pattern.name));
  const given = at < 1 ? undefined : expr.args[at];
  if (!given || given.name !== undefined) return undefined;
  const name = textOf(evaluator.eval(expr.args[0]?.value, scope, frame));
  if (name === undefined || !/^[A-Za-z_][\w.:-]{1,60}$/.test(name)) return undefined;
  const fallback = evaluator.eval(given.value, scope, frame);
  return fallback.t === "unknown" || fallback.t === "absent"
    ? undefined
    : { t: "option", name, default: fallback, open: true };
}

/** What a parameter is called that says what is in force where nothing is set. */
const USUAL = /^(?:_?default(?:_?val(?:ue)?)?|fall_?back(?:_?value)?|def(?:_?val(?:ue)?)?|dflt|otherwise)$/i;

/** A default, or what a block gives for one: `options.fetch(:host) { "localhost" }`. */
export function saidBy(evaluator: Evaluator, given: Expr | undefined, scope: Scope, frame: Frame | undefined): Value {
  const value = evaluator.eval(given, scope, frame);
  return value.t === "function" && given?.kind === "function" ? evaluator.apply(value) : value;
}

const READS_KEY = /^(get(int)?|fetch|pop|dig|delete)$/;

/** `settings.get("host", "localhost")` of an object that is known, or of several: `json.load(file) if exists(path) else DEFAULTS`. */
export function readByKey(evaluator: Evaluator, expr: Call, scope: Scope, frame: Frame | undefined): Value | undefined {
  const { callee, args } = expr;
  if (callee.kind !== "member" || !READS_KEY.test(callee.property)) return undefined;
  if (callee.property === "delete" && scope.file.language !== "ruby") return undefined;
  if (args.length === 0 || TYPED.test(scope.file.language)) return undefined;
  const read = alternatives(evaluator.eval(callee.object, scope, frame)).map((v) => {
    const table = tableIn(v);
    return table && unlessSaid(v, readOf(evaluator, table, expr, scope, frame));
  });
  return read.length > 0 && read.every((v) => v !== undefined) ? anyOf(read) : undefined;
}

/** `settings.get("host", "localhost")`, `parser.get("server", "host", fallback="localhost")` of an object that is known. */
export function readOf(
  evaluator: Evaluator,
  object: Value,
  { args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  const key = textOf(evaluator.eval(args[0]?.value, scope, frame));
  if (key === undefined) return undefined;
  const [, second, third] = args.filter((a) => a.name === undefined).map((a) => a.value);
  const named = args.find((a) => a.name === "default" || a.name === "fallback")?.value;
  const found = evaluator.member(object, key);
  // What a file of the program says goes over the default, which opens nothing then.
  if (found.t === "option" && found.default?.t === "literal" && (named ?? second))
    return { t: "option", name: found.name, default: found.default };
  const other = saidBy(evaluator, second, scope, frame);
  // A section, and a key in it.
  const inner = isKeyed(found) ? textOf(other) : undefined;
  if (inner !== undefined)
    return withDefault(evaluator.member(found, inner), evaluator.eval(named ?? third, scope, frame), inner);
  // Nothing stands in for a false: `config.get("listen")`.
  if (!named && other.t === "absent" && found.t === "literal") return found;
  return withDefault(found, named ? evaluator.eval(named, scope, frame) : other, key);
}

/** Rust's `toml::from_str::<Settings>(…)`, `Args::from_args()`, Go's `env.ParseAs[Settings]()`: a library fills a struct of the project. */
export function filled(evaluator: Evaluator, expr: Call, scope: Scope): (Value & { t: "class" }) | undefined {
  if (!/^(rust|csharp|go)$/.test(scope.file.language)) return undefined;
  const { callee } = expr;
  const begun = scope.file.language === "rust" ? builder(callee) : undefined;
  const built = begun && evaluator.eval(begun, scope);
  if (built?.t === "class") return built;
  const word = expr.typeArgs?.length === 1 ? /(\w+)(?:<.*)?$/s.exec(expr.typeArgs[0] as string)?.[1] : undefined;
  const of = word
    ? evaluator.name(word, scope, undefined)
    : scope.file.language === "rust" && callee.kind === "member" && FILLS.test(callee.property)
      ? evaluator.eval(callee.object, scope)
      : undefined;
  return of?.t === "class" ? of : undefined;
}

/** What `Server::builder().port(80).build()` makes, by a builder that a macro wrote. */
function builder(callee: Expr): Expr | undefined {
  if (callee.kind !== "member" || !/^(try_)?build$/.test(callee.property)) return undefined;
  let at: Expr = callee.object;
  while (at.kind === "call" && at.callee.kind === "member" && at.callee.property !== "builder") at = at.callee.object;
  return at.kind === "call" && at.callee.kind === "member" ? at.callee.object : undefined;
}

const FILLS =
  /^(try_)?(parse|from|update|init|load|build|get|read)(_(args|env|iter|file|opts|or_exit|matches|arg_matches|safe|from|default))*$/;
