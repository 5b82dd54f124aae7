/** uwsgi.ini: the sockets on which it takes HTTP itself. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue } from "../facts.ts";

export function uwsgi(path: string, text: string, sink: FactSink): void {
  for (const m of text.matchAll(/^[ \t]*(https?|http-socket|http11-socket|https-socket)[ \t]*=[ \t]*(\S+)[ \t]*$/gm)) {
    const [whole, key, value] = m as unknown as [string, string, string];
    const place = { file: path, start: m.index, end: m.index + whole.length };
    if (key.startsWith("https")) {
      sink.tlsServers.push({
        what: `uwsgi's ${key}`,
        place,
        reach: emptyReach(),
        evidence: [whole.trim()],
        config: true,
        ofProgram: true,
      });
      continue;
    }
    if (value.startsWith("/")) continue;
    const at = value.lastIndexOf(":");
    const host = at > 0 ? value.slice(0, at).replace(/^\[|\]$/g, "") : "";
    sink.listeners.push({
      framework: "uwsgi",
      protocol: "http",
      port: [portOf(value.slice(at + 1))],
      host: [{ kind: "literal", value: host && !host.includes("$") ? host : "0.0.0.0" }],
      defaults: {},
      place,
      reach: emptyReach(),
      evidence: [whole.trim()],
      // Without die-on-term it takes SIGTERM for a reload.
      handlesSigterm: /^[ \t]*die-on-term\b(?!\s*=\s*(?:false|0))/m.test(text),
    });
  }
}

/** `8000`, `$(PORT)`. */
function portOf(text: string): FactValue {
  const variable = /^\$\(?\{?(\w+)/.exec(text)?.[1];
  if (variable) return { kind: "env", name: variable };
  return /^\d+$/.test(text) ? { kind: "literal", value: Number(text) } : { kind: "unknown" };
}
