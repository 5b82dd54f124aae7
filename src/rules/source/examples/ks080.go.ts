import { examplesOf } from "./examples.ts";
import { GO_LISTEN, goMain } from "./go-program.ts";

const GRPC = goMain(
  "net os google.golang.org/grpc",
  'lis, _ := net.Listen("tcp", ":"+os.Getenv("PORT"))\nserver := grpc.NewServer()\nserver.Serve(lis)',
);
const SERVICE =
  "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      containers:\n        - image: app\n          ports:\n            - name: h2c\n              containerPort: 8080\n";

export default examplesOf(
  "main.go",
  [
    { "main.go": GRPC, "service.yaml": SERVICE },
    { "main.go": GRPC, "deploy.sh": "gcloud run deploy app --use-http2\n" },
    { "main.go": GRPC, "service.tf": 'ports {\n  name = "h2c"\n}\n' },
    goMain("log net/http os", GO_LISTEN),
    goMain(
      "log net/http os google.golang.org/grpc",
      `conn, _ := grpc.NewClient(os.Getenv("BACKEND"))\ndefer conn.Close()\n${GO_LISTEN}`,
    ),
    goMain(
      "net/http os golang.org/x/net/http2 golang.org/x/net/http2/h2c",
      'http.ListenAndServe(":"+os.Getenv("PORT"), h2c.NewHandler(mux, &http2.Server{}))',
    ),
    goMain(
      "net/http os google.golang.org/grpc golang.org/x/net/http2 golang.org/x/net/http2/h2c",
      'server := grpc.NewServer()\nhandler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {\n\tserver.ServeHTTP(w, r)\n})\nhttp.ListenAndServe(":"+os.Getenv("PORT"), h2c.NewHandler(handler, &http2.Server{}))',
    ),
    { "main.go": GRPC, "cloudbuild.yaml": "steps:\n  - name: gcloud\n    args: [run, deploy, app, --use-http2]\n" },
  ],
  [
    GRPC,
    { "main.go": GRPC, "service.yaml": SERVICE.replace("name: h2c", "name: http1") },
    { "main.go": GRPC, Dockerfile: 'FROM gcr.io/distroless/static\nCOPY app /app\nENTRYPOINT ["/app"]\n' },
    goMain(
      "log net os google.golang.org/grpc google.golang.org/grpc/reflection",
      'port := os.Getenv("PORT")\nif port == "" {\n\tport = "8080"\n}\nlis, err := net.Listen("tcp", ":"+port)\nif err != nil {\n\tlog.Fatal(err)\n}\ns := grpc.NewServer(grpc.MaxRecvMsgSize(1 << 20))\nreflection.Register(s)\nlog.Fatal(s.Serve(lis))',
    ),
    goMain(
      "net os google.golang.org/grpc",
      "run()",
      'func run() error {\n\tlis, err := net.Listen("tcp", "0.0.0.0:"+os.Getenv("PORT"))\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn grpc.NewServer().Serve(lis)\n}',
    ),
    { "main.go": GRPC, "deploy.sh": "gcloud run deploy app --port 8080\n" },
    goMain(
      "fmt net os google.golang.org/grpc",
      'lis, _ := net.Listen("tcp", fmt.Sprintf(":%s", os.Getenv("PORT")))\nvar opts []grpc.ServerOption\nserver := grpc.NewServer(opts...)\nregister(server)\nserver.Serve(lis)',
    ),
    {
      "cmd/server/main.go": GRPC,
      "go.mod": "module example.com/x\n\ngo 1.23\n\nrequire google.golang.org/grpc v1.70.0\n",
    },
  ],
);
