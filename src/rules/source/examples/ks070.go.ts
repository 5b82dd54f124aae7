import { examplesOf } from "./examples.ts";
import { GO_LISTEN, goMain } from "./go-program.ts";

const SERVE = "log net/http os";

export default examplesOf(
  "main.go",
  [
    goMain(SERVE, `if os.Getenv("PORT") == "" {\n\tos.Setenv("PORT", "8080")\n}\n${GO_LISTEN}`),
    goMain(SERVE, `os.Setenv("DB_PORT", "5432")\n${GO_LISTEN}`),
    goMain(
      SERVE,
      `port := os.Getenv("PORT")\nif port == "" {\n\tport = "8080"\n}\nlog.Fatal(http.ListenAndServe(":"+port, nil))`,
    ),
    goMain(SERVE, `if _, ok := os.LookupEnv("PORT"); !ok {\n\tos.Setenv("PORT", "3000")\n}\n${GO_LISTEN}`),
    goMain(SERVE, `PORT := "8080"\n_ = PORT\n${GO_LISTEN}`),
    goMain(SERVE, `os.Setenv("GIN_MODE", "release")\n${GO_LISTEN}`),
    goMain(SERVE, `log.Println(os.Getenv("K_SERVICE"))\n${GO_LISTEN}`),
    {
      "main.go": goMain(SERVE, GO_LISTEN),
      "main_test.go":
        'package main\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(m *testing.M) {\n\tos.Setenv("PORT", "1")\n}\n',
    },
  ],
  [
    goMain(SERVE, `os.Setenv("PORT", "3000")\n${GO_LISTEN}`),
    goMain(`${SERVE} strconv`, `os.Setenv("PORT", strconv.Itoa(9000))\n${GO_LISTEN}`),
    goMain(SERVE, GO_LISTEN, 'func init() {\n\tos.Setenv("PORT", "5000")\n}'),
    goMain(SERVE, `os.Setenv("K_SERVICE", "shop")\n${GO_LISTEN}`),
    goMain(
      SERVE,
      `configure()\n${GO_LISTEN}`,
      'const port = "7000"\n\nfunc configure() {\n\tif err := os.Setenv("PORT", port); err != nil {\n\t\tpanic(err)\n\t}\n}',
    ),
    goMain(SERVE, `os.Setenv("K_REVISION", "dev")\nos.Setenv("K_CONFIGURATION", "dev")\n${GO_LISTEN}`),
    { "main.go": goMain(SERVE, GO_LISTEN), Procfile: "web: PORT=3000 ./app\n" },
    {
      "main.go": goMain(SERVE, GO_LISTEN),
      "service.yaml":
        "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: ko://example.com/app\n          env:\n            - name: K_SERVICE\n              value: x\n",
    },
  ],
);
