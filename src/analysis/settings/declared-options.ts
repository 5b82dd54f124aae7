/**
 * Where a value was lost on its way: the option of its name that the program declares for its command line or its
 * settings, with the default and the variable that stand beside it.
 */

import { escaped } from "../../base/escaped.ts";
import { splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, type Expr, lastName } from "../ir.ts";
import { walkTree } from "../platform/walk.ts";
import { writtenName } from "../scope/block-names.ts";
import { lookup, type Scope, type SourceModule } from "../scope/scope.ts";
import { SERVICE_PORTS } from "../service-ports.ts";
import { isOfAskingCommand } from "../start/sub-commands.ts";
import {
  alternatives,
  anyOf,
  type Frame,
  isLocalAddress,
  isLocalHost,
  isNull,
  type Lost,
  literal,
  PARSED,
  textOf,
  type Value,
} from "../values.ts";
import { DECLARES, DEFAULTS, longName, made, ofCall, ofPair, ofTable } from "./declared-entries.ts";
import { inAssigned, inConstants, inDefaultConstants, inDefaults } from "./declared-tables.ts";
import { ownersOf, plainName } from "./setting-owners.ts";
import { inSettingsText } from "./settings-texts.ts";

/** A value that ends here, with the name by which the source knows it. */
export function lostAt(evaluator: Evaluator, expr: Expr, scope: Scope, frame: Frame | undefined): Value | undefined {
  const called = settingName(expr) ?? askedByName(evaluator, expr, scope, frame);
  if (expr.kind !== "member" && expr.kind !== "index")
    return called && { t: "unknown", lost: { ...called, file: scope.file } };
  const index = expr.kind === "index" ? textOf(evaluator.eval(expr.index, scope, frame)) : undefined;
  const name = called?.name ?? index;
  if (name === undefined) return undefined;
  // What it stands under is asked for settings only: each `.` of a long chain would ask for all before it again.
  const object = WHERE.test(name) ? evaluator.eval(expr.object, scope, frame) : undefined;
  const owner = object?.t === "unknown" ? object.lost?.name : undefined;
  return { t: "unknown", lost: { ...called, name, ...(owner ? { owner } : {}), file: scope.file } };
}

/** `input.getOption(name)`, in a function that is told which one is meant. */
function askedByName(evaluator: Evaluator, expr: Expr, scope: Scope, frame: Frame | undefined): Called | undefined {
  const name = isAskedByName(expr) ? textOf(evaluator.eval(expr.args[0]?.value, scope, frame)) : undefined;
  return name !== undefined && WHERE.test(name) && /^[\w.-]+$/.test(name) && !isLocalHost(name) ? { name } : undefined;
}

export function isAskedByName(expr: Expr): expr is Call {
  if (expr.kind !== "call" || expr.args.length !== 1 || expr.args[0]?.value.kind !== "name") return false;
  return GETS.test(lastName(expr.callee) ?? "");
}
const GETS = /^(?:get(?:_?(?:option|argument|setting|config|str(?:ing)?|value|property))?|option|setting|fetch)$/i;

