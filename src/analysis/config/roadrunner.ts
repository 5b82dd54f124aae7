/** RoadRunner's `.rr.yaml`: where its HTTP server listens, and its TLS. */
import { basename } from "node:path/posix";
import { parse } from "../../base/yaml.ts";
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, literalFact, type Place, type StartCommand } from "../facts.ts";
import { isAt, leftOut } from "../project.ts";

interface Settings {
  http?: { address?: unknown; ssl?: unknown };
}

/** What `rr serve` is told: its file, and what goes over it. */
interface Told {
  file?: string;
  address?: { text: string; place: Place };
}

/** The file counts where something starts RoadRunner: many are left from a server that was used before. */
export function roadRunner(
  texts: ReadonlyMap<string, string>,
  commands: readonly StartCommand[],
  sink: FactSink,
): void {
  const started = commands.find(({ words }) => words.some((w) => /(^|\/)rr$/.test(w)) && words.includes("serve"));
  if (!started && !isUsed(texts)) return;
  const told = started ? flagsOf(started) : {};
  const wanted = told.file?.replace(/^(\.\/|\/[\w-]+\/)/, "");
  for (const [path, text] of texts) {
    if (leftOut(path)) continue;
    const name = basename(path);
    const isIt = wanted === undefined ? USUAL.test(name) : isAt(path, wanted);
    if (isIt) readSettings(path, text, told, sink);
  }
}

const USUAL = /^\.rr(\.prod(uction)?)?\.ya?ml$/;
/** An image whose server is another. */
const OTHER_SERVER = /^FROM\s+\S*(apache|fpm|nginx|frankenphp|swoole)/im;

/** Does a script or the image say its name, or the project's manifest or code where no image says otherwise? */
function isUsed(texts: ReadonlyMap<string, string>): boolean {
  let other = false;
  let required = false;
  for (const [path, text] of texts) {
    if (leftOut(path)) continue;
    const name = basename(path);
    if (/Dockerfile|Containerfile|Procfile|entrypoint|\.sh$|supervisor|^(start|run|serve)$/i.test(name)) {
      const said = text.replace(/^[ \t]*#.*$/gm, "");
      if (/roadrunner|(^|[\s"'/])rr["',\s]+(serve|-)/im.test(said)) return true;
      other ||= OTHER_SERVER.test(text);
    } else if (name === "composer.json") required ||= /roadrunner|"spiral\/framework"/i.test(text);
    // A worker asks it for requests.
    else if (name.endsWith(".php")) required ||= text.includes("Spiral\\RoadRunner");
  }
  return required && !other;
}

/** `rr serve -c rr.yaml -o http.address=0.0.0.0:8080` */
function flagsOf({ words, place }: StartCommand): Told {
  const told: Told = {};
  words.forEach((word, i) => {
    const m = /^(-c|--config|-o|--override)(?:=(.+))?$/.exec(word) ?? /^(-[co])(.+)$/.exec(word);
    const value = m && (m[2] ?? words[i + 1]);
    if (!value) return;
    if (m[1] === "-c" || m[1] === "--config") told.file = value;
    else if (value.startsWith("http.address=")) told.address = { text: value.slice("http.address=".length), place };
  });
  return told;
}

function readSettings(path: string, text: string, told: Told, sink: FactSink): void {
  let settings: Settings | null;
  try {
    settings = parse(text) as Settings | null;
  } catch {
    return;
  }
  const http = settings?.http;
  if (typeof http !== "object" || http === null) return;
  const fact = (evidence: string) => {
    const start = Math.max(0, text.indexOf(evidence));
    return { place: { file: path, start, end: start + evidence.length }, reach: emptyReach(), evidence: [evidence] };
  };
  if (http.ssl) sink.tlsServers.push({ what: "RoadRunner's http.ssl", ...fact("ssl"), config: true, ofProgram: true });
  const address = told.address?.text ?? http.address;
  if (typeof address !== "string") return;
  const m = /^(?:tcp:\/\/)?(\[[^\]]*\]|[^:$]*|\$\{[^}]*\}):(.+)$/.exec(address.trim());
  if (!m) return;
  sink.listeners.push({
    framework: "RoadRunner",
    protocol: "http",
    port: [factOf(m[2] as string)],
    host: [m[1] ? factOf(m[1].replace(/[[\]]/g, "")) : { kind: "literal", value: "0.0.0.0" }],
    defaults: {},
    handlesSigterm: true,
    ...fact(address),
    ...(told.address && { place: told.address.place }),
  });
}

/** A literal, or `${NAME:-default}`. */
function factOf(text: string): FactValue {
  const variable = /^\$\{?([A-Za-z_]\w*)(?::-([^}]*))?\}?$/.exec(text);
  if (!variable) return text.includes("$") ? { kind: "unknown" } : literalFact(text);
  return {
    kind: "env",
    name: variable[1] as string,
    ...(variable[2] ? { fallback: [literalFact(variable[2])] } : {}),
  };
}
