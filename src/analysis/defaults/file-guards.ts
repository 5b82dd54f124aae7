/** Conditions over whether a file is there. */
import { type Call, type Expr, lastName } from "../ir.ts";
import type { Guard } from "../scope/scope.ts";
import { isKeyed, isNull, type Value } from "../values.ts";

const ASKS = /^(?:exists|existsSync|is_?file|exists?\?|file\?|file_exists|is_?dir)$/i;

/** `os.path.exists("/usr/share/vendor/marker")`: a file of a system that the image is not. What lies elsewhere may be mounted, or be the program itself. */
export function existing({ callee, args }: Call): string | undefined {
  const path = args.length === 1 ? args[0]?.value : undefined;
  if (path?.kind !== "literal" || typeof path.value !== "string") return undefined;
  const asks = ASKS.test(lastName(callee) ?? "");
  return asks && /^\/(usr\/(share|lib)|lib|boot|System|Library)\/(?!.*(docker|container|kube))/.test(path.value)
    ? path.value
    : undefined;
}

/** A table of settings, of which a file that the user may have says more. */
export function unlessRead(table: Value): Value {
  return { t: "option", name: "its configuration", default: table, open: true };
}

/** The table itself, or the one over which a file may say more. */
export function tableIn(v: Value): Value | undefined {
  const table = v.t === "option" ? v.default : v;
  return table && isKeyed(table) ? table : undefined;
}

/** What was read from a table by a key: where a file may say more, it is so unless the file says otherwise. */
export function unlessSaid(from: Value, read: Value | undefined): Value | undefined {
  if (from.t !== "option" || read === undefined) return read;
  if (read.t === "absent" || isNull(read)) return { t: "option", name: from.name, open: true };
  return read.t === "literal" ? { ...from, default: read } : read;
}

/** Does a branch run where a file is there, or where it is not? */
export function asksForFile({ test, negated }: Guard): boolean | undefined {
  if (test.kind === "binary") return isAbsence(test) ? negated : undefined;
  if (test.kind !== "call") return undefined;
  const inner = lastName(test.callee) === "!" ? test.args[0]?.value : undefined;
  if (inner) return asksForFile({ test: inner, negated: !negated });
  const name = lastName(test.callee) ?? "";
  // Go's `os.IsNotExist(err)`
  if (name === "IsNotExist") return negated;
  return ASKS.test(name) ? !negated : undefined;
}

/** `err.code === "ENOENT"`, `err && err.code === "ENOENT"` */
function isAbsence(test: Expr): boolean {
  if (test.kind !== "binary") return false;
  if (test.operator === "&&" || test.operator === "and") return isAbsence(test.left) || isAbsence(test.right);
  const isCode = (e: Expr): boolean => e.kind === "literal" && e.value === "ENOENT";
  return /^={2,3}$/.test(test.operator) && (isCode(test.left) || isCode(test.right));
}
