import { examplesOf } from "./examples.ts";
import { goMain } from "./go-program.ts";

const server = (fields: string, more = ""): string =>
  goMain(
    "net/http os time",
    `server := &http.Server{\n\tAddr: ":" + os.Getenv("PORT"),\n\t${fields}\n}\nserver.ListenAndServe()`,
    more,
  );

export default examplesOf(
  "main.go",
  [
    server("IdleTimeout: 120 * time.Second,"),
    server("IdleTimeout: 2 * time.Minute,"),
    server("ReadHeaderTimeout: 5 * time.Second,"),
    server("ReadTimeout: 5 * time.Second,\n\tIdleTimeout: 95 * time.Second,"),
    server("WriteTimeout: 10 * time.Second,"),
    goMain("net/http time", "transport := &http.Transport{IdleConnTimeout: 30 * time.Second}\n_ = transport"),
    goMain("net/http time", "client := http.Client{Timeout: 5 * time.Second}\n_ = client"),
    server("IdleTimeout: idle,", "const idle = 100 * time.Second"),
    server("IdleTimeout: config.Idle,"),
  ],
  [
    server("IdleTimeout: 30 * time.Second,"),
    server("IdleTimeout: time.Minute,"),
    server("IdleTimeout: 5 * time.Second,\n\tReadTimeout: 120 * time.Second,"),
    server("ReadTimeout: 10 * time.Second,\n\tWriteTimeout: 10 * time.Second,"),
    server("IdleTimeout: idle,", "const idle = 15 * time.Second"),
    server("IdleTimeout: 500 * time.Millisecond,"),
    goMain(
      "github.com/valyala/fasthttp os time",
      'server := &fasthttp.Server{Handler: handle, IdleTimeout: 20 * time.Second}\nserver.ListenAndServe(":" + os.Getenv("PORT"))',
    ),
    goMain(
      "net/http os time",
      "start(20 * time.Second)",
      'func start(idle time.Duration) {\n\ts := http.Server{Addr: ":" + os.Getenv("PORT"), IdleTimeout: 60 * time.Second, ReadHeaderTimeout: idle}\n\ts.ListenAndServe()\n}',
    ),
  ],
);
