/** Debian's control format (deb822(5)): paragraphs of `Name: value` with continuation lines. */

/** Field names in lower case; continuation lines joined by newlines, their first blank removed. */
export type Paragraph = Map<string, string>;

/** All paragraphs of a text that is in memory already (a `.sources` file, a control file). */
export function parseDeb822(text: string): Paragraph[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n(?:[ \t]*\n)+/)
    .map((part) => parseParagraph(part))
    .filter((paragraph) => paragraph.size > 0);
}

function parseParagraph(text: string): Paragraph {
  const fields: Paragraph = new Map();
  let name: string | undefined;
  for (const line of text.split("\n")) {
    const first = line.charCodeAt(0);
    if (first === 0x23) continue;
    if (first === 0x20 || first === 0x09) {
      if (name !== undefined) fields.set(name, `${fields.get(name)}\n${line.slice(1)}`);
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0) {
      name = undefined;
      continue;
    }
    name = line.slice(0, colon).toLowerCase();
    fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
