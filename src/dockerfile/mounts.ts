/** `RUN --mount=type=cache,target=/x,…` (instructions/commands_runmount.go). */

export interface Mount {
  /** bind where none is given. */
  type: string;
  from?: string;
  source?: string;
  target?: string;
  id?: string;
  required?: boolean;
  /** All keys as written, in lower case. */
  options: Record<string, string>;
}

const KEYS = new Set(
  "type from source src target dst destination readonly ro readwrite rw required size id sharing mode uid gid env".split(
    " ",
  ),
);

/** One CSV record; quotes double to stand for themselves. @returns undefined where it is no CSV */
function fields(value: string): string[] | undefined {
  const out: string[] = [];
  let at = 0;
  for (;;) {
    if (value[at] === '"') {
      let field = "";
      at++;
      for (;;) {
        const close = value.indexOf('"', at);
        if (close < 0) return undefined;
        field += value.slice(at, close);
        at = close + 1;
        if (value[at] !== '"') break;
        field += '"';
        at++;
      }
      out.push(field);
      if (at >= value.length) return out;
      if (value[at] !== ",") return undefined;
      at++;
    } else {
      const comma = value.indexOf(",", at);
      const field = comma < 0 ? value.slice(at) : value.slice(at, comma);
      if (field.includes('"')) return undefined;
      out.push(field);
      if (comma < 0) return out;
      at = comma + 1;
    }
  }
}

/** Reads what there is; nothing is refused here. */
export function readMount(value: string): Mount {
  const mount: Mount = { type: "bind", options: {} };
  for (const field of fields(value) ?? []) {
    const equals = field.indexOf("=");
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const text = equals < 0 ? "" : field.slice(equals + 1);
    mount.options[key] = text;
    if (key === "type") mount.type = text.toLowerCase();
    else if (key === "from") mount.from = text;
    else if (key === "source" || key === "src") mount.source = text;
    else if (key === "target" || key === "dst" || key === "destination") mount.target = text;
    else if (key === "id") mount.id = text;
    else if (key === "required") mount.required = text !== "false";
  }
  return mount;
}

/** What BuildKit refuses before anything is expanded. @returns the message, or undefined */
export function checkMount(value: string): string | undefined {
  const list = fields(value);
  if (!list) return "failed to parse csv mounts";
  for (const field of list) {
    const equals = field.indexOf("=");
    if (equals < 0) continue;
    const key = field.slice(0, equals).toLowerCase();
    const text = field.slice(equals + 1);
    const dollar = text.indexOf("$");
    if (key === "from" && dollar >= 0 && dollar !== text.length - 1) {
      return "'from' doesn't support variable expansion, define alias stage instead";
    }
    if (!KEYS.has(key)) return `unexpected key '${key}' in '${field}'`;
  }
  return undefined;
}
