import { examplesOf } from "./examples.ts";

const FLASK = "import threading\nfrom flask import Flask, request\n\napp = Flask(__name__)\n\n";
const FASTAPI = "import asyncio\nfrom fastapi import BackgroundTasks, FastAPI\n\napp = FastAPI()\n\n";

export default examplesOf(
  "app.py",
  [
    `${FLASK}@app.get("/")\ndef hello():\n    return "hi"\n`,
    `${FLASK}@app.post("/sum")\ndef total():\n    worker = threading.Thread(target=compute, args=(request.json,))\n    worker.start()\n    worker.join()\n    return "done"\n`,
    `${FASTAPI}@app.get("/both")\nasync def both():\n    a = asyncio.create_task(load("a"))\n    b = asyncio.create_task(load("b"))\n    return await asyncio.gather(a, b)\n`,
    `${FASTAPI}@app.get("/wait")\nasync def wait():\n    await asyncio.sleep(1)\n    return {"ok": True}\n`,
    'import os\nfrom google.cloud import tasks_v2\nfrom flask import Flask\n\napp = Flask(__name__)\nclient = tasks_v2.CloudTasksClient()\n\n@app.post("/")\ndef enqueue():\n    client.create_task(parent=os.environ["QUEUE"], task={})\n    return "", 202\n',
    'import threading\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\n\nserver = HTTPServer(("", 8080), BaseHTTPRequestHandler)\nthread = threading.Thread(target=server.serve_forever)\nthread.start()\nthread.join()\n',
    {
      "app.py": `${FLASK}from tasks import add\n\n@app.post("/")\ndef start():\n    add.delay(1, 2)\n    return "", 202\n`,
      "tasks.py": "from shared import celery\n\n@celery.task\ndef add(a, b):\n    return a + b\n",
    },
    "import asyncio\nfrom websockets.asyncio.server import serve\n\nasync def handler(websocket):\n    ping = asyncio.create_task(beat(websocket))\n    async for message in websocket:\n        await websocket.send(message)\n    ping.cancel()\n",
    `${FASTAPI}from fastapi import WebSocket\n\nclass Session:\n    def __init__(self, peer: WebSocket):\n        self.task = asyncio.ensure_future(self.pump())\n\n@app.websocket("/ws")\nasync def talk(peer: WebSocket):\n    await Session(peer).run()\n`,
    `${FLASK}schedule = {"monday": "closed"}\n\n@app.get("/schedule")\ndef show():\n    return schedule\n`,
    "from apscheduler.triggers.cron import CronTrigger\n\ndef next_run(expression):\n    return CronTrigger.from_crontab(expression).get_next_fire_time(None, None)\n",
  ],
  [
    `${FLASK}from apscheduler.schedulers.background import BackgroundScheduler\n\nscheduler = BackgroundScheduler()\nscheduler.add_job(sync, "interval", minutes=5)\nscheduler.start()\n`,
    `${FASTAPI}from apscheduler.schedulers.asyncio import AsyncIOScheduler\n\nscheduler = AsyncIOScheduler()\n\n@app.on_event("startup")\nasync def start():\n    scheduler.add_job(sync, "cron", hour=3)\n    scheduler.start()\n`,
    'from celery import Celery\n\napp = Celery("tasks", broker="redis://redis:6379/0")\n\n@app.task\ndef add(a, b):\n    return a + b\n',
    "import schedule, time\n\nschedule.every(10).minutes.do(job)\nwhile True:\n    schedule.run_pending()\n    time.sleep(1)\n",
    `${FLASK}def poll():\n    while True:\n        refresh()\n\nthreading.Thread(target=poll, daemon=True).start()\napp.run(host="0.0.0.0", port=8080)\n`,
    `${FASTAPI}@app.on_event("startup")\nasync def begin():\n    asyncio.create_task(poll_forever())\n`,
    `${FASTAPI}@app.post("/mail")\nasync def mail(tasks: BackgroundTasks):\n    tasks.add_task(send_mail, "hello")\n    return {"queued": True}\n`,
    `${FLASK}@app.post("/train")\ndef train():\n    threading.Thread(target=fit, args=(request.json,)).start()\n    return "started", 202\n`,
    "from contextlib import asynccontextmanager\nimport asyncio\nfrom fastapi import FastAPI\n\n@asynccontextmanager\nasync def lifespan(app):\n    asyncio.create_task(refresh_forever())\n    yield\n\napp = FastAPI(lifespan=lifespan)\n",
    { "app.py": FLASK, "uwsgi.ini": "[uwsgi]\nhttp = :$(PORT)\nmodule = app:app\nattach-daemon = python worker.py\n" },
    {
      "tasks.py": "from rq import Worker\nfrom redis import Redis\n\nWorker(['default'], connection=Redis()).work()\n",
    },
    "from google.cloud import pubsub_v1\n\nsubscriber = pubsub_v1.SubscriberClient()\nfuture = subscriber.subscribe(path, callback=handle)\nfuture.result()\n",
  ],
);
