/** `switch`, `match` and `case` as values: a choice between their arms as any other language has it. */
import { type Expr, other, type Span, type Stmt } from "./ir.ts";
import { field, named, type SyntaxNode, spanOf } from "./tree-sitter.ts";

interface Arm {
  /** What the subject is held against; conditions of their own where there is none. None: whatever is left. */
  tests: readonly Expr[];
  value: Expr;
}

type Lower = (node: SyntaxNode) => Expr;

/** Of an enumeration the last arm is the only one that is left. */
function switched(subject: Expr | undefined, arms: readonly Arm[], span: Span): Expr | undefined {
  const otherwise = arms.find((a) => a.tests.length === 0) ?? arms.at(-1);
  if (!otherwise) return undefined;
  return arms
    .filter((a) => a !== otherwise)
    .reduceRight<Expr>((alternate, { tests, value }) => {
      const asked = tests.map(
        (right): Expr => (subject ? { kind: "binary", operator: "===", left: subject, right, ...span } : right),
      );
      const test = asked.reduce((left, right) => ({ kind: "binary", operator: "||", left, right, ...span }));
      return { kind: "conditional", test, consequent: value, alternate, ...span };
    }, otherwise.value);
}

/** Statements as a value: that of the last one. */
export function lastValue(list: readonly Stmt[], span: Span): Expr {
  const last = list.at(-1);
  const value =
    last?.kind === "return" && last.value ? last.value : last?.kind === "expression" ? last.expr : undefined;
  const before = value ? list.slice(0, -1) : [...list];
  if (before.length === 0) return value ?? other(span);
  // `=` is the operator whose value is its right side.
  return { kind: "binary", operator: "=", left: other(span, [], before), right: value ?? other(span), ...span };
}

/** C#: `mode switch { "lan" or "all" => IPAddress.Any, _ => IPAddress.Loopback }` */
export function switchOfCSharp(node: SyntaxNode, lower: Lower): Expr | undefined {
  const [subject, ...rest] = named(node);
  if (!subject) return undefined;
  const arms = rest.flatMap((arm): Arm[] => {
    const [pattern, ...parts] = named(arm);
    const value = parts.at(-1);
    if (arm.type !== "switch_expression_arm" || !pattern || !value || value.type === "throw_expression") return [];
    const isLeft = pattern.type === "discard" && parts.length === 1;
    return [{ tests: isLeft ? [] : parts.length > 1 ? [other(spanOf(arm))] : wordsOf(pattern), value: lower(value) }];
  });
  function wordsOf(pattern: SyntaxNode): Expr[] {
    if (pattern.type === "or_pattern") return named(pattern).flatMap(wordsOf);
    const constant = pattern.type === "constant_pattern" ? named(pattern)[0] : undefined;
    return [constant ? lower(constant) : other(spanOf(pattern))];
  }
  return switched(lower(subject), arms, spanOf(node));
}

/** Java: `switch (mode) { case "lan", "all" -> "0.0.0.0"; default -> "127.0.0.1"; }` */
export function switchOfJava(
  node: SyntaxNode,
  lower: Lower,
  statements: (node: SyntaxNode) => Stmt[],
): Expr | undefined {
  const subject = field(node, "condition");
  const arms = named(field(node, "body")).flatMap((rule): Arm[] => {
    const [label, value] = named(rule);
    if (rule.type !== "switch_rule" || !label || !value || value.type === "throw_statement") return [];
    const inner = value.type === "expression_statement" ? named(value)[0] : undefined;
    return [
      {
        tests: label.text.startsWith("default") ? [] : named(label).map(lower),
        value: inner ? lower(inner) : lastValue(statements(value), spanOf(value)),
      },
    ];
  });
  return subject && switched(lower(subject), arms, spanOf(node));
}

/** PHP: `match ($mode) { 'lan', 'all' => '0.0.0.0', default => '127.0.0.1' }`, also over `true`. */
export function matchOfPhp(node: SyntaxNode, lower: Lower): Expr | undefined {
  const subject = field(node, "condition");
  const arms = named(field(node, "body")).flatMap((arm): Arm[] => {
    const value = field(arm, "return_expression");
    if (!value || value.type === "throw_expression") return [];
    return [{ tests: named(field(arm, "conditional_expressions")).map(lower), value: lower(value) }];
  });
  return subject && switched(/^\(\s*true\s*\)$/i.test(subject.text) ? undefined : lower(subject), arms, spanOf(node));
}

/** Ruby: `case mode when "lan", "all" then "0.0.0.0" else "127.0.0.1" end`, with what it is about or without. */
export function caseOfRuby(node: SyntaxNode, lower: Lower, body: (node: SyntaxNode) => Stmt[]): Expr | undefined {
  const subject = field(node, "value");
  const arms = named(node).flatMap((arm): Arm[] => {
    const then = arm.type === "when" ? field(arm, "body") : arm.type === "else" ? arm : undefined;
    if (!then) return [];
    const words = named(arm).filter((n) => n.type === "pattern");
    return [{ tests: words.map((n) => lower(named(n)[0] ?? n)), value: lastValue(body(then), spanOf(then)) }];
  });
  return switched(subject && lower(subject), arms, spanOf(node));
}

