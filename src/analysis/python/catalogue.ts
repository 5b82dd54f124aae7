/** Python's servers, their TLS, schedulers and files. */
import type { Catalogue } from "../catalogue.ts";
import { PYTHON_LISTENERS } from "./listeners.ts";
import { key } from "./slots.ts";

export const PYTHON: Catalogue = {
  listeners: PYTHON_LISTENERS,
  tls: [
    {
      path: /^(gevent\.|eventlet\.green\.)?ssl\.wrap_socket$/,
      what: "ssl.wrap_socket(server_side=True)",
      when: [{ names: ["server_side"] }],
    },
    {
      path: /^(gevent\.|eventlet\.green\.)?ssl\.(SSLContext|create_default_context|_create_unverified_context)\(\)\.wrap_socket$/,
      what: "wrap_socket(server_side=True)",
      when: [{ names: ["server_side"] }],
    },
    {
      path: /^ssl\.create_default_context$/,
      what: "ssl.create_default_context(CLIENT_AUTH)",
      // `capath=certifi.where()` says whom to trust of servers: a client's, with the wrong purpose.
      text: /CLIENT_AUTH(?![\s\S]*certifi\.)/,
    },
    { path: /^ssl\.SSLContext$/, what: "a server's SSLContext", text: /PROTOCOL_TLS_SERVER/ },
    {
      path: /^uvicorn\.(run|Config|main\.run|config\.Config)$/,
      what: "uvicorn with TLS",
      when: [key("ssl_keyfile"), key("ssl_certfile")],
    },
    { path: /^flask\.Flask(\(\))?\.run$/, what: "Flask with ssl_context", when: [key("ssl_context")] },
    {
      path: /^(apiflask|flask_openapi3|connexion|dash)\b.*\.(run|run_server)$/,
      what: "the app with ssl_context",
      when: [key("ssl_context")],
    },
    {
      path: /^flask_socketio\.SocketIO(\(\))?\.run$/,
      what: "Flask-SocketIO with TLS",
      when: [key("ssl_context"), key("certfile"), key("keyfile")],
    },
    { path: /^quart\.Quart(\(\))?\.(run|run_task)$/, what: "Quart with TLS", when: [key("certfile"), key("keyfile")] },
    {
      path: /^(werkzeug\.serving|werkzeug)\.(run_simple|make_server|(Base|Threaded|Forking)WSGIServer)$/,
      what: "Werkzeug with ssl_context",
      when: [key("ssl_context")],
    },
    {
      path: /^tornado\.(web\.Application\(\)\.listen|httpserver\.HTTPServer|tcpserver\.TCPServer)$/,
      what: "Tornado with ssl_options",
      when: [key("ssl_options")],
    },
    {
      path: /^aiohttp\.web\.(run_app|TCPSite|SockSite)$/,
      what: "aiohttp with ssl_context",
      when: [key("ssl_context")],
    },
    { path: /^sanic\.Sanic(\(\))?\.(run|prepare|create_server)$/, what: "Sanic with ssl", when: [key("ssl")] },
    { path: /(^|\.)set_accept_state$/, what: "OpenSSL's Connection.set_accept_state()" },
    { path: /^grpc\.ssl_server_credentials$/, what: "grpc.ssl_server_credentials" },
    { path: /^grpc\.(aio\.)?server\(\)\.add_secure_port$/, what: "add_secure_port" },
    {
      path: /^gevent\.(pywsgi|server|wsgi)\.(WSGIServer|StreamServer)$/,
      what: "gevent with TLS",
      when: [key("keyfile"), key("certfile"), key("ssl_context")],
    },
    { path: /^eventlet\.wrap_ssl$/, what: "eventlet.wrap_ssl", when: [key("server_side")] },
    { path: /^websockets(\.\w+)*\.serve$/, what: "websockets with ssl", when: [key("ssl")] },
    {
      path: /^asyncio\.(start_server|(get_event_loop|get_running_loop|new_event_loop)\(\)\.create_server)$/,
      what: "asyncio with ssl",
      when: [key("ssl")],
    },
    {
      path: /^hypercorn\.(config\.)?Config(\(\))?\.from_mapping$/,
      what: "Hypercorn with TLS",
      when: [key("certfile"), key("keyfile")],
    },
    { path: /^granian(\.\w+)?\.Granian$/, what: "Granian with TLS", when: [key("ssl_cert"), key("ssl_key")] },
    { path: /^twisted\.internet\.reactor\.listenSSL$/, what: "reactor.listenSSL" },
    { path: /^twisted\.internet\.endpoints\.SSL4ServerEndpoint$/, what: "SSL4ServerEndpoint" },
    { path: /^twisted\.application\.internet\.SSLServer$/, what: "Twisted's SSLServer" },
    { path: /^twisted\.application\.strports\.(service|listen)$/, what: "Twisted's ssl:", text: /["']ssl:/ },
    { path: /^klein\.(Klein\(\)\.)?run$/, what: "Klein on ssl:", text: /["']ssl:/ },
    {
      path: /^(cheroot\.ssl|(cherrypy|web)\.wsgiserver)\.\w+\.\w+Adapter$/,
      what: "Cheroot's TLS adapter",
    },
    {
      path: /^OpenSSL\.SSL\.Connection$/,
      what: "OpenSSL's Connection of a server",
      alongside: /\.listen\(|\.accept\(/,
    },
    { path: /^trio\.(serve_ssl_over_tcp|open_ssl_over_tcp_listeners)$/, what: "Trio's TLS server" },
    {
      path: /^(gradio\.\w+\(\)(\.queue\(\))?)\.launch$/,
      what: "Gradio with TLS",
      when: [key("ssl_keyfile"), key("ssl_certfile")],
    },
    { path: /^nicegui\.ui\.run$/, what: "NiceGUI with TLS", when: [key("ssl_keyfile"), key("ssl_certfile")] },
    { path: /^bottle(\.\w+\(\))?\.run$/, what: "Bottle with TLS", when: [key("certfile"), key("keyfile")] },
  ],
};
