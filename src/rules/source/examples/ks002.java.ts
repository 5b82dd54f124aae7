import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"];
const PORT = 'int port = Integer.parseInt(System.getenv("PORT"));\n';

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(HTTP, `${PORT}HttpServer.create(new InetSocketAddress(port), 0).start();`),
    javaMain(HTTP, `${PORT}HttpServer.create(new InetSocketAddress("0.0.0.0", port), 0).start();`),
    springBoot("server.port=${PORT:8080}\n"),
    springBoot("server.port=${PORT:8080}\nserver.address=0.0.0.0\n"),
    springBoot("server.port=${PORT:8080}\nspring.data.redis.host=localhost\n"),
    javaMain(["java.net.ServerSocket"], `${PORT}new ServerSocket(port).accept();`),
    javaMain(
      ["java.net.Socket", "java.net.ServerSocket"],
      `${PORT}new Socket("localhost", 5432);\nnew ServerSocket(port).accept();`,
    ),
    javaMain(["io.javalin.Javalin"], `${PORT}Javalin.create().start(port);`),
  ],
  [
    javaMain(HTTP, `${PORT}HttpServer.create(new InetSocketAddress("localhost", port), 0).start();`),
    javaMain(
      HTTP,
      `${PORT}String host = "127.0.0.1";\nHttpServer.create(new InetSocketAddress(host, port), 0).start();`,
    ),
    springBoot("server.port=${PORT:8080}\nserver.address=127.0.0.1\n"),
    springBoot("server.port=${PORT:8080}\nserver.address=localhost\n"),
    springBoot("server.port=${PORT:8080}\nserver.address=127.0.0.1\n", "3.3.1", { "pom.xml": "<project/>" }),
    javaMain(["io.undertow.Undertow"], `${PORT}Undertow.builder().addHttpListener(port, "localhost").build().start();`),
    javaMain(
      ["io.vertx.core.Vertx"],
      `${PORT}Vertx vertx = Vertx.vertx();\nvertx.createHttpServer().listen(port, "127.0.0.1");`,
    ),
    javaMain(
      ["java.net.InetAddress", "java.net.ServerSocket"],
      `${PORT}new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1")).accept();`,
    ),
    javaMain(
      [...HTTP, "java.net.InetAddress"],
      `${PORT}HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0).start();`,
    ),
  ],
);
