import { examplesOf } from "./examples.ts";

const FLASK = "import os\nfrom flask import Flask\napp = Flask(__name__)\n";

export default examplesOf(
  "main.py",
  [
    `${FLASK}if __name__ == "__main__":\n    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 8080)))\n`,
    `import os\nimport uvicorn\nPORT = int(os.getenv("PORT", "8000"))\nuvicorn.run("main:app", host="0.0.0.0", port=PORT)\n`,
    {
      "main.py":
        'import uvicorn\nfrom app.config import settings\nuvicorn.run("app:app", host="0.0.0.0", port=settings.port)\n',
      "app/config.py":
        "from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    port: int = 8000\n\nsettings = Settings()\n",
    },
    { "main.py": `${FLASK}if __name__ == "__main__":\n    app.run(port=5000)\n`, Procfile: "web: gunicorn main:app\n" },
    {
      "main.py": `${FLASK}app.run(host="0.0.0.0", port=5000)\n`,
      Dockerfile: "FROM python:3.13\nCMD exec gunicorn --bind :$PORT --workers 1 main:app\n",
    },
    'import argparse, os\nfrom http.server import HTTPServer, SimpleHTTPRequestHandler\nparser = argparse.ArgumentParser()\nparser.add_argument("--port", type=int, default=int(os.environ.get("PORT", 8080)))\nargs = parser.parse_args()\nHTTPServer(("", args.port), SimpleHTTPRequestHandler).serve_forever()\n',
    'from environs import Env\nfrom aiohttp import web\nenv = Env()\nweb.run_app(web.Application(), port=env.int("PORT", 8080))\n',
    'import os\nimport tornado.web\napp = tornado.web.Application([])\nport = os.environ["PORT"] if "PORT" in os.environ else 8888\napp.listen(int(port))\n',
    "import os, grpc\nfrom concurrent import futures\nserver = grpc.server(futures.ThreadPoolExecutor())\nserver.add_insecure_port(f\"[::]:{os.environ.get('PORT', '50051')}\")\n",
    'from decouple import config\nfrom waitress import serve\nserve(app, port=config("PORT", default=8080, cast=int))\n',
    'import click\nfrom sanic import Sanic\n@click.command()\n@click.option("--port", default=8000, envvar="PORT")\ndef main(port):\n    Sanic("x").run(host="0.0.0.0", port=port)\nmain()\n',
    {
      "main.py": "import uvicorn\n",
      Dockerfile: 'FROM python:3.13\nCMD ["sh", "-c", "uvicorn main:app --host 0.0.0.0 --port ${PORT:-8080}"]\n',
    },
    'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nclass Server(HTTPServer):\n    def __init__(self, address):\n        super().__init__(address, BaseHTTPRequestHandler)\n\nServer(("", int(os.environ["PORT"]))).serve_forever()\n',
    'import os\nfrom quart import Quart\nfrom quart_cors import cors\napp = cors(Quart(__name__))\napp.run(host="0.0.0.0", port=int(os.environ.get("PORT", 5000)))\n',
    {
      "main.py":
        'from settings import settings\nfrom flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0", port=settings["port"])\n',
      "settings.py": 'import os\nsettings = dict(port=8080)\nsettings.update(port=int(os.environ.get("PORT", 8080)))\n',
    },
    {
      Dockerfile: 'FROM python\nCOPY . /app\nENTRYPOINT ["/app/entrypoint.sh"]\n',
      "main.py":
        'import argparse\nfrom aiohttp import web\nparser = argparse.ArgumentParser()\nparser.add_argument("--port", type=int, default=8000)\nargs = parser.parse_args()\nweb.run_app(web.Application(), port=args.port)\n',
      "entrypoint.sh":
        '#!/bin/bash\nARGS=()\nif [ -n "$PORT" ]; then\n  ARGS+=("--port=$PORT")\nelse\n  ARGS+=("--port=8000")\nfi\nexec python main.py "${ARGS[@]}"\n',
    },
    'import os\nfrom http.server import HTTPServer\nsettings = load()\nHTTPServer(("", settings.get("PORT") or int(os.environ["PORT"])), Handler).serve_forever()\n',
  ],
  [
    `${FLASK}if __name__ == "__main__":\n    app.run(host="0.0.0.0", port=5000)\n`,
    `${FLASK}app.run(host="0.0.0.0")\n`,
    'import uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=8000)\n',
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.getenv("APP_PORT", 8000)))\n',
    {
      "main.py": 'import uvicorn\nfrom config import PORT\nuvicorn.run("main:app", host="0.0.0.0", port=PORT)\n',
      "config.py": "PORT = 9000\n",
    },
    'from http.server import HTTPServer, BaseHTTPRequestHandler\nserver = HTTPServer(("", 8000), BaseHTTPRequestHandler)\nserver.serve_forever()\n',
    "from aiohttp import web\nweb.run_app(web.Application())\n",
    'import grpc\nfrom concurrent import futures\ndef serve():\n    server = grpc.server(futures.ThreadPoolExecutor(max_workers=10))\n    server.add_insecure_port("[::]:50051")\n    server.start()\nserve()\n',
    {
      "app.py": "",
      Dockerfile: 'FROM python:3.13\nCMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]\n',
    },
    'import argparse\nfrom bottle import run\nparser = argparse.ArgumentParser()\nparser.add_argument("--port", type=int, default=8081)\nargs = parser.parse_args()\nrun(host="0.0.0.0", port=args.port)\n',
    'import asyncio\nasync def main():\n    server = await asyncio.start_server(handle, "0.0.0.0", 9999)\nasyncio.run(main())\n',
    { "app.py": "", Procfile: "web: gunicorn -b 0.0.0.0:5000 app:app\n" },
    'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nclass Server(HTTPServer):\n    def __init__(self, address):\n        super().__init__(address, BaseHTTPRequestHandler)\n\nServer(("", 5232)).serve_forever()\n',
    'from quart import Quart\nfrom quart_cors import cors\napp = cors(Quart(__name__), allow_origin="*")\napp.run(host="0.0.0.0", port=5003)\n',
    'from configparser import ConfigParser\nfrom twisted.application.internet import TCPServer\nconfig = ConfigParser()\nport = config.getint("web", "http_port", fallback=6800)\nservice = TCPServer(port, resource, interface="0.0.0.0")\n',
    'import cherrypy\nDEFINITIONS = {"HTTP_PORT": (int, "General", 8181)}\n\nclass Config:\n    def __getattr__(self, name):\n        return self.values[name]\n\nconfig = Config()\ncherrypy.config.update({"server.socket_host": "0.0.0.0", "server.socket_port": config.HTTP_PORT})\ncherrypy.quickstart(App())\n',
    {
      Dockerfile: 'FROM python\nCOPY . /app\nENTRYPOINT ["/app/entrypoint.sh"]\n',
      "main.py":
        'import argparse\nfrom aiohttp import web\nparser = argparse.ArgumentParser()\nparser.add_argument("--port", type=int, default=8000)\nargs = parser.parse_args()\nweb.run_app(web.Application(), port=args.port)\n',
      "entrypoint.sh":
        '#!/bin/bash\nARGS=()\nif [ -n "$HTTP_PORT" ]; then\n  ARGS+=("--port=$HTTP_PORT")\nelse\n  ARGS+=("--port=8000")\nfi\nexec python main.py "${ARGS[@]}"\n',
    },
    'from http.server import HTTPServer\nsettings = load()\nHTTPServer(("", settings["PORT"]), Handler).serve_forever()\n',
    'from werkzeug.serving import ThreadedWSGIServer\nThreadedWSGIServer("0.0.0.0", 3141, app).serve_forever()\n',
  ],
);
