/** Dropwizard listens where the connectors of its own YAML file say, and on 8080 where that says nothing. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type Listener, type Place } from "../facts.ts";
import { leftOut } from "../project.ts";
import { type Properties, type Property, propertyValue, readYaml } from "./properties.ts";

const APPLICATION = /\bextends\s+(?:[\w.]+\.)?Application\s*<|:\s*Application\s*<\w+>\s*\(/;

/** Code that configures the server itself, whatever with; who asks for its factory may only look at it. */
const IN_CODE = /\b(?:HttpConnectorFactory|setServerFactory|serverFactory)\b/;
const SETS = /\bset(?:Port|BindHost|Connector|ApplicationConnectors)\(/;

function configures(text: string): boolean {
  return IN_CODE.test(text) || (/\bgetServerFactory\b/.test(text) && SETS.test(text));
}

export function dropwizardFacts(texts: ReadonlyMap<string, string>, sink: FactSink): void {
  let configured = false;
  for (const [path, text] of texts) {
    if (!/\.ya?ml$/.test(path) || leftOut(path) || !/^server:/m.test(text)) continue;
    for (const p of readYaml(path, text)) configured = connectors(p, sink) || configured;
  }
  if (configured || [...texts].some(([p, t]) => /\.(java|kt)$/.test(p) && !leftOut(p) && configures(t))) return;
  for (const [file, text] of texts) {
    if (!/\.(java|kt)$/.test(file) || leftOut(file) || !/\bimport\s+io\.dropwizard\./.test(text)) continue;
    const found = APPLICATION.exec(text);
    if (!found) continue;
    const place = { file, start: found.index, end: found.index + found[0].length };
    sink.listeners.push(listener(undefined, undefined, place, "no connector is configured"));
    return;
  }
}

/** Whether the document says where the application is served. */
function connectors(p: Properties, sink: FactSink): boolean {
  let served = false;
  for (const [key, type] of p) {
    const m = /^server\.(application_?[cC]onnectors\[\d+\]|connector)\.type$/.exec(key);
    if (!m) continue;
    const port = p.get(key.replace(/type$/, "port"));
    const host = p.get(key.replace(/type$/, "bindHost")) ?? p.get(key.replace(/type$/, "bind_host"));
    served = true;
    if (port) sink.listeners.push(listener(port, host, port.place, `port: ${port.value}`));
    if (/^(https|h2)$/.test(type.value))
      sink.tlsServers.push({
        what: "Dropwizard's https connector",
        place: type.place,
        reach: emptyReach(),
        evidence: [`type: ${type.value}`],
        config: true,
        ofProgram: true,
      });
  }
  return served;
}

function listener(port: Property | undefined, host: Property | undefined, place: Place, evidence: string): Listener {
  return {
    framework: "Dropwizard",
    protocol: "http",
    port: port ? propertyValue(port) : [{ kind: "absent" }],
    host: host ? propertyValue(host) : [{ kind: "absent" }],
    defaults: { port: 8080, host: "all" },
    place,
    reach: emptyReach(),
    evidence: [evidence],
    handlesSigterm: true,
  };
}
