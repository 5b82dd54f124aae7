/**
 * What a value is when nobody chooses another: assignments under `if (!x)`, branches over environment variables that the
 * platform does not set.
 */
import { escaped } from "../base/escaped.ts";
import { isCaught, overCaught } from "./caught.ts";
import { followedByName, lostOf } from "./declared-options.ts";
import type { Evaluator } from "./evaluate.ts";
import { asksForFile, existing, unlessRead } from "./file-guards.ts";
import { type Expr, lastName } from "./ir.ts";
import { type Guard, lookup, type Scope, type Source } from "./scope.ts";
import {
  alternatives,
  anyOf,
  envNames,
  isKeyed,
  isLocalAddress,
  isNull,
  textOf,
  UNKNOWN,
  usually,
  type Value,
  withDefault,
} from "./values.ts";

/**
 * Variables that images, or the platform, set as a matter of course: a branch over them says nothing of what is in force.
 * App Engine's own (`GAE_ENV`) are never set here.
 */
const MODE = /^(?!GAE_)(?:.*_)?(ENV|ENVIRONMENT|MODE|STAGE|PROFILES?|DEBUG|PRODUCTION|\*)$|^PORT$|^K_|^KUBERNETES_/;

/** The values of a name's assignments together: one under `if (!name)` is the default of the others. */
export function joined(
  all: readonly Source[],
  name: string,
  evaluator: Evaluator,
  read: (s: Source) => Value,
  before?: Value,
): Value {
  // `addr := flag.String("addr", c.addr, …); c.addr = *addr`: while that is looked at, it is what it was before.
  const given = before ? all.filter((s) => !s.expr || !evaluator.isOpen(s.expr)) : all;
  if (before && given.length === 0) return before;
  const caught = given.filter(isCaught);
  if (caught.length === 1 && caught.length < given.length) {
    const tried = joined(
      given.filter((s) => s !== caught[0]),
      name,
      evaluator,
      read,
      before,
    );
    const whole = overCaught(tried, read(caught[0] as Source));
    if (whole) return whole;
  }
  const unasked = given.filter((s) => !s.guards?.some((g) => isFlagGiven(g, s.scope)));
  if (unasked.length > 0 && unasked.length < given.length) {
    const usual = joined(unasked, name, evaluator, read, before);
    if (isDefaultAddress(usual)) return { t: "option", name, default: usual };
  }
  // `config = DEFAULTS; if os.path.exists(path): config = json.load(file)`
  const fromFile = given.filter((s) => s.guards?.some((g) => asksForFile(g) === true));
  if (fromFile.length > 0 && fromFile.length < given.length) {
    const others = given.filter((s) => !fromFile.includes(s));
    const usual = joined(others, name, evaluator, read, before);
    const isLost = (v: Value): boolean => v.t === "unknown" || v.t === "ref";
    if (isKeyed(usual) && fromFile.every((s) => isLost(read(s)))) return unlessRead(usual);
  }
  const sources = given.length > 1 ? inForce(given, name, evaluator) : given;
  const guarded = sources.some((s) => s.guards);
  if (!guarded || (sources.length === 1 && !before)) return anyOf([...(before ? [before] : []), ...sources.map(read)]);
  const left = sources.filter((s) => !s.guards?.some((g) => isNever(g, s.scope)));
  const chosen: { s: Source; asked: Unset | undefined }[] = [];
  const missing: Source[] = [];
  for (const s of left.length > 0 || before ? left : sources)
    if (s.guards?.some((g) => isMissing(g, name, s.scope))) missing.push(s);
    else {
      const guard = s.guards?.at(-1);
      const asked = s.guards?.flatMap((g) => askedFor(g, s.scope, evaluator) ?? [])[0];
      const over = !asked && guard !== undefined ? givenOver(guard, s, read) : undefined;
      const open = over && !isOff(over);
      chosen.push({ s, asked: over ? { by: "option", name, holds: false, ...(open && { open }) } : asked });
    }
  const of = (list: typeof chosen): Value[] => [...(before ? [before] : []), ...list.map(({ s }) => read(s))];
  // `if (process.env.DOCKER) host = "0.0.0.0"` beside a localhost.
  const asked = chosen.find((c) => c.asked)?.asked;
  const usual = asked ? of(chosen.filter((c) => !c.asked)) : [];
  const inUse = usual.length > 0 && isLocalAddress(usually(anyOf(usual))) ? usual : of(chosen);
  let value = inUse.length > 0 || missing.length === 0 ? anyOf(inUse) : UNKNOWN;
  // What it is while nobody gives an argument.
  if (left.length > 0 && left.length < sources.length && isDefaultAddress(value))
    value = { t: "option", name, default: value, open: true };
  if (asked && inUse === usual)
    value = { t: asked.by, name: asked.name, default: value, ...(asked.open && { open: true as const }) };
  for (const s of missing) value = withDefault(value, read(s), name);
  return unlessArgued(value, sources, name, read) ?? value;
}

