/** Rust: what its servers are told, and what they do without. */
import type { Catalogue, Slot } from "../catalogue.ts";
import { type FactSink, factValues, place, quote, splitAddress, type Visit } from "../collect.ts";
import { blankComments } from "../comments.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Language, ModuleFinder } from "../languages.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import { declaredField } from "../settings/declared-options.ts";
import { ABSENT, env, literal, textOf, type Value, variableOf, withDefault } from "../values.ts";
import { clapArgument, leptosOptions } from "./arguments.ts";
import { cargoCrates } from "./crates.ts";
import { classField, fromEnvironment, isSettings, laidDefault } from "./fields.ts";
import { lowerRust } from "./lower.ts";
import { rustModules } from "./modules.ts";
import { rocketDefaults, rocketFacts } from "./rocket.ts";
import { rustTypes } from "./spread-types.ts";

const at = (index: number): Slot => ({ index });

const CATALOGUE: Catalogue = {
  listeners: [
    {
      path: /^(std|tokio|async_std|smol|monoio|compio)\.net\.TcpListener\.bind$/,
      framework: "TcpListener",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^(socket2\.Socket\.new|tokio\.net\.TcpSocket\.new_v[46])\(\)(\..*)?\.bind$/,
      framework: "a socket",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^(axum|hyper)(\.server)?\.(Server|conn\.AddrIncoming)\.(bind|try_bind)$/,
      framework: "hyper",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^axum_server\.((Server\.|server\.Server\.)?bind|bind_rustls|bind_openssl)$/,
      framework: "axum-server",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^actix_web\.HttpServer\.new\(\)(\..*)?\.(bind|bind_auto_h2c|bind_rustls\w*|bind_openssl)$/,
      framework: "Actix",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^actix_server\.(ServerBuilder(\(\))?|ServerBuilder\.new\(\)|Server\.build\(\))(\..*)?\.bind$/,
      framework: "Actix",
      address: at(1),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^warp\.serve\(\)(?!.*incoming)(\..*)?\.(run|bind|try_bind)(_ephemeral|_with_graceful_shutdown)?$/,
      framework: "warp",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^tarpc\.serde_transport\.tcp\.listen$/,
      framework: "tarpc",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^dropshot\.HttpServerStarter\.new$/,
      framework: "Dropshot",
      address: { index: 0, keys: ["bind_address"] },
      defaults: { host: "localhost" },
    },
    {
      path: /^(?:smol|async_io)\.Async\.bind$/,
      framework: "TcpListener",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
      alongside: /\bAsync::<(?:std::)?(?:net::)?TcpListener>::bind/,
    },
    { path: /^poem\.listener\.TcpListener\.bind$/, framework: "poem", address: at(0), defaults: { host: "all" } },
    { path: /^salvo(\.\w+)*\.TcpListener\.(new|bind)$/, framework: "Salvo", address: at(0), defaults: { host: "all" } },
    {
      path: /^tide\.(?:(?:Server\.)?(?:new|with_state)\(\)(\..*)?|Server)\.listen$/,
      framework: "tide",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^tonic\.transport\.Server\.builder\(\)(\..*)?\.(serve|serve_with_shutdown)$/,
      framework: "tonic",
      address: at(0),
      defaults: { host: "all" },
      protocol: "grpc",
    },
    {
      path: /^(tiny_http\.Server\.http|rouille\.(start_server|Server\.new(_ssl)?)|simple_server\.Server\.\w+\(\)\.listen|iron(\.prelude)?\.Iron\.new\(\)\.https?|gotham\.(start\w*|init_server\w*|bind_server\w*|plain\.\w+|tls\.\w+)|nickel\.\w+\(\)\.listen)$/,
      framework: "a server",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^jsonrpsee(_server)?(\.\w+)*\.(Server|ServerBuilder|WsServerBuilder|HttpServerBuilder)(\.builder|\.new)?\(\)(\..*)?\.build$/,
      framework: "jsonrpsee",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^(?:pingora\w*(?:\..*)?|\w*[sS]ervice\w*\(\)|\?)\.add_tcp$/,
      framework: "Pingora",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^ntex\.server\.(build|Server\.build|ServerBuilder\.new)\(\)(\..*)?\.bind$/,
      framework: "ntex",
      address: at(1),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^ntex\.web\.(HttpServer\.new|server)\(\)(\..*)?\.bind$/,
      framework: "ntex",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
  ],
  tls: [
    {
      path: /^(\w+\.)?(rustls|tokio_rustls\.rustls)(\.server)?\.ServerConfig\.builder\w*$/,
      what: "rustls' ServerConfig",
    },
    {
      path: /^axum_server\.(bind_rustls|bind_openssl|from_tcp_rustls|tls_rustls\.bind_rustls|tls_openssl\.bind_openssl)$/,
      what: "axum-server with TLS",
    },
    { path: /\.(bind_rustls\w*|listen_rustls\w*|bind_openssl|listen_openssl)$/, what: "a server with TLS" },
    { path: /^tonic\.transport(\.server)?\.ServerTlsConfig\.new$/, what: "tonic's ServerTlsConfig" },
    {
      path: /^(tokio_rustls|hyper_rustls(\.acceptor)?|native_tls|tokio_native_tls|async_native_tls|futures_rustls)\.TlsAcceptor\.(from|new|builder)$/,
      what: "a TlsAcceptor",
    },
    { path: /^openssl\.ssl\.SslAcceptor\.\w+$/, what: "openssl's SslAcceptor" },
    { path: /^warp\.serve\(\)(\..*)?\.tls$/, what: "warp's tls()" },
    {
      path: /^(poem\.listener|salvo\b.*)\.(RustlsConfig|OpensslTlsConfig|NativeTlsConfig|RustlsListener)\.new$/,
      what: "a listener with TLS",
    },
    { path: /^axum_server\.tls_rustls\.RustlsConfig\.\w+$/, what: "axum-server's RustlsConfig" },
    { path: /^gotham\.(tls\.)?\w*with_tls\w*$|^gotham\.tls\.start\w*$/, what: "gotham with TLS" },
    { path: /^tiny_http\.Server\.https$/, what: "tiny_http's https" },
    { path: /^rouille\.Server\.new_ssl$/, what: "rouille's new_ssl" },
    { path: /^iron(\.prelude)?\.Iron\.new\(\)\.https$/, what: "Iron's https" },
    { path: /^rustls_acme\.AcmeConfig\.new$/, what: "rustls-acme" },
    { path: /^tide_rustls\.TlsListener\.build$/, what: "tide-rustls" },
    { path: /^rocket\.config\.TlsConfig\.from_(paths|bytes)$/, what: "Rocket's TlsConfig" },
    {
      path: /^salvo(\.\w+)*\.TcpListener\.(new|bind)\(\)(\..*)?\.(acme|rustls|native_tls|openssl|quinn)$/,
      what: "Salvo with TLS",
    },
    {
      path: /^poem\.listener\.TcpListener\.bind\(\)(\..*)?\.(acme|rustls|native_tls|openssl_tls)$/,
      what: "poem with TLS",
    },
  ],
};

const CALLS = new Set(
  "new_ssl add_tcp bind try_bind bind_ephemeral try_bind_ephemeral bind_rustls bind_openssl bind_auto_h2c run bind_with_graceful_shutdown try_bind_with_graceful_shutdown new listen serve serve_with_shutdown http start_server start init_server builder builder_with_provider from tls from_tcp_rustls https open signal acme rustls native_tls openssl openssl_tls quinn ctrl_c set_handler build ignite launch mozilla_intermediate mozilla_modern custom from_paths from_bytes from_pem_file from_pem from_der from_config terminate Signals".split(
    " ",
  ),
);

function semantics(finder: ModuleFinder): Semantics {
  const crateOf = cargoCrates(finder);
  const { find, resolve, siblings, crateAt } = rustModules(finder, crateOf);
  return {
    ...rustTypes(finder),
    resolve,
    siblings,
    externalPath: (specifier, imported) => [specifier, imported].filter(Boolean).join("::").replaceAll("::", "."),
    unresolved(name, module) {
      if (name === "Self") return undefined;
      if (name === "crate") {
        const root = crateAt(module);
        return root && { t: "module", module: root };
      }
      const glob = SERVERS.test(name) ? GLOB.exec(module.text)?.[1] : undefined;
      if (glob) return { t: "ref", path: `${glob.replaceAll("::", ".")}.${name}`, file: module };
      const net = /^Tcp(?:Listener|Socket)$/.test(name) ? NET_GLOB.exec(module.text)?.[1] : undefined;
      if (net) return { t: "ref", path: `${net}.net.${name}`, file: module };
      if (!new RegExp(`\\bmod\\s+${name.replace(/\W/g, "")}\\s*;`).test(module.text)) {
        // A crate of the workspace by its path, without `use`: `shop_server::run(…)`.
        const crate = crateOf(name);
        const root = crate && finder.module(`${crate}lib.rs`);
        return root && root !== module ? { t: "module", module: root } : undefined;
      }
      const found = find([name], module.path);
      return found && { t: "module", module: found };
    },
    value(path) {
      const constant = /(?:^|\.)Ipv([46])Addr\.(LOCALHOST|UNSPECIFIED)$/.exec(path);
      if (!constant) return undefined;
      const local = constant[2] === "LOCALHOST";
      return literal(constant[1] === "4" ? (local ? "127.0.0.1" : "0.0.0.0") : local ? "::1" : "::");
    },
    call: rustCall,
    classField,
    lostField: (scope, name, evaluator) =>
      isSettings(scope)
        ? (fromEnvironment(scope, name, evaluator) ??
          declaredField(name, scope, evaluator) ??
          laidDefault(scope, name, evaluator))
        : undefined,
    structs: true,
  };
}

/** `use salvo::prelude::*`: where a server's type comes from that nothing else in the file names. */
const GLOB = /\buse\s+((?:salvo|poem|ntex|actix_web|axum|rocket|viz|tide|iron|nickel|tonic|hyper)(?:::\w+)*)::\*/;
/** `use std::net::*`, `use tokio::{io, net::*}`. */
const NET_GLOB =
  /\buse\s+(std|tokio|async_std|smol|monoio|compio)::(?:\{(?:[^;{}]|\{[^;{}]{0,400}\}){0,400}?\b)?net::\*/;
const SERVERS = /^(TcpListener|Server|Iron|Nickel|HttpServer|App|Router|RustlsConfig|Keycert)$/;

const IDENTITY =
  /^(String\.from|Some|Ok|(\w+\.)*(Arc|Rc|Box|RwLock|Mutex|RefCell|Data|ArcSwap)\.(new|from|from_pointee|leak)|std\.net\.IpAddr\.(V4|V6|from)|SocketAddr\.from|std\.net\.SocketAddr\.(from|V4)|Cow\.from|u16\.from|std\.net\.Ipv4Addr\.from|Into\.into|u16\.from_str|std\.net\.SocketAddr\.from_str)$/;

function rustCall(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (IDENTITY.test(path)) return view.arg(0);
  const rocket = rocketDefaults(path);
  if (rocket) return rocket;
  // What does not come back gives nothing.
  if (/^(std\.)?process\.(exit|abort)$|^(panic|unreachable|bail|todo|unimplemented)!$/.test(path)) return ABSENT;
  if (/^((std\.)?env\.var|dotenvy?\.var|std\.env\.var_os|env\.var_os|dotenv\.var|env!|option_env!)$/.test(path))
    return variableOf(view.arg(0), ABSENT);
  if (/(^|\.)Arc\.clone$/.test(path)) return view.arg(0);
  if (path === "set_port!" || path === "set_ip!") {
    const old = view.arg(0);
    // Something of the program's own that has such a method.
    if (old.t === "object" || old.t === "record" || old.t === "instance") return old;
    const { host, port } = splitAddress(old);
    return { t: "array", items: path === "set_port!" ? [host, view.arg(1)] : [view.arg(1), port] };
  }
  const argument = /\.(get_one|value_of|get_many|value_of_t)(\(\))?$/.test(path)
    ? clapArgument(textOf(view.arg(0)), view, evaluator)
    : undefined;
  if (argument) return argument;
  if (/(^|\.)get_config(?:uration(?:_sync)?|_from_(?:str|file))$/.test(path) && /\bleptos\b/.test(view.scope.file.text))
    return leptosOptions(path, view, evaluator);
  if (/(^|\.)SocketAddr(V4|V6)?\.new$/.test(path)) return { t: "array", items: [view.arg(0), view.arg(1)] };
  if (/(^|\.)Ipv[46]Addr\.new$/.test(path))
    return view.count === 4 ? dotted([0, 1, 2, 3].map((i) => view.arg(i))) : literal("::");
  const last = path.slice(path.lastIndexOf(".") + 1);
  // `settings.get_string("host")` over what was laid below: `.set_default("host", "127.0.0.1")`.
  const key = /^get(?:_string|_str|_int)?$/.test(last) && view.count === 1 ? textOf(view.arg(0)) : undefined;
  const laid = key && /^[\w.]+$/.test(key) ? laidDefault(view.scope, key.replace(/^.*\./, ""), evaluator) : undefined;
  if (laid) return laid;
  // Made when it is first asked for.
  const lazy =
    /(^|\.)(Lazy|LazyLock|LazyCell|SyncLazy)\.new$/.test(path) || /^get_or_(try_)?(init|insert_with)$/.test(last);
  const maker = lazy ? view.arg(0) : undefined;
  if (maker?.t === "function") return evaluator.apply(maker);
  if (/^(unwrap_or|unwrap_or_else|or|or_else|map_or|unwrap_or_default)$/.test(last)) {
    const fallback = view.arg(0);
    return withDefault(
      evaluator.member(view.receiver, "0"),
      fallback.t === "function" ? evaluator.apply(fallback) : fallback,
    );
  }
  return undefined;
}

function dotted(parts: Value[]): Value {
  const texts = parts.map(textOf);
  return texts.every((t) => t !== undefined) ? literal(texts.join(".")) : { t: "unknown" };
}

/** Takes HOST and PORT itself. */
const TRILLIUM = /^trillium_(?:tokio|smol|async_std)\.run(?:_async)?$/;

function callFacts(visit: Visit): void {
  const { view, module, site, sink } = visit;
  if (TRILLIUM.test(view.path))
    sink.listeners.push({
      framework: "Trillium",
      protocol: "http",
      port: factValues(env("PORT", literal(8080))),
      host: factValues(env("HOST", literal("localhost"))),
      defaults: { host: "localhost" },
      place: place(module, site.call),
      reach: visit.reach(),
      evidence: [quote(module, site.call)],
      handlesSigterm: true,
    });
  const text = module.text.slice(site.call.start, site.call.end);
  const base = { place: place(module, site.call), reach: { ...visit.reach(), env: [] } };
  if (/^tokio\.signal\.unix\.signal$/.test(view.path) || /^signal_hook\b/.test(view.path)) {
    const signals =
      /terminate\(\)|SIGTERM|TERM_SIGNALS/.test(text) ||
      (/signal_hook/.test(view.path) && /SIGTERM|TERM_SIGNALS/.test(blankComments(module.text)))
        ? ["SIGTERM"]
        : /interrupt\(\)|SIGINT/.test(text)
          ? ["SIGINT"]
          : [];
    if (signals.length) sink.signalHandlers.push({ signals, by: view.path.replaceAll(".", "::"), ...base });
  } else if (/^tokio\.signal\.ctrl_c$/.test(view.path))
    sink.signalHandlers.push({ signals: ["SIGINT"], by: "tokio::signal::ctrl_c", ...base });
  else if (/^ctrlc\.set_handler$/.test(view.path))
    sink.signalHandlers.push({ signals: ["SIGINT"], by: "ctrlc", ...base });
}

/** `TcpListener::bind("127.0.0.1:0")?.local_addr()?.port()`: asks which port is free, and lets go of it. */
const ASKS_PORT =
  /^(?:\s*\.await)?\??(?:\s*\.(?:ok|unwrap|expect)\([^()]*\)\??)*\s*\.(?:is_ok\(|is_err\(|local_addr\(|(?:map|and_then)\(\s*\|\s*\w+\s*\|\s*\w+\s*\.local_addr\()/;

function leaveOutAsked(module: SourceModule, sink: FactSink): void {
  sink.listeners = sink.listeners.filter(
    ({ place: p }) => p.file !== module.path || !ASKS_PORT.test(module.text.slice(p.end, p.end + 200)),
  );
}

function moduleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  leaveOutAsked(module, sink);
  rocketFacts(module, evaluator, sink);
  const handled = (by: string, at: number): void => {
    const span = { start: at, end: at + 20 };
    const reach = { conditions: [], env: [], development: false };
    sink.signalHandlers.push({ signals: ["SIGTERM"], by, place: place(module, span), reach });
  };
  const code = blankComments(module.text);
  // Actix has handlers of its own, also on a socket that was made apart.
  const actix = /\bHttpServer::new\b/.exec(code);
  const disabled = /\.disable_signals\(\)/.test(code);
  if (actix && /\bactix_web\b/.test(code) && !disabled) handled("Actix", actix.index);
  for (const l of disabled ? sink.listeners : [])
    if (l.framework === "Actix" && l.place.file === module.path) l.handlesSigterm = false;
  const caught = /\btokio_graceful_shutdown\b/.test(code) ? /\.catch_signals\(\)/.exec(code) : null;
  if (caught) handled("tokio-graceful-shutdown", caught.index);
  // What a macro (`tokio::select!`) holds is not a tree; signal_hook is given lists.
  const terminate =
    /\bSignalKind::terminate\(\)/.exec(code) ??
    (/\b(signal_hook|nix::sys::signal|libc::signal)/.test(code) ? /\b(SIGTERM|TERM_SIGNALS)\b/.exec(code) : null);
  if (terminate) handled("tokio::signal::unix", terminate.index);
  // `"0.0.0.0:50051".parse()?` handed to a builder that was not followed.
  for (const { call, scope } of module.calls) {
    if (
      call.callee.kind !== "member" ||
      !/^(serve|serve_with_shutdown)$/.test(call.callee.property) ||
      !/\btonic\b/.test(module.text)
    )
      continue;
    const value = evaluator.query(call.args[0]?.value, scope);
    const known =
      textOf(value) !== undefined ||
      value.t === "text" ||
      value.t === "env" ||
      value.t === "array" ||
      value.t === "derived";
    if (!known || sink.listeners.some((l) => l.place.file === module.path && l.place.start === call.start)) continue;
    const { host, port } = splitAddress(value);
    sink.listeners.push({
      framework: "tonic",
      protocol: "grpc",
      port: factValues(port),
      host: factValues(host),
      defaults: { host: "all" },
      place: place(module, call),
      reach: { conditions: [], env: [], development: false },
      evidence: [quote(module, call)],
    });
  }
}

export const rust: Language = {
  lower: lowerRust,
  semantics,
  words:
    /\b(TcpListener|TcpSocket|socket2|HttpServer|actix_server|nix::sys::signal|libc::signal|rocket::(build|ignite|custom)|axum_server|warp::serve|tonic|tide|ServerConfig|TlsAcceptor|SslAcceptor|ServerTlsConfig|RustlsConfig|bind_rustls\w*|listen_rustls\w*|bind_openssl|ctrl_c|ctrlc|SignalKind|signal_hook|rusqlite::Connection|sled::open|tiny_http|iron|rouille|hyper::Server|axum::Server|gotham|try_bind|jsonrpsee|ntex|pingora\w*|trillium_\w+|tarpc|dropshot|Server::bind)\b|\.listen\(/,
  catalogue: CATALOGUE,
  isCall: (name) =>
    CALLS.has(name) || /^(bind|listen)_(rustls|openssl)|^start_|^init_server|^signal|^mozilla_/.test(name),
  callFacts,
  moduleFacts,
  portFix: () => undefined,
};
