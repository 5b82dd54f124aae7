/** Settings of Go programs: viper, cobra's flags, structs that libraries fill by their tags. */

import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import { ENV_PREFIX } from "../port-mention.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import type { CallView, ProjectModel } from "../semantics.ts";
import { declaredField, WHERE } from "../settings/declared-options.ts";
import { holdersOf, ownersOf, plainName, variableCalled } from "../settings/setting-owners.ts";
import { ABSENT, anyOf, ENVIRON, env, literal, textOf, UNKNOWN, type Value } from "../values.ts";

/** Methods that declare a flag; the ones with `Var` are told first where its value goes, the ones with `P` a letter after its name. */
const DECLARES = /^(?:String|U?[iI]nt(?:8|16|32|64)?|IP|Duration)(?:Slice|Array)?(Var)?(P)?$/;

/** `cmd.Flags().StringP("host", "h", "127.0.0.1", "…")`, wherever it stands; its name and its default may be constants. */
export function cobraFlag(
  name: string,
  near: SourceModule,
  evaluator: Evaluator,
  sets = /"github\.com\/spf13\/pflag"/,
): Value | undefined {
  const inSets = ["Flags", "PersistentFlags"].flatMap((word) => evaluator.project.mentioning(word, near));
  // cobra takes the process' own flags over.
  const own = (): readonly SourceModule[] => evaluator.project.matching(sets, near);
  for (const modules of [() => inSets, own]) {
    const defaults: Value[] = [];
    for (const module of modules())
      for (const { call, scope } of module.calls) {
        // `StringVar(&address, …)` is lowered to a call of its own, which has the name and the default first.
        const lowered = call.callee.kind === "name" && call.callee.name === "flag!";
        const declares = call.callee.kind === "member" ? DECLARES.exec(call.callee.property) : null;
        if (!declares && !lowered) continue;
        const [named, ...rest] = call.args.slice(declares?.[1] ? 1 : 0).map((a) => a.value);
        const given = declares?.[2] ? rest[1] : rest[0];
        if (!given || rest.length < 2 || textOf(evaluator.eval(named, scope)) !== name) continue;
        const value = evaluator.eval(given, scope);
        if (value.t !== "unknown" && value.t !== "ref") defaults.push(value);
      }
    // Several commands may have one of that name.
    if (defaults.length > 0) return { t: "option", name, default: anyOf(defaults) };
  }
  return undefined;
}

/** `viper.GetString("server.host")`. */
export function viperKey(view: CallView, evaluator: Evaluator): Value {
  const key = textOf(view.arg(0));
  return key === undefined ? { t: "derived", of: [ENVIRON] } : viperSetting(key, view.scope.file, evaluator);
}

/** viper: AutomaticEnv makes every key a variable, SetEnvPrefix puts a prefix before it, BindEnv names one. */
function viperSetting(key: string, near: SourceModule, evaluator: Evaluator): Value {
  let prefix = "";
  let automatic = false;
  let replacer = false;
  let bound: string | undefined;
  let fallback: Value | undefined = defaultsOf(evaluator, near).get(key.toLowerCase())?.();
  let flag = key;
  for (const module of evaluator.project.mentioning("viper", near)) {
    for (const { call, scope } of module.calls) {
      const callee = call.callee.kind === "member" ? call.callee.property : "";
      const first = (): string | undefined => textOf(evaluator.eval(call.args[0]?.value, scope));
      if (callee === "AutomaticEnv") automatic = true;
      else if (callee === "SetEnvKeyReplacer") replacer = true;
      else if (callee === "SetEnvPrefix") prefix = `${first() ?? ""}_`;
      else if (callee === "BindEnv" && first()?.toLowerCase() === key.toLowerCase())
        bound = textOf(evaluator.eval(call.args[1]?.value, scope)) ?? (prefix + key).toUpperCase();
      else if (callee === "BindPFlag" && first()?.toLowerCase() === key.toLowerCase())
        flag = lookedUp(call.args[1]?.value) ?? flag;
    }
  }
  if (!fallback || flag !== key) fallback = cobraFlag(flag, near, evaluator) ?? fallback;
  if (bound) return env(bound, fallback);
  if (automatic) return env((prefix + (replacer ? key.replace(/[.-]/g, "_") : key)).toUpperCase(), fallback);
  return keyed(key, fallback, evaluator);
}

/** The name in `cmd.Flags().Lookup("listen-addr")`. */
function lookedUp(e: Expr | undefined): string | undefined {
  const name = e?.kind === "call" ? e.args[0]?.value : undefined;
  return name?.kind === "literal" && typeof name.value === "string" ? name.value : undefined;
}

