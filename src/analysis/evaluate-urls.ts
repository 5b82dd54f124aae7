/** What a URL is taken apart into, where it is known: `url.parse(config.listen).hostname`, `urlparse(address).port`. */
import { splitAddress } from "./collect.ts";
import type { Evaluator } from "./evaluate.ts";
import type { Call } from "./ir.ts";
import type { Scope } from "./scope.ts";
import { alternatives, envNames, type Frame, textOf, UNKNOWN, type Value } from "./values.ts";

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

/** Scheme and host, without a user before it. */
const URL_TEXT = /^[a-z][a-z\d+.-]*:\/\/(?:\[[\da-f:]+\]|[\w.-]+)(?::\d+)?(?:[/?#]|$)/i;

/** The parts of a URL; undefined where `path` is another function, or the URL was not followed to its text. */
export function urlParts(path: string, language: string, read: () => Value): Value | undefined {
  if (!PARSES[language]?.test(path)) return undefined;
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
  if (v.t !== "env" && v.t !== "option") return textOf(v);
  return v.default && usualText(v.default);
}

/** `url.host_str()`, `u.Port()` of a URL that was taken apart. */
export function isPartOfUrl(evaluator: Evaluator, { callee }: Call, scope: Scope, frame: Frame | undefined): boolean {
  if (!/^(go|rust)$/.test(scope.file.language) || callee.kind !== "member" || !URL_METHOD.test(callee.property))
    return false;
  return alternatives(evaluator.eval(callee.object, scope, frame)).some((v) => v.t === "record");
}
