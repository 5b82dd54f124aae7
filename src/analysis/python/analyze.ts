/** Facts of a Python file beyond its catalogue: signals, variables that must be there, configuration by assignment. */
import { type FactSink, factValues, place, quote, reachOf, splitAddress, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type FactValue, literalFact, type Reach } from "../facts.ts";
import { type Expr, lastName } from "../ir.ts";
import { pythonDrain } from "../platform/drains.ts";
import { walkTree } from "../platform/walk.ts";
import { asStarted } from "../reach.ts";
import { type SourceModule, scopeAt } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { endpointOf } from "../twisted.ts";
import { alternatives, envNames, isNull, textOf } from "../values.ts";
import { pythonNeeds } from "./needs.ts";
import { leaveOutProbes } from "./probes.ts";

export const PYTHON_WORDS =
  /\b(run|run_\w+|serve|serve_forever|listen|listen\w+|bind|bind_sockets|make_server|add_(?:in)?secure_port|server|\w*Server|TCPSite|\w+Endpoint|start_http_server|FastMCP|Granian|Config|launch|start_server|create_server|ssl|ssl_\w+|certfile|wrap_socket|SIGTERM|SIGINT|add_signal_handler|set_accept_state|environ|getenv|decouple|BaseSettings|Scheduler|Celery|sqlite3|listenTCP|serverFromString|strports|run_task|gunicorn|quickstart|socket_port|metadata\.google|runserver|runsimple|serve_tcp|Start\w*T(?:cp|ls)Server|aiosmtpd|[rR]obyn|panel|eel|justpy|remi|trame|shiny|meinheld|Pyro[45])\b/;

/** Last names of the calls that matter. */
export const PYTHON_CALLS = new Set(
  "run run_async run_http_async run_sse_async run_streamable_http_async execute_from_command_line call_command FTPServer ThreadedFTPServer MultiprocessFTPServer StartTcpServer StartAsyncTcpServer StartTlsServer StartAsyncTlsServer Controller UnthreadedController justpy Daemon DNSServer BaseServer serve_tcp from_mapping run_server run_app TCPSite prepare listen bind bind_sockets HTTPServer ThreadingHTTPServer TCPServer ThreadingTCPServer SimpleXMLRPCServer WSGIServer ForkingTCPServer make_server run_simple serve create_server set_accept_state BaseWSGIServer ThreadedWSGIServer ForkingWSGIServer StreamServer Config Granian Server add_insecure_port add_secure_port start_server WebsocketServer launch start listenTCP listenSSL serverFromString run_task TCP4ServerEndpoint SSL4ServerEndpoint quickstart FastMCP runsimple start_http_server wrap_socket create_default_context SSLContext SSLServer Connection service serve_ssl_over_tcp open_ssl_over_tcp_listeners ssl_server_credentials wrap_ssl BuiltinSSLAdapter Celery APScheduler every Thread Timer connect TinyDB open Cache signal add_signal_handler".split(
    " ",
  ),
);

const EXTRA = /[sS]ignal|Scheduler$|Adapter$|Sqlite\w*Database$|Worker$|Huey$/;

export function isPythonCall(name: string): boolean {
  return PYTHON_CALLS.has(name) || EXTRA.test(name);
}

export function pythonCallFacts(visit: Visit): void {
  const { view, module, site, sink } = visit;
  const last = view.path.slice(view.path.lastIndexOf(".") + 1);
  if (last === "serverFromString" || /^twisted\.application\.strports\.service$/.test(view.path))
    describedEndpoint(visit);
  if (/^django\.core\.management\.(execute_from_command_line|call_command)$/.test(view.path)) djangoServer(visit);
  // A server that is given sockets is no listener of its own, but heeds the signal.
  const isGivenSockets =
    /^uvicorn(\.\w+)*\.Server(\(\))?\.(run|serve)$/.test(view.path) && site.call.args.some((a) => a.name === "sockets");
  if (view.path === "aiorun.run" || isGivenSockets)
    sink.signalHandlers.push({
      signals: ["SIGTERM"],
      by: isGivenSockets ? "uvicorn" : "aiorun",
      place: place(module, site.call),
      reach: asStarted(visit.reach()),
    });
  if (/signal/i.test(last) && !/^(send|emit|kill|dispatch|p?thread)/i.test(last) && view.count > 1) {
    const first = alternatives(view.arg(0));
    const signals = first.flatMap((v) =>
      v.t === "ref" && /\.SIG[A-Z0-9]+$/.test(v.path) ? [v.path.slice(v.path.lastIndexOf(".") + 1)] : [],
    );
    const own = view.path === "signal.signal" || /^add_signal_handler$|^signal_handler$/.test(last);
    if (own && first.some((v) => v.t !== "ref"))
      for (const m of module.text.matchAll(/\bSIG(?:TERM|INT|HUP|QUIT)\b/g)) signals.push(m[0]);
    const handler = view.arg(1);
    if (handler.t === "ref" && /SIG_(DFL|IGN)$/.test(handler.path)) return;
    if (signals.length === 0) return;
    const drain = handler.t === "function" ? pythonDrain(handler.fn, handler.scope.file, visit.evaluator) : undefined;
    sink.signalHandlers.push({
      signals: [...new Set(signals)],
      by: view.path.startsWith("signal") ? "signal.signal" : last,
      place: place(module, site.call),
      reach: asStarted(visit.reach()),
      ...(drain?.timeoutMs === undefined ? {} : { drainMs: drain.timeoutMs }),
      ...(drain?.endless ? { endless: true } : {}),
    });
  }
}

