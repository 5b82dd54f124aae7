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
  ],
);
