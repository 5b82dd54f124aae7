/** Functions of Go with several results: which of them are followed, and what a call of one is taken apart into. */
import { type Expr, lastName, other, type Span, type Stmt } from "../ir.ts";
import { field, fields, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { names, typeExpr } from "./lower-expressions.ts";

interface Results {
  /** Those that have names, which a bare `return` gives back. */
  names: string[];
  /** `(host string, port int, err error)`: more than the first is followed. */
  many: boolean;
}

/** Of the function that is being read. */
let current: Results | undefined;

const PLAIN = /^(?:string|u?int(?:8|16|32|64)?|net\.IP|netip\.Addr)$/;
/** Names for what a call says beside its results. */
const ASIDE = /^(?:_|err\w*|ok\w*|found|exists|cancel\w*|stop|cleanup|done|closer)$/i;

/** What says by its last result whether a text is so, or a variable is set. */
const ASKED = /^(?:Atoi|Parse(?:Int|Uint)|SplitHostPort|LookupEnv)$/;

/** Reads the body of a function, whose results that have names are variables of it. */
export function withResults(result: SyntaxNode | undefined, read: () => Stmt[]): Stmt[] {
  const before = current;
  const list = result?.type === "parameter_list" ? named(result) : [];
  const types = list.flatMap((r) => {
    const type = field(r, "type") ?? r;
    return fields(r, "name").length > 1 ? fields(r, "name").map(() => type) : [type];
  });
  const plain = types.map((t) => PLAIN.test(t.text));
  current = { names: [], many: plain[0] === true && plain.slice(1).includes(true) };
  const declared = list.flatMap((r): Stmt[] =>
    fields(r, "name").map((n) => {
      const name = names.declare(n.text);
      current?.names.push(name);
      const type = field(r, "type");
      const span = spanOf(n);
      return { kind: "declare", pattern: { kind: "name", name, ...span }, type: type && typeExpr(type), ...span };
    }),
  );
  try {
    return [...declared, ...read()];
  } finally {
    current = before;
  }
}

/** What `return` gives back: the first of several results, or all of them. */
export function returnedResults(values: readonly Expr[], span: Span): Expr | undefined {
  const given: readonly Expr[] =
    values.length > 0 ? values : (current?.names ?? []).map((name) => ({ kind: "name" as const, name, ...span }));
  return current?.many && given.length > 1 ? callOf("results!", given, span) : given[0];
}

/** One result of a call by its place; what it is called where it is kept. */
export function resultOf(value: Expr, index: number, name: string): Expr {
  const span = { start: value.start, end: value.end };
  if (index === 0) return callOf("first!", [value], span);
  const isAsked = value.kind === "call" && ASKED.test(lastName(value.callee) ?? "");
  if (value.kind !== "call" || (ASIDE.test(name) && !isAsked)) return other(span);
  return callOf("nth!", [value, { kind: "literal", value: index, ...span }], span);
}

function callOf(name: string, values: readonly Expr[], span: Span): Expr {
  return { kind: "call", callee: { kind: "name", name, ...span }, args: values.map((value) => ({ value })), ...span };
}
