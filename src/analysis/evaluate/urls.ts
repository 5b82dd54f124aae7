/** What a URL is taken apart into, where it is known: `url.parse(config.listen).hostname`, `urlparse(address).port`. */
import { addressApart, splitAddress } from "../collect.ts";
import { type Call, type Expr, lastName } from "../ir.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import { alternatives, envNames, type Frame, literal, partsOf, textOf, UNKNOWN, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

/** Functions and classes that take a URL apart, by language. */
const PARSES: Partial<Record<string, RegExp>> = {
  javascript: /^(?:(?:node:)?url\.(?:parse|URL)|(?:globalThis\.|window\.)?URL)$/,
  python: /^urllib\.parse\.url(?:parse|split)$/,
  ruby: /^(?:Kernel\.)?URI(?:\.parse|\(\))?$/,
  php: /^\\?parse_url$/,
  rust: /^(?:\w+\.)?Url\.parse$/,
};

/** Methods that give a part of it: Rust's and Go's. */
const URL_METHOD = /^(?:host_str|port|port_or_known_default|Hostname|Port)$/;

/** A URL whose host or port is set afterwards. */
const CHANGED = /\.set_(?:ip_)?(?:host|port)\s*\(/;

/** Scheme and host, without a user before it. */
const URL_TEXT = /^[a-z][a-z\d+.-]*:\/\/(?:\[[\da-f:]+\]|[\w.-]+)(?::\d+)?(?:[/?#]|$)/i;

/** The parts of a URL; undefined where `path` is another function, or the URL was not followed to its text. */
export function urlParts(path: string, { language, text }: SourceModule, read: () => Value): Value | undefined {
  if (!PARSES[language]?.test(path) || CHANGED.test(text)) return undefined;
  const given = read();
  if (!URL_TEXT.test(usualText(given) ?? "")) return undefined;
  const { host, port } = splitAddress(given);
  // What else a URL holds is not asked for where a server listens.
  const rest: Value = envNames(given).size > 0 ? { t: "derived", of: [given] } : UNKNOWN;
  const members = new Map([
    ["hostname", host],
    ["port", port],
    ["host_str", host],
    ["port_or_known_default", port],
  ]);
  // JavaScript's `host` has the port in it.
  if (language !== "javascript") members.set("host", host);
  return { t: "record", members, rest };
}

function usualText(v: Value): string | undefined {
  if (v.t === "env" || v.t === "option") return v.default && usualText(v.default);
  const last = v.t === "text" ? v.parts.at(-1) : undefined;
  // `f"http://{HOST}:{free_port()}"`: its port is found while it runs.
  if (v.t !== "text" || last === undefined || textOf(last) !== undefined) return textOf(v);
  const known = textOf({ ...v, parts: v.parts.slice(0, -1) });
  return known?.endsWith(":") ? `${known}0` : undefined;
}

/** `url.host_str()`, `u.Port()` of a URL that was taken apart. */
export function isPartOfUrl(evaluator: Evaluator, { callee }: Call, scope: Scope, frame: Frame | undefined): boolean {
  if (!/^(go|rust)$/.test(scope.file.language) || callee.kind !== "member" || !URL_METHOD.test(callee.property))
    return false;
  return alternatives(evaluator.eval(callee.object, scope, frame)).some((v) => v.t === "record");
}

/** `"127.0.0.1:8080".split(":")`: host and port; Python's `rpartition(":")` has what it parts by between them. */
function addressIn(object: Value, { args, callee }: Call): Value | undefined {
  const by = args[0]?.value;
  const apart =
    by?.kind === "literal" ? (addressApart(object, by.value) ?? textApart(object, by.value, args.length)) : undefined;
  if (apart?.t !== "array" || !lastName(callee)?.endsWith("partition")) return apart;
  return { t: "array", items: [apart.items[0] ?? UNKNOWN, literal(":"), apart.items[1] ?? UNKNOWN] };
}

/** `"http://localhost:8000".split("//")`: its parts, where they hold an address. */
function textApart(object: Value, by: unknown, given: number): Value | undefined {
  const text = usualText(object);
  // `"127.0.0.1".split(",")`: a list of addresses that has one.
  if (given === 1 && by === "," && text && !text.includes(",")) return { t: "array", items: [object] };
  if (given !== 1 || typeof by !== "string" || !/^(?::?\/\/|\/|:|,)$/.test(by) || !text?.includes(by)) return undefined;
  return { t: "array", items: partsOf(object, by) };
}

/** Java's `uri.getHost()`, Rust's `url.host_str()`, where the URI is held as its text. */
function partOfUri(uri: Value, method: string): Value | undefined {
  if (!URL_TEXT.test(usualText(uri) ?? "")) return undefined;
  if (method === "authority") return uri;
  return splitAddress(uri)[/^(?:getHost|host|host_str)$/.test(method) ? "host" : "port"];
}

const PART_OF_URI: Partial<Record<string, RegExp>> = {
  java: /^get(?:Host|Port)$/,
  rust: /^(?:host|host_str|port|port_or_known_default|port_u16|authority)$/,
};

/** `address.slice(0, at)`, `address.slice(at + 1)`, where that is its colon; PHP's `substr($address, 0, $at)`. */
export function partOf(object: Value, [from, to]: readonly (Expr | undefined)[]): Value | undefined {
  const apart = from && !(to && from.kind !== "literal") ? addressApart(object, ":") : undefined;
  if (apart?.t !== "array") return undefined;
  return to
    ? from?.kind === "literal" && from.value === 0
      ? apart.items[0]
      : undefined
    : from?.kind === "literal"
      ? undefined
      : apart.items[1];
}

/** What a method gives of the address on which it is called, where that is known. */
export function addressPart(object: Value, call: Call, language: string): Value | undefined {
  const method = lastName(call.callee) ?? "";
  if (/^r?(?:split|partition)$/.test(method)) return addressIn(object, call);
  if (/^(?:slice|substring|substr)$/.test(method))
    return partOf(
      object,
      call.args.map((a) => a.value),
    );
  // `url.Replace("http://", "https://")`: where it is stays the same.
  const [from] = /^[rR]eplace$/.test(method) ? call.args : [];
  if (from?.value.kind === "literal" && /^https?(?::\/\/)?$/.test(String(from.value.value))) return object;
  return PART_OF_URI[language]?.test(method) ? partOfUri(object, method) : undefined;
}
