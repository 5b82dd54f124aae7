import { examplesOf } from "./examples.ts";
import { javaMain } from "./java.ts";
import { javaClass, restController } from "./java-class.ts";

const CONCURRENT = [
  "java.util.concurrent.Executors",
  "java.util.concurrent.ScheduledExecutorService",
  "java.util.concurrent.TimeUnit",
];
const SCHEDULED = "org.springframework.scheduling.annotation.Scheduled";
const COMPONENT = "org.springframework.stereotype.Component";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    restController([], '@GetMapping("/")\nString hello() {\n  return "hi";\n}'),
    restController(
      ["java.util.concurrent.CompletableFuture"],
      '@GetMapping("/both")\nString both() {\n  CompletableFuture<String> a = CompletableFuture.supplyAsync(() -> load());\n  return a.join();\n}',
    ),
    restController([], '@PostMapping("/orders")\nvoid order(@RequestBody String body) {\n  queue.send(body);\n}'),
    javaMain(CONCURRENT, "var pool = Executors.newFixedThreadPool(4);\npool.submit(() -> warmUp()).get();"),
    javaMain(
      ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"],
      'var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);\nserver.start();',
    ),
    javaClass([], "", "Clock", "long now() {\n  return System.currentTimeMillis();\n}"),
    javaClass(
      ["java.util.Timer"],
      "",
      "Stopwatch",
      "private final Timer timer = null;\n\nvoid stop() {\n  timer.cancel();\n}",
    ),
    javaClass(
      ["org.springframework.kafka.core.KafkaTemplate", COMPONENT],
      "@Component",
      "Sender",
      'private KafkaTemplate<String, String> kafka;\n\nvoid send(String m) {\n  kafka.send("orders", m);\n}',
    ),
  ],
  [
    javaClass(
      [SCHEDULED, COMPONENT],
      "@Component",
      "Reports",
      "@Scheduled(fixedRate = 60000)\nvoid run() {\n  build();\n}",
    ),
    javaClass(
      [SCHEDULED, COMPONENT],
      "@Component",
      "Cleaner",
      '@Scheduled(cron = "0 0 3 * * *")\npublic void clean() {\n  repository.deleteOld();\n}',
    ),
    javaMain(
      CONCURRENT,
      "ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);\ntimer.scheduleAtFixedRate(() -> refresh(), 0, 5, TimeUnit.MINUTES);",
    ),
    javaClass(
      CONCURRENT,
      "",
      "Poller",
      "private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();\n\nPoller() {\n  timer.scheduleWithFixedDelay(this::poll, 1, 1, TimeUnit.SECONDS);\n}\n\nvoid poll() {}",
    ),
    javaMain(
      ["java.util.Timer", "java.util.TimerTask"],
      "Timer timer = new Timer();\ntimer.scheduleAtFixedRate(task, 0, 1000);",
    ),
    javaMain(
      ["org.quartz.Scheduler", "org.quartz.impl.StdSchedulerFactory"],
      "Scheduler scheduler = StdSchedulerFactory.getDefaultScheduler();\nscheduler.scheduleJob(job, trigger);\nscheduler.start();",
    ),
    javaClass(
      ["org.springframework.kafka.annotation.KafkaListener", COMPONENT],
      "@Component",
      "Orders",
      '@KafkaListener(topics = "orders")\nvoid on(String message) {\n  handle(message);\n}',
    ),
    restController(
      ["java.util.concurrent.CompletableFuture"],
      '@PostMapping("/mail")\nString mail(@RequestBody String to) {\n  CompletableFuture.runAsync(() -> send(to));\n  return "queued";\n}',
    ),
    restController(
      [],
      '@PostMapping("/train")\nString train(@RequestBody String data) {\n  new Thread(() -> fit(data)).start();\n  return "started";\n}',
    ),
    javaClass(
      ["io.quarkus.scheduler.Scheduled", "jakarta.enterprise.context.ApplicationScoped"],
      "@ApplicationScoped",
      "Rates",
      '@Scheduled(every = "10s")\nvoid load() {}',
    ),
  ],
);
