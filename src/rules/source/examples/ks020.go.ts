import { examplesOf } from "./examples.ts";

const main = (imports: string, body: string): string =>
  `package main\n\nimport (\n${imports
    .split(" ")
    .map((i) => `\t"${i}"`)
    .join("\n")}\n)\n\nfunc main() {\n${body}\n}\n`;
const SERVE = '\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)';

export default examplesOf(
  "main.go",
  [
    main(
      "net/http os os/signal syscall",
      `\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop, syscall.SIGTERM)\n\tgo func() { <-stop }()\n${SERVE}`,
    ),
    main(
      "net/http os os/signal syscall",
      `\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop, os.Interrupt, syscall.SIGTERM)\n${SERVE}`,
    ),
    main(
      "context net/http os os/signal syscall",
      `\tctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)\n\tdefer cancel()\n\t_ = ctx\n${SERVE}`,
    ),
    main("net/http os os/signal", `\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop)\n${SERVE}`),
    main(
      "net/http os os/signal golang.org/x/sys/unix",
      `\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop, unix.SIGTERM)\n${SERVE}`,
    ),
    main(
      "net/http os os/signal syscall",
      `\tsignals := []os.Signal{syscall.SIGINT, syscall.SIGTERM}\n\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop, signals...)\n${SERVE}`,
    ),
    main("fmt", '\tfmt.Println("no server")'),
    {
      "main.go": main("net/http os", `\tgo wait()\n${SERVE}`),
      "stop.go":
        'package main\n\nimport (\n\t"os"\n\t"os/signal"\n\t"syscall"\n)\n\nfunc wait() {\n\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, syscall.SIGTERM)\n\t<-c\n}\n',
    },
    'package main\n\nimport (\n\t"net/http"\n\t"os"\n\n\t"github.com/appleboy/graceful"\n)\n\nfunc main() {\n\tm := graceful.NewManager()\n\tsrv := &http.Server{Addr: ":" + os.Getenv("PORT")}\n\tm.AddRunningJob(func(ctx context.Context) error { return srv.ListenAndServe() })\n\t<-m.Done()\n}\n',
    'package main\n\nimport (\n\t"net"\n\t"net/http"\n\t"os"\n\t"os/signal"\n\t"syscall"\n)\n\nfunc main() {\n\tlis, _ := net.Listen("tcp", ":"+os.Getenv("PORT"))\n\tserver := &http.Server{}\n\tquit := make(chan os.Signal, 1)\n\tgo server.Serve(lis)\n\tsignal.Notify(quit, os.Interrupt, syscall.SIGTERM)\n\tsignal := <-quit\n\tprintln("caught", signal.String())\n\tserver.Close()\n}\n',
    main(
      "context go.uber.org/fx net/http os",
      `\tapp := fx.New(fx.Invoke(serve))\n\tapp.Start(context.Background())\n\t<-app.Done()\n\tapp.Stop(context.Background())\n}\n\nfunc serve() {\n${SERVE}`,
    ),
    {
      "main.go": "package main\n\nfunc main() {\n\tnewApp().Run()\n}\n",
      "app.go": main(
        "go.uber.org/fx net/http os",
        `\tapp := fx.New(fx.Invoke(serve))\n\treturn app\n}\n\nfunc serve() {\n${SERVE}`,
      ).replace("func main()", "func newApp() *fx.App"),
    },
  ],
  [
    main(
      "context go.uber.org/fx net/http os",
      `\tapp := fx.New(fx.WithLogger(quiet), fx.Invoke(wait))\n\tapp.Start(context.Background())\n${SERVE}\n}\n\nfunc wait() {\n\tgroup.Wait()`,
    ),
    main(
      "context go.uber.org/fx net/http os",
      `\tapp := fx.New(fx.Provide(newMux))\n\tapp.Start(context.Background())\n${SERVE}`,
    ),
    {
      "main.go": main(
        "net/http os os/signal",
        `\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, stop...)\n\tgo func() { <-c }()\n${SERVE}`,
      ).replace("func main", "var stop = []os.Signal{os.Interrupt}\n\nfunc main"),
      "child.go":
        'package main\n\nimport (\n\t"os"\n\t"syscall"\n)\n\nvar forChild []os.Signal\n\nfunc init() { forChild = []os.Signal{syscall.SIGTERM, syscall.SIGKILL} }\n',
    },
    main("net/http os", SERVE),
    main("net/http os os/signal", `\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop, os.Interrupt)\n${SERVE}`),
    main(
      "net/http os os/signal syscall",
      `\tstop := make(chan os.Signal, 1)\n\tsignal.Notify(stop, syscall.SIGINT, syscall.SIGHUP)\n${SERVE}`,
    ),
    main("os github.com/gin-gonic/gin", '\tgin.Default().Run(":" + os.Getenv("PORT"))'),
    main("os github.com/labstack/echo/v4", '\te := echo.New()\n\te.Start(":" + os.Getenv("PORT"))'),
    main(
      "net os google.golang.org/grpc",
      '\tlis, _ := net.Listen("tcp", ":"+os.Getenv("PORT"))\n\tgrpc.NewServer().Serve(lis)',
    ),
    main("net/http os", '\tserver := &http.Server{Addr: ":" + os.Getenv("PORT")}\n\tserver.ListenAndServe()'),
    main("os github.com/gofiber/fiber/v2", '\tapp := fiber.New()\n\tapp.Listen(":" + os.Getenv("PORT"))'),
    {
      "main.go":
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n\n\t"example.com/app/graceful"\n)\n\nfunc main() {\n\tm := graceful.NewManager()\n\tsrv := &http.Server{Addr: ":" + os.Getenv("PORT")}\n\tm.AddRunningJob(func(ctx context.Context) error { return srv.ListenAndServe() })\n\t<-m.Done()\n}\n',
      "go.mod": "module example.com/app\n\ngo 1.22\n",
      "graceful/graceful.go":
        "package graceful\n\ntype Manager struct{}\n\nfunc NewManager() *Manager { return &Manager{} }\n\nfunc (m *Manager) Done() chan struct{} { return nil }\n",
    },
    'package main\n\nimport (\n\t"net"\n\t"net/http"\n\t"os"\n\t"os/signal"\n)\n\nfunc main() {\n\tlis, _ := net.Listen("tcp", ":"+os.Getenv("PORT"))\n\tserver := &http.Server{}\n\tquit := make(chan os.Signal, 1)\n\tgo server.Serve(lis)\n\tsignal.Notify(quit, os.Interrupt)\n\tsignal := <-quit\n\tprintln("caught", signal.String())\n\tserver.Close()\n}\n',
    {
      "main.go":
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
      "client/scripts/watch.js":
        'const server = require("http").createServer();\nprocess.on("SIGTERM", () => server.close());\n',
    },
  ],
);
