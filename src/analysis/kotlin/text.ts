/** Kotlin as text: arguments of a call. */

/**
 * Where `isEnd` first holds from `from` on, outside of strings and of brackets opened since; or the bracket that closes what
 * is around; or the string that does not end; else the end of the text, or what lies behind `limit`.
 */
export function endAt(text: string, from: number, limit: number, isEnd: (c: string, at: number) => boolean): number {
  let depth = 0;
  let i = from;
  for (; i < Math.min(text.length, limit); i++) {
    const c = text[i] as string;
    if (c === '"') {
      const end = text.indexOf('"', i + 1);
      if (end < 0) return i;
      i = end;
    } else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) {
      if (depth-- === 0) return i;
    } else if (depth === 0 && isEnd(c, i)) return i;
  }
  return i;
}

export function argumentsAt(text: string, open: number): { name?: string; text: string }[] {
  const parts: string[] = [];
  const limit = Math.min(text.length, open + 2000);
  for (let from = open, more = true; more; ) {
    const end = endAt(text, from, limit, (c) => c === ",");
    const c = end < limit ? (text[end] as string) : "";
    more = c === ",";
    if (more || (c !== "" && ")]}".includes(c))) parts.push(text.slice(from, end));
    from = end + 1;
  }
  return parts
    .filter((p) => p.trim())
    .map((p) => {
      const m = /^\s*(\w+)\s*=(?!=)\s*([\s\S]*)$/.exec(p);
      return m?.[1] ? { name: m[1], text: (m[2] ?? "").trim() } : { text: p.trim() };
    });
}
