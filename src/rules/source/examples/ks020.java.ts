import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"];
const SERVE =
  'HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);\nserver.start();';

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(HTTP, `${SERVE}\nRuntime.getRuntime().addShutdownHook(new Thread(() -> server.stop(5)));`),
    springBoot("server.port=${PORT:8080}\nserver.shutdown=graceful\n"),
    springBoot("server.port=${PORT:8080}\n", "3.4.2"),
    springBoot("server.port=${PORT:8080}\n", "4.0.0"),
    javaMain(
      ["org.eclipse.jetty.server.Server"],
      'Server server = new Server(Integer.parseInt(System.getenv("PORT")));\nserver.setStopAtShutdown(true);\nserver.start();',
    ),
    javaMain(["sun.misc.Signal", ...HTTP], `${SERVE}\nSignal.handle(new Signal("TERM"), s -> server.stop(1));`),
    {
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
      "src/main/resources/application.properties": "quarkus.http.port=${PORT:8080}\n",
    },
    javaMain([], "System.out.println(42);"),
    javaMain(
      ["java.net.ServerSocket"],
      'Runtime.getRuntime().addShutdownHook(new Thread(Main::drain));\nnew ServerSocket(Integer.parseInt(System.getenv("PORT"))).accept();',
    ),
    {
      "src/main/java/app/App.java":
        "package app;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n",
      "pom.xml":
        "<project>\n  <properties>\n    <spring.boot.version>3.5.1</spring.boot.version>\n  </properties>\n  <dependencies>\n    <dependency>\n      <groupId>org.springframework.boot</groupId>\n      <artifactId>spring-boot-starter-web</artifactId>\n      <version>${spring.boot.version}</version>\n    </dependency>\n  </dependencies>\n</project>\n",
    },
    {
      "src/main/java/app/App.java":
        "package app;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n",
      "pom.xml":
        "<project>\n  <parent>\n    <groupId>org.example</groupId>\n    <artifactId>parent</artifactId>\n    <version>1.0</version>\n  </parent>\n  <dependencies>\n    <dependency>\n      <groupId>org.springframework.boot</groupId>\n      <artifactId>spring-boot-starter-web</artifactId>\n    </dependency>\n  </dependencies>\n</project>\n",
    },
  ],
  [
    javaMain(HTTP, SERVE),
    springBoot("server.port=${PORT:8080}\n"),
    springBoot("server.port=${PORT:8080}\n", "2.7.5"),
    springBoot("server.port=${PORT:8080}\nserver.shutdown=immediate\n", "3.5.0"),
    javaMain(["io.javalin.Javalin"], 'Javalin.create().start(Integer.parseInt(System.getenv("PORT")));'),
    javaMain(["java.net.ServerSocket"], 'new ServerSocket(Integer.parseInt(System.getenv("PORT"))).accept();'),
    javaMain(
      ["io.grpc.ServerBuilder"],
      'ServerBuilder.forPort(Integer.parseInt(System.getenv("PORT"))).build().start().awaitTermination();',
    ),
    javaMain(["sun.misc.Signal", ...HTTP], `${SERVE}\nSignal.handle(new Signal("INT"), s -> server.stop(1));`),
    javaMain(HTTP, `// Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(5)));\n${SERVE}`),
    {
      "src/main/java/app/App.java":
        "package app;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n",
      "pom.xml":
        "<project>\n  <properties>\n    <spring.boot.version>2.5.12</spring.boot.version>\n  </properties>\n  <dependencies>\n    <dependency>\n      <groupId>org.springframework.boot</groupId>\n      <artifactId>spring-boot-starter-web</artifactId>\n      <version>${spring.boot.version}</version>\n    </dependency>\n  </dependencies>\n</project>\n",
    },
  ],
);
