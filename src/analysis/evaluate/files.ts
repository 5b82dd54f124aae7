/** What a program reads from a settings file that it ships: `yaml.safe_load(open("config.yml"))`, `YAML.load_file(path)`. */
import { SETTINGS_FILE, writtenData } from "../config/shipped.ts";
import type { Call, Expr } from "../ir.ts";
import { lookup, type Scope } from "../scope/scope.ts";
import { type Frame, literal, textOf, UNKNOWN, usually, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";
import { TYPED } from "./settings.ts";

/** What reads a file, or makes data of its text. */
const READS =
  /^(?!readdir)(?:\w*[._])?(?:safe_?|full_?|unsafe_?)?(?:parse|load|loads|read|decode)(?:[A-Z_]\w*)?!?$|_(?:parse|decode)(?:_file)?$/i;
/** What makes one value of a text, or reads what is never settings. */
const OF_ONE = /int$|float$|decode|read|bool|date|url|args|argv/i;
const DEEPEST = 6;

/**
 * The data that a call of a library's function reads, where its argument leads to a file of the program. What stands in it
 * is a default: whoever runs the program may give it another file.
 */
export function loadedFile(
  evaluator: Evaluator,
  called: string,
  { args }: Call,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  const name = called.slice(called.lastIndexOf(".") + 1);
  if (TYPED.test(scope.file.language) || !READS.test(name) || args.length === 0) return undefined;
  const file = fileOf(evaluator, args[0]?.value, scope, frame);
  const data = file === undefined && !OF_ONE.test(name) ? dataIn(evaluator, { args }, scope, frame) : file;
  return data !== null && typeof data === "object" ? asValue(data) : undefined;
}

/** The data of the text of settings that one of the arguments is: `load("app", DEFAULTS)`. */
export function dataIn(
  evaluator: Evaluator,
  { args }: Pick<Call, "args">,
  scope: Scope,
  frame: Frame | undefined,
): unknown {
  for (const { value } of args.slice(0, 2)) {
    if (value.kind === "function") continue;
    const text = textOf(evaluator.eval(value, scope, frame));
    const data = text === undefined ? undefined : writtenData(text);
    if (data !== undefined) return data;
  }
  return undefined;
}

/** The data of the file that an expression names, opens or reads. */
export function fileOf(evaluator: Evaluator, expr: Expr | undefined, scope: Scope, frame: Frame | undefined): unknown {
  if (!expr) return undefined;
  // Of several the last one that is there: `parser.read(["/etc/app.ini", "app.ini"])`.
  if (expr.kind === "array")
    return expr.items.map((item) => fileOf(evaluator, item, scope, frame)).findLast((data) => data !== undefined);
  const parts = pathOf(evaluator, expr, scope, frame);
  const last = parts?.findLastIndex((p) => SETTINGS_FILE.test(p)) ?? -1;
  if (!parts || last < 0) return undefined;
  return evaluator.project.data(parts.slice(0, last + 1).join("/"), scope.file);
}

/** The texts that a path is put together from; undefined where one of them depends on how the program is run. */
function pathOf(
  evaluator: Evaluator,
  expr: Expr,
  scope: Scope,
  frame: Frame | undefined,
  depth = 0,
): string[] | undefined {
  if (depth > DEEPEST || expr.kind === "function") return [];
  const value = usually(evaluator.eval(expr, scope, frame));
  const text = textOf(value);
  if (text !== undefined) return /^[\w./-]+$/.test(text) ? [text] : [];
  // A library, its functions.
  if (value.t === "ref" && !value.path.includes("(")) return [];
  if (value.t === "env" || value.t === "option" || value.t === "derived") return undefined;
  const all = (list: readonly Expr[]): string[] | undefined => {
    const found = list.map((e) => pathOf(evaluator, e, scope, frame, depth + 1));
    return found.every((f) => f !== undefined) ? found.flat() : undefined;
  };
  switch (expr.kind) {
    case "call":
      return all([
        ...(expr.callee.kind === "member" ? [expr.callee.object] : []),
        ...expr.args.filter((a) => a.name === undefined || a.name === "file").map((a) => a.value),
      ]);
    case "binary":
      return all([expr.left, expr.right]);
    case "text":
      return all(expr.parts);
    case "member":
      return all([expr.object]);
    case "other":
      return all(expr.children);
    case "name": {
      const sources = lookup(scope, expr.name)?.sources ?? [];
      const [only] = sources;
      return sources.length === 1 && only?.expr && !only.path
        ? pathOf(evaluator, only.expr, only.scope, frame, depth + 1)
        : [];
    }
    default:
      return [];
  }
}

/** Keys that the file lacks may come from elsewhere. */
export function asValue(data: unknown, name = "", depth = 0): Value {
  if (data === null || depth > DEEPEST) return UNKNOWN;
  if (Array.isArray(data)) return { t: "array", items: data.map((item) => asValue(item, name, depth + 1)) };
  if (typeof data === "object")
    return {
      t: "record",
      members: new Map(Object.entries(data).map(([key, value]) => [key, asValue(value, key, depth + 1)])),
      rest: UNKNOWN,
    };
  if (typeof data !== "string" && typeof data !== "number" && typeof data !== "boolean") return UNKNOWN;
  return { t: "option", name, default: literal(data), open: true };
}
