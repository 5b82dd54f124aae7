/**
 * Where a value was lost on its way: the option of its name that the program declares for its command line or its
 * settings, with the default and the variable that stand beside it.
 */
import { splitAddress } from "./collect.ts";
import { inConstants, inDefaults } from "./declared-tables.ts";
import type { Evaluator } from "./evaluate.ts";
import { type Call, type Expr, lastName } from "./ir.ts";
import { walkTree } from "./platform/walk.ts";
import { lookup, type Scope, type SourceModule } from "./scope.ts";
import { ownersOf, plainName } from "./setting-owners.ts";
import { alternatives, env, isNull, type Lost, literal, textOf, type Value } from "./values.ts";

const DECLARES =
  /^(option|options|add_argument|add_option|addOption|Option|flag|positional|argument|addArgument|default|set_default|setDefault|setdefault|define|method_option|class_option|opt|setting|config_param|string|integer|attribute|DEFINE_\w+)$/;
const NAMES = ["key", "name", "id", "option", "long", "setting"];
const DEFAULTS = ["default", "defaultValue", "defaultsTo", "value"];
const VARIABLES = ["env", "envVar", "envName", "envKey", "envvar", "env_var", "environment", "environmentVariable"];
/** What an entry of a table of options has beside its default. */
const DESCRIBES =
  /^(alias|aliases|abbr|info|usage|desc|describe|description|help|type|doc|format|short|string|number|demandOption|group|parse|coerce|char|valueHint)$/;

/** An unknown host or port of a listener, followed by the name of what gives it: here, or where it was lost. */
export function followedByName(value: Value, expr: Expr | undefined, scope: Scope, evaluator: Evaluator): Value {
  const all = alternatives(value);
  // What a schema says of a variable that is not set.
  if (value.t === "env" && !value.default && WHERE.test(value.name) && value.name !== "PORT") {
    const declared = declaredOption(value.name, [], scope.file, evaluator);
    const usual = declared?.t === "env" || declared?.t === "option" ? declared.default : undefined;
    return usual ? { ...value, default: usual } : value;
  }
  // `if host == "::": host = None` beside it changes nothing of what it mostly is, nor does an option without a default.
  const says = (v: Value): boolean => !isNull(v) && !(v.t === "option" && v.default === undefined);
  if (all.some((v) => v.t !== "unknown" && v.t !== "ref" && says(v))) return value;
  const lost = all.flatMap((v) => lostOf(v) ?? []);
  const written: Lost[] = (expr ? namesOf(expr, scope) : []).map((called) => ({ ...called, file: scope.file }));
  for (const { name, owner, file, item } of [...lost, ...written]) {
    const found = declaredOption(name, owner === undefined ? [] : [owner], file, evaluator);
    if (found) return item === undefined ? found : splitAddress(found)[item === 0 ? "host" : "port"];
  }
  return value;
}

/** What the source calls a value that was not followed: also a member of something that only its type is known of. */
export function lostOf(v: Value): Lost | undefined {
  if (v.t === "unknown") return v.lost;
  if (v.t !== "ref") return undefined;
  // In Ruby to read a member is to call it.
  const path = v.file.language === "ruby" ? v.path.replaceAll("()", "") : v.path;
  if (path.includes("(")) return undefined;
  const [name = "", owner] = path.split(".").reverse();
  return WHERE.test(name) ? { name, ...(owner === undefined ? {} : { owner }), file: v.file } : undefined;
}

interface Called {
  name: string;
  owner?: string;
}

/** How a setting is named where it is read: `config.http.port`, `config["http"]["port"]`, `config.get("http", "port")`. */
export function settingName(expr: Expr): Called | undefined {
  if (expr.kind === "member" || expr.kind === "index") {
    const name = expr.kind === "member" ? expr.property : lastName(expr);
    const owner = lastName(expr.object);
    return name === undefined ? undefined : { name, ...(owner === undefined ? {} : { owner }) };
  }
  if (expr.kind === "name") return { name: expr.name };
  if (expr.kind !== "call") return undefined;
  const keys = expr.args.filter((a) => a.name === undefined && !a.spread).map((a) => a.value);
  const words = keys.flatMap((k) => (k.kind === "literal" && typeof k.value === "string" ? [k.value] : []));
  // `get("port")`, `get("http", "port")`.
  if (words.length === 0 || words.length > 2 || words.length !== keys.length) return undefined;
  const [first = "", second] = words;
  if (second !== undefined) return { name: second, owner: first };
  const dot = first.lastIndexOf(".");
  return dot < 0 ? { name: first } : { name: first.slice(dot + 1), owner: first.slice(0, dot).replace(/^.*\./, "") };
}

