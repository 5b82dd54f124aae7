/** What a URL is taken apart into, where it is known: `url.parse(config.listen).hostname`, `urlparse(address).port`. */
import { splitAddress } from "./collect.ts";
import { envNames, textOf, UNKNOWN, type Value } from "./values.ts";

/** Functions and classes that take a URL apart, by language. */
const PARSES: Partial<Record<string, RegExp>> = {
  javascript: /^(?:(?:node:)?url\.(?:parse|URL)|(?:globalThis\.|window\.)?URL)$/,
  python: /^urllib\.parse\.url(?:parse|split)$/,
  ruby: /^(?:Kernel\.)?URI(?:\.parse|\(\))?$/,
  php: /^\\?parse_url$/,
};

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
  ]);
  // JavaScript's `host` has the port in it.
  if (language !== "javascript") members.set("host", host);
  return { t: "record", members, rest };
}

function usualText(v: Value): string | undefined {
  if (v.t !== "env" && v.t !== "option") return textOf(v);
  return v.default && usualText(v.default);
}
