/**
 * Where a listener's host was lost on its way: the address that the program writes down as the one to listen on, as the
 * default of a flag, a setting or a constant. It counts only where all that the program says of it is localhost.
 */

import { dirname } from "node:path/posix";
import { escaped } from "../../base/escaped.ts";
import { boundary, chainBefore, closerAfter, openerBefore, ownerOf, rest } from "../brackets.ts";
import { ownCode } from "../comments.ts";
import { ownAddresses } from "../config/own-settings.ts";
import type { FactValue, Listener, Place } from "../facts.ts";
import { functionSpan } from "../go/functions.ts";
import { languageOf, leftOut } from "../project.ts";
import { SERVICE_PORTS } from "../service-ports.ts";
import { isOfAskingCommand } from "../start/sub-commands.ts";
import { isLocalHost } from "../values.ts";
import {
  type Found,
  isCalled,
  isCompared,
  isOfUnusedOption,
  isPartOfUrl,
  LISTENS,
  namesAt,
  nearest,
  ownPlaces,
  withoutOthers,
} from "./found-address.ts";
import { isAddressOfOthers, isAtOtherPort, isForPortAlone, isForTheAsking, OTHERS, portsOf } from "./other-address.ts";
import { plainName } from "./setting-owners.ts";
import {
  fieldAfter,
  flagOf,
  isOneOfSeveral,
  MAY_HOLD,
  taggedField,
  typesWithDefault,
  writtenAddresses,
} from "./written-address.ts";

/** Languages whose settings are typed and spread over files; the first two groups of an address are its host and port. */
export const LANGUAGES = /^(go|rust|java|kotlin|csharp)$/;

const PLAINLY =
  /^default\w{0,40}(?:host|addr(?:ess)?|endpoint)$|^(?:default|default_)?_?(?:host|hostname|addr|address|ip|interface|iface|listen|bind|socket_?addr)(?:ess)?s?_?(?:default)?$/i;
/** `--http localhost:8080`: a flag that is called by what is spoken at the address with a port that it is given. */
const PROTOCOL = /^(?:https?|grpc|rpc|tcp|web|ui)$/i;
/** Help of a flag whose address somebody else listens at: "node to ask", "where the backend is". */
const ASKED =
  /\b(?:ask\w*|dial\w*|call\w*|quer\w+|where|from|backend|endpoint|node|remote|upstream|peer|url of|address of)\b/i;
/** What a name says that is no address to bind: `serverName`, `server_url`, `--server`, `--banned-hosts`. */
const NO_ADDRESS =
  /^-*server$|(?:name|domains?|ur[il]|locals?)$|(?<![a-z])(?:banned|blocked|denied|ignored|excluded|(?:black|white|block|deny)_?list\w*)(?![a-z])/i;
