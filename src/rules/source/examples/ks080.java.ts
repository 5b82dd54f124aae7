import { examplesOf, type Program } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const GRPC = javaMain(
  ["io.grpc.Server", "io.grpc.ServerBuilder"],
  'int port = Integer.parseInt(System.getenv("PORT"));\nServer server = ServerBuilder.forPort(port).addService(new Greeter()).build().start();\nserver.awaitTermination();',
);
const MAIN = "src/main/java/app/Main.java";
const SERVICE =
  "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          ports:\n            - name: h2c\n              containerPort: 8080\n";
const grpc = (more: Record<string, string> = {}): Program => ({ [MAIN]: GRPC, ...more });

export default examplesOf(
  MAIN,
  [
    grpc({ "service.yaml": SERVICE }),
    grpc({ "deploy.sh": "gcloud run deploy app --use-http2\n" }),
    grpc({ "main.tf": 'ports {\n  name = "h2c"\n}\n' }),
    springBoot("server.port=${PORT:8080}\n"),
    javaMain(
      ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"],
      'HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0).start();',
    ),
    javaMain(
      ["io.grpc.ManagedChannelBuilder", "com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"],
      'var channel = ManagedChannelBuilder.forTarget(System.getenv("BACKEND")).build();\nHttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0).start();',
    ),
    grpc({ "cloudbuild.yaml": "steps:\n  - name: gcloud\n    args: [run, deploy, app, --use-http2]\n" }),
    grpc({ "k8s/service.yaml": "", "service.knative.yaml": SERVICE }),
  ],
  [
    grpc(),
    grpc({ "service.yaml": SERVICE.replace("name: h2c", "name: http1") }),
    grpc({ Dockerfile: 'FROM eclipse-temurin:21-jre\nCOPY app.jar .\nENTRYPOINT ["java", "-jar", "app.jar"]\n' }),
    javaMain(
      ["io.grpc.netty.NettyServerBuilder"],
      'NettyServerBuilder.forPort(Integer.parseInt(System.getenv("PORT"))).addService(new Greeter()).build().start();',
    ),
    javaMain(
      ["io.grpc.Grpc", "io.grpc.InsecureServerCredentials"],
      'Grpc.newServerBuilderForPort(Integer.parseInt(System.getenv("PORT")), InsecureServerCredentials.create()).addService(new Greeter()).build().start();',
    ),
    javaMain(
      ["io.grpc.ServerBuilder"],
      'String port = System.getenv().getOrDefault("PORT", "50051");\nvar server = ServerBuilder.forPort(Integer.parseInt(port)).intercept(log).build();\nserver.start();',
    ),
    grpc({ "deploy.sh": "gcloud run deploy app --port 8080\n" }),
    javaMain(
      ["io.grpc.Server", "io.grpc.ServerBuilder"],
      'final Server server = ServerBuilder\n    .forPort(Integer.valueOf(System.getenv("PORT")))\n    .addService(new Echo())\n    .build();\nserver.start();\nRuntime.getRuntime().addShutdownHook(new Thread(server::shutdown));',
    ),
  ],
);
