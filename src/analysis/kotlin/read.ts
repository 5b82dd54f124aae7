/**
 * Kotlin has no grammar here: a careful reader of the calls that start servers. It follows constants of the same file
 * and `System.getenv`, and says nothing of what it does not understand.
 */
import type { FactSink } from "../collect.ts";
import { blankComments } from "../comments.ts";
import { emptyReach, type FactValue } from "../facts.ts";
import { createFollow } from "./follow.ts";
import { kotlinPlatform } from "./platform.ts";
import { STARTS, type Start } from "./starts.ts";
import { argumentsAt } from "./text.ts";

const TLS: [RegExp, string][] = [
  [/\bSslPlugin\s*[({]/g, "Javalin's SslPlugin"],
  [/\b(?:useClientMode\s*=\s*false|setUseClientMode\s*\(\s*false\s*\))/g, "an SSL engine in server mode"],
  [/\bSslContextFactory\s*\.\s*Server\s*\(/g, "Jetty's SslContextFactory.Server"],
  [/\.addHttpsListener\s*\(/g, "Undertow's addHttpsListener"],
  [
    /\bHttpServerOptions\s*\((?:(?!Client|\bfun\b)[^;]){0,300}?(?:\.setSsl\s*\(\s*true|\bisSsl\s*=\s*true)/g,
    "Vert.x's setSsl(true)",
  ],
  [/\bTlsServerCredentials\s*\./g, "TlsServerCredentials"],
  [/\b(?:Netty)?ServerBuilder\b[^;}]{0,300}?\.useTransportSecurity\s*\(/g, "gRPC's transport security"],
  [/\bsslConnector\s*\(/g, "Ktor's sslConnector"],
  [/\bSslContextBuilder\s*\.\s*forServer\s*\(/g, "SslContextBuilder.forServer"],
  [/\bGrpcSslContexts\s*\.\s*forServer\s*\(/g, "GrpcSslContexts.forServer"],
  [/\bHttpsServer\s*\.\s*create\s*\(/g, "HttpsServer.create"],
  [/\bSSLServerSocketFactory\b[^\n]*createServerSocket/g, "SSLServerSocketFactory"],
];

/** `connector { port = 8080 }` of Ktor's engines, `ServerConnector(server).apply { port = … }` of Jetty's. */
const CONNECTOR =
  /(?<!\w)(?:connector|EngineConnectorBuilder\s*\(\s*\)\s*\.\s*apply)\s*\{([^{}]{0,2000})\}|\b\w*ServerConnector\s*\([^)]{0,400}\)\s*\.\s*apply\s*\{([^{}]{0,2000})\}/g;
const CONNECTS = /(?<!\w)connector\s*\{|\bEngineConnectorBuilder\b/;

export function readKotlin(texts: ReadonlyMap<string, string>, judged: readonly string[], sink: FactSink): void {
  const follow = createFollow(texts, judged);
  /** `class Local(port: Int) : ServerConfig`: a server of http4k's that the program makes itself. */
  const isOwnConfig = (name: string | undefined): boolean =>
    name !== undefined &&
    judged.some((p) => new RegExp(`\\bclass\\s+${name}\\b[^{}]{0,200}:\\s*ServerConfig\\b`).test(texts.get(p) ?? ""));
  for (const path of judged) {
    if (!/\.kts?$/.test(path) || path.endsWith(".gradle.kts")) continue;
    const text = blankComments(texts.get(path) ?? "");
    const valueOfText = (e: string): FactValue[] => follow(e, text);
    for (const start of STARTS) {
      if (start.alongside && !start.alongside.test(text)) continue;
      for (const m of text.matchAll(start.pattern)) {
        const open = m.index + m[0].length;
        const args = argumentsAt(text, open);
        const pick = (slot: { name?: string; index?: number } | undefined): string | undefined => {
          if (!slot) return undefined;
          const named = args.find((a) => slot.name !== undefined && a.name === slot.name);
          // `start(true)` waits, and is given no port.
          const unnamed = args.filter((a) => a.name === undefined && !/^(?:true|false)$/.test(a.text));
          return named?.text ?? unnamed.at(slot.index ?? args.length)?.text;
        };
        const { host, port } = addressIn(args[start.address ?? args.length]?.text, text, start) ?? {
          host: pick(start.host) ?? hostCalled(text, m.index, start.hostCall) ?? "",
          port: pick(start.port),
        };
        if (start.framework === "Javalin" && !port) continue;
        // What it starts for that is a listener of its own.
        if (start.framework === "http4k" && isOwnConfig(/(\w+)\s*\($/.exec(m[0])?.[1])) continue;
        // `config.jetty.defaultHost = …`, where `start` is given the port alone.
        const beside = start.framework === "Javalin" && host === "" ? ofJetty("Host", text)?.[1] : undefined;
        // Its connectors say where it listens.
        if (
          start.framework === "Ktor" &&
          (!port || /^(?:\w*[eE]nv|\w*[eE]nvironment)\b(?!\s*[.[])|^applicationEngineEnvironment/.test(port)) &&
          CONNECTS.test(text)
        )
          continue;
        sink.listeners.push({
          framework: start.framework,
          protocol: start.protocol ?? "http",
          port: port === undefined ? [{ kind: "absent" }] : valueOfText(port),
          host: valueOfText(beside ?? host),
          defaults: start.defaults,
          place: { file: path, start: m.index, end: open },
          reach: emptyReach(),
          evidence: [text.slice(m.index, open + 60).replace(/\s+/g, " ")],
          ...(start.handlesSigterm ? { handlesSigterm: true } : {}),
        });
      }
    }
    jettyOfJavalin(path, text, valueOfText, sink);
    jettyConnectors(path, text, valueOfText, sink);
    for (const m of text.matchAll(CONNECTOR)) {
      const body = (m[1] ?? m[2]) as string;
      const given = (name: string): string | undefined =>
        new RegExp(`(?:^|[\\s;{.])${name}\\s*=\\s*([^\\n;]+)`).exec(body)?.[1];
      const port = given("port");
      if (port === undefined) continue;
      sink.listeners.push({
        framework: m[1] === undefined ? "Jetty" : "Ktor",
        protocol: "http",
        port: valueOfText(port),
        host: valueOfText(given("host") ?? ""),
        defaults: { host: "all" },
        place: { file: path, start: m.index, end: m.index + m[0].length },
        reach: emptyReach(),
        evidence: [m[0].replace(/\s+/g, " ").slice(0, 100)],
        ...(m[1] === undefined ? {} : { handlesSigterm: true }),
      });
    }
    for (const [pattern, what] of TLS)
      for (const m of text.matchAll(pattern))
        sink.tlsServers.push({
          what,
          place: { file: path, start: m.index, end: m.index + m[0].length },
          reach: emptyReach(),
          evidence: [m[0]],
        });
    for (const m of text.matchAll(/\b(?:addShutdownHook|closeOnJvmShutdown)\b/g))
      sink.signalHandlers.push({
        signals: ["SIGTERM"],
        by: m[0],
        place: { file: path, start: m.index, end: m.index + m[0].length },
        reach: emptyReach(),
      });
    kotlinPlatform(path, text, sink);
  }
}

/** Host and port of `InetSocketAddress(host, port)`, or of the name of one; undefined where a port may stand. */
function addressIn(given: string | undefined, text: string, { port: slot }: Start): Parts | undefined {
  if (given === undefined) return undefined;
  const made = /^(?:java\.net\.)?InetSocketAddress\s*\(/;
  const named = `\\bva[lr]\\s+${given}\\b[^=\\n]{0,80}=\\s*(?:java\\.net\\.)?InetSocketAddress\\s*\\(`;
  const at = made.exec(given) ?? (/^\w+$/.test(given) ? new RegExp(named).exec(text) : null);
  if (!at) return slot || /^\d|port\b/i.test(given) ? undefined : { host: LOST, port: LOST };
  const parts = argumentsAt(at.input, at.index + at[0].length).map((a) => a.text);
  return { host: parts.at(-2) ?? "", port: parts.at(-1) };
}

interface Parts {
  host: string;
  port: string | undefined;
}
/** What is followed to nothing. */
const LOST = "?";

/** In the chain that begins there. */
function hostCalled(text: string, from: number, method: RegExp | undefined): string | undefined {
  const chain = text.slice(from, from + 600);
  const m = method?.exec(chain.split(/\n\s*\n|;/)[0] ?? "");
  return m ? argumentsAt(text, from + m.index + m[0].length)[0]?.text : undefined;
}

/** `val connector = ServerConnector(server)`, with `connector.host = …` and `connector.port = …` after it. */
function jettyConnectors(path: string, text: string, valueOfText: (e: string) => FactValue[], sink: FactSink): void {
  for (const m of text.matchAll(/\bva[lr]\s+(\w+)\b[^=\n]{0,40}=\s*\w*ServerConnector\s*\(/g)) {
    const given = (name: string): RegExpExecArray | null =>
      new RegExp(`\\b${m[1]}\\.${name}\\s*=(?!=)\\s*([^\\n;]+)`).exec(text);
    const port = given("port");
    if (!port?.[1]) continue;
    sink.listeners.push({
      framework: "Jetty",
      protocol: "http",
      port: valueOfText(port[1]),
      host: valueOfText(given("host")?.[1] ?? ""),
      defaults: { host: "all" },
      place: { file: path, start: port.index, end: port.index + port[0].length },
      reach: emptyReach(),
      evidence: [port[0]],
    });
  }
}

/** What Javalin's own Jetty is told: `jetty.defaultHost = …`, `jetty.port = …`. */
function ofJetty(name: string, text: string): RegExpExecArray | null {
  return new RegExp(`\\bjetty\\.(?:default${name}|${name.toLowerCase()})\\s*=\\s*([^\\n;}]+)`).exec(text);
}

/** `config.jetty.port = …` (`defaultPort` of older versions), where `start()` is given nothing. */
function jettyOfJavalin(path: string, text: string, valueOfText: (e: string) => FactValue[], sink: FactSink): void {
  const port = ofJetty("Port", text);
  if (!port?.[1] || !/\bJavalin\b/.test(text)) return;
  sink.listeners.push({
    framework: "Javalin",
    protocol: "http",
    port: valueOfText(port[1]),
    host: valueOfText(ofJetty("Host", text)?.[1] ?? ""),
    defaults: { port: 8080, host: "all" },
    place: { file: path, start: port.index ?? 0, end: (port.index ?? 0) + port[0].length },
    reach: emptyReach(),
    evidence: [port[0]],
  });
}
