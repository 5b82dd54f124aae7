/**
 * What a program uses of Node's own modules that later releases have taken away: it fails when it gets there. By the text
 * alone; where the code asks first whether it is there, nothing is said.
 */
import type { FileAnalysis } from "./analysis.ts";

export interface GoneApi {
  /** As the code writes it: `util.isRegExp`. */
  uses: string;
  /** The first major of Node that lacks it. */
  since: number;
}

/** Functions of a module, by the first major without them (nodejs.org/api/deprecations.html, "End-of-Life"). */
const FUNCTIONS: readonly { module: string; names: string; since: number }[] = [
  {
    module: "util",
    names:
      "isBoolean|isBuffer|isDate|isError|isFunction|isNull|isNullOrUndefined|isNumber|isObject|isPrimitive|isRegExp|isString|isSymbol|isUndefined|log",
    since: 23,
  },
  { module: "timers", names: "enroll|unenroll|active|_unrefActive", since: 24 },
  { module: "tls", names: "createSecurePair", since: 24 },
];

/**
 * Calls that are told by their text: `writeHeader("name", …)` is another server's, and who knows rm() takes rmdir() where that is
 * missing.
 */
const CALLS: readonly { call: RegExp; unless?: RegExp; uses: string; since: number }[] = [
  { call: /\w\.writeHeader\(\s*\d{3}\b/, uses: "response.writeHeader", since: 26 },
  {
    call: /\b(?:fs|fsp|fsPromises|fs\.promises)\.rmdir(?:Sync)?\([^{};]*,\s*\{\s*recursive:\s*true\b/,
    unless: /\brm(?:Sync)?\b/,
    uses: "fs.rmdir with recursive",
    since: 26,
  },
];

/** Modules that are gone; whoever tries may cope with that. */
const MODULE = /^(?:node:)?_stream_(?:duplex|passthrough|readable|transform|writable|wrap)$/;
const MODULES_SINCE = 26;

/**
 * Who wants its prototype at the top level, which stands at the beginning of a line, fails when it is loaded. safe-buffer and
 * iconv-lite, which half of all programs have, name SlowBuffer in functions that nobody calls.
 */
const SLOW_BUFFER = /^\S[^\n]*\bSlowBuffer\s*\.\s*prototype\b/m;
const SLOW_BUFFER_SINCE = 25;

export function goneApi(text: string, requests: FileAnalysis["requests"]): GoneApi | undefined {
  const found: GoneApi[] = [];
  for (const { module, names, since } of FUNCTIONS) {
    const name = namedCall(text, module, names);
    if (name !== undefined) found.push({ uses: `${module}.${name}`, since });
  }
  for (const { call, unless, uses, since } of CALLS)
    if (call.test(text) && !unless?.test(text)) found.push({ uses, since });
  if (SLOW_BUFFER.test(text) && /["'](?:node:)?buffer["']/.test(text))
    found.push({ uses: "buffer.SlowBuffer", since: SLOW_BUFFER_SINCE });
  const module = /\btry\b/.test(text) ? undefined : requests.find(({ specifier }) => MODULE.test(specifier));
  if (module) found.push({ uses: module.specifier, since: MODULES_SINCE });
  return found.sort((a, b) => a.since - b.since)[0];
}

/** A CommonJS script by its text: what has no extension is an ES module from Node 26 on, where its package is one (yargs 16 and 17). */
export function requiresInModule(text: string): boolean {
  return /\brequire\s*\(|\bmodule\.exports\b/.test(text) && !/^\s*(?:import|export)\b/m.test(text);
}

/** A function of the module that is called, and nowhere looked at before. */
function namedCall(text: string, module: string, names: string): string | undefined {
  const from = `["'](?:node:)?${module}["']`;
  if (!new RegExp(from).test(text)) return undefined;
  const required = `(?:[\\w$.]+\\()?require\\(\\s*${from}\\s*\\)`;
  const holders = [
    ...text.matchAll(new RegExp(`([\\w$]+)\\s*=\\s*${required}\\)?(?!\\s*[.(])`, "g")),
    ...text.matchAll(new RegExp(`\\bimport\\s+(?:\\*\\s*as\\s+)?([\\w$]+)\\s+from\\s*${from}`, "g")),
  ].map((match) => match[1] as string);
  for (const holder of new Set(holders)) {
    const member = `(?<![\\w$.])${holder.replaceAll("$", "\\$")}\\s*\\.\\s*`;
    const called = [...text.matchAll(new RegExp(`${member}(${names})\\s*\\(`, "g"))].map((match) => match[1] as string);
    const name = called.find((one) => !new RegExp(`${member}${one}\\b(?!\\s*\\()`).test(text));
    if (name !== undefined) return name;
  }
  return undefined;
}