/**
 * The arms of a `switch` as a statement, one after the other; those that say nothing stand for the same as the next. What
 * `default` says is only there where none of the others is.
 */
function cases(
  subject: Expr,
  arms: readonly { tests: readonly Expr[]; body: Stmt[]; isEmpty: boolean; span: Span }[],
): Stmt[] {
  const asked: { test: Expr; body: Stmt[]; span: Span }[] = [];
  let otherwise: { body: Stmt[]; span: Span } | undefined;
  let before: readonly Expr[] = [];
  for (const { tests, body, isEmpty, span } of arms) {
    const all = [...before, ...tests];
    before = isEmpty ? all : [];
    if (isEmpty) continue;
    const words = all.map(
      (right): Expr => ({ kind: "binary", operator: "===", left: subject, right, start: right.start, end: right.end }),
    );
    if (tests.length === 0) otherwise = { body, span };
    else {
      const test = words.reduce((left, right) => ({
        kind: "binary",
        operator: "||",
        left,
        right,
        start: left.start,
        end: right.end,
      }));
      asked.push({ test, body, span });
    }
  }
  const last = otherwise?.body ?? [];
  if (asked.length === 0 && otherwise) return [{ kind: "block", role: "plain", body: last, ...otherwise.span }];
  if (!otherwise)
    return asked.map(({ test, body, span }) => ({ kind: "if", test, consequent: body, alternate: [], ...span }));
  return asked.reduceRight<Stmt[]>(
    (alternate, { test, body, span }) => [{ kind: "if", test, consequent: body, alternate, ...span }],
    last,
  );
}

/** `switch (mode) { case "lan": …; break; default: … }` of C#, Java and PHP; undefined where it is about nothing. */
export function casesOf(node: SyntaxNode, lower: Lower, body: (nodes: SyntaxNode[]) => Stmt[]): Stmt[] | undefined {
  const subject = field(node, "value") ?? field(node, "condition");
  if (!subject) return undefined;
  const arms = named(field(node, "body")).map((arm) => {
    const parts = named(arm);
    const labels = parts.filter((n) => LABEL.test(n.type));
    const value = arm.type === "case_statement" ? field(arm, "value") : undefined;
    const own = parts.filter((n) => n.id !== value?.id && !LABEL.test(n.type));
    const isElse = /^default\b/.test(arm.text);
    const words = value ? [value] : labels.flatMap((n) => (/pattern$|clause$/.test(n.type) ? [n] : named(n)));
    const plain = words.map((n) => (n.type === "constant_pattern" ? (named(n)[0] ?? n) : n));
    // Types and conditions of patterns are not followed.
    const test = (n: SyntaxNode): Expr => (/pattern$|clause$|^guard$/.test(n.type) ? other(spanOf(n)) : lower(n));
    return {
      tests: isElse ? [] : plain.length > 0 ? plain.map(test) : [other(spanOf(arm))],
      body: body(own),
      isEmpty: own.length === 0,
      span: spanOf(arm),
    };
  });
  return cases(lower(subject), arms);
}
const LABEL = /^switch_label$|pattern$|^when_clause$|^discard$/;

/** Ruby's `case` as a statement: what stands behind `else` is only there where none of the others is. */
export function caseStatements(node: SyntaxNode, lower: Lower, body: (node: SyntaxNode) => Stmt[]): Stmt[] {
  const subject = field(node, "value");
  const about = subject && lower(subject);
  const rest = named(node).find((n) => n.type === "else");
  return named(node)
    .filter((n) => n.type === "when")
    .reduceRight<Stmt[]>(
      (alternate, arm) => {
        const then = field(arm, "body");
        const tests = named(arm).flatMap((n): Expr[] => {
          const word = n.type === "pattern" ? lower(named(n)[0] ?? n) : undefined;
          if (!word) return [];
          return [about ? { kind: "binary", operator: "===", left: about, right: word, ...spanOf(n) } : word];
        });
        const [first = other(spanOf(arm)), ...more] = tests;
        const test = more.reduce<Expr>(
          (left, right) => ({ kind: "binary", operator: "||", left, right, start: left.start, end: right.end }),
          first,
        );
        const own: Stmt[] = [
          {
            kind: "if",
            test,
            consequent: then ? body(then) : [],
            alternate: rest ? alternate : [],
            ...spanOf(arm),
          },
        ];
        return rest ? own : own.concat(alternate);
      },
      rest ? body(rest) : [],
    );
}

/** Ruby's `if … elsif … else … end` and `unless` as values. */
export function ifOfRuby(node: SyntaxNode, lower: Lower, body: (node: SyntaxNode) => Stmt[]): Expr | undefined {
  const [test, then, rest] = [field(node, "condition"), field(node, "consequence"), field(node, "alternative")];
  if (!test || !then || !rest) return undefined;
  const consequent = lastValue(body(then), spanOf(then));
  const alternate =
    rest.type === "elsif"
      ? (ifOfRuby(rest, lower, body) ?? other(spanOf(rest), [], body(rest)))
      : lastValue(body(rest), spanOf(rest));
  const [yes, no] = node.type === "unless" ? [alternate, consequent] : [consequent, alternate];
  return { kind: "conditional", test: lower(test), consequent: yes, alternate: no, ...spanOf(node) };
}
