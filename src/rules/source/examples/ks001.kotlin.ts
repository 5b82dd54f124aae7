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
  ],
);
