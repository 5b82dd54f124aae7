/** Which branch is in force while nobody sets the variable, gives the flag or turns the switch that it asks for. */
import { SECTION } from "../config/own-settings.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { asksForError, type Call, type Expr, isUndefined, lastName } from "../ir.ts";
import { type Guard, lookup, type Scope } from "../scope/scope.ts";
import { followedByName, lostOf, WHERE } from "../settings/declared-options.ts";
import {
  alternatives,
  envNames,
  isAllInterfaces,
  isLocalAddress,
  isLost,
  isNull,
  textOf,
  usually,
  type Value,
} from "../values.ts";
import { existing } from "./file-guards.ts";
import { isUngiven } from "./ungiven.ts";

/**
 * Variables that images, or the platform, set as a matter of course: a branch over them says nothing of what is in force.
 * App Engine's own (`GAE_ENV`) are never set here; .NET's images say that they run in a container.
 */
export const MODE =
  /^(?!GAE_)(?:.*_)?(ENV|ENVIRONMENT|MODE|STAGE|PROFILES?|PRODUCTION|\*)$|^PORT$|^K_|^KUBERNETES_|_RUNNING_IN_CONTAINERS?$/;

/** Those that say where it runs; `RUN_MODE` of a program's own is what its schema says while nobody sets it. */
const DEPLOYED = /(?:^|_)(?:ENV|ENVIRONMENT|STAGE|PRODUCTION)$|^PORT$|^K_|^KUBERNETES_/;

