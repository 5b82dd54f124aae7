/** What an expression can be, as far as the source tells. Anything that is not followed to its end is `unknown`. */
import type { Class, Expr, Fn } from "./ir.ts";
import type { Binding, Scope, SourceModule } from "./scope/scope.ts";

/** A call of a user's function that is being followed: parameters have these arguments. */
export interface Frame {
  fn: Fn;
  arguments: { name?: string | undefined; value: Value }[];
  self: Value | undefined;
  parent: Frame | undefined;
  depth: number;
}

export type Value =
  | { t: "literal"; value: string | number | boolean | null; at?: { scope: Scope; expr: Expr } }
  /** One environment variable; `default` is what is used when it is unset. */
  /** `needed`: where it is unset the program ends, or raises. */
  | { t: "env"; name: string; default?: Value; needed?: true }
  /** The whole environment, or an object that a library made from it. */
  | { t: "environ"; prefix?: string }
  /** A command line flag, a system property, a key of a configuration file that the user may change. */
  /** `open`: what else it may be was not followed; `default` is what it is when nothing else is chosen. */
  | { t: "option"; name: string; default?: Value; open?: true }
  | { t: "text"; parts: Value[] }
  /** Computed in a way that is not followed, from these. */
  | { t: "derived"; of: Value[] }
  | {
      t: "object";
      expr: Expr & { kind: "object" };
      scope: Scope;
      frame: Frame | undefined;
      /** The name that holds it, where members are assigned to it later. */
      holder?: Binding;
      /** Of a struct literal: the type outside the project, or the project's own. */
      type?: string;
      cls?: Scope;
    }
  /** An object whose members are already values (parsed configuration). */
  | { t: "record"; members: Map<string, Value>; rest?: Value; holder?: Binding }
  /** Objects laid over one another, the last one on top: defaults under what a user configures. */
  | { t: "layers"; of: Value[] }
  | { t: "array"; items: Value[] }
  | { t: "function"; fn: Fn; scope: Scope; self: Value | undefined }
  | { t: "class"; class: Class; scope: Scope }
  | { t: "instance"; scope: Scope; frame: Frame | undefined }
  | { t: "module"; module: SourceModule }
  /** Something of a library or of the language, by how it was got: `express().listen`. */
  | { t: "ref"; path: string; file: SourceModule; receiver?: Value; call?: CallOf }
  | { t: "any"; of: Value[] }
  /** A member that is not there, an argument that is not given. */
  | { t: "absent" }
  /** `lost`: what the source called it where it was not followed any further. */
  | { t: "unknown"; lost?: Lost };

export interface Lost {
  name: string;
  /** Of what it is a member: `http` in `config.http.port`. */
  owner?: string;
  file: SourceModule;
  /** Of an address that is taken apart: 0 for its host, 1 for its port. */
  item?: number;
}

export interface CallOf {
  call: Expr & { kind: "call" };
  scope: Scope;
  frame: Frame | undefined;
}

export const UNKNOWN: Value = { t: "unknown" };
export const ABSENT: Value = { t: "absent" };
/** Of an option: without it the argument is left out, which is not the same as `None`. */
export const OMITTED: Value = { t: "absent" };

/** Not given, or only by an option. */
export function isOmitted(v: Value): boolean {
  return v.t === "absent" || ((v.t === "option" || v.t === "env") && v.default === OMITTED);
}
export const ENVIRON: Value = { t: "environ" };

export function literal(value: string | number | boolean | null): Value {
  return { t: "literal", value };
}

export function env(name: string, fallback?: Value): Value {
  return fallback && fallback.t !== "absent" ? { t: "env", name, default: fallback } : { t: "env", name };
}

