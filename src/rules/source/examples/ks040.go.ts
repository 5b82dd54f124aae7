import { examplesOf } from "./examples.ts";
import { GO_LISTEN, goMain } from "./go-program.ts";

const SERVE = "log net/http os";
const handler = (body: string, more = ""): string =>
  `func save(w http.ResponseWriter, r *http.Request) {\n${body
    .split("\n")
    .map((l) => `\t${l}`)
    .join("\n")}\n}${more}`;
const serve = `http.HandleFunc("/save", save)\n${GO_LISTEN}`;

export default examplesOf(
  "main.go",
  [
    goMain(
      "database/sql os github.com/jackc/pgx/v5/stdlib",
      'db, _ := sql.Open("pgx", os.Getenv("DATABASE_URL"))\ndefer db.Close()',
    ),
    goMain("database/sql modernc.org/sqlite", 'db, _ := sql.Open("sqlite", ":memory:")\ndefer db.Close()'),
    goMain(
      "database/sql github.com/mattn/go-sqlite3",
      'db, _ := sql.Open("sqlite3", "file:cities.db?mode=ro")\ndefer db.Close()',
    ),
    goMain(SERVE, serve, handler('f, _ := os.Create("/tmp/in.png")\ndefer f.Close()')),
    goMain(SERVE, serve, handler('f, _ := os.CreateTemp("", "in")\ndefer f.Close()')),
    goMain(SERVE, serve, handler('data, _ := os.ReadFile("page.html")\nw.Write(data)')),
    goMain("os", 'os.WriteFile("version.txt", []byte("1"), 0o644)'),
    goMain(
      `${SERVE} path/filepath`,
      serve,
      handler('name := filepath.Join(os.TempDir(), "x")\nos.WriteFile(name, nil, 0o600)'),
    ),
    goMain(SERVE, serve, handler('os.WriteFile(os.Getenv("DATA_FILE"), nil, 0o600)')),
    goMain("github.com/gorilla/sessions os", 'store := sessions.NewCookieStore([]byte(os.Getenv("KEY")))\n_ = store'),
  ],
  [
    goMain("database/sql github.com/mattn/go-sqlite3", 'db, _ := sql.Open("sqlite3", "app.db")\ndefer db.Close()'),
    goMain(
      "database/sql modernc.org/sqlite",
      'db, _ := sql.Open("sqlite", "./data/todos.db?_pragma=busy_timeout(5000)")\ndefer db.Close()',
    ),
    goMain(
      "gorm.io/gorm gorm.io/driver/sqlite",
      'db, err := gorm.Open(sqlite.Open("gorm.db"), &gorm.Config{})\nif err != nil {\n\tpanic(err)\n}\n_ = db',
    ),
    goMain("go.etcd.io/bbolt", 'db, _ := bbolt.Open("my.db", 0o600, nil)\ndefer db.Close()'),
    goMain(
      "github.com/dgraph-io/badger/v4",
      'db, _ := badger.Open(badger.DefaultOptions("data/badger"))\ndefer db.Close()',
    ),
    goMain(
      SERVE,
      serve,
      handler(
        'f, _ := os.OpenFile("log.txt", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)\ndefer f.Close()\nf.WriteString(r.FormValue("text"))',
      ),
    ),
    goMain(
      SERVE,
      serve,
      handler(
        'store(r.FormValue("text"))',
        '\n\nfunc store(text string) {\n\tos.WriteFile("notes.txt", []byte(text), 0o644)\n}',
      ),
    ),
    goMain(
      "github.com/gin-gonic/gin",
      'r := gin.Default()\nr.POST("/upload", func(c *gin.Context) {\n\tfile, _ := c.FormFile("file")\n\tc.SaveUploadedFile(file, "uploads/"+file.Filename)\n})\nr.Run()',
    ),
    goMain(
      "github.com/gorilla/sessions os",
      'store := sessions.NewFilesystemStore("", []byte(os.Getenv("KEY")))\n_ = store',
    ),
    goMain("github.com/syndtr/goleveldb/leveldb", 'db, _ := leveldb.OpenFile("db", nil)\ndefer db.Close()'),
  ],
);
