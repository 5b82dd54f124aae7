/** How programs declare an option of theirs: by a call, in a table, as a pair of its name and what it is. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, callsBefore, type Expr, lastName } from "../ir.ts";
import { type Scope, type SourceModule, scopeAt } from "../scope/scope.ts";
import { env, literal, textOf, type Value } from "../values.ts";
import { plainName } from "./setting-owners.ts";

export const DECLARES =
  /^(option|options|add_argument|add_option|addOption|addoption|Option|flag|positional|argument|addArgument|addOptionalParam|addParam|default|set_default|setDefault|setdefault|set_defaults|setDefaults|defaults|defaultsTo|SetDefault|defaultValue|InputOption|InputArgument|define|method_option|class_option|opt|setting|config_param|string|integer|attribute|DEFINE_\w+|[A-Z]\w*Opt)$/;
const NAMES = ["key", "name", "id", "option", "long", "setting"];
export const DEFAULTS = ["default", "defaultValue", "default_value", "defaultsTo", "value"];
const VARIABLES = ["env", "envVar", "envName", "envKey", "envvar", "env_var", "environment", "environmentVariable"];
const SCHEMA_DEFAULTS = DEFAULTS.filter((key) => key !== "value");
/** What an entry of a table of options has beside its default. */
const DESCRIBES =
  /^(alias|aliases|abbr|info|usage|desc|describe|description|help|type|doc|format|short|string|number|demandOption|group|parse|coerce|char|valueHint)$|[a-z](?:Alias(?:es)?|Desc(?:ription)?|Help|Type|Usage|Coerce)$/;

/** `.option("-p, --port <port>", "…", 3000)`, `.options("port", { default: 80 })`, `add_argument("--port", default=80)`. */
export function ofCall(
  e: Call,
  name: string,
  owners: readonly string[],
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const callee = lastName(e.callee);
  if (!callee || !DECLARES.test(callee)) return undefined;
  // `os.environ.setdefault("HOST", "127.0.0.1")` gives the program that runs a variable, and declares none.
  if (callee === "setdefault" && e.callee.kind === "member" && lastName(e.callee.object) === "environ")
    return undefined;
  if (/defaults$/i.test(callee)) return ofDefaults(e, name, module, evaluator);
  // commander: `new Option("--host <host>").default("127.0.0.1")`
  const option = callee === "default" ? optionBelow(e) : chainBelow(e, callee);
  const words = (option ?? e).args.flatMap((a) => (a.name === undefined ? [wordsOf(a.value)] : []));
  const flags = (words[0]?.length ?? 0) > 1 ? (words[0] as string[]) : words.flat().slice(0, 2);
  const matches = flags.some((f) => {
    // `server.host` is the host of what the program calls its server.
    const [, section, key] = /^(?:[\w.-]+\.)?([\w-]+)\.([\w-]+)$/.exec(f) ?? [];
    if (section !== undefined && key !== undefined)
      return plainName(key) === plainName(name) && owners.some((o) => plainName(o) === plainName(section));
    const long = /--([\w-]+)/.exec(f)?.[1] ?? (/^[\w-]+$/.test(f) ? f : "");
    return plainName(long) === plainName(name) || (f.length === 1 && isAlias(f, name, module));
  });
  if (!matches) return undefined;
  // What it falls back to may be a name of the function around it.
  const scope = scopeAt(module, e);
  if (option) return made(name, evaluator.eval(e.args[0]?.value, scope), undefined);
  const named = (keys: readonly string[]): Value | undefined => {
    const given = e.args.find((a) => a.name !== undefined && keys.includes(a.name));
    if (given) return evaluator.eval(given.value, scope);
    for (const { value } of e.args) {
      if (value.kind === "object") return entryOf(value, keys, scope, evaluator);
      // `string :bind do default "127.0.0.1" end`
      const inner = value.kind === "function" ? said(value, keys) : undefined;
      if (inner) return evaluator.eval(inner, scope);
    }
    return undefined;
  };
  // commander: the default is what follows the description.
  // `default("port", 8080)`, `setDefault("http", "port", 8080)`
  const usual = /^set_?default$/i.test(callee) && e.args.length === 3 ? e.args[2] : e.args[1];
  if (/^((set_?)?default|DEFINE_\w+)$/i.test(callee))
    return usual && made(name, evaluator.eval(usual.value, scope), undefined);
  // What reads its text stands before the default: `.option("-p, --port <port>", "…", toNumber, 8080)`.
  const plain = e.args.filter((a) => a.name === undefined);
  const isRead = module.language === "javascript" && callee === "option" && plain.length === 4;
  const positional = plain.slice(isRead ? 3 : 2).find((a) => a.value.kind !== "function" && a.value.kind !== "object");
  // Symfony: an option's default is the last of five, an argument's the last of four.
  const [, kind] = /^(?:add|Input)?(Option|Argument)$/.exec(module.language === "php" ? callee : "") ?? [];
  const last = kind === undefined ? undefined : e.args[kind === "Option" ? 4 : 3]?.value;
  // Ruby's are given by name: what follows is another of the option's names, or what it is for.
  const byPlace =
    module.language !== "ruby" && (/^(?:option|add(?:Optional)?Param)$/.test(callee) || isOfManager(e, callee));
  const given = (byPlace ? positional?.value : undefined) ?? last;
  const before = callee === "flag" && module.language === "ruby" ? saidBefore(e, module.text) : undefined;
  const fallback = named(DEFAULTS) ?? (given && evaluator.eval(given, scope)) ?? before;
  return made(name, fallback, named(VARIABLES));
}

