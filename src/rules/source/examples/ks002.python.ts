import { examplesOf } from "./examples.ts";

const FLASK = 'import os\nfrom flask import Flask\napp = Flask(__name__)\nport = int(os.environ.get("PORT", 8080))\n';

export default examplesOf(
  "main.py",
  [
    `${FLASK}app.run(host="0.0.0.0", port=port)\n`,
    `${FLASK}app.run("0.0.0.0", port)\n`,
    {
      "main.py": `${FLASK}if __name__ == "__main__":\n    app.run(host="127.0.0.1", port=port)\n`,
      Procfile: "web: gunicorn main:app\n",
    },
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nHTTPServer(("", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
    'import os, redis\nfrom aiohttp import web\nr = redis.Redis(host="localhost")\nweb.run_app(web.Application(), port=int(os.environ["PORT"]))\n',
    {
      "main.py": "",
      Dockerfile: 'FROM python:3.13\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8080"]\n',
    },
    'import os\nfrom waitress import serve\nserve(app, port=os.environ["PORT"])\n',
    'import os\nfrom tornado.web import Application\nApplication([]).listen(int(os.environ["PORT"]))\n',
    'import os, uvicorn\nhost = os.getenv("HOST", "0.0.0.0")\nuvicorn.run("main:app", host=host, port=int(os.environ["PORT"]))\n',
    'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nclass Server(HTTPServer):\n    pass\n\nServer(("0.0.0.0", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
    'import os\nfrom traitlets import Unicode\nfrom traitlets.config import Application\nfrom tornado.netutil import bind_sockets\n\nclass App(Application):\n    ip = Unicode("0.0.0.0", config=True)\n\n    def start(self):\n        bind_sockets(int(os.environ["PORT"]), self.ip)\n',
    'import os, uvicorn\nhost = settings.get("host", "0.0.0.0")\nuvicorn.run("main:app", host=host, port=int(os.environ["PORT"]))\n',
  ],
  [
    `${FLASK}app.run(port=port)\n`,
    `${FLASK}app.run(host="127.0.0.1", port=port)\n`,
    'import os, uvicorn\nuvicorn.run("main:app", port=int(os.environ["PORT"]))\n',
    'import os, uvicorn\nHOST = "localhost"\nuvicorn.run("main:app", host=HOST, port=int(os.environ["PORT"]))\n',
    'import os\nfrom sanic import Sanic\napp = Sanic("x")\napp.run(port=int(os.environ["PORT"]))\n',
    'import os\nfrom http.server import ThreadingHTTPServer, BaseHTTPRequestHandler\nThreadingHTTPServer(("localhost", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
    { "manage.py": "", Dockerfile: 'FROM python:3.13\nCMD ["python", "manage.py", "runserver"]\n' },
    { "main.py": "", Dockerfile: "FROM python:3.13\nCMD uvicorn main:app --port $PORT\n" },
    'import argparse, os, uvicorn\nparser = argparse.ArgumentParser()\nparser.add_argument("--host", default="127.0.0.1")\nargs = parser.parse_args()\nuvicorn.run("main:app", host=args.host, port=int(os.environ["PORT"]))\n',
    'import os\nfrom bottle import Bottle\napp = Bottle()\napp.run(host="localhost", port=os.environ.get("PORT", 8080))\n',
    'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nclass Server(HTTPServer):\n    pass\n\nServer(("127.0.0.1", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
    'import os\nfrom traitlets import Unicode, default\nfrom traitlets.config import Application\nfrom tornado.netutil import bind_sockets\n\nclass App(Application):\n    ip = Unicode(config=True)\n\n    @default("ip")\n    def _usual_ip(self):\n        return "localhost"\n\n    def start(self):\n        bind_sockets(int(os.environ["PORT"]), self.ip)\n',
    'import os, uvicorn\nfrom library import settings\nhost = settings.get("host", "127.0.0.1")\nuvicorn.run("main:app", host=host, port=int(os.environ["PORT"]))\n',
    {
      "server.py":
        'import os\nimport tornado.netutil\n\nclass Frontend:\n    def __init__(self, config):\n        self.hostname = config["http"]["hostname"]\n        tornado.netutil.bind_sockets(int(os.environ["PORT"]), self.hostname)\n',
      "ext.conf": "[http]\nhostname = 127.0.0.1\nport = 6680\n",
    },
  ],
);
