import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = [
  "com.sun.net.httpserver.HttpServer",
  "java.net.InetSocketAddress",
  "java.util.concurrent.ExecutorService",
  "java.util.concurrent.Executors",
  "java.util.concurrent.TimeUnit",
];
const START =
  'HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);\nExecutorService pool = Executors.newFixedThreadPool(4);\nserver.start();\n';
const hook = (body: string): string =>
  `${START}Runtime.getRuntime().addShutdownHook(new Thread(() -> {\n  ${body}\n}));`;
const PORT = "server.port=${PORT:8080}\n";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(HTTP, hook("server.stop(5);")),
    javaMain(HTTP, hook("pool.awaitTermination(8, TimeUnit.SECONDS);")),
    springBoot(`${PORT}server.shutdown=graceful\nspring.lifecycle.timeout-per-shutdown-phase=8s\n`),
    springBoot(`${PORT}server.shutdown=graceful\nspring.lifecycle.timeout-per-shutdown-phase=9500ms\n`),
    javaMain(HTTP, `${START}pool.awaitTermination(60, TimeUnit.SECONDS);`),
    javaMain(
      [...HTTP, "org.eclipse.jetty.server.Server"],
      "Server server = new Server(8080);\nserver.setStopTimeout(5000);\nserver.setStopAtShutdown(true);\nserver.start();",
    ),
    javaMain(
      HTTP,
      hook(
        "try {\n    Thread.sleep(2000);\n  } catch (InterruptedException e) {\n    Thread.currentThread().interrupt();\n  }\n  server.stop(0);",
      ),
    ),
    {
      "src/main/resources/application.properties": "quarkus.http.port=${PORT:8080}\nquarkus.shutdown.timeout=8\n",
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
    },
    springBoot(PORT, "3.4.1", {
      "src/main/resources/application-dev.properties": "spring.lifecycle.timeout-per-shutdown-phase=60s\n",
    }),
  ],
  [
    springBoot(`${PORT}server.shutdown=graceful\nspring.lifecycle.timeout-per-shutdown-phase=30s\n`),
    springBoot(`${PORT}server.shutdown=graceful\nspring.lifecycle.timeout-per-shutdown-phase=1m\n`),
    {
      "src/main/resources/application.yml":
        "server:\n  port: ${PORT:8080}\n  shutdown: graceful\nspring:\n  lifecycle:\n    timeout-per-shutdown-phase: 25s\n",
      "src/main/java/app/App.java": "package app;\n",
      "pom.xml": "<project/>",
    },
    javaMain(HTTP, hook("pool.awaitTermination(60, TimeUnit.SECONDS);")),
    javaMain(
      HTTP,
      hook(
        "try {\n    Thread.sleep(30000);\n  } catch (InterruptedException e) {\n    return;\n  }\n  server.stop(0);",
      ),
    ),
    javaMain(HTTP, hook("pool.awaitTermination(2, TimeUnit.MINUTES);")),
    javaMain(
      ["org.eclipse.jetty.server.Server"],
      "Server server = new Server(8080);\nserver.setStopTimeout(30000);\nserver.setStopAtShutdown(true);\nserver.start();",
    ),
    {
      "src/main/resources/application.properties": "quarkus.http.port=${PORT:8080}\nquarkus.shutdown.timeout=30\n",
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
    },
    {
      "src/main/java/app/Jobs.java":
        "package app;\n\nimport jakarta.annotation.PreDestroy;\nimport java.util.concurrent.ExecutorService;\nimport java.util.concurrent.Executors;\nimport java.util.concurrent.TimeUnit;\nimport org.springframework.stereotype.Component;\n\n@Component\npublic class Jobs {\n  private final ExecutorService pool = Executors.newFixedThreadPool(2);\n\n  @PreDestroy\n  void stop() throws InterruptedException {\n    pool.shutdown();\n    pool.awaitTermination(45, TimeUnit.SECONDS);\n  }\n}\n",
    },
  ],
);
