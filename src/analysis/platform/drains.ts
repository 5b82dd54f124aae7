/** What a handler of SIGTERM does, and how long it may take. */
import { escaped } from "../../base/escaped.ts";
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Fn, lastName, type Stmt } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import { alternatives } from "../values.ts";
import { durationOf } from "./durations.ts";
import { functionScope } from "./moments.ts";

export interface Drain {
  /** The longest wait that it allows itself. */
  timeoutMs?: number;
  /** It only writes to the log: the process goes on. */
  endless: boolean;
  /** It closes the server and nothing ends it when connections stay open. */
  waitsForConnections: boolean;
}

const LOG_CALL =
  /^(console|log|logger|logging|this\.logger|self\.logger|app\.logger|fastify\.log|server\.log|app\.log|fmt|System\.out|log4j|slog|winston|print|println)\b/;

/** Statements that do nothing but tell. */
export function onlyTells(body: readonly Stmt[], module: SourceModule): boolean {
  return body.every((s) => {
    const text = module.text.slice(s.start, s.end).trim();
    if (s.kind === "expression")
      return (
        (s.expr.kind === "call" && LOG_CALL.test(text)) || s.expr.kind === "literal" || /^(pass|\.\.\.|"|')/.test(text)
      );
    return /^(pass|;|\{\s*\})$/.test(text);
  });
}

const FORCES =
  /closeAllConnections|closeIdleConnections|\.terminate\(|\.destroy\(|disconnectSockets|process\.kill|process\.abort|stoppable|http-terminator|httpTerminator|disableKeepAlive|io\.close\(|wss\.close\(|\.emit\(/;

/** Of JavaScript: timers whose callback exits, sleeps, and whether anything but the last connection ends it. */
export function javascriptDrain(fn: Fn, module: SourceModule, evaluator: Evaluator): Drain {
  const scope = module.fnScopes.get(fn);
  const text = module.text.slice(fn.start, fn.end);
  const waits: number[] = [];
  let closes = false;
  const callbacks: { start: number; end: number }[] = [];
  for (const site of module.calls) {
    const { call } = site;
    if (call.start < fn.start || call.end > fn.end) continue;
    const name = lastName(call.callee) ?? "";
    if (name === "close" || name === "stop") {
      closes = true;
      for (const a of call.args) callbacks.push(a.value);
    }
    if (/^(setTimeout|sleep|delay|wait|setTimeout\$1)$/.test(name)) {
      const timer = name === "setTimeout" && call.args.length > 1;
      const ms = durationOf(call.args[timer ? 1 : 0]?.value, site.scope, evaluator, 1);
      const first = call.args[0]?.value;
      const body = first ? module.text.slice(first.start, first.end) : "";
      // The timer that ends it, or a pause that is waited for.
      const ends =
        /exit|kill|resolve|destroy|closeAll|terminate|^r$|^res$|^done$|abort/.test(body) || endsByName(body, module);
      if (ms !== undefined && (!timer || ends)) waits.push(ms);
    }
  }
  const longest = waits.length ? Math.max(...waits) : undefined;
  const outside = callbacks.reduce((t, c) => t.replace(module.text.slice(c.start, c.end), ""), text);
  const ended = /process\.exit|Deno\.exit|exit\(/.test(outside) || FORCES.test(text) || waits.length > 0;
  return {
    ...(longest === undefined ? {} : { timeoutMs: longest }),
    endless: scope !== undefined && onlyTells(fn.body, module),
    waitsForConnections: closes && !ended,
  };
}

/** `setTimeout(forceExit, 30_000)`. */
function endsByName(name: string, module: SourceModule): boolean {
  if (!/^\w+$/.test(name)) return false;
  for (const fn of module.fnScopes.keys())
    if (fn.name === name) return /exit|kill|destroy/.test(module.text.slice(fn.start, fn.end));
  return false;
}

/** Of Python: sleeps in the handler. */
export function pythonDrain(fn: Fn, module: SourceModule, evaluator: Evaluator): Drain {
  const waits: number[] = [];
  for (const site of module.calls) {
    if (site.call.start < fn.start || site.call.end > fn.end) continue;
    if (/^(sleep)$/.test(lastName(site.call.callee) ?? "")) {
      const ms = durationOf(site.call.args[0]?.value, site.scope, evaluator, 1000);
      if (ms !== undefined && !site.inLoop) waits.push(ms);
    }
  }
  return {
    ...(waits.length ? { timeoutMs: Math.max(...waits) } : {}),
    endless: onlyTells(fn.body, module),
    waitsForConnections: false,
  };
}

/** Go: the deadline that Shutdown is given, sleeps after the signal, a signal that is ignored. */
export function goDrains(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const handles = /\bsignal\.(Notify|NotifyContext)\b/.test(module.text);
  for (const site of module.calls) {
    const { call, scope } = site;
    const name = lastName(call.callee) ?? "";
    const drain = (what: string, value: number): void => {
      sink.others.push({
        kind: "drain",
        what,
        value,
        place: place(module, call),
        reach: reachOf(evaluator, module, scope, site.guards),
        evidence: [quote(module, call)],
      });
    };
    if (/^(Shutdown|ShutdownWithContext)$/.test(name)) {
      for (const v of alternatives(evaluator.query(call.args[0]?.value, scope))) {
        if (v.t !== "ref" || !v.call || !/^context\.WithTimeout\(\)/.test(v.path)) continue;
        const made = v.call.call;
        const ms = durationOf(made.args[1]?.value, v.call.scope, evaluator, 1e-6);
        if (ms !== undefined) drain(`the context of ${name}`, ms);
      }
    } else if (name === "Sleep" && handles && !site.inLoop) {
      const path = alternatives(evaluator.query(call.callee, scope))[0];
      if (path?.t !== "ref" || path.path !== "time.Sleep") continue;
      const fn = functionScope(scope)?.fn;
      const before = fn ? module.text.slice(fn.start, call.start) : "";
      const ms = durationOf(call.args[0]?.value, scope, evaluator, 1e-6);
      if (ms !== undefined && /signal\.Notify|<-\s*\w*(sig|quit|stop|done|ctx)\w*/i.test(before))
        drain("a sleep after the signal", ms);
    } else if (name === "Ignore") {
      const target = alternatives(evaluator.query(call.callee, scope))[0];
      if (target?.t === "ref" && target.path === "os/signal.Ignore" && /SIGTERM/.test(quote(module, call)))
        ignored("signal.Ignore", module, call, sink);
    }
  }
}

export function ignored(by: string, module: SourceModule, call: { start: number; end: number }, sink: FactSink): void {
  sink.signalHandlers.push({
    signals: ["SIGTERM"],
    by,
    place: place(module, call),
    reach: { conditions: [], env: [], development: false },
    endless: true,
  });
}

/** Java: what a shutdown hook waits for. */
export function javaDrains(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/addShutdownHook|@PreDestroy|destroyMethod|DisposableBean|@Shutdown/.test(module.text)) return;
  const hooks = module.calls.filter((c) => lastName(c.call.callee) === "addShutdownHook").map((c) => c.call);
  const destroys = [...module.fnScopes.keys()].filter(
    (f) => f.name === "destroy" || f.decorators?.some((d) => /PreDestroy/.test(module.text.slice(d.start, d.end))),
  );
  const places = [...hooks, ...destroys];
  for (const site of module.calls) {
    const { call, scope } = site;
    const name = lastName(call.callee) ?? "";
    if (!/^(sleep|awaitTermination|await)$/.test(name) || call.args.length === 0) continue;
    const inside = places.some((p) => p.start <= call.start && p.end >= call.end) || inNamedHook(hooks, call, module);
    if (!inside) continue;
    const unit = call.args[1] ? unitText(module.text.slice(call.args[1].value.start, call.args[1].value.end)) : 1;
    const ms = durationOf(call.args[0]?.value, scope, evaluator, unit);
    if (ms !== undefined)
      sink.others.push({
        kind: "drain",
        what: `${name} in the shutdown hook`,
        value: ms,
        place: place(module, call),
        reach: reachOf(evaluator, module, scope, site.guards),
        evidence: [quote(module, call)],
      });
  }
}

/** `addShutdownHook(new Thread(this::stop))`: the method stands elsewhere. */
function inNamedHook(
  hooks: readonly { start: number; end: number }[],
  call: { start: number; end: number },
  module: SourceModule,
): boolean {
  for (const { name, start, end } of module.fnScopes.keys()) {
    if (!name || start > call.start || end < call.end) continue;
    const pattern = new RegExp(`(::|\\b)${escaped(name)}\\b`);
    if (hooks.some((h) => pattern.test(module.text.slice(h.start, h.end)))) return true;
  }
  return false;
}

function unitText(text: string): number {
  return /MILLI/.test(text) ? 1 : /MINUTE/.test(text) ? 60_000 : /NANO/.test(text) ? 1e-6 : 1000;
}
