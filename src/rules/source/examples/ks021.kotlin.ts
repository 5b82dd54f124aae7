import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor } from "./kotlin.ts";

const HOOK = (body: string): string =>
  `fun main() {\n    val server = embeddedServer(Netty, port = System.getenv("PORT").toInt()) {}\n    Runtime.getRuntime().addShutdownHook(Thread {\n        ${body}\n    })\n    server.start(wait = true)\n}\n`;
const spring = (properties: string): Record<string, string> => ({
  "src/main/kotlin/App.kt":
    "@SpringBootApplication\nclass App\n\nfun main(args: Array<String>) {\n    runApplication<App>(*args)\n}\n",
  "build.gradle.kts": 'implementation("org.springframework.boot:spring-boot-starter-web:3.3.1")\n',
  "src/main/resources/application.properties": `server.port=\${PORT:8080}\nserver.shutdown=graceful\n${properties}`,
});

export default examplesOf(
  KOTLIN_MAIN,
  [
    HOOK("server.stop(1000, 5000)"),
    HOOK("Thread.sleep(2000)\n        server.stop(0, 0)"),
    HOOK("pool.awaitTermination(8, TimeUnit.SECONDS)"),
    spring("spring.lifecycle.timeout-per-shutdown-phase=8s\n"),
    "fun main() {\n    embeddedServer(Netty, configure = {\n        shutdownGracePeriod = 2000\n        shutdownTimeout = 8000\n    }) {}.start(wait = true)\n}\n",
    ktor('get("/") {\n    Thread.sleep(20000)\n    call.respondText("slow")\n}'),
    "fun main() {\n    pool.awaitTermination(60, TimeUnit.SECONDS)\n}\n",
    'fun main() {\n    val app = Javalin.create().start(System.getenv("PORT").toInt())\n    Runtime.getRuntime().addShutdownHook(Thread { app.stop() })\n}\n',
  ],
  [
    HOOK("server.stop(1000, 30000)"),
    HOOK("server.stop(gracePeriodMillis = 1000, timeoutMillis = 60_000)"),
    HOOK("Thread.sleep(30_000)"),
    HOOK("pool.awaitTermination(60, TimeUnit.SECONDS)"),
    HOOK("server.stop(5, 20, TimeUnit.SECONDS)"),
    spring("spring.lifecycle.timeout-per-shutdown-phase=45s\n"),
    "fun main() {\n    embeddedServer(Netty, configure = {\n        shutdownGracePeriod = 2000\n        shutdownTimeout = 30_000\n    }) {}.start(wait = true)\n}\n",
    {
      "src/main/resources/application.yaml": "ktor:\n  deployment:\n    port: $PORT\n    shutdownTimeout: 20000\n",
      "src/main/kotlin/App.kt": "fun Application.module() {}\n",
    },
  ],
);
