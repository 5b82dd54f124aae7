/** Of the addresses that a program writes down to listen on, those that are its server's: by name, by file, by how near they stand. */
import { basename, dirname } from "node:path/posix";
import { escaped } from "../../base/escaped.ts";
import { ownCode } from "../comments.ts";
import type { FactValue, Listener, Place } from "../facts.ts";
import { functionSpan } from "../go/functions.ts";
import { isForPeers, isOfPeers } from "../peers.ts";
import { leftOut } from "../project.ts";
import { OTHERS } from "./other-address.ts";
import { plainName } from "./setting-owners.ts";

/** An address that a program writes down as one to listen on. */
export interface Found {
  host: string;
  name: string;
  place: Place;
  /** A variable of its own, or one that is given another value under a condition. */
  how?: "declared" | "assigned" | undefined;
}

/** Words of what listens. */
export const LISTENS =
  /listen|bind|serve(?!r?_?name)|server|http[_.-]?(addr|host|endpoint)|web[_.-]?(addr|host|ui)|(?<![a-z])(rpc|rest|grpc)[_.-]?(addr|host|endpoint)/i;

/** `func WithLocalhost() Option { return func(s *Server) { s.host = "127.0.0.1" } }` of Go, which nobody takes. */
export function isOfUnusedOption(at: number, code: string, texts: ReadonlyMap<string, string>): boolean {
  const { from } = functionSpan(code, at);
  const name = /^func (\w+)\(/.exec(code.slice(from, at))?.[1];
  if (name === undefined || !/\breturn func\(/.test(code.slice(from, at))) return false;
  const use = new RegExp(`(?<!func )(?<![\\w"])${name}(?![\\w"])`);
  return ![...texts].some(
    ([file, text]) => file.endsWith(".go") && text.includes(name) && !leftOut(file) && use.test(ownCode(text, "go")),
  );
}

/** `host == DEFAULT_HOST`, `DEFAULT_HOST.equals(host)` */
export function isCompared(name: string, use: string): boolean {
  const word = escaped(name);
  return new RegExp(
    `[=!]=\\s*(?:\\w+(?:\\.|::))*${word}\\b|\\b${word}\\s*(?:[=!]=|\\.(?:eq|equals)\\w*\\()|\\b(?:eq|equals|contains|starts_?with|HasPrefix)\\w*\\([^()]*\\b${word}\\b`,
    "i",
  ).test(use);
}

/** Go's `u.Host = "localhost:" + port`, where `u` is a URL that somebody else is told. */
export function isPartOfUrl(code: string, at: number): boolean {
  const of = /(\w+)\.Host\s*=\s*$/.exec(code.slice(Math.max(0, at - 60), at))?.[1];
  return of !== undefined && new RegExp(`\\b${of}\\b[^=\\n]{0,20}=\\s*&?url\\.(?:URL|Parse)`).test(code);
}

/** Is it the name, or the last words of the name, that stands where the listener is told its address? */
export function isCalled(name: string, called: ReadonlySet<string>): boolean {
  const plain = plainName(name);
  return [...called].some((c) => plain === c || (c.length > 5 && plain.endsWith(c)));
}

/** Without those of other nodes, unless the listener is for these; without those of metrics or the like, by file, where that leaves any. */
export function withoutOthers(all: readonly Found[], lost: readonly Listener[]): readonly Found[] {
  const served = lost.some((l) => isForPeers(l))
    ? all
    : all.filter(({ name, place: { file } }) => !isOfPeers(name, file));
  const own = served.filter(({ name, place: { file } }) => !isOfPeers(name, file) && !OTHERS.test(basename(file)));
  return own.length > 0 ? own : served;
}

/** What is said where it listens, in its folder or in the part of the program that this belongs to, weighs more than the rest. */
export function nearest(all: readonly Found[], lost: readonly Listener[]): readonly Found[] {
  const folders = new Set(lost.map(({ place }) => dirname(place.file)));
  const parts = new Set([...folders].flatMap((folder) => (GROUPS.test(dirname(folder)) ? [] : [dirname(folder)])));
  const within = (under: ReadonlySet<string>): Found[] =>
    all.filter(({ name, place }) => LISTENS.test(name) && [...under].some((f) => place.file.startsWith(`${f}/`)));
  return [folders, parts].map(within).find((found) => found.length > 0) ?? all;
}

/** Folders that hold the parts of a program, and say nothing of what belongs together. */
const GROUPS = /^\.?$|(?:^|\/)(?:src|lib|pkg|internal|cmd|crates|apps?|modules|packages|java|kotlin)$/;

/** The names of members and constants in the first words of a call: `server.Listen(options.Interface.NodeIp, …)`. */
export function namesAt({ file, start, end }: Place, texts: ReadonlyMap<string, string>): string[] {
  const text = texts.get(file)?.slice(start, Math.min(end, start + 120)) ?? "";
  return [...text.matchAll(/[.:]([A-Za-z]\w{2,})\b(?!\s*[.(:])/g)].map((m) => plainName(m[1] as string));
}

/** A constant of a library (`IPAddress.Loopback`) stands nowhere but in the call. */
export function ownPlaces({ host, place }: Listener): Place[] {
  const places = host.flatMap(placesOf);
  return places.length === 0 && host.some((h) => h.kind === "literal") ? [place] : places;
}

export function placesOf(value: FactValue): Place[] {
  if (value.kind === "literal") return value.at ? [value.at] : [];
  return value.kind === "option" || value.kind === "env" ? (value.fallback ?? []).flatMap(placesOf) : [];
}
