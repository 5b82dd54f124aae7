/**
 * Where nothing in a program is known to listen: the address that it declares as its server's, with the port that stands
 * in it or beside it.
 */
import type { FactSink } from "../collect.ts";
import { ownCode } from "../comments.ts";
import { emptyReach, type FactValue } from "../facts.ts";
import { languageOf, leftOut } from "../project.ts";
import { SERVICE_PORTS } from "../service-ports.ts";
import { isLocalHost } from "../values.ts";
import type { Found } from "./found-address.ts";
import { LANGUAGES, listeningAddresses, OF_CLIENTS } from "./usual-address.ts";

/** What a program has that serves. */
const SERVES = /\b(?:[A-Z]\w*)?(?:Server|Listener)\s*(?:::\w+\s*)?[({]|\bserve\w*\s*\(|\.listen\w*\s*\(|\bListen\w*\(/;
/** What asks somebody else there. */
const CONNECTS = /\b(?:dial|connect)\w*\s*\(/i;
const CALLED = /(?:bind|listen|serve|start|run)\w*\s*\([^()\n]*$/i;
const IN_ADDRESS = /:([1-9]\d{1,4})\/?"$/;
const BESIDE = /\b\w*port\w*\b["']?\s*(?::\s*\w+\s*)?[:=]{1,2}[^\n,;]{0,60}?(?<![\w.])([1-9]\d{3,4})\b/i;
const SERVICE_PORT = new RegExp(`^(?:${SERVICE_PORTS})$`);

/** @param others files of programs that the image does not start */
export function declaredServer(
  texts: ReadonlyMap<string, string>,
  judged: readonly string[],
  others: ReadonlySet<string>,
  sink: FactSink,
): void {
  for (const language of new Set(judged.map((p) => languageOf(p, texts.get(p)) ?? ""))) {
    const own = judged.filter((p) => languageOf(p, texts.get(p)) === language && !leftOut(p));
    if (!LANGUAGES.test(language) || !own.some((p) => SERVES.test(texts.get(p) ?? ""))) continue;
    const found = [...listeningAddresses(texts, language, new Set())]
      .filter(
        ({ place: { file } }) => !others.has(file) && !OF_CLIENTS.test(file) && !CONNECTS.test(texts.get(file) ?? ""),
      )
      .flatMap((f) => withPort(f, texts, language) ?? []);
    const first = found.find(({ host }) => !isLocalHost(host)) ?? found[0];
    if (!first) continue;
    const { name, host, place, port } = first;
    const option = (value: string | number): FactValue => ({
      kind: "option",
      name,
      fallback: [{ kind: "literal", value, at: place }],
      open: true,
    });
    sink.listeners.push({
      framework: "a server",
      protocol: "http",
      host: [option(host)],
      // Whether PORT goes over it was not followed.
      port: [option(port), { kind: "unknown" }],
      defaults: { host: "all" },
      place,
      reach: emptyReach(),
      evidence: [(texts.get(place.file) ?? "").slice(place.start, place.end)],
      // What a library that is not known does with SIGTERM is not known either.
      handlesSigterm: true,
    });
  }
}

function withPort(
  found: Found,
  texts: ReadonlyMap<string, string>,
  language: string,
): (Found & { port: number }) | undefined {
  const { file, start, end } = found.place;
  const code = ownCode(texts.get(file) ?? "", language);
  // What a listener is given at its call was read there, and left out for its reasons.
  if (CALLED.test(code.slice(Math.max(0, start - 80), start))) return undefined;
  const port =
    IN_ADDRESS.exec(code.slice(start, end))?.[1] ?? BESIDE.exec(code.slice(Math.max(0, start - 200), end + 200))?.[1];
  return port === undefined || SERVICE_PORT.test(port) ? undefined : { ...found, port: Number(port) };
}
