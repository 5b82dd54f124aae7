/** What frameworks of the JVM do that the program says nothing of: their default port, their own end at SIGTERM. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, type Listener } from "../facts.ts";
import { leftOut } from "../project.ts";
import { OTHERS } from "../settings/other-address.ts";
import { readHocon } from "./hocon.ts";
import { propertyValue, readProperties, readYaml } from "./properties.ts";

type Code = readonly (readonly [file: string, text: string])[];

export function jvmDefaults(texts: ReadonlyMap<string, string>, sink: FactSink): void {
  const code = [...texts].filter(([p]) => /\.(java|kt)$/.test(p) && !leftOut(p));
  spark(code, sink);
  jooby(texts, code, sink);
  ownSettings(texts, code, sink);
}

/** Verticles that nobody deploys but Vert.x' launcher: it undeploys them when it is stopped. */
export function heedLauncher(texts: ReadonlyMap<string, string>, sink: FactSink): void {
  const mine = sink.listeners.filter((l) => l.framework === "Vert.x");
  const starts = /\bVertx\s*\.\s*(?:vertx|builder|clusteredVertx)\s*\(/;
  if (mine.length > 0 && [...texts].some(([p, t]) => /\.(java|kt)$/.test(p) && !leftOut(p) && starts.test(t))) return;
  for (const l of mine) l.handlesSigterm = true;
}

/** Spark starts with its first route, on 4567. */
function spark(code: Code, sink: FactSink): void {
  const mine = code.filter(([, t]) => /^import\s+(?:static\s+)?spark\.(?:Spark|kotlin)\b/m.test(t));
  // A `SparkApplication` is a filter's, in the container that it is deployed to.
  const isTold = mine.some(([, t]) => /\b(?:port|ignite)\s*\(|\bSparkApplication\b/.test(t));
  if (isTold || code.some(([, t]) => /\bspark\.Spark\.port\s*\(/.test(t))) return;
  if (sink.listeners.some((l) => l.framework === "Spark")) return;
  push(mine, /\b(?:get|post|put|patch|delete|path|webSocket|staticFiles|init)\s*[.(]/, sink, {
    framework: "Spark",
    port: [{ kind: "absent" }],
    defaults: { port: 4567, host: "all" },
  });
}

/** Jooby takes `server.host` and `server.port` of application.conf, or 8080. */
function jooby(texts: ReadonlyMap<string, string>, code: Code, sink: FactSink): void {
  const mine = code.filter(([, t]) => /^import\s+(?:static\s+)?io\.jooby\./m.test(t));
  if (mine.length === 0 || code.some(([, t]) => /\b(?:setPort|ServerOptions)\b/.test(t))) return;
  const said = (key: string): FactValue[] => {
    const given: FactValue[] = [];
    for (const [file, text] of texts)
      if (/(^|\/)application\.conf$/.test(file) && !leftOut(file))
        for (const value of readHocon(text).get(key) ?? [])
          given.push(...propertyValue({ value, place: { file, start: 0, end: 0 } }));
    return given.length > 0 ? given : [{ kind: "absent" }];
  };
  push(mine, /\b(?:runApp|Kooby)\s*[({]/, sink, {
    framework: "Jooby",
    port: said("server.port"),
    host: said("server.host"),
    defaults: { port: 8080, host: "all" },
    handlesSigterm: true,
  });
}

/** Code that is served by a library which takes the port from the program's file of settings. */
const SERVED = /^import\s+[\w.]*\b(?:http\.server|rest\.(?:Application|RestConfig)|jetty(?!\.(?:\w+\.)*client))\b/m;
const SETTINGS = /(^|\/)(?:conf|config|etc)\/[^/]+\.properties$|(^|\/)(?:config|application)\.(?:properties|ya?ml)$/;
const PORT = /(?:^|\.)(?:http-server\.http\.port|listeners|(?:http|server|web|rest|api)\.port)$/;

/** `http-server.http.port: 8080`, `listeners=http://0.0.0.0:8081`, where nothing in the code was seen to listen. */
function ownSettings(texts: ReadonlyMap<string, string>, code: Code, sink: FactSink): void {
  const started = code.some(([, t]) => /\bvoid\s+main\s*\(|\bfun\s+main\s*\(/.test(t));
  if (sink.listeners.length > 0 || !started || !code.some(([, t]) => SERVED.test(t))) return;
  for (const [file, text] of texts) {
    if (!SETTINGS.test(file) || leftOut(file)) continue;
    for (const all of file.endsWith(".properties") ? [readProperties(file, text)] : readYaml(file, text))
      for (const [key, p] of all) {
        const m =
          PORT.test(key) &&
          !OTHERS.test(key) &&
          /^(?:https?:\/\/([^/:,]*|\[[\da-f:]*\]):)?(\d{2,5}|\$\{.*\})$/i.exec(p.value);
        if (!m) continue;
        const [, host, port = ""] = m;
        sink.listeners.push({
          framework: "a server",
          protocol: "http",
          port: propertyValue({ ...p, value: port }),
          host: host
            ? [{ kind: "option", name: key, fallback: [{ kind: "literal", value: host }] }]
            : [{ kind: "absent" }],
          defaults: { host: "all" },
          place: p.place,
          reach: emptyReach(),
          evidence: [`${key}: ${p.value}`],
          handlesSigterm: true,
        });
        return;
      }
  }
}

function push(
  code: Code,
  starts: RegExp,
  sink: FactSink,
  given: Pick<Listener, "framework" | "port" | "defaults" | "handlesSigterm"> & Partial<Pick<Listener, "host">>,
): void {
  for (const [file, text] of code) {
    const m = starts.exec(text.replace(/^import.*$/gm, (line) => " ".repeat(line.length)));
    if (!m) continue;
    sink.listeners.push({
      host: [{ kind: "absent" }],
      ...given,
      protocol: "http",
      place: { file, start: m.index, end: m.index + m[0].length },
      reach: emptyReach(),
      evidence: [text.slice(m.index, m.index + 80).split("\n")[0] as string],
    });
    return;
  }
}
