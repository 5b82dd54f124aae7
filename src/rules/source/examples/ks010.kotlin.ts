import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main/kotlin/Main.kt",
  [
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
    "val client = HttpClient(CIO) {\n    engine { https { } }\n}\n",
    "val context = SslContextBuilder.forClient().build()\n",
    'val url = "https://example.com"\n',
    '// sslConnector(keyStore, "alias") {}\nfun main() {}\n',
    "val factory = SSLSocketFactory.getDefault()\n",
    "val server = vertx.createHttpServer(HttpServerOptions())\nval client = WebClient.create(vertx, WebClientOptions().setSsl(true))\n",
    "val channel = ManagedChannelBuilder.forTarget(target).useTransportSecurity().build()\n",
    "import javax.net.ssl.SSLContext\n\nfun client(context: SSLContext) = context.createSSLEngine().apply { useClientMode = true }\n",
  ],
  [
    'fun main() {\n    val environment = applicationEngineEnvironment {\n        sslConnector(keyStore, "alias", { password }, { password }) { port = 8443 }\n    }\n}\n',
    'fun main() {\n    embeddedServer(Netty, configure = {\n        sslConnector(keyStore = ks, keyAlias = "k", keyStorePassword = { p }, privateKeyPassword = { p }) { port = 443 }\n    }) {}.start()\n}\n',
    "val context = SslContextBuilder.forServer(cert, key).build()\n",
    "val context = GrpcSslContexts.forServer(cert, key).build()\n",
    "val server = HttpsServer.create(InetSocketAddress(8443), 0)\n",
    "val server = vertx.createHttpServer(HttpServerOptions().setPort(8443).setSsl(true))\n",
    "val socket = SSLServerSocketFactory.getDefault().createServerSocket(8443)\n",
    'import io.netty.handler.ssl.SslContextBuilder\n\nfun tls() = SslContextBuilder\n    .forServer(File("cert.pem"), File("key.pem"))\n    .build()\n',
    "fun start(port: Int) {\n    val server = HttpsServer\n        .create(InetSocketAddress(port), 0)\n    server.start()\n}\n",
    'import io.javalin.Javalin\nimport io.javalin.community.ssl.SslPlugin\n\nfun main() {\n    Javalin.create { config -> config.registerPlugin(SslPlugin { it.pemFromPath("cert.pem", "key.pem") }) }.start(8443)\n}\n',
    "import io.netty.handler.ssl.SslHandler\nimport javax.net.ssl.SSLContext\n\nfun handler(context: SSLContext) = SslHandler(context.createSSLEngine().apply { useClientMode = false })\n",
  ],
);
