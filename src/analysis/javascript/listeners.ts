/** How JavaScript's servers are told a port and a host. */
import type { Visit } from "../collect.ts";
import { factValues, place, quote, splitAddress } from "../collect.ts";
import type { Listener } from "../facts.ts";
import { type Expr, lastName } from "../ir.ts";
import { lookup, type Scope } from "../scope/scope.ts";
import { longName } from "../settings/declared-entries.ts";
import { followedByName, lostOf, settingName, WHERE } from "../settings/declared-options.ts";
import { ABSENT, alternatives, anyOf, isKeyed, isNull, textOf, UNKNOWN, type Value } from "../values.ts";
import { ALL, KNOWN, type Known } from "./known-servers.ts";
import { microserviceAddress } from "./microservices.ts";
import { isOwnServer } from "./own-server.ts";
import { closesItself } from "./passing.ts";

const METHODS = new Set([
  "listen",
  "listenAsync",
  "serve",
  "listenAndServe",
  "serveTLS",
  "listenAndServeTLS",
  "server",
  "Server",
  "WebSocketServer",
  "bindAsync",
  "bind",
  "startStandaloneServer",
  "start",
  "preview",
  "connection",
  "compose",
  "createMicroservice",
  "default",
  "socket.io",
  "listenAndWatch",
  "ws",
]);

/** Worth evaluating the callee of such a call? */
export function maybeListens(method: string): boolean {
  return METHODS.has(method);
}

const SERVER_NAME =
  /(^|[^a-z])(app|server|srv|http|https|api|web|fastify|express|koa|instance|nest|io|service|gateway|router|application|listener|httpserver|webserver)\w*$/i;
/** `listen` of things that are no servers. */
const NOT_A_SERVER =
  /^(redis|ioredis|amqplib|pg|mqtt|kafkajs|window|document|history|electron|socket\.io-client|@reduxjs|redux|rxjs|chokidar|events|commander|yargs|@tauri-apps|child_process|i18next|pino|winston|vscode)\b/;

