import { examplesOf } from "./examples.ts";
import { GO_LISTEN, goMain } from "./go-program.ts";

export default examplesOf(
  "main.go",
  [
    goMain("log net/http os", GO_LISTEN),
    "package lib\n\nfunc Add(a, b int) int { return a + b }\n",
    { "main.go": goMain("example.com/x/internal/app", "app.Start()"), "go.mod": "module example.com/x\n" },
    goMain("github.com/gin-gonic/gin", "gin.Default().Run()"),
    {
      "function.go":
        'package hello\n\nimport "github.com/GoogleCloudPlatform/functions-framework-go/functions"\n\nfunc init() {\n\tfunctions.HTTP("Hello", hello)\n}\n',
    },
    {
      "main.go": goMain("fmt", 'fmt.Println("hi")'),
      "go.mod": "module x\n\nrequire github.com/gin-gonic/gin v1.10.0\n",
    },
    goMain("github.com/spf13/cobra", 'root := &cobra.Command{Use: "app"}\nroot.Execute()'),
    { "tools/gen/main.go": goMain("fmt", 'fmt.Println("generated")'), "lib.go": "package lib\n" },
  ],
  [
    goMain("fmt", 'fmt.Println("hello")'),
    goMain(
      "log os",
      'data, err := os.ReadFile("in.txt")\nif err != nil {\n\tlog.Fatal(err)\n}\nlog.Println(len(data))',
    ),
    goMain(
      "context database/sql os",
      'db, _ := sql.Open("pgx", os.Getenv("DATABASE_URL"))\ndb.ExecContext(context.Background(), "vacuum")',
    ),
    {
      "cmd/job/main.go": goMain("fmt example.com/x/steps", "fmt.Println(steps.All())"),
      "steps/steps.go": "package steps\n\nfunc All() int { return 3 }\n",
      "go.mod": "module example.com/x\n",
    },
    goMain("io net/http os", 'resp, _ := http.Get("https://example.com")\nio.Copy(os.Stdout, resp.Body)'),
    goMain("flag fmt", 'name := flag.String("name", "x", "")\nflag.Parse()\nfmt.Println(*name)'),
    goMain("encoding/csv os", "rows, _ := csv.NewReader(os.Stdin).ReadAll()\nprintln(len(rows))"),
    {
      "main.go": goMain("fmt time", "for i := 0; i < 3; i++ {\n\tfmt.Println(i)\n\ttime.Sleep(time.Second)\n}"),
      Dockerfile: 'FROM scratch\nCOPY app /app\nENTRYPOINT ["/app"]\n',
    },
  ],
);
