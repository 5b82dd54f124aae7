/**
 * Where the host of a listener in JavaScript, Python, Ruby or PHP was lost on its way: the one default that the program
 * declares for it, by name. It counts only where everything that the program says of such a host is localhost.
 */
import { escaped } from "../../base/escaped.ts";
import { scriptsAlone } from "../alone.ts";
import { scriptCode } from "../comments.ts";
import { ownHosts } from "../config/own-settings.ts";
import type { FactValue, Listener, Place } from "../facts.ts";
import { isBrowserScript, languageOf, leftOut } from "../project.ts";
import { SERVICE_PORTS } from "../service-ports.ts";
import { isOfAskingCommand } from "../start/sub-commands.ts";
import { isLocalHost } from "../values.ts";
import { placesOf } from "./found-address.ts";
import {
  isAskedAt,
  isBesideOtherPort,
  isForFreePort,
  isWithoutPort,
  OTHERS,
  PORT_ONLY,
  type Ports,
  portsOf,
  READS_PORT,
} from "./other-address.ts";
import { plainName } from "./setting-owners.ts";
import { DEVELOPMENT, isOfOthers, MANY, overlap } from "./usual-address.ts";

const LANGUAGES = /^(javascript|python|ruby|php)$/;

const KEY = String.raw`[\w-]{0,30}?(?:host(?:name)?|bind|listen|interface|ip|addr(?:ess)?)`;
/** `ip_default_value`, `hosts: ["…"]` */
const OF_KEY = "(?:s|_default(?:_value)?)?";
const HOST = String.raw`(["'\x60])(?:(?:https?|tcp):\/\/)?(localhost|127\.0\.0\.1|\[?::1\]?|0\.0\.0\.0|\[?::\]?)(?::\d{2,5})?\2`;
/** `host: "localhost"`, `HOST = 'localhost'`, `host: str = "127.0.0.1"`, `@host ||= '127.0.0.1'`, `['host'] ?? '…'` */
const DECLARED = new RegExp(
  String.raw`\b(${KEY})${OF_KEY}["']?\]?\s*(?:\??:\s*[\w.[\]| ]{1,30}=|=>|\|\|=?|\?\?=?|[:=](?![:=>])|\bor\b)\s*\[?${HOST}`,
  "gi",
);
/** `set("web", "listen", "localhost:8000")`, `.option("host", "localhost")`, `get("http.host", "127.0.0.1")` */
const GIVEN = new RegExp(String.raw`["'.](${KEY})["']\s*,\s*${HOST}`, "gi");
const WITH_DEFAULT = new RegExp(
  // `host: { format: String, default: "…" }`, `"--host", help="…", default="…"`, `.option("-h, --host <host>", "…", "…")`,
  // `"http_host": p("…", False, "…")`, `get("http.host", "…")`; what the call on the next line is given is another's
  String.raw`["'\s,{(.:-](${KEY})\b(?:[ =][<[]?\w*[\]>]?)?["']?\s*(?:(?::\s*[\w.[\]| ]{1,30}=|:|=>|=)\s*(?:\w[\w.]*)?[({[]|,)(?:[^;{}\n)]|\)(?![ \t]{0,9}\r?\n\s{0,40}[\w.$]+\()|\n(?!\s*\n)){0,240}?(?:\bdefault\w*["']?\s*(?:=>|[:=])\s*|,\s*)${HOST}\s*[,)}\]\n]`,
  "gi",
);

/** `listenHost = argv.public ? undefined : "localhost"`: a switch says which. */
const CHOSEN = new RegExp(String.raw`\b(${KEY})\b["']?\s*[:=][^\n;?]{1,80}\?[^\n;?:]{0,80}:\s*${HOST}`, "gi");

/** Names that alone say that somebody is served there. */
const SERVES =
  /bind|listen|(?:http|https|server|serve|web|rest|www|api|app|gui|ui)(?:host|hostname|ip|addr|address|interface)$/;
const PLAINLY = /listen|bind/i;
/** `NODE_HOST`, `analyzerHost`: whose port is called alike. */
const OF_PAIR = /^-*(\w*?)[-_]?(?:host(?:name)?|ip|interface|addr(?:ess)?)$/i;
const SERVING_OWNER = /server|serve|http|web|listen|rest|api|daemon|gateway/i;
/** `local_host` is this machine's name, `host_ip` and `remote_addr` are somebody's. */
const NO_HOST =
  /ship|clip|script|zip|strip|recip|description|local|mac|email|host(?:_?ip|_?addr)|remote|bind(?:ing)?s?_?dn|client|ghost/i;
