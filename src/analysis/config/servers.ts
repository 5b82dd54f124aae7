/** TLS in the configuration of web servers: nginx, Caddy, Apache, Kestrel, gunicorn. */
import type { FactSink } from "../collect.ts";
import { heldUnder } from "../csharp/settings.ts";
import { emptyReach, type FactValue, type StartCommand, type TlsServer } from "../facts.ts";
import { parseLooseJson } from "../javascript/resolve.ts";
import { leftOut } from "../project.ts";
import { hypercornFile } from "./hypercorn.ts";
import { loco } from "./loco.ts";
import { pasteServers } from "./paste.ts";
import { phpServers, phpServerTls } from "./php-servers.ts";
import { proxyTls } from "./proxy-tls.ts";
import { roadRunner } from "./roadrunner.ts";
import { thinFile } from "./thin.ts";
import { uwsgi } from "./uwsgi.ts";

export function serverConfigFacts(
  texts: ReadonlyMap<string, string>,
  imageEnv: Readonly<Record<string, string>>,
  sink: FactSink,
  commands: readonly StartCommand[] = [],
): void {
  // Files that `gunicorn -c` names.
  const named = commands.flatMap(({ words }) =>
    words.some((w) => /(^|\/)gunicorn$/.test(w))
      ? words.flatMap((w, i) =>
          /^(-c|--config)$/.test(w) ? [words[i + 1] ?? ""] : (/^--config=(.+)$/.exec(w)?.[1] ?? []),
        )
      : [],
  );
  // Commands that start gunicorn name the file, or it is the one that gunicorn looks for.
  const told = commands.some(({ words }) => words.some((w) => /(^|\/)gunicorn$/.test(w)));
  const inUnits = commands.length === 0 ? namedInUnits(texts) : [];
  const images = [...texts].filter(([p]) => DOCKERFILE.test(p)).map(([, t]) => t);
  for (const [path, text] of texts) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const isInUnits = inUnits.includes(name);
    if (isInUnits) gunicorn(path, text, sink);
    if (
      leftOut(path) ||
      /(^|\/)(k8s|kubernetes|helm|charts|ansible|nginx-proxy|deploy|deployment|ops|infra|contrib)\//i.test(path)
    )
      continue;
    if ((/\.conf$/.test(name) || /nginx/i.test(name)) && isOfImage(name, images)) nginxOrApache(path, text, sink);
    if (/Caddyfile/.test(name)) caddy(path, text, sink);
    if (/^appsettings(\.Production)?\.json$/.test(name)) kestrel(path, text, imageEnv, sink);
    const isTold =
      (told ? /^gunicorn\.conf\.py$/ : /^gunicorn(\.conf|_conf|_config|\.config)?\.py$/).test(name) ||
      named.some((n) => n !== "" && name === n.slice(n.lastIndexOf("/") + 1) && name.endsWith(".py"));
    if (isTold && !isInUnits) gunicorn(path, text, sink);
    if (/uwsgi[\w.-]*\.ini$/.test(name)) uwsgi(path, text, sink);
    sink.listeners.push(...phpServers(path, text));
    const secure = phpServerTls(path, text);
    if (secure) sink.tlsServers.push(found("a server's socket with TLS", path, secure.at, secure.evidence, true));
    sink.tlsServers.push(...proxyTls(path, text));
    if (/(^|\/)Rocket\.toml$/.test(path)) rocket(path, text, sink);
  }
  roadRunner(texts, commands, sink);
  sink.listeners.push(...pasteServers(texts, commands));
  thinFile(texts, commands, sink);
  loco(texts, imageEnv, commands, sink);
  hypercornFile(texts, commands, sink);
  const urls = imageEnv["ASPNETCORE_URLS"];
  if (urls && /https:/.test(urls)) sink.tlsServers.push(found("ASPNETCORE_URLS=https", "Dockerfile", 0, urls, true));
}

const DOCKERFILE = /(^|\/)(Docker|Container)file[^/]*$|\.(docker|container)file$/i;
const WEB_SERVER = /nginx|apache|httpd|openresty|passenger|unit\b/i;

/** Images that have no such server, by their own Dockerfiles, stand behind another container's. */
function isOfImage(name: string, dockerfiles: readonly string[]): boolean {
  return dockerfiles.length === 0 || dockerfiles.some((text) => WEB_SERVER.test(text) || text.includes(name));
}

