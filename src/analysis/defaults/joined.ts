/** What a value is when nobody chooses another: assignments under `if (!x)`, or over what nobody sets. */
import { escaped } from "../../base/escaped.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Expr } from "../ir.ts";
import { writtenName } from "../scope/block-names.ts";
import { type Guard, lookup, type Scope, type Source } from "../scope/scope.ts";
import {
  alternatives,
  anyOf,
  isAllInterfaces,
  isKeyed,
  isLocalAddress,
  isLost,
  isNull,
  isOmitted,
  OMITTED,
  UNKNOWN,
  usually,
  type Value,
  withDefault,
} from "../values.ts";
import { asksForItself } from "./asked-itself.ts";
import { isCaught, overCaught } from "./caught.ts";
import { asksForFile, unlessRead } from "./file-guards.ts";
import { lacksParameter } from "./given-parameters.ts";
import { isForOtherHosts } from "./host-guards.ts";
import { isForOtherSystem } from "./other-systems.ts";
import { inUsualBranch, isForOtherTexts, isWithoutAddress } from "./text-guards.ts";
import { askedFor, isOff, type Unset } from "./unset.ts";

/** The values of a name's assignments together: one under `if (!name)` is the default of the others. */
export const joined: typeof together = (all, name, evaluator, read, before) =>
  together(all, name, evaluator, readOnce(read), before);

/** Each assignment is read once: one chain of names through several conditions would else be followed twice at each of them. */
function readOnce(read: (s: Source) => Value): (s: Source) => Value {
  const known = new Map<Source, Value>();
  return (s) => {
    const value = known.get(s) ?? read(s);
    known.set(s, value);
    return value;
  };
}

function together(
  all: readonly Source[],
  name: string,
  evaluator: Evaluator,
  read: (s: Source) => Value,
  before?: Value,
): Value {
  // `addr := flag.String("addr", c.addr, …); c.addr = *addr`: while that is looked at, it is what it was before.
  const here = all.filter((s) => !s.guards?.some((g) => isForOtherSystem(g, s.scope)));
  const given = before ? here.filter((s) => !s.expr || !evaluator.isOpen(s.expr)) : here;
  if (given.length === 0 && (before || all.length > 0)) return before ?? UNKNOWN;
  const caught = given.filter(isCaught);
  if (caught.length === 1 && caught.length < given.length) {
    const tried = given.filter((s) => s !== caught[0]);
    const whole = overCaught(together(tried, name, evaluator, read, before), read(caught[0] as Source), tried);
    if (whole) return whole;
  }
  const last = given.at(-1);
  if (last && (before || given.length > 1) && isSurelyGiven(last, read)) return read(last);
  const unasked = given.filter((s) => !s.guards?.some((g) => isFlagGiven(g, s.scope)));
  if (unasked.length > 0 && unasked.length < given.length) {
    const usual = together(unasked, name, evaluator, read, before);
    if (isDefaultAddress(usual)) return { t: "option", name, default: usual };
  }
  // `config = DEFAULTS; if os.path.exists(path): config = json.load(file)`, or the one where it is not there, else the other.
  const asks = (s: Source, there: boolean): boolean => s.guards?.some((g) => asksForFile(g) === there) === true;
  const isRead = given.some((s) => asks(s, true));
  const withoutFile = given.filter((s) => (isRead ? !asks(s, true) : asks(s, false)));
  if (withoutFile.length > 0 && withoutFile.length < given.length) {
    // `let config = null` before it is known which.
    const known = alternatives(together(withoutFile, name, evaluator, read, before));
    const usual = anyOf(known.filter((v) => !isNull(v)));
    const inFile = given
      .flatMap((s) => (withoutFile.includes(s) ? [] : alternatives(read(s))))
      .filter((v) => !isNull(v));
    if (isKeyed(usual) && inFile.length > 0 && inFile.every(isLost)) return unlessRead(usual);
  }
  const sources = given.length > 1 ? inForce(given, name, evaluator) : given;
  if (before && isEitherWay(sources)) return together(sources, name, evaluator, read);
  const guarded = sources.some((s) => s.guards);
  if (!guarded || (sources.length === 1 && !before))
    return unlessLeftOut(anyOf([...(before ? [before] : []), ...sources.map(read)]), name);
  const final = before ? undefined : sources.at(-1);
  const sure = final?.guards?.length === 1 && final.guards[0] && inUsualBranch(final.guards[0], final.scope, evaluator);
  if (final && sure) return sure(read(final));
  const isForOthers = (g: Guard, { scope }: Source): boolean =>
    isForOtherTexts(g, scope, evaluator) || (!isMissing(g, name, scope) && isForOtherHosts(g, scope, evaluator));
  const left = sources.filter((s) => !s.guards?.some((g) => isNever(g, s.scope) || isForOthers(g, s)));
  const chosen: { s: Source; asked: Unset | undefined }[] = [];
  const missing: Source[] = [];
  for (const s of left.length > 0 || before ? left : sources)
    if (s.guards?.some((g) => isMissing(g, name, s.scope)) || isWithoutAddress(s, evaluator)) missing.push(s);
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
  const rest = usual.flatMap(alternatives).filter((v) => !isOmitted(v));
  // `host = flags.host; if flags.bind_all: host = ""; elif host is None: host = "localhost"`
  const isFilled = missing.length > 0 && rest.length > 0 && rest.every((v) => v.t === "unknown");
  // `host = None`
  const local = isFilled ? missing.map(read) : rest.filter((v) => !isBare(v) && !isNull(v));
  // `if args.listen: kwargs["host"] = "0.0.0.0"`, and nothing else says it: what the server takes by itself.
  const says = (v: Value): boolean => isAllInterfaces(usually(v)) || isBare(v);
  const isLeft = local.length > 0 || chosen.every((c) => !c.asked || says(read(c.s)));
  // `open = false; if options.public: open = true`
  const switches = rest.filter(isSwitched);
  const isSwitch =
    switches.length > 0 && chosen.every((c) => isSwitched(read(c.s))) && rest.every((v) => isSwitched(v) || isLost(v));
  const isLocal = isSwitch || (isLeft && local.every((v) => isLocalAddress(usually(v))));
  const inUse = usual.length > 0 && isLocal ? usual : of(chosen);
  let value = inUse.length > 0 || missing.length === 0 ? anyOf(inUse) : UNKNOWN;
  // What it is while nobody gives an argument.
  const asksForMore = sources.some((s) => !left.includes(s) && s.guards?.some((g) => isNever(g, s.scope)));
  if (left.length > 0 && asksForMore && isDefaultAddress(value))
    value = { t: "option", name, default: value, open: true };
  if (asked && inUse === usual && !isFilled)
    value = {
      t: asked.by,
      name: asked.name,
      default: isSwitch ? anyOf(switches) : rest.length > 0 ? value : OMITTED,
      ...(asked.open && { open: true as const }),
    };
  for (const s of missing) value = withDefault(value, read(s), name);
  return unlessArgued(value, sources, name, read) ?? unlessGiven(sources, name, evaluator, read) ?? value;
}

