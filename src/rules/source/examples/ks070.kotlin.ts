import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor } from "./kotlin.ts";

const SERVER = ktor('get("/") { call.respondText("hi") }');
const start = (line: string): string => SERVER.replace("fun main() {\n", `fun main() {\n    ${line}\n`);
const gradle = (environment: string): Record<string, string> => ({
  "build.gradle.kts": `jib {\n    container {\n        environment = mapOf(${environment})\n    }\n}\n`,
  [KOTLIN_MAIN]: SERVER,
});

export default examplesOf(
  KOTLIN_MAIN,
  [
    SERVER,
    start('System.setProperty("DB_PORT", "5432")'),
    start('if (System.getenv("PORT") == null) { System.setProperty("PORT", "8080") }'),
    start("val PORT = 8080"),
    start('println(System.getenv("K_SERVICE"))'),
    gradle('"LOG_LEVEL" to "info"'),
    start('// System.setProperty("PORT", "3000")'),
    start('System.setProperty("PORT", System.getenv("PORT") ?: "8080")'),
  ],
  [
    start('System.setProperty("PORT", "3000")'),
    start('System.setProperty("PORT", 9000.toString())'),
    start('System.setProperty("K_SERVICE", "shop")'),
    gradle('"PORT" to "3000"'),
    gradle('"LOG_LEVEL" to "info", "K_REVISION" to "one"'),
    {
      [KOTLIN_MAIN]: SERVER,
      "service.yaml":
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          env:\n            - name: PORT\n              value: '8081'\n",
    },
    {
      [KOTLIN_MAIN]: SERVER,
      "cloudbuild.yaml": "steps:\n  - name: gcloud\n    args: [run, deploy, app, '--set-env-vars=PORT=9000']\n",
    },
    { [KOTLIN_MAIN]: SERVER, Procfile: "web: PORT=3000 java -jar app.jar\n" },
  ],
);
