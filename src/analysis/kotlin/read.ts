/**
 * Kotlin has no grammar here: a careful reader of the calls that start servers. It follows constants of the same file
 * and `System.getenv`, and says nothing of what it does not understand.
 */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, type Listener } from "../facts.ts";
import { createFollow } from "./follow.ts";
import { kotlinPlatform } from "./platform.ts";
import { argumentsAt, blanked } from "./text.ts";

interface Start {
  pattern: RegExp;
  framework: string;
  port?: { name?: string; index?: number };
  host?: { name?: string; index?: number };
  /** The argument that may hold both: `InetSocketAddress("localhost", port)`, by itself or by its name. */
  address?: number;
  /** The method of the same builder that is given the host. */
  hostCall?: RegExp;
  defaults: Listener["defaults"];
  handlesSigterm?: boolean;
  protocol?: Listener["protocol"];
  /** Only where the file has this too. */
  alongside?: RegExp;
}

const STARTS: Start[] = [
  {
    pattern: /\bembeddedServer\s*\(/g,
    framework: "Ktor",
    port: { name: "port", index: 1 },
    host: { name: "host", index: 2 },
    defaults: { port: 80, host: "all" },
    handlesSigterm: true,
  },
  {
    // Arrow's `server(Netty, port = …)`.
    pattern: /(?<![.\w])server\s*\(\s*(?=(?:Netty|CIO|Jetty|Tomcat)\b)/g,
    framework: "Ktor",
    port: { name: "port", index: 1 },
    host: { name: "host", index: 2 },
    defaults: { port: 80, host: "all" },
    handlesSigterm: true,
  },
  {
    pattern: /\.createHttpServer\s*\([^)]*\)(?:[^;{}]|\{[^{}]*\})*?\.listen\s*\(/g,
    framework: "Vert.x",
    port: { index: 0 },
    host: { index: 1 },
    defaults: { host: "all" },
  },
  {
    pattern: /(?<![.\w])Server\s*\((?!\s*\))/g,
    framework: "Jetty",
    address: 0,
    port: { index: 0 },
    defaults: { host: "all" },
    alongside: /\borg\.eclipse\.jetty\.server\.(Server\b|\*)/,
  },
  {
    pattern: /\baSocket\s*\([^)]*\)\s*\.tcp\s*\(\s*\)\s*\.bind\s*\(/g,
    framework: "a socket of Ktor",
    host: { name: "hostname", index: 0 },
    port: { name: "port", index: 1 },
    defaults: { host: "all" },
  },
  {
    pattern: /\bHttpServer\s*\.create\s*\((?!\s*\))/g,
    framework: "HttpServer",
    address: 0,
    defaults: { host: "all" },
  },
  {
    pattern: /[:,]\s*(?:\w+\.)*(?:Router)?Nano(?:HTTPD|WSD)\s*\(/g,
    framework: "NanoHTTPD",
    port: { index: -1 },
    host: { index: -2 },
    defaults: { host: "all" },
  },
  {
    pattern: /[:,]\s*(?:\w+\.)*WebSocketServer\s*\((?!\s*\))/g,
    framework: "WebSocketServer",
    address: 0,
    defaults: { host: "all" },
    alongside: /\borg\.java_websocket\b/,
  },
  {
    pattern: /\.start\s*\(/g,
    framework: "Javalin",
    port: { index: -1 },
    host: { index: -2 },
    defaults: { host: "all" },
    alongside: /\bJavalin\b/,
  },
  {
    pattern: /\.bind\s*\(\s*(?=[\w"])/g,
    framework: "Netty",
    address: 0,
    port: { index: -1 },
    host: { index: -2 },
    defaults: { host: "all" },
    alongside: /\bServerBootstrap\b/,
  },
  {
    pattern: /\.addHttpListener\s*\(/g,
    framework: "Undertow",
    port: { index: 0 },
    host: { index: 1 },
    defaults: { host: "all" },
    alongside: /\bUndertow\b/,
  },
  {
    pattern: /\bHttpServerSettings\s*\(/g,
    framework: "Hexagon",
    port: { name: "bindPort", index: 1 },
    host: { name: "bindAddress", index: 0 },
    defaults: { port: 2010, host: "localhost" },
    alongside: /\bcom\.hexagon(?:tk|kt)\b/,
  },
  {
    pattern: /\bNettyServerBuilder\s*\.forAddress\s*\(/g,
    framework: "gRPC",
    address: 0,
    protocol: "grpc",
    defaults: { host: "all" },
  },
  {
    pattern: /\.https?\s*\(\s*(?=\d|\w*[pP]ort\b)/g,
    framework: "Armeria",
    port: { index: 0 },
    defaults: { host: "all" },
    alongside: /\bcom\.linecorp\.armeria\.server\b/,
  },
  {
    pattern: /\bWebServer\s*\.builder\s*\(\s*\)(?:[^;{}]|\{[^{}]{0,400}\}){0,600}?\.port\s*\(/g,
    framework: "Helidon",
    port: { index: 0 },
    hostCall: /\.(?:host|bindAddress)\s*\(/,
    defaults: { host: "all" },
    handlesSigterm: true,
    alongside: /\bio\.helidon\b/,
  },
  {
    pattern: /\b(?:Netty)?ServerBuilder\s*\.forPort\s*\(/g,
    framework: "gRPC",
    port: { index: 0 },
    protocol: "grpc",
    defaults: { host: "all" },
  },
  {
    // `ServerSocket(port).use { true }` asks whether a port is free.
    pattern: /\bServerSocket\s*\((?!\s*\)|[^()]{0,100}\)\s*\.use\b)/g,
    framework: "ServerSocket",
    port: { index: 0 },
    host: { index: 2 },
    defaults: { host: "all" },
    protocol: "tcp",
  },
  {
    pattern: /(?<!\bit)\.bind\s*\(\s*(?=InetSocketAddress\b)/g,
    framework: "ServerSocket",
    address: 0,
    defaults: { host: "all" },
    alongside: /\bServerSocket\s*\(\s*\)(?!\s*\.use\b)/,
    protocol: "tcp",
  },
  {
    pattern:
      /\b(?:http4k\.server\.|[A-Z]\w*)?(?:Netty|Apache\w*|Jetty\w*|Undertow|Helidon|Sun\w*|Server)(?:Server)?\s*\((?=\s*(?:port\s*=\s*)?\d{2,5}\s*\))/g,
    framework: "http4k",
    port: { name: "port", index: 0 },
    defaults: { host: "all" },
    handlesSigterm: true,
  },
  {
    pattern: /\bhttpServerOptionsOf\s*\(/g,
    framework: "Vert.x",
    port: { name: "port" },
    host: { name: "host" },
    defaults: { host: "all" },
  },
  { pattern: /\.asServer\s*\(\s*\w+\s*\(/g, framework: "http4k", port: { index: 0 }, defaults: { host: "all" } },
];

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
  for (const path of judged) {
    if (!/\.kts?$/.test(path) || path.endsWith(".gradle.kts")) continue;
    const text = blanked(texts.get(path) ?? "");
    const valueOfText = (e: string): FactValue[] => follow(e, text);
    for (const start of STARTS) {
      if (start.alongside && !start.alongside.test(text)) continue;
      for (const m of text.matchAll(start.pattern)) {
        const open = m.index + m[0].length;
        const args = argumentsAt(text, open);
        const pick = (slot: { name?: string; index?: number } | undefined): string | undefined => {
          if (!slot) return undefined;
          const named = args.find((a) => slot.name !== undefined && a.name === slot.name);
          return named?.text ?? args.filter((a) => a.name === undefined).at(slot.index ?? args.length)?.text;
        };
        const { host, port } = addressIn(args[start.address ?? args.length]?.text, text, start) ?? {
          host: pick(start.host) ?? hostCalled(text, m.index, start.hostCall) ?? "",
          port: pick(start.port),
        };
        if (start.framework === "Javalin" && !port) continue;
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
          host: valueOfText(host),
          defaults: start.defaults,
          place: { file: path, start: m.index, end: open },
          reach: emptyReach(),
          evidence: [text.slice(m.index, open + 60).replace(/\s+/g, " ")],
          ...(start.handlesSigterm ? { handlesSigterm: true } : {}),
        });
      }
    }
    jettyOfJavalin(path, text, valueOfText, sink);
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

/** `config.jetty.port = …` (`defaultPort` of older versions), where `start()` is given nothing. */
function jettyOfJavalin(path: string, text: string, valueOfText: (e: string) => FactValue[], sink: FactSink): void {
  const set = (name: string): RegExpMatchArray | null =>
    new RegExp(`\\bjetty\\.(?:default${name}|${name.toLowerCase()})\\s*=\\s*([^\\n;]+)`).exec(text);
  const port = set("Port");
  if (!port?.[1] || !/\bJavalin\b/.test(text)) return;
  sink.listeners.push({
    framework: "Javalin",
    protocol: "http",
    port: valueOfText(port[1]),
    host: valueOfText(set("Host")?.[1] ?? ""),
    defaults: { port: 8080, host: "all" },
    place: { file: path, start: port.index ?? 0, end: (port.index ?? 0) + port[0].length },
    reach: emptyReach(),
    evidence: [port[0]],
  });
}
