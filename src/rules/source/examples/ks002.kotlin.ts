import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main/kotlin/Main.kt",
  [
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = "0.0.0.0") {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, System.getenv("PORT").toInt(), "::") {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = System.getenv("HOST") ?: "0.0.0.0") {}.start(wait = true)\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
    'val backend = "http://localhost:9000"\n\nimport io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    '// host = "127.0.0.1"\nimport io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    'fun local() = "127.0.0.1"\n',
    'import org.eclipse.jetty.server.Server\nimport org.eclipse.jetty.server.ServerConnector\n\nfun connectorOf(server: Server) = ServerConnector(server).apply {\n    host = "0.0.0.0"\n    port = System.getenv("PORT").toInt()\n}\n',
    'import io.ktor.server.engine.*\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, environment = applicationEnvironment(), configure = {\n        connector {\n            host = "0.0.0.0"\n            port = System.getenv("PORT").toInt()\n        }\n    }).start(wait = true)\n}\n',
    'import io.ktor.network.selector.SelectorManager\nimport io.ktor.network.sockets.aSocket\nimport kotlinx.coroutines.Dispatchers\nimport kotlinx.coroutines.runBlocking\n\nfun main() = runBlocking {\n    val selector = SelectorManager(Dispatchers.IO)\n    val server = aSocket(selector).tcp().bind("0.0.0.0", System.getenv("PORT").toInt())\n    while (true) answer(server.accept())\n}\n',
    {
      "src/main/kotlin/Main.kt":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = WebConfig.port, host = WebConfig.host) {}.start(wait = true)\n}\n",
      "src/main/kotlin/WebConfig.kt":
        'object WebConfig {\n    val port: Int by config {\n        "app.web.port".from(newConfig)\n    }\n\n    val host: String by config {\n        "app.web.host".from(newConfig)\n    }\n}\n',
      "src/main/resources/reference.conf":
        'app {\n  web {\n    // Where it listens.\n    port = 8888\n    host = "0.0.0.0"\n  }\n}\n',
    },
    {
      "src/main/kotlin/Main.kt":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = Settings.PORT, host = Settings.host) {}.start(wait = true)\n}\n",
      "src/main/kotlin/Settings.kt":
        'object Settings {\n    val PORT: Int = System.getenv("PORT").toInt()\n    val host = System.getenv("APP_HOST")\n        ?: "0.0.0.0"\n}\n',
    },
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    serve()\n}\n\nfun serve(port: Int = System.getenv("PORT").toInt(), host: String = "0.0.0.0") {\n    embeddedServer(Netty, port = port, host = host) {}.start(wait = true)\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start("0.0.0.0", System.getenv("PORT").toInt())\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    val app = Javalin.create { config ->\n        config.jetty.host = "0.0.0.0"\n        config.jetty.port = 8080\n    }\n    app.start()\n}\n',
    'import com.sun.net.httpserver.HttpServer\nimport java.net.InetSocketAddress\n\nfun main() {\n    HttpServer.create(InetSocketAddress("0.0.0.0", System.getenv("PORT").toInt()), 0).start()\n}\n',
    'import com.hexagontk.http.server.HttpServerSettings\nimport com.hexagontk.http.server.jetty.serve\n\nfun main() {\n    serve(HttpServerSettings(bindAddress = InetAddress.getByName("0.0.0.0"), bindPort = 8080)) { get("/") { ok("hello") } }\n}\n',
    'import io.netty.bootstrap.ServerBootstrap\n\nfun main() {\n    val bootstrap = ServerBootstrap()\n    bootstrap.bind("0.0.0.0", System.getenv("PORT").toInt()).sync()\n}\n',
  ],
  [
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = "127.0.0.1") {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = "localhost") {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, System.getenv("PORT").toInt(), "127.0.0.1") {}.start(wait = true)\n}\n',
    'const val HOST = "localhost"\n\nimport io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = HOST) {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, host = "::1", port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    'val address = "127.0.0.1"\n\nimport io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = address) {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT")?.toInt() ?: 8080, host = "127.0.0.1") {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = System.getenv("HOST") ?: "localhost") {}.start(wait = true)\n}\n',
    'import org.eclipse.jetty.server.Server\nimport org.eclipse.jetty.server.ServerConnector\n\nfun connectorOf(server: Server) = ServerConnector(server).apply {\n    host = "127.0.0.1"\n    port = System.getenv("PORT").toInt()\n}\n',
    'import io.ktor.server.engine.*\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, environment = applicationEnvironment(), configure = {\n        connector {\n            host = "localhost"\n            port = System.getenv("PORT").toInt()\n        }\n    }).start(wait = true)\n}\n',
    'import io.ktor.network.selector.SelectorManager\nimport io.ktor.network.sockets.aSocket\nimport kotlinx.coroutines.Dispatchers\nimport kotlinx.coroutines.runBlocking\n\nfun main() = runBlocking {\n    val selector = SelectorManager(Dispatchers.IO)\n    val server = aSocket(selector).tcp().bind("127.0.0.1", System.getenv("PORT").toInt())\n    while (true) answer(server.accept())\n}\n',
    {
      "src/main/kotlin/Main.kt":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = WebConfig.port, host = WebConfig.host) {}.start(wait = true)\n}\n",
      "src/main/kotlin/WebConfig.kt":
        'object WebConfig {\n    val port: Int by config {\n        "app.web.port".from(newConfig)\n    }\n\n    val host: String by config {\n        "app.web.host".from(newConfig)\n    }\n}\n',
      "src/main/resources/reference.conf":
        'app {\n  web {\n    // Where it listens.\n    port = 8888\n    host = "127.0.0.1"\n  }\n}\n',
    },
    {
      "src/main/kotlin/Main.kt":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = Settings.PORT, host = Settings.host) {}.start(wait = true)\n}\n",
      "src/main/kotlin/Settings.kt":
        'object Settings {\n    val PORT: Int = System.getenv("PORT").toInt()\n    val host = System.getenv("APP_HOST")\n        ?: "127.0.0.1"\n}\n',
    },
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    serve()\n}\n\nfun serve(port: Int = System.getenv("PORT").toInt(), host: String = "127.0.0.1") {\n    embeddedServer(Netty, port = port, host = host) {}.start(wait = true)\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start("localhost", System.getenv("PORT").toInt())\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    val app = Javalin.create { config ->\n        config.jetty.host = "127.0.0.1"\n        config.jetty.port = 8080\n    }\n    app.start()\n}\n',
    'import com.sun.net.httpserver.HttpServer\nimport java.net.InetSocketAddress\n\nfun main() {\n    HttpServer.create(InetSocketAddress("localhost", System.getenv("PORT").toInt()), 0).start()\n}\n',
    'import com.hexagontk.http.server.HttpServerSettings\nimport com.hexagontk.http.server.jetty.serve\n\nfun main() {\n    serve(HttpServerSettings(bindPort = 8080)) { get("/") { ok("hello") } }\n}\n',
    'import io.netty.bootstrap.ServerBootstrap\n\nfun main() {\n    val bootstrap = ServerBootstrap()\n    bootstrap.bind("127.0.0.1", System.getenv("PORT").toInt()).sync()\n}\n',
  ],
);
