/** Defaults that a program writes down as a table or as constants: `const defaults = { port: 8080 }`, `HOST = "localhost"`. */
import { escaped } from "../../base/escaped.ts";
import { SECTION } from "../config/own-settings.ts";
import { joined } from "../defaults/joined.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, type Fn, lastName } from "../ir.ts";
import { type Binding, lookup, type Scope, type Source, type SourceModule } from "../scope/scope.ts";
import { source } from "../scope/sources.ts";
import { alternatives, anyOf, isLocalHost, type Value } from "../values.ts";
import { settingName, WHERE } from "./declared-options.ts";
import { isAskedAt as isAskedIn, OTHERS } from "./other-address.ts";
import { plainName } from "./setting-owners.ts";
import { isOfOthers } from "./usual-address.ts";

/** `const defaults = { port: 8080 }`, `DEFAULTS = {"host": "127.0.0.1"}`, `"HTTP_HOST": (str, "General", "localhost")`. */
export function inDefaults(
  name: string,
  owners: readonly string[],
  near: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  if (!WHERE.test(name)) return undefined;
  const pattern =
    /(?:default|definition|option|setting|config)\w*["'`]?\s*(?::[^=\n]*)?(?:=>?|:)\s*(?:Object\.freeze\()?\{|read_dict\(|ConfigParser\(\s*[\w{]|conf\w*\[["']\w+["']\]\s*=\s*\{|conf\w*\.set\(|default\w*\s*=\s*(?:async\s*)?\(\)[^{;]{0,90}=>\s*\(?\{|\bfunction\s+\w*default\w*\(\)[^{;]{0,90}\{\s*return\s*\{/i;
  for (const module of evaluator.project.matching(pattern, near)) {
    if (!module.text.toLowerCase().includes(name.toLowerCase())) continue;
    // A table of a client beside what it asks.
    if (module !== near && isAskedIn(name, [module.text])) continue;
    for (const { name: table, value, scope } of tablesOf(module)) {
      const usual = /default|definition/i.test(table);
      // `sshDefault` beside `serverDefault`: where others listen.
      const called = table.replace(/(?<=[a-z])(?=[A-Z])/g, "_");
      if (OTHERS.test(called) && !owners.some((o) => plainName(table).includes(plainName(o)))) continue;
      // `DEFAULTS = { "server": { "host": "127.0.0.1" } }`
      const isOwn = (key: string | undefined) => owners.some((o) => plainName(o) === plainName(key ?? ""));
      const groups = usual ? value.entries.filter((e) => isOwn(e.key)).map((e) => e.value) : [];
      const inner = groups.flatMap((g) => (g.kind === "object" ? g.entries : []));
      for (const entry of [...value.entries, ...inner]) {
        if (entry.key === undefined || plainName(entry.key) !== plainName(name)) continue;
        const given =
          entry.value.kind === "array" && /^_?[A-Z]|definition/.test(table)
            ? entry.value.items.at(-1)
            : usual
              ? entry.value
              : undefined;
        const v = given && evaluator.eval(given, scope);
        if (v?.t === "literal" && /^[^\s]+$/.test(String(v.value ?? "")) && typeof v.value !== "boolean") return v;
        if (v?.t === "env") return v;
      }
    }
    const written = module.language === "python" ? inSections(name, owners[0], module, evaluator) : undefined;
    if (written) return written;
  }
  return undefined;
}

/**
 * `options.host = process.env.HOST || options.host || "localhost"`: what a function that completes settings gives one of
 * them. Only where all that is given to that name is known.
 */
export function inAssigned(
  name: string,
  owners: readonly string[],
  near: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const [owner] = owners;
  if (!WHERE.test(name) || owner === undefined || SELF.test(owner)) return undefined;
  if (!/^(javascript|python|ruby|php)$/.test(near.language)) return undefined;
  const on = `\\b${escaped(owner)}(?:\\.|->)${escaped(name)}`;
  const found: Source[] = [];
  for (const module of evaluator.project.matching(new RegExp(`${on}\\s*(?:\\|\\||\\?\\?)?=[^=]`), near))
    for (const { target, value, scope, guards } of module.assigns) {
      if (target.kind !== "member" || target.property !== name || target.object.kind !== "name") continue;
      const binding = target.object.name === owner ? lookup(scope, owner) : undefined;
      if (binding && isSameObject(binding, module, near, evaluator))
        found.push(source(value, scope, [], undefined, guards));
    }
  const read = (s: Source): Value => evaluator.eval(s.expr, s.scope);
  const isKnown = (v: Value): boolean => v.t === "env" || v.t === "option" || v.t === "literal";
  if (found.length === 0) return undefined;
  const value = joined(found, name, evaluator, read);
  return alternatives(value).every(isKnown) ? value : undefined;
}

/** What these name is another object in each class. */
const SELF = /^[$@]?(this|self|cls)$/;

/**
 * Is what `module` calls by this name the object that `near` reads under it? The only one of that name there, one that both
 * import, or what `near` hands to the function.
 */
function isSameObject(binding: Binding, module: SourceModule, near: SourceModule, evaluator: Evaluator): boolean {
  const { name, param } = binding;
  const scopes = [near.scope, ...near.fnScopes.values()];
  const named = new Set(scopes.flatMap((s) => s.names.get(name) ?? []));
  if (module === near && named.size === 1 && named.has(binding)) return true;
  if (param)
    return near.calls.some(({ call, scope }) => {
      const given = call.args[param.index]?.value;
      if (given?.kind !== "name" || given.name !== name) return false;
      const target = evaluator.eval(call.callee, scope);
      return target.t === "function" && target.fn === param.fn;
    });
  const home = (b: Binding | undefined, file: SourceModule): SourceModule | undefined => {
    const specifier = b && specifierOf(b);
    return specifier === undefined ? undefined : evaluator.project.semantics(file).resolve(file, specifier)[0];
  };
  const theirs = home(near.scope.names.get(name), near);
  if (!theirs || module === near) return false;
  return home(binding, module) === theirs || (theirs === module && binding.scope === module.scope);
}

/** `import config from "./config"`, `const config = require("./config")` */
function specifierOf({ import: from, sources }: Binding): string | undefined {
  if (from) return from.module;
  const expr = sources[0]?.path ? undefined : sources[0]?.expr;
  const given = expr?.kind === "call" && lastName(expr.callee) === "require" ? expr.args[0]?.value : undefined;
  return given?.kind === "literal" && typeof given.value === "string" ? given.value : undefined;
}

/**
 * What Python's configparser is given before it reads a file: `config.read_dict({…})`, `ConfigParser(defaults)`,
 * `config["server"] = {…}`, `config.set("server", "host", "127.0.0.1")`.
 */
function inSections(
  name: string,
  owner: string | undefined,
  module: SourceModule,
  evaluator: Evaluator,
): Value | undefined {
  const known = (v: Value): Value | undefined =>
    v.t === "literal" || v.t === "env" || v.t === "option" ? v : undefined;
  const within = (table: Value): Value | undefined =>
    [owner, "DEFAULT", undefined]
      .map((section) => (section === undefined ? table : evaluator.member(table, section)))
      .flatMap((section) => known(evaluator.member(section, name)) ?? [])[0];
  // Where nothing says whose it is, the sections of a database or a cache are not meant.
  const isSection = (section: unknown): boolean =>
    owner === undefined ? section === "DEFAULT" || SECTION.test(String(section)) : section === owner;
  for (const { call, scope } of module.calls) {
    const called = lastName(call.callee) ?? "";
    const values = call.args.filter((a) => a.name === undefined || a.name === "defaults").map((a) => a.value);
    if (/^(read_dict|\w*ConfigParser)$/.test(called) && values[0]) {
      const found = within(evaluator.eval(values[0], scope));
      if (found) return found;
    }
    const [section, key, given] = values;
    const isSet = called === "set" && section?.kind === "literal" && key?.kind === "literal" && given !== undefined;
    const on = call.callee.kind === "member" ? (lastName(call.callee.object) ?? "") : "";
    if (isSet && key.value === name && isSection(section.value) && IS_CONFIG.test(on)) {
      const found = known(evaluator.eval(given, scope));
      if (found) return found;
    }
  }
  for (const { target, value, scope } of module.assigns)
    if (target.kind === "index" && value.kind === "object" && isSection(lastName(target))) {
      const found = known(evaluator.member(evaluator.eval(value, scope), name));
      if (found && IS_CONFIG.test(lastName(target.object) ?? "")) return found;
    }
  return undefined;
}

/** `HOST = "localhost"` in a module or a class of settings that is loaded as a whole: `config["HOST"]`. */
export function inConstants(name: string, near: SourceModule, evaluator: Evaluator): Value | undefined {
  if (!WHERE.test(name) || !/^[A-Z][A-Z0-9_]*$/.test(name) || near.language !== "python") return undefined;
  const known = (expr: Expr | undefined, scope: Scope): Value[] => {
    const value = expr && evaluator.eval(expr, scope);
    return value && (value.t === "literal" || value.t === "env" || value.t === "option") ? [value] : [];
  };
  const pattern = new RegExp(
    `^[ \\t]*(?:\\w+\\.)?(?:\\w+\\[["'])?${name}(?:["']\\])?[ \\t]*(?::[^=\\n]*)?=|\\b${name}=`,
    "m",
  );
  const found: Value[] = [];
  for (const module of evaluator.project.matching(pattern, near)) {
    if (/(settings?|config|defaults?)[\w-]*(\/__init__)?\.py$/.test(module.path))
      found.push(...known(module.scope.names.get(name)?.sources[0]?.expr, module.scope));
    for (const { class: cls, inner } of module.classes)
      if (/config|settings|default/i.test(cls.name ?? "") && !/test/i.test(cls.name ?? ""))
        for (const { expr, scope } of inner.fields.get(name) ?? []) found.push(...known(expr, scope));
    // `app.config["HOST"] = "localhost"`, `app.config.from_mapping(HOST="localhost")`
    for (const { target, value, scope } of module.assigns)
      if (
        target.kind === "index" &&
        settingName(target)?.name === name &&
        IS_CONFIG.test(lastName(target.object) ?? "")
      )
        found.push(...known(value, scope));
    // `env.update(HOST="127.0.0.1")` of a copy of the environment is another program's.
    for (const { call, scope } of module.calls)
      if (isConfigured(call.callee))
        for (const a of call.args) if (a.name === name) found.push(...known(a.value, scope));
  }
  return found.length > 0 ? anyOf(found) : undefined;
}

/** `DEFAULT_BIND_ADDR = "localhost"` for what is read as `bind_addr` and was lost: where all constants of that name say localhost. */
export function inDefaultConstants(name: string, near: SourceModule, evaluator: Evaluator): Value | undefined {
  if (!WHERE.test(name) || /port$/i.test(name) || !/^(javascript|python|ruby|php)$/.test(near.language))
    return undefined;
  const word = name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").replace(/[-_]+/g, "_?");
  const constant = new RegExp(
    `(?<![\\w$])(default_?(?:(?:server|http|web|bind|listen|api|app)_?)?${word}|${word}_?default)\\s*(?::[^=\\n]*)?[=:]\\s*(["'])([\\w.:]+)\\2`,
    "gi",
  );
  const found: string[] = [];
  for (const module of evaluator.project.matching(new RegExp(constant, "i"), near)) {
    const { text } = module;
    if (module !== near && !/bind|listen/i.test(name) && !HOLDS_SETTINGS.test(module.path)) continue;
    for (const m of text.matchAll(constant)) {
      if (isOfOthers(m[1] as string, m.index, text) || isAskedAt(m[1] as string, text)) continue;
      if (!isLocalHost(m[3])) return undefined;
      found.push(m[3] as string);
    }
  }
  return found[0] === undefined ? undefined : { t: "literal", value: found[0] };
}

/** A file of settings, or of the program's beginning: `DEFAULT_HOST` of any other may be that of a pool, a queue. */
const HOLDS_SETTINGS =
  /(^|[/_-])(\w*(config|conf|settings|defaults?|const(ant)?s?|options|opts)|cli|args|server|app|main|index|run|__init__|__main__)\.\w+$/i;

/** Is it given, on a line of its file, to something that asks somebody else? */
function isAskedAt(constant: string, text: string): boolean {
  return text
    .split("\n")
    .some((line) => line.includes(constant) && /connect|client|dial|request|fetch|https?:\/\//i.test(line));
}

const IS_CONFIG = /config|settings|conf$/i;

/** `app.config.from_mapping(…)`, `settings.update(…)` */
function isConfigured(callee: Expr): boolean {
  if (callee.kind !== "member") return false;
  const { object, property } = callee;
  return (
    /^(from_mapping|setdefaults)$/.test(property) || (property === "update" && IS_CONFIG.test(lastName(object) ?? ""))
  );
}

/** Objects that a name of the module, or a field of a class, is. */
function* tablesOf(module: SourceModule): Generator<{ name: string; value: Expr & { kind: "object" }; scope: Scope }> {
  const scopes = [module.scope, ...module.classes.map((c) => c.inner), ...module.fnScopes.values()];
  for (const scope of scopes)
    for (const [name, sources] of [...[...scope.names].map(([n, b]) => [n, b.sources] as const), ...scope.fields])
      for (const { expr, path } of sources) {
        const value = expr && frozen(expr);
        if (value?.kind === "object" && !path) yield { name, value, scope };
        const made = value?.kind === "function" && !path && /default/i.test(name) ? madeBy(value.fn) : undefined;
        if (made && value?.kind === "function")
          yield { name, value: made, scope: module.fnScopes.get(value.fn) ?? scope };
      }
}

/** `const getDefaults = () => ({ host: "localhost" })`: the object that a function without parameters makes, and nothing else. */
function madeBy({ params, body }: Fn): (Expr & { kind: "object" }) | undefined {
  const [only] = body;
  const value = params.length === 0 && body.length === 1 && only?.kind === "return" ? only.value : undefined;
  return value?.kind === "object" ? value : undefined;
}

/** Of `Object.freeze({…})`, `Configuration[{…}]`, `{…}.freeze`, `{…}.merge(options)`: what is in it. */
function frozen(e: Expr): Expr {
  if (e.kind !== "call") return e;
  // Also at the beginning of a longer chain: `{…}.transform_values(&:freeze).freeze`.
  let first: Expr = e;
  while (first.kind === "call" && first.callee.kind === "member") first = first.callee.object;
  if (first.kind === "object") return first;
  if (e.callee.kind === "member" && e.callee.property === "freeze") return e.args[0]?.value ?? e.callee.object;
  return e.args.length === 1 ? (e.args[0]?.value as Expr) : e;
}
