import { examplesOf } from "./examples.ts";

const RUN =
  'import os\nfrom flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0", port=int(os.environ["PORT"]))\n';

export default examplesOf(
  "main.py",
  [
    `import signal\nsignal.signal(signal.SIGTERM, lambda *a: exit(0))\n${RUN}`,
    `import signal\nfor s in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(s, stop)\n${RUN}`,
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    { "main.py": RUN, Procfile: "web: gunicorn main:app\n" },
    'from aiohttp import web\nimport os\nweb.run_app(web.Application(), port=int(os.environ["PORT"]))\n',
    'import asyncio, os, signal\nasync def main():\n    loop = asyncio.get_running_loop()\n    loop.add_signal_handler(signal.SIGTERM, loop.stop)\n    await asyncio.start_server(handle, "0.0.0.0", int(os.environ["PORT"]))\nasyncio.run(main())\n',
    'import os\nfrom sanic import Sanic\nSanic("x").run(host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    "def answer():\n    return 42\n",
    { "main.py": RUN, "stop.py": "import signal\nsignal.signal(signal.SIGTERM, stop)\n" },
    'import os, signal, gevent\nfrom gevent.pywsgi import WSGIServer\nserver = WSGIServer(("", int(os.environ["PORT"])), app)\ngevent.signal_handler(signal.SIGTERM, server.stop)\nserver.serve_forever()\n',
    {
      "app/server.py":
        'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\n\ndef serve():\n    HTTPServer(("", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
      "app/tools/main.py":
        "import asyncio, signal\nfrom app.server import serve\n\nasync def main():\n    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)\n    serve()\n",
    },
  ],
  [
    RUN,
    `import signal\nsignal.signal(signal.SIGINT, stop)\n${RUN}`,
    'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\nHTTPServer(("", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
    'import os, grpc\nserver = grpc.server(pool)\nserver.add_insecure_port("[::]:" + os.environ["PORT"])\ntry:\n    server.wait_for_termination()\nexcept KeyboardInterrupt:\n    server.stop(0)\n',
    'import os\nfrom tornado.web import Application\nApplication([]).listen(int(os.environ["PORT"]))\n',
    'import os, asyncio\nasync def main():\n    await asyncio.start_server(handle, "0.0.0.0", int(os.environ["PORT"]))\nasyncio.run(main())\n',
    'import os\nfrom bottle import run\nrun(host="0.0.0.0", port=os.environ["PORT"])\n',
    `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_DFL)\n${RUN}`,
    'import os\nfrom wsgiref.simple_server import make_server\nmake_server("", int(os.environ["PORT"]), app).serve_forever()\n',
    'import os, signal, gevent\nfrom gevent.pywsgi import WSGIServer\nserver = WSGIServer(("", int(os.environ["PORT"])), app)\ngevent.signal_handler(signal.SIGINT, server.stop)\nserver.serve_forever()\n',
    {
      "app/server.py":
        'import os\nfrom http.server import HTTPServer, BaseHTTPRequestHandler\n\ndef serve():\n    HTTPServer(("", int(os.environ["PORT"])), BaseHTTPRequestHandler).serve_forever()\n',
      "app/tools/main.py":
        "import asyncio, signal\nfrom app.server import serve\n\nasync def main():\n    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop)\n    serve()\n",
    },
  ],
);
