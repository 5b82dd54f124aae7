/** When a place is reached: while the program starts, while it answers a request, within one connection. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, type Expr, type Fn, lastName } from "../ir.ts";
import type { CallSite, Scope, SourceModule } from "../scope/scope.ts";
import { alternatives } from "../values.ts";

export type Moment = "start" | "request" | "connection" | "unknown";

interface Use {
  site: CallSite;
  as: "callee" | "argument";
  /** Of an argument within an object: `eachMessage` of `consumer.run({ eachMessage: … })`. */
  key?: string;
}

interface Uses {
  functions: Map<Fn, Use>;
  names: Map<string, Use[]>;
  /** The call that another call is an argument of. */
  calls: Map<Call, CallSite>;
}

const MAX_DEPTH = 5;
/** Callbacks of these run once, when the server is up or its parts are ready. */
const STARTING = /^(listen|ready|start|serve|run|connect|initialize|init|bootstrap|main|whenReady|onReady|onListen)$/;
const ROUTES =
  /^(get|post|put|patch|delete|del|all|use|route|head|options|HandleFunc|Handle|handle|Get|Post|Put|Delete|Patch|GET|POST|PUT|DELETE|PATCH|MapGet|MapPost|MapPut|MapDelete|createServer|createContext|http|HandlerFunc|add_url_rule|add_route|add_get|add_post|path|re_path|url|cloudEvent|register_handler)$/;
const CONNECTIONS = /^(connection|connect|open|upgrade|message|secureConnection|stream|session)$/;
const EVENTS = /^(on|once|addListener|addEventListener|subscribe|prependListener|watch|observe)$/;
const START_EVENTS = /^(listening|ready|start|started|open|connected|startup|bootstrap)$/;
const START_METHODS =
  /^(onModuleInit|onApplicationBootstrap|onReady|lifespan|startup|on_startup|main|Main|init|ExecuteAsync|StartAsync|before_serving)$/;
const MANAGED =
  /^(Injectable|Component|Service|Controller|RestController|Configuration|Singleton|ApplicationScoped|Startup|SpringBootApplication|Repository)$/;
const REQUEST_DECORATORS =
  /^(route|get|post|put|patch|delete|head|options|api_view|view|view_config|errorhandler|before_request|after_request|http|cloud_event|expose|Get|Post|Put|Patch|Delete|All|GET|POST|PUT|DELETE|PATCH|GetMapping|PostMapping|PutMapping|DeleteMapping|PatchMapping|RequestMapping|MessageMapping|QueryMapping|MutationMapping|HttpGet|HttpPost|HttpPut|HttpDelete|functions_framework)$/;
const START_DECORATORS =
  /^(on_event|before_first_request|before_serving|startup|on_startup|PostConstruct|EventListener|Bean|OnStart|Startup)$/;

const index = new WeakMap<SourceModule, Uses>();

/** All moments at which code in this scope runs, as far as the program's own calls tell. */
export function momentsOf(scope: Scope, evaluator: Evaluator, depth = 0): Set<Moment> {
  const out = new Set<Moment>();
  const fnScope = functionScope(scope);
  if (!fnScope?.fn) {
    out.add("start");
    return out;
  }
  collect(fnScope, fnScope.fn, evaluator, depth, out);
  if (out.size === 0) out.add("unknown");
  return out;
}

export function runsAtStart(scope: Scope, evaluator: Evaluator): boolean {
  const moments = momentsOf(scope, evaluator);
  return moments.has("start") && !moments.has("connection") && !moments.has("request");
}

/** Is it a function that answers requests itself (a route's, a handler's)? */
export function requestFunction(scope: Scope, evaluator: Evaluator): Scope | undefined {
  const s = functionScope(scope);
  if (!s?.fn) return undefined;
  if (isRequestFunction(s.fn, s.file)) return s;
  const use = usesOf(s.file).functions.get(s.fn);
  void evaluator;
  return use?.as === "argument" && routeCall(use.site.call) ? s : undefined;
}