/** The union; nested ones are flattened, `absent` kept only when alone. */
export function anyOf(values: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const v of values) {
    if (v.t === "any") flat.push(...v.of);
    else flat.push(v);
  }
  const unique = [...new Map(flat.map((v) => [identity(v), v])).values()].slice(0, 16);
  const present = unique.filter((v) => v.t !== "absent");
  if (present.length === 0) return unique.length ? ABSENT : UNKNOWN;
  return present.length === 1 ? (present[0] as Value) : { t: "any", of: present };
}

const identities = new WeakMap<object, number>();
let next = 0;
function identity(v: Value): unknown {
  if (v.t === "literal") return `l${typeof v.value}${v.value}`;
  if (v.t === "env") {
    const usual = v.default ? identity(v.default) : "";
    if (typeof usual === "string") return `e${v.name} ${usual}`;
  }
  if (v.t === "unknown" || v.t === "environ" || v.t === "absent") return v.t;
  // A method of two objects that were made with different arguments gives two things.
  if (v.t === "function") return v.self?.t === "instance" ? ofFrame(v.fn, v.self.frame) : v.fn;
  if (v.t === "ref" && !v.call) return `r${v.path}`;
  if (v.t === "ref" && v.call) return v.call.call;
  if (v.t === "object") return ofFrame(v.expr, v.frame);
  return numberOf(v);
}

function ofFrame(what: object, frame: Frame | undefined): unknown {
  return frame ? `${numberOf(what)} ${numberOf(frame)}` : what;
}

function numberOf(v: object): number {
  let id = identities.get(v);
  if (!id) identities.set(v, (id = ++next));
  return id;
}

export function alternatives(v: Value): readonly Value[] {
  return v.t === "any" ? v.of : [v];
}

/** A variable, or `if (argv.host) options.host = argv.host`: not there at all unless somebody gives it. */
export function isLeftOff(v: Value): boolean {
  return v.t === "env" ? !v.default : v.t === "option" && v.default?.t === "absent";
}

/** `a || b`, `a ?? b`, `a or b`, `getenv(a, b)`. `name`: how the source calls what is not followed. */
export function withDefault(value: Value, fallback: Value, name = "its configuration"): Value {
  switch (value.t) {
    case "env":
    case "option":
      return { ...value, default: value.default ? withDefault(value.default, fallback, name) : fallback };
    case "literal":
      return value.value === null || value.value === "" || value.value === false || value.value === 0
        ? fallback
        : value;
    case "absent":
      return fallback;
    case "any":
      return anyOf([...value.of.map((v) => withDefault(v, fallback, name))]);
    case "object":
    case "record":
    case "layers":
    case "array":
    case "function":
    case "class":
    case "instance":
    case "module":
      return value;
    case "text":
      return value;
    default:
      // A host that is localhost unless somebody configures another.
      return isLocalAddress(fallback) || isLocalList(fallback)
        ? { t: "option", name, default: fallback, open: true }
        : anyOf([value, fallback]);
  }
}

const LOCAL = /^(localhost|127(\.\d+){1,3}|\[127(\.\d+){3}\]|::1|\[::1\]|0:0:0:0:0:0:0:1|loopback|ip6-localhost)$/i;

export function isLocalHost(value: unknown): boolean {
  return typeof value === "string" && LOCAL.test(value.trim());
}

/** Certainly localhost: as text, or as the bytes of an address. */
export function isLocal(v: Value): boolean {
  if (v.t === "array") return v.items.length === 4 && v.items[0]?.t === "literal" && v.items[0].value === 127;
  return isLocalHost(textOf(v));
}

/** `if len(addresses) == 0 { addresses = []string{"localhost:80"} }` */
export function isLocalList(v: Value): boolean {
  return v.t === "array" && v.items.length > 0 && v.items.every(isLocalAddress);
}

/** What a setting is while nobody sets it. */
export function usually(v: Value): Value {
  return (v.t === "env" || v.t === "option") && v.default ? usually(v.default) : v;
}

