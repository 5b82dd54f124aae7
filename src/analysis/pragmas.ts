/** `// knbuild ignore=KS010 reason=…` in source and configuration: which lines it is about. */
import { languageOf } from "./project.ts";

export interface SourcePragma {
  ids: string[];
  /** 1-based, inclusive. */
  fromLine: number;
  toLine: number;
  /** Of the comment, in UTF-16 units. */
  start: number;
  end: number;
}

/** How a comment begins; `#` where that is the comment, `//` in its relatives of C. */
const SLASHES = /(?:\/\/+|\/\*+|^\s*\*)\s*$/;
const HASH = /(?:#+!?)\s*$/;
const XML = /<!--\s*$/;
const PRAGMA = /\bknbuild\s+ignore\s*=\s*([\w*-]+(?:\s*,\s*[\w*-]+)*)/g;

function marker(file: string): RegExp {
  const language = languageOf(file);
  if (language === "php") return new RegExp(`${SLASHES.source}|${HASH.source}`);
  if (language === "python" || language === "ruby") return HASH;
  if (language) return SLASHES;
  if (/\.(xml|csproj|html)$/.test(file)) return XML;
  if (/\.json5?$/.test(file)) return SLASHES;
  return HASH;
}

/** All pragmas of a file, by place. A comment of its own is about the next line that is no comment. */
export function readSourcePragmas(file: string, text: string): SourcePragma[] {
  if (!text.includes("knbuild")) return [];
  const out: SourcePragma[] = [];
  const begins = marker(file);
  const lines = text.split("\n");
  let offset = 0;
  lines.forEach((line, index) => {
    for (const m of line.matchAll(PRAGMA)) {
      const before = line.slice(0, m.index);
      const open = begins.exec(before);
      if (!open || inString(before.slice(0, open.index))) continue;
      const alone = before.slice(0, open.index).trim() === "";
      let target = index;
      if (alone) {
        target++;
        while (target < lines.length - 1 && isBlank(lines[target] as string, file)) target++;
      }
      out.push({
        ids: (m[1] as string).split(",").map((id) => id.trim()),
        fromLine: target + 1,
        toLine: target + 1,
        start: offset + open.index + (open[0].length - open[0].trimStart().length),
        end: offset + line.trimEnd().length,
      });
    }
    offset += line.length + 1;
  });
  return out;
}

/** Empty, or a comment too: another pragma may stand between. */
function isBlank(line: string, file: string): boolean {
  const text = line.trim();
  if (text === "" || /^(\*\/|\*\s|\/\*)/.test(text)) return text === "" || languageOf(file) !== undefined;
  return text.startsWith("//") ? languageOf(file) !== undefined : text.startsWith("#") && marker(file) === HASH;
}

/** A quote that is open where the comment would begin. */
function inString(before: string): boolean {
  let open: string | undefined;
  for (let i = 0; i < before.length; i++) {
    const c = before[i] as string;
    if (c === "\\") i++;
    else if (open ? c === open : c === '"' || c === "'" || c === "`") open = open ? undefined : c;
  }
  return open !== undefined;
}
