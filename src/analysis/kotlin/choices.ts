/** Kotlin's `if`, `when`, `try` and blocks, which are values there: what each branch says, and what it asks for. */
import { expressionAt } from "./expressions.ts";
import { endAt } from "./text.ts";

export interface Branch {
  /** Of which one has to hold; none is `else`. */
  tests: readonly string[];
  value: string;
}

export interface Choice {
  /** `when (mode) { … }`: each test is held against it. */
  subject?: string;
  branches: readonly Branch[];
}

/** Where the bracket closes that opens there. */
function closer(text: string, open: number): number {
  return endAt(text, open + 1, text.length, () => false);
}

/** `if (…) … else …`, `when { … }` and `when (x) { … }`, where that is the whole expression. */
export function choiceOf(e: string): Choice | undefined {
  if (/^if\b/.test(e)) return ifOf(e);
  return /^when\b/.test(e) ? whenOf(e) : undefined;
}

function ifOf(e: string): Choice | undefined {
  const open = /^if\s*\(/.exec(e)?.[0].length;
  if (open === undefined) return undefined;
  const close = closer(e, open - 1);
  const rest = e.slice(close + 1).trimStart();
  const isElse = (c: string, at: number): boolean => c === "e" && /^else\b/.test(rest.slice(at, at + 5));
  const end = endAt(rest, 0, rest.length, (c, at) => isElse(c, at) && /[\s})]/.test(rest[at - 1] ?? " "));
  if (!/^else\b/.test(rest.slice(end))) return undefined;
  const then: Branch = { tests: [e.slice(open, close)], value: said(rest.slice(0, end)) };
  const otherwise = rest.slice(end + 4).trim();
  return { branches: [then, { tests: [], value: said(otherwise) }].filter((b) => b.value !== "") };
}

