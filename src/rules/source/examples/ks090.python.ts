import { examplesOf } from "./examples.ts";

const app = { "main.py": "from fastapi import FastAPI\napp = FastAPI()\n" };

export default examplesOf(
  "server.py",
  [
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_keep_alive=95)\n',
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    { ...app, "gunicorn.conf.py": "import os\nbind = f\":{os.environ['PORT']}\"\nkeepalive = 120\n" },
    { ...app, Procfile: "web: gunicorn --keep-alive 95 -b :$PORT main:app\n" },
    { ...app, "hypercorn.toml": "keep_alive_timeout = 100\n" },
    'import os\nfrom aiohttp import web\nweb.run_app(web.Application(), port=int(os.environ["PORT"]), keepalive_timeout=95.0)\n',
    'import requests\nsession = requests.Session()\nsession.headers["Keep-Alive"] = "timeout=5"\n',
    {
      ...app,
      Dockerfile: "FROM python:3.13\nCMD exec uvicorn main:app --host 0.0.0.0 --port $PORT --timeout-keep-alive 120\n",
    },
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_keep_alive=int(os.environ["KEEP_ALIVE"]))\n',
  ],
  [
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_keep_alive=5)\n',
    'import os, uvicorn\nconfig = uvicorn.Config("main:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_keep_alive=30)\nuvicorn.Server(config).run()\n',
    { ...app, "gunicorn.conf.py": "import os\nbind = f\":{os.environ['PORT']}\"\nkeepalive = 5\n" },
    { ...app, Procfile: "web: gunicorn --keep-alive 65 -b :$PORT main:app\n" },
    { ...app, "hypercorn.toml": "keep_alive_timeout = 5\n" },
    'import os\nfrom aiohttp import web\nweb.run_app(web.Application(), port=int(os.environ["PORT"]), keepalive_timeout=15)\n',
    {
      ...app,
      Dockerfile: "FROM python:3.13\nCMD exec uvicorn main:app --host 0.0.0.0 --port $PORT --timeout-keep-alive 10\n",
    },
    'import os\nfrom tornado.httpserver import HTTPServer\nfrom tornado.web import Application\nserver = HTTPServer(Application(), idle_connection_timeout=30)\nserver.listen(int(os.environ["PORT"]))\n',
    'import os, uvicorn\nKEEP_ALIVE = 20\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]), timeout_keep_alive=KEEP_ALIVE)\n',
  ],
);
