import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN, ktor, springController } from "./kotlin.ts";

export default examplesOf(
  KOTLIN_MAIN,
  [
    ktor('get("/") {\n    call.respondText("hi")\n}'),
    ktor('get("/slow") {\n    delay(500)\n    call.respondText("done")\n}'),
    ktor(
      'get("/both") {\n    coroutineScope {\n        launch { loadA() }\n        launch { loadB() }\n    }\n    call.respondText("ok")\n}',
    ),
    springController('@GetMapping("/")\nfun hello() = "hi"'),
    ktor(
      'webSocket("/ws") {\n    launch {\n        while (isActive) {\n            send("ping")\n            delay(1000)\n        }\n    }\n    for (frame in incoming) send(frame)\n}',
    ),
    springController(
      '@PostMapping("/orders")\nfun order(@RequestBody body: String) {\n    kafka.send("orders", body)\n}',
    ),
    "// @Scheduled would be better elsewhere\nfun timer(name: String) = name\n",
    "fun main() = runBlocking {\n    repeat(5) {\n        if (connect()) return@runBlocking\n        delay(1000)\n    }\n}\n",
  ],
  [
    "@Component\nclass Reports {\n    @Scheduled(fixedRate = 60000)\n    fun run() = build()\n}\n",
    ktor('get("/") { call.respondText("hi") }', "", 'fixedRateTimer("refresh", period = 60_000L) { refresh() }'),
    "import java.util.concurrent.Executors\nimport java.util.concurrent.TimeUnit\n\nfun main() {\n    Executors.newScheduledThreadPool(1).scheduleAtFixedRate({ poll() }, 0, 5, TimeUnit.SECONDS)\n}\n",
    ktor(
      'get("/") { call.respondText("hi") }',
      "",
      "launch {\n    while (isActive) {\n        poll()\n        delay(5000)\n    }\n}",
    ),
    ktor(
      'post("/mail") {\n    GlobalScope.launch {\n        send(call.receiveText())\n    }\n    call.respond(HttpStatusCode.Accepted)\n}',
    ),
    '@Component\nclass Orders {\n    @KafkaListener(topics = ["orders"])\n    fun on(message: String) = handle(message)\n}\n',
    "import org.quartz.impl.StdSchedulerFactory\n\nfun main() {\n    val scheduler = StdSchedulerFactory.getDefaultScheduler()\n    scheduler.start()\n}\n",
    springController(
      '@PostMapping("/train")\nfun train(@RequestBody data: String): String {\n    CoroutineScope(Dispatchers.IO).launch {\n        fit(data)\n    }\n    return "started"\n}',
    ),
    "class Poller : CoroutineScope {\n    fun start() = GlobalScope.launch {\n        while (true) {\n            poll()\n            delay(1_000)\n        }\n    }\n}\n",
  ],
);
