/** PHP's own server, started by the program with a command: `php -S localhost:8000`. */
import { type FactSink, factValues, place, quote, reachOf, splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import { walkTree } from "../platform/walk.ts";
import { type CallSite, lookup, type Scope, type SourceModule, scopeAt } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { alternatives, anyOf, textOf, type Value } from "../values.ts";

const RUNS = /^(passthru|exec|system|shell_exec|popen|proc_open)$/;

/** What follows `-S` in a command, unless it is another program's than PHP. */
function ofWords(words: readonly Value[]): Value | undefined {
  const program = words[0] && textOf(words[0]);
  const flag = words.findIndex((word) => textOf(word) === "-S");
  return flag < 1 || (program !== undefined && !/php/i.test(program)) ? undefined : words[flag + 1];
}

/** `passthru($php . ' -S ' . $host . ':' . $port . ' -t public')`: PHP's own server, started by the program. */
export function builtIn(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const push = (at: Expr, scope: Scope, guards: CallSite["guards"], given: readonly (Value | undefined)[]): void => {
    const followed = (v: Value): Value => followedByName(v, undefined, scope, evaluator);
    const served = given.flatMap((v) => (v ? [splitAddress(followed(v))] : []));
    if (served.length === 0 || served.length < given.length) return;
    sink.listeners.push({
      framework: "PHP's own server",
      protocol: "http",
      port: factValues(anyOf(served.map((a) => followed(a.port)))),
      host: factValues(anyOf(served.map((a) => followed(a.host)))),
      defaults: {},
      place: place(module, at),
      reach: reachOf(evaluator, module, scope, guards),
      evidence: [quote(module, at)],
      handlesSigterm: true,
    });
  };
  let runs = false;
  for (const { call, scope, guards } of module.calls) {
    const called = lastName(call.callee)?.replace(/^.*\\/, "") ?? "";
    const inShell = (call.callee.kind === "name" && RUNS.test(call.callee.name)) || called === "fromShellCommandline";
    if (!inShell && !/^(Process|process|ProcessBuilder)$/.test(called)) continue;
    runs = true;
    // `$command .= …` under a condition leaves several. Where one of them is another program, nothing is certain.
    const given = alternatives(commandOf(call.args[0]?.value, scope, evaluator)).map((value) =>
      // `new Process([PHP_BINARY, '-S', $address])`: word by word.
      value.t === "array" ? ofWords(value.items) : inShell ? inCommand(value) : undefined,
    );
    push(call, scope, guards, given);
  }
  // `$commands[] = ["command" => $command, "cwd" => $folder]`, for whatever runs all of them.
  for (const entry of commandEntries(module)) {
    const scope = scopeAt(module, entry);
    push(entry, scope, [], alternatives(commandOf(entry, scope, evaluator)).map(inCommand));
  }
  if (sink.listeners.some((l) => l.place.file === module.path)) return;
  const pair = runs && pairForFormat(module);
  if (pair) push(pair, scopeAt(module, pair), [], [evaluator.query(pair, scopeAt(module, pair))]);
}

/** `$format .= ' -S %s -t %s'; $words[] = $host . ':' . $port;`: the one address of a file that writes such a command. */
function pairForFormat(module: SourceModule): Expr | undefined {
  const pairs: Expr[] = [];
  let writes = false;
  if (!/\s-S\s+%s/.test(module.text)) return undefined;
  walkTree(module.tree, (e, parents) => {
    if (e.kind === "literal") writes ||= typeof e.value === "string" && /^\s*(?:%s\s+)?-S\s+%s\s/.test(`${e.value} `);
    const parts = e.kind === "binary" && parents.at(-1)?.kind !== "binary" ? joinedIn(e) : [];
    const [, colon] = parts;
    if (parts.length === 3 && colon?.kind === "literal" && colon.value === ":") pairs.push(e);
  });
  return writes && pairs.length === 1 ? pairs[0] : undefined;
}

/** A command as a whole, or, where that costs more than one question may, put together from its parts. */
function commandOf(e: Expr | undefined, scope: Scope, evaluator: Evaluator): Value {
  const whole = evaluator.query(e, scope);
  const isLost = whole.t === "unknown" || (whole.t === "text" && whole.parts.some((p) => p.t === "unknown"));
  if (!isLost || !e) return whole;
  const source = e.kind === "name" ? lookup(scope, e.name)?.sources.at(-1) : undefined;
  const written = source ? (source.path ? undefined : source.expr) : e;
  const parts = written ? joinedIn(written) : [];
  return parts.length > 1
    ? { t: "text", parts: parts.map((part) => evaluator.query(part, source?.scope ?? scope)) }
    : whole;
}

/** What a text is joined of. */
function joinedIn(e: Expr): readonly Expr[] {
  if (e.kind === "text") return e.parts;
  return e.kind === "binary" && e.operator === "." ? [e.left, e.right].flatMap(joinedIn) : [e];
}

/** Of a command that is one text. */
function inCommand(value: Value): Value | undefined {
  return afterFlag(value.t === "text" ? value.parts.flatMap((p) => (p.t === "text" ? p.parts : [p])) : [value]);
}

/** What tables of commands hold, in a file that starts PHP's own server. */
function commandEntries(module: SourceModule): Expr[] {
  const found: Expr[] = [];
  if (!/\s-S\s/.test(module.text)) return found;
  walkTree(module.tree, (e) => {
    if (e.kind !== "object") return;
    for (const { key, value } of e.entries)
      if (key !== undefined && /^(?:command(?:line)?|cmd(?:line)?)$/i.test(key) && value.kind !== "array")
        found.push(value);
  });
  return found;
}

/** What stands between ` -S ` and the next space of a command. */
function afterFlag(parts: readonly Value[]): Value | undefined {
  const at = parts.findIndex((p) => FLAG.test(textOf(p) ?? ""));
  if (at < 0) return undefined;
  const address: Value[] = [];
  for (const [i, part] of parts.slice(at).entries()) {
    const whole = textOf(part);
    const text = i === 0 ? whole?.replace(FLAG, "") : whole;
    const end = text?.search(/\s/) ?? -1;
    const inside = end < 0 ? text : text?.slice(0, end);
    if (inside !== "") address.push(inside === undefined ? part : { t: "literal", value: inside });
    if (end >= 0) break;
  }
  if (address.length < 2) return address[0];
  return { t: "text", parts: address };
}
const FLAG = /^(?:[\s\S]*\s)?-S\s+/;