function found(what: string, file: string, start: number, evidence: string, ofProgram = false): TlsServer {
  return {
    what,
    place: { file, start, end: start + evidence.length },
    reach: emptyReach(),
    evidence: [evidence.trim().slice(0, 120)],
    config: true,
    ...(ofProgram && { ofProgram }),
  };
}

/** Comments become spaces, so that offsets stay. */
function withoutComments(text: string): string {
  return text.replace(/(^|\s)#[^\n]*/g, (m) => m.replace(/[^\n]/g, " "));
}

function nginxOrApache(path: string, text: string, sink: FactSink): void {
  const bare = withoutComments(text);
  for (const m of bare.matchAll(/(?:^[ \t]*|[;{}]\s*)(listen\s+[^;{}\n]*\b(?:ssl|quic)\b[^;{}\n]*;)/gm))
    sink.tlsServers.push(found("nginx's listen … ssl", path, m.index + m[0].indexOf("listen"), m[1] as string));
  for (const m of bare.matchAll(/(?:^[ \t]*|[;{}]\s*)(ssl\s+on\s*;)/gm))
    sink.tlsServers.push(found("nginx's ssl on", path, m.index, m[1] as string));
  for (const m of bare.matchAll(/^[ \t]*(SSLEngine\s+on)\b/gim))
    sink.tlsServers.push(found("Apache's SSLEngine on", path, m.index, m[1] as string));
}

function caddy(path: string, text: string, sink: FactSink): void {
  const bare = withoutComments(text);
  if (/auto_https\s+off/.test(bare)) return;
  for (const m of bare.matchAll(/^([^\s{}(@][^{}\n]*?)\s*\{/gm)) {
    for (const site of (m[1] as string).split(/[,\s]+/).filter(Boolean)) {
      // A bare port, or http://, is served in clear; a host name gets a certificate.
      if (
        /^(https:\/\/)?[\w*-]+(\.[\w-]+)+(:443)?(\/\S*)?$/.test(site) &&
        !/^(http:\/\/|:)/.test(site) &&
        !/^(import|handle|route|log|encode|order)$/.test(site)
      ) {
        sink.tlsServers.push(found("a Caddy site with automatic HTTPS", path, m.index, site));
        return;
      }
    }
  }
  const tls = /^\s+tls\s+\S+/m.exec(bare);
  if (tls) sink.tlsServers.push(found("Caddy's tls", path, tls.index, tls[0]));
}

function kestrel(path: string, text: string, imageEnv: Readonly<Record<string, string>>, sink: FactSink): void {
  const json = parseLooseJson(text);
  // Its keys are the same in either case: `Kestrel__Endpoints__Http__Url`.
  const variables = new Map(Object.entries(imageEnv).map(([name, value]) => [name.toLowerCase(), value]));
  const listens = (written: unknown, variable: string, flag?: string): void => {
    const url = variables.get(variable.toLowerCase()) ?? written;
    const m = typeof url === "string" ? /^https?:\/\/([^:/]*):(\d+)/i.exec(url) : null;
    if (!m) return;
    const said: FactValue = { kind: "literal", value: m[1] as string };
    const host: FactValue = flag ? { kind: "option", name: flag, fallback: [said] } : said;
    pushUrl("Kestrel", host, Number(m[2]), path, Math.max(0, text.indexOf(m.input)), m.input, sink);
  };
  for (const [name, e] of Object.entries(heldUnder(json, ["kestrel", "endpoints"]) ?? {})) {
    const url = heldUnder(e, ["url"]);
    if (heldUnder(e, ["certificate"]) || /^https:/i.test(String(url ?? "")))
      sink.tlsServers.push(
        found(`Kestrel's endpoint ${name}`, path, Math.max(0, text.indexOf(`"${name}"`)), String(url ?? name), true),
      );
    listens(url, `Kestrel__Endpoints__${name}__Url`);
  }
  const urls = heldUnder(json, ["urls"]);
  if (typeof urls === "string" && /\bhttps:/i.test(urls))
    sink.tlsServers.push(found("Kestrel's Urls", path, Math.max(0, text.indexOf(urls)), urls, true));
  listens(urls, "URLS", "--urls");
}

function pushUrl(
  framework: string,
  host: FactValue,
  port: number,
  file: string,
  start: number,
  evidence: string,
  sink: FactSink,
): void {
  sink.listeners.push({
    framework,
    protocol: "http",
    port: [{ kind: "literal", value: port }],
    host: [host],
    defaults: {},
    place: { file, start, end: start + evidence.length },
    reach: emptyReach(),
    evidence: [evidence],
    handlesSigterm: true,
  });
}

/** What the program's own units of systemd have gunicorn read: `ExecStart=…/gunicorn --config /opt/shop/gunicorn.py shop.wsgi`. */
function namedInUnits(texts: ReadonlyMap<string, string>): string[] {
  const named = /^ExecStart=[^\n]*\bgunicorn\b[^\n]*\s(?:-c|--config)[= ](?:\S*\/)?([\w.-]+\.py)\b/gm;
  return [...texts].flatMap(([path, text]) =>
    path.endsWith(".service") ? [...text.matchAll(named)].map((m) => m[1] as string) : [],
  );
}

/** `bind = "0.0.0.0:8000"`, `certfile = …`. */
function gunicorn(path: string, text: string, sink: FactSink): void {
  const bare = withoutComments(text);
  const tls = /^(certfile|keyfile)\s*=\s*(?![\sN]|None)(.+)$/m.exec(bare);
  if (tls) sink.tlsServers.push(found(`gunicorn's ${tls[1]}`, path, tls.index, tls[0], true));
  const bind = /^bind\s*=\s*(.+)$/m.exec(bare);
  if (!bind?.[1] || /unix:/.test(bind[1])) return;
  const expression = bind[1];
  const reads =
    /\bPORT\b/.test(expression) || /\{port\}|%\s*port|port/.test(expression)
      ? /environ[^\n]*["']PORT["']|getenv\(\s*["']PORT["']/.test(bare)
      : false;
  const literal = /["'](?:([^"':{]*):)?(\d{2,5})["']/.exec(expression);
  const port: FactValue[] = reads
    ? [{ kind: "env", name: "PORT" }]
    : literal
      ? [{ kind: "literal", value: Number(literal[2]) }]
      : [{ kind: "unknown" }];
  const host: FactValue[] = literal?.[1]
    ? [{ kind: "literal", value: literal[1] }]
    : [variableAt(expression, bare) ?? { kind: "literal", value: "0.0.0.0" }];
  sink.listeners.push({
    framework: "gunicorn",
    protocol: "http",
    port,
    host,
    defaults: { port: "PORT" },
    place: { file: path, start: bind.index, end: bind.index + bind[0].length },
    reach: emptyReach(),
    evidence: [bind[0]],
    handlesSigterm: true,
  });
}

/** `bind = f"{host}:{port}"` over `host = os.getenv("HOST", "127.0.0.1")`. */
function variableAt(expression: string, text: string): FactValue | undefined {
  const name = /^f?["']\{(\w+)\}:/.exec(expression)?.[1] ?? /^(\w+)\s*\+\s*["']:/.exec(expression)?.[1];
  const given = name && new RegExp(`^${name}\\s*=\\s*(.+)$`, "m").exec(text)?.[1];
  const [, variable, usual] =
    /^os\.(?:getenv|environ\.get)\(\s*["'](\w+)["']\s*,\s*["']([^"']+)["']/.exec(given || "") ?? [];
  if (variable && usual) return { kind: "env", name: variable, fallback: [{ kind: "literal", value: usual }] };
  const written = /^["']([^"']+)["']\s*$/.exec(given || "")?.[1];
  return written === undefined ? undefined : { kind: "literal", value: written };
}

/** Rocket.toml, in the profile of a release: `tls`, and the address that stands where no variable does. */
function rocket(path: string, text: string, sink: FactSink): void {
  const sections = [...withoutComments(text).matchAll(/^[ \t]*(?:\[([\w.]+)\][ \t]*$)?((?:(?!^[ \t]*\[)[\s\S])*)/gm)];
  let address: string | undefined;
  for (const m of sections) {
    const [whole, name = "default", body = ""] = m;
    const [profile = "", rest] = name.split(".");
    if (!/^(default|release|global|production)$/.test(profile)) continue;
    if (rest === "tls" || /^[ \t]*tls\s*=\s*\{/m.test(body))
      sink.tlsServers.push(found("Rocket's tls", path, m.index, whole.trim().split("\n")[0] ?? "tls", true));
    if (rest === undefined) address = /^[ \t]*address\s*=\s*"([^"]+)"/m.exec(body)?.[1] ?? address;
  }
  if (address === undefined) return;
  for (const l of sink.listeners)
    if (l.framework === "Rocket" && l.host.every((h) => h.kind === "env"))
      l.host = [{ kind: "env", name: "ROCKET_ADDRESS", fallback: [{ kind: "literal", value: address }] }];
}
