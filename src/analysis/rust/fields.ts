/** What the attributes of a struct's field say of its value: clap's, serde's, envconfig's, derive_builder's. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { methodOf } from "../evaluate/methods.ts";
import type { Scope } from "../scope/scope.ts";
import { holdersOf } from "../settings/setting-owners.ts";
import { ABSENT, env, literal, textOf, type Value } from "../values.ts";

/** What reads every field of a struct from the variable of its name. */
const WHOLE_ENVIRONMENT = /\benvy::from_env|\bEnvironment::default\(\)|\bEnv::raw\(\)/;

/** What is read from the environment, where that is said: `from_env::<Variables>()`, `let variables: Variables = …`. */
const READ_AS =
  /\benvy::from_env::<(?:\w+::)*(\w+)>|\blet\s+\w+\s*:\s*(?:\w+::)*(\w+)\s*=[^;]{0,80}?\benvy::from_env\b|\blet\s+(?:\w+::)*(\w+)\s*\{[^{};]{0,400}\}\s*=\s*envy::from_env\b/g;

/** Not where only other structs are read so. */
function isWhole(scope: Scope, { project }: Evaluator): boolean {
  const own = scope.class?.name;
  return project
    .matching(WHOLE_ENVIRONMENT, scope.file)
    .some(({ text }) =>
      WHOLE_ENVIRONMENT.test(
        text.replace(READ_AS, (all, ...types: unknown[]) => (types.slice(0, 3).includes(own) ? all : "")),
      ),
    );
}

/** `#[cfg_attr(feature = "clap", arg(long))]`: an attribute that stands where a feature is asked for. */
const UNDER_A_FEATURE =
  /#\[\s*cfg_attr\(\s*(?:\w+\s*=\s*"[^"]*"|\w+\((?:[^()]|\([^()]*\))*\)|\w+)\s*,\s*(?=(?:arg|clap|structopt|argh|serde)\b)/g;

/** `#[arg(long, env = "PORT", default_value_t = 8080)] port: u16`, `#[serde(default = "default_port")]`. */
export function classField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const member = scope.class?.members.find((m) => m.name === name && !m.fn);
  const text = (member?.decorators ?? [])
    .map((d) => (d.kind === "literal" ? String(d.value).replace(UNDER_A_FEATURE, "#[") : ""))
    .join(" ");
  // The struct's own fields say what they are.
  if (/#\[(arg|clap|command|structopt|serde)\([^\]]*\b(flatten|subcommand)\b/.test(text)) return undefined;
  if (
    !/#\[(arg|clap|structopt|argh|envconfig|serde|conf|builder|serde_inline_default|default|derivative|educe)\b/.test(
      text,
    )
  )
    return undefined;
  const variable =
    /\benv\s*=\s*"(\w+)"/.exec(text)?.[1] ??
    constant(/\benv\s*=\s*((?:\w+::)*[A-Z][A-Z0-9_]*)\b/.exec(text)?.[1], scope, evaluator) ??
    /envconfig\(from\s*=\s*"(\w+)"/.exec(text)?.[1] ??
    (/(?<!::)\benv\b(?!\s*=|::)/.test(text) ? name.toUpperCase() : undefined);
  const value: Value = { t: "option", name: `--${name.replaceAll("_", "-")}` };
  const fallback = fallbackOf(text, scope, evaluator);
  if (fallback) value.default = fallback;
  // `#[arg(value_delimiter = ',', default_value = "127.0.0.1:80,[::1]:80")] bind: Vec<SocketAddr>`
  if (member && /^[^:]*:\s*Vec\s*</.test(scope.file.text.slice(member.start, member.end)) && fallback) {
    const said = fallback.t === "literal" && typeof fallback.value === "string" ? fallback.value.split(/,\s*/) : [];
    const items = said.length > 1 ? said.map((one): Value => ({ ...value, default: literal(one) })) : [value];
    return { t: "array", items: variable ? items.map((item) => env(variable, item)) : items };
  }
  if (variable) return env(variable, value);
  if (/#\[(arg|clap|structopt|argh)/.test(text)) return value;
  if (!fallback) return undefined;
  return isWhole(scope, evaluator) ? env(name.toUpperCase(), value) : { ...value, name };
}

/** A struct that serde fills. */
export function isSettings(scope: Scope): boolean {
  return (scope.class?.decorators ?? []).some((d) => d.kind === "literal" && /\bDeserialize\b/.test(String(d.value)));
}

/** A field that a library reads from the variable of its name: of a struct that stands in no other. */
export function fromEnvironment(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  if (evaluator.isHalfSpent() || !isWhole(scope, evaluator) || holdersOf(scope, evaluator).length > 0) return undefined;
  return env(name.toUpperCase(), laidDefault(scope, name, evaluator) ?? ABSENT);
}

/** `.set_default("domain", "127.0.0.1")`: what the program lays under its settings, whatever the field is called. */
export function laidDefault(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  if (evaluator.isHalfSpent()) return undefined;
  const given = new RegExp(`\\bset_default\\(\\s*"(?:\\w+\\.)*${name}"`);
  const found = evaluator.project
    .matching(given, scope.file)
    .flatMap((module) =>
      module.calls.filter(({ call }) =>
        given.test(module.text.slice(call.callee.end - "set_default".length, call.end)),
      ),
    );
  const [only, ...others] = found;
  const value = only && others.length === 0 ? evaluator.eval(only.call.args[1]?.value, only.scope) : undefined;
  const usual = value && known(value);
  return usual && { t: "option", name, default: usual, open: true };
}

/** `env = MEILI_HTTP_ADDR`, `env = crate::env::HOST`: a constant that holds the variable's name. */
function constant(path: string | undefined, scope: Scope, evaluator: Evaluator): string | undefined {
  return path === undefined ? undefined : textOf(named(path.split("::"), scope, evaluator));
}

function fallbackOf(text: string, scope: Scope, evaluator: Evaluator): Value | undefined {
  const given =
    /\b(?:default(?:_values?(?:_t|_os)?)?|_code)\s*=\s*/.exec(text) ??
    /#\[default\(\s*/.exec(text) ??
    /#\[serde_inline_default\(\s*/.exec(text);
  if (!given) return undefined;
  const written = argumentAt(text, given.index + given[0].length);
  // Text that is code: the name of a function, or what is put in its place.
  const raw = /^r(#*)"([\s\S]*)"\1$/.exec(written)?.[2];
  const code = raw ?? /^"((?:[^"\\]|\\.)*)"$/s.exec(written)?.[1]?.replace(/\\(.)/g, "$1");
  const isCode = code !== undefined && /#\[(serde|argh|builder|derivative|educe)\b|\b_code\b/.test(text);
  if (!isCode) return evaluated(written, scope, evaluator);
  const called = /#\[serde\b/.test(text) && /^[\w:]+$/.test(code) ? `${code}()` : code;
  return evaluated(called, scope, evaluator);
}

