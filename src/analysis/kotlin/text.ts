/** Kotlin as text: comments blanked, arguments of a call. */

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