/** Django's own server, started by the program: `call_command("runserver", "127.0.0.1:8000")`. */
function djangoServer({ view, module, site, sink, reach }: Visit): void {
  const list = view.arg(0);
  const given = view.path.endsWith("call_command")
    ? view.call.args.flatMap((a, i) => (a.name ? [] : [view.arg(i)]))
    : [];
  const words = list.t === "array" ? list.items : given;
  const at = words.findIndex((w) => /^run(ssl)?server(_plus)?$/.test(textOf(w) ?? ""));
  if (at < 0) return;
  const named = view.named("addrport");
  const found = named.t === "absent" ? words.slice(at + 1).find((w) => !textOf(w)?.startsWith("-")) : named;
  const text = found && textOf(found);
  const parts = found && !/^\d+$/.test(text ?? "") ? splitAddress(found) : undefined;
  sink.listeners.push({
    framework: "Django's runserver",
    protocol: "http",
    port: parts ? factValues(parts.port) : [text === undefined ? { kind: "absent" } : literalFact(text)],
    host: parts ? factValues(parts.host) : [{ kind: "absent" }],
    defaults: { port: 8000, host: "localhost" },
    place: place(module, site.call),
    reach: reach(),
    evidence: [quote(module, site.call)],
  });
}

/** Twisted's `serverFromString(reactor, "tcp:8080:interface=127.0.0.1")`. */
function describedEndpoint({ view, module, site, sink, reach, evaluator }: Visit): void {
  // `strports.service("tcp:8080", site)` is given no reactor.
  const index = view.path.endsWith(".service") ? 0 : 1;
  const given = followedByName(view.arg(index), view.call.args[index]?.value, site.scope, evaluator);
  const usual = given.t === "option" || given.t === "env" ? given.default : given;
  // `f"tcp:{port}:interface={interface}"`: what is put in is called by its place.
  const parts = usual?.t === "text" && textOf(usual) === undefined ? usual.parts : [];
  const text = parts.length > 0 ? parts.map((p, i) => textOf(p) ?? `$part${i}`).join("") : textOf(usual);
  const endpoint = text === undefined ? undefined : endpointOf(text);
  if (!endpoint) return;
  const { host, port } = endpoint;
  const said = (part: string | undefined, without: FactValue): FactValue[] => {
    const of = parts[Number(/^\$part(\d+)$/.exec(part ?? "")?.[1] ?? -1)];
    const all = of ? factValues(of) : [part === undefined ? without : literalFact(part)];
    return given.t === "option" || given.t === "env" ? [{ kind: given.t, name: given.name, fallback: all }] : all;
  };
  if (endpoint.tls)
    sink.tlsServers.push({
      what: "Twisted's ssl:",
      place: place(module, site.call),
      reach: reach(),
      evidence: [quote(module, site.call)],
    });
  sink.listeners.push({
    framework: "Twisted",
    protocol: "http",
    port: said(port?.startsWith("${") ? undefined : port, { kind: "unknown" }),
    host: said(host, { kind: "absent" }),
    defaults: { host: "all" },
    place: place(module, site.call),
    reach: reach(),
    evidence: [quote(module, site.call)],
    handlesSigterm: true,
  });
}

