import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main/kotlin/Main.kt",
  [
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}.start(wait = true)\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    val app = Javalin.create().start(System.getenv("PORT").toInt())\n    Runtime.getRuntime().addShutdownHook(Thread { app.stop() })\n}\n',
    'import java.net.ServerSocket\n\nfun main() {\n    Runtime.getRuntime().addShutdownHook(Thread { stop() })\n    ServerSocket(System.getenv("PORT").toInt()).accept()\n}\n',
    'import io.grpc.ServerBuilder\n\nfun main() {\n    Runtime.getRuntime().addShutdownHook(Thread { stop() })\n    ServerBuilder.forPort(System.getenv("PORT").toInt()).build().start()\n}\n',
    "fun add(a: Int, b: Int) = a + b\n",
    'fun main() {\n    Runtime.getRuntime().addShutdownHook(Thread { stop() })\n    app.asServer(Netty(System.getenv("PORT").toInt())).start()\n}\n',
    'import io.ktor.server.engine.embeddedServer\nimport io.ktor.server.netty.Netty\n\nfun main() {\n    embeddedServer(Netty, port = System.getenv("PORT")?.toInt() ?: 8080, host = "0.0.0.0") {}.start(wait = true)\n}\n',
    {
      "src/main/kotlin/Main.kt":
        'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
      "src/main/kotlin/Stop.kt": "fun onStop(f: () -> Unit) = Runtime.getRuntime().addShutdownHook(Thread(f))\n",
    },
  ],
  [
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
    'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT")?.toInt() ?: 7000)\n}\n',
    'import java.net.ServerSocket\n\nfun main() {\n    ServerSocket(System.getenv("PORT").toInt()).accept()\n}\n',
    'import io.grpc.ServerBuilder\n\nfun main() {\n    ServerBuilder.forPort(System.getenv("PORT").toInt()).build().start().awaitTermination()\n}\n',
    'fun main() {\n    app.asServer(Netty(System.getenv("PORT").toInt())).start()\n}\n',
    'val port = System.getenv("PORT").toInt()\n\nimport io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(port)\n}\n',
    '// addShutdownHook would be better\nimport io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
    {
      "src/main/kotlin/Main.kt":
        'import io.javalin.Javalin\n\nfun main() {\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
      Dockerfile: 'FROM eclipse-temurin:21\nCMD ["java", "-jar", "app.jar"]\n',
    },
  ],
);
