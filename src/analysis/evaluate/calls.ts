/** What a call gives: functions of the project are followed, known ones asked for, others stay a path. */

import { view } from "../call-views.ts";
import type { Argument, Call, ClassMember, Expr, Fn } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import {
  alternatives,
  anyOf,
  ENVIRON,
  env,
  envNames,
  type Frame,
  isKeyed,
  isLost,
  textOf,
  UNKNOWN,
  type Value,
  withDefault,
} from "../values.ts";
import { dotted } from "./answers.ts";
import { hashOf, keywordsGiven, overload } from "./callers.ts";
import { ofContainer } from "./containers.ts";
import type { Evaluator } from "./evaluator.ts";
import { loadedFile } from "./files.ts";
import { exported, imported } from "./imports.ts";
import { ofList } from "./lists.ts";
import { member } from "./members.ts";
import { nameOfConstant } from "./methods.ts";
import { returned } from "./returns.ts";
import { filled, holdsSettings, readByKey, saidBy, settingOf, TYPED, usualOf } from "./settings.ts";
import { changedText, inOtherCase } from "./texts.ts";
import { addressPart, isPartOfUrl, urlParts } from "./urls.ts";
import { variantOf } from "./variants.ts";

/** Results that keep the meaning of what they are called on or with. */
const SAME_METHOD = new Set(
  "toString ToString trim strip parse unwrap expect to_string to_owned into as_str clone to_i to_s to_sym String int intValue as_ref valueOf toInt toIntOrNull toLong trimEnd trim_end chomp as_deref as_bytes into_string ok freeze dup get to_socket_addrs next ok_or ok_or_else context with_context wrap_err wrap_err_with map_err copied cloned try_into asString asPortNumber asInt asIntPositive required ToArray ToList toArray toList tap getHostAddress getCanonicalHostName rstrip lstrip lower casefold toLowerCase to_lowercase ToLower ToLowerInvariant downcase".split(
    " ",
  ),
);
/** `DEFAULTS.copy()`: the same, where nothing is given anew. */
const COPIES = /^(?:copy|deep_?copy|deep_dup)$/;
const DEFAULT_METHOD = new Set(
  "unwrap_or unwrap_or_else orElse orElseGet unwrap_or_default getOrElse default GetValueOrDefault or or_else map_or".split(
    " ",
  ),
);
export const MAX_DEPTH = 10;

export function call(evaluator: Evaluator, expr: Call, scope: Scope, frame: Frame | undefined): Value {
  const name = expr.callee.kind === "name" ? expr.callee.name : undefined;
  const first = expr.args[0]?.value;
  if (
    (name === "require" || name === "import") &&
    expr.args.length === 1 &&
    first &&
    scope.file.language === "javascript"
  ) {
    return anyOf(
      alternatives(onlyPart(evaluator.eval(first, scope, frame))).map((spec) => {
        const text =
          spec.t === "literal" && typeof spec.value === "string"
            ? spec.value
            : spec.t === "env" && spec.default?.t === "literal"
              ? String(spec.default.value)
              : undefined;
        return text === undefined ? UNKNOWN : imported(evaluator, scope.file, text, undefined);
      }),
    );
  }
  if (name === "require" && first && scope.file.language === "php") return required(evaluator, first, scope, frame);
  // What a value falls back to is found out first: what it is itself may cost all that a question may.
  const falls = expr.callee.kind === "member" && DEFAULT_METHOD.has(expr.callee.property);
  const fallback = falls ? callOrValue(evaluator, first, scope, frame) : undefined;
  const targets = alternatives(evaluator.callee(expr, scope, frame));
  const value = anyOf(targets.map((t) => applied(evaluator, t, expr, scope, frame, fallback)));
  if (value.t !== "unknown" && value.t !== "ref") return value;
  const made = filled(evaluator, expr, scope);
  return made
    ? { t: "instance", scope: made.scope, frame: undefined }
    : (ofContainer(evaluator, expr, scope, frame) ?? nameOfConstant(evaluator, expr, scope, frame) ?? value);
}

/** Of a template with nothing around its value, the value. */
function onlyPart(v: Value): Value {
  const parts = v.t === "text" ? v.parts.filter((p) => textOf(p) !== "") : [];
  return parts.length === 1 ? (parts[0] as Value) : v;
}

/** PHP's `require __DIR__ . "/config.php"`: what the file returns. */
function required(evaluator: Evaluator, path: Expr, scope: Scope, frame: Frame | undefined): Value {
  const value = evaluator.eval(path, scope, frame);
  const text = textOf(value.t === "text" ? (value.parts.at(-1) ?? UNKNOWN) : value);
  if (text === undefined || !text.endsWith(".php")) return UNKNOWN;
  const found = imported(evaluator, scope.file, text, undefined);
  return found.t === "module" ? (exported(evaluator, found.module, "default") ?? UNKNOWN) : UNKNOWN;
}

