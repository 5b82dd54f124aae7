/** PORT that a program hands to a package: what listens there is the package's own, and not in the program's text. */
import type { Evaluator } from "./evaluate/evaluator.ts";
import type { Listener } from "./facts.ts";
import { lastName } from "./ir.ts";
import { languageOf } from "./project.ts";
import type { CallSite, SourceModule } from "./scope/scope.ts";
import { alternatives, isLocalHost, type Value } from "./values.ts";
import { readsPort } from "./verdict.ts";

/** They write it down, look whether it is free, or ask there. */
const NO_SERVER =
  /log|info|debug|warn|error|print|trace|free|detect|check|wait|kill|open|client|connect|request|agent/i;

/**
 * Marks what listens on localhost on a port that is written out as another server's, where none of the listeners has PORT
 * and a package is given it: a proxy (`new Redbird({ port: process.env.PORT })`) in front of `admin.listen(9901, "localhost")`.
 */
export function heedHandedPort(
  listeners: readonly Listener[],
  judged: readonly string[],
  module: (path: string) => SourceModule | undefined,
  evaluator: Evaluator,
): void {
  const inner = listeners.filter(isBehind);
  if (inner.length === 0 || listeners.some(readsPort)) return;
  const scripts = judged.filter((path) => languageOf(path) === "javascript");
  const isHanded = scripts.some((path) => {
    const m = module(path);
    return m?.calls.some((site) => handsPort(site, m, evaluator));
  });
  if (isHanded) for (const l of inner) l.secondary = true;
}

function isBehind({ host, port, place }: Listener): boolean {
  return (
    languageOf(place.file) === "javascript" &&
    port.length > 0 &&
    port.every((v) => v.kind === "literal") &&
    host.length > 0 &&
    host.every((v) => v.kind === "literal" && isLocalHost(v.value))
  );
}

function handsPort({ call, scope }: CallSite, { imports }: SourceModule, evaluator: Evaluator): boolean {
  const name = lastName(call.callee) ?? "";
  const given = call.args[0]?.value;
  if (!given || NO_SERVER.test(name)) return false;
  const key = given.kind === "object" ? given.entries.find((e) => e.key === "port")?.value : given;
  if (!key || !isPort(evaluator.query(key, scope))) return false;
  return alternatives(evaluator.query(call.callee, scope)).some(
    (v) => v.t === "ref" && imports.some((i) => isPackage(i) && v.path.startsWith(i) && !NO_SERVER.test(i)),
  );
}

function isPort(value: Value): boolean {
  return alternatives(value).some((v) => v.t === "env" && v.name === "PORT");
}

function isPackage(specifier: string): boolean {
  return !/^(?:[./#]|node:)/.test(specifier);
}