/** What an expression is called: its own name, that of what was assigned to it, of what a call was given. */
function namesOf(expr: Expr, scope: Scope, depth = 0): Called[] {
  if (depth > 3) return [];
  const own = settingName(expr);
  if (expr.kind === "call") {
    const first = expr.args[0]?.value;
    return own ? [own] : first ? namesOf(first, scope, depth + 1) : [];
  }
  if (expr.kind !== "name") return own ? [own] : [];
  const source = lookup(scope, expr.name)?.sources.at(-1);
  const key = source?.path?.at(-1);
  const from =
    source?.expr && !source.path
      ? namesOf(source.expr, source.scope, depth + 1)
      : typeof key === "string"
        ? [{ name: key }]
        : [];
  return [{ name: expr.name }, ...from];
}

/** Is it a setting of where a server listens, by its name? */
export const WHERE = /host|port$|addr|bind|listen|^ip$|socket|inet|endpoint/i;

/** A setting that a library fills into the field of a class: what the program declares or writes down for its name. */
export function declaredField(name: string, scope: Scope, evaluator: Evaluator): Value | undefined {
  if (!WHERE.test(name) || evaluator.isHalfSpent()) return undefined;
  return declaredOption(name, ownersOf(scope, evaluator), scope.file, evaluator);
}

/** What was found by language, name and owners. */
const DECLARED = new WeakMap<Evaluator, Map<string, Value | undefined>>();

function declaredOption(
  name: string,
  owners: readonly string[],
  near: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const known = DECLARED.get(evaluator) ?? new Map<string, Value | undefined>();
  DECLARED.set(evaluator, known);
  const key = [near.language, name, ...owners].join(" ");
  if (known.has(key)) return known.get(key);
  const cuts = evaluator.cuts;
  const found = findDeclared(name, owners, near, evaluator);
  if (evaluator.cuts === cuts) known.set(key, found);
  return found;
}

interface MadeField {
  name: string;
  value: Call;
  inner: Scope;
}

const FIELDS = new WeakMap<SourceModule, MadeField[]>();

/** Fields of the module's classes that a call gives a value. */
function madeFields(module: SourceModule): MadeField[] {
  let all = FIELDS.get(module);
  if (all) return all;
  all = module.classes.flatMap(({ class: cls, inner }) =>
    cls.members.flatMap(({ name, value }) => (value?.kind === "call" ? [{ name: plainName(name), value, inner }] : [])),
  );
  FIELDS.set(module, all);
  return all;
}

const TABLES = new WeakMap<SourceModule, Expr[]>();

/** The calls, objects and arrays of a module. */
function tablesIn(module: SourceModule): Expr[] {
  let all = TABLES.get(module);
  if (all) return all;
  all = [];
  TABLES.set(module, all);
  const list = all;
  walkTree(module.tree, (e) => {
    if (e.kind === "object" || e.kind === "array" || (e.kind === "call" && DECLARES.test(lastName(e.callee) ?? "")))
      list.push(e);
  });
  return all;
}

