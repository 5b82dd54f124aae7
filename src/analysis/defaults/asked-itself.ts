/** Is something assigned where it is there itself? `if (x) y = x`, `if x is not None: y = x`, `if (isset($x)) $y = $x`. */
import { escaped } from "../../base/escaped.ts";
import type { Expr } from "../ir.ts";
import type { Guard, Source } from "../scope/scope.ts";

const NOTHING = `(?:""|''|nil|null|undefined|None|false)`;
/** What asks whether something (`X`) is there, as languages write it. */
const THERE: readonly string[] = [
  `X(?: ?!==? ?${NOTHING})?`,
  `${NOTHING} ?!==? ?X`,
  "X is not (?:None|null|nil)",
  String.raw`X is \{ ?\}`,
  String.raw`isset\(X\)`,
  String.raw`(?:! ?|not )(?:empty|is_null)\(X\)`,
  String.raw`(?:is_string|filled|bool|defined)\(X\)`,
  String.raw`(?:! ?|not )X(?:\.nil\?|\.empty\?|\.blank\?|\.(?:isEmpty|isBlank|is_empty)\(\))`,
  String.raw`X\.(?:present\?|HasValue|isPresent\(\)|is_some\(\)|trim\(\))`,
  String.raw`(?:! ?|not )(?:[Ss]tring|StringUtils|Strings|TextUtils)\.(?:IsNullOr(?:Empty|WhiteSpace)|is(?:NullOr)?(?:Empty|Blank))\(X\)`,
  String.raw`(?:StringUtils|StrUtil|ObjectUtils)\.(?:isNot(?:Empty|Blank)|hasText|hasLength)\(X\)`,
  String.raw`(?:len|strlen|count)\((?:trim\()?X\)?\) ?(?:>|!==?) ?0`,
  String.raw`X(?:\??\.trim\(\))?\??\.(?:length|Length|size|Count)(?:\(\))?(?: ?(?:>|!==?) ?0)?`,
  `typeof X ?(?:===? ?["']string["']|!==? ?["']undefined["'])`,
];
/** What asks whether a key (`K`) is there by which something is read. */
const KEPT: readonly string[] = [
  String.raw`["']K["'] in [\w.$]+`,
  String.raw`:K in [\w.$]+`,
  String.raw`[$\w.>-]*?\.?(?:has\w*|[cC]ontains\w*|exists|is_?[sS]et|is_present|key\?|include\?|array_key_exists|in_array|HasKey|ContainsKey)\([:"']K["']?(?:, ?[$\w>-]+)?\)`,
];
/** The other way round, with the branch that is taken else. */
const GONE: readonly string[] = [
  "(?:! ?|not )X",
  `X ?===? ?${NOTHING}`,
  `${NOTHING} ?===? ?X`,
  "X is (?:None|null|nil)",
  String.raw`(?:len|strlen|count)\(X\) ?(?:===? ?0|< ?1)`,
  String.raw`(?:! ?|not )isset\(X\)`,
  String.raw`(?:empty|is_null)\(X\)`,
  String.raw`X(?:\.nil\?|\.empty\?|\.blank\?|\.(?:isEmpty|isBlank|is_empty)\(\))`,
  String.raw`(?:[Ss]tring|StringUtils|Strings|TextUtils)\.(?:IsNullOr(?:Empty|WhiteSpace)|is(?:NullOr)?(?:Empty|Blank))\(X\)`,
];
/** What only changes how it is written. */
const CONVERSION =
  /^(?:\((?:string|int|String)\) ?|(?:str|int|strval|trim)\((?=.*\)$))|(?:\)(?<=^(?:str|int|strval|trim)\(.*\)))$|\??\.(?:trim|strip|toString|to_s|to_i|ToString|get|getAsString|unwrap)\(\)$|\.(?:strip|to_s|to_i|Value)$/g;
/** A key by which something is read: `opts["host"]`, `opts[:host]`, `line.getOptionValue("host")`. */
const KEY = /[[(][:"']([\w-]+)["']?[\])]$/;

export function asksForItself(guard: Guard, source: Source): boolean {
  const { test, negated } = guard;
  const { expr, scope } = source;
  // Ruby's `unless x.nil?`
  const inner =
    test.kind === "call" && test.callee.kind === "name" && test.callee.name === "!" ? test.args[0] : undefined;
  if (inner) return asksForItself({ ...guard, test: inner.value, negated: !negated }, source);
  if (!expr || expr.kind === "literal" || expr.end - expr.start > 60) return false;
  const { text } = scope.file;
  const { own, key } = nameOf(expr, text);
  const from = text.slice(test.start, Math.min(test.end, test.start + 160));
  // Each form holds one of the two: a program may have very many conditions about something else.
  if (!from.includes(own) && (key === undefined || !from.includes(key))) return false;
  const asked = from.replace(/\s+/g, " ").replaceAll(/\(([$\w.[\]"'>-]+) \?\? (?:null|''|"")\)/g, "$1");
  const [x, k] = [`\\*?${escaped(own)}`, escaped(key ?? "")];
  // In one pass: what it is called may hold the two letters itself.
  const filled = (form: string): string =>
    form.replace(/(?<![A-Za-z])[XK](?![A-Za-z])/g, (letter) => (letter === "X" ? x : k));
  const isOne = (part: string, forms: readonly string[]): boolean =>
    forms.some((form) => new RegExp(`^${filled(form)}$`).test(part));
  if (negated) return asked.split(/ ?\|\| ?| or /).every((part) => isOne(bare(part), GONE));
  const parts = asked.split(/ ?&& ?| and /).map(bare);
  return parts.every((part) => isOne(part, THERE) || (key !== undefined && isOne(part, KEPT)));
}

const NAMES = new WeakMap<Expr, { own: string; key: string | undefined }>();

/** How it is written without what only changes that, and the key by which it is read. */
function nameOf(expr: Expr, text: string): { own: string; key: string | undefined } {
  let known = NAMES.get(expr);
  if (!known) {
    const own = text.slice(expr.start, expr.end).replace(CONVERSION, "");
    NAMES.set(expr, (known = { own, key: KEY.exec(own)?.[1] }));
  }
  return known;
}

/** Without what stands around it. */
function bare(part: string): string {
  const inner = /^\((.*)\)$/.exec(part.trim())?.[1];
  return inner !== undefined && !/^[^(]*\)/.test(inner) ? inner : part.trim();
}
