/** Hosts that were found by their name alone, taken back where what stands beside them says that they are somebody else's. */
import { closerAfter, openerBefore } from "../brackets.ts";
import type { FactValue, Listener } from "../facts.ts";
import { isLocalHost } from "../values.ts";
import { isBesideOtherPort, type Ports, portsOf } from "./other-address.ts";

/** `{ address: "127.0.0.1", port: 554 }` in another file than the listener's, whose port is another one. */
export function takeBackHosts(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  for (const l of listeners) {
    const ports = l.host.some((v) => v.kind === "option" && v.open) ? portsOf([l]) : undefined;
    if (ports) l.host = l.host.map((v) => (isOfOtherPort(v, l, ports, texts) ? { kind: "unknown" } : v));
  }
}

function isOfOtherPort(v: FactValue, l: Listener, ports: Ports, texts: ReadonlyMap<string, string>): boolean {
  const [usual, ...more] = v.kind === "option" && v.open ? (v.fallback ?? []) : [];
  if (usual?.kind !== "literal" || more.length > 0 || !usual.at || !isLocalHost(usual.value)) return false;
  const { file, start } = usual.at;
  const text = texts.get(file) ?? "";
  const opener = openerBefore(text, start);
  return (
    file !== l.place.file &&
    text[opener] === "{" &&
    isBesideOtherPort(text.slice(opener + 1, closerAfter(text, opener)), "", ports)
  );
}
