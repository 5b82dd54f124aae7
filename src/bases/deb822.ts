/** Debian's control format (deb822(5)): paragraphs of `Name: value` with continuation lines. */

/** Field names in lower case; continuation lines joined by newlines, their first blank removed. */
export type Paragraph = Map<string, string>;

/**
 * Cuts a stream of text into paragraphs and gives only the wanted fields of each, so that an index of 60 MB costs no more
 * memory than its longest paragraph.
 */
export async function* parseParagraphs(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  wanted?: ReadonlySet<string>,
): AsyncGenerator<Paragraph> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    rest += decoder.decode(chunk, { stream: true });
    const end = rest.lastIndexOf("\n\n");
    if (end < 0) continue;
    for (const text of rest.slice(0, end).split(/\n\n+/)) {
      const paragraph = parseParagraph(text, wanted);
      if (paragraph.size > 0) yield paragraph;
    }
    rest = rest.slice(end + 2);
  }
  for (const text of (rest + decoder.decode()).split(/\n(?:[ \t]*\n)+/)) {
    const paragraph = parseParagraph(text, wanted);
    if (paragraph.size > 0) yield paragraph;
  }
}

/** All paragraphs of a text that is in memory already (a `.sources` file, a control file). */
export function parseDeb822(text: string): Paragraph[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n(?:[ \t]*\n)+/)
    .map((part) => parseParagraph(part))
    .filter((paragraph) => paragraph.size > 0);
}

function parseParagraph(text: string, wanted?: ReadonlySet<string>): Paragraph {
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
    const key = line.slice(0, colon).toLowerCase();
    name = !wanted || wanted.has(key) ? key : undefined;
    if (name !== undefined) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
