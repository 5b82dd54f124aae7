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
    {
      "cli.py":
        'import click\nfrom serving import run\n\n@click.command()\n@click.option("--host", default="0.0.0.0")\ndef main(host):\n    run((host, int(PORT)))\n',
      "serving.py":
        'import os\nfrom typing import NamedTuple\nfrom werkzeug.serving import run_simple\n\nclass Address(NamedTuple):\n    host: str\n    port: int\n\ndef run(address):\n    address = Address._make(address)\n    run_simple(address.host, int(os.environ["PORT"]), app)\n',
    },
    {
      "main.py":
        'import os\nfrom http.server import HTTPServer\n\nclass Live(HTTPServer):\n    def __init__(self, host: str, port: int) -> None:\n        super().__init__((host, int(os.environ["PORT"])), Handler)\n\ndef serve():\n    config = load_config()\n    host, port = config.dev_addr\n    Live(host=host, port=port).serve_forever()\n',
      "defaults.py": 'class Defaults(base.Config):\n    dev_addr = types.Address(default="0.0.0.0:8000")\n',
    },
    {
      "app.py":
        'import os\nfrom flask import Flask\n\nclass App(Flask):\n    def run(self, host=None):\n        if host is None:\n            host = self.config["HOST"]\n        super().run(host, int(os.environ["PORT"]))\n',
      "settings.py": 'HOST = "0.0.0.0"\n',
    },
    'import argparse, os\nfrom flask import Flask\nparser = argparse.ArgumentParser()\nparser.add_argument("--host", default="0.0.0.0")\nparser.add_argument("--remote", action="store_true")\nargs = parser.parse_args()\nif args.remote:\n    args.host = "::"\nFlask("x").run(host=args.host, port=int(os.environ["PORT"]))\n',
    'import os\nfrom tornado.web import Application\n\ndef listen(host=None):\n    Application([]).listen(int(os.environ["PORT"]), address=host)\n\ndef serve(host=None):\n    host = host or "0.0.0.0"\n    listen(host)\n\nserve()\n',
    {
      "server.py":
        'import os\nfrom waitress import serve\n\ndef run(**kwargs):\n    serve(app, port=int(os.environ["PORT"]), **kwargs)\n',
      "cli.py":
        'import click\n\n@click.command()\n@click.option("--host", default="0.0.0.0")\ndef main(**options):\n    load()(**options)\n',
    },
    'import os, uvicorn\nfrom dataclasses import dataclass\n\n@dataclass\nclass Settings:\n    host: str = "127.0.0.1"\n    workers: int = 1\n\nsettings = Settings(host="0.0.0.0")\nuvicorn.run("main:app", host=settings.host, port=int(os.environ["PORT"]))\n',
    {
      "app.py":
        'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(port=int(PORT))\n',
      Procfile: "web: sh start.sh\n",
      "start.sh": "#!/bin/sh\ngunicorn app:app\n",
    },
    'import os\nfrom flask import Flask\nfrom waitress.server import create_server\napp = Flask(__name__)\nserver = create_server(app, host="0.0.0.0", port=int(os.environ["PORT"]))\nserver.run()\n',
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
    {
      "cli.py":
        'import click\nfrom serving import run\n\n@click.command()\n@click.option("--host", default="127.0.0.1")\ndef main(host):\n    run((host, int(PORT)))\n',
      "serving.py":
        'import os\nfrom typing import NamedTuple\nfrom werkzeug.serving import run_simple\n\nclass Address(NamedTuple):\n    host: str\n    port: int\n\ndef run(address):\n    address = Address._make(address)\n    run_simple(address.host, int(os.environ["PORT"]), app)\n',
    },
    {
      "main.py":
        'import os\nfrom http.server import HTTPServer\n\nclass Live(HTTPServer):\n    def __init__(self, host: str, port: int) -> None:\n        super().__init__((host, int(os.environ["PORT"])), Handler)\n\ndef serve():\n    config = load_config()\n    host, port = config.dev_addr\n    Live(host=host, port=port).serve_forever()\n',
      "defaults.py": 'class Defaults(base.Config):\n    dev_addr = types.Address(default="127.0.0.1:8000")\n',
    },
    {
      "app.py":
        'import os\nfrom flask import Flask\n\nclass App(Flask):\n    def run(self, host=None):\n        if host is None:\n            host = self.config["HOST"]\n        super().run(host, int(os.environ["PORT"]))\n',
      "settings.py": 'HOST = "localhost"\n',
    },
    'import argparse, os\nfrom flask import Flask\nparser = argparse.ArgumentParser()\nparser.add_argument("--host", default="127.0.0.1")\nparser.add_argument("--remote", action="store_true")\nargs = parser.parse_args()\nif args.remote:\n    args.host = "0.0.0.0"\nFlask("x").run(host=args.host, port=int(os.environ["PORT"]))\n',
    'import os\nfrom tornado.web import Application\n\ndef listen(host=None):\n    Application([]).listen(int(os.environ["PORT"]), address=host)\n\ndef serve(host=None):\n    host = host or "127.0.0.1"\n    listen(host)\n\nserve()\n',
    {
      "server.py":
        'import os\nfrom waitress import serve\n\ndef run(**kwargs):\n    serve(app, port=int(os.environ["PORT"]), **kwargs)\n',
      "cli.py":
        'import click\n\n@click.command()\n@click.option("--host", default="localhost")\ndef main(**options):\n    load()(**options)\n',
    },
    'import os, uvicorn\nfrom dataclasses import dataclass\n\n@dataclass\nclass Settings:\n    host: str = "0.0.0.0"\n    workers: int = 1\n\nsettings = Settings(host="127.0.0.1")\nuvicorn.run("main:app", host=settings.host, port=int(os.environ["PORT"]))\n',
    {
      "app.py":
        'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(port=int(PORT))\n',
      Procfile: "web: sh start.sh\n",
      "start.sh": "#!/bin/sh\ngunicorn -b 127.0.0.1:$PORT app:app\n",
    },
    'import os\nfrom flask import Flask\nfrom waitress.server import create_server\napp = Flask(__name__)\nserver = create_server(app, host="127.0.0.1", port=int(os.environ["PORT"]))\nserver.run()\n',
  ],
);