/** An unknown host or port of a listener, followed by the name of what gives it: here, or where it was lost. */
export function followedByName(value: Value, expr: Expr | undefined, scope: Scope, evaluator: Evaluator): Value {
  const all = alternatives(value);
  // `config.get("host", "0.0.0.0")`, where the program's own settings file says localhost.
  if (value.t === "option" && value.open && value.default?.t === "literal" && !isLocalHost(value.default.value)) {
    const said = WHERE.test(value.name) ? evaluator.project.setting(value.name, undefined) : undefined;
    return isLocalHost(said) ? { t: "option", name: value.name, default: literal(said as string) } : value;
  }
  // What a schema says of a variable that is not set.
  if (value.t === "env" && !value.default && WHERE.test(value.name) && value.name !== "PORT") {
    const declared = declaredOption(value.name, [], scope.file, evaluator);
    const usual = declared?.t === "env" || declared?.t === "option" ? declared.default : undefined;
    return usual ? { ...value, default: usual } : value;
  }
  // `ENV["HOST"] || settings.host`: what it falls back to may have been lost too.
  if (value.t === "env" && value.default) {
    const fallback = followedByName(value.default, undefined, scope, evaluator);
    return fallback === value.default ? value : { ...value, default: fallback };
  }
  // `if host == "::": host = None` beside it changes nothing of what it mostly is, nor does an option without a default, nor
  // `options.pop("host", "")`.
  const says = (v: Value): boolean =>
    !isNull(v) && !(v.t === "option" && !isKnown(v.default)) && !(v.t === "literal" && v.value === "");
  if (all.some((v) => v.t !== "unknown" && v.t !== "ref" && says(v)))
    return localBeside(all, scope, evaluator) ?? value;
  const lost = all.flatMap((v) => lostOf(v, scope.file) ?? []);
  const written: Lost[] = (expr ? namesOf(expr, scope) : []).map((called) => ({ ...called, file: scope.file }));
  for (const { name, owner, file, item } of [...lost, ...written]) {
    const called = (name.length === 1 && longName(name, file)) || name;
    const found = declaredOption(called, owner === undefined ? [] : [owner], file, evaluator);
    if (found) return item === undefined ? found : splitAddress(found)[item === 0 ? "host" : "port"];
  }
  return value;
}

/** Localhost by one caller, lost by another: where the name of what was lost leads to localhost too, it is nothing else. */
function localBeside(all: readonly Value[], scope: Scope, evaluator: Evaluator): Value | undefined {
  const isLocalOne = (v: Value): boolean =>
    v.t === "literal" ? isLocalHost(v.value) : v.t === "option" && v.default !== undefined && isLocalAddress(v.default);
  const isLost = (v: Value): boolean => lostOf(v) !== undefined;
  if (!all.every((v) => isLocalOne(v) || isLost(v)) || !all.some(isLost)) return undefined;
  const found = all.map((v) => (isLost(v) ? followedByName(v, undefined, scope, evaluator) : v));
  return found.every(isLocalOne) ? anyOf(found) : undefined;
}

function isKnown(v: Value | undefined): boolean {
  return v !== undefined && v.t !== "unknown";
}

/**
 * What the source calls a value that was not followed: also a member of something that only its type is known of, and
 * an option whose default was lost.
 */
export function lostOf(v: Value, file?: SourceModule): Lost | undefined {
  if (v.t === "unknown") return v.lost;
  if (v.t === "option" && v.default && file && WHERE.test(v.name)) return { name: v.name, file };
  if (v.t !== "ref") return undefined;
  // In Ruby to read a member is to call it.
  // What a library read from a file (`json.load(f)["host"]`) has no name but that of its member.
  const said = v.file.language === "ruby" ? v.path.replaceAll("()", "") : v.path.replace(PARSED, "");
  const path = said.replace(LOADED, "");
  const [name = "", above] = path.split(".").reverse();
  // What is only called a host may be that of anybody.
  if (path.includes("(") || (path !== said && PLAIN.test(name))) return undefined;
  const owner = above === "" ? undefined : above;
  return WHERE.test(name) ? { name, ...(owner === undefined ? {} : { owner }), file: v.file } : undefined;
}

/** What reads the program's settings for it, by its name: `kit.parseArgs().host`, `loadConfig().config.host`. */
const LOADED =
  /(?:\w*(?:[cC]onfig|[sS]ettings|[oO]ptions|[aA]rg[sv]|[aA]rguments|[fF]lags)\w*(?:\.(?:load|parse|read|get))?\(\))/g;

/** Names that say no more than that it is an address. */
const PLAIN = /^(?:host(?:_?name)?|ip|interface|bind|listen|addr(?:ess)?)$/i;

interface Called {
  name: string;
  owner?: string;
}

