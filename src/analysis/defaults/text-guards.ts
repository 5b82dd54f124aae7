/** Branches over what stands in a text: a port that is given without a host, an address without a port. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, type Expr, lastName } from "../ir.ts";
import { type Guard, lookup, type Scope, type Source } from "../scope/scope.ts";
import { alternatives, type Frame, isLocalAddress, textOf, usually, usualText, type Value } from "../values.ts";

/**
 * `if _, err := strconv.Atoi(address); err == nil { address = ":" + address }`, `if !strings.Contains(address, ":")`: is the
 * branch not run by what the text is while nobody gives another?
 */
export function isForOtherTexts(guard: Guard, scope: Scope, evaluator: Evaluator, frame?: Frame): boolean {
  return runsWhere(guard, scope, evaluator, frame)?.runs === false;
}

/**
 * What is given where a branch is run by what the text is while nobody gives another: `if strings.HasPrefix(address, ":") {
 * address = "localhost" + address }` of a flag that is ":3000". What it makes is that option's, or that variable's.
 */
export function inUsualBranch(
  guard: Guard,
  scope: Scope,
  evaluator: Evaluator,
  frame?: Frame,
): ((made: Value) => Value) | undefined {
  const found = runsWhere(guard, scope, evaluator, frame);
  if (found?.runs !== true) return undefined;
  const { given } = found;
  // What is no address of this kind, a path of a socket, has not its name.
  const isOwn = (made: Value): boolean => isLocalAddress(usually(made)) || splitsLocal(made);
  return (made) => ((given.t === "option" || given.t === "env") && isOwn(made) ? { ...given, default: made } : made);
}

/** `host, port, err := net.SplitHostPort(address); if err != nil { host = "127.0.0.1" }`, where nobody has to give an address. */
export function isWithoutAddress({ guards, scope }: Source, evaluator: Evaluator): boolean {
  const [guard, ...more] = guards ?? [];
  if (!guard || more.length > 0 || guard.test.kind !== "binary" || guard.test.left.kind !== "name") return false;
  const read = scope.file.language === "go" ? failing(guard.test.left.name, guard.test.start, scope) : undefined;
  return (
    read !== undefined && lastName(read.callee) === "SplitHostPort" && runsWhere(guard, scope, evaluator)?.runs === true
  );
}

/** `"127.0.0.1" + address`: begins with localhost. */
function splitsLocal(made: Value): boolean {
  return made.t === "text" && /^(?:localhost|127\.0\.0\.1|\[::1\])/.test(textOf(made.parts[0]) ?? "");
}

/** Whether a branch is run by the usual text of what its condition asks about; undefined where that cannot be told. */
function runsWhere(
  guard: Guard,
  scope: Scope,
  evaluator: Evaluator,
  frame?: Frame,
): { runs: boolean; given: Value } | undefined {
  if (scope.file.language !== "go") return undefined;
  const asked = askedOf(guard.test, scope, evaluator, frame);
  if (!asked?.of) return undefined;
  const given = before(asked.of, guard.test, scope, evaluator) ?? evaluator.eval(asked.of, scope, frame);
  const [first, ...rest] = alternatives(given).map((v) => asked.holds(isUnset(v) ? "" : usualText(v)));
  if (first === undefined || rest.some((r) => r !== first)) return undefined;
  return { runs: (first === asked.whether) !== guard.negated, given };
}

/** A variable that nobody sets: `os.Getenv` gives an empty text. */
function isUnset(v: Value): boolean {
  return v.t === "env" && (v.default === undefined || v.default.t === "absent");
}

/** What a name was given last, under no condition, before it is asked about in the same function, or where the file declares it. */
function before(of: Expr, test: Expr, scope: Scope, evaluator: Evaluator): Value | undefined {
  const binding = of.kind === "name" ? lookup(scope, of.name) : undefined;
  if (!binding || binding.param || binding.import) return undefined;
  const last = binding.sources.findLast(
    (s) =>
      s.expr !== undefined &&
      !s.guards &&
      (s.scope.fn === undefined ||
        (s.scope.fn === scope.fn && s.scope.file === scope.file && s.expr.end <= test.start)),
  );
  return last && evaluator.source(last, undefined);
}

interface Asked {
  /** What the text is of. */
  of: Expr | undefined;
  /** Does the condition hold where the text is so, or where it is not? */
  whether: boolean;
  /** Undefined where too little is known of the text. */
  holds: (text: string) => boolean | undefined;
}

function askedOf(test: Expr, scope: Scope, evaluator: Evaluator, frame: Frame | undefined): Asked | undefined {
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!" && test.args[0]) {
    const inner = askedOf(test.args[0].value, scope, evaluator, frame);
    return inner && { ...inner, whether: !inner.whether };
  }
  if (test.kind === "call") {
    const { callee, args } = test;
    const part = args.length === 2 ? textOf(evaluator.eval(args[1]?.value, scope, frame)) : undefined;
    const isStrings = callee.kind === "member" && callee.object.kind === "name" && callee.object.name === "strings";
    const has = isStrings && part ? HAS[callee.property] : undefined;
    return (
      has && {
        of: args[0]?.value,
        whether: true,
        holds: (text) => (text.includes("?") ? undefined : has(text, part as string)),
      }
    );
  }
  if (test.kind !== "binary") return undefined;
  const first = firstLetter(test);
  if (first) return first;
  if (test.left.kind !== "name") return undefined;
  if (test.right.kind !== "literal" || test.right.value !== null || !/^[!=]==?$/.test(test.operator)) return undefined;
  const read = failing(test.left.name, test.start, scope);
  const holds = read && TAKES[lastName(read.callee) ?? ""];
  return holds && { of: read.args[0]?.value, whether: !test.operator.startsWith("!"), holds };
}

/** `address[0] == ':'` */
function firstLetter({ left, right, operator }: Expr & { kind: "binary" }): Asked | undefined {
  if (left.kind !== "index" || left.index?.kind !== "literal" || left.index.value !== 0) return undefined;
  const letter = right.kind === "literal" && typeof right.value === "string" ? right.value : "";
  if (letter.length !== 1 || !/^[!=]==?$/.test(operator)) return undefined;
  return {
    of: left.object,
    whether: operator.startsWith("="),
    holds: (text) => (text === "" || text.startsWith("?") ? undefined : text.startsWith(letter)),
  };
}

const HAS: Partial<Record<string, (text: string, part: string) => boolean>> = {
  Contains: (text, part) => text.includes(part),
  HasPrefix: (text, part) => text.startsWith(part),
  HasSuffix: (text, part) => text.endsWith(part),
};

/** A number where it is made of digits: what is not known of it may be digits too. */
const isNumber = (text: string): boolean | undefined =>
  /[^\d?]/.test(text) ? false : /^\d+$/.test(text) ? true : undefined;
/** What goes without an error, by what the call is given. */
const TAKES: Partial<Record<string, (text: string) => boolean | undefined>> = {
  Atoi: isNumber,
  ParseInt: isNumber,
  ParseUint: isNumber,
  SplitHostPort: (text) => (text === "" ? false : /^(?:[^:?]*|\[[\da-f:]+\]):[^:]*$/i.test(text) ? true : undefined),
};

/** The call that an error comes from. */
function failing(name: string, before: number, scope: Scope): Call | undefined {
  const source = lookup(scope, name)?.sources.findLast((s) => s.expr !== undefined && s.expr.end <= before);
  const made = source?.expr?.kind === "call" && lastName(source.expr.callee) === "nth!" ? source.expr : undefined;
  const read = made?.args[0]?.value;
  return read?.kind === "call" ? read : undefined;
}
