import { examplesOf } from "./examples.ts";
import { goMain } from "./go-program.ts";

const IMPORTS = "context net/http os os/signal syscall time";
const WAIT =
  'server := &http.Server{Addr: ":" + os.Getenv("PORT")}\ngo server.ListenAndServe()\nstop := make(chan os.Signal, 1)\nsignal.Notify(stop, syscall.SIGTERM)\n<-stop\n';
const shutdown = (timeout: string): string =>
  `${WAIT}ctx, cancel := context.WithTimeout(context.Background(), ${timeout})\ndefer cancel()\nserver.Shutdown(ctx)`;

export default examplesOf(
  "main.go",
  [
    goMain(IMPORTS, shutdown("8*time.Second")),
    goMain(IMPORTS, shutdown("9500*time.Millisecond")),
    goMain("context net/http os os/signal syscall", `${WAIT}server.Shutdown(context.Background())`),
    goMain("net/http os os/signal syscall", `${WAIT}server.Close()`),
    goMain(IMPORTS, `${WAIT}time.Sleep(2 * time.Second)\nserver.Shutdown(context.Background())`),
    goMain("os/signal syscall", "signal.Ignore(syscall.SIGPIPE)"),
    goMain(
      "context time net/http",
      'ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)\ndefer cancel()\nreq, _ := http.NewRequestWithContext(ctx, "GET", "https://example.com", nil)\nhttp.DefaultClient.Do(req)',
    ),
    goMain(
      "github.com/gofiber/fiber/v2 os time",
      'app := fiber.New()\ngo app.Listen(":" + os.Getenv("PORT"))\napp.ShutdownWithTimeout(5 * time.Second)',
    ),
    goMain(IMPORTS, `const grace = 5 * time.Second\n${shutdown("grace")}`),
  ],
  [
    goMain(IMPORTS, shutdown("30*time.Second")),
    goMain(IMPORTS, shutdown("time.Minute")),
    goMain(IMPORTS, shutdown("shutdownTimeout"), "const shutdownTimeout = 15 * time.Second"),
    goMain(
      "os/signal syscall net/http os",
      'signal.Ignore(syscall.SIGTERM)\nhttp.ListenAndServe(":"+os.Getenv("PORT"), nil)',
    ),
    goMain(IMPORTS, `${WAIT}time.Sleep(20 * time.Second)\nserver.Shutdown(context.Background())`),
    goMain(
      "github.com/gofiber/fiber/v2 os time",
      'app := fiber.New()\ngo app.Listen(":" + os.Getenv("PORT"))\napp.ShutdownWithTimeout(45 * time.Second)',
    ),
    goMain(
      "context github.com/labstack/echo/v4 os os/signal syscall time",
      'e := echo.New()\ngo e.Start(":" + os.Getenv("PORT"))\nctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)\ndefer stop()\n<-ctx.Done()\nctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)\ndefer cancel()\ne.Shutdown(ctx)',
    ),
    goMain(
      IMPORTS,
      'server := &http.Server{Addr: ":" + os.Getenv("PORT")}\ngo stopOn(server)\nserver.ListenAndServe()',
      "func stopOn(server *http.Server) {\n\tc := make(chan os.Signal, 1)\n\tsignal.Notify(c, os.Interrupt, syscall.SIGTERM)\n\t<-c\n\tctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)\n\tdefer cancel()\n\t_ = server.Shutdown(ctx)\n}",
    ),
    goMain(
      IMPORTS,
      `${WAIT}timeout := 2 * time.Minute\nctx, cancel := context.WithTimeout(context.Background(), timeout)\ndefer cancel()\nif err := server.Shutdown(ctx); err != nil {\n\tpanic(err)\n}`,
    ),
  ],
);
