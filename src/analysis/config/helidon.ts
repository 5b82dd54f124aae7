/** Helidon takes its servers from application.yaml: `server`, or whatever key the program hands to the builder. */
import type { FactSink } from "../collect.ts";
import { emptyReach } from "../facts.ts";
import { leftOut } from "../project.ts";
import { type Property, propertyValue, readProperties, readYaml } from "./properties.ts";

export function helidonFacts(texts: ReadonlyMap<string, string>, sink: FactSink): void {
  const code = [...texts].filter(([p, t]) => /\.(java|kt)$/.test(p) && !leftOut(p) && t.includes("config.get("));
  const sections = new Set(["server"]);
  for (const [, text] of code)
    if (/\bWebServer\b/.test(text))
      for (const m of text.matchAll(/config\.get\("([\w.-]+)"\)/g)) sections.add(m[1] as string);
  for (const [path, text] of texts) {
    if (
      !/(application|microprofile-config)\.(ya?ml|properties|conf)$/.test(path) ||
      leftOut(path) ||
      path.endsWith(".conf")
    )
      continue;
    for (const all of path.endsWith("properties") ? [readProperties(path, text)] : readYaml(path, text))
      for (const section of sections) {
        const port = all.get(`${section}.port`);
        const tls = [...all].find(([k, v]) => k.startsWith(`${section}.tls.private-key`) && v.value !== "");
        if (port && !/^(0|-1)$/.test(port.value)) push(port, all.get(`${section}.host`), sink);
        if (tls && all.get(`${section}.tls.enabled`)?.value !== "false")
          sink.tlsServers.push({
            what: `Helidon's ${section}.tls`,
            place: tls[1].place,
            reach: emptyReach(),
            evidence: [tls[0]],
            config: true,
            ofProgram: true,
          });
      }
  }
}

function push(port: Property, host: Property | undefined, sink: FactSink): void {
  sink.listeners.push({
    framework: "Helidon",
    protocol: "http",
    port: propertyValue(port),
    host: host ? propertyValue(host) : [{ kind: "absent" }],
    defaults: { host: "all" },
    place: port.place,
    reach: emptyReach(),
    evidence: [`port: ${port.value}`],
    handlesSigterm: true,
  });
}
