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
  const isLast = patterns.at(-1) === "_";
  const [first, second] = patterns;
  if (patterns.length === 2 && /^(?:true|false)$/.test(first ?? "") && /^(?:true|false|_)$/.test(second ?? "")) {
    const [consequent, alternate] = (first === "true" ? arms : [...arms].reverse()) as [Expr, Expr];
    return { kind: "conditional", test: matched, consequent, alternate, ...span };
  }
  const words = patterns.slice(0, isLast ? -1 : undefined).map((p) => /^"([^"\\]*)"$/.exec(p)?.[1]);
  if (!isLast || words.some((w) => w === undefined)) return undefined;
  return words.reduceRight<Expr>((alternate, word, i) => {
    const right: Expr = { kind: "literal", value: word as string, ...span };
    const test: Expr = { kind: "binary", operator: "===", left: matched, right, ...span };
    return { kind: "conditional", test, consequent: arms[i] as Expr, alternate, ...span };
  }, arms.at(-1) as Expr);
}
