/** Rust's `match` over what is true or false, or over words: a choice as any other language has it. */
import type { Expr, Span } from "../ir.ts";

/** `match args.public { true => "0.0.0.0", false => "127.0.0.1" }`, `match mode { "lan" => …, _ => … }`; undefined for another. */
export function switchOver(
  matched: Expr,
  patterns: readonly string[],
  arms: readonly Expr[],
  span: Span,
): Expr | undefined {
  if (patterns.length < 2 || arms.length !== patterns.length) return undefined;
  const isLast = /^_?(?:[a-z]\w*)?$/.test(patterns.at(-1) ?? "");
  const [first, second] = patterns;
  if (patterns.length === 2 && /^(?:true|false)$/.test(first ?? "") && /^(?:true|false|_)$/.test(second ?? "")) {
    const [consequent, alternate] = (first === "true" ? arms : [...arms].reverse()) as [Expr, Expr];
    return { kind: "conditional", test: matched, consequent, alternate, ...span };
  }
  const words = patterns.slice(0, -1).map((p) => p.split("|").map((w) => /^\s*"([^"\\]*)"\s*$/.exec(w)?.[1]));
  if (!isLast || words.some((all) => all.includes(undefined))) return undefined;
  return words.reduceRight<Expr>((alternate, all, i) => {
    const tests = all.map((word): Expr => {
      const right: Expr = { kind: "literal", value: word as string, ...span };
      return { kind: "binary", operator: "===", left: matched, right, ...span };
    });
    const test = tests.reduce((left, right) => ({ kind: "binary", operator: "||", left, right, ...span }));
    return { kind: "conditional", test, consequent: arms[i] as Expr, alternate, ...span };
  }, arms.at(-1) as Expr);
}