function findDeclared(
  name: string,
  owners: readonly string[],
  near: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  if (!/^-{0,2}[A-Za-z][\w.-]*$/.test(name)) return undefined;
  const last = name.slice(name.lastIndexOf(".") + 1).replace(/^-+/, "");
  const word = last.replace(/(?<=[a-z])(?=[A-Z])/g, "-").replace(/[-_]+/g, "[-_]?");
  const pattern = new RegExp(
    `["'\`\\s{,(.](?:-\\w,?\\s*)?(?:--)?${word}(?:["'\`]|\\s*:\\s*\\{|[ =]<)|:${word}(?:\\s*,|\\s+do\\b)|^[ \\t]+${word}[ \\t]*(?::[^=\\n]*)?=[ \\t]*[\\w.]+\\(|\\bdefaults?["']?\\s*:\\s*\\{[^{}]*\\b${word}\\b|[\\s{,]${word}\\s*:[^\\n]*(?:\\.default\\(|\\bdefault:)`,
    "im",
  );
  const found: Value[] = [];
  for (const module of evaluator.project.matching(pattern, near)) {
    for (const { name: field, value: given, inner } of madeFields(module)) {
      const value = field === plainName(last) ? ofField(given, last, inner, evaluator) : undefined;
      if (value) found.push(value);
    }
    for (const e of tablesIn(module)) {
      const value =
        e.kind === "call"
          ? ofCall(e, last, owners, module, evaluator)
          : e.kind === "object"
            ? ofTable(e, last, module, evaluator)
            : e.kind === "array"
              ? ofPair(e, last, module, evaluator)
              : undefined;
      if (value) found.push(value);
    }
  }
  if (found.length > 0 && found.length < 4) return found[0];
  const usual = inDefaults(last, owners, near, evaluator) ?? inConstants(last, near, evaluator);
  if (usual) return { t: "option", name: last, default: usual, open: true };
  const sections = owners.length > 0 ? owners : [undefined];
  const written =
    sections.map((o) => evaluator.project.setting(last, o)).find((s) => s !== undefined) ??
    inText(last, near, evaluator);
  return written === undefined ? undefined : { t: "option", name: last, default: literal(written), open: true };
}

/** `dev_addr = Address(default="127.0.0.1:8000")`: a field of a class of settings. */
function ofField(value: Call, name: string, scope: Scope, evaluator: Evaluator): Value | undefined {
  if (!WHERE.test(name)) return undefined;
  const given = value.args.find((a) => a.name !== undefined && DEFAULTS.includes(a.name))?.value;
  const fallback = given && evaluator.eval(given, scope);
  return fallback?.t === "literal" || fallback?.t === "env" ? made(name, fallback, undefined) : undefined;
}

/** An address with its port in settings that stand in the code as text: `inet = "[::1]:1491"`. */
function inText(name: string, near: SourceModule, evaluator: Evaluator): string | undefined {
  const line = new RegExp(
    `^[ \\t]*${name.replace(/\W/g, "\\$&")}[ \\t]*[=:][ \\t]*\\\\?"((?:\\[[\\da-f:]+\\]|[\\w.-]*):\\d{2,5})\\\\?"[ \\t]*$`,
    "m",
  );
  // `--host=<h>  Where to listen [default: 127.0.0.1]`, `{--host=127.0.0.1 : …}`
  const flag = new RegExp(
    `--${name.replace(/[_-]/g, "[_-]")}(?:[ =]<?[\\w-]+>?[^\\n[]*(?:\\n[^\\n[-]*)?\\[default: ([^\\]\\s]+)\\]|=([\\w.:]+)\\s*[}:])`,
  );
  for (const pattern of WHERE.test(name) ? [line, flag] : [line])
    for (const module of evaluator.project.matching(pattern, near)) {
      const m = pattern.exec(module.text);
      const found = m?.[1] ?? m?.[2];
      if (found) return found;
    }
  return undefined;
}

