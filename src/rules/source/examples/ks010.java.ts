import { examplesOf } from "./examples.ts";
import { javaMain } from "./java.ts";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(["com.sun.net.httpserver.HttpServer"], "HttpServer.create();"),
    javaMain(
      ["java.net.http.HttpClient", "javax.net.ssl.SSLContext"],
      "HttpClient.newBuilder().sslContext(SSLContext.getDefault()).build();",
    ),
    javaMain(["javax.net.ssl.SSLSocketFactory"], 'SSLSocketFactory.getDefault().createSocket("example.com", 443);'),
    javaMain(["io.netty.handler.ssl.SslContextBuilder"], "SslContextBuilder.forClient().build();"),
    javaMain(["org.eclipse.jetty.util.ssl.SslContextFactory"], "new SslContextFactory.Client();"),
    javaMain(["io.grpc.TlsChannelCredentials"], "TlsChannelCredentials.create();"),
    javaMain(["io.vertx.core.http.HttpClientOptions"], "new HttpClientOptions().setSsl(true);"),
    javaMain(["io.vertx.core.http.HttpServerOptions"], "new HttpServerOptions().setSsl(false);"),
    'package app;\n\nimport java.net.InetSocketAddress;\nimport org.java_websocket.server.WebSocketServer;\n\npublic class Chat extends WebSocketServer {\n  public Chat(InetSocketAddress address) {\n    super(address);\n  }\n\n  public static void main(String[] args) {\n    Chat chat = new Chat(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))));\n    chat.setReuseAddr(true);\n    chat.start();\n  }\n}\n',
    "package app;\n\nimport io.netty.handler.ssl.SslHandler;\nimport javax.net.ssl.SSLEngine;\n\npublic class Secure {\n  SslHandler handler(Certificate certificate) {\n    SSLEngine engine = certificate.createEngine();\n    engine.setUseClientMode(true);\n    return new SslHandler(engine);\n  }\n}\n",
    'package app;\n\nimport io.vertx.core.Vertx;\nimport io.vertx.core.net.ClientSSLOptions;\nimport io.vertx.core.http.HttpServer;\n\npublic class Main {\n  public static void main(String[] args) {\n    ClientSSLOptions options = new ClientSSLOptions();\n    Vertx.vertx().createHttpClient(options);\n    Vertx.vertx().createHttpServer().listen(Integer.parseInt(System.getenv("PORT")));\n  }\n}\n',
  ],
  [
    javaMain(
      ["com.sun.net.httpserver.HttpsServer", "java.net.InetSocketAddress"],
      "HttpsServer server = HttpsServer.create(new InetSocketAddress(443), 0);",
    ),
    javaMain(["javax.net.ssl.SSLServerSocketFactory"], "SSLServerSocketFactory.getDefault().createServerSocket(8443);"),
    javaMain(
      ["org.eclipse.jetty.util.ssl.SslContextFactory"],
      "SslContextFactory.Server ssl = new SslContextFactory.Server();",
    ),
    javaMain(["io.netty.handler.ssl.SslContextBuilder"], "SslContextBuilder.forServer(cert, key).build();"),
    javaMain(["io.grpc.TlsServerCredentials"], "TlsServerCredentials.create(cert, key);"),
    javaMain(
      ["io.vertx.core.http.HttpServerOptions"],
      "HttpServerOptions options = new HttpServerOptions().setSsl(true);",
    ),
    javaMain(["io.undertow.Undertow"], 'Undertow.builder().addHttpsListener(8443, "0.0.0.0", context).build();'),
    javaMain(["io.grpc.ServerBuilder"], "ServerBuilder.forPort(8443).useTransportSecurity(cert, key).build();"),
    'package app;\n\nimport java.net.InetSocketAddress;\nimport org.java_websocket.server.DefaultSSLWebSocketServerFactory;\nimport org.java_websocket.server.WebSocketServer;\n\npublic class Chat extends WebSocketServer {\n  public Chat(InetSocketAddress address) {\n    super(address);\n  }\n\n  public static void main(String[] args) {\n    Chat chat = new Chat(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))));\n    chat.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(context()));\n    chat.start();\n  }\n}\n',
    "package app;\n\nimport io.netty.handler.ssl.SslHandler;\nimport javax.net.ssl.SSLEngine;\n\npublic class Secure {\n  SslHandler handler(Certificate certificate) {\n    SSLEngine engine = certificate.createEngine();\n    engine.setUseClientMode(false);\n    return new SslHandler(engine);\n  }\n}\n",
    'package app;\n\nimport jakarta.ws.rs.core.UriBuilder;\nimport java.net.URI;\nimport org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;\n\npublic class Main {\n  private static URI base() {\n    return UriBuilder.fromUri("http://0.0.0.0/").port(Integer.parseInt(System.getenv("PORT"))).build();\n  }\n\n  public static void main(String[] args) throws Exception {\n    GrizzlyHttpServerFactory.createHttpServer(base(), resources(), true, new SSLEngineConfigurator(context()).setClientMode(false));\n  }\n}\n',
    'package app;\n\nimport org.apache.cxf.transport.http_jetty.JettyHTTPServerEngineFactory;\n\npublic class Main {\n  public static void main(String[] args) throws Exception {\n    JettyHTTPServerEngineFactory factory = new JettyHTTPServerEngineFactory();\n    factory.setTLSServerParametersForPort("0.0.0.0", 9998, parameters());\n  }\n}\n',
    "package app;\n\nimport org.eclipse.jetty.util.ssl.SslContextFactory;\n\npublic class OwnContextFactory extends SslContextFactory {\n  public OwnContextFactory(String store) {\n    setKeyStorePath(store);\n  }\n}\n",
    "package app;\n\nimport io.vertx.core.Vertx;\nimport io.vertx.core.http.HttpServerConfig;\nimport io.vertx.core.net.ServerSSLOptions;\n\npublic class Main {\n  public static void main(String[] args) {\n    ServerSSLOptions options = new ServerSSLOptions();\n    Vertx.vertx().createHttpServer(new HttpServerConfig(), options).listen();\n  }\n}\n",
  ],
);
