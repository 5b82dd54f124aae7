import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const PORT = "server.port=${PORT:8080}\n";
const quarkus = (line: string): Record<string, string> => ({
  "src/main/resources/application.properties": `quarkus.http.port=\${PORT:8080}\n${line}`,
  "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
});

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    springBoot(`${PORT}server.tomcat.keep-alive-timeout=95s\n`),
    springBoot(PORT),
    springBoot(`${PORT}server.jetty.connection-idle-timeout=2m\n`),
    springBoot(`${PORT}spring.datasource.hikari.idle-timeout=30000\n`),
    quarkus("quarkus.http.idle-timeout=30M\n"),
    javaMain(
      ["org.eclipse.jetty.server.Server", "org.eclipse.jetty.server.ServerConnector"],
      "ServerConnector connector = new ServerConnector(new Server());\nconnector.setIdleTimeout(120000);",
    ),
    javaMain(
      ["io.vertx.core.http.HttpServerOptions"],
      "HttpServerOptions options = new HttpServerOptions().setIdleTimeout(100);",
    ),
    springBoot(`${PORT}server.tomcat.keep-alive-timeout=\${KEEP_ALIVE}\n`),
    javaMain(
      ["org.apache.http.impl.client.HttpClients"],
      "var client = HttpClients.custom().setKeepAliveStrategy((r, c) -> 5000).build();",
    ),
  ],
  [
    springBoot(`${PORT}server.tomcat.keep-alive-timeout=15s\n`),
    springBoot(`${PORT}server.tomcat.keep-alive-timeout=20000\n`),
    springBoot(`${PORT}server.jetty.connection-idle-timeout=30s\n`),
    springBoot(`${PORT}server.netty.idle-timeout=60s\n`),
    quarkus("quarkus.http.idle-timeout=30s\n"),
    javaMain(
      ["org.eclipse.jetty.server.Server", "org.eclipse.jetty.server.ServerConnector"],
      "ServerConnector connector = new ServerConnector(new Server());\nconnector.setIdleTimeout(30000);",
    ),
    javaMain(
      ["io.vertx.core.http.HttpServerOptions"],
      "HttpServerOptions options = new HttpServerOptions().setIdleTimeout(10);",
    ),
    javaMain(
      ["java.time.Duration", "reactor.netty.http.server.HttpServer"],
      'HttpServer.create().port(Integer.parseInt(System.getenv("PORT"))).idleTimeout(Duration.ofSeconds(20)).bindNow();',
    ),
    {
      "src/main/resources/application.yml": "micronaut:\n  server:\n    port: ${PORT:8080}\n    idle-timeout: 45s\n",
      "build.gradle": 'plugins { id("io.micronaut.application") }\n',
    },
  ],
);
