/** Listeners that are not the one which serves requests. */
import type { Listener } from "./facts.ts";
import { isProbe } from "./probes.ts";
import { leftOut } from "./project.ts";

/** By the name of their file or what is handed to them. */
const BESIDE = /metrics|pprof|prometheus|profiling|profiler|debug_?(addr|port|server)|telemetry|webpack-?dev-?server/i;

/** Marks those beside the server, unless there is no other. */
export function heedBeside(listeners: readonly Listener[], text: (file: string) => string | undefined): void {
  const isBeside = (l: Listener): boolean =>
    l.passing === true ||
    BESIDE.test(`${l.place.file} ${l.evidence[0] ?? ""}`) ||
    isPassive(l, text(l.place.file) ?? "") ||
    isProbe(l, text(l.place.file) ?? "") ||
    isProfiler(l, text(l.place.file) ?? "");
  if (!listeners.every(isBeside)) for (const l of listeners) if (isBeside(l)) l.secondary = true;
  for (const l of listeners) if (l.passing || waitsForSignIn(l, text(l.place.file) ?? "")) l.secondary = true;
  const served = listeners.some((l) => l.protocol !== "tcp" && !l.secondary);
  if (served) for (const l of listeners) if (l.protocol === "tcp" && isOnlyAskedFor(l)) l.secondary = true;
}

/** What is measured, or asked whether all is well, by its name. */
const WATCHED = "(?:metrics?|prometheus|telemetry|health_?(?:check)?)";
const NAMED_SO = new RegExp(WATCHED, "i");
/** `if (config.metrics.enabled)`, `if settings.prometheus_enabled:` */
const SWITCHED_ON = new RegExp(
  `\\bif\\b[^\\n{]{0,120}\\b\\w*${WATCHED}\\w*(?:\\??\\.|->|::|\\[["'])?_?(?:is_?)?(?:enabled?|active)\\b`,
  "i",
);
/** `if (process.env.HEALTH_PORT)` */
const SET = new RegExp(`^[\\w.]*\\b\\w*${WATCHED}_?(?:server_?)?(?:port|addr\\w*|enabled?)$`, "i");

/** Marks what a program listens on to be watched where somebody wants that, also where what it serves by was not found. */
export function heedWatched(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  const isOfVariable = (l: Listener): boolean => l.reach.conditions.some((c) => SET.test(c));
  const isNamed = (l: Listener): boolean => NAMED_SO.test(l.place.file.slice(l.place.file.lastIndexOf("/") + 1));
  if (listeners.length === 0 || !listeners.every((l) => isOfVariable(l) || isNamed(l))) return;
  const isSwitched = [...texts].some(([path, text]) => !leftOut(path) && SWITCHED_ON.test(text));
  for (const l of listeners) if (isOfVariable(l) || isSwitched) l.secondary = true;
}

/** A browser is opened and comes back there with what its user agreed to, and that is the end of it: no server, also where there is no other. */
function waitsForSignIn({ framework, place }: Listener, text: string): boolean {
  return (
    /^(?:HttpServer|HttpListener|TcpListener|TCPServer|ServerSocket|WEBrick|NanoHTTPD|Python's http\.server|a socket)$/.test(
      framework,
    ) &&
    /\.(?:java|kt|cs|rb|php|py|rs)$/.test(place.file) &&
    /oauth|authoriz|auth_?code|redirect_?ur[il]|code_?verifier/i.test(text) &&
    /\bbrowse\(|\bopen_?(?:in_?)?(?:browser|url|web_?page)\w*\(|\bBrowser\.(?:open|launch)\(|webbrowser(?:\.|::)open|\bopen::that|xdg-open|\bLaunchy\.open|UseShellExecute = true/i.test(
      text,
    ) &&
    // In Rust it is gone with the function that it stands in.
    (place.file.endsWith(".rs")
      ? /code_?verifier|pkce/i
      : /\.(?:stop|close|shutdown|server_close|handle_request)\b/i
    ).test(text) &&
    /\/(?:\w+\/)*(?:callback|redirect|auth\w*|login|code)\b["'/?]|localhost|127\.0\.0\.1/i.test(text)
  );
}

/** What an FTP server listens on for the data of one session. */
function isPassive({ protocol, place, evidence }: Listener, text: string): boolean {
  const named = /pass?ive|pasv|data[_-]?(?:server|conn|sock|chan)/i;
  return (
    protocol === "tcp" && /passive|\bPASV\b|\bEPSV\b/i.test(text) && named.test(`${place.file} ${evidence[0] ?? ""}`)
  );
}

/** Languages whose programs are built before they are started. */
const BUILT = /^(?:go|rust)$/;
/** Languages whose programs are run as they are written. */
const SCRIPT = /^(?:python|javascript|ruby|php)$/;
/** Languages of servers that a front end stands beside, in a folder of its own. */
const SERVING = /^(?:go|rust|java|kotlin|csharp)$/;

/**
 * Marks what a program of Go or Rust, which the image starts, has beside it in a script's language: it starts that itself,
 * where it needs it. A front end's own server (`web/package.json`) is left out beside such a program, whatever starts it, and
 * beside one of Java or C#.
 *
 * @param isOfBuilt whether the repository is that of such a program alone, wherever its own server may be
 */
export function heedScripts(
  listeners: Listener[],
  language: (l: Listener) => string | undefined,
  startsBuilt: () => boolean,
  isOfBuilt: () => boolean,
): Listener[] {
  const isBuilt = (l: Listener): boolean => BUILT.test(language(l) ?? "");
  const isScript = (l: Listener): boolean => SCRIPT.test(language(l) ?? "");
  if (listeners.every(isScript) && listeners.length > 0 && isOfBuilt()) for (const l of listeners) l.secondary = true;
  if (!listeners.some((l) => SERVING.test(language(l) ?? "")) || listeners.every(isBuilt)) return listeners;
  const kept = listeners.filter((l) => !/\/package\.json$/.test(l.place.file));
  if (listeners.some(isBuilt) && kept.some((l) => !isBuilt(l)) && (startsBuilt() || isOfBuilt()))
    for (const l of kept) if (!isBuilt(l) && language(l) !== undefined) l.secondary = true;
  return kept;
}

/** Go's own handlers of the profiler and no others: `http.ListenAndServe(address, nil)` beside `_ "net/http/pprof"`. */
function isProfiler(l: Listener, text: string): boolean {
  return (
    isOnlyProfiler(l, text) ||
    (/ListenAndServe\(.*, nil\)$/.test(l.evidence[0] ?? "") &&
      /^[ \t]*(?:import )?_ "net\/http\/pprof"/m.test(text) &&
      (!/\bhttp\.Handle(?:Func)?\(/.test(text) || text.includes('"/debug/pprof')))
  );
}

/** A file of Go whose every path is one of the profiler. */
function isOnlyProfiler({ place }: Listener, text: string): boolean {
  if (!place.file.endsWith(".go") || !/"net\/http\/pprof"/.test(text)) return false;
  const paths = [...text.matchAll(/\.Handle(?:Func)?\(\s*"([^"]*)"/g)].map(([, path = ""]) => path);
  return paths.length > 0 && paths.every((path) => path.includes("/debug/"));
}

/** `flag.String("tunnel", "", …)`: a socket for those who give it an address. */
function isOnlyAskedFor({ port }: Listener): boolean {
  const [only] = port;
  const usual = port.length === 1 && only?.kind === "option" && only.fallback?.length === 1 ? only.fallback[0] : only;
  return usual !== only && (usual?.kind === "absent" || (usual?.kind === "literal" && usual.value === ""));
}