/** An option whose default is nothing, or a plain false. */
export function isOff(v: Value): boolean {
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

/** A condition that only holds when something is set which nobody but the user sets. */
export function askedFor(guard: Guard, scope: Scope, evaluator: Evaluator): Unset | undefined {
  const unset = whenUnset(guard.test, scope, evaluator);
  return unset && unset.holds === guard.negated ? unset : undefined;
}

/** A condition that holds as long as nobody sets what it asks for: `if (!process.env.PUBLIC) return "127.0.0.1"`. */
export function unasked(guard: Guard, scope: Scope, evaluator: Evaluator): Unset | undefined {
  const unset = whenUnset(guard.test, scope, evaluator);
  return unset && unset.holds !== guard.negated ? unset : undefined;
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
  const isNothing = (v: Value, beside: Value): boolean => isNull(v) && isAllInterfaces(usually(beside));
  const isHere = (v: Value): boolean => isLocalAddress(v) || isLocalUrl(v);
  const usual = isHere(then) || isHere(otherwise) || isNothing(then, otherwise) || isNothing(otherwise, then);
  if (!usual) return undefined;
  const unset = whenUnset(test, scope, evaluator);
  if (!unset) return undefined;
  const inForce = unset.holds ? then : otherwise;
  return isHere(inForce) || isNull(inForce) ? { t: unset.by, name: unset.name, default: inForce } : undefined;
}

/** `$"http://localhost:{port}/"` */
function isLocalUrl(v: Value): boolean {
  const head = textOf(v.t === "text" ? v.parts[0] : v);
  return head !== undefined && /^\w+:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/.test(head);
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
  /public|remote|expose|external|^lan$|_lan$|^share$|all_?interfaces|(?:bind|listen|serve)_?(?:to_?|on_?)?all|wild_?card|open_?to|(allow|listen_?(to|on))_?(network|access|lan)/i;

/** A condition may cost so much of what a question may: the way to what it asks for may have many conditions of its own. */
const CONDITION_STEPS = 1_000;

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
  const flag = test.kind === "call" ? (askedFlag(test) ?? givenFlag(test, scope, evaluator)) : undefined;
  if (flag !== undefined) return { holds: false, name: flag, by: "option" };
  const file = test.kind === "call" ? existing(test) : undefined;
  if (file !== undefined) return { holds: false, name: file, by: "option" };
  // `switch == True`
  if (test.kind === "binary" && /^(?:===?|is)$/.test(test.operator) && isTrue(test.right))
    return whenUnset(test.left, scope, evaluator, depth + 1);
  const key = keyAsked(test, scope, evaluator);
  if (key) return key;
  const compared = test.kind === "binary" && /^[!=]==?$/.test(test.operator) ? test : undefined;
  if (test.kind === "binary" && !compared) return undefined;
  const sides = compared && [compared.left, compared.right];
  const entry = sides?.find(isEntry);
  if (compared && entry) return entryAsked(compared, entry, scope, evaluator);
  const other = sides?.find((e) => e.kind === "literal") ?? sides?.find(isUndefined);
  const whole = sides ? other && sides.find((e) => e !== other) : test;
  if (!whole || asksForError(test)) return undefined;
  // What C# may leave out: `bool? open`.
  const isValue = whole.kind === "member" && whole.property === "Value" && scope.file.language === "csharp";
  const asked = isValue ? whole.object : whole;
  const found = onlyOne(evaluator.atMost(CONDITION_STEPS, () => evaluator.eval(asked, scope)));
  // A flag of which another place says what it is without being given.
  const declared = found.t === "option" && found.default === undefined && !evaluator.isHalfSpent();
  const value = declared ? followedByName(found, asked, scope, evaluator) : found;
  // `value != ""` asks whether it is there.
  const nothing =
    other !== undefined &&
    (isUndefined(other) || (other.kind === "literal" && (other.value === "" || other.value === null)));
  const holds = compared ? compared.operator.startsWith("!") !== nothing : false;
  // A field that is off where it is made, and what the command line says, which is off as well.
  const all = alternatives(value);
  const option = all.find((v) => v.t === "option");
  if (option && all.every((v) => isOff(v) || isZero(v))) return { holds, name: option.name, by: "option" };
  // What all callers leave off, or some of them as far as is known, where its name says what it opens.
  const word = compared || asked.kind !== "name" ? undefined : asked.name;
  if (word !== undefined && all.every((v) => isOff(v) || (isLost(v) && OPENS.test(word))))
    return { holds, name: word, by: "option" };
  // `remote !== undefined` of an option that the handler of a command is given, or not.
  const own = lastName(asked);
  // `optionsHost`
  const end = /[a-z](Host(?:name)?|Addr(?:ess)?)$/.exec(own ?? "")?.[1]?.toLowerCase();
  const asks = (!compared || nothing) && all.every(isLost) ? [own, lostOf(value)?.name, end] : [];
  const ungiven = asks.find((a) => a !== undefined && isUngiven(a, scope.file, evaluator));
  if (ungiven !== undefined) return { holds, name: ungiven, by: "option" };
  // `host = None; for flag, value in flags: …; if host is not None: …`: what it is before something lost is given to it.
  const named = nothing && asked.kind === "name" ? asked.name : undefined;
  const first = named === undefined ? undefined : lookup(scope, named)?.sources[0]?.expr;
  const isNone = first?.kind === "literal" && first.value === null;
  if (named !== undefined && isNone && all.some(isNull) && all.every((v) => isNull(v) || isLost(v)))
    return { holds, name: named, by: "option" };
  // `switch *mode { case "production": … }` of a flag that is "development" unless it is given.
  // A variable of which a schema says the same.
  const isSetting =
    (value.t === "option" && (!value.open || CLOSED_WORD.test(textOf(usually(value)) ?? ""))) ||
    (value.t === "env" && !DEPLOYED.test(value.name));
  const usual = isSetting ? usually(value) : undefined;
  if (isSetting && usual?.t === "literal" && other?.kind === "literal" && /^(string|number)$/.test(typeof usual.value))
    return {
      holds: (usual.value === other.value) !== compared?.operator.startsWith("!"),
      name: value.name,
      by: value.t,
    };
  const flagged = compared ? undefined : switchedBy(value);
  if (flagged !== undefined) return { holds: false, name: flagged, by: "option" };
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

/** `BindMode.All`, an entry of an enumeration. */
function isEntry(e: Expr): boolean {
  return e.kind === "member" && e.object.kind === "name" && /^[A-Z]/.test(e.object.name) && /^[A-Z]/.test(e.property);
}

/** `options.Mode == BindMode.All` of a setting that is another entry as long as nobody gives it one. */
function entryAsked(
  { left, right, operator }: Expr & { kind: "binary" },
  entry: Expr,
  scope: Scope,
  evaluator: Evaluator,
): Unset | undefined {
  const asked = left === entry ? right : left;
  const name = lastName(asked);
  const held = alternatives(evaluator.atMost(CONDITION_STEPS, () => evaluator.eval(asked, scope))).map(usually);
  const [first, ...more] = held.map((v) => (v.t === "ref" ? v.path : undefined));
  const word = lastName(entry);
  const type = entry.kind === "member" ? lastName(entry.object) : undefined;
  if (name === undefined || first === undefined || more.length > 0 || isEntry(asked)) return undefined;
  const [of, is] = first.split(".").slice(-2);
  if (of !== type) return undefined;
  return { holds: (is === word) !== operator.startsWith("!"), name, by: "option" };
}

/** One setting by several ways, of which each gives it the same default. */
function onlyOne(v: Value): Value {
  const [first, ...rest] = alternatives(v);
  if (first?.t !== "option" && first?.t !== "env") return v;
  const usual = textOf(usually(first));
  const isSame = (o: Value): boolean => o.t === first.t && o.name === first.name && textOf(usually(o)) === usual;
  return usual !== undefined && rest.every(isSame) ? first : v;
}

/** A word of a program's own for what nobody else reaches: `options.bind ?? config.bind ?? "loopback"`. */
const CLOSED_WORD = /^(?:loop_?back|local(?:_?only)?|localhost|private|internal)$/i;

/** False, or a field that nothing else is given to, and true under a flag of the command line alone: `if (arg.equals("--public")) open = true;`. */
function switchedBy(value: Value): string | undefined {
  const all = alternatives(value);
  const on = all.filter((v) => v.t === "literal" && v.value === true);
  if (on.length === 0 || !all.every((v) => on.includes(v) || isOff(v))) return undefined;
  const flags = on.map((v) => {
    const at = v.t === "literal" ? v.at : undefined;
    const before = at?.scope.file.text.slice(Math.max(0, at.expr.start - 200), at.expr.start) ?? "";
    return /["'](--?[a-zA-Z][\w-]*)["'](?:(?!["']--?[a-zA-Z]|\bbreak\b)[^}])*$/.exec(before)?.[1];
  });
  return flags.every((f) => f !== undefined) ? flags[0] : undefined;
}

