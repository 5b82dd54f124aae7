/**
 * Frameworks as data: the path of the call that starts a server, and where in it stand the port, the host and what
 * makes it TLS. One catalogue a language; what needs code stands beside it.
 */
import { factValues, place, quote, splitAddress, type Visit } from "./collect.ts";
import type { Evaluator } from "./evaluate/evaluator.ts";
import { partOf } from "./evaluate/lost.ts";
import type { FactValue, Listener, TlsServer } from "./facts.ts";
import { callsBefore, type Expr, lastName } from "./ir.ts";
import { functionAround, type Scope } from "./scope/scope.ts";
import { followedByName } from "./settings/declared-options.ts";
import { ABSENT, alternatives, anyOf, envNames, isLost, isOmitted, textOf, UNKNOWN, type Value } from "./values.ts";

/** An argument: by position, by keyword (or a key of the given options), the first that is there. */
export interface Slot {
  index?: number;
  names?: readonly string[];
  /** Keys of an object given at `index`. */
  keys?: readonly string[];
  /** Of an array (a tuple) given at `index`: which item. */
  item?: number;
}

export interface ListenerEntry {
  path: RegExp;
  framework: string;
  port?: Slot;
  host?: Slot;
  /** Holds host and port, or a port alone. */
  address?: Slot;
  defaults: Listener["defaults"];
  /** What it takes where the host that it is given is nothing: `host=None`. Mostly the same as where none is given. */
  nothing?: Listener["defaults"]["host"];
  protocol?: Listener["protocol"];
  handlesSigterm?: boolean;
  /** Only when the text of the file matches too. */
  alongside?: RegExp;
  /** Only with so many arguments. */
  count?: number;
  /** Only with an argument. */
  given?: true;
  /** The methods that say the host of the same object: `connector.setHost(…)` beside `connector.setPort(…)`. */
  hostMethod?: RegExp;
  /** Members that are assigned the host, and the port, where the call is given none: `config.jetty.defaultHost = …`. */
  assigned?: Assigned;
  /** Only where a port was followed: the call has other forms too, or another one in this file says it. */
  certain?: boolean;
  /** But where the text of the argument says so it is one, followed or not: `new Server(config.getInteger(Keys.WEB_PORT))`. */
  certainByName?: RegExp;
  /** Only the port of its address counts. */
  ignoresHost?: boolean;
  /** A socket that it may be given, which was bound elsewhere. */
  socket?: Slot;
  /** Names the kind of socket: none is a port but `tcp`. */
  network?: Slot;
  /** What it serves: without it nobody is answered. */
  serves?: Slot;
  /** What it speaks over: without it, or over standard input, it does not listen. */
  over?: Slot;
  /** The methods of what it makes that are told so. */
  overIn?: RegExp;
}

interface Assigned {
  host: RegExp;
  port: RegExp;
  /** What they are members of, wherever that stands. */
  on: RegExp;
}

export interface TlsEntry {
  path: RegExp;
  what?: string;
  /** Only when one of these arguments is given and is not null or false. */
  when?: readonly Slot[];
  /** Only when the text of the whole call matches. */
  text?: RegExp;
  /** Only when the text of the file matches. */
  alongside?: RegExp;
}

export interface Catalogue {
  /** Last names of the calls that are worth following. */
  listeners: readonly ListenerEntry[];
  tls: readonly TlsEntry[];
}

export function slotValue(visit: Visit, slot: Slot | undefined): Value {
  if (!slot) return ABSENT;
  const { view, evaluator } = visit;
  const { index } = slot;
  // `super().__init__(address, Handler, **kwargs)`: what stands in its place is not in the rest.
  const inPlace = index !== undefined && view.call.args.filter((a) => a.name === undefined && !a.spread).length > index;
  for (const name of slot.names ?? []) {
    const v = view.named(name);
    // Of `*args, **kwargs` it may be among the former.
    const first = v.t === "unknown" && !inPlace && index !== undefined ? view.arg(index) : UNKNOWN;
    if (first.t !== "unknown" && first.t !== "absent") break;
    if (v.t !== "absent" && !(inPlace && v.t === "unknown")) return slot.keys ? v : itemOf(v, slot, evaluator);
  }
  if (index === undefined) return ABSENT;
  if (slot.keys) {
    for (const key of slot.keys) {
      const v = view.option(index, key);
      if (v.t !== "absent") return v;
    }
    return ABSENT;
  }
  return itemOf(view.arg(index), slot, evaluator);
}