function routeCall(call: Call): boolean {
  const method = lastName(call.callee) ?? "";
  return ROUTES.test(method) && call.callee.kind === "member" && call.args.length > 1;
}

/** Go's `go f()`: is this place in something that was spawned? */
export function isSpawned(site: CallSite): boolean {
  if (site.spawned) return true;
  const fn = functionScope(site.scope)?.fn;
  const uses = fn?.name ? usesOf(site.scope.file).names.get(fn.name) : undefined;
  return uses?.some((u) => u.site.spawned && !(fn && within(u.site.scope, fn))) ?? false;
}

export function runsInRequest(scope: Scope, evaluator: Evaluator): boolean {
  return momentsOf(scope, evaluator).has("request");
}

export function functionScope(scope: Scope): Scope | undefined {
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.kind === "function") return s;
  return undefined;
}

function collect(scope: Scope, fn: Fn, evaluator: Evaluator, depth: number, out: Set<Moment>): void {
  const module = scope.file;
  if (isRequestFunction(fn, module)) {
    out.add("request");
    return;
  }
  if (isOfConnection(fn, module)) {
    out.add("connection");
    return;
  }
  const name = fn.name;
  if (fn.decorators?.some((d) => START_DECORATORS.test(decoratorName(d)))) {
    out.add("start");
    return;
  }
  const inClass = scope.parent?.kind === "class" ? scope.parent : undefined;
  // `main` of a class is the program's only in Java and C#.
  const ordinary =
    inClass && /^(main|init|ready|startup)$/.test(name ?? "") && /^(python|javascript|ruby)$/.test(module.language);
  if (name && START_METHODS.test(name) && !ordinary && (inClass || module.language !== "javascript")) {
    out.add("start");
    return;
  }
  if (depth > MAX_DEPTH) return;
  const uses = usesOf(module);
  const direct = uses.functions.get(fn);
  if (direct) momentOfUse(direct, uses, evaluator, depth, out);
  if (inClass?.class && isConstructor(fn, inClass)) {
    if (inClass.class.decorators.some((d) => MANAGED.test(decoratorName(d)))) out.add("start");
    if (inClass.class.name) byName(inClass.class.name, scope, evaluator, depth, out, undefined);
  } else if (inClass?.class?.bases.some((b) => /^(CommandLineRunner|ApplicationRunner)$/.test(lastName(b) ?? "")))
    out.add("start");
  else if (name && !direct) byName(name, scope, evaluator, depth, out, fn);
}

function byName(
  name: string,
  scope: Scope,
  evaluator: Evaluator,
  depth: number,
  out: Set<Moment>,
  fn: Fn | undefined,
): void {
  const own = usesOf(scope.file).names.get(name) ?? [];
  for (const use of own.slice(0, 8)) {
    // Itself, again and again: not a reason of its own.
    if (fn && within(use.site.scope, fn)) continue;
    momentOfUse(use, usesOf(scope.file), evaluator, depth, out);
  }
  if (own.length > 0 || !fn || evaluator.isHalfSpent()) return;
  for (const module of evaluator.project.mentioning(name, scope.file)) {
    if (module === scope.file) continue;
    for (const use of (usesOf(module).names.get(name) ?? []).slice(0, 6)) {
      const target = use.as === "callee" ? use.site.call.callee : undefined;
      if (
        target &&
        !alternatives(evaluator.query(target, use.site.scope)).some((v) => v.t === "function" && v.fn === fn)
      )
        continue;
      momentOfUse(use, usesOf(module), evaluator, depth, out);
    }
  }
}

function within(scope: Scope, fn: Fn): boolean {
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.fn === fn) return true;
  return false;
}

