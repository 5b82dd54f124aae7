/** Branches over what stands in a text: a port that is given without a host, an address without a port. */
import type { Evaluator } from "./evaluate.ts";
import { type Call, type Expr, lastName } from "./ir.ts";
import { type Guard, lookup, type Scope } from "./scope.ts";
import { alternatives, type Frame, textOf, usualText } from "./values.ts";

/**
 * `if _, err := strconv.Atoi(address); err == nil { address = ":" + address }`, `if !strings.Contains(address, ":")`: is the
 * branch not run by what the text is while nobody gives another?
 */
export function isForOtherTexts(guard: Guard, scope: Scope, evaluator: Evaluator, frame?: Frame): boolean {
  if (scope.file.language !== "go") return false;
  const asked = askedOf(guard.test, scope, evaluator, frame);
  const given = asked?.call.args[0]?.value;
  if (!asked || !given) return false;
  const texts = alternatives(evaluator.eval(given, scope, frame)).map(usualText);
  const runs = asked.whether !== guard.negated;
  return texts.length > 0 && texts.every((text) => asked.holds(text) === !runs);
}

interface Asked {
  call: Call;
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
        call: test,
        whether: true,
        holds: (text) => (text.includes("?") ? undefined : has(text, part as string)),
      }
    );
  }
  if (test.kind !== "binary" || test.left.kind !== "name") return undefined;
  if (test.right.kind !== "literal" || test.right.value !== null || !/^[!=]==?$/.test(test.operator)) return undefined;
  const read = failing(test.left.name, test.start, scope);
  const holds = read && TAKES[lastName(read.callee) ?? ""];
  return holds && { call: read, whether: !test.operator.startsWith("!"), holds };
}

const HAS: Partial<Record<string, (text: string, part: string) => boolean>> = {
  Contains: (text, part) => text.includes(part),
  HasPrefix: (text, part) => text.startsWith(part),
  HasSuffix: (text, part) => text.endsWith(part),
};

/** A number where it is made of digits: what is not known of it may be digits too. */
const isNumber = (text: string): boolean | undefined => (/[^\d?]/.test(text) ? false : undefined);
/** What goes without an error, by what the call is given. */
const TAKES: Partial<Record<string, (text: string) => boolean | undefined>> = {
  Atoi: isNumber,
  ParseInt: isNumber,
  ParseUint: isNumber,
  SplitHostPort: (text) => (/^(?:[^:?]*|\[[\da-f:]+\]):[^:]*$/i.test(text) ? true : undefined),
};

/** The call that an error comes from. */
function failing(name: string, before: number, scope: Scope): Call | undefined {
  const source = lookup(scope, name)?.sources.findLast((s) => s.expr !== undefined && s.expr.end <= before);
  const made = source?.expr?.kind === "call" && lastName(source.expr.callee) === "nth!" ? source.expr : undefined;
  const read = made?.args[0]?.value;
  return read?.kind === "call" ? read : undefined;
}
