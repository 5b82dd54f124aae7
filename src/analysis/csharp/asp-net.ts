/** Where an ASP.NET application listens whose code names no address. */
import type { FactSink } from "../collect.ts";
import type { Listener } from "../facts.ts";
import { leftOut } from "../project.ts";
import type { StartFacts } from "../start/start.ts";

const SET = /\b(ASPNETCORE|DOTNET)_(URLS|HTTP_PORTS)\b/;

/**
 * The environment of the image and `Urls` of appsettings.json go over the default, which is 8080 on all interfaces in the
 * official images (they set ASPNETCORE_HTTP_PORTS), and localhost:5000 everywhere else.
 */
export function aspNetDefaults(texts: ReadonlyMap<string, string>, start: StartFacts, sink: FactSink): void {
  const hosts = sink.listeners.filter((l) => /^(?:ASP\.NET|Kestrel)$/.test(l.framework));
  // Of several hosts one at a port that the system picks is for the program itself.
  const inner = hosts.filter(
    (l) => l.framework === "Kestrel" && l.port.every((p) => p.kind === "literal" && p.value === 0),
  );
  if (inner.length < hosts.length) sink.listeners = sink.listeners.filter((l) => !inner.includes(l));
  const mine = sink.listeners.filter((l) => l.framework === "ASP.NET");
  if (mine.length === 0) return;
  const configured = sink.listeners.some(
    (l) => l.framework === "Kestrel" && /appsettings[^/]*\.json$/.test(l.place.file),
  );
  const urls = start.imageEnv["ASPNETCORE_URLS"] ?? start.imageEnv["ASPNETCORE_HTTP_PORTS"];
  if (urls !== undefined) {
    for (const l of mine) l.port = [{ kind: "literal", value: Number(/\d+/.exec(urls)?.[0] ?? 8080) }];
  } else if (configured) sink.listeners = sink.listeners.filter((l) => !mine.includes(l));
  else if (givenByBase(texts, mine)) return;
  // Kestrel is told something in another file: followed or not, the default is not in force.
  else if (sink.listeners.some((l) => l.framework === "Kestrel"))
    sink.listeners = sink.listeners.filter((l) => !mine.includes(l) || !isToldBy(l, texts, sink.listeners));
  else if (!start.dockerfile && !setElsewhere(texts, start))
    for (const l of mine) l.defaults = { port: 5000, host: "localhost" };
}

/** `static void ListenLocally(this KestrelServerOptions kestrel)`, and the same of what builds the host. */
const EXTENDS =
  /\bstatic\s+[\w<>]+\s+(\w+)\s*(?:<\w+>\s*)?\(\s*this\s+(?:KestrelServerOptions|I?WebHostBuilder|ConfigureWebHostBuilder|WebApplicationBuilder|IHostBuilder)\b/g;

/** Does it call what tells Kestrel where to listen, in another file? Then nothing is left to the default. */
function isToldBy({ place }: Listener, texts: ReadonlyMap<string, string>, all: readonly Listener[]): boolean {
  const own = texts.get(place.file) ?? "";
  return all.some(
    (l) =>
      l.framework === "Kestrel" &&
      l.place.file !== place.file &&
      l.reach.conditions.length === 0 &&
      [...(texts.get(l.place.file) ?? "").matchAll(EXTENDS)].some(([, name]) => own.includes(`.${name}(`)),
  );
}

/** A manifest, a script or the project file sets it, or makes the image from the official ones. */
function setElsewhere(texts: ReadonlyMap<string, string>, start: StartFacts): boolean {
  if (start.commands.some((c) => c.words.some((w) => /^--urls\b|^--http_ports\b/i.test(w)))) return true;
  for (const [path, text] of texts) {
    if (leftOut(path) || /launchSettings\.json$|\.cs$/.test(path)) continue;
    if (SET.test(text) || (path.endsWith(".csproj") && /<Container(BaseImage|Repository|ImageName|Port)\b/.test(text)))
      return true;
  }
  return false;
}

/**
 * `override IPEndPoint GetDefaultEndpoint(…) { return new IPEndPoint(IPAddress.Parse("127.0.0.1"), …); }`: what a library's class,
 * which makes the configuration, asks the program for.
 */
const OVERRIDES =
  /\boverride\s+(?:IP)?EndPoint\s+(\w{0,40}?(?:Default|Listen|Bind|Serv)\w{0,40})\s*\([^()]{0,400}\)\s*(?:\{\s*return|=>)\s*new\s+IPEndPoint\s*\(\s*IPAddress\.(?:(?:IPv6)?Loopback\b|Parse\(\s*"(?:127\.0\.0\.1|::1)"\s*\))/;

function givenByBase(texts: ReadonlyMap<string, string>, listeners: readonly Listener[]): boolean {
  const configured = [...texts].some(([p, t]) => p.endsWith(".cs") && !leftOut(p) && /\bUseConfiguration\s*\(/.test(t));
  for (const [file, text] of configured ? texts : []) {
    const found = file.endsWith(".cs") && !leftOut(file) ? OVERRIDES.exec(text) : null;
    if (!found) continue;
    const at = { file, start: found.index, end: found.index + found[0].length };
    const name = found[1] as string;
    for (const l of listeners) {
      l.host = [{ kind: "option", name, fallback: [{ kind: "literal", value: "127.0.0.1", at }], open: true }];
      l.port = [{ kind: "option", name, fallback: [{ kind: "unknown" }], open: true }];
    }
    return true;
  }
  return false;
}