/** What stands from here to the comma or the bracket that ends it. */
function argumentAt(text: string, from: number): string {
  let depth = 0;
  const raw = /^r(#*)"[\s\S]*?"\1/.exec(text.slice(from));
  for (let i = from + (raw?.[0].length ?? 0); i < text.length; i++) {
    const c = text[i] as string;
    if (c === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++;
    } else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c) && depth-- === 0) return text.slice(from, i).trim();
    else if (c === "," && depth === 0) return text.slice(from, i).trim();
  }
  return text.slice(from).trim();
}

/** A small expression: a number, a text in whatever makes another type of it, bytes of an address, a constant, a function. */
function evaluated(text: string, scope: Scope, evaluator: Evaluator): Value | undefined {
  if (/^\d[\d_]*(u16|i32|u32|usize)?$/.test(text)) return literal(Number.parseInt(text.replaceAll("_", ""), 10));
  const bytes = /(\d{1,3}), ?(\d{1,3}), ?(\d{1,3}), ?(\d{1,3})(?:[\])\s]*,\s*(\d{2,5}))?/.exec(text);
  if (bytes) return literal(bytes.slice(1, 5).join(".") + (bytes[5] ? `:${bytes[5]}` : ""));
  const constant = /\bIpv([46])Addr::(LOCALHOST|UNSPECIFIED)\b(?:\)*\s*,\s*(\d{2,5}))?/.exec(text);
  if (constant) {
    const host = constant[2] === "LOCALHOST" ? (constant[1] === "4" ? "127.0.0.1" : "[::1]") : "0.0.0.0";
    return literal(host + (constant[3] ? `:${constant[3]}` : ""));
  }
  const quoted = /"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (quoted !== undefined) return literal(quoted);
  if (/^[\d.:[\]a-f]+$|^[\w-]*:\d+$/.test(text)) return literal(text);
  const path = /^([A-Za-z_][\w:]*)(\(\))?/.exec(text);
  if (!path) return undefined;
  const parts = (path[1] as string).split("::");
  const found = (path[2] && functionOf(parts, scope, evaluator)) || named(parts, scope, evaluator);
  if (path[2]) return found?.t === "function" ? known(evaluator.apply(found)) : undefined;
  return found && known(found);
}

/** `Config::port()`, of a type that has a field of this name as well. */
function functionOf(parts: readonly string[], scope: Scope, evaluator: Evaluator): Value | undefined {
  const owner = parts.length > 1 ? named(parts.slice(0, -1), scope, evaluator) : undefined;
  return owner && methodOf(owner, parts.at(-1) as string);
}

function named(parts: string[], scope: Scope, evaluator: Evaluator): Value | undefined {
  const [root = "", ...below] = parts;
  const whole =
    root === "crate"
      ? below.reduce((v, name) => evaluator.member(v, name), evaluator.name(root, scope, undefined))
      : undefined;
  if (whole && known(whole)) return whole;
  const [head = "", ...rest] = parts.filter((p) => !/^(crate|self|super)$/.test(p));
  const at = head === "Self" ? scope : (scope.parent ?? scope);
  return rest.reduce((v, name) => evaluator.member(v, name), evaluator.name(head, at, undefined));
}

function known(v: Value): Value | undefined {
  return v.t === "unknown" || v.t === "absent" || v.t === "ref" ? undefined : v;
}
