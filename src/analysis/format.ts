/** Texts made from a pattern and values. */
import { literal, UNKNOWN, type Value } from "./values.ts";

/** `"%s:%d" % (a, b)`, `Sprintf("%s:%d", a, b)`, `"{}:{}".format(a, b)`; `{host}` is what `named` says of it. */
export function format(pattern: string, values: readonly Value[], named?: (name: string) => Value): Value {
  const parts: Value[] = [];
  let used = 0;
  let last = 0;
  for (const m of pattern.matchAll(/%[-+0-9.]*[a-zA-Z]|\{[^{}]*\}/g)) {
    if (m.index > last) parts.push(literal(pattern.slice(last, m.index)));
    const name = named && /^\{([A-Za-z_]\w*)(?:![rsa])?(?::[^{}]*)?\}$/.exec(m[0])?.[1];
    const given = name === undefined ? undefined : named?.(name);
    parts.push(given && given.t !== "absent" ? given : (values[used++] ?? UNKNOWN));
    last = m.index + m[0].length;
  }
  if (last < pattern.length) parts.push(literal(pattern.slice(last)));
  return { t: "text", parts };
}
