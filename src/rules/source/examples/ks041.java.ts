import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";
import { javaClass, restController } from "./java-class.ts";

const LIST = ["java.util.ArrayList", "java.util.List"];
const MAP = ["java.util.Map", "java.util.concurrent.ConcurrentHashMap"];

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    restController(
      LIST,
      'private final List<String> labels = List.of("a", "b");\n\n@GetMapping("/labels")\nList<String> all() {\n  return labels;\n}',
    ),
    restController(
      LIST,
      '@GetMapping("/squares")\nList<Integer> squares() {\n  List<Integer> out = new ArrayList<>();\n  out.add(1);\n  return out;\n}',
    ),
    restController([], '@PostMapping("/items")\nvoid add(@RequestBody String item) {\n  repository.save(item);\n}'),
    javaClass(
      ["org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession"],
      "@EnableRedisHttpSession",
      "SessionConfig",
      "",
    ),
    javaClass(
      MAP,
      "",
      "Registry",
      "private final Map<String, String> names = new ConcurrentHashMap<>();\n\nvoid register(String n) {\n  names.put(n, n);\n}",
    ),
    springBoot("server.port=${PORT:8080}\nspring.session.store-type=redis\n"),
    javaMain(
      ["com.github.benmanes.caffeine.cache.Caffeine"],
      "var rates = Caffeine.newBuilder().maximumSize(100).build();",
    ),
    restController(
      MAP,
      'private final Map<String, String> rateCache = new ConcurrentHashMap<>();\n\n@GetMapping("/rate/{c}")\nString rate(@PathVariable String c) {\n  return rateCache.computeIfAbsent(c, this::load);\n}',
    ),
  ],
  [
    restController(
      LIST,
      'private final List<String> todos = new ArrayList<>();\n\n@PostMapping("/todos")\nvoid add(@RequestBody String todo) {\n  todos.add(todo);\n}',
    ),
    restController(
      MAP,
      'private final Map<Long, String> users = new ConcurrentHashMap<>();\n\n@PutMapping("/users/{id}")\nvoid put(@PathVariable Long id, @RequestBody String name) {\n  users.put(id, name);\n}',
    ),
    restController(
      ["jakarta.servlet.http.HttpSession"],
      '@PostMapping("/cart")\nvoid add(HttpSession session, @RequestBody String item) {\n  session.setAttribute("item", item);\n}',
    ),
    javaClass(
      [
        "jakarta.servlet.http.HttpServlet",
        "jakarta.servlet.http.HttpServletRequest",
        "jakarta.servlet.http.HttpServletResponse",
      ],
      "",
      "Login",
      'protected void doPost(HttpServletRequest request, HttpServletResponse response) {\n  request.getSession().setAttribute("user", request.getParameter("name"));\n}',
    ),
    javaMain(
      ["io.vertx.core.Vertx", "io.vertx.ext.web.handler.SessionHandler", "io.vertx.ext.web.sstore.LocalSessionStore"],
      "Vertx vertx = Vertx.vertx();\nvar handler = SessionHandler.create(LocalSessionStore.create(vertx));",
    ),
    javaClass(
      [
        "org.springframework.session.MapSessionRepository",
        "org.springframework.context.annotation.Bean",
        "java.util.concurrent.ConcurrentHashMap",
      ],
      "",
      "SessionConfig",
      "@Bean\nMapSessionRepository sessions() {\n  return new MapSessionRepository(new ConcurrentHashMap<>());\n}",
    ),
    javaClass(
      ["org.springframework.stereotype.Component", "org.springframework.web.context.annotation.SessionScope"],
      "@Component\n@SessionScope",
      "Cart",
      "private int items;",
    ),
    javaClass(
      ["jakarta.ws.rs.POST", "jakarta.ws.rs.Path", ...LIST],
      '@Path("/messages")',
      "Messages",
      "private static final List<String> messages = new ArrayList<>();\n\n@POST\npublic void post(String text) {\n  messages.add(text);\n}",
    ),
    springBoot("server.port=${PORT:8080}\nspring.session.store-type=none\n"),
  ],
);