function isTrue(e: Expr): boolean {
  return e.kind === "literal" && e.value === true;
}

/** Python's `"host" in config`, where nothing is known of the user's settings, and `"HOST" in os.environ`. */
function keyAsked(test: Expr, scope: Scope, evaluator: Evaluator): Unset | undefined {
  if (test.kind !== "binary" || !/^(?:not )?in$/.test(test.operator) || scope.file.language !== "python")
    return undefined;
  const { left, right } = test;
  if (left.kind !== "literal" || typeof left.value !== "string" || right.kind === "array") return undefined;
  const held = evaluator.eval(right, scope);
  const by = held.t === "environ" ? "env" : isLost(held) ? "option" : undefined;
  // `"docker" in cgroup` asks a text of the machine.
  const isSetting =
    by === "env"
      ? !MODE.test(left.value)
      : WHERE.test(left.value) || OPENS.test(left.value) || SECTION.test(left.value);
  if (!by || !isSetting) return undefined;
  return { holds: test.operator !== "in", name: left.value, by };
}

/**
 * `matches.get_flag("public")`, `line.hasOption("public")`: a flag that nobody gives by itself. `is_present` is true of an
 * option that has a default, too: there the name has to say that it opens.
 */
function askedFlag({ callee, args: [first, ...more] }: Call): string | undefined {
  if (callee.kind !== "member" || first?.value.kind !== "literal" || more.length > 0) return undefined;
  const { value: name } = first.value;
  if (typeof name !== "string") return undefined;
  const isFlag = /^(?:get_flag|has_?option|has_?flag)$/i.test(callee.property);
  return isFlag || (callee.property === "is_present" && OPENS.test(name)) ? `--${name.replace(/^-+/, "")}` : undefined;
}

/** Go's `c.IsSet("host")`, `cmd.Flags().Changed(HostFlag.Name)`; viper says so of a key that has a default, too. */
function givenFlag({ callee, args }: Call, scope: Scope, evaluator: Evaluator): string | undefined {
  if (scope.file.language !== "go" || callee.kind !== "member" || args.length !== 1) return undefined;
  const isFlags = callee.object.kind === "call" && /^(?:Persistent)?Flags$/.test(lastName(callee.object.callee) ?? "");
  const isContext = callee.object.kind === "name" && /^(?:c|cc|\w*ctx|cli|cmd|\w*context)$/i.test(callee.object.name);
  const asks = callee.property === "Changed" ? isFlags : /^(?:Global)?IsSet$/.test(callee.property) && isContext;
  return asks ? `--${textOf(evaluator.eval(args[0]?.value, scope)) ?? ""}` : undefined;
}

/** What a member or a method is called whose value was not followed. */
function nameOfLost(value: Value, asked: Expr): string | undefined {
  const isGone = (v: Value): boolean => isLost(v) || v.t === "absent" || isOff(v);
  return alternatives(value).every(isGone) ? lastName(asked.kind === "call" ? asked.callee : asked) : undefined;
}

function isEndOf(part: string, name: string): boolean {
  return part === name || (part.length > 2 && name.endsWith(`_${part}`));
}

/** `var("DOCKER")?.is_some()`, where `var` is the program's own: what it gives is a variable of that name or nothing. */
function readByName(asked: Expr, value: Value, scope: Scope): string | undefined {
  const [name, ...others] = envNames(value);
  if (name === undefined || others.length > 0 || MODE.test(name)) return undefined;
  if (alternatives(value).some((v) => v.t === "literal" && !isOff(v))) return undefined;
  const sources = asked.kind === "name" ? (lookup(scope, asked.name)?.sources ?? []) : [];
  let e = (sources.length === 1 && sources[0]?.expr) || asked;
  while (e.kind === "call" && e.callee.kind === "member") e = e.callee.object;
  const given = e.kind === "call" ? e.args[0]?.value : undefined;
  // `env_bool("ALLOW_LAN", False)` may put something before the name.
  const isIt = given?.kind === "literal" && typeof given.value === "string" && isEndOf(given.value, name);
  return isIt ? name : undefined;
}