/** Of a pair of host and port that stands in one argument, the one that is asked for. */
function itemOf(v: Value, slot: Slot, evaluator: Evaluator): Value {
  if (slot.item === undefined) return v;
  // `WSGIServer("127.0.0.1:5000")`, where a pair may stand too.
  const whole = textOf(v.t === "option" && v.default ? v.default : v);
  if (whole !== undefined && /^[^:/]*:\d+$/.test(whole)) return splitAddress(v)[slot.item === 0 ? "host" : "port"];
  return anyOf(
    alternatives(v).map((a) =>
      a.t === "array"
        ? (a.items[slot.item as number] ?? ABSENT)
        : (partOf(a, slot.item) ?? evaluator.member(a, String(slot.item))),
    ),
  );
}

/** The expression that was written there, for fixes. */
function slotExpr(visit: Visit, slot: Slot | undefined): Expr | undefined {
  if (!slot || slot.keys) return undefined;
  const { args } = visit.view.call;
  const byName = args.find((a) => a.name !== undefined && slot.names?.includes(a.name));
  const found = byName ?? (slot.index === undefined ? undefined : args.filter((a) => a.name === undefined)[slot.index]);
  if (slot.item === undefined) return found?.value;
  return found?.value.kind === "array" ? found.value.items[slot.item] : undefined;
}