export function pythonModuleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  leaveOutProbes(module, sink);
  for (const a of module.assigns) {
    if (a.target.kind !== "member") continue;
    const reach = () => reachOf(evaluator, module, a.scope, a.guards);
    if (a.target.property === "bind") {
      const owner = evaluator.query(a.target.object, a.scope);
      if (owner.t !== "ref" || !/^hypercorn\b/.test(owner.path)) continue;
      const value = evaluator.query(a.value, a.scope);
      const { host, port } = splitAddress(value.t === "array" ? (value.items[0] ?? value) : value);
      sink.listeners.push({
        framework: "Hypercorn",
        protocol: "http",
        port: factValues(port),
        host: factValues(host),
        defaults: { host: "localhost", port: 8000 },
        place: place(module, a.target),
        reach: reach(),
        evidence: [quote(module, a.target)],
        handlesSigterm: true,
      });
    } else if (/^(ssl_)?(certfile|keyfile)$/.test(a.target.property)) {
      const owner = evaluator.query(a.target.object, a.scope);
      const server = owner.t === "ref" ? /^(hypercorn|uvicorn)\b/.exec(owner.path)?.[1] : undefined;
      if (server)
        sink.tlsServers.push({
          what: `${server} with TLS`,
          place: place(module, a.target),
          reach: reach(),
          evidence: [quote(module, a.target)],
        });
    }
  }
  cherryPy(module, evaluator, sink);
  gunicornApp(module, evaluator, sink);
  sink.needs.push(...pythonNeeds(module, evaluator));
}

/** `options["certfile"] = path` after the table was made. */
function givenLater({ assigns }: SourceModule): Expr | undefined {
  return assigns.find(({ target }) => /^(?:certfile|keyfile)$/.test(lastName(target) ?? ""))?.value;
}

/**
 * gunicorn within the program: a class on `BaseApplication` and a table of options, `{"bind": "127.0.0.1:8000"}`,
 * `dict(bind=address)`, `options["bind"] = address`.
 */
function gunicornApp(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\bgunicorn\.app\b/.test(module.text)) return;
  const found = (bind: Expr, certificate: Expr | undefined): void => {
    const scope = scopeAt(module, bind);
    const given = evaluator.query(certificate, scope);
    if (certificate && !isNull(given))
      sink.tlsServers.push({
        what: "gunicorn with TLS",
        place: place(module, certificate),
        reach: { conditions: [], env: [...envNames(given)], development: false },
        evidence: [quote(module, certificate)],
        ...(given.t === "literal" ? {} : { option: "certfile" }),
      });
    const { host, port } = splitAddress(evaluator.query(bind, scope));
    sink.listeners.push({
      framework: "gunicorn",
      protocol: "http",
      port: factValues(followedByName(port, undefined, scope, evaluator)),
      host: factValues(followedByName(host, undefined, scope, evaluator)),
      defaults: { port: "PORT", host: "all" },
      place: place(module, bind),
      reach: { conditions: [], env: [], development: false },
      evidence: [quote(module, bind)],
      handlesSigterm: true,
    });
  };
  walkTree(module.tree, (e) => {
    const of = (key: string): Expr | undefined =>
      e.kind === "object"
        ? e.entries.find((x) => x.key === key)?.value
        : e.kind === "call" && /^(dict|update)$/.test(lastName(e.callee) ?? "")
          ? e.args.find((a) => a.name === key)?.value
          : undefined;
    const bind = of("bind");
    if (bind) found(bind, of("certfile") ?? of("keyfile") ?? givenLater(module));
  });
  for (const { target, value } of module.assigns)
    if (target.kind === "index" && lastName(target) === "bind") found(value, givenLater(module));
}

/** `cherrypy.config.update({"server.socket_host": …, "server.socket_port": …})`, the keys also by assignment. */
function cherryPy(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\bcherrypy\b/.test(module.text)) return;
  const reach = (): Reach => ({ conditions: [], env: [], development: false });
  walkTree(module.tree, (e) => {
    if (e.kind !== "object") return;
    const of = (key: string): Expr | undefined => e.entries.find((x) => x.key === key)?.value;
    const port = of("server.socket_port");
    const host = of("server.socket_host");
    if (!port && !host) return;
    const scope = scopeAt(module, e);
    sink.listeners.push({
      framework: "CherryPy",
      protocol: "http",
      port: factValues(followedByName(evaluator.query(port, scope), port, scope, evaluator)),
      host: factValues(followedByName(evaluator.query(host, scope), host, scope, evaluator)),
      defaults: { port: 8080, host: "localhost" },
      place: place(module, e),
      reach: reach(),
      evidence: [quote(module, e)],
      handlesSigterm: true,
    });
  });
  const tls = /\bserver\.ssl_(certificate|private_key|context)(?:["']|\s*=[^=])/.exec(module.text);
  if (tls)
    sink.tlsServers.push({
      what: "CherryPy with TLS",
      place: place(module, { start: tls.index, end: tls.index + tls[0].length }),
      reach: reach(),
      evidence: [tls[0]],
      option: `server.ssl_${tls[1]}`,
    });
}
