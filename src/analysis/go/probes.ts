/** Sockets that are closed again at once: they only ask whether a port is free. */
import type { FactSink } from "../collect.ts";
import type { Listener } from "../facts.ts";
import type { SourceModule } from "../scope/scope.ts";
import { functionSpan } from "./functions.ts";

/** Leaves out those of a file. */
export function leaveOutProbes(module: SourceModule, sink: FactSink): void {
  sink.listeners = sink.listeners.filter((l) => l.place.file !== module.path || !isProbe(l, module.text));
}

/** `if l, err := net.Listen("tcp", addr); err == nil { l.Close() }`, and nothing else is done with `l`. */
function isProbe({ place: { start, end } }: Listener, text: string): boolean {
  const name = /\b([A-Za-z_]\w*)\s*,\s*\w+\s*:?=\s*$/.exec(text.slice(Math.max(0, start - 80), start))?.[1];
  if (name === undefined || name === "_") return false;
  const uses = [
    ...text.slice(end, functionSpan(text, end).to).matchAll(new RegExp(`(.{0,8})\\b${name}\\b(.{0,8})`, "g")),
  ];
  return (
    uses.length > 0 &&
    uses.every(([, before = "", after = ""]) => after.startsWith(".Close()") && !/defer\s+$/.test(before))
  );
}