/** The text of a value while nobody sets what it is made of: `fmt.Sprintf("%s:%d", *host, *port)`; `?` for what is not known. */
export function usualText(v: Value): string {
  const parts = v.t === "text" ? v.parts : [v];
  return parts.map((p) => textOf(usually(p)) ?? "?").join("");
}

/** Localhost alone, before a port, or paired with one. */
export function isLocalAddress(v: Value): boolean {
  if (v.t === "any") return v.of.every(isLocalAddress);
  if (v.t === "array" && v.items.length === 2) return isLocal(v.items[0] as Value);
  // `host + ":" + port`, where the host is localhost unless somebody says otherwise.
  if (v.t === "text" && v.parts.length > 1 && /^:/.test(textOf(v.parts[1]) ?? ""))
    return alternatives(v.parts[0] as Value).every((p) => isLocal(usually(p)));
  const first = v.t === "text" ? /^(?:\w+:\/\/)?(.+):$/.exec(textOf(v.parts[0]) ?? "")?.[1] : undefined;
  const host = /^(?:\w+:\/\/)?(.+):\d+\/?$|^\/(?:ip[46]|dns[46]?)\/([^/]+)\/tcp\/\d/.exec(textOf(v) ?? "");
  return isLocal(v) || isLocalHost(first ?? host?.[1] ?? host?.[2]);
}

/** The literal text of a value, when it has one. */
export function textOf(v: Value | undefined): string | undefined {
  if (!v) return undefined;
  if (v.t === "literal" && typeof v.value !== "boolean" && v.value !== null) return String(v.value);
  if (v.t === "text") {
    const parts = v.parts.map(textOf);
    return parts.every((p) => p !== undefined) ? parts.join("") : undefined;
  }
  return undefined;
}

/** Every environment variable that takes part, with `*` for one that cannot be named. */
export function envNames(v: Value, out = new Set<string>(), depth = 0): Set<string> {
  if (depth > 12) return out;
  if (v.t === "env") {
    out.add(v.name);
    if (v.default) envNames(v.default, out, depth + 1);
  } else if (v.t === "environ") out.add("*");
  else if (v.t === "option" && v.default) envNames(v.default, out, depth + 1);
  else if (v.t === "text") for (const p of v.parts) envNames(p, out, depth + 1);
  else if (v.t === "derived" || v.t === "any") for (const p of v.of) envNames(p, out, depth + 1);
  else if (v.t === "array") for (const p of v.items) envNames(p, out, depth + 1);
  return out;
}

/** Has it members that are known by their keys? */
export function isKeyed(v: Value): boolean {
  return v.t === "object" || v.t === "record" || v.t === "layers";
}

/** Was it not followed to its end? Nothing is known of it then but, mostly, its name. */
export function isLost(v: Value): boolean {
  return v.t === "unknown" || v.t === "ref";
}

export function isNull(v: Value): boolean {
  return v.t === "literal" && v.value === null;
}

/** All interfaces, written out. */
export function isAllInterfaces(v: Value | undefined): boolean {
  return /^(0\.0\.0\.0|::|\[::\])$/.test(textOf(v) ?? "");
}

/** All interfaces alone, or before a port. */
export function isOpenAddress(v: Value): boolean {
  const host = /^(?:\w+:\/\/)?(.+):[\d?]+$/.exec(usualText(v))?.[1];
  return isAllInterfaces(v) || (host !== undefined && isAllInterfaces(literal(host)));
}

/** `args = []`, before the program gives the name its value. */
export function isEmptyList(v: Value): boolean {
  return v.t === "array" && v.items.length === 0;
}

/** Those that a member may be read of. Nothing has none: where one is read, it is one of the others (`return nil, err`). */
export function havingMembers(all: readonly Value[]): readonly Value[] {
  const some = all.filter((v) => !isNull(v));
  if (some.length === 0) return all;
  // `args = []` before `args = parser.parse_args()`; PHP's `[]` may be a table that is filled by what was not followed.
  const held = some.every((v) => v.t !== "unknown" && v.t !== "ref") ? some.filter((v) => !isEmptyList(v)) : some;
  return held.length > 0 ? held : some;
}

