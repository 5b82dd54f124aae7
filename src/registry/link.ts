/** The Link header, by RFC 8288 3: several links in one header, quoted strings, parameters in any case. */

/** `<`URL`>`; some write it bare. */
const TARGET = /[\s,;]*(?:<([^>]*)>|([^\s<,;]+))/y;
/** A name, with or without a value; some leave the semicolon out, some quote with the other quotes. */
const PARAMETER = /(?:\s*;)*\s*([!#$&+\-.^_`|~*0-9A-Za-z]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s;,]*)))?/y;

/** Where the list goes on; undefined: it ends here. */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  for (TARGET.lastIndex = 0; ; ) {
    const target = TARGET.exec(header);
    if (!target) return undefined;
    PARAMETER.lastIndex = TARGET.lastIndex;
    let relation: string | undefined;
    for (let end = PARAMETER.lastIndex; ; end = PARAMETER.lastIndex) {
      const found = PARAMETER.exec(header);
      TARGET.lastIndex = end;
      if (!found) break;
      const [, name = "", quoted, other, bare] = found;
      // "The rel parameter MUST NOT appear more than once": the first counts.
      if (name.toLowerCase() === "rel") relation ??= quoted ?? other ?? bare ?? "";
    }
    if (relation?.toLowerCase().split(/\s+/).includes("next")) return (target[1] ?? target[2] ?? "").trim();
  }
}
