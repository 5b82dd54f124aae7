/** Kotlin as text: comments blanked, arguments of a call, what an expression can be. */
import type { FactValue } from "../facts.ts";

/** Comments become spaces. */
export function blanked(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (m, s: string | undefined) => s ?? m.replace(/[^\n]/g, " "),
  );
}

export function argumentsAt(text: string, open: number): { name?: string; text: string }[] {
  const parts: string[] = [];
  let depth = 0;
  let from = open;
  for (let i = open; i < Math.min(text.length, open + 2000); i++) {
    const c = text[i] as string;
    if (c === '"') {
      const end = text.indexOf('"', i + 1);
      if (end < 0) break;
      i = end;
    } else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) {
      if (depth-- === 0) {
        parts.push(text.slice(from, i));
        break;
      }
    } else if (c === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return parts
    .filter((p) => p.trim())
    .map((p) => {
      const m = /^\s*(\w+)\s*=(?!=)\s*([\s\S]*)$/.exec(p);
      return m?.[1] ? { name: m[1], text: (m[2] ?? "").trim() } : { text: p.trim() };
    });
}

export function valueOfExpression(expression: string, text: string, depth = 0): FactValue[] {
  const e = expression.trim();
  if (e === "") return [{ kind: "absent" }];
  const environment = /^System\.getenv\(\s*"(\w+)"\s*\)|^System\.getenv\(\)?\s*\[\s*"(\w+)"\s*\]/.exec(e);
  if (environment) {
    const name = (environment[1] ?? environment[2]) as string;
    const fallback = /\?:\s*"?([\w.]+)"?/.exec(e)?.[1];
    return [
      {
        kind: "env",
        name,
        ...(fallback
          ? { fallback: valueOfExpression(/^\d+$/.test(fallback) ? fallback : `"${fallback}"`, text, depth + 1) }
          : {}),
      },
    ];
  }
  const number = /^(\d+)$/.exec(e)?.[1];
  if (number) return [{ kind: "literal", value: Number(number) }];
  const string = /^"([^"$]*)"$/.exec(e)?.[1];
  if (string !== undefined) return [{ kind: "literal", value: string }];
  if (/^\w+$/.test(e) && depth < 3) {
    const all = [
      ...text.matchAll(new RegExp(`\\b(?:val|var)\\s+${e}\\b(?:\\s*:\\s*\\w+\\??)?\\s*=\\s*([^\\n]+)`, "g")),
    ];
    const only = all[0]?.[1];
    return all.length === 1 && only ? valueOfExpression(only.trim(), text, depth + 1) : [{ kind: "unknown" }];
  }
  const inner = /getenv\(\s*"(\w+)"/.exec(e)?.[1];
  return inner ? [{ kind: "derived", env: [inner] }] : [{ kind: "unknown" }];
}