function momentOfUse(use: Use, uses: Uses, evaluator: Evaluator, depth: number, out: Set<Moment>): void {
  const { site } = use;
  if (use.key !== undefined && HANDLERS.test(use.key) && !startsByKey(use.key)) {
    out.add("unknown");
    return;
  }
  if (use.as === "argument") {
    for (let call: CallSite | undefined = site, i = 0; call && i < 3; call = uses.calls.get(call.call), i++) {
      const method = lastName(call.call.callee) ?? "";
      const member = call.call.callee.kind === "member";
      if (EVENTS.test(method)) {
        const event = call.call.args[0]?.value;
        const text = event?.kind === "literal" ? String(event.value) : "";
        if (START_EVENTS.test(text) && !/^(open|connect)$/.test(text)) break;
        out.add(CONNECTIONS.test(text) ? "connection" : text === "request" ? "request" : "unknown");
        return;
      }
      if (/^(describe|it|test|before|after|beforeEach|afterEach)$/.test(method) && !member) {
        out.add("unknown");
        return;
      }
      const first = call.call.args[0]?.value;
      const route = first?.kind === "literal" && typeof first.value === "string" && first.value.startsWith("/");
      if (ROUTES.test(method) && (member || route || method === "createServer" || /^[A-Z]|path|url/.test(method))) {
        // `router.use(x)` and `app.get("/", x)`; a `Map.get` has no function in it.
        out.add("request");
        return;
      }
      if (STARTING.test(method)) break;
    }
  }
  for (const m of momentsOf(site.scope, evaluator, depth + 1)) out.add(m);
}

function decoratorName(d: Expr): string {
  return lastName(d.kind === "call" ? d.callee : d) ?? "";
}

const REQUEST_PARAMS = /^(_?req|_?res|request|response|reply|ctx|httpContext|exchange|call|evt)$/;
const REQUEST_TYPES =
  /(^|\.)(Request|Response|ResponseWriter|Context|Ctx|HttpExchange|HttpServletRequest|HttpServletResponse|RoutingContext|FastifyRequest|HttpContext|RequestCtx|CloudEvent|ServerRequest|IncomingMessage)$/;

function isRequestFunction(fn: Fn, module: SourceModule): boolean {
  if (fn.decorators?.some((d) => REQUEST_DECORATORS.test(decoratorName(d)))) return true;
  if (/^(doGet|doPost|doPut|doDelete)$/.test(fn.name ?? "")) return true;
  return fn.params.some((p) => {
    if (p.pattern.kind !== "name") return false;
    const type = p.type ? module.text.slice(p.type.start, p.type.end) : "";
    // Go's context.Context is passed everywhere.
    if (type) return REQUEST_TYPES.test(type) && !/^(context|cli|build|trace|android|app)\.Context$/.test(type);
    if (p.pattern.name === "c" || p.pattern.name === "context" || p.pattern.name === "event")
      return (
        module.language === "javascript" && /hono|koa|functions-framework|lambda/i.test(module.text.slice(0, 3000))
      );
    return module.language !== "go" && REQUEST_PARAMS.test(p.pattern.name);
  });
}

const CONNECTION_TYPES = /(^|\.)(WebSocket|WebSocketServerProtocol|ServerConnection|WebSocketConnection)$/;

/** Does it serve one connection, by what it is given? One that the program opens itself is no request. */
function isOfConnection(fn: Fn, module: SourceModule): boolean {
  return fn.params.some((p, i) => {
    if (p.pattern.kind !== "name") return false;
    const named = p.type
      ? CONNECTION_TYPES.test(module.text.slice(p.type.start, p.type.end))
      : /^web_?socket$/i.test(p.pattern.name) || (p.pattern.name === "ws" && module.language === "python");
    const calls = fn.name && named ? (usesOf(module).names.get(fn.name) ?? []) : [];
    return named && !calls.some(({ as, site }) => as === "callee" && isMade(site.call.args[i]?.value, site.scope));
  });
}

