/** Kotlin's enumerations: which entries they have, and what these hold. */
import { argumentsAt, endAt } from "./text.ts";

interface Entry {
  source: string;
  /** What stands behind its name: what it is made with. */
  args: ReturnType<typeof argumentsAt>;
  /** What the class takes. */
  takes: ReturnType<typeof argumentsAt>;
}

/** `enum class Bind(val host: String) { HERE("127.0.0.1"), ALL("0.0.0.0") }` */
export function entryOf(owner: string, name: string, sources: readonly string[]): Entry | undefined {
  const head = new RegExp(`\\benum\\s+class\\s+${owner}\\b\\s*(\\()?`);
  for (const source of sources) {
    const m = head.exec(source);
    if (!m) continue;
    const from = m.index + m[0].length;
    const takes = m[1] ? argumentsAt(source, from) : [];
    const after = m[1] ? endAt(source, from, source.length, () => false) : from;
    const open = source.indexOf("{", after);
    if (open < 0 || open - after > 200) continue;
    const end = endAt(source, open + 1, source.length, (c) => c === ";");
    const entry = new RegExp(`(?:^|[{,\\s])${name}\\b\\s*(\\()?`).exec(source.slice(open, end));
    if (!entry) continue;
    return { source, takes, args: entry[1] ? argumentsAt(source, open + entry.index + entry[0].length) : [] };
  }
  return undefined;
}

/** What an entry holds by a name: `Bind.HERE.host`. */
export function heldBy({ args, takes }: Entry, property: string): string | undefined {
  const index = takes.findIndex((p) => new RegExp(`\\bva[lr]\\s+${property}\\s*:`).test(p.text));
  if (index < 0) return undefined;
  return (args.find((a) => a.name === property) ?? (args[index]?.name === undefined ? args[index] : undefined))?.text;
}