/** `HOST = "127.0.0.1"; for o, a in opts: if o == "-h": HOST = a`: what it is unless somebody gives what was not followed. */
function unlessArgued(
  value: Value,
  sources: readonly Source[],
  name: string,
  read: (s: Source) => Value,
): Value | undefined {
  const plain = sources.filter((s) => !s.guards);
  if (value.t !== "any" || plain.length === 0 || plain.length === sources.length) return undefined;
  const usual = anyOf(plain.map(read));
  const isArgument = (s: Source): boolean =>
    read(s).t === "unknown" && s.guards?.length === 1 && s.guards.every(({ test }) => asksForFlag(test, s.scope));
  return isDefaultAddress(usual) && sources.every((s) => !s.guards || isArgument(s))
    ? { t: "option", name, default: usual, open: true }
    : undefined;
}

/** `o == "-h"`, `o in ("-h", "--host")`, `case "--host"`. */
function asksForFlag({ start, end }: Expr, { file }: Scope): boolean {
  return /["']--?[a-zA-Z][\w-]*["']/.test(file.text.slice(start, Math.min(end, start + 120)));
}

/** `if cfg.Host != "" { host = cfg.Host }`: what is configured, where it is, goes over what was there. */
function givenOver({ test, negated }: Guard, s: Source, read: (s: Source) => Value): Value | undefined {
  if (!s.expr || s.expr.kind === "literal" || negated || s.expr.end - s.expr.start > 60) return undefined;
  const { text } = s.scope.file;
  const asked = text.slice(test.start, Math.min(test.end, test.start + 160)).replace(/\s+/g, " ");
  const own = escaped(text.slice(s.expr.start, s.expr.end));
  if (!new RegExp(`^${own}(?: ?!==? ?(?:""|''|nil|null|undefined))?$`).test(asked)) return undefined;
  const value = read(s);
  const isLost = (v: Value): boolean => v.t === "unknown" || v.t === "ref" || v.t === "absent" || isOff(v);
  if (!alternatives(value).every(isLost)) return undefined;
  return value.t === "any" ? UNKNOWN : value;
}

/** Localhost, or what has it as a member. */
function isDefaultAddress(v: Value): boolean {
  return v.t === "record" ? [...v.members.values()].some(isLocalAddress) : isLocalAddress(v);
}

/** `port = parseInt(port)` holds what was assigned before it; while that is looked at, only the others count. */
function inForce(sources: readonly Source[], name: string, evaluator: Evaluator): readonly Source[] {
  const open = sources.filter((s) => !s.expr || !evaluator.isOpen(s.expr));
  if (open.length < sources.length) return open;
  const again = sources.findLastIndex(
    (s, i) =>
      i > 0 &&
      !s.guards &&
      !s.path &&
      s.expr !== undefined &&
      !isFlag(s.expr) &&
      !isParameter(s, name) &&
      mentions(s.expr, name, s.scope),
  );
  return again > 0 ? sources.slice(again) : sources;
}

/** Go's `flag.StringVar(&host, …)` names what it is about to fill. */
function isFlag(e: Expr): boolean {
  return e.kind === "call" && e.callee.kind === "name" && e.callee.name === "flag!";
}

/** `this.host = host`: on the right stands a parameter, not what is assigned to. */
function isParameter(s: Source, name: string): boolean {
  const binding = lookup(s.scope, name);
  return binding?.param !== undefined && !binding.sources.includes(s);
}

export function mentions(e: Expr, name: string, scope: Scope): boolean {
  const text = scope.file.text.slice(e.start, Math.min(e.end, e.start + 300));
  return e.kind !== "function" && new RegExp(`(?<![\\w$.])${escaped(name)}(?![\\w$]|\\s*[=:](?!=))`).test(text);
}

/** A member, with what is assigned to it apart from where its object is made. */
export function assignedTo(
  value: Value,
  own: readonly Source[],
  name: string,
  evaluator: Evaluator,
  read: (s: Source) => Value,
): Value {
  // `config.address = config.address || config.host`: what was there is in what is assigned.
  const completed = own.findLast((s) => !s.guards && completesItself(s, name));
  if (completed) {
    const others = own.filter((s) => s !== completed);
    return others.length > 0 ? joined(others, name, evaluator, read, read(completed)) : read(completed);
  }
  const known = value.t !== "unknown" && value.t !== "ref";
  if (known || own.every((s) => isMissingOf(s, name))) return joined(own, name, evaluator, read, value);
  return joined(own, name, evaluator, read);
}

/** `x.name = x.name || …`, `x.name ??= …` */
function completesItself(s: Source, name: string): boolean {
  const left = s.expr?.kind === "binary" && s.expr.operator === "||" ? s.expr.left : undefined;
  if (left?.kind !== "member" || left.property !== name || left.object.kind !== "name") return false;
  return lookup(s.scope, left.object.name)?.fields.get(name)?.includes(s) === true;
}

function isMissingOf(s: Source, name: string): boolean {
  const guard = s.guards?.at(-1);
  return guard !== undefined && isMissing(guard, name, s.scope);
}

/** `len(args) > 0`, `process.argv.length > 2`: nobody gives arguments unless told so. */
const ARGUMENTS =
  /^(?:len\((?:args|os\.Args\[1:\])\) ?(?:> ?0|!= ?0|== ?[1-9])|len\((?:os\.Args|sys\.argv)\) ?(?:> ?[1-9]|== ?[2-9]|>= ?[2-9])|(?:args|ARGV)\.(?:length|Length|size)\(?\)? ?(?:>|===?|!==?) ?[0-9]|process\.argv\.length ?(?:> ?[2-9]|>= ?[3-9])|\$?argc ?> ?[1-9])$/;
/** The other way round. */
const NO_ARGUMENTS =
  /^(?:len\((?:args|argv|extra|rest|os\.Args\[1:\]|sys\.argv\[1:\])\) ?(?:== ?0|< ?1)|len\((?:os\.Args|sys\.argv)\) ?(?:== ?1|< ?[2-9]|<= ?[1-9])|not (?:args|argv|extra|sys\.argv\[1:\])|(?:args|ARGV)\.(?:empty\?|length ?===? ?0|size ?== ?0)|process\.argv\.length ?(?:===? ?2|< ?[3-9]|<= ?[2-9])|\$?argc ?(?:===? ?1|< ?[2-9]|<= ?[1-9]))$/;

/** `args.length > 0 ? args[0] : "localhost"`: is there an argument where it holds, or where it does not? */
export function asksForArguments(test: Expr, scope: Scope): "given" | "none" | undefined {
  const text = scope.file.text.slice(test.start, Math.min(test.end, test.start + 60)).replace(/\s+/g, " ");
  return ARGUMENTS.test(text) ? "given" : NO_ARGUMENTS.test(text) ? "none" : undefined;
}

/** A branch that a program takes only when it is asked to on its command line. */
function isNever(guard: Guard, scope: Scope): boolean {
  const text = scope.file.text.slice(guard.test.start, guard.test.end).replace(/\s+/g, " ");
  return text.length < 60 && (guard.negated ? NO_ARGUMENTS : ARGUMENTS).test(text);
}

/** `const at = process.argv.indexOf("--host"); if (at > -1) { … }` */
function isFlagGiven({ test, negated }: Guard, scope: Scope): boolean {
  const text = negated || test.end - test.start > 60 ? "" : scope.file.text.slice(test.start, test.end);
  const [, name] = /^([\w$]+) ?(?:> ?-1|>= ?0|!==? ?-1)$/.exec(text) ?? [];
  const sources = name === undefined ? [] : (lookup(scope, name)?.sources ?? []);
  return (
    sources.length === 1 &&
    sources.every(({ expr }) => expr && ASKS_FLAG.test(scope.file.text.slice(expr.start, expr.end)))
  );
}
const ASKS_FLAG = /^(?:process\.argv|argv|args)(?:\.slice\(\d\))?\.indexOf\(["']-/;

/** An option whose default is nothing, or a plain false. */
function isOff(v: Value): boolean {
  if (v.t === "option") return v.default === undefined || v.default.t === "absent" || isOff(v.default);
  return v.t === "literal" && (v.value === false || v.value === null || v.value === "false" || v.value === "");
}

/** A variable without a default, or with one that is off: `A`, or else `B`. */
function isUnset(v: Value): boolean {
  return v.t === "env" && (v.default === undefined || isOff(v.default) || isUnset(v.default));
}

function isZero(v: Value): boolean {
  return v.t === "option"
    ? v.default !== undefined && isZero(v.default)
    : v.t === "literal" && (v.value === 0 || v.value === "0");
}

/** `!name`, `name == ""`, `name is None`, `name.nil?`, `len(name) == 0`; or the branch against `name`, `name != ""`. */
export function isMissing(guard: Guard, name: string, scope: Scope): boolean {
  const { test, negated } = guard;
  // `host == null || host.isBlank()`, and the branch against `host != null && !host.isBlank()`.
  if (test.kind === "binary" && test.operator === (negated ? "&&" : "||"))
    return [test.left, test.right].every((e) => isMissing({ test: e, negated }, name, scope));
  const text = scope.file.text.slice(test.start, test.end).replace(/\s+/g, " ").trim();
  if (text.length > 120 || !text.includes(name)) return false;
  const it = `[*&@$]*(?:[\\w$]+(?:\\.|->|::|\\[["':]?))*\\$?${escaped(name)}(?:["']?\\])?`;
  const empty = "\\.(?:isEmpty|isBlank|is_none|is_empty|nil\\?|blank\\?|empty\\?)(?:\\(\\))?";
  if (negated)
    return new RegExp(
      `^(?:${it}(?: ?(?:!==?|is not) ?(?:""|''|nil|null|None|undefined|0))?|!${it}${empty})$`,
      "i",
    ).test(text);
  return [
    `^(?:!|not )\\s*\\(?${it}\\)?$`,
    `^${it} ?(?:===?|is) ?(?:""|''|nil|null|None|undefined|0)$`,
    `^${it}${empty}$`,
    `^len\\(${it}\\) ?== ?0$`,
    `^(?:empty|is_null|string\\.IsNullOr\\w+|StringUtils\\.is(?:Empty|Blank))\\(${it}\\)$`,
    `^typeof ${it} ?===? ?["']undefined["']$`,
  ].some((pattern) => new RegExp(pattern, "i").test(text));
}

/** A condition that only holds when something is set which nobody but the user sets. */
export function askedFor(guard: Guard, scope: Scope, evaluator: Evaluator): Unset | undefined {
  const unset = whenUnset(guard.test, scope, evaluator);
  return unset && unset.holds === guard.negated ? unset : undefined;
}

/** `test ? then : otherwise` over variables that are not set: the host that is in force without them. */
export function withoutVariables(
  test: Expr,
  then: Value,
  otherwise: Value,
  scope: Scope,
  evaluator: Evaluator,
): Value | undefined {
  // `"0.0.0.0" if args.listen else None`: what the framework takes by itself.
  const isNothing = (v: Value, beside: Value): boolean => isNull(v) && /^(0\.0\.0\.0|::)$/.test(textOf(beside) ?? "");
  const usual =
    isLocalAddress(then) || isLocalAddress(otherwise) || isNothing(then, otherwise) || isNothing(otherwise, then);
  if (!usual) return undefined;
  const unset = whenUnset(test, scope, evaluator);
  if (!unset) return undefined;
  const inForce = unset.holds ? then : otherwise;
  return isLocalAddress(inForce) || isNull(inForce) ? { t: unset.by, name: unset.name, default: inForce } : undefined;
}

export interface Unset {
  holds: boolean;
  name: string;
  by: "env" | "option";
  /** What sets it was not followed. */
  open?: true;
}

/** A setting by whose name a server is opened to others: off unless somebody wants it. */
export const OPENS =
  /public|remote|expose|external|^lan$|_lan$|^share$|all_?interfaces|open_?to|allow_?(network|access)/i;

/** Does a condition hold while no variable in it is set? Undefined where that cannot be told. */
function whenUnset(test: Expr, scope: Scope, evaluator: Evaluator, depth = 0): Unset | undefined {
  if (depth > 5) return undefined;
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!" && test.args[0]) {
    const inner = whenUnset(test.args[0].value, scope, evaluator, depth + 1);
    return inner && { ...inner, holds: !inner.holds };
  }
  if (test.kind === "binary" && (test.operator === "||" || test.operator === "&&")) {
    const left = whenUnset(test.left, scope, evaluator, depth + 1);
    const right = whenUnset(test.right, scope, evaluator, depth + 1);
    // One alone decides `a && b` where it does not hold, `a || b` where it does.
    const decides = test.operator === "||";
    const deciding = [left, right].find((side) => side?.holds === decides);
    return deciding ?? (left && right && { ...left, holds: !decides });
  }
  const file = test.kind === "call" ? existing(test) : undefined;
  if (file !== undefined) return { holds: false, name: file, by: "option" };
  const compared = test.kind === "binary" && /^[!=]==?$/.test(test.operator) ? test : undefined;
  if (test.kind === "binary" && !compared) return undefined;
  const asked = compared
    ? compared.left.kind === "literal"
      ? compared.right
      : compared.right.kind === "literal"
        ? compared.left
        : undefined
    : test;
  const found = asked && evaluator.eval(asked, scope);
  if (!found) return undefined;
  // A flag of which another place says what it is without being given.
  const declared = found.t === "option" && found.default === undefined && !evaluator.isHalfSpent();
  const value = declared ? followedByName(found, asked, scope, evaluator) : found;
  const other = compared && (compared.left.kind === "literal" ? compared.left : compared.right);
  // `value != ""` asks whether it is there.
  const nothing = other?.kind === "literal" && (other.value === "" || other.value === null);
  const holds = compared ? compared.operator.startsWith("!") !== nothing : false;
  // A field that is off where it is made, and what the command line says, which is off as well.
  const all = alternatives(value);
  const option = all.find((v) => v.t === "option");
  if (option && all.every((v) => isOff(v) || isZero(v))) return { holds, name: option.name, by: "option" };
  // What all callers leave off, or some of them as far as is known, where its name says what it opens.
  const word = compared || asked.kind !== "name" ? undefined : asked.name;
  const isLost = (v: Value): boolean => v.t === "unknown" || v.t === "ref";
  if (word !== undefined && all.every((v) => isOff(v) || (isLost(v) && OPENS.test(word))))
    return { holds, name: word, by: "option" };
  // `switch *mode { case "production": … }` of a flag that is "development" unless it is given.
  const usual = value.t === "option" && !value.open ? value.default : undefined;
  if (
    value.t === "option" &&
    usual?.t === "literal" &&
    other?.kind === "literal" &&
    /^(string|number)$/.test(typeof usual.value)
  )
    return {
      holds: (usual.value === other.value) !== compared?.operator.startsWith("!"),
      name: value.name,
      by: "option",
    };
  const lost = !compared && (lostOf(value)?.name ?? nameOfLost(value, asked));
  if (lost && OPENS.test(lost)) return { holds, name: lost, by: "option" };
  const read = !compared && readByName(asked, value, scope);
  if (read) return { holds, name: read, by: "env" };
  if (value.t !== "derived" && !isUnset(value)) return undefined;
  const names = [...envNames(value)];
  if (names.length === 0 || (value.t === "derived" && names.length > 1) || names.some((n) => MODE.test(n)))
    return undefined;
  return { holds, name: names[0] as string, by: "env" };
}

/** What a member or a method is called whose value was not followed. */
function nameOfLost(value: Value, asked: Expr): string | undefined {
  const isLost = (v: Value): boolean => v.t === "unknown" || v.t === "ref" || v.t === "absent" || isOff(v);
  return alternatives(value).every(isLost) ? lastName(asked.kind === "call" ? asked.callee : asked) : undefined;
}

/** `var("DOCKER")?.is_some()`, where `var` is the program's own: what it gives is a variable of that name or nothing. */
function readByName(asked: Expr, value: Value, scope: Scope): string | undefined {
  const [name, ...others] = envNames(value);
  if (name === undefined || others.length > 0 || MODE.test(name)) return undefined;
  if (alternatives(value).some((v) => v.t === "literal" && v.value !== null)) return undefined;
  const sources = asked.kind === "name" ? (lookup(scope, asked.name)?.sources ?? []) : [];
  let e = (sources.length === 1 && sources[0]?.expr) || asked;
  while (e.kind === "call" && e.callee.kind === "member") e = e.callee.object;
  const given = e.kind === "call" && e.args.length === 1 ? e.args[0]?.value : undefined;
  return given?.kind === "literal" && given.value === name ? name : undefined;
}
