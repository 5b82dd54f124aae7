/** Java's and Kotlin's servers as they are started in code. */
import type { Catalogue, Slot } from "../catalogue.ts";

const at = (index: number): Slot => ({ index });
/** What an argument that is a port or an address is called; a handler is called neither. */
const NAMED = /(?:(?<![a-z])port|Port|PORT)\b|[aA]ddress|ADDRESS/;

/** Listeners that say what another one, Spring's own, is told. */
export const FACTORY = "Spring Boot's factory";

export const JAVA: Catalogue = {
  listeners: [
    {
      path: /^java\.net\.ServerSocket$/,
      framework: "ServerSocket",
      port: at(0),
      host: at(2),
      defaults: { host: "all" },
      protocol: "tcp",
      certain: true,
    },
    {
      path: /^java\.(net\.ServerSocket(\(\))?|nio\.channels\.(Asynchronous)?ServerSocketChannel(\.open\(\))?(\.socket\(\))?)\.bind$/,
      framework: "ServerSocket",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^com\.sun\.net\.httpserver\.(HttpServer\.create|HttpsServer\.create|SimpleFileServer\.createFileServer)$/,
      framework: "HttpServer",
      given: true,
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^com\.sun\.net\.httpserver\.(HttpServer|HttpsServer)\.create\(\)\.bind$/,
      framework: "HttpServer",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^io\.javalin\.Javalin\.(create|createStandalone)\(\)(\..*)?\.start$/,
      framework: "Javalin",
      count: 2,
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
    },
    {
      path: /^io\.javalin\.Javalin\.(create|createStandalone)\(\)(\..*)?\.start$/,
      framework: "Javalin",
      port: at(0),
      assigned: { host: /^(defaultHost|host)$/, port: /^(defaultPort|port)$/, on: /^jetty$/ },
      defaults: { port: 8080, host: "all" },
    },
    { path: /^io\.javalin\.Javalin\.start$/, framework: "Javalin", port: at(0), defaults: { host: "all" } },
    {
      path: /^spark\.Spark\.port$/,
      framework: "Spark",
      port: at(0),
      hostMethod: /^ipAddress$/,
      defaults: { host: "all" },
    },
    {
      path: /^spark\.Spark\.ipAddress$/,
      framework: "Spark",
      host: at(0),
      alongside: /^(?![\s\S]*\bport\s*\()/,
      defaults: { port: 4567, host: "all" },
    },
    {
      path: /^org\.eclipse\.jetty\.server\.Server$/,
      framework: "Jetty",
      address: at(0),
      certain: true,
      certainByName: NAMED,
      defaults: { host: "all" },
    },
    {
      path: /^org\.eclipse\.jetty(\.\w+)*\.\w*ServerConnector(\(\))?\.setPort$/,
      framework: "Jetty",
      port: at(0),
      hostMethod: /^setHost$/,
      defaults: { host: "all" },
    },
    {
      // Its ports are told it in another way.
      path: /^org\.eclipse\.jetty(\.\w+)*\.\w*ServerConnector(\(\))?\.setHost$/,
      framework: "Jetty",
      host: at(0),
      alongside: /^(?![\s\S]*\bsetPort\s*\()/,
      defaults: { host: "all" },
    },
    {
      path: /^org\.apache\.(http|hc)\b.*\.ServerBootstrap\.bootstrap\(\)(\..*)?\.setListenerPort$/,
      framework: "HttpComponents",
      port: at(0),
      hostMethod: /^setLocalAddress$/,
      defaults: { host: "all" },
    },
    {
      path: /^org\.apache\.catalina\.startup\.Tomcat(\(\))?\.setPort$/,
      framework: "Tomcat",
      port: at(0),
      defaults: { host: "all" },
    },
    {
      // Where no Tomcat is made in the file, it is one more beside Spring's.
      path: /^org\.apache\.catalina\.connector\.Connector(\(\))?\.setPort$/,
      framework: "Tomcat",
      port: at(0),
      alongside: /\bnew Tomcat\s*\(/,
      defaults: { host: "all" },
    },
    {
      path: /^io\.undertow\.Undertow\.(builder\(\)|Builder)(\..*)?\.addHttpListener$/,
      framework: "Undertow",
      port: at(0),
      host: at(1),
      defaults: { host: "all" },
    },
    {
      path: /^io\.vertx\.(core|rxjava\w*\.core|reactivex\.core|mutiny\.core)\.(Vertx|AbstractVerticle|vertx)\b.*(createHttpServer|createNetServer)\(\)(\..*)?\.(listen|rxListen|listenAndAwait)$/,
      framework: "Vert.x",
      port: at(0),
      host: at(1),
      certain: true,
      certainByName: NAMED,
      defaults: { port: 80, host: "all" },
    },
    {
      path: /^io\.vertx\b.*\.(Http|Net)ServerOptions(\(\))?(\..*)?\.setPort$/,
      framework: "Vert.x",
      port: at(0),
      hostMethod: /^setHost$/,
      defaults: { host: "all" },
    },
    {
      path: /^(\w+\.)*(vertx|getVertx\(\)|\?)\.(.*\.)?createHttpServer\(\)(\..*)?\.(listen|rxListen|listenAndAwait)$/,
      framework: "Vert.x",
      port: at(0),
      host: at(1),
      certain: true,
      certainByName: NAMED,
      defaults: { host: "all" },
    },
    {
      path: /^io\.grpc\.(ServerBuilder|netty(\.shaded\.io\.grpc\.netty)?\.NettyServerBuilder)\.forPort$/,
      framework: "gRPC",
      port: at(0),
      defaults: { host: "all" },
      protocol: "grpc",
    },
    {
      path: /^io\.grpc\.netty(\.shaded\.io\.grpc\.netty)?\.NettyServerBuilder\.forAddress$/,
      framework: "gRPC",
      address: at(0),
      certain: true,
      defaults: { host: "all" },
      protocol: "grpc",
    },
    {
      path: /^io\.grpc\.Grpc\.newServerBuilderForPort$/,
      framework: "gRPC",
      port: at(0),
      defaults: { host: "all" },
      protocol: "grpc",
    },
    {
      path: /^(?:io|org\.jboss)\.netty\.bootstrap\.ServerBootstrap(\(\))?(\..*)?\.(bind|localAddress)$/,
      framework: "Netty",
      count: 2,
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^(?:io|org\.jboss)\.netty\.bootstrap\.ServerBootstrap(\(\))?(\..*)?\.(bind|localAddress)$/,
      framework: "Netty",
      count: 1,
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^reactor\.netty\.http\.server\.HttpServer\.create\(\)(\..*)?\.port$/,
      framework: "Reactor Netty",
      port: at(0),
      hostMethod: /^(host|bindAddress)$/,
      defaults: { host: "all" },
    },
    {
      path: /^com\.linecorp\.armeria\.server\.Server\.builder\(\)(\..*)?\.https?$/,
      framework: "Armeria",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^com\.linecorp\.armeria\.server\.Server\.builder\(\)(\..*)?\.localPort$/,
      framework: "Armeria",
      port: at(0),
      defaults: { host: "localhost" },
    },
    {
      path: /^ratpack\.server\.ServerConfig\b.*\.port$/,
      framework: "Ratpack",
      port: at(0),
      hostMethod: /^address$/,
      defaults: { port: 5050, host: "all" },
      handlesSigterm: true,
    },
    // What Spring's own server is told before it starts.
    {
      path: /^org\.springframework\.boot\.web\b.*WebServerFactory(\(\))?\.setPort$/,
      framework: FACTORY,
      port: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^org\.springframework\.boot\.web\b.*WebServerFactory(\(\))?\.setAddress$/,
      framework: FACTORY,
      host: at(0),
      defaults: { host: "all" },
    },
    { path: /^fi\.iki\.elonen\.NanoHTTPD$/, framework: "NanoHTTPD", port: at(0), defaults: { host: "all" } },
    {
      path: /^io\.helidon\.webserver\.WebServer\.(builder|create)\(\)(\..*)?\.port$/,
      framework: "Helidon",
      port: at(0),
      hostMethod: /^(host|address|bindAddress)$/,
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^org\.glassfish\.(grizzly|jersey)\b.*\.createHttpServer$/,
      framework: "Grizzly",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^org\.glassfish\.jersey\b.*\.NettyHttpContainerProvider\.create\w*Server$/,
      framework: "Jersey's Netty",
      address: at(0),
      ignoresHost: true,
      defaults: { host: "all" },
    },
    {
      path: /^org\.glassfish\.jersey\b.*\.(JettyHttpContainerFactory\.createServer|SimpleContainerFactory\.create)$/,
      framework: "Jersey",
      address: at(0),
      ignoresHost: true,
      defaults: { host: "all" },
    },
    {
      path: /^org\.apache\.cxf\b.*ServerFactoryBean(\(\))?\.setAddress$/,
      framework: "CXF",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^(javax|jakarta)\.xml\.ws\.Endpoint\.publish$/,
      framework: "Endpoint.publish",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^akka\.http\.javadsl\.Http\..*newServerAt\(\)$/,
      framework: "Akka HTTP",
      host: at(0),
      port: at(1),
      defaults: { host: "all" },
    },
    { path: /^org\.http4k\b.*\.asServer$/, framework: "http4k", defaults: {} },
    // Whatever library: a builder of an HTTP server that is told its port.
    {
      path: /(^|\.)(HTTP|Http|Web)Server\.(builder|newBuilder)\(\)(\..*)?\.(port|withPort|httpPort|setPort)$/,
      framework: "an HTTP server",
      port: at(0),
      hostMethod: /^(host|hostname|address|bindAddress|withHost|withAddress|setHost|bindHost)$/,
      defaults: { host: "all" },
    },
    {
      path: /^com\.google\.cloud\.functions\.invoker\.runner\.Invoker$/,
      framework: "Functions Framework",
      defaults: { port: "PORT", host: "all" },
      handlesSigterm: true,
    },
  ],
  tls: [
    { path: /^com\.sun\.net\.httpserver\.HttpsServer\.create$/, what: "HttpsServer.create" },
    { path: /^com\.sun\.net\.httpserver\.HttpsConfigurator$/, what: "an HttpsConfigurator" },
    {
      path: /^org\.eclipse\.jetty\.util\.ssl\.SslContextFactory(\.Server)?$/,
      what: "Jetty's SslContextFactory.Server",
    },
    { path: /^io\.netty\.handler\.ssl\.SslContextBuilder\.forServer$/, what: "SslContextBuilder.forServer" },
    {
      path: /^io\.grpc\.(netty(\.shaded\.io\.grpc\.netty)?\.)?GrpcSslContexts\.forServer$/,
      what: "GrpcSslContexts.forServer",
    },
    { path: /^io\.grpc\.TlsServerCredentials\.(create|newBuilder)$/, what: "TlsServerCredentials" },
    {
      path: /^io\.grpc\.(ServerBuilder|netty\b.*NettyServerBuilder)\.forPort\(\)(\..*)?\.(useTransportSecurity|sslContext)$/,
      what: "gRPC's transport security",
    },
    // Nothing but a server has an engine that is no client.
    {
      path: /\.(setUseClientMode|setClientMode)$/,
      text: /ClientMode\(\s*false\s*\)/,
      what: "an SSL engine in server mode",
    },
    { path: /^org\.apache\.cxf\b.*\.setTLSServerParameters\w*$/, what: "CXF's TLSServerParameters" },
    {
      path: /(HttpServerOptions|^io\.vertx\b.*ServerOptions)(\(\))?(\..*)?\.setSsl$/,
      what: "Vert.x's setSsl(true)",
      when: [at(0)],
    },
    { path: /^io\.vertx\.core\.net\.ServerSSLOptions$/, what: "Vert.x's ServerSSLOptions" },
    {
      path: /^javax\.net\.ssl\.SSLServerSocketFactory(\.getDefault)?(\(\))?(\.createServerSocket)?$/,
      what: "SSLServerSocketFactory",
    },
    { path: /^javax\.net\.ssl\.SSLContext\b.*\.getServerSocketFactory$/, what: "SSLContext.getServerSocketFactory" },
    {
      path: /^io\.undertow\.Undertow\.(builder\(\)|Builder)(\..*)?\.addHttpsListener$/,
      what: "Undertow's addHttpsListener",
    },
    { path: /^spark\.Spark\.secure$/, what: "Spark.secure" },
    { path: /^org\.java_websocket\.server\.\w*SSL\w*Factory$/, what: "a WebSocket server with TLS" },
    {
      path: /^com\.linecorp\.armeria\.server\.Server\.builder\(\)(\..*)?\.(https|tls|tlsSelfSigned)$/,
      what: "Armeria with TLS",
    },
    { path: /^reactor\.netty\.http\.server\.HttpServer\.create\(\)(\..*)?\.secure$/, what: "Reactor Netty's secure" },
    { path: /^io\.javalin\.(community\.ssl|plugin\.bundled)\.(SslPlugin|SSLPlugin)$/, what: "Javalin's SslPlugin" },
    { path: /^org\.springframework\.boot\.web\.server\.Ssl$/, what: "Spring's Ssl" },
    { path: /^fi\.iki\.elonen\.NanoHTTPD\.makeSSLSocketFactory$|\.makeSecure$/, what: "NanoHTTPD's makeSecure" },
  ],
};

export const JAVA_CALLS = new Set(
  "localAddress localPort setHost setListenerPort ipAddress setUseClientMode setClientMode setAddress publish setTLSServerParameters setTLSServerParametersForPort createServer createFileServer forAddress createHttp2Server ServerSocket create bind start port withPort httpPort Server setPort addHttpListener listen rxListen listenAndAwait forPort newServerBuilderForPort http NanoHTTPD DefaultSSLWebSocketServerFactory CustomSSLWebSocketServerFactory SSLParametersWebSocketServerFactory createHttpServer newServerAt asServer Invoker HttpsConfigurator Server SslContextFactory forServer newBuilder useTransportSecurity sslContext setSsl ServerSSLOptions SSLServerSocketFactory getDefault createServerSocket getServerSocketFactory addHttpsListener secure https tls tlsSelfSigned SslPlugin SSLPlugin Ssl makeSSLSocketFactory makeSecure scheduleAtFixedRate scheduleWithFixedDelay schedule scheduleJob getScheduler getDefaultScheduler addShutdownHook handle setStopAtShutdown closeOnJvmShutdown exit setProperty setDefaultProperties put getConnection status setStatus sendError sendResponseHeaders internalServerError".split(
    " ",
  ),
);

export const JAVA_WORDS =
  /\b(NettyHttpContainerProvider|JettyHttpContainerFactory|SimpleContainerFactory|\w*ServerFactoryBean|Endpoint|setUseClientMode|setClientMode|setTLSServerParameters\w*|\w*ServerSocket(?:Channel)?|HttpServer|HTTPServer|HttpsServer|SimpleFileServer|Javalin|Spark|spark|jetty|Tomcat|Undertow|Vertx|vertx|createHttpServer|ServerBuilder|NettyServerBuilder|newServerBuilderForPort|ServerBootstrap|armeria|NanoHTTPD|NanoWSD|WebSocketServer|\w*SSLWebSocketServerFactory|WebServer|\w*WebServerFactory|ratpack|Grizzly\w*|\w+HttpServerFactory|SslContext\w*|SSLServerSocket\w*|TlsServerCredentials|setSsl|ServerSSLOptions|Ssl|addShutdownHook|SpringApplication|Scheduled|EnableScheduling|Quartz|quartz|Timer|Executors|sqlite|Invoker|System\.exit|getenv|metadata)\b/;
