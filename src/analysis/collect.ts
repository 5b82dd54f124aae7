/** From followed values to facts: what every language's knowledge uses to write down what it saw. */
import type { Evaluator } from "./evaluate/evaluator.ts";
import { emptyReach, type FactValue, type Listener, type Place, type Reach, type SourceFacts } from "./facts.ts";
import { asksForError, type Expr } from "./ir.ts";
import type { CallSite, Guard, Scope, SourceModule } from "./scope/scope.ts";
import type { CallView } from "./semantics.ts";
import { alternatives, envNames, textOf, usually, type Value } from "./values.ts";

/** Lists to which a language adds; the rest of SourceFacts is made around them. */
export type FactSink = Pick<
  SourceFacts,
  "listeners" | "tlsServers" | "signalHandlers" | "background" | "state" | "needs" | "others" | "runtimes"
>;

export function createSink(): FactSink {
  return {
    listeners: [],
    tlsServers: [],
    signalHandlers: [],
    background: [],
    state: [],
    needs: [],
    others: [],
    runtimes: [],
  };
}

export function place(module: SourceModule, span: { start: number; end: number }): Place {
  return { file: module.path, start: span.start, end: span.end };
}

/** All that a value can be. Text around one value keeps what is in it. */
export function factValues(value: Value, depth = 0): FactValue[] {
  if (depth > 8) return [{ kind: "unknown" }];
  // Where it is not set there is no server: whoever starts it sets it.
  if (value.t === "env" && value.needed && !value.default)
    return [{ kind: "env", name: value.name, fallback: [{ kind: "unknown" }] }];
  return alternatives(value).flatMap((v): FactValue[] => {
    switch (v.t) {
      case "literal":
        return v.value === null
          ? [{ kind: "absent" }]
          : [{ kind: "literal", value: v.value, ...(v.at ? { at: place(v.at.scope.file, v.at.expr) } : {}) }];
      case "env":
        return [{ kind: "env", name: v.name, ...(v.default ? { fallback: factValues(v.default, depth + 1) } : {}) }];
      case "option":
        return [
          {
            kind: "option",
            name: v.name,
            ...(v.default ? { fallback: factValues(v.default, depth + 1) } : {}),
            ...(v.open ? { open: true as const } : {}),
          },
        ];
      case "absent":
        return [{ kind: "absent" }];
      case "array": {
        const address = byteAddress(v.items);
        return address === undefined ? opaque(v) : [{ kind: "literal", value: address }];
      }
      case "text": {
        const text = textOf(v);
        if (text !== undefined) return [{ kind: "literal", value: text }];
        const meaningful = v.parts.filter((p) => !(p.t === "literal" && String(p.value).trim() === ""));
        if (meaningful.length === 1) return factValues(meaningful[0] as Value, depth + 1);
        const names = [...envNames(v)];
        return names.length ? [{ kind: "derived", env: names }] : [{ kind: "unknown" }];
      }
      default:
        return opaque(v);
    }
  });
}

/** Is a listener's host not known, whatever else it may be? */
export function isHostLost(listener: Listener | undefined): boolean {
  const isLost = (v: FactValue): boolean =>
    v.kind === "unknown" || ((v.kind === "option" || v.kind === "env") && (v.fallback ?? []).some(isLost));
  return listener?.host.some(isLost) ?? false;
}

function opaque(v: Value): FactValue[] {
  const names = [...envNames(v)];
  return names.length ? [{ kind: "derived", env: names }] : [{ kind: "unknown" }];
}

/** `[127, 0, 0, 1]`: an address as bytes, as Rust writes it. */
function byteAddress(items: readonly Value[]): string | undefined {
  const numbers = items.map((i) => Number(textOf(i) ?? Number.NaN));
  if (numbers.some((n) => !Number.isInteger(n) || n < 0)) return undefined;
  if (numbers.length === 4) return numbers.join(".");
  if (numbers.length !== 8 && numbers.length !== 16) return undefined;
  return numbers.every((n) => n === 0) ? "::" : numbers.slice(0, -1).every((n) => n === 0) ? "::1" : undefined;
}

/** `host:port`, `[::1]:80`, `:8080`, a URL, a pair: apart. Undefined parts were not written. */
export function splitAddress(value: Value): { host: Value; port: Value } {
  const all = alternatives(value);
  // Of several addresses an empty one is that of a server which is off.
  const given = all.filter((v) => textOf(v) !== "");
  const pairs = (given.length > 0 ? given : all).map((v) => splitOne(v));
  if (pairs.length === 1) return pairs[0] as { host: Value; port: Value };
  const together = (of: (p: { host: Value; port: Value }) => Value): Value => ({
    t: "any",
    of: pairs.flatMap((p) => alternatives(of(p))),
  });
  return { host: together((p) => p.host), port: together((p) => p.port) };
}

