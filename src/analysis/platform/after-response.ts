/** Work that goes on when the response is out: the platform takes the CPU away then. */
import { type FactSink, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { BackgroundWork } from "../facts.ts";
import { type Call, type Expr, lastName, type Stmt } from "../ir.ts";
import type { Guard, Scope, SourceModule } from "../scope/scope.ts";
import { alternatives } from "../values.ts";
import { requestFunction } from "./moments.ts";

const ANSWERS = /^(send|json|end|sendStatus|redirect|render|sendFile|jsonp)$/;
const LOGS = /^(console|log|logger|winston|pino|debug|metrics|span|timer|performance)$/;

interface Handler {
  scope: Scope;
  /** Name of the response, `res`. */
  response: string;
  module: SourceModule;
  evaluator: Evaluator;
}

export function javascriptAfterResponse(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  if (!/\b(res|response|reply|_res)\b/.test(module.text)) return;
  for (const [fn, scope] of module.fnScopes) {
    const response = fn.params
      .map((p) => (p.pattern.kind === "name" ? p.pattern.name : ""))
      .find((n) => /^(_?res|response|reply)$/.test(n));
    if (!response || fn.params.length < 2) continue;
    const handler: Handler = { scope, response, module, evaluator };
    for (const found of inBody(fn.body, handler)) sink.background.push(found);
  }
}

function* inBody(body: readonly Stmt[], h: Handler): Generator<BackgroundWork> {
  let answered = false;
  for (const s of body) {
    const text = h.module.text.slice(s.start, s.end);
    if (answered) {
      const what = asyncWork(s, text, h);
      if (what) {
        yield work(h, s, what);
        return;
      }
    } else {
      const left = leftBehind(s, text, h);
      if (left) yield work(h, s, left);
    }
    if (s.kind === "expression" && isAnswer(s.expr, h.response)) answered = true;
    else if (s.kind === "if") {
      yield* inBody(s.consequent, h);
      yield* inBody(s.alternate, h);
    } else if (s.kind === "block" && s.role !== "loop") yield* inBody(s.body, h);
  }
}

function work(h: Handler, s: Stmt, what: string): BackgroundWork {
  const guards: readonly Guard[] = [];
  return {
    what,
    kind: "after-response",
    place: place(h.module, s),
    reach: reachOf(h.evaluator, h.module, h.scope, guards),
    evidence: [quote(h.module, s)],
  };
}

/** `res.status(202).send(x)`; the receiver's root is the response. */
function isAnswer(e: Expr, response: string): boolean {
  if (e.kind !== "call" || e.callee.kind !== "member" || !ANSWERS.test(e.callee.property)) return false;
  return root(e.callee.object) === response;
}

function root(e: Expr): string | undefined {
  if (e.kind === "name") return e.name;
  if (e.kind === "member") return root(e.object);
  return e.kind === "call" ? root(e.callee) : undefined;
}

/** After the answer: what waits, or starts something that goes on. */
function asyncWork(s: Stmt, text: string, h: Handler): string | undefined {
  if (s.kind === "return" && !s.value) return undefined;
  if (s.kind === "expression" || s.kind === "return") {
    const e = s.kind === "expression" ? s.expr : s.value;
    if (e && LOGS.test(root(e) ?? "")) return undefined;
  }
  if (/^\s*(return\s+)?(next|done|callback|cb)\(/.test(text)) return undefined;
  if (/\bawait\b/.test(text)) return "work after the response (await)";
  if (/\b(setImmediate|setTimeout|queueMicrotask)\(|process\.nextTick\(/.test(text))
    return "work that is put off until after the response";
  if (/\)\s*\.(then|catch|finally)\(/.test(text)) return "a promise that goes on after the response";
  if (s.kind === "expression" && s.expr.kind === "call" && isAsync(s.expr, h))
    return "an async function that is called after the response";
  return undefined;
}

function isAsync(call: Call, h: Handler): boolean {
  const targets = alternatives(h.evaluator.query(call.callee, h.scope));
  return targets.some((t) => t.t === "function" && t.fn.async === true);
}

/** Before the answer: a timer or a promise that nobody waits for. */
function leftBehind(s: Stmt, text: string, h: Handler): string | undefined {
  if (s.kind !== "expression" || s.expr.kind !== "call") return undefined;
  if (/^\s*(await|return|yield)\b/.test(text)) return undefined;
  const { callee } = s.expr;
  const name = lastName(callee);
  const uses = new RegExp(
    `\\b(${h.response}|next|reject|resolve|abort|done|cb|callback|clearTimeout|clearInterval|controller|destroy)\\b`,
  );
  if (callee.kind === "name" && /^(setTimeout|setImmediate)$/.test(callee.name)) {
    const fn = s.expr.args[0]?.value;
    if (fn?.kind !== "function" || uses.test(text)) return undefined;
    return `${callee.name} in a handler that nobody waits for`;
  }
  if (callee.kind === "member" && (name === "catch" || name === "then" || name === "finally")) {
    if (uses.test(text) || LOGS.test(root(callee) ?? "")) return undefined;
    if (root(callee) === "Promise") return undefined;
    return "a promise in a handler that nobody waits for";
  }
  if (
    callee.kind === "member" &&
    /^(on|once)$/.test(callee.property) &&
    root(callee) === h.response &&
    /\(\s*["'](finish|close)["']\s*,\s*async\b/.test(text) &&
    /\bawait\b/.test(text)
  )
    return "work when the response has been sent";
  return undefined;
}

/** Go: a goroutine that a handler starts and does not wait for. */
export function goAfterResponse(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const site of module.calls) {
    if (!site.spawned) continue;
    // Arguments are computed before, and the callee's own calls belong to it.
    const { start, end } = site.call;
    if (module.calls.some((o) => o.spawned && o !== site && o.call.start <= start && o.call.end >= end)) continue;
    const scope = requestFunction(site.scope, evaluator);
    if (!scope?.fn) continue;
    const text = module.text.slice(scope.fn.start, scope.fn.end);
    // Waited for: a WaitGroup, a channel, an errgroup; and a connection that lives on.
    if (/\.Wait\(\)|<-\s*\w|errgroup|\bselect\s*\{|Upgrade\(|Hijack\(|websocket|Flusher|io\.Pipe/i.test(text)) continue;
    sink.background.push({
      what: "a goroutine that a request starts",
      kind: "after-response",
      place: place(module, site.call),
      reach: reachOf(evaluator, module, site.scope, site.guards),
      evidence: [quote(module, site.call)],
    });
  }
}
