import { examplesOf } from "./examples.ts";

const SERVER =
  'import os, signal, sys, time\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\n\nserver = HTTPServer(("0.0.0.0", int(os.environ["PORT"])), BaseHTTPRequestHandler)\n';

export default examplesOf(
  "app.py",
  [
    `${SERVER}def stop(signum, frame):\n    print("stopping")\n    sys.exit(0)\n\nsignal.signal(signal.SIGTERM, stop)\nserver.serve_forever()\n`,
    `${SERVER}def stop(signum, frame):\n    time.sleep(2)\n    raise SystemExit(0)\n\nsignal.signal(signal.SIGTERM, stop)\nserver.serve_forever()\n`,
    'import os, uvicorn\nuvicorn.run("app:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_graceful_shutdown=8)\n',
    "import os, grpc\nfrom concurrent import futures\nserver = grpc.server(futures.ThreadPoolExecutor())\nserver.add_insecure_port(f\"[::]:{os.environ['PORT']}\")\nserver.start()\nserver.wait_for_termination()\nserver.stop(grace=5)\n",
    {
      "gunicorn.conf.py": "import os\nbind = f\"0.0.0.0:{os.environ['PORT']}\"\ngraceful_timeout = 8\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    {
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
      Procfile: "web: gunicorn --graceful-timeout 9 -b :$PORT app:app\n",
    },
    `${SERVER}running = True\n\ndef stop(signum, frame):\n    global running\n    running = False\n\nsignal.signal(signal.SIGTERM, stop)\nwhile running:\n    server.handle_request()\n`,
    "import asyncio, signal\n\nasync def main():\n    stop = asyncio.Event()\n    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)\n    await stop.wait()\n\nasyncio.run(main())\n",
    `${SERVER}signal.signal(signal.SIGPIPE, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(0))\nserver.serve_forever()\n`,
    'import os\nfrom aiohttp import web\nweb.run_app(web.Application(), port=int(os.environ["PORT"]), shutdown_timeout=5)\n',
  ],
  [
    `${SERVER}def stop(signum, frame):\n    print("got SIGTERM")\n\nsignal.signal(signal.SIGTERM, stop)\nserver.serve_forever()\n`,
    `${SERVER}signal.signal(signal.SIGTERM, signal.SIG_IGN)\nserver.serve_forever()\n`,
    `${SERVER}def stop(signum, frame):\n    time.sleep(30)\n    sys.exit(0)\n\nsignal.signal(signal.SIGTERM, stop)\nserver.serve_forever()\n`,
    'import os, uvicorn\nuvicorn.run("app:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_graceful_shutdown=60)\n',
    "import os, grpc\nfrom concurrent import futures\n\nserver = grpc.server(futures.ThreadPoolExecutor())\nserver.add_insecure_port(f\"[::]:{os.environ['PORT']}\")\nserver.start()\n\ndef stop(*_):\n    server.stop(30).wait()\n",
    {
      "gunicorn.conf.py": "import os\nbind = f\"0.0.0.0:{os.environ['PORT']}\"\ngraceful_timeout = 120\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    },
    {
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
      Procfile: "web: gunicorn --graceful-timeout 90 -b :$PORT app:app\n",
    },
    {
      "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
      Dockerfile:
        "FROM python:3.13-slim\nCOPY . .\nCMD uvicorn main:app --host 0.0.0.0 --port $PORT --timeout-graceful-shutdown 45\n",
    },
    'import os\nfrom aiohttp import web\nweb.run_app(web.Application(), port=int(os.environ["PORT"]), shutdown_timeout=60.0)\n',
    'import logging, os, signal\nimport uvicorn\n\ndef handle(signum, frame):\n    logging.info("signal %s", signum)\n    logging.info("ignoring it")\n\nsignal.signal(signal.SIGTERM, handle)\n',
  ],
);
