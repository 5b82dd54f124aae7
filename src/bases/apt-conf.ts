/** Reads apt.conf(5), as far as fetching goes: proxies, the CA file, whether Valid-Until is checked. */
import { join } from "node:path";
import { namesIn, textOf } from "./apt-files.ts";

/** Full names in lower case (`acquire::http::proxy`); the last value given wins. */
export type AptConf = ReadonlyMap<string, string>;

/** Reads `apt.conf.d/*` in apt's order, then `apt.conf`. A machine without apt gives an empty map. */
export function readAptConf(aptDir: string): AptConf {
  const values = new Map<string, string>();
  const parts = join(aptDir, "apt.conf.d");
  for (const name of namesIn(parts)) {
    // run-parts' rule, as apt has it: other names are backups and leftovers.
    if (/^[A-Za-z0-9_-]+(?:\.conf)?$/.test(name)) parseAptConf(textOf(join(parts, name)), values);
  }
  parseAptConf(textOf(join(aptDir, "apt.conf")), values);
  return values;
}

/** Adds the values of one file to `into`. Unknown syntax is passed over: apt itself will say what is wrong with it. */
export function parseAptConf(text: string, into = new Map<string, string>()): Map<string, string> {
  const tokens = tokenize(text);
  const scope: string[][] = [];
  let words: string[] = [];
  for (const token of tokens) {
    if (token === "{") {
      scope.push(words[0]?.split("::") ?? []);
      words = [];
    } else if (token === "}") {
      scope.pop();
      words = [];
    } else if (token === ";") {
      const [name, value] = words;
      if (name !== undefined && value !== undefined) {
        into.set([...scope.flat(), ...name.split("::")].filter(Boolean).join("::").toLowerCase(), value);
      }
      words = [];
    } else words.push(token.startsWith('"') ? token.slice(1, -1) : token);
  }
  return into;
}

function tokenize(text: string): string[] {
  // Comments first: `//` and `#` to the end of the line, and `/* */`; a quoted URL keeps its slashes.
  const pattern = /"[^"\n]*"|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|[{};]|[^\s{};"]+/g;
  return (text.match(pattern) ?? []).filter((token) => !/^(?:\/\/|#|\/\*)/.test(token));
}
