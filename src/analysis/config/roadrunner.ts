/** RoadRunner's `.rr.yaml`: where its HTTP server listens, and its TLS. */
import { parse } from "../../base/yaml.ts";
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue } from "../facts.ts";

interface Settings {
  http?: { address?: unknown; ssl?: unknown };
}

export function roadRunner(path: string, text: string, sink: FactSink): void {
  let settings: Settings | null;
  try {
    settings = parse(text) as Settings | null;
  } catch {
    return;
  }
  const http = settings?.http;
  if (typeof http !== "object" || http === null) return;
  const fact = (evidence: string) => {
    const start = Math.max(0, text.indexOf(evidence));
    return { place: { file: path, start, end: start + evidence.length }, reach: emptyReach(), evidence: [evidence] };
  };
  if (http.ssl) sink.tlsServers.push({ what: "RoadRunner's http.ssl", ...fact("ssl"), config: true, ofProgram: true });
  const { address } = http;
  const m =
    typeof address === "string" ? /^(?:tcp:\/\/)?(\[[^\]]*\]|[^:$]*|\$\{[^}]*\}):(.+)$/.exec(address.trim()) : null;
  if (!m) return;
  sink.listeners.push({
    framework: "RoadRunner",
    protocol: "http",
    port: [factOf(m[2] as string)],
    host: [m[1] ? factOf(m[1].replace(/[[\]]/g, "")) : { kind: "literal", value: "0.0.0.0" }],
    defaults: {},
    handlesSigterm: true,
    ...fact(address as string),
  });
}

/** A literal, or `${NAME:-default}`. */
function factOf(text: string): FactValue {
  const variable = /^\$\{?([A-Za-z_]\w*)(?::-([^}]*))?\}?$/.exec(text);
  const literal = (t: string): FactValue => ({ kind: "literal", value: /^\d+$/.test(t) ? Number(t) : t });
  if (!variable) return text.includes("$") ? { kind: "unknown" } : literal(text);
  return {
    kind: "env",
    name: variable[1] as string,
    ...(variable[2] ? { fallback: [literal(variable[2])] } : {}),
  };
}