/** `new WebSocket(url)`, or a name for it. */
function isMade(e: Expr | undefined, scope: Scope): boolean {
  if (!e) return false;
  if (e.kind !== "name") return /^new\s/.test(scope.file.text.slice(e.start, e.end));
  for (let s: Scope | undefined = scope; s; s = s.parent) {
    const sources = s.names.get(e.name)?.sources;
    if (sources) return sources.some(({ expr }) => expr?.kind === "call" && isMade(expr, s as Scope));
  }
  return false;
}

/** Callbacks among options that are called for what comes in: `eachMessage`, `onConnection`, `handle_event`. */
const HANDLERS = /^(?:each|on|handle)(?:[A-Z_]|r$)/;
/** A word of them that says the callback runs once: `onServerStart`, `on_ready`. */
const STARTS =
  /^(?:init(?:iali[sz]ed?)?|boot(?:strap(?:ped)?)?|start(?:ed|ing|up)?|ready|listen(?:ing)?|mount(?:ed)?)$/i;
/** What there is one of, beside such a word. `onClientConnected`, `onSessionStart` run for each of theirs. */
const OF_PROGRAM = /^(?:on|before|after|server|http|app|application|module|program|process|service)$/i;

function startsByKey(key: string): boolean {
  const words = key.replace(/(?<=[a-z])(?=[A-Z])/g, "_").split("_");
  return words.some((w) => STARTS.test(w)) && words.every((w) => STARTS.test(w) || OF_PROGRAM.test(w));
}

function isConstructor(fn: Fn, owner: Scope): boolean {
  return /^(constructor|__init__|initialize|__construct)$/.test(fn.name ?? "") || fn.name === owner.class?.name;
}

function usesOf(module: SourceModule): Uses {
  let found = index.get(module);
  if (found) return found;
  found = { functions: new Map(), names: new Map(), calls: new Map() };
  const uses = found;
  const named = (name: string | undefined, use: Use): void => {
    if (!name) return;
    const list = uses.names.get(name);
    if (list) list.push(use);
    else uses.names.set(name, [use]);
  };
  const argument = (e: Expr, site: CallSite, depth: number, key?: string): void => {
    const use: Use = { site, as: "argument", ...(key === undefined ? {} : { key }) };
    if (e.kind === "function") uses.functions.set(e.fn, use);
    else if (e.kind === "call") uses.calls.set(e, site);
    else if (e.kind === "name" || e.kind === "member") named(lastName(e), use);
    else if (e.kind === "object" && depth < 2) for (const x of e.entries) argument(x.value, site, depth + 1, x.key);
    else if (e.kind === "array" && depth < 2) for (const x of e.items) argument(x, site, depth + 1);
    else if (e.kind === "other" && depth < 2) {
      for (const x of e.children) argument(x, site, depth + 1);
      for (const s of e.body ?? []) if (s.kind === "function") uses.functions.set(s.fn, use);
    }
  };
  for (const site of module.calls) {
    const { callee, args } = site.call;
    if (callee.kind === "function") uses.functions.set(callee.fn, { site, as: "callee" });
    else named(lastName(callee), { site, as: "callee" });
    // `f().then(…)`, `app.listen(…)`: what it is called on is reached with it.
    if (callee.kind === "member" && callee.object.kind === "call" && callee.object.callee.kind === "function")
      uses.functions.set(callee.object.callee.fn, { site, as: "callee" });
    for (const a of args) argument(a.value, site, 0);
  }
  index.set(module, uses);
  return uses;
}

/** The name that a value is given where it is made: `timer` of `const timer = setInterval(…)`. */
export function assignedName(site: CallSite): string | undefined {
  for (let s: Scope | undefined = site.scope; s; s = s.parent)
    for (const [name, b] of s.names) {
      if (b.sources.some((x) => x.expr === site.call)) return name;
      for (const [field, sources] of b.fields) if (sources.some((x) => x.expr === site.call)) return field;
    }
  for (let s: Scope | undefined = site.scope; s; s = s.parent)
    for (const [field, sources] of s.fields) if (sources.some((x) => x.expr === site.call)) return field;
  return undefined;
}
