/** Facts of a Go file beyond its catalogue: http.Server literals, signals, tickers, variables that must be there. */
import { type FactSink, factValues, place, quote, reachOf, splitAddress, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Listener } from "../facts.ts";
import { type Expr, lastName } from "../ir.ts";
import { needsFrom } from "../needs.ts";
import { runsInRequest } from "../platform/moments.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { alternatives, anyOf, envNames, textOf, usualText, type Value } from "../values.ts";
import { frameworkListener } from "./frameworks.ts";
import { functionSpan } from "./functions.ts";
import { markPassing } from "./passing.ts";
import { leaveOutProbes } from "./probes.ts";

export function goCallFacts(visit: Visit): void {
  const { view, module, site, sink, evaluator } = visit;
  if (/^os\/signal\.(Notify|NotifyContext)$/.test(view.path)) {
    const given = site.call.args.slice(1).map((a) => a.value);
    const signals = given.flatMap((e) => signalsIn(e, site.scope, visit));
    const names = signals
      .map((s) => s.slice(s.lastIndexOf(".") + 1))
      .map((s) => (s === "Interrupt" ? "SIGINT" : s === "Kill" ? "SIGKILL" : s));
    // Without a list every signal is relayed.
    const all = site.call.args.length <= 1;
    const lost = names.some((n) => !n.startsWith("SIG"));
    const followed = lost && evaluator.project.matching(SIGNAL_LIST, module).length > 0 ? ["SIGTERM"] : [];
    // A list that a file for the system adds to: `func init() { signals = []os.Signal{os.Interrupt, syscall.SIGTERM} }`.
    const spread = site.call.args.at(-1);
    const list = spread?.spread ? lastName(spread.value) : undefined;
    if (list) {
      const inits = evaluator.project.semantics(module).siblings?.(module, "init") ?? [];
      const given = new RegExp(`\\b${list}\\s*=\\s*[^\\n=]*(?:${SIGNAL_LIST.source})`);
      if (inits.some((m) => given.test(m.text))) followed.push("SIGTERM");
    }
    sink.signalHandlers.push({
      signals: all ? ["SIGTERM", "SIGINT"] : [...new Set([...names, ...followed])],
      by: "signal.Notify",
      place: place(module, site.call),
      reach: { ...visit.reach(), env: [] },
    });
    return;
  }
  const own = frameworkListener(visit);
  if (own) {
    sink.listeners.push(own);
    return;
  }
  if (
    /^(log|github\.com\/sirupsen\/logrus|github\.com\/rs\/zerolog\/log)\.(Fatal|Fatalf|Fatalln|Panic|Panicf)$/.test(
      view.path,
    ) ||
    view.path === "panic" ||
    view.path === "os.Exit"
  )
    if (site.guards.length && textOf(view.arg(0)) !== "0") {
      const answering = runsInRequest(site.scope, evaluator);
      // net/http recovers from a panic of a handler: that request fails, the program goes on.
      const how = answering && view.path === "panic" ? "panics" : "ends";
      const failure = answering && how === "panics" ? "handler" : "start";
      sink.needs.push(...needsFrom(module, site.guards, site.scope, how, site.call, evaluator, failure));
    }
  const status = /^net\/http\.Error$/.test(view.path)
    ? 2
    : /\.WriteHeader$|\.(AbortWithStatus|Status|JSON|String|SendStatus|AbortWithStatusJSON)$/.test(view.path)
      ? 0
      : undefined;
  const written = status === undefined ? undefined : site.call.args[status]?.value;
  if (written && site.guards.length) {
    const text = module.text.slice(written.start, written.end);
    const code = /^5\d\d$/.exec(text)?.[0] ?? (/StatusInternalServerError$/.test(text) ? "500" : undefined);
    if (code)
      sink.needs.push(
        ...needsFrom(module, site.guards, site.scope, `answers ${code}`, site.call, evaluator, "handler"),
      );
  }
}

