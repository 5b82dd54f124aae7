import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main/kotlin/Main.kt",
  [
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT")?.toInt() ?: 8080, host = "0.0.0.0") {}.start(wait = true)\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT")?.toInt() ?: 7000)\n}\n',
    'import java.net.ServerSocket\n\nval port = System.getenv("PORT").toInt()\nval socket = ServerSocket(port)\n',
    'fun main() {\n    val port = (System.getenv("PORT") ?: "8080").toInt()\n    app.asServer(Netty(port)).start()\n}\n',
    'import io.grpc.ServerBuilder\n\nfun main() {\n    ServerBuilder.forPort(System.getenv("PORT")?.toInt() ?: 50051).build().start()\n}\n',
    "fun add(a: Int, b: Int) = a + b\n",
    "// embeddedServer(Netty, port = 3000)\nfun main() {}\n",
    'import arrow.continuations.SuspendApp\nimport arrow.continuations.ktor.server\nimport io.ktor.server.netty.Netty\n\nfun main() = SuspendApp {\n    server(Netty, host = "0.0.0.0", port = System.getenv("PORT").toInt()) { module() }\n}\n',
    'import org.eclipse.jetty.server.Server\nimport org.eclipse.jetty.server.ServerConnector\n\nfun connectorOf(server: Server) = ServerConnector(server).apply {\n    host = "0.0.0.0"\n    port = System.getenv("PORT").toInt()\n}\n',
    'import com.sun.net.httpserver.HttpServer\nimport java.net.InetSocketAddress\n\nfun main() {\n    val server = HttpServer.create(InetSocketAddress(System.getenv("PORT").toInt()), 0)\n    server.start()\n}\n',
    'import io.vertx.core.Vertx\n\nfun main() {\n    Vertx.vertx().createHttpServer().requestHandler { it.response().end("hi") }.listen(System.getenv("PORT").toInt())\n}\n',
    'import io.ktor.server.engine.*\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, environment = applicationEnvironment(), configure = {\n        connector {\n            host = "0.0.0.0"\n            port = System.getenv("PORT").toInt()\n        }\n    }).start(wait = true)\n}\n',
    'import io.ktor.network.selector.SelectorManager\nimport io.ktor.network.sockets.aSocket\nimport kotlinx.coroutines.Dispatchers\nimport kotlinx.coroutines.runBlocking\n\nfun main() = runBlocking {\n    val selector = SelectorManager(Dispatchers.IO)\n    val server = aSocket(selector).tcp().bind("0.0.0.0", System.getenv("PORT").toInt())\n    while (true) answer(server.accept())\n}\n',
    'import io.javalin.Javalin\nimport org.eclipse.jetty.server.Server\n\nfun setup(): Javalin = Javalin.create { config ->\n    config.server {\n        Server(System.getenv("PORT").toInt())\n    }\n}\n',
    {
      "src/main/kotlin/Main.kt":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = Settings.PORT, host = Settings.host) {}.start(wait = true)\n}\n",
      "src/main/kotlin/Settings.kt":
        'object Settings {\n    val PORT: Int = System.getenv("PORT")?.toIntOrNull() ?: 8080\n    val host = System.getenv("APP_HOST")\n        ?: "0.0.0.0"\n}\n',
    },
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    serve()\n}\n\nfun serve(port: Int = System.getenv("PORT").toInt(), host: String = "0.0.0.0") {\n    embeddedServer(Netty, port = port, host = host) {}.start(wait = true)\n}\n',
    {
      "src/main/kotlin/Main.kt":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = WebConfig.port, host = WebConfig.host) {}.start(wait = true)\n}\n",
      "src/main/kotlin/WebConfig.kt":
        'object WebConfig {\n    val port: Int by config {\n        "app.web.port".from(newConfig)\n    }\n\n    val host: String by config {\n        "app.web.host".from(newConfig)\n    }\n}\n',
      "src/main/resources/reference.conf":
        'app {\n  web {\n    // Where it listens.\n    port = ${?PORT}\n    host = "0.0.0.0"\n  }\n}\n',
    },
    {
      "src/main/kotlin/Main.kt": "fun main() {\n    println(pictures())\n}\n",
      "pictures.main.kts":
        "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nembeddedServer(Netty, port = 8081) { }.start()\n",
    },
    'import io.ktor.server.engine.*\nimport io.ktor.server.netty.*\n\nfun main(args: Array<String>) {\n    val port = Templates.resolve("\\${PORT:8080}").toInt()\n    embeddedServer(Netty, port = port) { }.start(wait = true)\n}\n',
  ],
  [
    "import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = 3000) {}.start(wait = true)\n}\n",
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, 9000, "0.0.0.0") {}.start(wait = true)\n}\n',
    "import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(7070)\n}\n",
    "const val PORT = 5000\n\nimport io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = PORT) {}.start(wait = true)\n}\n",
    "import java.net.ServerSocket\n\nval socket = ServerSocket(4000)\n",
    "fun main() {\n    app.asServer(Netty(9001)).start()\n}\n",
    "import io.grpc.ServerBuilder\n\nfun main() {\n    ServerBuilder.forPort(50051).build().start()\n}\n",
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("SERVER_PORT")?.toInt() ?: 3000) {}.start(wait = true)\n}\n',
    "val port = 8181\n\nimport io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(port)\n}\n",
    'import arrow.continuations.SuspendApp\nimport arrow.continuations.ktor.server\nimport io.ktor.server.netty.Netty\n\nfun main() = SuspendApp {\n    server(Netty, host = "0.0.0.0", port = 8081) { module() }\n}\n',
    'import org.eclipse.jetty.server.Server\nimport org.eclipse.jetty.server.ServerConnector\n\nfun connectorOf(server: Server) = ServerConnector(server).apply {\n    host = "0.0.0.0"\n    port = 4567\n}\n',
    "import com.sun.net.httpserver.HttpServer\nimport java.net.InetSocketAddress\n\nfun main() {\n    val server = HttpServer.create(InetSocketAddress(8001), 0)\n    server.start()\n}\n",
    'import io.vertx.core.Vertx\n\nfun main() {\n    Vertx.vertx().createHttpServer().requestHandler { it.response().end("hi") }.listen(8888)\n}\n',
    'import io.ktor.server.engine.*\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, environment = applicationEnvironment(), configure = {\n        connector {\n            host = "0.0.0.0"\n            port = 9095\n        }\n    }).start(wait = true)\n}\n',
    'import io.ktor.network.selector.SelectorManager\nimport io.ktor.network.sockets.aSocket\nimport kotlinx.coroutines.Dispatchers\nimport kotlinx.coroutines.runBlocking\n\nfun main() = runBlocking {\n    val selector = SelectorManager(Dispatchers.IO)\n    val server = aSocket(selector).tcp().bind("0.0.0.0", 9002)\n    while (true) answer(server.accept())\n}\n',
    'import io.javalin.Javalin\nimport org.eclipse.jetty.server.Server\n\nfun setup(): Javalin = Javalin.create { config ->\n    config.server {\n        Server(getProperty("server_port") as Int)\n    }\n}\n',
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
        'object Settings {\n    val PORT: Int = System.getenv("APP_PORT")?.toIntOrNull() ?: 9000\n    val host = System.getenv("APP_HOST")\n        ?: "0.0.0.0"\n}\n',
    },
    'import io.javalin.Javalin\n\nfun main() {\n    val app = Javalin.create { config ->\n        config.jetty.host = "0.0.0.0"\n        config.jetty.port = 9000\n    }\n    app.start()\n}\n',
    'import com.hexagontk.http.server.HttpServerSettings\nimport com.hexagontk.http.server.jetty.serve\n\nfun main() {\n    serve(HttpServerSettings()) { get("/") { ok("hello") } }\n}\n',
    'import io.ktor.server.engine.*\nimport io.ktor.server.netty.*\n\nconst val PORT = "port"\n\nfun main(args: Array<String>) {\n    val port = Options.parse(args).port ?: error("Please give a number for $PORT")\n    embeddedServer(Netty, port = port) { }.start(wait = true)\n}\n',
  ],
);
