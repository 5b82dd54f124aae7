import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";
import { restController } from "./java-class.ts";

const SQL = ["java.sql.Connection", "java.sql.DriverManager"];
const PORT = "server.port=${PORT:8080}\n";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(SQL, 'Connection db = DriverManager.getConnection(System.getenv("JDBC_URL"));'),
    javaMain(SQL, 'Connection db = DriverManager.getConnection("jdbc:h2:mem:test");'),
    javaMain(SQL, 'Connection db = DriverManager.getConnection("jdbc:postgresql://db/app", "u", "p");'),
    springBoot(`${PORT}spring.datasource.url=jdbc:h2:mem:testdb\n`),
    springBoot(`${PORT}spring.datasource.url=\${JDBC_URL}\n`),
    restController(
      ["java.nio.file.Files", "java.nio.file.Path"],
      '@PostMapping("/convert")\nvoid convert(@RequestBody byte[] in) throws Exception {\n  Path file = Files.createTempFile("in", ".png");\n  Files.write(file, in);\n}',
    ),
    restController(
      ["java.nio.file.Files", "java.nio.file.Path"],
      '@PostMapping("/convert")\nvoid convert(@RequestBody byte[] in) throws Exception {\n  Files.write(Path.of("/tmp/in.png"), in);\n}',
    ),
    restController(
      ["java.nio.file.Files", "java.nio.file.Path"],
      '@GetMapping("/page")\nString page() throws Exception {\n  return Files.readString(Path.of("page.html"));\n}',
    ),
    javaMain(["java.nio.file.Files", "java.nio.file.Path"], 'Files.writeString(Path.of("version.txt"), "1");'),
    springBoot(PORT, "3.3.1", {
      "src/main/resources/application-dev.properties": "spring.datasource.url=jdbc:h2:file:./data/dev\n",
    }),
  ],
  [
    javaMain(SQL, 'Connection db = DriverManager.getConnection("jdbc:sqlite:app.db");'),
    javaMain(SQL, 'String url = "jdbc:h2:./data/app";\nConnection db = DriverManager.getConnection(url);'),
    springBoot(`${PORT}spring.datasource.url=jdbc:h2:file:./data/app\n`),
    springBoot(`${PORT}spring.datasource.url=jdbc:sqlite:todos.db\n`),
    javaMain(["org.mapdb.DBMaker"], 'var db = DBMaker.fileDB("file.db").make();'),
    javaMain(
      ["com.zaxxer.hikari.HikariConfig"],
      'HikariConfig config = new HikariConfig();\nconfig.setJdbcUrl("jdbc:hsqldb:file:data/shop");',
    ),
    restController(
      ["java.nio.file.Files", "java.nio.file.Path", "java.nio.file.StandardOpenOption"],
      '@PostMapping("/notes")\nvoid add(@RequestBody String text) throws Exception {\n  Files.writeString(Path.of("notes.txt"), text, StandardOpenOption.APPEND);\n}',
    ),
    restController(
      ["java.io.FileWriter"],
      '@PostMapping("/log")\nvoid log(@RequestBody String text) throws Exception {\n  try (FileWriter out = new FileWriter("requests.log", true)) {\n    out.write(text);\n  }\n}',
    ),
    restController(
      ["java.io.File", "org.springframework.web.multipart.MultipartFile"],
      '@PostMapping("/upload")\nvoid upload(MultipartFile file) throws Exception {\n  file.transferTo(new File("uploads/" + file.getOriginalFilename()));\n}',
    ),
    {
      "src/main/resources/application.properties":
        "quarkus.http.port=${PORT:8080}\nquarkus.datasource.jdbc.url=jdbc:h2:./data/app\n",
      "pom.xml": "<project><groupId>io.quarkus</groupId></project>",
    },
  ],
);