const SETS_UP = /conf|setting|option|default|constant|cli\b|cmd|command|args|serve|main|app|(?:^|\/)bin\//i;
const PORT = /port\w*["']?\]?\s*(?:\??:|=>|=|\|\||,|\?\?)[^\n;]{0,120}?\b(\d{2,5})\b/i;
const GIVEN_PORT = /(?<![a-z])port["']?\]?\s*(?:\??:|=>|=(?!=))/i;
/** Those, and where mail is read. */
const SERVICE_PORT = new RegExp(`^(?:110|143|993|${SERVICE_PORTS})$`);

const FLAG = /^--(?:host|hostname|ip|bind|listen|address|addr|interface)$/;
const TEXTS = /(["'`])(?:(?!\1)[^\n])*\1|\bsprintf(?=\()/g;
/** A setting or a variable that is asked for, which is no request: `environ.get(`, `ENV.fetch(`. */
const ASKED_FOR = /\b(?:env\w*|config\w*|conf|settings?|options?|opts|\w*args|params)\.(?:get|fetch|pop)\(/gi;

interface Declared {
  name: string;
  host: string;
  place: Place;
  /** By its own name it is where somebody is served. */
  plainly: boolean;
}

/** Gives the listeners of scripts whose host was not followed the default that is declared for it. */
export function giveScriptHosts(
  listeners: readonly Listener[],
  texts: ReadonlyMap<string, string>,
  others: ReadonlySet<string>,
): void {
  const serving = mainOf(listeners.filter((l) => !l.secondary && !l.reach.development));
  const lost = serving.filter(isLost);
  const language = lost[0] && languageOf(lost[0].place.file, texts.get(lost[0].place.file));
  if (!language || !LANGUAGES.test(language)) return;
  const starting = new Set(lost.map(({ place }) => place.file));
  // The address of a listener that was followed is its own.
  const taken = listeners.flatMap((l) => (lost.includes(l) ? [] : l.host.flatMap(placesOf)));
  const all = declaredHosts(texts, language, others, starting, portsOf(lost)).filter(
    (d) => !taken.some((t) => overlap(t, d.place)),
  );
  if (all.length === 0 && lost.length === serving.length) giveSettings(lost, texts);
  const isLocal = all.length > 0 && all.every((d) => isLocalHost(d.host));
  const plainly = all.filter((d) => d.plainly);
  const usual = plainly.length > 0 ? plainly : all;
  const names = new Set(usual.map((d) => plainName(d.name)));
  for (const l of lost) {
    // Of several names the one that the listener is given: `bind(config.http_host)`.
    const called = namesAt(l, texts);
    const told = all.filter((d) => called.has(plainName(d.name)));
    // Where it says no more than that it is a host, another one may be meant.
    const isTold = told.length > 0 && !told.every((d) => isPlain(d.name));
    if (isTold ? !told.every((d) => isLocalHost(d.host)) : !isLocal) continue;
    // What is known of another listener of the program says more than a name.
    const [found, ...more] = told.length > 0 ? told : names.size === 1 && lost.length === serving.length ? usual : [];
    if (!found || more.some((d) => plainName(d.name) !== plainName(found.name))) continue;
    l.guessed = true;
    l.host = [
      {
        kind: "option",
        name: found.name,
        fallback: [{ kind: "literal", value: found.host, at: found.place }],
        open: true,
      },
    ];
  }
}

/** A socket of its own beside what is served is another thing. */
function mainOf(listeners: readonly Listener[]): readonly Listener[] {
  const served = listeners.filter((l) => l.protocol !== "tcp");
  return served.length > 0 ? served : listeners;
}

/** What the program's settings files say, where its code says nothing. */
function giveSettings(lost: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  const [found, ...more] = ownHosts(texts);
  if (!found || ![found, ...more].every(({ host }) => isLocalHost(host))) return;
  const fallback: FactValue[] = [{ kind: "literal", value: found.host }];
  for (const l of lost) l.host = [{ kind: "option", name: found.name, fallback, open: true }];
}

function isLost({ host }: Listener): boolean {
  const nothing = (h: FactValue): boolean => h.kind === "unknown" || (h.kind === "absent" && host.length > 1);
  return (
    host.length > 0 &&
    host.every(
      (h) =>
        nothing(h) ||
        (h.kind === "option" && (h.fallback ?? []).every((f) => f.kind === "absent" || f.kind === "unknown")),
    )
  );
}

/** The hosts to listen at that the files of a language declare; those that start a server are its own wherever they lie. */
function declaredHosts(
  texts: ReadonlyMap<string, string>,
  language: string,
  others: ReadonlySet<string>,
  starting: ReadonlySet<string>,
  ports: Ports | undefined,
): Declared[] {
  const all: Declared[] = [];
  const own = [...texts].filter(
    ([file, text]) => languageOf(file, text) === language && (!leftOut(file) || starting.has(file)),
  );
  const codes = new Map<string, string>();
  const codeIn = (file: string, text: string): string => {
    const code = codes.get(file) ?? codeOf(text, language);
    codes.set(file, code);
    return code;
  };
  const known = ports ?? (own.some(([, text]) => READS_PORT.test(text)) ? PORT_ONLY : undefined);
  const first = topOf(own.map(([file]) => file));
  const isAlone = scriptsAlone(texts);
  for (const [file, text] of own) {
    if (!/localhost|127\.0|::|0\.0\.0\.0/.test(text) || isBrowserScript(file) || others.has(file)) continue;
    if (!starting.has(file) && isAlone(file)) continue;
    // The folder that holds the program has the program's name, whatever that means.
    if (OTHERS.test(file.startsWith(first) ? file.slice(first.length) : file)) continue;
    all.push(...declaredIn(file, codeIn(file, text), language, known));
  }
  if (all.length === 0) return all;
  for (const [file, text] of own) if (!others.has(file)) codeIn(file, text);
  // What is called like any other is only known where it stands.
  const around = ({ name, place }: Declared): Iterable<string> =>
    isPlain(name) ? [codes.get(place.file) ?? ""] : codes.values();
  return all.filter((d) => d.plainly || !isLocalHost(d.host) || !isAskedAt(d.name, around(d)));
}

/** The folder, with those above it, that most of the files lie in: `mailpile/`, `src/server/`. */
function topOf(files: readonly string[]): string {
  let top = "";
  for (;;) {
    const inner = files.flatMap((f) => (f.startsWith(top) ? (/^[^/]+\//.exec(f.slice(top.length))?.[0] ?? []) : []));
    const counts = new Map<string, number>();
    for (const folder of inner) counts.set(folder, (counts.get(folder) ?? 0) + 1);
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    if (!most || most[1] * 2 <= files.length) return top;
    top += most[0];
  }
}

function* declaredIn(file: string, code: string, language: string, ports: Ports | undefined): Generator<Declared> {
  const seen = new Set<number>();
  const all = [DECLARED, GIVEN, WITH_DEFAULT].flatMap((pattern) =>
    [...code.matchAll(pattern)].map((m) => ({ m, isDefault: pattern === WITH_DEFAULT || /default/i.test(m[0]) })),
  );
  if (all.length > MANY) return;
  for (const m of code.matchAll(CHOSEN))
    if (PLAINLY.test(m[1] ?? ""))
      yield { name: m[1] as string, host: "?", place: { file, start: m.index, end: m.index }, plainly: true };
  for (const { m, isDefault } of all) {
    const [whole, name = "", quote = "", host = ""] = m;
    const url = /\w+:\/\/$/.exec(whole.slice(0, whole.lastIndexOf(host)))?.[0] ?? "";
    const start = m.index + whole.lastIndexOf(quote + url + host);
    // The URL of a host is one that somebody asks.
    if (seen.has(start) || (url !== "" && !PLAINLY.test(name))) continue;
    seen.add(start);
    const end = code.indexOf(quote, start + 1) + 1;
    const candidate = { name, at: m.index, value: start, code, file, isDefault };
    // What is open says so wherever it stands.
    const isOthers = (): boolean =>
      isElsewhere(candidate, ports) || isOfAskingCommand(code, start, language) || isForFreePort(name, code);
    if (isToListen(candidate) && !(isLocalHost(host) && isOthers()))
      yield { name: name.replace(/^-+/, ""), host, place: { file, start, end }, plainly: PLAINLY.test(name) };
  }
}

/** A default as the text has it: its name begins at `at`, its value at `value`. */
interface Candidate {
  name: string;
  at: number;
  value: number;
  code: string;
  file: string;
  /** It says of itself that it is a default. */
  isDefault: boolean;
}

/** Is the default of this name one to listen at: by the name, by what owns it, by a port that is declared beside it? */
function isToListen({ name, at, value, code, file, isDefault }: Candidate): boolean {
  if (NO_HOST.test(name)) return false;
  const before = code.slice(Math.max(0, at - 300), at);
  const after = code.slice(at, value + 300);
  const line = `${/[^\n]*$/.exec(code.slice(Math.max(0, at - 2000), at))?.[0]}${code.slice(at, value)}${/^[^\n]*/.exec(code.slice(value))?.[0]}`;
  const plain = plainName(name);
  const owners = headsOf(code, at);
  const serves = SERVES.test(plain);
  const isOwnedByServer = SERVING_OWNER.test(owners);
  if (OTHERS.test(withoutSentences(line.replace(ASKED_FOR, ""))) || OTHERS.test(owners)) return false;
  if (!name.startsWith("--") && isOfOthers(name, at, code)) return false;
  const beside = `${/[^\n]*\n?[^\n]*$/.exec(before)?.[0]}${/^[^\n]*\n?[^\n]*/.exec(after)?.[0]}`;
  // A port that the system picks is told to somebody within.
  if (/(?<![a-z])port["']?\s*[:=]\s*0\b/i.test(beside)) return false;
  const port =
    /^.[^\s:]*:(\d{2,5})\b/.exec(code.slice(value, value + 40))?.[1] ??
    PORT.exec(code.slice(value, value + 300))?.[1] ??
    PORT.exec(before + after)?.[1];
  if (port !== undefined && SERVICE_PORT.test(port)) return false;
  // Nor what only developers have, nor a table of no file or owner that sets the program up.
  const isSettled = serves || name.startsWith("-") || isDefault || SETS_UP.test(`${file} ${owners}`);
  if (DEVELOPMENT.test(owners) || !isSettled || isReplaced(name, code)) return false;
  // Nor what stands between things of others.
  if (!serves && !isOwnedByServer && OTHERS.test(beside.replace(ASKED_FOR, "").replace(TEXTS, ""))) return false;
  if (serves || FLAG.test(name)) return true;
  const hasPort = port !== undefined || ((isDefault || isOwnedByServer) && GIVEN_PORT.test(blockOf(code, at, value)));
  const isPlainly = isPlain(name);
  return (
    (hasPort && (isOwnedByServer || isPlainly)) ||
    // An argument of a command that serves.
    (isDefault && isPlainly && isOwnedByServer) ||
    isPair(name, code)
  );
}

/** `self.host = detect()`: what is found out goes over what was there. */
function isReplaced(name: string, code: string): boolean {
  const word = escaped(name.replace(/^-+/, ""));
  return new RegExp(
    `\\b(?:self\\.|this\\.|this->)${word}\\s*=\\s*(?:await\\s+)?[\\w.$:>-]{1,60}\\(\\)[ \\t;]*$`,
    "m",
  ).test(code);
}

/** What stands beside it without an empty line between them: `port: options.port || 0` in the same table of a server's. */
function blockOf(code: string, at: number, value: number): string {
  const before = /(?:[^\n]|\n(?![ \t]*\n))*$/.exec(code.slice(Math.max(0, at - 300), at))?.[0];
  return `${before}${/^(?:[^\n]|\n(?![ \t]*\n))*/.exec(code.slice(at, value + 300))?.[0]}`;
}

/** Localhost beside another port than the listener's, or where PORT is not set. */
function isElsewhere({ name, at, value, code }: Candidate, ports: Ports | undefined): boolean {
  const stem = OF_PAIR.exec(name)?.[1] ?? "";
  if (isWithoutPort(name, code)) return true;
  if (isPair(name, code)) return ports !== undefined && isBesideOtherPort(code, stem, ports);
  return ports !== undefined && ports !== PORT_ONLY && isBesideOtherPort(blockOf(code, at, value), stem, ports);
}

/** Does the name say no more than that it is a host? */
function isPlain(name: string): boolean {
  return /^(?:default)?(?:host|hostname|ip|interface|addr|address|ipaddress)$/.test(plainName(name));
}

/** Does the file name a port by the same word? */
function isPair(name: string, code: string): boolean {
  const stem = OF_PAIR.exec(name)?.[1];
  return stem !== undefined && stem !== "" && new RegExp(`(?<![a-z])${escaped(stem)}[-_]?port\\b`, "i").test(code);
}

/** Without the texts of several words: what a help says. */
function withoutSentences(line: string): string {
  return line.replace(/(["'`])(?:(?!\1)[^\n])*\1/g, (text) => (/\s/.test(text) ? '""' : text));
}

/** The lines that a place is below by its indentation: its table, its method, its class. */
function headsOf(code: string, at: number): string {
  const lines = code.slice(Math.max(0, at - 6000), at).split("\n");
  const depthOf = (line: string): number => line.search(/\S/);
  const own = lines.pop() ?? "";
  let depth = own.trim() === "" ? own.length : depthOf(own);
  const heads: string[] = [];
  for (const line of lines.reverse()) {
    const d = depthOf(line);
    if (d < 0 || d >= depth || /^\s*(?:[)\]}]|\{\s*$)/.test(line)) continue;
    heads.push(line);
    depth = d;
  }
  return heads.join("\n").replace(/\([^()]*\)/g, "()");
}

/** The names in the call that listens. */
function namesAt({ place }: Listener, texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const call = texts.get(place.file)?.slice(place.start, Math.min(place.end, place.start + 200)) ?? "";
  return new Set([...call.matchAll(/[A-Za-z_]\w+/g)].map((m) => plainName(m[0])));
}

/** Without comments and texts of several lines, offsets kept. */
function codeOf(text: string, language: string): string {
  const code = scriptCode(text, language);
  return language === "python" ? code.replace(/("""|''')[\s\S]*?\1/g, (m) => m.replace(/[^\n]/g, " ")) : code;
}