/** A list of signals that holds it. */
const SIGNAL_LIST = /\bos\.Signal\s*\{[^{}]*\bSIGTERM\b|\bappend\([^()]*\bSIGTERM\b/;

/** Signals as they are written, in a list, or in lists that are put together: `append(shutdown, refresh...)`. */
function signalsIn(e: Expr, scope: Scope, visit: Visit): string[] {
  const { evaluator, module } = visit;
  if (e.kind === "call" && lastName(e.callee) === "append")
    return e.args.flatMap((a) => signalsIn(a.value, scope, visit));
  const text = module.text.slice(e.start, e.end);
  const named = (v: Value): string[] => (v.t === "ref" ? [v.path] : v.t === "array" ? v.items.flatMap(named) : [text]);
  return alternatives(evaluator.query(e, scope)).flatMap(named);
}

/** A library that is given the signals to wait for: `run.SignalHandler(ctx, syscall.SIGTERM)`. */
function relayed(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const isSignal = (e: Expr): boolean => e.kind === "member" && e.property === "SIGTERM";
  for (const { call, scope, guards } of module.calls) {
    const name = lastName(call.callee);
    if (!name || /^(Notify|NotifyContext|Signal|Kill|SendSignal|String|Reset|Ignore|Stop|append|Error\w*)$/.test(name))
      continue;
    if (!call.args.some(({ value: v }) => isSignal(v) || (v.kind === "array" && v.items.some(isSignal)))) continue;
    sink.signalHandlers.push({
      signals: ["SIGTERM"],
      by: name,
      place: place(module, call),
      reach: { ...reachOf(evaluator, module, scope, guards), env: [] },
    });
  }
}

/** Libraries that wait for the signals themselves, by what they are called. */
const WAITS =
  /(^|\/)(graceful|gracefully|gracehttp|go-?graceful\w*|graceful-?shutdown|endless|httpdown|manners|go-svc|svc|signals?)(\/|$)|go-kratos\/kratos(\/v\d)?$|(^|\/)kardianos\/service$|^go\.uber\.org\/fx$/;
/** Functions of whatever library: Kubernetes' own, of its several ones, `caddy.TrapSignals()`. */
const WAITS_BY_NAME =
  /^(?:SetupSignal(?:Handler|Context)|(?:Trap|Catch|Handle|ListenFor|WaitFor)Signals?|WaitForTermination)$/;
const MAY_WAIT =
  /\b(?:SetupSignal|TrapSignal|CatchSignal|HandleSignal|ListenForSignal|WaitForSignal|WaitForTermination)/;
const STARTS_WAITING =
  /^(Run\w*|New\w*|Listen\w*|Serve\w*|Wait\w*|Default\w*|With\w*|Shutdown\w*|Start\w*|Intercept\w*|Setup\w*|Handle\w*|Context)$/;

/** A container makes more than it waits for: it handles signals in `app.Run()`, or for who reads `app.Done()`. */
const FX = "go.uber.org/fx";
const CONTAINER_WAITS = /^(Run|Done|Wait)$/;

/** `graceful.NewManager()` of a library that is not in the project. */
function waitedFor(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const { resolve } = evaluator.project.semantics(module);
  const libraries = module.imports.filter((i) => WAITS.test(i) && i.includes(".") && resolve(module, i).length === 0);
  if (libraries.length === 0 && !MAY_WAIT.test(module.text)) return;
  const isForeign = (path: string): boolean =>
    path.includes("/") && !module.imports.some((i) => path.startsWith(`${i}.`) && resolve(module, i).length > 0);
  for (const { call, scope, guards } of module.calls) {
    const name = lastName(call.callee);
    if (!name || ![STARTS_WAITING, CONTAINER_WAITS, WAITS_BY_NAME].some((waits) => waits.test(name))) continue;
    const target = evaluator.query(call.callee, scope);
    const of = target.t === "ref" ? target.path : "";
    const by = libraries.find((l) => of.startsWith(l)) ?? (WAITS_BY_NAME.test(name) && isForeign(of) ? of : undefined);
    if (!by) continue;
    if (by === FX && !CONTAINER_WAITS.test(name) && !(name === "New" && isRunElsewhere(call, scope, evaluator)))
      continue;
    const reach = { ...reachOf(evaluator, module, scope, guards), env: [] };
    sink.signalHandlers.push({ signals: ["SIGTERM"], by, place: place(module, call), reach });
    return;
  }
}

/** A container that leaves its function (`return fx.New(…)`, `start(app)`), in a program that runs or awaits one. */
function isRunElsewhere(call: Expr, scope: Scope, { project }: Evaluator): boolean {
  const { text } = scope.file;
  const body = text.slice(scope.fn?.start ?? 0, scope.fn?.end ?? text.length);
  const local = /\b(\w+)\s*:=\s*$/.exec(text.slice(0, call.start))?.[1];
  const leaves = !local || !scope.fn || new RegExp(`\\b${local}\\b(?!\\s*(?:\\.|:?=))`).test(body);
  return leaves && project.matching(/\.(?:Run|Done|Wait)\(\)/, scope.file).length > 0;
}

/** `http.Server{Addr: …}`: a listener where the file (or its neighbours) starts it. */
export function goModuleFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  leaveOutProbes(module, sink);
  if (module.text.includes("SIGTERM")) relayed(module, evaluator, sink);
  waitedFor(module, evaluator, sink);
  for (const { object, scope, guards } of module.typedObjects) {
    const value = evaluator.query(object, scope);
    if (value.t !== "object") continue;
    if (value.type === "github.com/labstack/echo/v5.StartConfig") {
      const { host, port } = splitAddress(evaluator.member(value, "Address"));
      sink.listeners.push({
        framework: "Echo",
        protocol: "http",
        port: factValues(port),
        host: factValues(host),
        defaults: { host: "all" },
        place: place(module, object),
        reach: reachOf(evaluator, module, scope, guards),
        evidence: [quote(module, object)],
      });
      if (evaluator.member(value, "TLSConfig").t !== "absent")
        sink.tlsServers.push({
          what: "Echo's TLSConfig",
          place: place(module, object),
          reach: reachOf(evaluator, module, scope, guards),
          evidence: [quote(module, object)],
        });
    }
    if (value.type === "net/http.Server") {
      const address = addressOf(module, object, value, evaluator);
      const handed = handedOn(module, object);
      if (isServed(module, object, address, handed))
        sink.listeners.push(httpServer(module, object, address, evaluator, scope, guards));
      // A library that serves it does so with TLS where it has a configuration of it.
      const config = handed ? object.entries.find((x) => x.key === "TLSConfig")?.value : undefined;
      if (config && !(config.kind === "literal" || (config.kind === "name" && config.name === "nil")))
        sink.tlsServers.push({
          what: "http.Server's TLSConfig",
          place: place(module, config),
          reach: reachOf(evaluator, module, scope, guards),
          evidence: [quote(module, object)],
          option: module.text.slice(config.start, config.end).slice(0, 40),
        });
    }
  }
  for (const { call, scope, guards } of module.calls) {
    // `new(http.Server)`, `var server http.Server`: rare, and their address is assigned later.
    if (call.callee.kind !== "member" || !/^(ListenAndServe|Run|Start|Listen)$/.test(call.callee.property)) continue;
    const target = evaluator.query(call.callee, scope);
    // A library that the catalogue does not know: `webhooks.Run(hook, ":8080", "/")`.
    const library = target.t === "ref" && !/^(net|net\/http|os\/exec)\.|testing|exec/.test(target.path);
    if (!(target.t === "unknown" && call.args.length === 1) && !library) continue;
    if (sink.listeners.some((l) => l.place.file === module.path && l.place.start === call.start)) continue;
    const values = call.args.map((a) => evaluator.query(a.value, scope));
    const value = library ? values.find((v) => isAddress(v)) : values[0];
    if (!value) continue;
    if (
      !isAddress(value) &&
      !(value.t === "text" && envNames(value).size > 0 && /:/.test(module.text.slice(call.start, call.end)))
    )
      continue;
    const { host, port } = splitAddress(value);
    sink.listeners.push({
      framework: "a server",
      protocol: "http",
      port: factValues(port),
      host: factValues(host),
      defaults: { host: "all" },
      place: place(module, call),
      reach: reachOf(evaluator, module, scope, guards),
      evidence: [quote(module, call)],
    });
  }
  markPassing(module, sink);
}

/** `:8080`, `tcp://0.0.0.0:9000`, also where the port is that of a flag. */
function isAddress(v: Value): boolean {
  // `8000:8000` maps ports.
  return /^(?:(?:tcp|https?):\/\/)?(?!\d+:)[\w.]*:\d{2,5}$/.test(usualText(v));
}

/** The Addr of the literal, or what is assigned to it afterwards. */
function addressOf(
  module: SourceModule,
  object: { start: number; end: number },
  value: Value & { t: "object" },
  evaluator: Evaluator,
): Value {
  const direct = evaluator.member(value, "Addr");
  const later: Value[] = [];
  for (const file of evaluator.project.matching(/\.Addr\s*=[^=]/, module))
    for (const { target, value: given, scope } of file.assigns)
      if (
        target.kind === "member" &&
        target.property === "Addr" &&
        isSame(evaluator.query(target.object, scope), object)
      )
        later.push(evaluator.query(given, scope));
  return later.length ? anyOf(direct.t === "absent" ? later : [direct, ...later]) : direct;
}

function isSame(v: Value, object: { start: number; end: number }): boolean {
  return alternatives(v).some((o) => o.t === "object" && o.expr === object);
}

/** `zhttp.Serve(flags, stop, &http.Server{…})`: a library of its own starts it. */
function handedOn(module: SourceModule, object: { start: number; end: number }): boolean {
  return module.calls.some(
    ({ call }) =>
      call.args.some(
        (a) => a.value.start <= object.start && object.end <= a.value.end && a.value.kind !== "function",
      ) && /^(\w*Serve\w*|Run|Start\w*|Listen\w*)$/.test(lastName(call.callee) ?? ""),
  );
}

/** `server := &http.Server{…}` whose own function serves it on a listener, a socket of the file system say, and starts it by no other way. */
function isServedApart(text: string, { start, end }: { start: number; end: number }): boolean {
  const name = /\b(\w+)\s*:?=\s*&?$/.exec(text.slice(Math.max(0, start - 60), start))?.[1];
  const body = text.slice(end, functionSpan(text, end).to);
  const called = (what: string): boolean => new RegExp(`\\b${name}\\.${what}\\(`).test(body);
  return name !== undefined && called("Serve(?:TLS)?") && !called("ListenAndServe(?:TLS)?");
}

/** @param handed to a library that starts it */
function isServed(
  { text }: SourceModule,
  object: { start: number; end: number },
  address: Value,
  handed: boolean,
): boolean {
  if (handed && address.t !== "absent") return true;
  if (address.t === "absent" && isServedApart(text, object)) return false;
  // `http.ListenAndServe(…)` is given its own address; `s.http.ListenAndServe()` has a field of that name.
  if (/(?<!(?<![\w.])http)\.(ListenAndServe(TLS)?)\(/.test(text)) return true;
  // Served on a listener that was made apart: that one counts.
  const apart = /\.Serve(TLS)?\(/.test(text) && /\bnet\.Listen|\b[lL]istener\b|\.Listen(er)?\(/.test(text);
  return address.t !== "absent" && !apart;
}

function httpServer(
  module: SourceModule,
  object: { start: number; end: number },
  address: Value,
  evaluator: Evaluator,
  scope: SourceModule["scope"],
  guards: Parameters<typeof reachOf>[3],
): Listener {
  // What was lost on its way is looked up by its name: whole (`cfg.Addr`), or in its parts.
  const { host, port } = splitAddress(followedByName(address, undefined, scope, evaluator));
  const named = (v: Value): Value => followedByName(v, undefined, scope, evaluator);
  return {
    framework: "net/http",
    protocol: "http",
    port: factValues(named(port)),
    host: factValues(named(host)),
    defaults: address.t === "absent" ? { port: 80, host: "all" } : { host: "all" },
    place: place(module, object),
    reach: reachOf(evaluator, module, scope, guards),
    evidence: [quote(module, object)],
  };
}
