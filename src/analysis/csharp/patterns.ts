/** C#'s `Environment.GetEnvironmentVariable("HOST") is { Length: > 0 } host ? host : "localhost"`: a value under a name, where it is there. */
import { field, type SyntaxNode } from "../tree-sitter.ts";

/** What a condition gives a name to, where the branch under it is that name. */
export function givenBy(test: SyntaxNode | undefined, yes: SyntaxNode | undefined): SyntaxNode | undefined {
  if (test?.type !== "is_pattern_expression" || !yes) return undefined;
  const name = /(?:\}|\bstring|\bvar)\s*(\w+)$/.exec(field(test, "pattern")?.text ?? "")?.[1];
  return name !== undefined && yes.text.split(".")[0] === name ? field(test, "expression") : undefined;
}