function whenOf(e: string): Choice | undefined {
  const subject = /^when\s*\(/.exec(e)?.[0].length;
  const after = subject === undefined ? 4 : closer(e, subject - 1) + 1;
  const open = e.indexOf("{", after);
  if (open < 0 || e.slice(after, open).trim() !== "" || closer(e, open) !== e.length - 1) return undefined;
  const body = e.slice(open + 1, -1);
  const branches: Branch[] = [];
  for (let at = 0; ; ) {
    const arrow = endAt(body, at, body.length, (c, i) => c === "-" && body[i + 1] === ">");
    if (arrow >= body.length) break;
    const tests = split(body.slice(at, arrow));
    const from = arrow + 2 + (/^\s*/.exec(body.slice(arrow + 2))?.[0].length ?? 0);
    const text = body[from] === "{" ? body.slice(from, closer(body, from) + 1) : expressionAt(body, from);
    const value = said(text);
    if (value !== "") branches.push({ tests: tests.includes("else") ? [] : tests, value });
    at = from + Math.max(1, text.length);
    while (/[\s;]/.test(body[at] ?? "")) at++;
  }
  if (branches.length === 0) return undefined;
  // `when (val mode = …)`
  const about = subject === undefined ? undefined : e.slice(subject, after - 1).replace(/^\s*val\s+\w+\s*=/, "");
  return { ...(about === undefined ? {} : { subject: about.trim() }), branches };
}

/** Conditions beside one another. */
function split(text: string): string[] {
  const out: string[] = [];
  for (let from = 0; from <= text.length; ) {
    const end = endAt(text, from, text.length, (c) => c === ",");
    const part = text.slice(from, end).trim();
    if (part) out.push(part);
    from = end + 1;
  }
  return out;
}

/** `try { … } catch (e: Exception) { … }`: what each of its blocks says. */
export function triedOf(e: string): string[] | undefined {
  if (!/^try\s*\{/.test(e)) return undefined;
  const out: string[] = [];
  for (let at = e.indexOf("{"); at >= 0; ) {
    const close = closer(e, at);
    out.push(said(e.slice(at, close + 1)));
    const next = /^\s*catch\s*\([^()]*\)\s*\{/.exec(e.slice(close + 1));
    at = next ? close + next[0].length : -1;
  }
  return out.filter((v) => v !== "");
}

/** What a branch says: the last expression of a block; nothing where it leaves for good. */
function said(branch: string): string {
  const text = branch.trim();
  const value = text.startsWith("{") && closer(text, 0) === text.length - 1 ? lastOf(text.slice(1, -1)) : text;
  if (/^(?:throw\b|error\s*\(|exitProcess\s*\(|T[O]DO\s*\(|return$|continue$|break$)/.test(value)) return "";
  return value.replace(/^return\s+/, "");
}

/** The statements of a block, one after the other. */
function statementsOf(block: string): string[] {
  const out: string[] = [];
  for (let at = 0; at < block.length; ) {
    while (/[\s;,]/.test(block[at] ?? "")) at++;
    if (at >= block.length) break;
    const text = expressionAt(block, at);
    out.push(text);
    at += Math.max(1, text.length);
  }
  return out;
}

/** The last expression of a block. */
export function lastOf(block: string): string {
  return statementsOf(block.replace(/^\s*\w+\s*->/, "")).at(-1) ?? "";
}

/**
 * What a function says: `{ if (all) return "0.0.0.0"; return "127.0.0.1" }` is one choice, where nothing else returns, too.
 */
export function returnsOf(block: string): Choice | undefined {
  const branches: Branch[] = [];
  for (const statement of statementsOf(block)) {
    const guard = /^if\s*\(/.exec(statement)?.[0].length;
    if (guard !== undefined && !choiceOf(statement)) {
      const close = closer(statement, guard - 1);
      const then = statement.slice(close + 1).trim();
      const value = /^\{?\s*(?:[^{}]*[\n;]\s*)?return\s+([^{}]+?)\s*\}?$/.exec(then)?.[1];
      if (value !== undefined) branches.push({ tests: [statement.slice(guard, close)], value });
      else if (/\breturn\b/.test(then)) return undefined;
    } else if (/^return\b/.test(statement)) {
      branches.push({ tests: [], value: said(statement) });
      return { branches };
    } else if (/\breturn\b/.test(statement)) return undefined;
  }
  return undefined;
}

/** `x.let { … }`, `x?.also { … }`, `run { … }`, `with(x) { … }`: on what, which of them, and what it does. */
export interface Scoped {
  receiver: string;
  by: string;
  body: string;
}

export function scopedOf(e: string): Scoped | undefined {
  if (!e.endsWith("}")) return undefined;
  const alone = /^(?:run|with\s*\((?=[\w.]+\)))\s*/.exec(e);
  if (alone) {
    const open = e.indexOf("{");
    const receiver = /^with\s*\(([\w.]+)\)\s*\{/.exec(e)?.[1] ?? "";
    if (/^(?:run|with\s*\([\w.]+\))\s*\{/.test(e) && closer(e, open) === e.length - 1)
      return { receiver, by: "run", body: e.slice(open + 1, -1) };
  }
  for (const m of e.matchAll(/\s*\??\.\s*(let|run|also|apply|takeIf|takeUnless)\s*\{/g)) {
    const open = m.index + m[0].length - 1;
    if (closer(e, open) !== e.length - 1 || endAt(e, 0, m.index, () => false) < m.index) continue;
    return { receiver: e.slice(0, m.index), by: m[1] as string, body: e.slice(open + 1, -1) };
  }
  return undefined;
}

/** `x.let { address -> parse(address) }` as `parse(x)`. */
export function letOf({ receiver, body }: Scoped): string {
  const name = /^\s*(\w+)\s*->/.exec(body)?.[1] ?? "it";
  return lastOf(body).replace(new RegExp(`(?<![.\\w"])${name}\\b(?!\\s*[{"])`, "g"), () => receiver);
}
