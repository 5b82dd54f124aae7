import { examplesOf } from "./examples.ts";
import { GO_LISTEN, goMain } from "./go-program.ts";

const SERVE = "log net/http os";
const serve = `http.HandleFunc("/", handle)\n${GO_LISTEN}`;
const handler = (body: string): string =>
  `func handle(w http.ResponseWriter, r *http.Request) {\n${body
    .split("\n")
    .map((l) => `\t${l}`)
    .join("\n")}\n}`;

export default examplesOf(
  "main.go",
  [
    goMain(SERVE, serve, `var labels = []string{"a", "b"}\n\n${handler("w.Write([]byte(labels[0]))")}`),
    goMain(SERVE, serve, handler("parts := []string{}\nparts = append(parts, r.URL.Path)\nw.Write([]byte(parts[0]))")),
    goMain("github.com/gorilla/sessions os", 'store := sessions.NewCookieStore([]byte(os.Getenv("KEY")))\n_ = store'),
    goMain(
      "github.com/alexedwards/scs/v2 github.com/alexedwards/scs/redisstore",
      "sessions := scs.New()\nsessions.Store = redisstore.New(pool)",
    ),
    goMain(
      "github.com/gofiber/fiber/v2/middleware/session",
      "store := session.New(session.Config{Storage: redis.New()})\n_ = store",
    ),
    goMain(
      "github.com/gin-gonic/gin github.com/gin-contrib/sessions github.com/gin-contrib/sessions/cookie",
      'r := gin.Default()\nr.Use(sessions.Sessions("s", cookie.NewStore([]byte("k"))))\nr.Run()',
    ),
    goMain(
      SERVE,
      `routes["/"] = handle\n${serve}`,
      `var routes = map[string]http.HandlerFunc{}\n\n${handler("w.WriteHeader(204)")}`,
    ),
    goMain(
      `${SERVE} github.com/patrickmn/go-cache time`,
      `rates := cache.New(time.Minute, time.Minute)\n_ = rates\n${GO_LISTEN}`,
    ),
    goMain(`${SERVE} sync`, serve, `var pool = sync.Pool{}\n\n${handler("b := pool.Get()\ndefer pool.Put(b)")}`),
  ],
  [
    goMain(SERVE, serve, `var todos = []string{}\n\n${handler('todos = append(todos, r.FormValue("text"))')}`),
    goMain(
      SERVE,
      serve,
      `var users = map[string]string{}\n\n${handler('users[r.FormValue("id")] = r.FormValue("name")')}`,
    ),
    goMain(
      SERVE,
      serve,
      `var votes = make(map[string]int)\n\n${handler('team := r.FormValue("team")\nvotes[team] = votes[team] + 1')}`,
    ),
    goMain(
      "github.com/gin-gonic/gin github.com/gin-contrib/sessions github.com/gin-contrib/sessions/memstore",
      'r := gin.Default()\nr.Use(sessions.Sessions("s", memstore.NewStore([]byte("k"))))\nr.Run()',
    ),
    goMain("github.com/alexedwards/scs/v2 time", "manager := scs.New()\nmanager.Lifetime = 24 * time.Hour"),
    goMain("github.com/gofiber/fiber/v2/middleware/session", "store := session.New()\n_ = store"),
    goMain(
      "github.com/kataras/iris/v12/sessions",
      'manager := sessions.New(sessions.Config{Cookie: "id"})\n_ = manager',
    ),
    goMain(
      "github.com/gin-gonic/gin",
      'r := gin.Default()\nr.POST("/albums", func(c *gin.Context) {\n\tvar a album\n\tc.BindJSON(&a)\n\talbums = append(albums, a)\n})\nr.Run()',
      'type album struct{ Title string }\n\nvar albums = []album{{Title: "Blue Train"}}',
    ),
    goMain(
      "github.com/labstack/echo/v4 os",
      'e := echo.New()\ne.PUT("/items/:id", put)\ne.Start(":" + os.Getenv("PORT"))',
      'var items = map[string]string{}\n\nfunc put(c echo.Context) error {\n\titems[c.Param("id")] = c.FormValue("v")\n\treturn nil\n}',
    ),
  ],
);
