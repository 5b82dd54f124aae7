/** PHP: what its own servers (Swoole, Workerman, ReactPHP, Ratchet, sockets) are told. Most PHP runs behind a server. */
import type { Catalogue, Slot } from "../catalogue.ts";
import { addressApart, type FactSink, place, quote, reachOf, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { partOf } from "../evaluate/urls.ts";
import { format } from "../format.ts";
import type { Language, ModuleFinder } from "../languages.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import { ABSENT, alternatives, ENVIRON, textOf, type Value, variableOf } from "../values.ts";
import { builtIn } from "./built-in.ts";
import { classValue, type PhpFiles, phpFiles } from "./files.ts";
import { lowerPhp } from "./lower.ts";

const at = (index: number): Slot => ({ index });

const CATALOGUE: Catalogue = {
  listeners: [
    {
      // PHP does not tell names of classes apart by their case: `Openswoole\Http\Server`.
      path: /^(Open)?Swoole\.(Http|WebSocket|Coroutine\.Http)\.Server$|^(Open)?Swoole\.Server$|^swoole_(http_)?server$/i,
      framework: "Swoole",
      host: at(0),
      port: at(1),
      defaults: {},
      handlesSigterm: true,
    },
    {
      path: /^Workerman\.Worker$/i,
      framework: "Workerman",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^React\.Socket\.(SocketServer|TcpServer|Server)$/i,
      framework: "ReactPHP",
      address: at(0),
      defaults: { host: "localhost" },
    },
    {
      // Before its version 1: `$socket = new Server($loop); $socket->listen(1337);`
      path: /^React\.Socket\.Server\(\)\.listen$/,
      framework: "ReactPHP",
      port: at(0),
      host: at(1),
      defaults: { host: "localhost" },
    },
    {
      path: /^Ratchet\.App$/,
      framework: "Ratchet",
      port: at(1),
      host: at(2),
      defaults: { port: 8080, host: "localhost" },
    },
    {
      path: /^Ratchet\.Server\.IoServer\.factory$/,
      framework: "Ratchet",
      port: at(1),
      host: at(2),
      defaults: { port: 80, host: "all" },
    },
    {
      path: /^(stream_socket_server)$/,
      framework: "stream_socket_server",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^socket_bind$/,
      framework: "a socket",
      host: at(1),
      port: at(2),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^(Amp\.Socket\.(listen|Server\.listen)|Amp\.Http\.Server\.SocketHttpServer\b.*\.expose)$/,
      framework: "Amp",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^Comet\.Comet$/,
      framework: "Comet",
      host: { index: 0, keys: ["host"] },
      port: { index: 0, keys: ["port"] },
      defaults: { port: 8080, host: "all" },
      handlesSigterm: true,
    },
  ],
  tls: [
    { path: /^stream_socket_server$/, what: "stream_socket_server('tls://')", text: /(tls|ssl):\/\// },
    {
      path: /^(Open)?Swoole\b.*Server$|^swoole_(http_)?server$/i,
      what: "Swoole with SWOOLE_SSL",
      text: /SWOOLE_SSL|SSL\b/,
    },
    {
      // The kind of socket in a variable.
      path: /^(Open)?Swoole\b.*Server$|^swoole_(http_)?server$/i,
      what: "Swoole with SWOOLE_SSL",
      when: [at(3)],
      alongside: /\bSWOOLE_SSL\b/,
    },
    { path: /^(Open)?Swoole\.Coroutine\.Http\.Server$/i, what: "Swoole with TLS", when: [at(2)] },
    { path: /^React\.Socket\.(SecureServer)$/, what: "ReactPHP's SecureServer" },
    { path: /^React\.Socket\.(SocketServer|Server)$/, what: "ReactPHP's tls://", text: /tls:\/\// },
    { path: /^Amp\.Socket\.(ServerTlsContext|Certificate)$/, what: "Amp's ServerTlsContext" },
    { path: /^stream_socket_enable_crypto$/, what: "stream_socket_enable_crypto", text: /CRYPTO_METHOD_\w*SERVER/ },
  ],
};

const CALLS = new Set(
  "Server swoole_http_server swoole_server Worker SocketServer TcpServer App factory stream_socket_server socket_bind listen expose Comet SecureServer ServerTlsContext Certificate stream_socket_enable_crypto tick swoole_timer_tick add SQLite3 pcntl_signal addSignal onSignal trapSignal sapi_windows_set_ctrl_handler".split(
    " ",
  ),
);

function semantics(finder: ModuleFinder): Semantics {
  const files = phpFiles(finder);
  return {
    resolve(module, specifier) {
      if (specifier.endsWith(".php")) return [files.required(specifier, module.path) ?? []].flat();
      // `App\\Http.Server`: a class by its namespace.
      const dot = specifier.lastIndexOf(".");
      return dot < 0 ? [] : [files.class(specifier.slice(0, dot), specifier.slice(dot + 1)) ?? []].flat();
    },
    siblings(module, name) {
      if (!/^[A-Za-z_]\w*$/.test(name)) return [];
      const own = files.class(files.namespace(module.path), name);
      return own ? [own] : /^[A-Z_]+$|^[a-z_]\w*$/.test(name) ? files.defining(name) : [];
    },
    externalPath: (specifier, imported) =>
      [specifier, imported].filter(Boolean).join("\\").replace(/^\\/, "").replaceAll("\\", "."),
    value: (path) =>
      path === "$_ENV" || path === "$_SERVER"
        ? ENVIRON
        : path === "$argv"
          ? { t: "option", name: "argument" }
          : undefined,
    unresolved(name, module) {
      if (!name.includes("\\")) return undefined;
      // `Socket\BindContext` after `use Amp\Socket`.
      const [first = "", ...rest] = name.split("\\");
      const alias = module.scope.names.get(first)?.import;
      const whole = alias ? [alias.module, alias.imported, ...rest].filter(Boolean).join("\\") : name;
      const path = whole.replace(/^\\/, "");
      const cut = path.lastIndexOf("\\");
      const inProject = files.class(path.slice(0, Math.max(0, cut)), path.slice(cut + 1));
      const own = inProject && classValue(inProject, path.slice(cut + 1));
      if (own) return own;
      return { t: "ref", path: whole.replace(/^\\/, "").replaceAll("\\", "."), file: module };
    },
    call: (path, view, evaluator) => configured(path, view, evaluator, files) ?? phpCall(path, view),
  };
}

/** `config("server.http.host", "0.0.0.0")`: what `config/server.php` returns, by the parts of the key. */
function configured(path: string, view: CallView, evaluator: Evaluator, files: PhpFiles): Value | undefined {
  const key = /^(?:config|Illuminate\.Support\.Facades\.Config\.get|Config\.get)$/.test(path)
    ? textOf(view.arg(0))
    : undefined;
  const [file, ...names] = key?.split(".") ?? [];
  const module = file && names.length > 0 ? files.required(`config/${file}.php`, "") : undefined;
  if (!module) return undefined;
  const whole = evaluator.member({ t: "module", module }, "default");
  const found = names.reduce<Value>((v, name) => evaluator.member(v, name), whole);
  return found.t === "absent" && view.count > 1 ? view.arg(1) : found.t === "absent" ? undefined : found;
}

/** `array_merge([$binary], $given, ["-S", $address])` of lists, `array_filter($words)`: the items that are known, in their order. */
function listOf(path: string, view: CallView): Value | undefined {
  const given = Array.from({ length: Math.min(view.count, 12) }, (_, i) => view.arg(i));
  if (/^array_(?:filter|values|unique)$/.test(path)) return given[0]?.t === "array" ? given[0] : undefined;
  if (path !== "array_merge" || !given.some((v) => v.t === "array" && v.items.length > 0)) return undefined;
  if (given.some((v) => /^(?:object|record|layers|environ)$/.test(v.t))) return undefined;
  return { t: "array", items: given.flatMap((v) => (v.t === "array" ? v.items : [v])) };
}

function phpCall(path: string, view: CallView): Value | undefined {
  // `new InternetAddress("127.0.0.1", 1337)`
  if (/^Amp\.Socket\.InternetAddress$/.test(path))
    return { t: "text", parts: [view.arg(0), { t: "literal", value: ":" }, view.arg(1)] };
  if (/^(intval|strval|trim|int|string|escapeshellarg|escapeshellcmd)$/.test(path)) return view.arg(0);
  if (path === "implode") {
    const [between, list] = [view.arg(0), view.arg(1)];
    return list.t === "array"
      ? { t: "text", parts: list.items.flatMap((item, i) => (i === 0 ? [item] : [between, item])) }
      : undefined;
  }
  const list = listOf(path, view);
  if (list) return list;
  if (/^(?:mb_)?substr$/.test(path))
    return partOf(
      view.arg(0),
      [1, 2].map((i) => view.call.args[i]?.value),
    );
  if (path === "explode") return addressApart(view.arg(1), textOf(view.arg(0)));
  // What Symfony's command line, Laravel's or another framework's is asked for, by the name that its option is declared under.
  const option =
    /^(?:Symfony\.Component\.Console\..*|Illuminate\.Console\.Command|(?:.*\.)?Command)\.(?:get)?(?:option|argument)(?:value)?$/i.test(
      path,
    ) && textOf(view.arg(0));
  if (option) return { t: "unknown", lost: { name: option, file: view.scope.file } };
  if (/^(?:getenv|env|(?:Illuminate\.Support\.)?Env\.get)$/.test(path))
    return view.count === 0 ? ENVIRON : variableOf(view.arg(0), path === "getenv" ? ABSENT : view.arg(1));
  if (path === "sprintf") {
    const pattern = textOf(view.arg(0));
    return pattern === undefined
      ? undefined
      : format(
          pattern,
          [1, 2, 3].map((i) => view.arg(i)),
        );
  }
  return undefined;
}

function callFacts(visit: Visit): void {
  const { view, module, site, sink } = visit;
  const text = module.text.slice(site.call.start, site.call.end);
  if (/^pcntl_signal$|\.(addSignal|onSignal|trapSignal)$/.test(view.path)) {
    const signals = [...text.matchAll(/\bSIG[A-Z0-9]+\b/g)].map((m) => m[0]);
    if (signals.length === 0) signals.push(...[...module.text.matchAll(/\bSIG(TERM|INT)\b/g)].map((m) => m[0]));
    sink.signalHandlers.push({
      signals: [...new Set(signals)],
      by: view.path,
      place: place(module, site.call),
      reach: { ...visit.reach(), env: [] },
    });
  }
}

/** `tls://` put together from parts, and Workerman's `$worker->transport = 'ssl'`. */
function moduleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  // Symfony's commands, and Laravel's on top of them, say which signals they handle.
  const subscribed = /function getSubscribedSignals\b[^{]*\{([^}]*)\}/.exec(module.text);
  if (subscribed)
    sink.signalHandlers.push({
      signals: [...(subscribed[1] ?? "").matchAll(/\bSIG[A-Z]+\b/g)].map((m) => m[0]),
      by: "getSubscribedSignals",
      place: place(module, { start: subscribed.index, end: subscribed.index + 30 }),
      reach: { conditions: [], env: [], development: false },
    });
  for (const a of module.assigns) {
    if (a.target.kind !== "member" || a.target.property !== "transport") continue;
    const value = textOf(evaluator.query(a.value, a.scope));
    if (value === "ssl" && /Workerman/.test(module.text))
      sink.tlsServers.push({
        what: "Workerman's transport = 'ssl'",
        place: place(module, a.target),
        reach: reachOf(evaluator, module, a.scope, a.guards),
        evidence: [quote(module, a.target)],
      });
  }
  builtIn(module, evaluator, sink);
  for (const { call, scope, guards } of module.calls) {
    const named = call.callee.kind === "name" ? call.callee.name.replace(/^.*\\/, "") : "";
    // `use React\Socket\Server as Socket`
    const alias = module.scope.names.get(named)?.import;
    const made =
      alias && module.text.includes("React\\Socket") ? (alias.imported ?? alias.module).replace(/^.*\\/, "") : named;
    const react = /^(Socket)?Server$/.test(made) && module.text.includes("React\\Socket");
    const opens = made === "stream_socket_server" || react;
    if (!opens) continue;
    const value = evaluator.query(call.args[0]?.value, scope);
    const parts = alternatives(value).flatMap((v) => (v.t === "text" ? v.parts.flatMap((p) => alternatives(p)) : [v]));
    if (parts.some((p) => /^(tls|ssl|tlsv1\.\d)(:\/\/|$)/.test(textOf(p) ?? "")))
      sink.tlsServers.push({
        what: `${made}('tls://')`,
        place: place(module, call),
        reach: reachOf(evaluator, module, scope, guards),
        evidence: [quote(module, call)],
      });
  }
}

export const php: Language = {
  lower: lowerPhp,
  semantics,
  words:
    /\b((?:[oO]pen)?[sS]woole\w*|Workerman|React|Ratchet|stream_socket_server|socket_bind|Amp|Comet|pcntl_signal|SQLite3|SecureServer|getSubscribedSignals|passthru|shell_exec|popen|proc_open|Process|process|ProcessBuilder)\b|["'\s]-S["'\s]/,
  catalogue: CATALOGUE,
  // `new $class(…)`: the class is in a variable.
  isCall: (name) => name.startsWith("$") || CALLS.has(name.replace(/^.*\\/, "")),
  callFacts,
  moduleFacts,
  portFix: (literal) => `(int) (getenv('PORT') ?: ${literal})`,
};
