/** The servers of JavaScript whose calls are known: where they are told port and host, and what they do without. */
import type { Listener } from "../facts.ts";

type Defaults = Listener["defaults"];

export interface Known {
  /** Of the whole path of the call. */
  path: RegExp;
  framework: string;
  /**
   * `net`: (port, host?) or ({port, host}); `options`: the object at `index`; `address`: "host:port"; `deno`: either of
   * these two; `microservice`: Nest's; `made`: the options of the call that made the server, where its port may be given anew.
   */
  shape: "net" | "options" | "address" | "deno" | "microservice" | "made";
  index?: number;
  keys?: { port?: string; host?: string; inner?: string };
  defaults: Defaults;
  protocol?: Listener["protocol"];
  handlesSigterm?: boolean;
}

export const ALL: Defaults = { host: "all" };

/** Order matters: the first that fits is taken. */
export const KNOWN: readonly Known[] = [
  {
    path: /^fastify(\.fastify|\.default)?(\(\)|\.FastifyInstance)(\..*)?\.listen$/,
    framework: "Fastify",
    shape: "net",
    defaults: { host: "localhost" },
  },
  {
    path: /^@nestjs\/platform-fastify\.NestFastifyApplication\.(listen|listenAsync)$/,
    framework: "Nest on Fastify",
    shape: "net",
    defaults: { host: "localhost" },
  },
  {
    path: /^@nestjs\/(core\.NestFactory\.create\(\)|common\.INestApplication|platform-express\.NestExpressApplication)(\..*)?\.(listen|listenAsync)$/,
    framework: "Nest",
    shape: "net",
    defaults: ALL,
  },
  {
    path: /^(http|https|http2|net|tls|spdy)\.((createServer|createSecureServer)\(\)|(Server|Http2Server|Http2SecureServer)(\(\))?)(\..*)?\.listen$/,
    framework: "Node",
    shape: "net",
    defaults: ALL,
  },
  {
    path: /^(express|express\.default)(\(\)|\.(Express|Application))(\..*)?\.listen$/,
    framework: "Express",
    shape: "net",
    defaults: ALL,
  },
  { path: /^koa(\.default)?(\(\))?(\..*)?\.listen$/, framework: "Koa", shape: "net", defaults: ALL },
  {
    path: /^(restify|polka|connect|micro|tinyhttp|@tinyhttp\/app\.App|find-my-way|fastify-express|@feathersjs\/(express|koa)(\.(default|koa|feathers))?|finalhandler|json-server\.create|http-proxy|http-proxy\.createProxyServer|http-proxy\.createServer|httpxy|ultimate-express|hyper-express\.Server|restana|0http|@curveball\/kernel|@curveball\/core|http-terminator|stoppable|http-shutdown|express-ws|@hapi\/shot)\b.*\.listen$/,
    framework: "Node",
    shape: "net",
    defaults: ALL,
  },
  {
    path: /^elysia\.Elysia\(\)(\..*)?\.listen$/,
    framework: "Elysia",
    shape: "net",
    keys: { host: "hostname" },
    defaults: ALL,
  },
  {
    path: /^(apollo-server(-\w+)?)\.ApolloServer\(\)\.listen$/,
    framework: "Apollo Server",
    shape: "net",
    defaults: { host: "all", port: 4000 },
    handlesSigterm: true,
  },
  {
    path: /^graphql-yoga(\.default)?\.GraphQLServer(\(\))?\.start$/,
    framework: "GraphQL Yoga",
    shape: "options",
    index: 0,
    defaults: { host: "all", port: 4000 },
  },
  {
    path: /^@apollo\/server(\/standalone)?\.startStandaloneServer$/,
    framework: "Apollo Server",
    shape: "options",
    index: 1,
    keys: { inner: "listen" },
    defaults: { host: "all", port: 4000 },
    handlesSigterm: true,
  },
  {
    path: /^@hono\/node-server\.(serve|default\.serve)$/,
    framework: "Hono",
    shape: "options",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all", port: 3000 },
  },
  {
    path: /^(Bun|bun)\.serve$/,
    framework: "Bun",
    shape: "options",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all", port: "PORT" },
  },
  // Effect's layers of a server: Node's is given how the server is made, and where it listens. `runMain` ends it on SIGTERM.
  {
    path: /^@effect\/platform-node(?:\/NodeHttpServer|\.NodeHttpServer)\.(?:layer|layerServer|layerConfig|make)$/,
    framework: "Effect",
    shape: "options",
    index: 1,
    defaults: ALL,
    handlesSigterm: true,
  },
  {
    path: /^@effect\/platform-bun(?:\/BunHttpServer|\.BunHttpServer)\.(?:layer|layerServer|layerConfig|make)$/,
    framework: "Effect",
    shape: "options",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all", port: "PORT" },
    handlesSigterm: true,
  },
  {
    path: /^Deno\.serve$/,
    framework: "Deno",
    shape: "options",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all", port: 8000 },
  },
  {
    path: /^https:\/\/deno\.land\/std(@[\d.]+)?\/http\/(server|mod)\.ts\.(serve|listenAndServe|serveTLS|listenAndServeTLS)$/,
    framework: "Deno",
    shape: "deno",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all", port: 8000 },
  },
  {
    path: /^Deno\.listen$/,
    framework: "Deno",
    shape: "options",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all" },
  },
  {
    path: /^(@hapi\/hapi|hapi)(\.default)?\.(server|Server|Server\(\)\.connection)$/,
    framework: "hapi",
    shape: "options",
    index: 0,
    // Beside an address the host is only what it calls itself.
    keys: { host: "address" },
    defaults: { host: "all" },
  },
  {
    path: /^srvx(\/\w+)?\.serve$/,
    framework: "srvx",
    shape: "options",
    index: 0,
    keys: { host: "hostname" },
    defaults: { host: "all", port: "PORT" },
    handlesSigterm: true,
  },
  {
    path: /^@nestjs\/core\.NestFactory\.createMicroservice$/,
    framework: "Nest's microservice",
    shape: "microservice",
    defaults: { host: "localhost", port: 3000 },
    protocol: "tcp",
  },
  {
    path: /^@hapi\/glue\.compose$/,
    framework: "hapi",
    shape: "options",
    index: 0,
    keys: { inner: "server" },
    defaults: ALL,
  },
  {
    path: /^ws(\.default)?\.(Server|WebSocketServer)$/,
    framework: "ws",
    shape: "options",
    index: 0,
    defaults: ALL,
    protocol: "websocket",
  },
  {
    path: /^(socket\.io(\.default|\.Server)?|socket\.io\.Server\(\)\.listen|socket\.io\(\)\.listen)$/,
    framework: "Socket.IO",
    shape: "net",
    defaults: ALL,
    protocol: "websocket",
  },
  {
    path: /^@grpc\/grpc-js\.Server(\(\))?\.(bindAsync|bind)$/,
    framework: "gRPC",
    shape: "address",
    defaults: {},
    protocol: "grpc",
  },
  {
    path: /^grpc\.Server(\(\))?\.(bindAsync|bind)$/,
    framework: "gRPC",
    shape: "address",
    defaults: {},
    protocol: "grpc",
  },
  {
    path: /^(uWebSockets\.js|uws)\.(App|SSLApp)\(\)(\..*)?\.listen$/,
    framework: "uWebSockets",
    shape: "net",
    defaults: ALL,
  },
  {
    path: /^(@oak\/oak|oak|https:\/\/deno\.land\/x\/oak[^.]*\/mod\.ts)\.Application\(\)(\..*)?\.listen$/,
    framework: "oak",
    shape: "net",
    keys: { host: "hostname" },
    defaults: ALL,
  },
  {
    path: /^@google-cloud\/functions-framework\.(start|default\.start)$/,
    framework: "Functions Framework",
    shape: "options",
    index: 9,
    defaults: { host: "all", port: "PORT" },
    handlesSigterm: true,
  },
  {
    path: /^fastmcp\.FastMCP(\(\))?\.start$/,
    framework: "FastMCP",
    shape: "options",
    index: 0,
    keys: { inner: "httpStream" },
    defaults: { host: "localhost", port: 8080 },
  },
  {
    path: /^mcp-use\/server\.(MCPServer|createMCPServer)(\(\))?\.listen$/,
    framework: "mcp-use",
    shape: "net",
    defaults: { host: "localhost", port: "PORT" },
  },
  {
    path: /^live-server\.start$/,
    framework: "live-server",
    shape: "options",
    index: 0,
    defaults: { host: "all", port: 8080 },
  },
  {
    path: /^vite\.createServer\(\)\.listen$/,
    framework: "Vite",
    shape: "made",
    keys: { inner: "server" },
    defaults: { host: "localhost", port: 5173 },
  },
  {
    // Its fourth version: `class App extends BootMixin(RestApplication)`, `new App({ rest: { port, host } }).start()`.
    path: /^@loopback\/(rest\.RestApplication|boot\.BootMixin\(\))(\(\))?\.start$/,
    framework: "LoopBack",
    shape: "made",
    keys: { inner: "rest" },
    defaults: { host: "all", port: 3000 },
    handlesSigterm: true,
  },
  {
    // Before: `loopback().listen(callback)`, which `loopback-boot` has given its port.
    path: /^loopback(\.default)?\(\)(\..*)?\.listen$/,
    framework: "LoopBack",
    shape: "net",
    defaults: { host: "all", port: "PORT" },
  },
  {
    path: /^vite\.preview$/,
    framework: "Vite",
    shape: "options",
    index: 0,
    keys: { inner: "preview" },
    defaults: { host: "localhost", port: 4173 },
  },
  {
    path: /^listhen\.(listen|listenAndWatch)$/,
    framework: "listhen",
    shape: "options",
    index: 1,
    keys: { host: "hostname" },
    defaults: { host: "all", port: "PORT" },
  },
];