function applied(
  evaluator: Evaluator,
  target: Value,
  expr: Call,
  scope: Scope,
  frame: Frame | undefined,
  fallback?: Value,
): Value {
  const depth = (frame?.depth ?? 0) + 1;
  if (target.t === "function") {
    if (depth > MAX_DEPTH) return evaluator.cutShort();
    const chosen = overload(target, expr);
    const bound = bindArguments(evaluator, chosen.fn, expr.args, scope, frame, chosen.self, depth);
    const result =
      laidOver(chosen.fn.name, bound.arguments) ??
      dotted(evaluator, chosen, bound) ??
      returned(evaluator, chosen, bound);
    // A settings class of the program's own, around a library's.
    if (result.t !== "unknown" && result.t !== "ref") return result;
    const setting = TYPED.test(scope.file.language)
      ? usualOf(evaluator, chosen.fn, expr, scope, frame)
      : settingOf(evaluator, expr, scope, frame);
    return setting ?? result;
  }
  // PHP's `new static()`
  if (target.t === "instance" && expr.isNew) return instance(evaluator, target.scope, expr.args, scope, frame, depth);
  // An object that is called: `cfg.host()`.
  const asFunction = CALLED[scope.file.language];
  const called = target.t === "instance" && asFunction ? member(evaluator, target, asFunction) : undefined;
  if (called?.t === "function") return applied(evaluator, called, expr, scope, frame);
  const held = variantOf(evaluator, expr, scope, frame);
  if (held) return held;
  if (target.t === "class") return instance(evaluator, target.scope, expr.args, scope, frame, depth);
  if (target.t === "module") {
    const whole = exported(evaluator, target.module, "default");
    return whole && whole.t !== "module" ? applied(evaluator, whole, expr, scope, frame) : UNKNOWN;
  }
  const read = readByKey(evaluator, expr, scope, frame);
  if (read) return read;
  if (target.t === "ref") {
    const url =
      expr.args.length > 0
        ? urlParts(target.path, scope.file, () => evaluator.eval(first(expr), scope, frame))
        : undefined;
    if (url) return url;
    const loaded = loadedFile(evaluator, target.path, expr, scope, frame);
    if (loaded) return loaded;
    const known = evaluator.project
      .semantics(scope.file)
      .call(target.path, view(evaluator, target, expr, scope, frame), evaluator);
    if (known) return known;
    const setting = settingOf(evaluator, expr, scope, frame);
    if (setting) return setting;
    const last = target.path.slice(target.path.lastIndexOf(".") + 1);
    if (MERGES.test(last) && expr.args.length > 1) {
      const bound = bindArguments(evaluator, NOBODY, expr.args, scope, frame, undefined, depth);
      const merged = laidOver(last, bound.arguments);
      if (merged) return merged;
    }
    return mergedInto(evaluator, expr, scope, frame) ?? opaque(evaluator, target, expr, scope, frame);
  }
  const inRuby = scope.file.language === "ruby";
  const isRead = expr.args.length === 0 && (inRuby || isPartOfUrl(evaluator, expr, scope, frame));
  // Ruby's `config.options[:host]`: an accessor gives out whatever its field holds.
  if (isRead && (inRuby ? HELD : PLAIN).test(target.t)) return target;
  if (expr.callee.kind === "member") {
    const object = evaluator.eval(expr.callee.object, scope, frame);
    const method = expr.callee.property;
    // What is behind a lock.
    if (object.t === "instance" && /^(read|lock|write|borrow|load|blocking_read)$/.test(method)) return object;
    // `config.get("host", "127.0.0.1")` of something that was not followed.
    const open = method === "get" && expr.args.length > 1 && holdsSettings(object);
    const read = open && !TYPED.test(scope.file.language) ? settingOf(evaluator, expr, scope, frame) : undefined;
    if (read) return read;
    if (COPIES.test(method) && expr.args.length === 0 && (isKeyed(object) || object.t === "array")) return object;
    const cased = inOtherCase(object, method);
    if (cased) return cased;
    if (SAME_METHOD.has(method) && (object.t !== "environ" || expr.args.length === 0)) return object;
    const address =
      addressPart(object, expr, scope.file.language) ?? changedText(object, method, expr, evaluator, scope, frame);
    if (address) return address;
    if (fallback) return withDefault(object, fallback);
    if (object.t === "environ") {
      // Also `os.environ.get(f"APP_{name}", default)`.
      const key = textOf(evaluator.eval(expr.args[0]?.value, scope, frame));
      if (key !== undefined && /^[A-Z][A-Z0-9_]*$/.test(key))
        return env((object.prefix ?? "") + key, expr.args[1] && saidBy(evaluator, expr.args[1].value, scope, frame));
      return object;
    }
    // A named tuple with some of its fields given anew.
    if (method === "_replace" && isKeyed(object))
      return { t: "layers", of: [object, keywordsGiven(evaluator, NOBODY, expr.args, scope, frame)] };
    const merged = mergedInto(evaluator, expr, scope, frame);
    if (merged) return merged;
    if (object.t === "record" && method === "get" && TYPED.test(scope.file.language))
      return member(
        evaluator,
        object,
        String((evaluator.eval(first(expr), scope, frame) as { value?: unknown }).value),
      );
    const listed = ofList(evaluator, object, method, expr, scope, frame);
    if (listed) return listed;
    if (envNames(object).size) return { t: "derived", of: [object] };
  }
  const setting =
    target.t === "unknown" || !TYPED.test(scope.file.language) ? settingOf(evaluator, expr, scope, frame) : undefined;
  return setting ?? opaqueArguments(evaluator, expr, scope, frame);
}

