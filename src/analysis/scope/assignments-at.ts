/** Which of the assignments to a name count at a place. */

import { isCaught } from "../defaults/caught.ts";
import { mentions } from "../defaults/joined.ts";
import type { Expr } from "../ir.ts";
import { writtenName } from "./block-names.ts";
import type { Binding, Scope, Source } from "./scope.ts";

/** What a name is given apart from the assignment that it stands in. */
export function otherSources(binding: Binding, at: Expr | undefined): readonly Source[] {
  if (!at || binding.sources.length < 2) return binding.sources;
  const { name, scope } = binding;
  const sources = sinceSet(binding, at);
  // `address += x` puts x behind what was there before.
  const before = sources.some(({ expr }) => expr?.kind === "binary" && expr.left === at && expr.start === at.start)
    ? sources.filter((s) => s.expr && s.expr.start < at.start)
    : [];
  if (before.length > 0) return before;
  const others = sources.filter((s) => !s.expr || (!holds(s.expr, at) && !(isReset(s.expr) && s.expr.start > at.end)));
  if (others.length > 1 && scope.file.language === "rust") return inSight(others, name, at);
  return others.length ? others : sources;
}

/** `host = config.host || "localhost"` above the place, under no condition: what the name was before that is gone. */
function sinceSet({ name, sources, scope }: Binding, at: Expr): readonly Source[] {
  const { text, language } = scope.file;
  if (language === "rust" || text.slice(at.start, at.end).replace(/^\$/, "") !== writtenName(name).replace(/^\$/, ""))
    return sources;
  const last = sources.findLast(
    (s) =>
      s.expr !== undefined &&
      s.scope.fn !== undefined &&
      s.scope.file === scope.file &&
      !s.guards &&
      s.expr.end <= at.start &&
      at.end <= s.scope.fn.end &&
      // `except: data = None`: mostly it is what was tried.
      !isCaught(s),
  );
  // `command += [app]` is put behind what was there.
  const before = last?.expr && text.slice(Math.max(0, last.expr.start - 8), last.expr.start);
  if (!last?.expr || /[^=!<>:\w\s)\]]=\s*$/.test(before ?? "")) return sources;
  if (!isGrown(last.expr, name) && mentions(last.expr, name, last.scope)) return sources;
  const { start } = last.expr;
  return sources.filter(
    (s) => s === last || (s.scope.fn !== undefined && (s.scope.fn !== last.scope.fn || !s.expr || s.expr.end > start)),
  );
}

/** `command .= " --host"`, lowered: it holds what the name was before. */
function isGrown(e: Expr, name: string): boolean {
  return e.kind === "binary" && /^[+.]$/.test(e.operator) && e.left.kind === "name" && e.left.name === name;
}

/** Each `let` of Rust makes another name of it: the last one before a place is meant there. */
function inSight(sources: readonly Source[], name: string, at: Expr): readonly Source[] {
  const open = sources.filter((s) => !((s.expr?.start ?? 0) > at.end && isLet(s, name)));
  const last = open.findLastIndex((s) => !s.guards && s.expr && s.expr.end <= at.start && isLet(s, name));
  return last > 0 ? open.slice(last) : open.length > 0 ? open : sources;
}

/** Asked again at each place where the name stands. */
const LETS = new WeakMap<Source, boolean>();

function isLet(source: Source, name: string): boolean {
  let known = LETS.get(source);
  if (known === undefined) {
    const { expr, scope } = source;
    const before = expr ? scope.file.text.slice(Math.max(0, expr.start - 100), expr.start) : "";
    known = new RegExp(`\\blet\\s+(?:mut\\s+)?${writtenName(name)}\\b[^=;]*=\\s*$`).test(before);
    LETS.set(source, known);
  }
  return known;
}

/** Rust's `address.set_port(port)`: of what was read before it says nothing. */
function isReset(e: Expr): boolean {
  return e.kind === "call" && e.callee.kind === "name" && /^set_(?:port|ip)!$/.test(e.callee.name);
}

export function holds(outer: Expr, inner: Expr): boolean {
  return outer.start <= inner.start && inner.end <= outer.end && outer.kind !== "function";
}

/** Where a local name is in sight only from its declaration on. */
const BY_LINES = /^(go|rust)$/;

/** Go's `signal := <-quit` hides the package from the next line on; on the right of `api := api.New()` stands the outer one. */
export function isLater(b: Binding, at: Expr | undefined): boolean {
  // A parameter is there before it is given anew: `host = host.strip()`.
  if (!at || b.sources.length === 0 || b.param) return false;
  if (b.sources.every((s) => s.expr && holds(s.expr, at))) return true;
  if (!BY_LINES.test(b.scope.file.language) || b.import || b.fn || b.class) return false;
  const local = b.scope.kind !== "class" && b.scope.parent !== undefined;
  return local && b.sources.every((s) => s.expr !== undefined && s.expr.start > at.end);
}

/** `s.Host = h` behind `net.Listen("tcp", s.Host)` in one function: read back, it says nothing of what was given. */
export function isAfter(s: Source, at: Expr, scope: Scope): boolean {
  if (!BY_LINES.test(scope.file.language) || !s.expr || !scope.fn || s.scope.fn !== scope.fn) return false;
  return s.expr.start > at.end;
}
