/** Rust's `match` over what is true or false, over words, or over the variants of an enum: a choice as any other language has it. */
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

/** Localhost, as an arm may say it. */
const LOCAL = /"(?:127\.0\.0\.1|localhost|\[?::1\]?)(?::[^"]*)?"|\bLOCALHOST\b|\b127, ?0, ?0, ?1\b/;
const VARIANT = /^(?:\w+::)*([A-Z]\w*)::([A-Z]\w*)\s*(?:\([^|]*\)|\{[^|]*\})?$/;
/** Those that are taken apart, not chosen. */
const NO_CHOICE = /^(?:Option|Result|Ordering|IpAddr|SocketAddr|Value|Error\w*|\w*(?:Error|Command|Event|Message))$/;

/**
 * `match config.bind { Bind::Local => Ipv4Addr::LOCALHOST, Bind::All => Ipv4Addr::UNSPECIFIED }`: of small ones where an arm
 * is localhost.
 *
 * @param said by each arm
 */
export function variantSwitch(
  matched: Expr,
  patterns: readonly string[],
  arms: readonly Expr[],
  said: readonly string[],
  span: Span,
): Expr | undefined {
  if (patterns.length < 2 || patterns.length > 5 || arms.length !== patterns.length) return undefined;
  if (!said.some((arm) => LOCAL.test(arm))) return undefined;
  const variants = patterns.map((p) => VARIANT.exec(p.trim()));
  const last = variants.at(-1) ?? /^_$/.exec(patterns.at(-1) ?? "");
  if (!last || variants.slice(0, -1).some((v) => !v || NO_CHOICE.test(v[1] as string))) return undefined;
  return variants.slice(0, -1).reduceRight<Expr>((alternate, variant, i) => {
    const [, of = "", property = ""] = variant ?? [];
    const right: Expr = { kind: "member", object: { kind: "name", name: of, ...span }, property, ...span };
    const test: Expr = { kind: "binary", operator: "===", left: matched, right, ...span };
    return { kind: "conditional", test, consequent: arms[i] as Expr, alternate, ...span };
  }, arms.at(-1) as Expr);
}