/** How a setting is named where it is read: `config.http.port`, `config["http"]["port"]`, `config.get("http", "port")`. */
export function settingName(expr: Expr): Called | undefined {
  if (expr.kind === "member" || expr.kind === "index") {
    // C#'s `section.GetSection("Host").Value`, `settings.Port!.Value`
    if (expr.kind === "member" && expr.property === "Value" && /^(?:call|member)$/.test(expr.object.kind))
      return settingName(expr.object);
    const name = expr.kind === "member" ? expr.property : lastName(expr);
    const owner = lastName(expr.object);
    return name === undefined ? undefined : { name, ...(owner === undefined ? {} : { owner: writtenName(owner) }) };
  }
  if (expr.kind === "name") return { name: writtenName(expr.name) };
  if (expr.kind !== "call") return undefined;
  // In Ruby to read a member is to call it: `Options.rpc.server_address`. `os.hostname()` is no setting.
  const { callee } = expr;
  const isRead = expr.args.length === 0 && callee.kind === "member" && callee.object.kind !== "name";
  const read = isRead ? settingName(callee) : undefined;
  if (read && WHERE.test(read.name)) return read;
  const keys = expr.args.filter((a) => a.name === undefined && !a.spread).map((a) => a.value);
  const words = keys.flatMap((k) => (k.kind === "literal" && typeof k.value === "string" ? [k.value] : []));
  // `get("port")`, `get("http", "port")`.
  if (words.length === 0 || words.length > 2 || words.length !== keys.length) return undefined;
  const [first = "", second] = words;
  if (second !== undefined) return { name: second, owner: first };
  // `get("http.port")`, `get("http/port")`, `get("http:port")`
  const [, owner, name] = /(?:^|[./:])([\w-]+)[./:]([\w-]+)$/.exec(first) ?? [];
  return owner === undefined || name === undefined ? { name: first } : { name, owner };
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
    `["'\`\\s{,(.](?:-\\w,?\\s*)?(?:--)?${word}(?:["'\`]|\\s*:\\s*\\{|[ =]<)|:${word}(?:\\s*[,\\]]|\\s+do\\b)|%[iw]\\[[^\\]\n]{0,80}\\b${word}\\b|^[ \\t]+${word}[ \\t]*(?::[^=\\n]*)?=[ \\t]*[\\w.]+\\(|\\bdefaults?["']?\\s*:\\s*\\{[^{}]*\\b${word}\\b|[\\s{,]${word}\\s*:(?:[^\\n]*(?:\\.default\\(|\\bdefault(?:Value)?:)|\\s*[\\w.]+\\(\\{\\s*default(?:Value)?:)|\\b(?:set_?)?defaults\\b[^()]{0,9}\\([^()]{0,900}\\b${word}\\s*[:=]|\\bset_defaults\\s[^()]{0,900}\\b${word}\\s*:`,
    "im",
  );
  const found: Value[] = [];
  for (const module of evaluator.project.matching(pattern, near)) {
    for (const { name: field, value: given, inner } of madeFields(module)) {
      const value = field === plainName(last) ? ofField(given, last, inner, evaluator) : undefined;
      if (value) found.push(value);
    }
    for (const e of tablesIn(module)) {
      const isAsking = (): boolean =>
        isOfAskingCommand(module.text, (e.kind === "call" && e.args[0]?.value.start) || e.start + 1, module.language);
      const value =
        e.kind === "call"
          ? ofCall(e, last, owners, module, evaluator)
          : e.kind === "object"
            ? ofTable(e, last, module, evaluator)
            : e.kind === "array"
              ? ofPair(e, last, module, evaluator)
              : undefined;
      if (value && !isAsking() && !isOfService(last, value)) found.push(value);
    }
  }
  if (isOpenedUnder(last, near, evaluator)) return undefined;
  if (found.length > 0 && found.length < 4) return found[0];
  const given = inAssigned(last, owners, near, evaluator);
  if (given && isOfService(last, given)) return undefined;
  if (given) return given.t === "literal" ? { t: "option", name: last, default: given, open: true } : given;
  const usual =
    inDefaults(last, owners, near, evaluator) ??
    inConstants(last, near, evaluator) ??
    inDefaultConstants(last, near, evaluator);
  if (usual && isOfService(last, usual)) return undefined;
  if (usual) return { t: "option", name: last, default: usual, open: true };
  // What is served to those who run the program stands in a section of its own.
  const sections = owners.length > 0 ? owners.filter((o) => !OPERATORS.test(o)) : [undefined];
  const written =
    sections.map((o) => evaluator.project.setting(last, o)).find((s) => s !== undefined) ??
    inSettingsText(last, owners, near, evaluator) ??
    inText(last, near, evaluator);
  return written === undefined ? undefined : { t: "option", name: last, default: literal(written), open: true };
}

