/** TLS servers in JavaScript: what makes one, whatever name it was imported under. */
import { place, quote, reachOf, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { TlsServer } from "../facts.ts";
import { type Expr, lastName } from "../ir.ts";
import { type CallSite, lookup, type SourceModule } from "../scope/scope.ts";
import { alternatives, envNames, type Value } from "../values.ts";

const MAKERS =
  /^((https|spdy|http2-express|httpolyglot|@httptoolkit\/httpolyglot|https-pem)\.(createServer|Server)|http2\.(createSecureServer|Http2SecureServer)|tls\.(createServer|Server)|(uWebSockets\.js|uws)\.SSLApp|Deno\.(listenTls|serveTls)|https:\/\/deno\.land\/std(@[\d.]+)?\/http\/(server|mod)\.ts\.(serveTLS|listenAndServeTLS|serveTls)|(greenlock-express|greenlock|letsencrypt-express)\.(init|create)|auto-sni|(@grpc\/grpc-js|grpc)\.ServerCredentials\.createSsl|(@fails-components\/webtransport)\.Http3Server|node:quic\.createQuicSocket|net\.createQuicSocket|https-localhost\(\)\.listen)$/;

/** A framework's option that makes its server speak TLS. */
const OPTIONS: { path: RegExp; index: number; key: string; within?: string }[] = [
  { path: /^fastify(\.fastify|\.default)?$/, index: 0, key: "https" },
  { path: /^@nestjs\/platform-fastify\.FastifyAdapter$/, index: 0, key: "https" },
  { path: /^@nestjs\/core\.NestFactory\.create$/, index: 1, key: "httpsOptions" },
  { path: /^@nestjs\/core\.NestFactory\.create$/, index: 2, key: "httpsOptions" },
  { path: /^(@hapi\/hapi|hapi)(\.default)?\.(server|Server|Server\(\)\.connection)$/, index: 0, key: "tls" },
  { path: /^restify(\.default)?\.createServer$/, index: 0, key: "certificate" },
  { path: /^restify(\.default)?\.createServer$/, index: 0, key: "httpsServerOptions" },
  { path: /^(Bun|bun)\.serve$/, index: 0, key: "tls" },
  { path: /^Deno\.serve$/, index: 0, key: "cert" },
  { path: /^parse-server\.ParseServer\.startApp$/, index: 0, key: "https" },
  { path: /^http-proxy(\.default)?(\.createProxyServer|\.createServer)?$/, index: 0, key: "ssl" },
  { path: /^hyper-express\.Server$/, index: 0, key: "key_file_name" },
  { path: /^elysia\.Elysia\(\)(\..*)?\.listen$/, index: 0, key: "tls" },
  { path: /^elysia\.Elysia$/, index: 0, within: "serve", key: "tls" },
  {
    path: /^(@oak\/oak|oak|https:\/\/deno\.land\/x\/oak[^.]*\/mod\.ts)\.Application\(\)(\..*)?\.listen$/,
    index: 0,
    key: "secure",
  },
  { path: /^vite\.createServer$/, index: 0, within: "server", key: "https" },
  { path: /^smtp-server\.SMTPServer$/, index: 0, key: "secure" },
  { path: /^peer\.(PeerServer|ExpressPeerServer)$/, index: 0, key: "ssl" },
  { path: /^redbird(\.default)?$/, index: 0, key: "ssl" },
  { path: /^live-server(\.default)?\.start$/, index: 0, key: "https" },
  { path: /^graphql-yoga(\.default)?\.GraphQLServer(\(\))?\.start$/, index: 0, key: "https" },
  { path: /^aedes-server-factory\.createServer$/, index: 1, key: "tls" },
  { path: /^aedes-server-factory\.createServer$/, index: 1, key: "https" },
];

export const TLS_METHODS = new Set([
  "createServer",
  "createSecureServer",
  "Server",
  "SSLApp",
  "listenTls",
  "serveTls",
  "serve",
  "createSsl",
  "Http3Server",
  "init",
  "create",
  "server",
  "fastify",
  "Fastify",
  "FastifyAdapter",
  "default",
  "connection",
  "createProxyServer",
  "http-proxy",
  "Http2SecureServer",
  "startApp",
  "start",
]);

export function tlsOf(visit: Visit): TlsServer | undefined {
  const { view, module, site } = visit;
  if (MAKERS.test(view.path.replace(/\.(apply|call)$/, ""))) return found(visit, `${view.path}(…)`);
  for (const o of OPTIONS) {
    if (!o.path.test(view.path)) continue;
    const around = o.within === undefined ? undefined : view.option(o.index, o.within);
    const value = around ? visit.evaluator.member(around, o.key) : view.option(o.index, o.key);
    const made = alternatives(value).find((v) => isOptions(v) || (MATERIAL.test(o.key) && isMaterial(v)));
    if (!made) continue;
    const server = found(visit, `${view.path}({ ${o.key} })`);
    if (server.reach.conditions.length === 0) server.reach = laidUnder(visit, o) ?? server.reach;
    const conditional = alternatives(value).length > 1;
    const names = [...envNames(value)];
    if (conditional && server.reach.conditions.length === 0) server.option = names[0] ?? o.key;
    return server;
  }
  // Handed over instead of called: `serve({ createServer: https.createServer })`.
  for (const a of view.call.args) {
    for (const e of a.value.kind === "object" ? a.value.entries.map((x) => x.value) : [a.value]) {
      if (e.kind !== "member" && e.kind !== "name") continue;
      if (!/createServer|createSecureServer/.test(module.text.slice(e.start, e.end))) continue;
      if (isMaker(visit.evaluator, e, site.scope)) return found(visit, module.text.slice(e.start, e.end));
    }
  }
  return undefined;
}

/** `if (options.tls) config.https = …`: where the option is given at all. */
function laidUnder(
  { view, evaluator, module, site }: Visit,
  o: (typeof OPTIONS)[number],
): TlsServer["reach"] | undefined {
  const given = view.call.args[o.index]?.value;
  if (given?.kind !== "name" || o.within !== undefined) return undefined;
  const laid = lookup(site.scope, given.name)?.fields.get(o.key) ?? [];
  const guards = laid[0]?.guards;
  if (guards === undefined || !laid.every((s) => s.guards?.length)) return undefined;
  return reachOf(evaluator, module, site.scope, guards);
}

/** `require(options.type).createServer(…)` where the file names https among the modules: TLS where that is chosen. */
export function ofChosenModule(module: SourceModule, site: CallSite, evaluator: Evaluator): TlsServer | undefined {
  const { callee } = site.call;
  if (callee.kind !== "member" || !/^create(Secure)?Server$/.test(callee.property)) return undefined;
  const named = isLoaded(callee.object, site.scope)
    ? /["'\x60](?:node:)?(https|spdy|http2)["'\x60]/.exec(module.text)?.[1]
    : undefined;
  if (named === undefined) return undefined;
  return {
    what: `createServer(…) of a module that may be ${named}`,
    place: place(module, site.call),
    reach: reachOf(evaluator, module, site.scope, site.guards),
    evidence: [quote(module, site.call)],
    option: "the module that is loaded",
  };
}

/** Is it a module by a name that is not written there, also by way of variables and their defaults? */
function isLoaded(e: Expr, scope: CallSite["scope"], depth = 0): boolean {
  if (depth > 4) return false;
  const inner = (x: Expr): boolean => isLoaded(x, scope, depth + 1);
  if (e.kind === "call") return LOADS.test(lastName(e.callee) ?? "") && e.args[0]?.value.kind !== "literal";
  if (e.kind === "member") return e.property === "default" && inner(e.object);
  if (e.kind === "binary") return inner(e.left) || inner(e.right);
  if (e.kind === "conditional") return inner(e.consequent) || inner(e.alternate);
  return e.kind === "name" && (lookup(scope, e.name)?.sources ?? []).some((s) => s.expr && !s.path && inner(s.expr));
}
const LOADS = /require$|^import$/i;

function isMaker(evaluator: Evaluator, e: Expr, scope: Visit["site"]["scope"]): boolean {
  return alternatives(evaluator.query(e, scope)).some(
    (v) => v.t === "ref" && /^(https\.createServer|http2\.createSecureServer|tls\.createServer)$/.test(v.path),
  );
}

/** Keys that hold a certificate, or where it is. */
const MATERIAL = /^(cert|certificate|key_file_name)$/;

function isMaterial(v: Value): boolean {
  if (v.t === "literal") return typeof v.value === "string" && v.value !== "";
  return v.t === "text" || v.t === "env" || (v.t === "ref" && /read(Text)?File|Bun\.file/.test(v.path));
}

function isOptions(v: Value): boolean {
  return (
    v.t === "object" ||
    v.t === "record" ||
    v.t === "module" ||
    (v.t === "literal" && (v.value === true || /\.[cm]?js$/.test(String(v.value)))) ||
    (v.t === "ref" && /^fs\.readFileSync\(\)|^fs\.promises/.test(v.path))
  );
}

function found(visit: Visit, what: string): TlsServer {
  const { module, site } = visit;
  return {
    what: what.slice(0, 80),
    place: place(module, site.call),
    reach: visit.reach(),
    ...(site.inFunction ? { within: nameOf(site.scope) } : {}),
    evidence: [
      quote(module, site.call),
      `${module.text.slice(site.call.callee.start, site.call.callee.end).replace(/\s+/g, " ").slice(0, 60)} is ${visit.view.path}`,
    ],
  };
}

/** The outermost named function, or the class, that holds a place: what a caller names. */
function nameOf(scope: Visit["site"]["scope"]): string {
  let name = "";
  for (let s: typeof scope | undefined = scope; s; s = s.parent) name = s.fn?.name ?? s.class?.name ?? name;
  return name;
}

/** `class X extends https.Server`. */
export function tlsClasses(module: SourceModule, evaluator: Evaluator): TlsServer[] {
  const out: TlsServer[] = [];
  for (const { class: cls, scope } of module.classes)
    for (const base of cls.bases) {
      const value = evaluator.query(base, scope);
      if (value.t === "ref" && /^(https|tls)\.Server$/.test(value.path))
        out.push({
          what: `extends ${value.path}`,
          place: place(module, base),
          reach: reachOf(evaluator, module, scope, []),
          evidence: [quote(module, base)],
        });
    }
  return out;
}
