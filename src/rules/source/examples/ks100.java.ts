import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(
      ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"],
      'HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0).start();',
    ),
    springBoot("server.port=${PORT:8080}\n"),
    {
      "src/main/java/app/Add.java":
        "package app;\n\npublic class Add {\n  static int add(int a, int b) {\n    return a + b;\n  }\n}\n",
    },
    {
      "src/main/java/app/Main.java": javaMain([], 'System.out.println("hi");'),
      "pom.xml": "<project><artifactId>spring-boot-starter-web</artifactId></project>",
    },
    javaMain(["com.acme.platform.PlatformServer"], "PlatformServer.run();"),
    {
      "src/main/java/app/Hello.java":
        "package app;\n\nimport com.google.cloud.functions.HttpFunction;\n\npublic class Hello implements HttpFunction {}\n",
    },
    {
      "src/main/java/app/Main.java": javaMain([], 'System.out.println("hi");'),
      "build.gradle": 'implementation "io.javalin:javalin:6.0.0"\n',
    },
    { "src/test/java/app/MainTest.java": javaMain([], 'System.out.println("hi");') },
  ],
  [
    javaMain([], 'System.out.println("hello");'),
    javaMain(["java.io.File"], 'for (File f : new File(".").listFiles()) {\n  System.out.println(f.getName());\n}'),
    javaMain(
      ["java.sql.DriverManager"],
      'DriverManager.getConnection(System.getenv("JDBC_URL")).createStatement().execute("vacuum");',
    ),
    javaMain([], "for (int i = 0; i < 3; i++) {\n  System.out.println(i);\n  Thread.sleep(1000);\n}"),
    {
      "src/main/java/app/Main.java": javaMain([], "System.out.println(new Steps().count());"),
      "src/main/java/app/Steps.java": "package app;\n\nclass Steps {\n  int count() {\n    return 3;\n  }\n}\n",
    },
    javaMain(["java.util.Scanner"], "Scanner in = new Scanner(System.in);\nSystem.out.println(in.nextLine());"),
    {
      "src/main/java/app/Main.java": javaMain([], 'System.out.println("job");'),
      "pom.xml": "<project><artifactId>google-cloud-bigquery</artifactId></project>",
    },
    javaMain(["java.time.LocalDate"], "System.out.println(LocalDate.now());"),
  ],
);
