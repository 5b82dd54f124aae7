import { examplesOf } from "./examples.ts";

export default examplesOf(
  "main.py",
  [
    'import os, uvicorn\nuvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]))\n',
    'import ssl, urllib.request\ncontext = ssl.create_default_context()\nurllib.request.urlopen("https://example.com", context=context)\n',
    'import ssl, socket\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\ns = context.wrap_socket(socket.socket(), server_hostname="example.com")\n',
    'import requests\nrequests.get("https://example.com", verify="ca.pem", cert=("a.crt", "a.key"))\n',
    'import grpc\nchannel = grpc.secure_channel("example.com", grpc.ssl_channel_credentials())\n',
    'import os\nfrom flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0", port=int(os.environ["PORT"]), ssl_context=None)\n',
    "import aiohttp\nsession = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False))\n",
    'import websockets\nwebsockets.connect("wss://example.com", ssl=context)\n',
    'import uvicorn\nuvicorn.run("main:app", ssl_keyfile=None, ssl_certfile=None)\n',
    'import os, cherrypy\ncherrypy.server.socket_port = int(os.environ["PORT"])\ncherrypy.server.socket_host = "0.0.0.0"\ncherrypy.quickstart(App())\n',
    'import os\nfrom gevent.pywsgi import WSGIServer\n\ndef run(**kwargs):\n    WSGIServer(("", int(os.environ["PORT"])), app, **kwargs).serve_forever()\n',
    "from OpenSSL import SSL\n\ndef start(layer):\n    layer.connection = SSL.Connection(SSL.Context(SSL.TLS_METHOD))\n    layer.connection.set_connect_state()\n",
  ],
  [
    'from flask import Flask\napp = Flask(__name__)\napp.run(host="0.0.0.0", port=443, ssl_context=("cert.pem", "key.pem"))\n',
    'from flask import Flask\napp = Flask(__name__)\napp.run(ssl_context="adhoc")\n',
    'import uvicorn\nuvicorn.run("main:app", port=8443, ssl_keyfile="key.pem", ssl_certfile="cert.pem")\n',
    'import uvicorn\nkwargs = {"port": 8443, "ssl_keyfile": "key.pem"}\nuvicorn.run("main:app", **kwargs)\n',
    'import ssl\nfrom http.server import HTTPServer, SimpleHTTPRequestHandler\nserver = HTTPServer(("", 443), SimpleHTTPRequestHandler)\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\ncontext.load_cert_chain("cert.pem")\nserver.socket = context.wrap_socket(server.socket, server_side=True)\n',
    "import ssl\ncontext = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)\n",
    "import grpc\ncredentials = grpc.ssl_server_credentials([(key, cert)])\n",
    'from tornado.httpserver import HTTPServer\nHTTPServer(app, ssl_options={"certfile": "cert.pem"}).listen(443)\n',
    'from flask_socketio import SocketIO\nsocketio = SocketIO(app)\nsocketio.run(app, ssl_context=("cert.pem", "key.pem"))\n',
    "from aiohttp import web\nweb.run_app(app, ssl_context=context_from_settings())\n",
    'from sanic import Sanic\nSanic("x").run(host="0.0.0.0", ssl={"cert": "a", "key": "b"})\n',
    "import cherrypy\nif os.path.exists(crt):\n    cherrypy.server.ssl_certificate = crt\n    cherrypy.server.ssl_private_key = key\ncherrypy.quickstart(App())\n",
    {
      "server.py":
        'import os\nfrom gevent.pywsgi import WSGIServer\n\ndef run(**kwargs):\n    WSGIServer(("", int(os.environ["PORT"])), app, **kwargs).serve_forever()\n',
      "cli.py":
        'from server import run\n\ndef main(options):\n    given = {}\n    if options.tls:\n        given["keyfile"] = options.key\n    run(**given)\n',
    },
    "from OpenSSL import SSL\n\ndef start(layer):\n    layer.connection = SSL.Connection(SSL.Context(SSL.TLS_METHOD))\n    layer.connection.set_accept_state()\n",
  ],
);
