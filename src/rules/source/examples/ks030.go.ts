import { examplesOf } from "./examples.ts";
import { GO_LISTEN, goMain } from "./go-program.ts";

const SERVE = "log net/http os";

export default examplesOf(
  "main.go",
  [
    goMain(SERVE, GO_LISTEN),
    // A clock that only runs while the program ends.
    goMain(
      `${SERVE} os/signal syscall time`,
      `quit := make(chan os.Signal, 1)\nsignal.Notify(quit, syscall.SIGTERM)\ngo func() {\n\t<-quit\n\tdelay := time.NewTicker(time.Second)\n\tdefer delay.Stop()\n\t<-delay.C\n\tos.Exit(0)\n}()\n${GO_LISTEN}`,
    ),
    goMain(
      `${SERVE} sync`,
      `http.HandleFunc("/", both)\n${GO_LISTEN}`,
      "func both(w http.ResponseWriter, r *http.Request) {\n\tvar wg sync.WaitGroup\n\twg.Add(1)\n\tgo func() {\n\t\tdefer wg.Done()\n\t\tload()\n\t}()\n\twg.Wait()\n}",
    ),
    goMain(
      SERVE,
      `http.HandleFunc("/", first)\n${GO_LISTEN}`,
      "func first(w http.ResponseWriter, r *http.Request) {\n\tout := make(chan string, 1)\n\tgo func() { out <- load() }()\n\tw.Write([]byte(<-out))\n}",
    ),
    goMain(
      `${SERVE} time`,
      `for i := 0; i < 5; i++ {\n\tif connect() == nil {\n\t\tbreak\n\t}\n\ttime.Sleep(time.Second)\n}\n${GO_LISTEN}`,
    ),
    goMain(
      `${SERVE} time`,
      `http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {\n\ttime.Sleep(time.Second)\n\tw.Write([]byte("done"))\n})\n${GO_LISTEN}`,
    ),
    goMain(
      `${SERVE} time`,
      `http.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {\n\ttick := time.NewTicker(time.Second)\n\tdefer tick.Stop()\n\tfor range tick.C {\n\t\tw.Write([]byte("data: x\\n\\n"))\n\t}\n})\n${GO_LISTEN}`,
    ),
    goMain(
      "net/http os log",
      'go func() {\n\tlog.Println(http.ListenAndServe("localhost:6060", nil))\n}()\nlog.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))',
    ),
    goMain(
      "context cloud.google.com/go/pubsub os",
      'client, _ := pubsub.NewClient(context.Background(), os.Getenv("PROJECT"))\nclient.Topic("orders").Publish(context.Background(), &pubsub.Message{Data: []byte("x")})',
    ),
    goMain(
      "context github.com/hibiken/asynq os",
      'client := asynq.NewClient(asynq.RedisClientOpt{Addr: os.Getenv("REDIS")})\ndefer client.Close()',
    ),
  ],
  [
    goMain(
      `${SERVE} time`,
      `go refresh()\n${GO_LISTEN}`,
      "func refresh() {\n\tticker := time.NewTicker(time.Minute)\n\tfor range ticker.C {\n\t\tload()\n\t}\n}",
    ),
    goMain(
      `${SERVE} time`,
      `go func() {\n\tfor range time.Tick(10 * time.Second) {\n\t\tload()\n\t}\n}()\n${GO_LISTEN}`,
    ),
    goMain(
      `${SERVE} time`,
      `go func() {\n\tfor {\n\t\tpoll()\n\t\ttime.Sleep(5 * time.Second)\n\t}\n}()\n${GO_LISTEN}`,
    ),
    goMain(
      `${SERVE} github.com/robfig/cron/v3`,
      `c := cron.New()\nc.AddFunc("@hourly", report)\nc.Start()\n${GO_LISTEN}`,
    ),
    goMain(
      `${SERVE} github.com/go-co-op/gocron time`,
      `s := gocron.NewScheduler(time.UTC)\ns.Every(5).Minutes().Do(sync)\ns.StartAsync()\n${GO_LISTEN}`,
    ),
    goMain(
      "github.com/hibiken/asynq os",
      'server := asynq.NewServer(asynq.RedisClientOpt{Addr: os.Getenv("REDIS")}, asynq.Config{})\nserver.Run(mux)',
    ),
    goMain(
      SERVE,
      `http.HandleFunc("/mail", mail)\n${GO_LISTEN}`,
      'func mail(w http.ResponseWriter, r *http.Request) {\n\tgo send(r.FormValue("to"))\n\tw.WriteHeader(http.StatusAccepted)\n}',
    ),
    goMain(
      "github.com/gin-gonic/gin",
      'r := gin.Default()\nr.POST("/import", func(c *gin.Context) {\n\tgo func() {\n\t\timportRows()\n\t}()\n\tc.Status(202)\n})\nr.Run()',
    ),
    goMain(
      "context cloud.google.com/go/pubsub os",
      'client, _ := pubsub.NewClient(context.Background(), os.Getenv("PROJECT"))\nsub := client.Subscription("orders")\nsub.Receive(context.Background(), handle)',
    ),
    goMain(
      `${SERVE} time`,
      `c := &cache{}\nc.start()\n${GO_LISTEN}`,
      "type cache struct{}\n\nfunc (c *cache) start() {\n\tgo func() {\n\t\tt := time.NewTicker(time.Hour)\n\t\tfor range t.C {\n\t\t\tc.clear()\n\t\t}\n\t}()\n}\n\nfunc (c *cache) clear() {}",
    ),
  ],
);
