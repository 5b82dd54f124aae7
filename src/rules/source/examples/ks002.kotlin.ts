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
  ],
);