/** Host and port as a list, where an address with both is parted by its colon. */
export function addressApart(value: Value, by: unknown): Value | undefined {
  const known = value.t === "env" || value.t === "option" ? value.default : value;
  if (by !== ":" || !known || !/^[^:/]*:\d+$/.test(textOf(known) ?? "")) return undefined;
  const { host, port } = splitAddress(value);
  return { t: "array", items: [host, port] };
}

/** `"$host:$port"` of a variable that has no default is no address without it, so no framework's own host is either. */
function needed(host: Value): Value {
  return host.t === "env" && host.default === undefined ? { ...host, default: { t: "unknown" } } : host;
}

function splitOne(v: Value): { host: Value; port: Value } {
  // `$"http://{endPoint}"`: an address of two parts, written out.
  const pair = v.t === "text" ? v.parts.find((p) => p.t === "array" && p.items.length === 2) : undefined;
  if (
    pair &&
    v.t === "text" &&
    v.parts.every((p) => p === pair || /^(?:\w+:\/\/|\/\S*|)$/.test(textOf(p) ?? "http://"))
  )
    return splitOne(pair);
  // A list of addresses is no pair of host and port.
  if (v.t === "array" && v.items.length > 0 && v.items.every((i) => /.:\d+$/.test(textOf(i) ?? "")))
    return splitAddress({ t: "any", of: v.items });
  if (v.t === "array" && v.items.length === 1 && v.items[0]?.t === "array") return splitOne(v.items[0]);
  if (v.t === "array") return { host: v.items[0] ?? { t: "absent" }, port: v.items[1] ?? { t: "absent" } };
  const text = textOf(v);
  if (text !== undefined) {
    // `format!("{}:{}", config.host, config.port)`: where each was written.
    const written = (v.t === "text" ? v.parts : [v]).flatMap((p) => (p.t === "literal" && p.value !== "" ? [p] : []));
    const at = written[0]?.at;
    const portAt = written.at(-1)?.at;
    const ofPort = (digits: string): Value => ({
      t: "literal",
      value: Number(digits),
      ...(portAt ? { at: portAt } : {}),
    });
    if (/^\d+$/.test(text)) return { host: { t: "absent" }, port: ofPort(text) };
    const m = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d*))?(?:\/.*)?$/i.exec(text);
    if (!m) return { host: { t: "unknown" }, port: { t: "unknown" } };
    const host: Value = m[1]
      ? { t: "literal", value: m[1].replace(/^\[|\]$/g, ""), ...(at ? { at } : {}) }
      : { t: "absent" };
    return { host, port: m[2] ? ofPort(m[2]) : { t: "absent" } };
  }
  if (v.t === "env" || v.t === "option") {
    const inner = v.default ? splitAddress(v.default) : undefined;
    const { default: _, ...whole } = v;
    return {
      host:
        inner && inner.host.t !== "absent"
          ? { ...whole, default: inner.host }
          : // What is called a port has no host with it.
            (inner?.host ?? (/^PORT$|_PORT$/.test(v.name) ? { t: "absent" } : { t: "unknown" })),
      port: inner ? { ...whole, default: inner.port } : whole,
    };
  }
  if (v.t === "text") {
    // The last literal part with a colon divides them.
    for (let i = v.parts.length - 1; i >= 0; i--) {
      const part = v.parts[i] as Value;
      if (part.t !== "literal" || typeof part.value !== "string") continue;
      const colon = part.value.lastIndexOf(":");
      if (colon < 0 || part.value.startsWith("/", colon + 1)) continue;
      // `"http://" + host + ":" + port`: the scheme is no part of the host.
      const before: Value[] = v.parts.slice(0, i).filter((p) => !/^[a-z][a-z0-9+.-]*:\/\/$/i.test(textOf(p) ?? ""));
      // The scheme may be one of two.
      if (before.length > 1 && textOf(before[1]) === "://") before.splice(0, 2);
      const head = part.value.slice(0, colon).replace(/^[a-z]+:\/\//i, "");
      // `"[" + host + "]:" + port`
      if (head === "]" && textOf(before[0]) === "[") before.shift();
      else if (head)
        before.push({ t: "literal", value: head.replace(/^\[|\]$/g, ""), ...(part.at ? { at: part.at } : {}) });
      const after: Value[] = v.parts.slice(i + 1);
      const tail = part.value.slice(colon + 1);
      if (tail) after.unshift({ t: "literal", value: tail });
      // `":" + port + "/"`: a path is no part of the port.
      const path = after.findIndex((p) => textOf(p)?.startsWith("/"));
      return { host: needed(withoutScheme(join(before))), port: join(path > 0 ? after.slice(0, path) : after) };
    }
    // `"127.0.0.1" + address`, where that is ":3000" unless it is given.
    const end = v.parts.at(-1) as Value;
    if (v.parts.length > 1 && /^:\d+$/.test(textOf(usually(end)) ?? ""))
      return { host: join(v.parts.slice(0, -1)), port: splitAddress(end).port };
    const names = envNames(v);
    if (names.size) return { host: { t: "unknown" }, port: { t: "derived", of: [v] } };
  }
  if (v.t === "derived") return { host: { t: "unknown" }, port: v };
  if (v.t === "absent") return { host: v, port: v };
  return { host: { t: "unknown" }, port: { t: "unknown" } };
}