/** A key of the settings, with its default, or what the program's own file says. */
export function keyed(key: string, fallback: Value | undefined, evaluator: Evaluator): Value {
  if (fallback?.t === "option" && fallback.name === key) return fallback;
  if (fallback && fallback.t !== "absent") return { t: "option", name: key, default: fallback };
  const [last = key, owner] = key.split(".").reverse();
  const written = evaluator.project.setting(last, owner);
  return {
    t: "option",
    name: key,
    ...(written === undefined ? {} : { default: literal(written), open: true as const }),
  };
}

type Defaults = Map<string, () => Value>;
const known = new WeakMap<ProjectModel, Defaults>();

/** Keys with the defaults that the program lays under its settings: `SetDefault`, koanf's map of them. */
export function defaultsOf(evaluator: Evaluator, near: SourceModule): Defaults {
  let found = known.get(evaluator.project);
  if (found) return found;
  known.set(evaluator.project, (found = new Map()));
  const add = (key: string, value: Expr | undefined, scope: Scope): void => {
    if (value?.kind === "object" && !value.type)
      for (const e of value.entries)
        if (e.key !== undefined) add(key === "" ? e.key : `${key}.${e.key}`, e.value, scope);
    if (value && key !== "") found.set(key.toLowerCase(), () => evaluator.eval(value, scope));
  };
  for (const module of evaluator.project.matching(/\bSetDefault\(|\bconfmap\.Provider\(/, near))
    for (const { call, scope } of module.calls) {
      const callee = call.callee.kind === "member" ? call.callee.property : "";
      if (callee === "SetDefault" && call.args.length === 2)
        add(textOf(evaluator.eval(call.args[0]?.value, scope)) ?? "", call.args[1]?.value, scope);
      else if (callee === "Provider") {
        const given = evaluator.eval(call.args[0]?.value, scope);
        if (given.t === "object") add("", given.expr, given.scope);
      }
    }
  return found;
}

/** `Port int \`env:"PORT" envDefault:"8080"\``, `\`envconfig:"PORT" default:"8080"\``: struct tags that libraries fill. */
export function taggedField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const member = scope.class?.members.find((m) => m.name === name && !m.fn);
  const tag = member?.decorators?.[0];
  if (tag?.kind !== "literal" || typeof tag.value !== "string") return undefined;
  const of = (key: string): string | undefined =>
    new RegExp(`(?:^|\\s)${key}:"([^"]*)"`).exec(tag.value as string)?.[1];
  const arg = of("arg");
  // jpillora's opts: `opts:"help=listening port, default=8080, env=PORT"`; `env` alone is the field's own name.
  const listed = of("opts");
  // ardanlabs' conf: `conf:"default:127.0.0.1:3000,env:LISTEN"`
  const told = of("conf");
  const confDefault = /(?:^|,)default:([^,]*)/.exec(told ?? "")?.[1];
  const isNamedAlike = /(?:^|,)\s*env\s*(?:,|$)/.test(listed ?? "");
  const variable =
    /\benv[:=](\w+)/.exec(arg ?? listed ?? "")?.[1] ??
    (isNamedAlike ? variableCalled(name) : undefined) ??
    of("env") ??
    of("envconfig") ??
    of("koanf-env") ??
    (confDefault === undefined ? told : /(?:^|,)env:(\w+)/.exec(told ?? "")?.[1]);
  const fallback =
    of("envDefault") ??
    of("default") ??
    of("env-default") ??
    of("defaultValue") ??
    confDefault ??
    /\bdefault=([^,]*)/.exec(listed ?? "")?.[1];
  const value = fallback === undefined ? ABSENT : interpolated(fallback, scope, evaluator);
  const long = of("long") ?? of("flagName") ?? arg?.replace(/^-+|,.*$/g, "");
  const option: Value | undefined = long ? { t: "option", name: long, default: value } : undefined;
  if (option && !variable) return option;
  const keyed = /\bkey=(\w+)/.exec(variable ?? "")?.[1];
  if (keyed) return env(keyed, literal(/\bdefault=(\S+)/.exec(variable ?? "")?.[1] ?? ""));
  const bare = variable?.split(",")[0]?.replace(/^.*:/, "");
  if (bare)
    return env(
      readBy(scope.file).prefix + prefixOf(scope, evaluator) + bare,
      variable?.includes("default=") ? literal(/default=(\S+)/.exec(variable)?.[1] ?? "") : value,
    );
  // A struct that envconfig fills without tags: every field is a variable.
  if (readBy(scope.file).untagged) return env(name.toUpperCase(), value);
  return fallback === undefined ? undefined : { t: "option", name, default: value };
}

const READ_BY = new WeakMap<SourceModule, { prefix: string; untagged: boolean }>();

/** How a file reads its variables: looked for once, and asked for at each field. */
function readBy(file: SourceModule): { prefix: string; untagged: boolean } {
  let known = READ_BY.get(file);
  if (!known) {
    const prefix = ENV_PREFIX.exec(file.text)?.[1] ?? "";
    known = { prefix, untagged: /envconfig\.(?:Process|MustProcess)\(\s*""/.test(file.text) };
    READ_BY.set(file, known);
  }
  return known;
}

/** kong's `default:"${address}"`, which `kong.Vars{"address": "localhost:80"}` says. */
function interpolated(text: string, { file }: Scope, evaluator: Evaluator): Value {
  const name = /^\$\{(\w+)\}$/.exec(text)?.[1];
  if (name === undefined) return literal(text);
  for (const module of evaluator.project.mentioning("Vars", file))
    for (const { object, scope } of module.typedObjects) {
      const given = object.type && lastName(object.type) === "Vars" && object.entries.find((e) => e.key === name);
      if (given) return evaluator.eval(given.value, scope);
    }
  return UNKNOWN;
}

/** `HTTP Server \`envPrefix:"HTTP_"\``, `\`env:", prefix=HTTP_"\``: what stands before the variables of a struct that another one holds. */
function prefixOf(scope: Scope, evaluator: Evaluator, depth = 0): string {
  if (depth > MAX_HELD) return "";
  const prefixes = holdersOf(scope, evaluator).map(({ inner, name }) => {
    const tag = inner.class?.members.find((m) => m.name === name)?.decorators?.[0];
    const own = (tag?.kind === "literal" && /\b(?:envPrefix:"|prefix=)(\w+)/.exec(String(tag.value))?.[1]) || "";
    return prefixOf(inner, evaluator, depth + 1) + own;
  });
  const [only = "", ...others] = new Set(prefixes);
  return others.length === 0 ? only : "";
}

/** How many structs are held by one another. */
const MAX_HELD = 4;

/** A field that a library of settings fills: what the program lays under them, or declares, or writes down. */
export function lostField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  if (!WHERE.test(name) || evaluator.isHalfSpent()) return undefined;
  const key = settingKey(scope, name, evaluator);
  if (key !== undefined) return viperSetting(key, scope.file, evaluator);
  const flag = boundFlag(scope, name, evaluator);
  if (flag) return flag;
  return isSettings(scope) ? declaredField(name, scope, evaluator) : undefined;
}

/** `viper.BindPFlags(flags)`, `viper.Unmarshal(&config)`: the flag that is called as the field's key is. */
function boundFlag(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const key = tagName(scope, name, /\bmapstructure:"([\w.-]+)/);
  if (key === undefined || evaluator.project.matching(/\.BindPFlags\(/, scope.file).length === 0) return undefined;
  return cobraFlag(key, scope.file, evaluator) && viperSetting(key, scope.file, evaluator);
}

/** `server.host`, of the keys that have defaults, for the field `Host` of what another struct holds as `Server`. */
function settingKey(scope: Scope, name: string, evaluator: Evaluator): string | undefined {
  const defaults = defaultsOf(evaluator, scope.file);
  if (defaults.size === 0) return undefined;
  const own = plainName(tagName(scope, name) ?? name);
  const owners = ownersOf(scope, evaluator, tagName);
  const fit = [...defaults.keys()].filter((key) => {
    const [last = "", owner] = key.split(".").reverse();
    return plainName(last) === own && (owner === undefined ? owners.length === 0 : owners.includes(plainName(owner)));
  });
  return fit.length === 1 ? fit[0] : undefined;
}

const TAGS = /\b(?:mapstructure|koanf|yaml|json|toml):"([\w.-]+)/;

/** The key under which a library of settings knows a field. */
export function tagName(scope: Scope, name: string, tags = TAGS): string | undefined {
  const tag = scope.class?.members.find((m) => m.name === name)?.decorators?.[0];
  return tag?.kind === "literal" ? tags.exec(String(tag.value))?.[1] : undefined;
}

/** A struct that a library of settings fills, by its tags. */
function isSettings(scope: Scope): boolean {
  return (scope.class?.members ?? []).some((m) => {
    const tag = m.decorators?.[0];
    return tag?.kind === "literal" && /\b(mapstructure|koanf|toml|yaml|ini|hcl|cfg|flag):"/.test(String(tag.value));
  });
}
