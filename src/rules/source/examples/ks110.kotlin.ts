import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor } from "./kotlin.ts";

export default examplesOf(
  KOTLIN_MAIN,
  [
    'val name = System.getenv("NAME") ?: "World"\n',
    'val port = System.getenv("PORT")!!.toInt()\n',
    'val key: String? = System.getenv("API_KEY")\n',
    '// System.getenv("API_KEY") ?: error("no key")\nval x = 1\n',
    'fun main() {\n    val debug = System.getenv("DEBUG_MODE")?.toBoolean() ?: false\n    println(debug)\n}\n',
    {
      [KOTLIN_MAIN]: 'val key = System.getenv("API_KEY") ?: error("no key")\n',
      Dockerfile: 'FROM eclipse-temurin:21\nENV API_KEY=x\nCMD ["java", "-jar", "app.jar"]\n',
    },
    ktor('get("/") {\n    call.respondText(System.getenv("NAME") ?: "World")\n}'),
    'val region = System.getenv().getOrDefault("REGION", "unknown")\n',
  ],
  [
    'val key = System.getenv("API_KEY") ?: error("API_KEY is missing")\n',
    'val key = System.getenv("API_KEY") ?: throw IllegalStateException("no key")\n',
    'val key = System.getenv("API_KEY")!!\n',
    'val key = requireNotNull(System.getenv("API_KEY")) { "API_KEY is missing" }\n',
    'class Config {\n    val url: String = checkNotNull(System.getenv("DATABASE_URL"))\n}\n',
    'fun main() {\n    val bucket = System.getenv("BUCKET") ?: exitProcess(1)\n    println(bucket)\n}\n',
    ktor(
      'get("/") {\n    val name = System.getenv("NAME") ?: throw IllegalStateException("no name")\n    call.respondText(name)\n}',
    ),
    'val token = System.getenv().getValue("TOKEN")\n',
  ],
);
