/** What the attributes of a property say of its value: `[Option("host", Default = "localhost")]`, `[DefaultValue(8080)]`. */
import type { Expr } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import { named, type SyntaxNode, spanOf } from "../tree-sitter.ts";
import { literal, type Value } from "../values.ts";

export function attributesOf(node: SyntaxNode): Expr[] {
  return named(node)
    .filter((n) => n.type === "attribute_list")
    .map((n): Expr => ({ kind: "literal", value: n.text, ...spanOf(n) }));
}

export function classField(scope: Scope, name: string): Value | undefined {
  const member = scope.class?.members.find((m) => m.name === name && !m.fn);
  for (const d of member?.decorators ?? []) {
    if (d.kind !== "literal") continue;
    const m =
      /\b(?:Option|Value|Argument|CommandOption)\b[^\]]*\bDefault(?:Value)?\s*=\s*(?:"([^"]*)"|(\d+))/.exec(
        String(d.value),
      ) ??
      // It sets nothing by itself: what the property is made with goes over it.
      /\bDefaultSettingValue(?:Attribute)?\(\s*(?:"([^"]*)"|(\d+))/.exec(String(d.value)) ??
      (member?.value ? null : /\bDefaultValue\(\s*(?:"([^"]*)"|(\d+))/.exec(String(d.value)));
    if (m) return { t: "option", name, default: literal(m[2] === undefined ? (m[1] ?? "") : Number(m[2])) };
  }
  return undefined;
}