const SERVICE_PORT = new RegExp(`\\b(?:${SERVICE_PORTS})\\b`);
/** Words of what owns a host that others are asked at. */
const OTHER_OWNERS = /cache|(?<![a-z])(?:data)?stores?(?![a-z])|storage|search|graphite|queue|udp/i;
export const DEVELOPMENT = /(?<![a-z])(?:is_?)?dev(?:el|elop|elopment)?(?:_?mode)?(?![a-z])/i;
/** Where a name is used to ask somebody else, and where to listen. */
const ASKS =
  /https?:\/\/(?:"\s*\+|[%{$])|dial|connect|\bSocket\(|Pool\(|\.get\(|\bGet\(|\bOpen\(|client|\bos\.Hostname\(/i;
const OPENS = /listen|bind|serve|(?<![a-z])(?:start|run)\(|SocketAddr/i;
/** What an address is made with, or handed on. */
const MAKES = /JoinHostPort|printf\(|addr|^\s*return\b/i;

/** `strings.EqualFold(addr, "localhost")`, `host.equals("localhost")`: what an address is compared with. */
const COMPARES =
  /\b(?:EqualFold|Has(?:Prefix|Suffix)|[cC]ontains|[eE]quals(?:IgnoreCase)?|eq_ignore_ascii_case|(?:starts|ends)_?[wW]ith|(?:Starts|Ends)With)\(\s*(?:[\w.]+,\s*)?$/;

/** More addresses in one file are a list of them, more uses of a name say no more of it. */
export const MANY = 200;

/** The host that all defaults for listening name, when that is localhost; `none` where the code has no default at all. */
function usualHost(
  texts: ReadonlyMap<string, string>,
  language: string,
  lost: readonly Listener[],
  taken: readonly Place[],
  others: ReadonlySet<string>,
): Found | "none" | undefined {
  const called = new Set(lost.flatMap((l) => namesAt(l.place, texts)));
  const ports = portsOf(lost);
  // Where the server is one of a database itself its folder says nothing.
  const isStore = lost.some(({ place }) => OF_STORES.test(place.file));
  const isClient = lost.some(({ place }) => OF_CLIENTS.test(place.file));
  const reaching = withoutOthers(
    [...listeningAddresses(texts, language, called)].filter(
      ({ host, name, place }) =>
        !others.has(place.file) &&
        !(isLocalHost(host) && isAddressOfOthers(name, place, texts.get(place.file) ?? "", ports)) &&
        !(isLocalHost(host) && ports && isAtOtherPort(texts.get(place.file)?.slice(place.start, place.end), ports)) &&
        (isStore || !OF_STORES.test(place.file)) &&
        (isClient || !OF_CLIENTS.test(place.file)) &&
        !taken.some((t) => overlap(t, place)) &&
        !isForPortAlone(place, texts) &&
        lost.some((l) => mayReach(place.file, l.place.file, texts)),
    ),
    lost,
  );
  // What the listener is told says more than what else the program declares.
  const named = reaching.filter(({ name }) => isCalled(name, called));
  const all = named.length > 0 ? named : nearest(reaching, lost);
  if (all.length === 0) return "none";
  // `var host = "localhost"; if (args.all) host = "0.0.0.0"`: what somebody has to ask for.
  const asked = (f: Found): boolean =>
    f.how === "assigned" && all.some((d) => d.how === "declared" && d.name === f.name && d.place.file === f.place.file);
  if (!all.every((f) => isLocalHost(f.host) || asked(f))) return undefined;
  const local = all.filter(({ host }) => isLocalHost(host));
  const told = (f: Found): boolean => [...called].some((name) => plainName(f.name).includes(name));
  const found = local.find(told) ?? local.find(({ name }) => LISTENS.test(name)) ?? local[0];
  // What opens the program elsewhere was seen here: a switch.
  return found && all.some(asked) ? { ...found, how: "declared" } : found && { ...found, how: undefined };
}

/** What stands in one program of Go is nothing that another one starts with. */
function mayReach(from: string, to: string, texts: ReadonlyMap<string, string>): boolean {
  const isProgram = (file: string): boolean => file.endsWith(".go") && /^package main\b/m.test(texts.get(file) ?? "");
  return !isProgram(from) || !isProgram(to) || dirname(from) === dirname(to);
}

export function overlap(a: Place, b: Place): boolean {
  return a.file === b.file && a.start < b.end && b.start < a.end;
}

/** What speaks to a database, by the name of its folder or file. */
const OF_STORES = /(?:^|[/_])(?:postgres\w*|pgsql|mysql|mariadb|sqlite\d?|redis|mongo\w*|cassandra)(?:[/_.])/i;

/** What asks the server, by the name of its folder or file. */
export const OF_CLIENTS = /(?:^|[/_-])clients?[/_.-]|[a-z]Client\.\w+$/;

/** Go's code for tests that has no name of a test's. */
const TESTS_GO = /^(?:import )?[ \t]*"testing"[ \t]*$/m;
/** What stands in for another server, measures one, or writes the log, by the name of its file. */
const NO_SERVER = /(?:(?:mock|fake|stub|benchmark|harness)\w*|logg(?:er|ing))\.\w+$/i;

/** Every address that the program's code writes down as one to listen on. */
export function* listeningAddresses(
  texts: ReadonlyMap<string, string>,
  language: string,
  called: ReadonlySet<string>,
): Generator<Found> {
  for (const [file, text] of texts) {
    if (languageOf(file, text) !== language || leftOut(file) || NO_SERVER.test(file) || !MAY_HOLD.test(text)) continue;
    if (language === "go" && TESTS_GO.test(text)) continue;
    const code = ownCode(text, language);
    const all = [...writtenAddresses(code)];
    if (all.length > MANY) continue;
    for (const { host, start, text: written } of all) {
      if (COMPARES.test(code.slice(Math.max(0, start - 60), start))) continue;
      const name = listens(code, start, written.length, called);
      // A port that is looked for, at the call that does.
      if (/:0"$/.test(written) && /(?:bind|listen)\w*\(\s*$/i.test(code.slice(Math.max(0, start - 40), start)))
        continue;
      // The address of a page, which somebody else is told.
      if (/^"https?:/.test(written) && !/listen|bind|serve|urls|prefix/i.test(name ?? "")) continue;
      if (name === undefined || isOtherwiseUsed(name, start, code) || isPartOfUrl(code, start)) continue;
      const isOthers = (): boolean =>
        SERVICE_PORT.test(/:(\d+)\W*$/.exec(written)?.[1] ?? "") ||
        isOfAskingCommand(code, start, language) ||
        isForTheAsking(name, start, code) ||
        (language === "go" && isOfUnusedOption(start, code, texts));
      if (isLocalHost(host) && isOthers()) continue;
      if (!LISTENS.test(name) && !PLAINLY.test(name) && isOneOfSeveral(name, start, code)) continue;
      // A variable of a function that hands it to nothing that listens.
      if (
        isGoLocal(name, start, code) &&
        !usesOf(name, start, functionAround(start, code))
          // `client.server.name` is another's.
          .map((u) => u.replace(/\bserver\.\w+\b(?!\()/gi, ""))
          .some((u) => OPENS.test(u) || MAKES.test(u))
      )
        continue;
      const how = howGiven(name, code, start);
      yield { host, name, place: { file, start, end: start + written.length }, ...(how && { how }) };
    }
  }
}

function howGiven(name: string, code: string, at: number): Found["how"] {
  const line = code.slice(code.lastIndexOf("\n", at) + 1, at);
  const given = new RegExp(`([\\w>?\\]]\\s+)?${escaped(name)}\\s*(:?)(?::[^=]*)?=\\s*[\\w.]*$`).exec(line);
  if (!given) return undefined;
  if (given[1] || given[2]) return "declared";
  const owner = ownerOf(code, openerBefore(code, at));
  const before = code.slice(Math.max(0, at - 200), at - line.length);
  const test = /\bif\b[^{}]*$/.exec(owner)?.[0] ?? /\bif\s*\([^;]*$/.exec(before + line)?.[0];
  return test && !/docker|container|kube|prod|release|debug/i.test(test) ? "assigned" : undefined;
}

/** `const defaultHost = "localhost"` that the file only gives to something that does not listen. */
function isOtherwiseUsed(name: string, at: number, code: string): boolean {
  if (/listen|bind|serve(?!r)/i.test(name)) return false;
  const uses = usesOf(name, at, code);
  const declares = new RegExp(`\\b${escaped(name)}\\s*(?::[^=]*)?:?=(?!=)`);
  const others = uses.filter((u) => !declares.test(u));
  if (others.length > 0 && others.every((u) => isCompared(name, u))) return true;
  return uses.some((u) => ASKS.test(u) || SERVICE_PORT.test(u)) && !uses.some((u) => OPENS.test(u));
}

/** The statements that name it elsewhere in the file. */
function usesOf(name: string, at: number, code: string): string[] {
  return [...code.matchAll(new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-]|\\()`, "g"))]
    .filter((m) => Math.abs(m.index - at) > name.length + 4)
    .slice(0, MANY)
    .map((m) => namesIn(statementAt(code, m.index)))
    .filter((u) => u.includes(name));
}

/** The text of Go's function around a place, with blanks before it. */
function functionAround(at: number, code: string): string {
  const { from, to } = functionSpan(code, at);
  return " ".repeat(from) + code.slice(from, to);
}

function isGoLocal(name: string, at: number, code: string): boolean {
  return new RegExp(`(?<![\\w.])${escaped(name)}\\s*:=\\s*$`).test(code.slice(Math.max(0, at - 60), at));
}

/** A property that belongs to a database, a client or the like: by its class, by what is beside it, by its uses. */
export function isOfOthers(name: string, at: number, code: string): boolean {
  const opener = openerBefore(code, at);
  const owner = ownerOf(code, opener)
    .split(/\n[ \t]*\n/)
    .at(-1) as string;
  return (
    OTHERS.test(owner) ||
    // A decorator that stores an option is no store.
    OTHER_OWNERS.test(owner.replace(/@\w+$/, "")) ||
    isBesideOthers(code, opener, at) ||
    isOtherwiseUsed(name, at, code)
  );
}

function statementAt(code: string, at: number): string {
  const before = /[^\n;{]*$/.exec(code.slice(Math.max(0, at - 500), at))?.[0] ?? "";
  return before + (/^[^\n;]*/.exec(code.slice(at, at + 500))?.[0] ?? "");
}

/**
 * What the code calls an address at which it listens; undefined where it is anything else.
 *
 * @param called names that stand where the listener is told its address, as settings compare them
 */
function listens(code: string, at: number, length: number, called: ReadonlySet<string>): string | undefined {
  let from = at;
  let to = at + length;
  const words: string[] = [];
  const isAddress = (name: string): boolean => PLAINLY.test(name) || called.has(plainName(name));
  const field = taggedField(code, at);
  if (field !== undefined)
    return !OTHERS.test(field) && (LISTENS.test(field) || isAddress(field)) && !isNoAddress(field, "")
      ? field
      : undefined;
  for (let level = 0; level < 5; level++) {
    const opener = openerBefore(code, from);
    const inCall = code[opener] === "(" && !/\b(?:const|var)\s*$/.test(code.slice(Math.max(0, opener - 10), opener));
    const parameters = inCall && declaresParameters(code, opener);
    const begin = inCall && !parameters ? opener + 1 : boundary(code, opener, from);
    const entry = code.slice(begin, from);
    words.push(entry, inCall && !parameters ? code.slice(to, closerAfter(code, opener)) : rest(code, to));
    const around = words.join(" ");
    if (OTHERS.test(namesIn(around))) return undefined;
    /** Is it an address by what is said around it, or by its name? */
    const isTold = (name: string, said: string, plain = name): boolean =>
      (LISTENS.test(said) && !isNoAddress(name, around)) || isAddress(plain);
    const owner =
      code[opener] === "{"
        ? ownerOf(code, opener)
        : (/\bclass\s+\w+\s*$/.exec(code.slice(0, opener).slice(-60))?.[0] ?? "");
    if (DEVELOPMENT.test(owner) || OTHER_OWNERS.test(headOf(owner)) || isBesideOthers(code, opener, from))
      return undefined;
    const last = /([\w-]+)(?:["'\]]*\s*(?::(?!:)[^=,]*)?(?:=|:(?!:)|:=|=>|\bby\b)\s*)[^=]*$/.exec(
      entry.replace(/\{[^{}]*\}/g, ""),
    )?.[1];
    // `addrs, err := net.LookupHost("localhost")`
    const named = last && /^(?:err|ok)$/.test(last) ? /(\w+),\s*$/.exec(code.slice(begin - 40, begin))?.[1] : last;
    if (named && !/^(value|default|default_?value\w*|defaultsTo|_)$/i.test(named)) {
      if (OTHERS.test(headOf(owner).replace(/[=!]=\s*(?:""|0|nil|null|string\.Empty)/g, ""))) return undefined;
      return isTold(named, `${around} ${owner}`) ? named : undefined;
    }
    const start = inCall ? chainBefore(code, opener) : opener;
    const head = code.slice(start, opener);
    // `#[arg(default_value = "127.0.0.1")] host: String`, `@Option(defaultValue = "localhost") String host`
    // `[]string{"127.0.0.1:8080"}`, `vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]`, `new[] { "http://localhost:5000" }`
    const list = inCall ? "" : (LIST.exec(code.slice(Math.max(0, opener - 30), opener))?.[0] ?? "");
    if (list !== "" || (code[opener] === "[" && /[=(:,&]\s*$/.test(code.slice(Math.max(0, opener - 20), opener)))) {
      from = opener - list.length;
      to = closerAfter(code, opener) + 1;
      continue;
    }
    const annotation = inCall
      ? /@[\w.]+$/.test(head)
      : code[opener] === "[" && /(?:^|[#\n;{}])[ \t]*$/.test(code.slice(Math.max(0, opener - 40), opener));
    if (annotation) {
      const field = fieldAfter(code, closerAfter(code, opener) + 1);
      if (field === undefined || OTHERS.test(field)) return undefined;
      return isTold(field, `${field} ${around}`) ? field : undefined;
    }
    if (!inCall) {
      // `Flag{Name: "listen", Default: "localhost:4954"}`
      const option =
        named &&
        /[\s{,](?:name|long|key)\s*:\s*"-{0,2}([\w.-]+)"/i.exec(code.slice(opener, closerAfter(code, opener)))?.[1];
      if (option) return isAddress(option.replace(/-/g, "_")) ? option : undefined;
      // What a function gives back: `fn default_host() -> String { "127.0.0.1".into() }`.
      const fn = /(\w+)\s*\([^()]*\)[^(){}]*$/.exec(owner)?.[1];
      if (fn === undefined || OTHERS.test(owner) || typesWithDefault(code, fn).some((t) => OTHERS.test(t)))
        return undefined;
      return (LISTENS.test(fn) && !isNoAddress(fn, "")) || /host(?!name)|addr/i.test(fn) ? fn : undefined;
    }
    // A call: of a flag by its words, or of what makes another type of it.
    if (OTHERS.test(namesIn(head))) return undefined;
    const flag = flagOf(head, entry);
    if (flag !== undefined) {
      const isProtocol = /:[\d%{]/.test(code.slice(at, at + length)) && PROTOCOL.test(flag) && !ASKED.test(around);
      return isProtocol || isTold(flag, `${head} ${around}`, flag.replace(/-/g, "_")) ? flag : undefined;
    }
    from = start;
    to = closerAfter(code, opener) + 1;
    words.push(head);
  }
  return undefined;
}

function isNoAddress(name: string, around: string): boolean {
  return NO_ADDRESS.test(name) && !/listen|bind/i.test(`${name} ${namesIn(around)}`);
}

/** Names of this machine in one list, or a port beside the host that is known for something else. */
function isBesideOthers(code: string, opener: number, at: number): boolean {
  if (code[opener] === "(" && !declaresParameters(code, opener)) return false;
  const block = code.slice(opener, closerAfter(code, opener));
  if (block.length < 400 && /"localhost"/.test(block) && /"(?:127\.0\.0\.1|::1)"/.test(block)) return true;
  const near = code.slice(Math.max(opener, at - 160), Math.min(opener + block.length, at + 160));
  return /port/i.test(near) && SERVICE_PORT.test(near) && !LISTENS.test(near);
}

/** Not the arguments of a call, but what a function or a class takes. */
function declaresParameters(code: string, opener: number): boolean {
  return /^\s*(?:val|var|private|public|final)?\s*\w+\s*:/.test(code.slice(opener + 1, opener + 80));
}

const LIST = /(?:\[\]\s*\w+|\bvec!|\bnew\s*\w*\[\])\s*$/;

/** A method without its parameters, which say nothing of what stands in it. */
function headOf(owner: string): string {
  return /\b(?:if|else|while|for|switch|match|when)\b/.test(owner)
    ? owner
    : owner.replace(/\([^()]*\)|^[^()]*\)/g, "()");
}

/** Without the sentences of a help text. */
function namesIn(code: string): string {
  return code.replace(/"[^"\n]*"|`[^`]*`/g, (text) => (/\s/.test(text) ? '""' : text));
}

/**
 * Gives every listener of a language whose host was not followed what the program says of it.
 *
 * @param others files of programs that the image does not start
 */
export function giveUsualHosts(
  listeners: readonly Listener[],
  texts: ReadonlyMap<string, string>,
  others: ReadonlySet<string>,
): void {
  const lost = new Map<string, Listener[]>();
  // The address of a listener that was followed is its own.
  const taken: Place[] = [];
  for (const l of listeners) {
    const language = languageOf(l.place.file, texts.get(l.place.file)) ?? "";
    if (LANGUAGES.test(language) && isLost(l)) lost.set(language, [...(lost.get(language) ?? []), l]);
    else taken.push(...ownPlaces(l));
  }
  for (const [language, list] of lost) {
    const found = usualHost(texts, language, list, taken, others);
    const told = found !== "none" ? found : taken.length === 0 ? shippedHost(texts) : undefined;
    if (!told) continue;
    const value: FactValue = { kind: "literal", value: told.host, ...(told.place && { at: told.place }) };
    for (const l of list) {
      l.host = [
        { kind: "option", name: told.name, fallback: [value], ...(told.how !== "declared" && { open: true as const }) },
      ];
      l.guessed = true;
    }
  }
}

/** The host that all addresses to listen at name in the settings which the program ships, when that is localhost. */
function shippedHost(texts: ReadonlyMap<string, string>): (Partial<Found> & Pick<Found, "name" | "host">) | undefined {
  const all = ownAddresses(texts).map(({ name, address }) => ({ name, host: address.replace(/:\d+$/, "") }));
  return all.every(({ host }) => isLocalHost(host)) ? all[0] : undefined;
}

function isLost({ host }: Listener): boolean {
  const lost = host.filter(
    (h) => h.kind === "unknown" || (h.kind === "option" && (h.fallback ?? []).every((f) => f.kind === "unknown")),
  );
  const local = host.filter((h) => h.kind === "literal" && isLocalHost(h.value));
  return lost.length > 0 && lost.length + local.length === host.length;
}