/** The host of what is a URL until its port: `$"{url}:{port}"`, where `url` is `http://localhost` unless it is given. */
function withoutScheme(host: Value): Value {
  if (host.t === "any") return { ...host, of: host.of.map(withoutScheme) };
  if (host.t === "option" || host.t === "env")
    return host.default ? { ...host, default: withoutScheme(host.default) } : host;
  const name = host.t === "literal" ? /^[a-z][a-z0-9+.-]*:\/\/([^/:]+)$/i.exec(String(host.value))?.[1] : undefined;
  return name !== undefined && host.t === "literal" ? { ...host, value: name } : host;
}

function join(parts: Value[]): Value {
  if (parts.length === 0) return { t: "absent" };
  return parts.length === 1 ? (parts[0] as Value) : { t: "text", parts };
}

const DEVELOPMENT = /^(dev|develop|development|local|test|testing|debug)$/i;

/** The conditions around a place. `developmentNames`: names such as `isDev`, `DEBUG`. */
export function reachOf(evaluator: Evaluator, module: SourceModule, scope: Scope, guards: readonly Guard[]): Reach {
  const reach = emptyReach();
  for (const guard of guards) {
    const text = module.text.slice(guard.test.start, guard.test.end).replace(/\s+/g, " ").slice(0, 80);
    reach.conditions.push(guard.negated ? `not (${text})` : text);
    const names = new Set<string>();
    collectEnv(evaluator, guard.test, scope, names);
    reach.env.push(...names);
    if (isDevelopment(guard)) reach.development = true;
  }
  return reach;
}

function collectEnv(evaluator: Evaluator, e: Expr, scope: Scope, out: Set<string>): void {
  if (asksForError(e)) return;
  if (e.kind === "binary") {
    collectEnv(evaluator, e.left, scope, out);
    collectEnv(evaluator, e.right, scope, out);
  } else if (e.kind === "call" && e.callee.kind === "name" && e.callee.name === "!") {
    const inner = e.args[0]?.value;
    if (inner) collectEnv(evaluator, inner, scope, out);
  } else if (e.kind === "name" || e.kind === "member" || e.kind === "call" || e.kind === "index")
    for (const n of envNames(evaluator.brief(e, scope))) out.add(n);
}

/** `NODE_ENV !== "production"`, `isDev`, `app.debug`. */
function isDevelopment({ test, negated }: Guard): boolean {
  if (test.kind === "binary") {
    const { operator, left, right } = test;
    if (operator === "&&")
      return !negated && (isDevelopment({ test: left, negated }) || isDevelopment({ test: right, negated }));
    const constant = [left, right].find((x) => x.kind === "literal" && typeof x.value === "string") as
      | { value: string }
      | undefined;
    if (constant && /^(===?|!==?)$/.test(operator)) {
      const equal = operator.startsWith("=") !== negated;
      if (DEVELOPMENT.test(constant.value)) return equal;
      if (/^prod(uction)?$/i.test(constant.value)) return !equal;
    }
    return false;
  }
  if (test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!" && test.args[0])
    return isDevelopment({ test: test.args[0].value, negated: !negated });
  // `env.IsDevelopment()` too.
  const asked = test.kind === "call" && test.args.length === 0 ? test.callee : test;
  const name = asked.kind === "name" ? asked.name : asked.kind === "member" ? asked.property : "";
  if (/^(is_?)?(dev|development|local|__DEV__|dev_?mode)$/i.test(name)) return !negated;
  if (/^(is_?)?prod(uction)?$/i.test(name)) return negated;
  return false;
}

/** One line of source as evidence. */
export function quote(module: SourceModule, span: { start: number; end: number }): string {
  const text = module.text.slice(span.start, Math.min(span.end, span.start + 400)).replace(/\s+/g, " ");
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** What a language's knowledge is given for each call whose callee leads out of the project. */
export interface Visit {
  module: SourceModule;
  site: CallSite;
  view: CallView;
  evaluator: Evaluator;
  reach: () => Reach;
  sink: FactSink;
}
