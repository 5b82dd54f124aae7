import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor } from "./kotlin.ts";

const cio = (line: string): string =>
  `import io.ktor.server.cio.CIO\nimport io.ktor.server.engine.embeddedServer\n\nfun main() {\n    embeddedServer(CIO, port = System.getenv("PORT").toInt(), configure = {\n        ${line}\n    }) {}.start(wait = true)\n}\n`;
const spring = (line: string): Record<string, string> => ({
  "src/main/resources/application.properties": `server.port=\${PORT:8080}\n${line}`,
  [KOTLIN_MAIN]: "@SpringBootApplication\nclass App\n",
});

export default examplesOf(
  KOTLIN_MAIN,
  [
    cio("connectionIdleTimeoutSeconds = 95"),
    cio("connectionGroupSize = 2"),
    ktor('get("/") { call.respondText("hi") }'),
    spring("server.tomcat.keep-alive-timeout=95s\n"),
    "val connector = ServerConnector(server).apply { idleTimeout = 120_000 }\n",
    "val options = HttpServerOptions().setIdleTimeout(120)\n",
    "val client = HttpClient(CIO) { engine { endpoint { keepAliveTime = 5000 } } }\n",
    spring("spring.datasource.hikari.idle-timeout=30000\n"),
  ],
  [
    cio("connectionIdleTimeoutSeconds = 45"),
    cio("connectionIdleTimeoutSeconds = 5"),
    "val connector = ServerConnector(server).apply { idleTimeout = 30_000 }\n",
    "val options = HttpServerOptions().setIdleTimeout(10)\n",
    spring("server.tomcat.keep-alive-timeout=20s\n"),
    spring("server.netty.idle-timeout=60s\n"),
    'HttpServer.create().port(System.getenv("PORT").toInt()).idleTimeout(Duration.ofSeconds(20)).bindNow()\n',
    'tomcat.connector.setProperty("x", "y")\nprotocol.keepAliveTimeout = 15000\n',
  ],
);
