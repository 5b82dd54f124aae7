import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor, springController } from "./kotlin.ts";

export default examplesOf(
  KOTLIN_MAIN,
  [
    ktor(
      'get("/") { call.respondText("hi") }',
      "",
      'install(Sessions) {\n    cookie<User>("user") {\n        transform(SessionTransportTransformerMessageAuthentication(key))\n    }\n}',
    ),
    ktor('get("/labels") {\n    call.respond(labels)\n}', 'val labels = listOf("a", "b")'),
    ktor('get("/squares") {\n    val out = mutableListOf<Int>()\n    out.add(1)\n    call.respond(out)\n}'),
    ktor(
      'get("/rate") {\n    call.respond(rateCache.getOrPut("eur") { load() })\n}',
      "val rateCache = ConcurrentHashMap<String, Double>()",
    ),
    springController('@PostMapping("/items")\nfun add(@RequestBody item: String) = repository.save(item)'),
    "val handlers = mutableMapOf<String, () -> Unit>()\n\nfun register(name: String, f: () -> Unit) {\n    handlers[name] = f\n}\n",
    "// SessionStorageMemory() loses the sessions\nfun main() {}\n",
    ktor('post("/todos") {\n    todos.insert(call.receive())\n}', "val todos = TodoRepository()"),
  ],
  [
    ktor(
      'get("/") { call.respondText("hi") }',
      "",
      'install(Sessions) {\n    cookie<User>("id", SessionStorageMemory())\n}',
    ),
    ktor('post("/todos") {\n    todos.add(call.receiveText())\n}', "val todos = mutableListOf<String>()"),
    ktor(
      'put("/users/{id}") {\n    users[call.parameters["id"]!!] = call.receiveText()\n}',
      "val users = ConcurrentHashMap<String, String>()",
    ),
    springController(
      'private val items = mutableListOf<String>()\n\n@PostMapping("/items")\nfun add(@RequestBody item: String) {\n    items.add(item)\n}',
    ),
    springController(
      '@PostMapping("/cart")\nfun add(session: HttpSession, @RequestBody item: String) {\n    session.setAttribute("item", item)\n}',
      "import jakarta.servlet.http.HttpSession\n",
    ),
    'fun main() {\n    val app = Javalin.create().start(System.getenv("PORT").toInt())\n    app.post("/login") { ctx ->\n        ctx.sessionAttribute("user", ctx.formParam("name"))\n    }\n}\n',
    "@Bean\nfun sessions() = MapSessionRepository(ConcurrentHashMap())\n",
    "val handler = SessionHandler.create(LocalSessionStore.create(vertx))\n",
    "@Component\n@SessionScope\nclass Cart {\n    var items = 0\n}\n",
  ],
);