/** `loader.add_option("listen_host", str, "", "Where to listen.")`: an option of the program's own, by its name, type and default. */
function isOfManager({ args }: Call, callee: string): boolean {
  const [name, type, , help] = args.flatMap((a) => (a.name === undefined ? [a.value] : []));
  const isText = (e: Expr | undefined, form: RegExp): boolean =>
    e?.kind === "literal" && typeof e.value === "string" && form.test(e.value);
  const isNamed = callee === "add_option" && isText(name, /^[a-z]\w+$/);
  return isNamed && type !== undefined && type.kind !== "literal" && isText(help, /\s/);
}

/** joptsimple's, argparse4j's and others' `accepts("host").withRequiredArg().defaultsTo("127.0.0.1")`: the call that names it. */
function chainBelow(e: Call, callee: string): Call | undefined {
  if (!/^(?:defaultsTo|[sS]etDefault|defaultValue)$/.test(callee) || e.args.length !== 1) return undefined;
  for (const before of callsBefore(e))
    if (/^(?:accepts|acceptsAll|[aA]dd_?Argument|Setup|builder|[oO]ption)$/.test(lastName(before.callee) ?? ""))
      return before;
  return undefined;
}

/** `"--host"`, and GLI's and clamp's lists of an option's names: `[:h, :host]`. */
function wordsOf(e: Expr): string[] {
  if (e.kind === "literal") return [String(e.value)];
  return e.kind === "array" ? e.items.flatMap((i) => (i.kind === "literal" ? [String(i.value)] : [])) : [];
}

/** GLI's lines before a flag: `c.default_value "localhost"`. */
function saidBefore({ start }: Call, text: string): Value | undefined {
  const [, usual] = SAID_BEFORE.exec(text.slice(Math.max(0, start - 400), start)) ?? [];
  return usual === undefined ? undefined : literal(usual);
}

const SAID_BEFORE =
  /\bdefault_value\s?\(?\s?["']([^"'\n]+)["']\)?[ \t]*\n(?:[ \t]*(?:\w+\.)?(?:arg_name|desc|long_desc|must_match)\b[^\n]*\n)*[ \t]*$/;

function optionBelow(e: Call): Call | undefined {
  for (const before of callsBefore(e)) if (lastName(before.callee) === "Option") return before;
  return undefined;
}

/** `set_defaults(host="127.0.0.1")`, `set_defaults host: "127.0.0.1"`, `.defaults({ host: "127.0.0.1" })`. */
function ofDefaults({ args }: Call, name: string, module: SourceModule, evaluator: Evaluator): Value | undefined {
  const entries = args.flatMap((a) =>
    a.name !== undefined
      ? [{ key: a.name, value: a.value }]
      : a.value.kind === "object"
        ? a.value.entries.map(({ key, value }) => ({ key, value }))
        : [],
  );
  // What a database is asked at is no place to listen.
  if (entries.some(({ key }) => /^(user(name)?|passw(or)?d|database|db|dialect)$/i.test(key ?? ""))) return undefined;
  const given = entries.find(({ key }) => key !== undefined && plainName(key) === plainName(name))?.value;
  return given && made(name, evaluator.eval(given, scopeAt(module, given)), undefined);
}

