/** What the attributes of a struct's field say of its value: clap's, serde's, envconfig's, derive_builder's. */
import type { Evaluator } from "../evaluate.ts";
import type { Scope } from "../scope.ts";
import { env, literal, textOf, type Value } from "../values.ts";

/** What reads every field of a struct from the variable of its name. */
const WHOLE_ENVIRONMENT = /\benvy::from_env|\bEnvironment::default\(\)|\bEnv::raw\(\)/;

/** `#[arg(long, env = "PORT", default_value_t = 8080)] port: u16`, `#[serde(default = "default_port")]`. */
export function classField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const member = scope.class?.members.find((m) => m.name === name && !m.fn);
  const text = (member?.decorators ?? []).map((d) => (d.kind === "literal" ? String(d.value) : "")).join(" ");
  if (!/#\[(arg|clap|structopt|argh|envconfig|serde|conf|builder|serde_inline_default)/.test(text)) return undefined;
  const variable =
    /\benv\s*=\s*"(\w+)"/.exec(text)?.[1] ??
    constant(/\benv\s*=\s*([A-Z][A-Z0-9_]*)\b/.exec(text)?.[1], scope, evaluator) ??
    /envconfig\(from\s*=\s*"(\w+)"/.exec(text)?.[1] ??
    (/\benv\b(?!\s*=)/.test(text) ? name.toUpperCase() : undefined);
  const value: Value = { t: "option", name: `--${name.replaceAll("_", "-")}` };
  const fallback = fallbackOf(text, scope, evaluator);
  if (fallback) value.default = fallback;
  if (variable) return env(variable, value);
  if (/#\[(arg|clap|structopt|argh)/.test(text)) return value;
  if (!fallback) return undefined;
  const whole = evaluator.project.matching(WHOLE_ENVIRONMENT, scope.file).length > 0;
  return whole ? env(name.toUpperCase(), value) : { ...value, name };
}

/** A struct that serde fills. */
export function isSettings(scope: Scope): boolean {
  return (scope.class?.decorators ?? []).some((d) => d.kind === "literal" && /\bDeserialize\b/.test(String(d.value)));
}

/** `env = MEILI_HTTP_ADDR`: a constant that holds the variable's name. */
function constant(name: string | undefined, scope: Scope, evaluator: Evaluator): string | undefined {
  return name === undefined ? undefined : textOf(evaluator.name(name, scope.parent ?? scope, undefined));
}

function fallbackOf(text: string, scope: Scope, evaluator: Evaluator): Value | undefined {
  // A function of this name makes it.
  const maker =
    /#\[serde\([^\]]*\bdefault\s*=\s*"([\w:]+)"/.exec(text)?.[1] ??
    /\bdefault_value_t\s*=\s*([a-z_][\w:]*)\(\)/.exec(text)?.[1];
  if (maker) {
    const parts = maker.split("::");
    const last = parts.at(-1) as string;
    const owner = parts.length > 1 ? evaluator.name(parts.at(-2) as string, scope, undefined) : undefined;
    const target = owner ? evaluator.member(owner, last) : evaluator.name(last, scope.parent ?? scope, undefined);
    const made = target.t === "function" ? evaluator.apply(target) : undefined;
    return made && made.t !== "unknown" ? made : undefined;
  }
  const inner =
    /#\[(?:builder|serde_inline_default)\((?:[^\]]*\bdefault\s*=\s*)?(r?#*"[^\n]*?"#*|[^,)\]]+)\s*[,)]/.exec(text)?.[1];
  if (inner && /#\[(builder|serde_inline_default)/.test(text)) {
    const bare = inner.replace(/^r?#*"|"#*$/g, "");
    const written = /^(?:String::from\()?"([^"]*)/.exec(bare)?.[1] ?? /^(\d+)$/.exec(bare)?.[1];
    return written === undefined ? undefined : plain(written);
  }
  const fallback = /default(?:_value(?:_t)?)?\s*=\s*"?([^",)\]]+)"?/.exec(text)?.[1];
  return fallback ? plain(fallback.trim()) : undefined;
}

function plain(text: string): Value {
  return literal(/^\d+$/.test(text) ? Number(text) : text);
}
