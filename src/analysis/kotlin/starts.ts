/** The calls of Kotlin that start servers: where their hosts and ports stand, and what they take by themselves. */
import type { Listener } from "../facts.ts";

export interface Start {
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

export const STARTS: readonly Start[] = [
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
    pattern: /\baSocket\s*\((?:[^()]|\([^()]*\))*\)\s*\.tcp\s*\(\s*\)\s*\.bind\s*\(/g,
    framework: "a socket of Ktor",
    address: 0,
    host: { name: "hostname", index: 0 },
    port: { name: "port", index: 1 },
    defaults: { host: "all" },
  },
  {
    pattern: /\b(?:HttpServer\s*\.create|SimpleFileServer\s*\.createFileServer)\s*\((?!\s*\))/g,
    framework: "HttpServer",
    address: 0,
    defaults: { host: "all" },
  },
  {
    pattern: /(?<!\bit)\.bind\s*\(\s*(?=(?:\w+\.)*(?:InetSocketAddress\b|\w*[aA]ddress\b))/g,
    framework: "HttpServer",
    address: 0,
    defaults: { host: "all" },
    alongside: /\bHttpServer\s*\.create\s*\(\s*\)/,
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
    pattern: /\.localAddress\s*\(\s*(?=[\w"])/g,
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
    pattern: /\.http\s*\(\s*(?=InetSocketAddress\b)/g,
    framework: "Armeria",
    address: 0,
    defaults: { host: "all" },
    alongside: /\bcom\.linecorp\.armeria\.server\b/,
  },
  {
    pattern: /\.localPort\s*\(/g,
    framework: "Armeria",
    port: { index: 0 },
    defaults: { host: "localhost" },
    alongside: /\bcom\.linecorp\.armeria\.server\b/,
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
    pattern: /(?<!\bit\.)(?<!\w)bind\s*\(\s*(?=InetSocketAddress\b)/g,
    framework: "ServerSocket",
    address: 0,
    defaults: { host: "all" },
    alongside: /\bServerSocket(?:Channel\s*\.open)?\s*\(\s*\)(?!\s*\.use\b)/,
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
    pattern:
      /\bHttpServerOptions\s*\(\s*\)(?:\s*\.\s*(?!setPort\b)\w+\s*\([^()]*(?:\([^()]*\))?[^()]*\)){0,12}?\s*\.setPort\s*\(/g,
    framework: "Vert.x",
    port: { index: 0 },
    hostCall: /\.setHost\s*\(/,
    defaults: { host: "all" },
  },
  {
    pattern: /\bTcpServerTransport\s*\.create\s*\(/g,
    framework: "RSocket",
    port: { index: -1 },
    host: { index: -2 },
    defaults: { host: "localhost" },
    protocol: "tcp",
  },
  {
    pattern: /(?<![.\w])ipAddress\s*\(/g,
    framework: "Spark",
    host: { index: 0 },
    defaults: { host: "all" },
    alongside: /\bimport spark\./,
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
