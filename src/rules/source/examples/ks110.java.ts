import { examplesOf } from "./examples.ts";
import { javaMain } from "./java.ts";
import { restController } from "./java-class.ts";

const SPARK = (handler: string): string =>
  `package app;\n\nimport static spark.Spark.get;\n\npublic class Main {\n  public static void main(String[] args) {\n    get("/", (req, res) -> {\n${handler
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n")}\n    });\n  }\n}\n`;

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(
      [],
      'String name = System.getenv("NAME");\nif (name == null) {\n  name = "World";\n}\nSystem.out.println(name);',
    ),
    javaMain([], 'String name = System.getenv().getOrDefault("NAME", "World");\nSystem.out.println(name);'),
    javaMain([], 'if (args.length == 0) {\n  throw new IllegalArgumentException("no file");\n}'),
    javaMain([], 'if (System.getenv("PORT") == null) {\n  System.exit(1);\n}'),
    javaMain([], 'if (System.getenv("DEBUG_CHECK") != null) {\n  throw new IllegalStateException("checked");\n}'),
    SPARK('if (req.queryParams("id") == null) {\n  res.status(500);\n  return "";\n}\nreturn "ok";'),
    {
      "src/main/java/app/Main.java": javaMain(
        [],
        'if (System.getenv("API_KEY") == null) {\n  throw new IllegalStateException("no key");\n}',
      ),
      Dockerfile: 'FROM eclipse-temurin:21\nENV API_KEY=x\nCMD ["java", "-jar", "app.jar"]\n',
    },
    javaMain(
      [],
      'String key = System.getenv("API_KEY");\nif (key == null) {\n  System.err.println("no key, going on");\n}',
    ),
  ],
  [
    SPARK(
      'String name = System.getenv("NAME");\nif (name == null) {\n  res.status(500);\n  return "Internal Server Error";\n}\nreturn "Hello " + name;',
    ),
    javaMain(
      [],
      'String key = System.getenv("API_KEY");\nif (key == null) {\n  throw new IllegalStateException("API_KEY is required");\n}',
    ),
    javaMain([], 'if (System.getenv("BUCKET") == null) {\n  System.exit(1);\n}'),
    javaMain(
      [],
      'String url = System.getenv("DATABASE_URL");\nif (url == null || url.isEmpty()) {\n  throw new RuntimeException("no database");\n}',
    ),
    {
      "src/main/java/app/Config.java":
        'package app;\n\npublic class Config {\n  static final String TOKEN = System.getenv("TOKEN");\n  static final Config SHARED = new Config();\n\n  Config() {\n    if (TOKEN == null) {\n      throw new IllegalStateException("no token");\n    }\n  }\n}\n',
    },
    restController(
      ["org.springframework.http.ResponseEntity"],
      '@GetMapping("/")\nResponseEntity<String> hello() {\n  String name = System.getenv("NAME");\n  if (name == null) {\n    return ResponseEntity.status(500).body("no name");\n  }\n  return ResponseEntity.ok(name);\n}',
    ),
    restController(
      [],
      '@GetMapping("/")\nString hello() {\n  String name = System.getenv("NAME");\n  if (name == null) {\n    throw new IllegalStateException("no name");\n  }\n  return name;\n}',
    ),
    javaMain(
      [],
      'String project = System.getenv("PROJECT");\nif (project == null) {\n  System.err.println("no project");\n  System.exit(2);\n}',
    ),
  ],
);
