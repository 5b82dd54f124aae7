import { examplesOf, type Program } from "./examples.ts";
import { KOTLIN_MAIN, ktor } from "./kotlin.ts";

const GRPC =
  'import io.grpc.ServerBuilder\n\nfun main() {\n    val port = System.getenv("PORT")?.toInt() ?: 8080\n    val server = ServerBuilder.forPort(port).addService(Greeter()).build()\n    server.start()\n    server.awaitTermination()\n}\n';
const SERVICE =
  "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          ports:\n            - name: h2c\n              containerPort: 8080\n";
const grpc = (more: Record<string, string> = {}): Program => ({ [KOTLIN_MAIN]: GRPC, ...more });

export default examplesOf(
  KOTLIN_MAIN,
  [
    grpc({ "service.yaml": SERVICE }),
    grpc({ "deploy.sh": "gcloud run deploy app --use-http2\n" }),
    grpc({ "main.tf": 'ports {\n  name = "h2c"\n}\n' }),
    ktor('get("/") { call.respondText("hi") }'),
    'fun main() {\n    val channel = ManagedChannelBuilder.forTarget(System.getenv("BACKEND")).build()\n    Javalin.create().start(System.getenv("PORT").toInt())\n}\n',
    grpc({ "cloudbuild.yaml": "steps:\n  - name: gcloud\n    args: [run, deploy, app, --use-http2]\n" }),
    grpc({ "knative.yaml": SERVICE.replace("name: h2c", 'name: "h2c"') }),
    "// ServerBuilder.forPort(port)\nfun main() {}\n",
  ],
  [
    grpc(),
    grpc({ "service.yaml": SERVICE.replace("name: h2c", "name: http1") }),
    grpc({ Dockerfile: 'FROM eclipse-temurin:21-jre\nENTRYPOINT ["java", "-jar", "app.jar"]\n' }),
    "class HelloServer(private val port: Int) {\n    val server = ServerBuilder.forPort(port).addService(Hello()).build()\n}\n",
    'fun main() {\n    ServerBuilder\n        .forPort(System.getenv("PORT").toInt())\n        .addService(Echo())\n        .build()\n        .start()\n        .awaitTermination()\n}\n',
    grpc({ "deploy.sh": "gcloud run deploy app --port 8080\n" }),
    'private val server: Server = ServerBuilder.forPort(PORT).intercept(Log()).build()\nval PORT = System.getenv("PORT").toInt()\n',
    'fun start(services: List<BindableService>) {\n    val builder = ServerBuilder.forPort(System.getenv("PORT")?.toInt() ?: 50051)\n    services.forEach { builder.addService(it) }\n    builder.build().start()\n}\n',
  ],
);