/** The variable of the environment that a key names: `getenv("APP_" + key)` is one for each key that is asked for. */
export function variableOf(key: Value, fallback: Value): Value {
  return anyOf(keysOf(key).map((k) => (k === undefined ? { t: "derived", of: [ENVIRON] } : env(k, fallback))));
}

/** Undefined for a name that may be any; `APP_*` where only its beginning is known, and PORT does not begin so. */
function keysOf(key: Value): (string | undefined)[] {
  return alternatives(key).flatMap((k) => {
    if (k.t === "literal" && typeof k.value === "string") return [k.value];
    if (k.t !== "text") return [undefined];
    let names = [""];
    for (const part of k.parts) {
      const ends = keysOf(part);
      if (ends.includes(undefined) || names.length * ends.length > 64)
        return names.every((n) => !"PORT".startsWith(n)) ? names.map((n) => `${n}*`) : [undefined];
      names = names.flatMap((n) => ends.map((e) => n + (e as string)));
    }
    return names;
  });
}

/** What one of several results of a function is kept under. */
export const resultAt = (index: number): string => `${index}!`;

/** `return host, port, err`: all results together. */
export function allOf(results: readonly Value[]): Value {
  return { t: "record", members: new Map(results.map((v, i) => [resultAt(i), v])) };
}

/** What a loop over a list gives. */
export function eachOf(list: Value): Value {
  if (list.t === "array" && list.items.length > 0) return anyOf(list.items);
  if (list.t === "any") {
    // An empty one gives nothing.
    const filled = list.of.filter((l) => l.t !== "absent" && !isNull(l) && !(l.t === "array" && l.items.length === 0));
    return anyOf((filled.length > 0 ? filled : list.of).map(eachOf));
  }
  if (list.t === "option" && list.default?.t === "array") return { ...list, default: eachOf(list.default) };
  // `--listen`, which may be given more than once, has one default.
  if (list.t === "option" && textOf(list.default) !== undefined) return list;
  return envNames(list).size ? { t: "derived", of: [list] } : UNKNOWN;
}

/** What reads a file of the user's, or the command line. */
export const PARSED =
  /^(JSON\.parse|(node:)?fs(\/promises|\.promises)?\.readFile(Sync)?|js-yaml\.(load|safeLoad)|yaml\.(parse|load)|toml\.parse|@iarna\/toml\.parse|ini\.parse|json5\.parse|minimist|mri|tomllib\.loads?|tomli\.loads?|yaml\.(safe_|full_)?load|json\.loads?|docopt\.docopt|Symfony\.Component\.OptionsResolver\.OptionsResolver\(\)\.resolve)\(\)/;

/** The parts of a text that is known, or is one while nobody says otherwise; what is not in it leaves it whole. */
export function partsOf(v: Value, separator: string): Value[] {
  const text = textOf(v);
  if (text !== undefined) return text.split(separator).map(literal);
  if ((v.t === "option" || v.t === "env") && v.default)
    return partsOf(v.default, separator).map((p) => ({ ...v, default: p }));
  return [{ t: "derived", of: [v] }];
}

/** The same change to each text that a value may be; undefined where one is not known. */
export function changed(v: Value, change: (text: string) => string): Value | undefined {
  if (v.t === "any") {
    const all = v.of.map((x) => changed(x, change));
    return all.some((x) => x !== undefined) ? anyOf(all.map((x) => x ?? UNKNOWN)) : undefined;
  }
  const text = textOf(v);
  const other = text === undefined ? undefined : change(text);
  if (other !== undefined) return other === text ? v : literal(other);
  if (v.t === "absent") return v;
  if (v.t !== "env" && v.t !== "option") return undefined;
  if (!v.default) return v;
  const inner = changed(v.default, change);
  return inner && { ...v, default: inner };
}