/** What listens at any free port is for something on the side, but not where Go's `main` serves by it: others are told where. */
function isMain(scope: Scope): boolean {
  const { language, text } = scope.file;
  return language === "go" && functionAround(scope)?.name === "main" && /\.Serve\(/.test(text);
}

export function catalogueListener(
  visit: Visit,
  catalogue: Catalogue,
  portFix: (literal: string, text: string) => string | undefined,
): Listener | undefined {
  const { view, module, site } = visit;
  const entry = catalogue.listeners.find(
    (l) =>
      l.path.test(view.path) &&
      (!l.alongside || l.alongside.test(module.text)) &&
      (l.count === undefined || l.count === view.count) &&
      (!l.given || view.count > 0),
  );
  if (!entry) return undefined;
  visit.evaluator.renew();
  // Whether a port is free is asked by binding it.
  if (/^\s*(?:\.await)?\s*\.(?:is_ok|is_err)\(\)/.test(module.text.slice(site.call.end, site.call.end + 40)))
    return undefined;
  const network = textOf(slotValue(visit, entry.network));
  if (network !== undefined && !network.startsWith("tcp")) return undefined;
  if (entry.serves && alternatives(slotValue(visit, entry.serves)).every(isNothing)) return undefined;
  let port = slotValue(visit, entry.port);
  // Two questions: where the port was hard to follow the host still is asked for.
  visit.evaluator.renew();
  let host = entry.hostMethod ? givenApart(visit, entry.hostMethod) : slotValue(visit, entry.host);
  // `socket_bind($socket, "/tmp/app.sock")`
  if (isSocketFile(host)) return undefined;
  if (entry.assigned && host.t === "absent") {
    host = assignedBeside(visit, entry.assigned, "host");
    if (port.t === "absent") port = assignedBeside(visit, entry.assigned, "port");
  }
  if (entry.socket && port.t === "absent" && !alternatives(slotValue(visit, entry.socket)).every(isNothing)) {
    // It is a listener of its own where it is bound.
    if (/\.bind\(/.test(module.text)) return undefined;
    host = port = UNKNOWN;
  }
  // `listen(SocketAddress.inetSocketAddress(8080, "localhost"))`, where a port alone may stand too.
  if (port.t === "array" && port.items.length === 2 && host.t === "absent") ({ host, port } = splitAddress(port));
  if (entry.address) {
    const written = slotValue(visit, entry.address);
    const named = followedByName(written, slotExpr(visit, entry.address), site.scope, visit.evaluator);
    // A host alone, from the settings, says nothing of the port.
    const bare = named.t === "option" && named.open && !/:\d/.test(textOf(named.default) ?? "");
    const given = bare ? written : named;
    // `serve(**kwargs)` may hold an address, or host and port.
    const spread = given.t === "unknown" && slotExpr(visit, entry.address) === undefined;
    // `kwargs["listen"]` of an option that nobody gives, or else `kwargs["host"]`.
    const isUngiven = written.t === "unknown" && given.t === "option" && isNothing(given.default ?? ABSENT);
    if ((given.t !== "absent" && !spread && !(isUngiven && host.t !== "absent")) || !entry.port) {
      ({ host, port } = addressParts(given, visit));
      if (isSocketFile(given)) return undefined;
      if (entry.ignoresHost) host = ABSENT;
    }
  }
  const hostGiven = slotExpr(visit, entry.host);
  // `listen(port, result -> …)`: what is called when it listens stands where a host may.
  host = hostGiven?.kind === "function" ? ABSENT : followedByName(host, hostGiven, site.scope, visit.evaluator);
  const byName = followedByName(port, slotExpr(visit, entry.port), site.scope, visit.evaluator);
  if (byName.t === "env" || byName.t === "option") port = byName;
  if (alternatives(port).every((v) => textOf(v) === "0") && !isMain(site.scope)) return undefined;
  const portExpr = slotExpr(visit, entry.port ?? undefined);
  const isLost = alternatives(port).every((v) => v.t === "unknown" || v.t === "absent" || v.t === "ref");
  const given = portExpr ?? slotExpr(visit, entry.address);
  const said = given && given.kind !== "function" ? module.text.slice(given.start, given.end) : "";
  // `"127.0.0.1:"`: the system picks one.
  if (/^"(?:127\.0\.0\.1|localhost|\[::1\]):"$/.test(said)) return undefined;
  if (entry.certain && isLost && !entry.certainByName?.test(said)) return undefined;
  // What is called a port has no host in it.
  if (entry.address && entry.certainByName && isLost && host.t !== "absent" && /port\b(\(\))?$/i.test(said))
    host = ABSENT;
  const listener: Listener = {
    framework: entry.framework,
    protocol: entry.protocol ?? "http",
    port: factValues(port),
    host: factValues(host),
    defaults: entry.nothing && !isOmitted(host) ? { ...entry.defaults, host: entry.nothing } : entry.defaults,
    place: place(module, site.call),
    reach: visit.reach(),
    evidence: [quote(module, site.call), `it is ${view.path}`],
  };
  if (entry.handlesSigterm !== undefined) listener.handlesSigterm = entry.handlesSigterm;
  if (entry.over) listener.over = toldOver(visit, entry.over, entry.overIn);
  if (portExpr?.kind === "literal") {
    const fix = portFix(String(portExpr.value), module.text);
    if (fix) {
      listener.portPlace = place(module, portExpr);
      listener.portFix = fix;
    }
  }
  const hostExpr = slotExpr(visit, entry.host);
  if (hostExpr?.kind === "literal") listener.hostPlace = place(module, hostExpr);
  return listener;
}

/** Host and port of an address; of Go's `&net.TCPAddr{IP: …, Port: …}` too. */
function addressParts(given: Value, { evaluator }: Visit): { host: Value; port: Value } {
  if (given.t !== "object" || given.type !== "net.TCPAddr") return splitAddress(given);
  return { host: evaluator.member(given, "IP"), port: evaluator.member(given, "Port") };
}

/** The argument of another method that is called on what this one is called on, in one chain or on one name. */
function givenApart({ module, site, evaluator }: Visit, method: RegExp): Value {
  const { callee } = site.call;
  for (const before of callsBefore(site.call))
    if (before.callee.kind === "member" && method.test(before.callee.property))
      return evaluator.query(before.args[0]?.value, site.scope);
  const receiver = (e: Expr): string | undefined =>
    e.kind === "name" ? "" : e.kind === "member" && e.object.kind === "name" ? e.object.name : undefined;
  const mine = receiver(callee);
  const other = module.calls.find(({ call, scope }) => {
    const name =
      call.callee.kind === "name" ? call.callee.name : call.callee.kind === "member" ? call.callee.property : "";
    if (!method.test(name)) return false;
    const after = call.start === site.call.start && call.end > site.call.end;
    return after || (scope === site.scope && mine !== undefined && receiver(call.callee) === mine);
  });
  return other ? evaluator.query(other.call.args[0]?.value, other.scope) : ABSENT;
}

/** In the block that the call is given, or to what is called as the server is. */
function assignedBeside(
  { module, site, evaluator }: Visit,
  { on, ...members }: Assigned,
  which: "host" | "port",
): Value {
  const all = module.assigns.filter(({ target }) => target.kind === "member" && members[which].test(target.property));
  const found =
    all.find(({ target }) => target.start >= site.call.start && target.end <= site.call.end) ??
    all.find(({ target }) => target.kind === "member" && on.test(lastName(target.object) ?? ""));
  return found ? evaluator.query(found.value, found.scope) : ABSENT;
}

/** What it is told to speak over, at the call or at those of its methods. */
function toldOver(visit: Visit, slot: Slot, methods: RegExp | undefined): FactValue[] {
  if (!methods) return factValues(slotValue(visit, slot));
  return visit.module.calls.flatMap(({ call: { callee, args }, scope }) => {
    if (callee.kind !== "member" || !methods.test(callee.property)) return [];
    const given = args.find((a) => slot.names?.includes(a.name ?? "")) ?? args.find((a) => a.name === undefined);
    return given ? factValues(visit.evaluator.query(given.value, scope)) : [];
  });
}

function isSocketFile(v: Value): boolean {
  const text = textOf(v);
  return text !== undefined && (text.startsWith("unix:") || /^\/\w/.test(text) || /\.sock$/.test(text));
}

export function catalogueTls(visit: Visit, catalogue: Catalogue): TlsServer | undefined {
  const { view, module, site } = visit;
  for (const entry of catalogue.tls) {
    if (!entry.path.test(view.path)) continue;
    if (entry.text && !entry.text.test(module.text.slice(site.call.start, site.call.end))) continue;
    if (entry.alongside && !entry.alongside.test(module.text)) continue;
    let option: string | undefined;
    if (entry.when) {
      const found = entry.when.map((slot) => slotValue(visit, slot)).find((v) => !alternatives(v).every(isNothing));
      const given = found ?? (entry.when.some((slot) => isSetting(slotExpr(visit, slot), visit)) ? UNKNOWN : undefined);
      if (!given || !mayBeGiven(given, entry.when, visit)) continue;
      const all = alternatives(given);
      if (!found || all.some(isNothing) || all.some((v) => v.t === "env" || v.t === "option" || v.t === "derived"))
        option = [...envNames(given)][0] ?? entry.when[0]?.names?.[0];
    }
    const server: TlsServer = {
      what: entry.what ?? view.path,
      place: place(module, site.call),
      reach: visit.reach(),
      evidence: [quote(module, site.call), `it is ${view.path}`],
    };
    if (option) server.option = option;
    return server;
  }
  return undefined;
}

/** `SSLEnable: options[:ssl]` of settings that were not followed: off by default, and on where somebody wants it. */
function isSetting(e: Expr | undefined, { evaluator, site }: Visit): boolean {
  if (e?.kind !== "index" || !/^@?(opts?|options|config|settings|conf)$/i.test(lastName(e.object) ?? "")) return false;
  return alternatives(evaluator.eval(e.object, site.scope)).some(isOpen);
}

/** May it hold more than the program shows? `DEFAULTS.merge(given)` too; what is given is nothing by default (`given = {}`). */
function isOpen(v: Value): boolean {
  if (v.t !== "layers") return isLost(v);
  return v.of.some((o) => alternatives(o).some((l) => isOpen(l) || (l.t === "object" && l.expr.entries.length === 0)));
}

/** `serve(**kwargs)`: what nothing in the program knows by name is not among the arguments. */
function mayBeGiven(given: Value, slots: readonly Slot[], { view, module, evaluator }: Visit): boolean {
  const names = slots.flatMap((s) => s.names ?? []);
  const lost = alternatives(given).every((v) => v.t === "unknown" || v.t === "derived" || v.t === "ref");
  if (!lost || names.length === 0 || view.call.args.some((a) => names.includes(a.name ?? ""))) return true;
  return evaluator.project.matching(new RegExp(`\\b(${names.join("|")})\\b`), module).length > 0;
}

function isNothing(v: Value): boolean {
  return (
    v.t === "absent" ||
    (v.t === "literal" && (v.value === null || v.value === false || v.value === "" || v.value === 0))
  );
}
