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

/** As Go's strconv.ParseBool takes it. */
export const BOOLEAN = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/;

/** One CSV record; quotes double to stand for themselves. @returns undefined where it is no CSV */
export function csvFields(value: string): string[] | undefined {
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
  for (const field of csvFields(value) ?? []) {
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
  const list = csvFields(value);
  if (!list) return "failed to parse csv mounts";
  const bad = list.some((field) => {
    const [, text] = /^from=(.*)$/is.exec(field) ?? [];
    const dollar = text?.indexOf("$") ?? -1;
    return dollar >= 0 && dollar !== (text as string).length - 1;
  });
  return bad ? "'from' doesn't support variable expansion, define alias stage instead" : undefined;
}

export const MOUNT_TYPES = ["bind", "cache", "tmpfs", "secret", "ssh"];
const BARE = new Set(["readonly", "ro", "readwrite", "rw"]);

/**
 * What it refuses when it comes to the instruction.
 * @param expand puts variables into a value
 * @returns the message, or undefined
 */
export function mountProblem(value: string, expand: (text: string) => string): string | undefined {
  let type = "bind";
  const given = new Map<string, string>();
  for (const field of csvFields(value) ?? []) {
    const equals = field.indexOf("=");
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    const bound = type === "secret" || type === "ssh";
    if (equals < 0) {
      if (BARE.has(key) || (key === "required" && bound)) continue;
      return key === "required" ? foreignKey(key, type) : `invalid field '${field}' must be a key=value pair`;
    }
    const text = expand(field.slice(equals + 1));
    if (key === "type") type = text.toLowerCase();
    const problem =
      (key === "required" && !bound) || (key === "size" && type !== "tmpfs")
        ? foreignKey(key, type)
        : valueProblem(key, text, field);
    if (problem) return problem;
    given.set(KEY_NAMES[key] ?? key, text);
  }
  const has = (key: string): boolean => (given.get(key) ?? "") !== "";
  if (type === "bind" || type === "tmpfs") {
    const key = ["mode", "uid", "gid"].find((one) => given.has(one));
    if (key) return `${key} not allowed for "${type}" type mounts`;
  }
  if (type === "secret") {
    if (has("from")) return "secret mount should not have a from";
    if (has("sharing")) return "secret mount should not define sharing";
    if (!has("source") && !has("target") && !has("id")) return "invalid secret mount. one of source, target required";
    if (has("source") && has("id")) return "both source and id can't be set";
  }
  return has("sharing") && type !== "cache" ? `invalid cache sharing set for ${type} mount` : undefined;
}

const KEY_NAMES: Readonly<Record<string, string>> = { src: "source", dst: "target", destination: "target" };

function foreignKey(key: string, type: string): string {
  return `unexpected key '${key}' for mount type '${type}'`;
}

function valueProblem(key: string, text: string, field: string): string | undefined {
  const number = (form: RegExp, base: number): boolean => form.test(text) && Number.parseInt(text, base) < 2 ** 32;
  switch (key) {
    case "type":
      return MOUNT_TYPES.includes(text.toLowerCase()) ? undefined : `unsupported mount type ${JSON.stringify(text)}`;
    case "sharing":
      return ["shared", "private", "locked"].includes(text.toLowerCase())
        ? undefined
        : `unsupported sharing value ${JSON.stringify(text)}`;
    case "readonly":
    case "ro":
    case "readwrite":
    case "rw":
    case "required":
      return BOOLEAN.test(text) ? undefined : `invalid value for ${key}: ${text}`;
    case "size":
      return /^\d+(?:\.\d+)? ?(?:[kmgtp]i?b?|b)?$/i.test(text) ? undefined : `invalid value for ${key}: ${text}`;
    case "mode":
      return number(/^[0-7]+$/, 8) ? undefined : `invalid value ${text} for mode`;
    case "uid":
    case "gid":
      return number(/^\d+$/, 10) ? undefined : `invalid value ${text} for ${key}`;
    default:
      return KEYS.has(key) ? undefined : `unexpected key '${key}' in '${field}'`;
  }
}
