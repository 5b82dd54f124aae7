/** Calls that are handed on to be made later, or elsewhere: the call that will be made. */
import { type Argument, type Call, type Expr, lastName, other } from "../ir.ts";

/** `Thread(target=app.run, args=(host, port), kwargs={…})`. */
const BY_KEYWORD = /^(Thread|Process|Greenlet)$/;
/** How many arguments stand before the function: `partial(f, …)`, `run_in_executor(None, f, …)`. */
const BY_PLACE: Readonly<Record<string, number>> = {
  partial: 0,
  submit: 0,
  to_thread: 0,
  run_sync: 0,
  start_soon: 0,
  start_new_thread: 0,
  run_in_executor: 1,
  callInThread: 0,
};
/** What stands in the source before the name of a function that is handed on to be called. */
export const HANDS_ON = `(?:\\btarget\\s*=|\\b(?:${Object.keys(BY_PLACE).join("|")})\\(\\s*(?:[\\w.]+,)?)\\s*(?:\\w+\\.)*`;
/** The name under which it stands among the arguments of the call that hands it on. */
const LATER = "#later";

export function withDeferred(call: Call): Call {
  const made = deferred(call);
  return made ? { ...call, args: [...call.args, { name: LATER, value: made }] } : call;
}

function deferred(call: Call): Call | undefined {
  const name = lastName(call.callee) ?? "";
  const { start, end } = call;
  if (BY_KEYWORD.test(name)) {
    const of = (key: string): Expr | undefined => call.args.find((a) => a.name === key)?.value;
    const callee = of("target");
    if (!callee || !isFunction(callee)) return undefined;
    const given = of("args");
    const args: Argument[] =
      given?.kind === "array" ? given.items.map((value) => ({ value })) : given ? [{ value: given, spread: true }] : [];
    const named = of("kwargs");
    if (named?.kind === "object")
      for (const { key, value, spread } of named.entries)
        if (spread) args.push({ value, spread: true });
        else if (key !== undefined) args.push({ name: key, value });
    if (named && named.kind !== "object") args.push({ value: named, spread: true });
    return { kind: "call", callee, args, start, end };
  }
  const at = BY_PLACE[name];
  const callee = at === undefined ? undefined : call.args[at]?.value;
  if (at === undefined || !callee || !isFunction(callee)) return undefined;
  const args = call.args.slice(at + 1);
  // Whoever calls it may give more.
  if (name === "partial") args.push({ value: other({ start: end, end }), spread: true });
  return { kind: "call", callee, args, start, end };
}

function isFunction(e: Expr): boolean {
  return e.kind === "name" || e.kind === "member";
}