/** What an option of one letter is called besides: `alias: { p: "port" }`, `.alias("p", "port")`, `port: { alias: "p", … }`. */
export function longName(letter: string, { text }: SourceModule): string | undefined {
  if (!/\balias/.test(text) || !/^\w$/.test(letter)) return undefined;
  const one = String.raw`["']?\b${letter}["']?`;
  const word = String.raw`["']?\b([\w-]{2,30})["']?`;
  const table = String.raw`\balias(?:es)?["']?\s{0,9}:\s{0,9}\{[^{}]{0,400}?`;
  for (const pattern of [
    String.raw`\.alias\(\s{0,9}${one}\s{0,9},\s{0,9}\[?\s{0,9}${word}`,
    String.raw`\.alias\(\s{0,9}${word}\s{0,9},\s{0,9}\[?\s{0,9}${one}\s{0,9}[,)\]]`,
    String.raw`${table}${one}\s{0,9}:\s{0,9}\[?\s{0,9}${word}`,
    String.raw`${table}${word}\s{0,9}:\s{0,9}\[?\s{0,9}${one}\s{0,9}[,}\]]`,
    String.raw`${word}\s{0,9}[:,]\s{0,9}\{[^{}]{0,400}?\balias["']?\s{0,9}:\s{0,9}\[?\s{0,9}${one}\s{0,9}[,}\]]`,
  ]) {
    const found = new RegExp(pattern).exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `.alias("p", "port").default("p", 8080)`: is the letter another name of the option? */
function isAlias(letter: string, name: string, { text }: SourceModule): boolean {
  for (const m of text.matchAll(/\.alias\(\s*["'](\w)["']\s*,\s*\[?\s*["']([\w-]+)["']/g))
    if (m[1] === letter && plainName(m[2] as string) === plainName(name)) return true;
  return false;
}

/** What a block of a declaration says: `default 8080`. */
function said({ fn }: Expr & { kind: "function" }, keys: readonly string[]): Expr | undefined {
  for (const s of fn.body) {
    const e = s.kind === "expression" ? s.expr : s.kind === "return" ? s.value : undefined;
    if (e?.kind === "call" && e.callee.kind === "name" && keys.includes(e.callee.name)) return e.args[0]?.value;
  }
  return undefined;
}

/** `port: { default: 80, describe: "…" }`, `{ key: "port", envVar: "APP_PORT", default: 80 }`. */
export function ofTable(
  e: Expr & { kind: "object" },
  name: string,
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  // minimist and its kin: `{ alias: { … }, default: { port: 80 } }`.
  for (const entry of e.entries)
    if (/^defaults?$/.test(entry.key ?? "") && entry.value.kind === "object") {
      const given = entry.value.entries.find((x) => x.key !== undefined && plainName(x.key) === plainName(name));
      if (given) return made(name, evaluator.eval(given.value, scopeAt(module, given.value)), undefined);
    } else if (entry.key !== undefined && plainName(entry.key) === plainName(name) && ofSchema(entry.value)) {
      // A schema of the environment: `PORT: Joi.number().default(3000)`.
      return made(
        name,
        applied(ofSchema(entry.value), scopeAt(module, entry.value), evaluator),
        variableNamed(entry.key),
      );
    } else if (
      entry.key !== undefined &&
      entry.value.kind === "object" &&
      (plainName(entry.key) === plainName(name) || hasAlias(entry.value, name))
    )
      if (entry.value.entries.some((x) => x.key !== undefined && (DESCRIBES.test(x.key) || VARIABLES.includes(x.key))))
        return ofObject(entry.value, name, module, evaluator, variableNamed(entry.key));
  const called = e.entries.find(
    (x) =>
      x.key !== undefined &&
      NAMES.includes(x.key) &&
      x.value.kind === "literal" &&
      typeof x.value.value === "string" &&
      plainName(x.value.value) === plainName(name),
  );
  return called ? ofObject(e, name, module, evaluator) : undefined;
}

/** What a schema of the environment calls a variable: `PORT: { type: "number", default: 3000 }`. */
function variableNamed(key: string): Value | undefined {
  return /^[A-Z][A-Z\d_]*$/.test(key) ? literal(key) : undefined;
}

/** `a: { alias: "address", default: … }` */
function hasAlias({ entries }: Expr & { kind: "object" }, name: string): boolean {
  const given = entries.find((x) => /^alias(es)?$/.test(x.key ?? ""))?.value;
  const all = given?.kind === "array" ? given.items : given ? [given] : [];
  return all.some((a) => a.kind === "literal" && typeof a.value === "string" && plainName(a.value) === plainName(name));
}

/** `v.string().default("localhost")`: what a schema says of one that is not given. */
function ofSchema(e: Expr): Expr | undefined {
  // `host({ default: "127.0.0.1" })`, `schema.string({ defaultValue: "localhost" })`
  const first = e.kind === "call" && e.args.length === 1 ? e.args[0]?.value : undefined;
  if (first?.kind === "object")
    return first.entries.find((x) => x.key !== undefined && SCHEMA_DEFAULTS.includes(x.key))?.value;
  for (let at: Expr = e; at.kind === "call" && at.callee.kind === "member"; at = at.callee.object)
    if (at.callee.property === "default") return at.args.length === 1 ? at.args[0]?.value : undefined;
  return undefined;
}

/** `("hosts", { "value": "localhost:5232", "help": "…" })`; Twisted's `["listen", "l", "tcp:8900", "Where to listen."]`. */
export function ofPair(
  e: Expr & { kind: "array" },
  name: string,
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const [key, object] = e.items;
  const [, letter, usual, help] = e.items;
  if (
    module.text.includes("optParameters") &&
    usual &&
    help?.kind === "literal" &&
    letter?.kind === "literal" &&
    (letter.value === null || /^\w$/.test(String(letter.value))) &&
    key?.kind === "literal" &&
    typeof key.value === "string" &&
    plainName(key.value) === plainName(name)
  )
    return made(name, evaluator.eval(usual, scopeAt(module, usual)), undefined);
  if (
    e.items.length !== 2 ||
    key?.kind !== "literal" ||
    typeof key.value !== "string" ||
    plainName(key.value) !== plainName(name)
  )
    return undefined;
  if (object?.kind !== "object" || !object.entries.some((x) => x.key !== undefined && DESCRIBES.test(x.key)))
    return undefined;
  return ofObject(object, name, module, evaluator);
}

/** `{ default: 80, envVar: "APP_PORT" }`. */
function ofObject(
  object: Expr & { kind: "object" },
  name: string,
  module: SourceModule,
  evaluator: Evaluator,
  variable?: Value,
): Value | undefined {
  const scope = scopeAt(module, object);
  const named = entryOf(object, VARIABLES, scope, evaluator) ?? variable;
  return made(name, entryOf(object, DEFAULTS, scope, evaluator), named);
}

function entryOf(
  object: Expr & { kind: "object" },
  keys: readonly string[],
  scope: Scope,
  evaluator: Evaluator,
): Value | undefined {
  const entry = object.entries.find(
    ({ key }) => key !== undefined && (keys.includes(key) || (keys === DEFAULTS && /[a-z]Default$/.test(key))),
  );
  return entry && applied(entry.value, scope, evaluator);
}

/** `defaultValue: () => "localhost"` */
function applied(expr: Expr | undefined, scope: Scope, evaluator: Evaluator): Value {
  const value = evaluator.eval(expr, scope);
  return value.t === "function" ? evaluator.apply(value) : value;
}

export function made(name: string, fallback: Value | undefined, variable: Value | undefined): Value | undefined {
  const named = textOf(variable) ?? (variable?.t === "array" ? textOf(variable.items[0]) : undefined);
  if (fallback === undefined && named === undefined) return undefined;
  if (fallback?.t === "env") return fallback;
  const option: Value = { t: "option", name, ...(fallback ? { default: fallback } : {}) };
  return named && /^[A-Z][A-Z0-9_]+$/.test(named) ? env(named, option) : option;
}
