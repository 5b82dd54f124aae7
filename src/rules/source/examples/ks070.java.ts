import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"];
const LISTEN = 'HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0).start();';
const pom = (environment: string): Record<string, string> => ({
  "pom.xml": `<project><plugin><artifactId>jib-maven-plugin</artifactId><configuration><container><environment>${environment}</environment></container></configuration></plugin></project>`,
  "src/main/java/app/Main.java": javaMain(HTTP, LISTEN),
});

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(HTTP, LISTEN),
    javaMain(HTTP, `System.setProperty("DB_PORT", "5432");\n${LISTEN}`),
    javaMain(HTTP, `if (System.getenv("PORT") == null) {\n  System.setProperty("PORT", "8080");\n}\n${LISTEN}`),
    pom("<LOG_LEVEL>info</LOG_LEVEL>"),
    springBoot("server.port=${PORT:8080}\n"),
    javaMain(HTTP, `final int PORT = 8080;\nSystem.out.println(PORT);\n${LISTEN}`),
    javaMain(HTTP, `System.out.println(System.getenv("K_SERVICE"));\n${LISTEN}`),
    springBoot("server.port=${PORT:8080}\nmanagement.server.port=9000\n"),
  ],
  [
    javaMain(HTTP, `System.setProperty("PORT", "3000");\n${LISTEN}`),
    javaMain(HTTP, `System.setProperty("PORT", String.valueOf(9000));\n${LISTEN}`),
    javaMain(HTTP, `System.setProperty("K_SERVICE", "shop");\n${LISTEN}`),
    pom("<PORT>3000</PORT>"),
    pom("<LOG_LEVEL>info</LOG_LEVEL><K_REVISION>one</K_REVISION>"),
    {
      "build.gradle": 'jib {\n  container {\n    environment = ["PORT": "9090"]\n  }\n}\n',
      "src/main/java/app/Main.java": javaMain(HTTP, LISTEN),
    },
    springBoot("server.port=${PORT:8080}\n", "3.3.1", {
      "service.yaml":
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          env:\n            - name: PORT\n              value: '8081'\n",
    }),
    springBoot("server.port=${PORT:8080}\n", "3.3.1", {
      "cloudbuild.yaml":
        "steps:\n  - name: gcloud\n    args: [run, deploy, app, '--set-env-vars=PORT=9000,LOG=info']\n",
    }),
  ],
);
