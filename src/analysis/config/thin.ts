/** Thin's own file, `thin -C config/thin.yml start`: its address, its port, and whether it speaks TLS. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, literalFact, type StartCommand } from "../facts.ts";
import { isAt } from "../project.ts";

export function thinFile(texts: ReadonlyMap<string, string>, commands: readonly StartCommand[], sink: FactSink): void {
  for (const { words } of commands) {
    if (!words.some((w) => /(^|\/)thin$/.test(w))) continue;
    const at = words.findIndex((w) => /^(-C|--config)(=|$)/.test(w));
    const named = at < 0 ? undefined : (/^--config=(.+)$/.exec(words[at] as string)?.[1] ?? words[at + 1]);
    const file = named?.replace(/^\/?(app\/)?(\.\/)?/, "");
    const path = file && [...texts.keys()].find((p) => isAt(p, file));
    const text = path ? (texts.get(path) as string) : undefined;
    if (!path || text === undefined || sink.listeners.some((l) => l.place.file === path)) continue;
    const said = (key: string): string | undefined =>
      new RegExp(`^:?${key}:[ \\t]*["']?([^"'#\\n]+?)["']?[ \\t]*(?:#.*)?$`, "m").exec(text)?.[1];
    if (said("socket")) continue;
    const place = { file: path, start: 0, end: Math.min(text.length, 40) };
    const fact = { place, reach: emptyReach(), evidence: [`${path}: ${text.trim().split("\n")[0] ?? ""}`] };
    if (said("ssl") === "true")
      sink.tlsServers.push({ what: "thin's ssl: true", ...fact, config: true, ofProgram: true });
    const value = (key: string): FactValue[] => {
      const given = said(key);
      if (given === undefined) return [{ kind: "absent" }];
      return [literalFact(given)];
    };
    // What its file says its command does not.
    sink.listeners = sink.listeners.filter((l) => l.framework !== "thin" || l.port[0]?.kind !== "absent");
    sink.listeners.push({
      framework: "thin",
      protocol: "http",
      port: value("port"),
      host: value("address"),
      defaults: { port: 3000, host: "all" },
      ...fact,
      handlesSigterm: true,
    });
  }
}
