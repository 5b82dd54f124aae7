/** What frameworks of the JVM do that the program says nothing of: their default port, their own end at SIGTERM. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, type Listener } from "../facts.ts";
import { leftOut } from "../project.ts";
import { readHocon } from "./hocon.ts";
import { propertyValue } from "./properties.ts";

type Code = readonly (readonly [file: string, text: string])[];

export function jvmDefaults(texts: ReadonlyMap<string, string>, sink: FactSink): void {
  const code = [...texts].filter(([p]) => /\.(java|kt)$/.test(p) && !leftOut(p));
  heedLauncher(code, sink);
  spark(code, sink);
  jooby(texts, code, sink);
}

/** Verticles that nobody deploys but Vert.x' launcher: it undeploys them when it is stopped. */
function heedLauncher(code: Code, sink: FactSink): void {
  const mine = sink.listeners.filter((l) => l.framework === "Vert.x");
  if (mine.length === 0 || code.some(([, t]) => /\bVertx\s*\.\s*(?:vertx|builder|clusteredVertx)\s*\(/.test(t))) return;
  for (const l of mine) l.handlesSigterm = true;
}

/** Spark starts with its first route, on 4567. */
function spark(code: Code, sink: FactSink): void {
  const mine = code.filter(([, t]) => /^import\s+(?:static\s+)?spark\.(?:Spark|kotlin)\b/m.test(t));
  if (mine.some(([, t]) => /\b(?:port|ignite)\s*\(/.test(t)) || sink.listeners.some((l) => l.framework === "Spark"))
    return;
  push(mine, /\b(?:get|post|put|patch|delete|path|webSocket|staticFiles|init)\s*[.(]/, sink, {
    framework: "Spark",
    port: [{ kind: "absent" }],
    defaults: { port: 4567, host: "all" },
  });
}

/** Jooby takes `server.port` of application.conf, or 8080. */
function jooby(texts: ReadonlyMap<string, string>, code: Code, sink: FactSink): void {
  const mine = code.filter(([, t]) => /^import\s+(?:static\s+)?io\.jooby\./m.test(t));
  if (mine.length === 0 || code.some(([, t]) => /\b(?:setPort|ServerOptions)\b/.test(t))) return;
  const given: FactValue[] = [];
  for (const [file, text] of texts)
    if (/(^|\/)application\.conf$/.test(file) && !leftOut(file))
      for (const value of readHocon(text).get("server.port") ?? [])
        given.push(...propertyValue({ value, place: { file, start: 0, end: 0 } }));
  push(mine, /\b(?:runApp|Kooby)\s*[({]/, sink, {
    framework: "Jooby",
    port: given.length > 0 ? given : [{ kind: "absent" }],
    defaults: { port: 8080, host: "all" },
    handlesSigterm: true,
  });
}

function push(
  code: Code,
  starts: RegExp,
  sink: FactSink,
  given: Pick<Listener, "framework" | "port" | "defaults" | "handlesSigterm">,
): void {
  for (const [file, text] of code) {
    const m = starts.exec(text.replace(/^import.*$/gm, (line) => " ".repeat(line.length)));
    if (!m) continue;
    sink.listeners.push({
      ...given,
      protocol: "http",
      host: [{ kind: "absent" }],
      place: { file, start: m.index, end: m.index + m[0].length },
      reach: emptyReach(),
      evidence: [text.slice(m.index, m.index + 80).split("\n")[0] as string],
    });
    return;
  }
}
