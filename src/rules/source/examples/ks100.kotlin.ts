import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor } from "./kotlin.ts";

export default examplesOf(
  KOTLIN_MAIN,
  [
    ktor('get("/") { call.respondText("hi") }'),
    "fun add(a: Int, b: Int) = a + b\n",
    {
      [KOTLIN_MAIN]: 'fun main() {\n    println("hi")\n}\n',
      "build.gradle.kts": 'implementation("io.ktor:ktor-server-netty:3.0.0")\n',
    },
    "fun main() {\n    PlatformServer().run()\n}\n",
    "class Hello : HttpFunction {\n    override fun service(request: HttpRequest, response: HttpResponse) {}\n}\n",
    "fun main(args: Array<String>) {\n    runApplication<App>(*args)\n}\n",
    'fun main() {\n    val app = { _: Request -> Response(OK) }\n    app.asServer(Netty(System.getenv("PORT").toInt())).start()\n}\n',
    { "src/test/kotlin/MainTest.kt": 'fun main() {\n    println("hi")\n}\n' },
  ],
  [
    'fun main() {\n    println("hello")\n}\n',
    "fun main(args: Array<String>) {\n    println(java.io.File(args[0]).readText())\n}\n",
    "suspend fun main() {\n    repeat(3) {\n        println(it)\n        kotlinx.coroutines.delay(1000)\n    }\n}\n",
    { [KOTLIN_MAIN]: "fun main() {\n    println(count())\n}\n", "src/main/kotlin/Steps.kt": "fun count() = 3\n" },
    'import java.sql.DriverManager\n\nfun main() {\n    DriverManager.getConnection(System.getenv("JDBC_URL")).createStatement().execute("vacuum")\n}\n',
    {
      [KOTLIN_MAIN]: 'fun main() {\n    println("job")\n}\n',
      "build.gradle.kts": 'implementation("com.google.cloud:google-cloud-bigquery:2.0.0")\n',
    },
    "fun main() {\n    val name = readLine()\n    println(name)\n}\n",
    "import java.time.LocalDate\n\nfun main() = println(LocalDate.now())\n",
  ],
);
