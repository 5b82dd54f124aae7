/** JSON and JSONC with errors that name line and column; JSON.parse alone does not on every Node. */
import { KnbuildError } from "./errors.ts";

/** @throws JSON_INVALID with `where` = `file:line:column`. */
export function parseJson(text: string, file: string, options: { comments?: boolean } = {}): unknown {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (!options.comments) {
    try {
      return JSON.parse(clean);
    } catch {
      // The reader below finds the place.
    }
  }
  const reader = createReader(clean, options.comments ?? false);
  try {
    return reader.document();
  } catch (error) {
    if (!(error instanceof SyntaxAt)) throw error;
    const before = clean.slice(0, error.offset).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    const source = clean.split("\n")[line - 1] ?? "";
    throw new KnbuildError({
      code: "JSON_INVALID",
      message: `${file} is not valid JSON: ${error.message}`,
      where: `${file}:${line}:${column}`,
      detail:
        source.length < 200
          ? `${line} | ${source}\n${" ".repeat(String(line).length)} | ${" ".repeat(column - 1)}^`
          : undefined,
      hint: `Correct ${file} at line ${line}, column ${column}.`,
    });
  }
}

class SyntaxAt extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function createReader(text: string, comments: boolean): { document(): unknown } {
  let at = 0;
  const fail = (what: string): never => {
    const found = at < text.length ? JSON.stringify(text[at]) : "the end of the file";
    throw new SyntaxAt(`${what}, found ${found}`, at);
  };

  function blank(): void {
    for (;;) {
      while (at < text.length && " \t\r\n".includes(text[at] as string)) at++;
      if (!comments || text[at] !== "/") return;
      if (text[at + 1] === "/") {
        const end = text.indexOf("\n", at);
        at = end < 0 ? text.length : end;
      } else if (text[at + 1] === "*") {
        const end = text.indexOf("*/", at + 2);
        at = end < 0 ? text.length : end + 2;
      } else return;
    }
  }

  function string(): string {
    const start = at++;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === "\n") fail("a string must end on its line");
      at += text[at] === "\\" ? 2 : 1;
    }
    if (at >= text.length) {
      at = start;
      throw new SyntaxAt("a string that does not end", start);
    }
    at++;
    try {
      return JSON.parse(text.slice(start, at)) as string;
    } catch {
      throw new SyntaxAt("a string with a bad escape or a control character", start);
    }
  }

  function members<T>(close: string, member: () => T): void {
    at++;
    blank();
    if (text[at] === close) {
      at++;
      return;
    }
    for (;;) {
      member();
      blank();
      if (text[at] === ",") {
        const comma = at++;
        blank();
        if (text[at] !== close) continue;
        if (!comments) throw new SyntaxAt(`a comma before ${JSON.stringify(close)}`, comma);
      }
      if (text[at] !== close) fail(`expected "," or ${JSON.stringify(close)}`);
      at++;
      return;
    }
  }

  function value(): unknown {
    blank();
    const first = text[at];
    if (first === "{") {
      const object: Record<string, unknown> = {};
      members("}", () => {
        blank();
        if (text[at] !== '"') fail("expected a name in double quotes");
        const name = string();
        blank();
        if (text[at] !== ":") fail('expected ":"');
        at++;
        Object.defineProperty(object, name, { value: value(), enumerable: true, writable: true, configurable: true });
      });
      return object;
    }
    if (first === "[") {
      const list: unknown[] = [];
      members("]", () => list.push(value()));
      return list;
    }
    if (first === '"') return string();
    const word = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(text.slice(at, at + 64))?.[0];
    if (!word) return fail("expected a value");
    at += word.length;
    return JSON.parse(word);
  }

  return {
    document() {
      const result = value();
      blank();
      if (at < text.length) fail("expected the end of the file");
      return result;
    },
  };
}