const PLAIN = /^(literal|env|option)$/;
const HELD = /^(literal|env|option|object|record|layers|array|instance)$/;
/** `defaults.merge(given)`, `given.reverse_merge(host: "localhost")`: the objects over one another, as far as they are known. */
function mergedInto(
  evaluator: Evaluator,
  { callee, args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (callee.kind !== "member" || !MERGE_METHOD.test(callee.property) || args.length === 0) return undefined;
  const named = args.filter((a) => a.name !== undefined);
  const given = args.filter((a) => a.name === undefined).map((a) => evaluator.eval(a.value, scope, frame));
  if (named.length > 0) given.push(keywordsGiven(evaluator, NOBODY, named, scope, frame));
  const reversed = callee.property.startsWith("reverse");
  const object = evaluator.eval(callee.object, scope, frame);
  // What lies over the defaults may say something else.
  const isLayer = (v: Value): boolean => isKeyed(v) || (reversed && v === object && isLost(v));
  const layers = [object, ...given].filter(isLayer);
  if (!layers.some(isKeyed)) return undefined;
  return { t: "layers", of: reversed ? layers.reverse() : layers };
}

const CALLED: Partial<Record<string, string>> = { python: "__call__", php: "__invoke" };
const MERGE_METHOD = /^((deep_|reverse_)?merge!?|update)$/;

const MERGES =
  /^_*((deep|shallow|recursive|array)_?)?(merge|replace|extend|assign|assignin|deepmerge|defaults|defaultsdeep|defu|overlay|override|xtend|applytodefaults)(_?(deep|all|right|left|recursive(ly)?|options|configs?|dicts?|dictionaries|settings|defaults|with_?defaults|left_with_defaults))*$/i;
const NOBODY: Fn = { name: undefined, params: [], body: [], start: 0, end: 0 };

/** `merge(defaults, given)`, `Object.assign({}, defaults, given)`: objects over objects, by what the function is called. */
function laidOver(name: string | undefined, given: Frame["arguments"]): Value | undefined {
  if (!name || !MERGES.test(name)) return undefined;
  const of = given.map((a) => a.value).filter((v) => v.t !== "literal");
  if (of.length < 2 || !of.some(isKeyed) || of.some((v) => v.t === "environ")) return undefined;
  // lodash.defaults gives the left one the right.
  return { t: "layers", of: /^(defaults|defu)/i.test(name) ? of.reverse() : of };
}

/** What a function of the project returns when it is called without arguments. */
export function apply(evaluator: Evaluator, target: Value & { t: "function" }, frame?: Frame): Value {
  const depth = (frame?.depth ?? 0) + 1;
  if (depth > MAX_DEPTH) return evaluator.cutShort();
  return returned(evaluator, target, { fn: target.fn, arguments: [], self: target.self, parent: frame, depth });
}

function callOrValue(evaluator: Evaluator, expr: Expr | undefined, scope: Scope, frame: Frame | undefined): Value {
  const value = evaluator.eval(expr, scope, frame);
  if (value.t !== "function") return value;
  return returned(evaluator, value, {
    fn: value.fn,
    arguments: [],
    self: value.self,
    parent: frame,
    depth: (frame?.depth ?? 0) + 1,
  });
}

function opaque(
  evaluator: Evaluator,
  target: Value & { t: "ref" },
  expr: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value {
  for (const a of expr.args) {
    const v =
      a.value.kind === "literal" || a.value.kind === "function" ? UNKNOWN : evaluator.eval(a.value, scope, frame);
    if (
      v.t === "environ" ||
      (v.t === "object" &&
        v.expr.entries.length < 12 &&
        v.expr.entries.some((e) => evaluator.eval(e.value, v.scope, v.frame).t === "environ"))
    )
      return ENVIRON;
  }
  const value: Value = { t: "ref", path: `${target.path}()`, call: { call: expr, scope, frame }, file: target.file };
  if (target.receiver) value.receiver = target.receiver;
  return value;
}

function opaqueArguments(evaluator: Evaluator, expr: Call, scope: Scope, frame: Frame | undefined): Value {
  const of: Value[] = [];
  for (const a of expr.args) {
    if (a.value.kind === "function") continue;
    const v = evaluator.eval(a.value, scope, frame);
    if (v.t === "environ") return ENVIRON;
    if (envNames(v).size) of.push(v);
  }
  return of.length ? { t: "derived", of } : UNKNOWN;
}

const MAKES = /^(constructor|__init__|initialize|__construct)$/;

/** The constructors of a class, or those that it inherits. */
function makersOf(evaluator: Evaluator, scope: Scope, depth = 0): ClassMember[] {
  const { class: cls, parent, file } = scope;
  if (!cls || depth > 4) return [];
  const own = cls.members.filter((m) => m.fn && (MAKES.test(m.name) || m.name === cls.name));
  if (own.length > 0 || !INHERITS.test(file.language)) return own;
  for (const base of cls.bases)
    for (const b of alternatives(evaluator.eval(base, parent ?? scope))) {
      const found = b.t === "class" ? makersOf(evaluator, b.scope, depth + 1) : [];
      if (found.length > 0) return found;
    }
  return [];
}
const INHERITS = /^(python|javascript|ruby|php)$/;

function instance(
  evaluator: Evaluator,
  cls: Scope,
  args: Argument[],
  scope: Scope,
  frame: Frame | undefined,
  depth: number,
): Value {
  // C#: `new Address { Host = "*" }`: what its members are given when it is made.
  const last = args.at(-1)?.value;
  if (cls.file.language === "csharp" && last?.kind === "object") {
    const made = instance(evaluator, cls, args.slice(0, -1), scope, frame, depth);
    return { t: "layers", of: [made, evaluator.eval(last, scope, frame)] };
  }
  const value: Value & { t: "instance" } = { t: "instance", scope: cls, frame: undefined };
  const makers = makersOf(evaluator, cls);
  const maker = makers.find((m) => m.fn?.params.length === args.length) ?? makers[0];
  if (maker?.fn) value.frame = bindArguments(evaluator, maker.fn, args, scope, frame, value, depth);
  else if (cls.file.language === "rust" && args.length > 0) {
    // `struct Bind(SocketAddr)`: fields without names.
    const members = new Map(args.map((a, i) => [String(i), evaluator.eval(a.value, scope, frame)]));
    return { t: "layers", of: [value, { t: "record", members }] };
  } else if (cls.file.language === "python" && args.length > 0) {
    // Dataclasses, named tuples, pydantic's models: each field is an argument.
    const fields = (cls.class?.members ?? []).filter((m) => !m.fn).map((m) => m.name);
    const members = new Map<string, Value>();
    args.forEach((a, i) => {
      const name = a.name ?? fields[i];
      if (name !== undefined && !a.spread && fields.includes(name))
        members.set(name, evaluator.eval(a.value, scope, frame));
    });
    if (members.size > 0) return { t: "layers", of: [value, { t: "record", members }] };
  }
  return value;
}

export function bindArguments(
  evaluator: Evaluator,
  fn: Fn,
  args: Argument[],
  scope: Scope,
  frame: Frame | undefined,
  self: Value | undefined,
  depth: number,
): Frame {
  const given = args.flatMap((a): Frame["arguments"] => {
    const value = evaluator.eval(a.value, scope, frame);
    if (!a.spread) return [{ name: a.name, value }];
    if (value.t === "array") return value.items.map((item) => ({ value: item }));
    const names = fn.params.flatMap((p) => (p.pattern.kind === "name" && !p.rest ? [p.pattern.name] : []));
    if (!isKeyed(value) && value.t !== "instance") return [{ value: UNKNOWN }];
    // `run(**vars(args))`
    return names
      .filter((name) => !args.some((x) => x.name === name))
      .map((name) => ({ name, value: member(evaluator, value, name) }))
      .filter((x) => x.value.t !== "absent");
  });
  const hash = hashOf(evaluator, fn, args, given.filter((a) => a.name === undefined).length, scope, frame);
  if (hash) given.push({ value: hash });
  const collects = fn.params.find((p) => p.keywords)?.pattern;
  if (collects?.kind === "name")
    given.push({ name: collects.name, value: keywordsGiven(evaluator, fn, args, scope, frame) });
  return { fn, arguments: given, self, parent: frame, depth };
}

export function first(expr: Call): Expr | undefined {
  return expr.args[0]?.value;
}