/** `.option("-p, --port <port>", "…", 3000)`, `.options("port", { default: 80 })`, `add_argument("--port", default=80)`. */
function ofCall(
  e: Call,
  name: string,
  owners: readonly string[],
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const callee = lastName(e.callee);
  if (!callee || !DECLARES.test(callee)) return undefined;
  const flags = e.args
    .filter((a) => a.name === undefined && a.value.kind === "literal")
    .map((a) => String((a.value as { value: unknown }).value));
  const matches = flags.slice(0, 2).some((f) => {
    // `server.host` is the host of what the program calls its server.
    const [, section, key] = /^(?:[\w.-]+\.)?([\w-]+)\.([\w-]+)$/.exec(f) ?? [];
    if (section !== undefined && key !== undefined)
      return plainName(key) === plainName(name) && owners.some((o) => plainName(o) === plainName(section));
    const long = /--([\w-]+)/.exec(f)?.[1] ?? (/^[\w-]+$/.test(f) ? f : "");
    return plainName(long) === plainName(name) || (f.length === 1 && isAlias(f, name, module));
  });
  if (!matches) return undefined;
  const scope = module.scope;
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
  const second = e.args[1];
  if (/^((set_?)?default|DEFINE_\w+)$/i.test(callee))
    return second && made(name, evaluator.eval(second.value, scope), undefined);
  const positional = e.args
    .filter((a) => a.name === undefined)
    .slice(2)
    .find((a) => a.value.kind !== "function" && a.value.kind !== "object");
  // Symfony: the default is the last of five.
  const fifth = /^add(Option|Argument)$/.test(callee) && module.language === "php" ? e.args.at(-1)?.value : undefined;
  const given = (callee === "option" ? positional?.value : undefined) ?? (e.args.length > 3 ? fifth : undefined);
  const fallback = named(DEFAULTS) ?? (given && evaluator.eval(given, scope));
  return made(name, fallback, named(VARIABLES));
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
function ofTable(
  e: Expr & { kind: "object" },
  name: string,
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const of = (inner: Expr & { kind: "object" }): Value | undefined =>
    made(name, entryOf(inner, DEFAULTS, module.scope, evaluator), entryOf(inner, VARIABLES, module.scope, evaluator));
  // minimist and its kin: `{ alias: { … }, default: { port: 80 } }`.
  for (const entry of e.entries)
    if (/^defaults?$/.test(entry.key ?? "") && entry.value.kind === "object") {
      const given = entry.value.entries.find((x) => x.key !== undefined && plainName(x.key) === plainName(name));
      if (given) return made(name, evaluator.eval(given.value, module.scope), undefined);
    } else if (entry.key !== undefined && plainName(entry.key) === plainName(name) && ofSchema(entry.value)) {
      return made(name, evaluator.eval(ofSchema(entry.value), module.scope), undefined);
    } else if (
      entry.key !== undefined &&
      entry.value.kind === "object" &&
      (plainName(entry.key) === plainName(name) || hasAlias(entry.value, name))
    )
      if (entry.value.entries.some((x) => x.key !== undefined && (DESCRIBES.test(x.key) || VARIABLES.includes(x.key))))
        return of(entry.value);
  const called = e.entries.find(
    (x) =>
      x.key !== undefined &&
      NAMES.includes(x.key) &&
      x.value.kind === "literal" &&
      typeof x.value.value === "string" &&
      plainName(x.value.value) === plainName(name),
  );
  return called ? of(e) : undefined;
}

/** `a: { alias: "address", default: … }` */
function hasAlias({ entries }: Expr & { kind: "object" }, name: string): boolean {
  const given = entries.find((x) => /^alias(es)?$/.test(x.key ?? ""))?.value;
  const all = given?.kind === "array" ? given.items : given ? [given] : [];
  return all.some((a) => a.kind === "literal" && typeof a.value === "string" && plainName(a.value) === plainName(name));
}

/** `v.string().default("localhost")`: what a schema says of one that is not given. */
function ofSchema(e: Expr): Expr | undefined {
  // `host({ default: "127.0.0.1" })`
  const first = e.kind === "call" && e.args.length === 1 ? e.args[0]?.value : undefined;
  if (first?.kind === "object") return first.entries.find((x) => x.key === "default")?.value;
  for (let at: Expr = e; at.kind === "call" && at.callee.kind === "member"; at = at.callee.object)
    if (at.callee.property === "default") return at.args.length === 1 ? at.args[0]?.value : undefined;
  return undefined;
}

/** `("hosts", { "value": "localhost:5232", "help": "…" })`. */
function ofPair(
  e: Expr & { kind: "array" },
  name: string,
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const [key, object] = e.items;
  if (
    e.items.length !== 2 ||
    key?.kind !== "literal" ||
    typeof key.value !== "string" ||
    plainName(key.value) !== plainName(name)
  )
    return undefined;
  if (object?.kind !== "object" || !object.entries.some((x) => x.key !== undefined && DESCRIBES.test(x.key)))
    return undefined;
  return made(
    name,
    entryOf(object, DEFAULTS, module.scope, evaluator),
    entryOf(object, VARIABLES, module.scope, evaluator),
  );
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
  return entry && evaluator.eval(entry.value, scope);
}

function made(name: string, fallback: Value | undefined, variable: Value | undefined): Value | undefined {
  const named = textOf(variable) ?? (variable?.t === "array" ? textOf(variable.items[0]) : undefined);
  if (fallback === undefined && named === undefined) return undefined;
  if (fallback?.t === "env") return fallback;
  const option: Value = { t: "option", name, ...(fallback ? { default: fallback } : {}) };
  return named && /^[A-Z][A-Z0-9_]+$/.test(named) ? env(named, option) : option;
}
