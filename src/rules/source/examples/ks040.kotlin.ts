import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor, springController } from "./kotlin.ts";

export default examplesOf(
  KOTLIN_MAIN,
  [
    'fun main() {\n    Database.connect(System.getenv("JDBC_URL"))\n}\n',
    'fun main() {\n    Database.connect("jdbc:h2:mem:test;DB_CLOSE_DELAY=-1", driver = "org.h2.Driver")\n}\n',
    'fun main() {\n    Database.connect("jdbc:postgresql://db/app", user = "u")\n}\n',
    ktor('post("/convert") {\n    File("/tmp/in.png").writeBytes(call.receive())\n}'),
    ktor('get("/page") {\n    call.respondText(File("page.html").readText())\n}'),
    'fun main() {\n    File("version.txt").writeText("1")\n}\n',
    '// Database.connect("jdbc:sqlite:app.db")\nfun main() {}\n',
    springController('@PostMapping("/items")\nfun add(@RequestBody item: String) = repository.save(item)'),
    ktor('post("/upload") {\n    val file = kotlin.io.path.createTempFile()\n    file.writeBytes(call.receive())\n}'),
  ],
  [
    'fun main() {\n    Database.connect("jdbc:sqlite:data/app.db", "org.sqlite.JDBC")\n}\n',
    'const val URL = "jdbc:h2:./build/db"\n\nfun main() {\n    Database.connect(URL)\n}\n',
    'fun main() {\n    val driver = JdbcSqliteDriver("jdbc:sqlite:test.db")\n}\n',
    'import java.sql.DriverManager\n\nfun main() {\n    DriverManager.getConnection("jdbc:sqlite:todos.db")\n}\n',
    ktor(
      'post("/notes") {\n    File("notes.txt").appendText(call.receiveText())\n    call.respond(HttpStatusCode.Created)\n}',
    ),
    ktor('post("/upload") {\n    File("uploads/${name}").outputStream().use { part.copyTo(it) }\n}'),
    'val config = HikariConfig().apply {\n    jdbcUrl = "jdbc:h2:file:./data/app"\n}\n',
    springController(
      '@PostMapping("/save")\nfun save(@RequestBody text: String) {\n    File("data.json").writeText(text)\n}',
    ),
    'fun main() {\n    val db = DBMaker.fileDB("cache.db").make()\n}\n',
    ktor(
      'get("/") { call.respondText("hi") }',
      "",
      'install(Sessions) {\n    cookie<User>("id", directorySessionStorage(File(".sessions")))\n}',
    ),
  ],
);
