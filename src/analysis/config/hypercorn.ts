/** Hypercorn's own file, `hypercorn -c hypercorn.toml app:app`: where it listens, unless a flag says so. */
import type { FactSink } from "../collect.ts";
import { literalFact, type StartCommand } from "../facts.ts";
import { isAt } from "../project.ts";

/** `bind = "127.0.0.1:8000"`, `bind = ["127.0.0.1:8000"]`, in TOML as in Python. */
const BIND = /^[ \t]*bind\s*=\s*\[?\s*["'](\[[^\]]+\]|[\w.-]+):(\d+)["']/m;

export function hypercornFile(
  texts: ReadonlyMap<string, string>,
  commands: readonly StartCommand[],
  sink: FactSink,
): void {
  for (const { words } of commands) {
    const at = words.some((w) => /(^|\/)hypercorn$/.test(w))
      ? words.findIndex((w) => /^(-c|--config)(=|$)/.test(w))
      : -1;
    const named = at < 0 ? undefined : (/^--config=(.+)$/.exec(words[at] as string)?.[1] ?? words[at + 1]);
    const file = named?.replace(/^(?:file:)?\/?(app\/)?(\.\/)?/, "");
    const path = file && [...texts.keys()].find((p) => isAt(p, file));
    const bind = path && BIND.exec(texts.get(path) ?? "");
    if (!bind) continue;
    const place = { file: path, start: bind.index, end: bind.index + bind[0].length };
    const [host, port] = [bind[1] as string, bind[2] as string].map((text) => ({ ...literalFact(text), at: place }));
    for (const l of sink.listeners)
      if (l.framework === "hypercorn" && host && port) {
        if (l.host[0]?.kind === "unknown") l.host = [host];
        if (l.port[0]?.kind === "unknown") l.port = [port];
      }
  }
}