/** `{ host: "localhost", port: 5432 }`: an address that is only called so, beside the port of a database or the like. */
function isOfService(name: string, value: Value): boolean {
  const usual = value.t === "option" || value.t === "env" ? value.default : value;
  if (!PLAIN.test(name) || usual?.t !== "literal" || !usual.at || !isLocalHost(usual.value)) return false;
  const { scope, expr } = usual.at;
  const { text } = scope.file;
  const before = /[^{}]*$/.exec(text.slice(Math.max(0, expr.start - 300), expr.start))?.[0] ?? "";
  const after = /^[^{}]*/.exec(text.slice(expr.end, expr.end + 300))?.[0] ?? "";
  return SERVICE_PORT.test(`${before}|${after}`);
}
const SERVICE_PORT = new RegExp(
  `(?<![\\w$])port["']?\\]?\\s*[:=][^,;\\n{}]{0,60}?(?<!\\d)(?:${SERVICE_PORTS})(?!\\d)`,
  "i",
);

/** `{ host: "0.0.0.0", port: 8002, ...given }`: what the program lays under what it is given goes over what its schema says. */
function isOpenedUnder(name: string, near: SourceModule, evaluator: Evaluator): boolean {
  if (near.language !== "javascript" || !/host|addr|bind|listen/i.test(name)) return false;
  // A name that is the program's own, of which it says a word for all of them itself: `run({ boundHost: "-all-" })`.
  const all = `\\b${escaped(name)}["']?\\s*:\\s*["'](?:0\\.0\\.0\\.0|::|\\*|-?(?:all|any)-?)["']`;
  if (name.length > 8 && evaluator.project.matching(new RegExp(all), near).length > 0) return true;
  const opened = `\\b${escaped(name)}["']?\\s*:\\s*["'](?:0\\.0\\.0\\.0|::)["'],\\s*(?:\\w+:[^{}\\n]{0,60},\\s*){0,9}\\.\\.\\.\\w`;
  return evaluator.project.matching(new RegExp(opened), near).length > 0;
}

const OPERATORS =
  /^(admin|metrics|management|mgmt|debug|pprof|internal|monitor(ing)?|health(check)?|telemetry|stats)$/i;

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
    `^[ \\t]*${escaped(name)}[ \\t]*[=:][ \\t]*\\\\?"((?:\\[[\\da-f:]+\\]|[\\w.-]*):\\d{2,5})\\\\?"[ \\t]*$`,
    "m",
  );
  // `--host=<h>  Where to listen [default: 127.0.0.1]`, `{--H|host=127.0.0.1 : …}`
  const flag = new RegExp(
    `--(?:\\w\\|)?${name.replace(/[_-]/g, "[_-]")}(?:[ =]<?[\\w-]+>?[^\\n[]*(?:\\n[^\\n[-]*)?\\[default: ([^\\]\\s]+)\\]|=([\\w.:]+)\\s*[}:])`,
  );
  for (const pattern of WHERE.test(name) ? [line, flag] : [line])
    for (const module of evaluator.project.matching(pattern, near)) {
      const m = pattern.exec(module.text);
      const found = m?.[1] ?? m?.[2];
      if (found) return found;
    }
  return undefined;
}