/** `this.host = "localhost"`, and a setter that is only called where somebody gives a host: what it is otherwise. */
export function unlessLeftOut(value: Value, name: string): Value {
  const left = alternatives(value).filter((v) => isOmitted(v) && v.t !== "absent");
  const usual = anyOf(alternatives(value).filter((v) => !left.includes(v)));
  return left[0] && isDefaultAddress(usual) ? withDefault(left[0], usual, name) : value;
}

/** What is left out where nobody gives it is then what was written before. */
export function orWritten(value: Value, written: Value, name: string): Value {
  return anyOf(alternatives(value).map((v) => (isOmitted(v) ? withDefault(v, written, name) : v)));
}

/** `if given { c.Host = a } else { c.Host = b }`: what was there before is gone. */
function isEitherWay(sources: readonly Source[]): boolean {
  const sure = sources.flatMap(({ guards }) => (guards?.length === 1 ? guards : []));
  return sure.some((g) => sure.some((o) => o.test === g.test && o.negated !== g.negated));
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

/** `if (null === $address) { $this->host = "127.0.0.1"; } else { $this->host = $address; }`, where nobody has to give one. */
function unlessGiven(
  sources: readonly Source[],
  name: string,
  evaluator: Evaluator,
  read: (s: Source) => Value,
): Value | undefined {
  if (evaluator.isHalfSpent()) return undefined;
  const lacking = new Set<Guard["test"]>();
  const usual = sources.filter((s) =>
    s.guards?.some((g) => lacksParameter(g, s.scope, evaluator) && lacking.add(g.test)),
  );
  const others = sources.filter((s) => !usual.includes(s));
  if (usual.length === 0 || others.length === 0) return undefined;
  if (!others.every((s) => s.guards?.some((g) => lacking.has(g.test)))) return undefined;
  const value = anyOf(usual.map(read));
  return isDefaultAddress(value) ? { t: "option", name, default: value, open: true } : undefined;
}

/** `o == "-h"`, `o in ("-h", "--host")`, `case "--host"`. */
function asksForFlag({ start, end }: Expr, { file }: Scope): boolean {
  return /["']--?[a-zA-Z][\w-]*["']/.test(file.text.slice(start, Math.min(end, start + 120)));
}

/** `if cfg.Host != "" { host = cfg.Host }`: what is configured, where it is, goes over what was there. */
function givenOver(guard: Guard, s: Source, read: (s: Source) => Value): Value | undefined {
  if (!asksForItself(guard, s)) return undefined;
  const value = read(s);
  const isGone = (v: Value): boolean => isLost(v) || v.t === "absent" || isOff(v) || isBare(v);
  if (!alternatives(value).every(isGone)) return undefined;
  return value.t === "any" ? UNKNOWN : value;
}

/** `this.host = given || "localhost"; if (this.host) options.host = this.host`: what is never missing goes over all before it. */
function isSurelyGiven(s: Source, read: (s: Source) => Value): boolean {
  const isThere = (v: Value): boolean =>
    v.t === "literal"
      ? typeof v.value === "string" && v.value !== ""
      : (v.t === "option" || v.t === "env") && v.default !== undefined && alternatives(v.default).every(isThere);
  return s.guards?.length === 1 && s.guards.every((g) => asksForItself(g, s)) && alternatives(read(s)).every(isThere);
}

function isSwitched(v: Value): boolean {
  return v.t === "literal" && typeof v.value === "boolean";
}

/** An option or a variable that says nothing by itself. */
function isBare(v: Value): boolean {
  return (v.t === "option" || v.t === "env") && (v.default === undefined || isNull(v.default));
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
  return (
    e.kind !== "function" && new RegExp(`(?<![\\w$.])${escaped(writtenName(name))}(?![\\w$]|\\s*[=:](?!=))`).test(text)
  );
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

/** Is it asked there whether what has the member is nothing? */
function isOwnerGone({ start, end }: Expr, member: Expr, { file: { text } }: Scope): boolean {
  const owner = /^!?([\w.]+)(?: ?[!=]==? ?(?:nil|null|undefined)| is (?:not )?None)?$/.exec(
    text.slice(start, Math.min(end, start + 80)),
  )?.[1];
  return (
    owner !== undefined &&
    new RegExp(`(?<![\\w.])${escaped(owner)}(?:\\.|->|\\?\\.)`).test(text.slice(member.start, member.end))
  );
}

/** `!name`, `name == ""`, `name is None`, `name.nil?`, `len(name) == 0`; or the branch against `name`, `name != ""`. */
export function isMissing(guard: Guard, name: string, scope: Scope): boolean {
  const { test, negated } = guard;
  // `host == null || host.isBlank()`, and the branch against `host != null && !host.isBlank()`.
  if (test.kind === "binary" && test.operator === (negated ? "&&" : "||")) {
    const sides = [test.left, test.right];
    const missing = sides.filter((e) => isMissing({ test: e, negated }, name, scope));
    // `c == nil || c.Host == ""`
    return missing.length > 0 && sides.every((e) => missing.includes(e) || isOwnerGone(e, missing[0] as Expr, scope));
  }
  const written = writtenName(name);
  const from = scope.file.text.slice(test.start, test.end);
  if (!from.includes(written)) return false;
  const text = from.replace(/\s+/g, " ").trim();
  if (text.length > 120) return false;
  const it = `[*&@$]*(?:[\\w$]+(?:\\.|->|::|\\[["':]?))*\\$?${escaped(written)}(?:["']?\\])?`;
  const empty = "\\.(?:isEmpty|isBlank|is_none|is_empty|nil\\?|blank\\?|empty\\?)(?:\\(\\))?";
  if (negated)
    return new RegExp(
      `^(?:${it}(?: ?(?:!==?|is not) ?(?:""|''|nil|null|None|undefined|0|false|False))?|!${it}${empty}|(?:len\\(${it}\\)|${it}\\.length) ?(?:> ?0|>= ?1))$`,
      "i",
    ).test(text);
  return [
    `^(?:!|not )\\s*\\(?${it}\\)?$`,
    `^${it} ?(?:===?|is) ?(?:""|''|nil|null|None|undefined|0|false|False)$`,
    `^${it}${empty}$`,
    `^(?:len\\(${it}\\)|${it}\\.length) ?(?:===?|<=) ?0$|^(?:len\\(${it}\\)|${it}\\.length) ?< ?1$`,
    `^(?:empty|is_null|string\\.IsNullOr\\w+|StringUtils\\.is(?:Empty|Blank))\\(${it}\\)$`,
    `^typeof ${it} ?===? ?["']undefined["']$`,
  ].some((pattern) => new RegExp(pattern, "i").test(text));
}