export function listenerOf(visit: Visit): Listener | undefined {
  const { view } = visit;
  if (isProbe(visit)) return undefined;
  const isAt = (path: string): Known | undefined => KNOWN.find((k) => k.path.test(path));
  // Who takes a package over gives it to a scope of theirs: `@someone/live-server`.
  const known = isAt(view.path) ?? isAt(view.path.replace(/^@[\w.-]+\//, ""));
  if (known) return describe(visit, known);
  if (!/\.(listen|listenAsync)$/.test(view.path) || NOT_A_SERVER.test(view.path)) return undefined;
  return guessed(visit);
}

/** In a function of its own, or in the next line. */
const CLOSED_AGAIN = /["'`]listening["'`]\s*(?:,[^;]{0,60}|\);\s*\w+)\.close\(/;

/** `server.on("listening", () => { const { port } = server.address(); server.close(() => resolve(port)); })` */
const ASKED_FOR_PORT =
  /["'`]listening["'`]\s*,[^=]{0,40}=>\s*\{[^{}]{0,40}\{?[^{}]{0,20}\}?[^{}]{0,80}\.address\([^{}]{0,90}\.close\(/;

/** `net.createServer().listen(port, close)` with nobody who answers: whether the port is free. */
function isProbe({ view, module }: Visit): boolean {
  if (!/^net\.(createServer|Server)\(\)(\.on(ce)?\(\))*\.listen$/.test(view.path)) return false;
  let made = view.receiver;
  while (made.t === "ref" && /\.on(ce)?\(\)$/.test(made.path) && made.receiver) made = made.receiver;
  if (made.t !== "ref" || !made.call || made.call.call.args.length > 0 || /["'`]connection["'`]/.test(module.text))
    return false;
  const { start, end } = view.call;
  const listening = module.text.slice(start, end + 20);
  return (
    (/\.close\b/.test(listening) && !/\bprocess\.o/.test(listening)) ||
    CLOSED_AGAIN.test(module.text) ||
    ASKED_FOR_PORT.test(module.text)
  );
}

/** What the function that it is started in closes again: pages are asked for while a site is built, and then it is gone. */
function isClosedAgain({ module, site: { call, scope, guards } }: Visit): boolean {
  const { callee } = call;
  const server = callee.kind === "member" && callee.object.kind === "name" ? callee.object.name : undefined;
  const closing = module.calls.find(
    (other) =>
      other.scope === scope &&
      !other.inCatch &&
      other.call.start > call.end &&
      other.call.callee.kind === "member" &&
      other.call.callee.property === "close" &&
      other.call.callee.object.kind === "name" &&
      other.call.callee.object.name === server &&
      other.guards.every((g) => guards.some((own) => own.test === g.test && own.negated === g.negated)),
  );
  return closing !== undefined && !UNTIL_TOLD.test(module.text.slice(call.end, closing.call.start));
}

/** It goes on until it is told to stop. */
const UNTIL_TOLD = /SIG[A-Z]{3}|signal|abort|stdin|shut|once\(|new Promise|\b(stop|quit|exit|forever|until|finish)/i;

/** `x.listen(port)` on something that was not followed: a server when the argument is a port and the name says so. */
export function guessed(visit: Visit): Listener | undefined {
  const { view } = visit;
  const callee = view.call.callee;
  if (callee.kind !== "member" || !/^listen(Async)?$/.test(callee.property)) return undefined;
  const first = view.arg(0);
  if (isOwnServer(visit)) return undefined;
  const given = first.t === "object" ? view.option(0, "port") : first;
  const name = visit.module.text.slice(callee.object.start, callee.object.end).replace(/\s+/g, "").slice(-60);
  const looksLikePort = alternatives(given).some(
    (v) =>
      (v.t === "literal" && /^\d{2,5}$/.test(String(v.value))) ||
      (v.t === "env" && /PORT/.test(v.name)) ||
      v.t === "derived" ||
      v.t === "option",
  );
  const words = visit.module.text.slice(view.call.args[0]?.value.start ?? 0, view.call.args[0]?.value.end ?? 0);
  if (!looksLikePort && !(/port/i.test(words) && words.length < 80)) return undefined;
  if (!SERVER_NAME.test(name.replace(/\(.*$/, "")) && !looksLikePort) return undefined;
  return describe(visit, {
    path: /./,
    framework: "a server",
    shape: "net",
    defaults: /fastify/i.test(name) ? { host: "localhost" } : ALL,
  });
}

function describe(visit: Visit, known: Known): Listener | undefined {
  const { view, module, site } = visit;
  if (isClosedAgain(visit)) return undefined;
  visit.evaluator.renew();
  // Over standard input unless it is told of HTTP.
  if (known.framework === "FastMCP") {
    const isHttp = alternatives(view.option(0, "transportType")).some((v) => textOf(v) === "httpStream");
    if (!isHttp && view.option(0, "httpStream").t === "absent") return undefined;
  }
  // Before its version 17 hapi's server listened where its connections say.
  if (known.framework === "hapi" && !view.path.endsWith("connection") && /\.connection\(/.test(module.text))
    return undefined;
  let port: Value = ABSENT;
  let host: Value = ABSENT;
  let portExpr: Expr | undefined;
  let hostExpr: Expr | undefined;
  let isWithoutHost = false;
  const portKey = known.keys?.port ?? "port";
  const hostKey = known.keys?.host ?? "host";
  const isTold = known.shape === "made" || known.shape === "microservice";
  if (isTold) {
    const told = known.shape === "made" ? whenMade(visit, known) : microserviceAddress(view, visit.evaluator);
    if (!told) return undefined;
    ({ port, host } = told);
  }
  const asAddress =
    known.shape === "address" || (known.shape === "deno" && !alternatives(view.arg(0)).some((v) => v.t === "object"));
  if (known.shape === "deno" && asAddress && view.arg(0).t === "function") return undefined;
  if (asAddress) {
    ({ port, host } = splitAddress(view.arg(0)));
  } else if (!isTold) {
    const index = known.index ?? 0;
    const first = view.arg(index);
    const object = alternatives(first).some(isKeyed);
    // The host is another question than the port, which may have used up what one may cost.
    visit.evaluator.renew();
    // uWebSockets takes the host first: `listen(host, port, callback)`, beside `listen(port, 0 or 1, callback)`.
    const hostFirst =
      known.framework === "uWebSockets" &&
      (view.count > 3 ||
        alternatives(view.arg(1)).some(
          (v) =>
            (v.t === "literal" && v.value !== 0 && v.value !== 1) ||
            v.t === "env" ||
            v.t === "option" ||
            v.t === "derived",
        ));
    if (known.shape === "net" && !object) {
      if (hostFirst || (first.t === "literal" && typeof first.value === "string" && !/^\d+$/.test(first.value))) {
        // A pipe or a socket file.
        if (known.framework !== "uWebSockets") return undefined;
        host = first;
        port = view.arg(1);
      } else {
        if (first.t !== "function") port = first;
        // Options that were not followed hold a host or none.
        const given = view.call.args[0]?.value;
        const lost = first.t === "unknown" && given !== undefined;
        const options =
          lost && !/port/i.test(module.text.slice(given.start, given.kind === "object" ? given.start : given.end));
        if (first.t === "ref" && isServer(first)) return undefined;
        const second = view.arg(1);
        const acceptable = alternatives(second).every(
          (v) => !(v.t === "function" || v.t === "object" || (v.t === "literal" && typeof v.value === "number")),
        );
        // A function that was not followed to its end is unknown: only what says that it is a host counts.
        portExpr = view.call.args[0]?.value;
        hostExpr = view.call.args[1]?.value;
        if (isPipe(first, portExpr)) return undefined;
        const isRead = hostExpr?.kind === "member" || hostExpr?.kind === "call";
        const called = hostExpr && (isRead ? settingName(hostExpr) : takenFrom(hostExpr, site.scope));
        const isWhere = called !== undefined && WHERE.test(longName(called.name, site.scope.file) ?? called.name);
        const says = isWhere || lostOf(second);
        if (acceptable && (second.t !== "ref" || says)) host = second;
        else if (acceptable && hostExpr?.kind === "name" && WHERE.test(hostExpr.name)) {
          // A host by its own name that a library gave: what else is called so says nothing of it.
          host = UNKNOWN;
          hostExpr = undefined;
        }
        if (
          host.t === "unknown" &&
          hostExpr &&
          !isWhere &&
          !WHERE.test(lostOf(host)?.name ?? "") &&
          !/host|addr|ip|bind|listen/i.test(module.text.slice(hostExpr.start, hostExpr.end))
        )
          host = ABSENT;
        if (options && host.t === "absent") {
          host = UNKNOWN;
          isWithoutHost = view.count === 1;
        }
      }
    } else {
      const inner = known.keys?.inner;
      const of = (key: string): Value => {
        if (!inner) return view.option(index, key);
        const held = view.option(index, inner);
        return held.t === "absent" ? ABSENT : visit.evaluator.member(held, key);
      };
      if (first.t === "unknown") port = host = first;
      else {
        port = of(portKey);
        visit.evaluator.renew();
        host = of(hostKey);
        if (host.t === "absent" && hostKey !== "host" && known.framework !== "Hono") host = of("host");
        // The file of a socket, or one that was handed down open.
        const isFile = ["path", "fd"].some((key) => of(key).t !== "absent");
        if (isFile && port.t === "absent" && known.protocol !== "websocket") return undefined;
        if (known.protocol === "websocket" && port.t === "absent") return undefined;
        const object = view.call.args[index]?.value;
        if (object?.kind === "object") {
          portExpr = object.entries.find((e) => e.key === portKey)?.value;
          hostExpr = [hostKey, "host"].flatMap((k) => object.entries.find((e) => e.key === k) ?? [])[0]?.value;
        }
      }
    }
  }
  // It is given the server that it belongs to, by one way or another.
  const isHeld = (v: Value): boolean => isNull(v) || /^(absent|unknown|ref|instance)$/.test(v.t);
  if (known.protocol === "websocket" && alternatives(port).every(isHeld)) return undefined;
  if (known.framework === "Vite") host = unlessOff(host);
  const byName = declaredFor(port, portExpr, visit);
  // What was taken for options is the port.
  if (isWithoutHost && alternatives(byName).some(isNumbered)) host = ABSENT;
  host = declaredFor(withoutBlank(host), hostExpr, visit);
  if (byName.t === "env" || byName.t === "option") port = byName;
  if (isEphemeral(port)) return undefined;
  const isFastifyNest = known.framework === "Nest" && isOnFastify(visit);
  const listener: Listener = {
    framework: isFastifyNest ? "Nest on Fastify" : known.framework,
    protocol: known.protocol ?? (view.path.startsWith("net.") ? "tcp" : "http"),
    port: factValues(port),
    host: factValues(host),
    defaults: isFastifyNest ? { host: "localhost" } : known.defaults,
    place: place(module, site.call),
    reach: visit.reach(),
    evidence: [
      quote(module, site.call),
      ...(view.path.startsWith("unknown")
        ? []
        : [
            `${visit.module.text.slice(view.call.callee.start, view.call.callee.end).replace(/\s+/g, " ").slice(0, 60)} is ${view.path}`,
          ]),
    ],
  };
  if (known.handlesSigterm) listener.handlesSigterm = true;
  if (site.inFunction) listener.inFunction = true;
  if (site.inFunction && closesItself(visit)) listener.passing = true;
  if (portExpr?.kind === "literal") {
    listener.portPlace = place(module, portExpr);
    listener.portFix = `process.env.PORT ?? ${String(portExpr.value)}`;
  }
  if (hostExpr?.kind === "literal") listener.hostPlace = place(module, hostExpr);
  return listener;
}

/** `const { address, port } = this.flags`: the name, where what it is taken from is called after settings. */
function takenFrom(e: Expr, scope: Scope): { name: string } | undefined {
  const source = e.kind === "name" ? lookup(scope, e.name)?.sources.at(-1) : undefined;
  const key = source?.path?.at(-1);
  const isSettings =
    source?.expr && /^(?:\w*(?:opt(?:ion)?s|config|settings|flags|arg[sv]))$/i.test(lastName(source.expr) ?? "");
  return isSettings && typeof key === "string" ? { name: key } : undefined;
}

/** A port that an option or a variable has by default. */
function isNumbered(v: Value): boolean {
  const usual = v.t === "option" || v.t === "env" ? v.default : undefined;
  return usual?.t === "literal" && /^\d{2,5}$/.test(String(usual.value));
}

/** By the names that lead to it; `program.opts().host` is an option of which the program declares what it is by default. */
function declaredFor(value: Value, expr: Expr | undefined, { site: { scope }, evaluator }: Visit): Value {
  const bare = value.t === "option" && value.default === undefined && WHERE.test(value.name);
  const asked: Value = bare ? { t: "unknown", lost: { name: value.name, file: scope.file } } : value;
  const found = followedByName(asked, expr, scope, evaluator);
  return found === asked ? value : found;
}

/** `const server = await createServer({ server: { port, host } }); await server.listen(port)`, `new App({ rest: { port, host } }).start()`. */
function whenMade(visit: Visit, known: Known): { port: Value; host: Value } {
  const { view, evaluator } = visit;
  const options = optionsOf(visit, known.keys?.inner ?? "");
  if (!options) return { port: UNKNOWN, host: UNKNOWN };
  const of = (key: string): Value => (options.t === "absent" ? ABSENT : evaluator.member(options, key));
  return { port: view.count > 0 && view.arg(0).t !== "function" ? view.arg(0) : of("port"), host: of("host") };
}

/** Vite's `host: false` leaves it at localhost, as none does. */
function unlessOff(host: Value): Value {
  return anyOf(alternatives(host).map((v) => (v.t === "literal" && v.value === false ? ABSENT : v)));
}

/** `private host = ""`, or `this.host = ""` in a constructor: what a field of a class holds until it is given its value. */
const BLANK_FIELD =
  /(?:^|[\n;{])[ \t]*(?:(?:private|protected|public|override|declare)[ \t]+)*#?\w+!?(?:[ \t]*:[ \t]*[\w |]+)?[ \t]*=[ \t]*$/;
const BLANK_MEMBER = /\n[ \t]*this\.#?\w+[ \t]*=[ \t]*$/;

/** Without that, it is no address. */
function withoutBlank(host: Value): Value {
  const isBlank = (v: Value): boolean => {
    if (v.t !== "literal" || v.value !== "" || !v.at) return false;
    const { scope, expr } = v.at;
    const before = scope.file.text.slice(Math.max(0, expr.start - 120), expr.start);
    return scope.class ? BLANK_FIELD.test(before) : scope.fn?.name === "constructor" && BLANK_MEMBER.test(before);
  };
  const given = alternatives(host).filter((v) => !isBlank(v));
  return given.some((v) => v.t !== "unknown") ? anyOf(given) : host;
}

/** What was given under a key where the server was made; undefined where that was not found out. */
function optionsOf({ view, site, evaluator }: Visit, key: string): Value | undefined {
  const { receiver, call } = view;
  if (receiver.t === "ref" && receiver.call) {
    const { call: made, scope, frame } = receiver.call;
    return evaluator.view(receiver, made, scope, frame).option(0, key);
  }
  const { callee } = call;
  const self = callee.kind === "member" ? evaluator.query(callee.object, site.scope) : UNKNOWN;
  if (self.t !== "instance") return undefined;
  const given = self.frame?.arguments[0]?.value ?? ABSENT;
  return given.t === "absent" ? ABSENT : evaluator.member(given, key);
}

/** `server.listen(socketPath)`: the file of a socket, of which what else was followed is no number either. */
function isPipe(v: Value, given: Expr | undefined): boolean {
  const called = given && settingName(given)?.name;
  const isFile = (x: Value): boolean =>
    x.t === "unknown" ||
    x.t === "ref" ||
    x.t === "text" ||
    (x.t === "literal" && typeof x.value === "string" && !/^\d+$/.test(x.value)) ||
    // `process.env.SOCKET_PATH || join(folder, "app.sock")`
    ((x.t === "env" || x.t === "option") &&
      /path|pipe|sock/i.test(x.name) &&
      (x.default === undefined || alternatives(x.default).every(isFile)));
  // Of one text a program may make a port or a path: the member says which it is given here.
  const isNumber = (x: Value): boolean => x.t === "literal" && !isFile(x);
  if (/path$/i.test(called ?? "") && given?.kind === "member") return !alternatives(v).some(isNumber);
  return called !== undefined && /(path|pipe|sock(et)?(file|name)?)$/i.test(called) && alternatives(v).every(isFile);
}

function isServer(v: Value): boolean {
  return v.t === "ref" && /(createServer|createSecureServer|express|fastify|default)\(\)$/.test(v.path);
}

/** Port 0: any free one; nobody serves requests there. */
function isEphemeral(v: Value): boolean {
  return textOf(v) === "0";
}

/** `NestFactory.create(AppModule, new FastifyAdapter())`, also where the adapter has a name, or the application a type. */
function isOnFastify({ view, evaluator }: Visit): boolean {
  for (let v: Value = view.receiver, i = 0; i < 6 && v.t === "ref"; v = v.receiver ?? UNKNOWN, i++) {
    if (!v.call) continue;
    const { call, scope, frame } = v.call;
    if (/FastifyAdapter|\bNestFastifyApplication\b/.test(scope.file.text.slice(call.start, call.end))) return true;
    const given = call.args[1] && evaluator.eval(call.args[1].value, scope, frame);
    if (given?.t === "ref" && /\bFastifyAdapter\b/.test(given.path)) return true;
  }
  return false;
}
