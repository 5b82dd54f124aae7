import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"];

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(
      HTTP,
      'int port = Integer.parseInt(System.getenv("PORT"));\nHttpServer.create(new InetSocketAddress(port), 0).start();',
    ),
    javaMain(
      HTTP,
      'String port = System.getenv("PORT");\nif (port == null) {\n  port = "8080";\n}\nHttpServer.create(new InetSocketAddress(Integer.parseInt(port)), 0).start();',
    ),
    javaMain(
      ["io.javalin.Javalin"],
      'Javalin.create().start(Integer.parseInt(System.getenv().getOrDefault("PORT", "7000")));',
    ),
    springBoot("server.port=${PORT:8080}\n"),
    springBoot("server.port=${SERVER_PORT:${PORT:8080}}\n"),
    springBoot("", "3.3.1", { "src/main/resources/application.yml": "server:\n  port: ${PORT:8080}\n" }),
    springBoot("server.port=8080\n", "3.3.1", {
      Dockerfile: "FROM eclipse-temurin:21\nCMD java -Dserver.port=$PORT -jar app.jar\n",
    }),
    javaMain(
      ["java.util.Optional", "io.javalin.Javalin"],
      'int port = Optional.ofNullable(System.getenv("PORT")).map(Integer::parseInt).orElse(8080);\nJavalin.create().start(port);',
    ),
    {
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
      "src/main/resources/application.properties": "quarkus.http.port=${PORT:8080}\n%dev.quarkus.http.port=9000\n",
    },
  ],
  [
    javaMain(HTTP, "HttpServer.create(new InetSocketAddress(8000), 0).start();"),
    javaMain(["io.javalin.Javalin"], "Javalin app = Javalin.create();\napp.start(7000);"),
    javaMain(
      ["java.net.ServerSocket"],
      "int port = 9000;\nServerSocket socket = new ServerSocket(port);\nsocket.accept();",
    ),
    springBoot("server.port=9090\n"),
    springBoot("spring.application.name=app\n"),
    springBoot("server.port=${SERVER_PORT:8081}\n"),
    javaMain(["io.grpc.ServerBuilder"], "ServerBuilder.forPort(50051).build().start().awaitTermination();"),
    {
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
      "src/main/resources/application.properties": "quarkus.application.name=x\n",
    },
    javaMain(
      ["org.eclipse.jetty.server.Server"],
      'Server server = new Server(Integer.parseInt(System.getProperty("port", "8090")));\nserver.start();',
    ),
  ],
);
