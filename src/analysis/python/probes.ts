/** Sockets of Python that are closed again in the function that binds them: they only ask whether a port is free. */
import { escaped } from "../../base/escaped.ts";
import type { FactSink } from "../collect.ts";
import type { Listener } from "../facts.ts";
import type { SourceModule } from "../scope/scope.ts";

/** What may be done with a socket that nobody connects to. */
const ASKED = /^\.(?:bind|listen|close|setsockopt|getsockname|settimeout|connect_ex|shutdown)\(|^ ?=[^=]|^:/;

/** Leaves out those of a file. */
export function leaveOutProbes(module: SourceModule, sink: FactSink): void {
  sink.listeners = sink.listeners.filter((l) => l.place.file !== module.path || !isProbe(l, module));
}

/** `s.bind(("127.0.0.1", port)); s.listen(1); return port`, and at last `s.close()`. */
function isProbe({ protocol, place: { start, end } }: Listener, { text, fnScopes }: SourceModule): boolean {
  const name = protocol === "tcp" ? /^(\w+)\.bind\(/.exec(text.slice(start, start + 80))?.[1] : undefined;
  if (name === undefined) return false;
  const around = [...fnScopes.keys()].filter((fn) => fn.start <= start && fn.end >= end);
  const fn = around.sort((a, b) => b.start - a.start)[0];
  if (!fn) return false;
  const body = text.slice(fn.start, fn.end);
  const uses = [...body.matchAll(new RegExp(`(?<![\\w.])${escaped(name)}\\b`, "g"))];
  const isClosed = new RegExp(`(?<![\\w.])${escaped(name)}\\.close\\(|\\bas ${escaped(name)}:`).test(body);
  return isClosed && uses.every((m) => ASKED.test(body.slice(m.index + name.length, m.index + name.length + 20)));
}
