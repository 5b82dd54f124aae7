/** Server programs that the program itself starts: `subprocess.run(["uvicorn", …])`, `spawn("vite", […])`, `exec "rackup …"`. */
import { factValues, place, quote, reachOf } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { FactValue, StartCommand } from "../facts.ts";
import { type Call, type Expr, lastName, type Member } from "../ir.ts";
import { leftOut } from "../project.ts";
import { lookup, type Scope, type SourceModule } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { alternatives, textOf, type Value } from "../values.ts";
import { type CommandFacts, MARK, readCommand } from "./commands.ts";
import { recipeStarts } from "./recipes.ts";

/** The name of a server program somewhere in a file that starts programs. */
const MENTIONS =
  /\b(uvicorn|gunicorn|hypercorn|daphne|granian|waitress-serve|streamlit|flask|fastapi|litestar|sanic|runserver|uwsgi|http\.server|rackup|shotgun|puma|thin|rails|falcon|vite|astro|http-server|json-server|gatsby|artisan)\b|["' ]-S["' ]/;
const RUNS = /\bsubprocess\.\w+\(|\bos\.(exec|spawn)\w+\(|["'](node:)?child_process["']|["']execa["']/;
const STARTS =
  /^(run|call|check_call|check_output|Popen|system|create_subprocess_(exec|shell)|spawn(Sync)?|exec(Sync|File|FileSync|vp?e?|lp?e?)?|execa|fork|passthru|shell_exec|popen|proc_open|Process|fromShellCommandline)$/;
/** Django's own commands, called by their name. */
const MANAGES = /^(call_command|execute_from_commandline)$/;
/** PHP's functions that start a line of words, and the format of one that serves. */
const RUNS_LINES = /\b(?:system|passthru|exec|shell_exec|proc_open|popen)\s*\(/;
const SERVES = /^sprintf\(\s*["'](?:%s|php) -S /;
const MAX_FILES = 12;

/** Does a file start programs, and name a server program? */
export function startsServers(text: string): boolean {
  return RUNS.test(text) && MENTIONS.test(text);
}

/** Asked where nothing else in the program listens. */
export function startedPrograms(
  texts: ReadonlyMap<string, string>,
  judged: readonly string[],
  module: (path: string) => SourceModule | undefined,
  evaluator: Evaluator,
  facts: CommandFacts,
): StartCommand[] {
  const found: StartCommand[] = [];
  const take = (words: readonly Word[], { call, scope, guards }: SourceModule["calls"][number], m: SourceModule) => {
    const command = { ...started(words, m, call), reach: reachOf(evaluator, m, scope, guards) };
    readCommand(command, facts);
    found.push(command);
  };
  let files = 0;
  const mentioned = judged.filter((path) => !leftOut(path) && MENTIONS.test(texts.get(path) ?? ""));
  // What one file puts together another one starts.
  const others = mentioned.length > 0 ? judged.filter((p) => RUNS.test(texts.get(p) ?? "") && !leftOut(p)) : [];
  // Flask's own name stands in many files: those that do both come first.
  const both = others.filter((p) => mentioned.includes(p));
  for (const path of new Set([...both, ...mentioned, ...others])) {
    if (++files > MAX_FILES) break;
    const m = module(path);
    if (!m) continue;
    const before = facts.listeners.length;
    for (const site of m.calls) {
      const name = lastName(site.call.callee) ?? "";
      const starts = MANAGES.test(name) || STARTS.test(name) || isHanded(site.call, name, m);
      for (const said of starts ? commandsOf(site.call, m, evaluator, site.scope) : [])
        take(name === "call_command" ? ["manage.py", ...said] : said, site, m);
    }
    // `$command = sprintf("%s -S %s:%d", …)`, which is started with more behind it.
    if (facts.listeners.length === before && m.language === "php" && RUNS_LINES.test(m.text))
      for (const site of m.calls)
        if (
          lastName(site.call.callee) === "sprintf" &&
          SERVES.test(m.text.slice(site.call.start, site.call.start + 80))
        )
          take(wordsOf(evaluator.query(site.call, site.scope)), site, m);
  }
  if (facts.listeners.length === 0 && facts.chosen.length === 0)
    for (const command of recipeStarts(texts)) {
      readCommand(command, facts);
      found.push(command);
    }
  return found;
}

/** `$this->runServer(sprintf("php -S %s:%d", …))`: a command that is handed to a method which starts it; none that is shown. */
function isHanded({ args }: Call, name: string, { language, text }: SourceModule): boolean {
  const first = args[0]?.value;
  return (
    language === "php" &&
    first !== undefined &&
    !/^(?:sprintf|implode)$|write|line|info|comment|print|log|note|text|help|descri|title|success|warn|error/i.test(
      name,
    ) &&
    /["']\S{1,40} -S /.test(text.slice(first.start, Math.min(first.end, first.start + 200)))
  );
}

/** A word of a command: text, or a value that was followed. */
type Word = string | FactValue;

function started(words: readonly Word[], module: SourceModule, call: Call): StartCommand {
  const values: FactValue[] = [];
  // `sprintf("%s -S %s:%d", $binary, …)`: what is told to serve by PHP's own flag is PHP.
  const isPhp = module.language === "php" && typeof words[0] === "object" && words[1] === "-S";
  const text = (isPhp ? ["php", ...words.slice(1)] : words).map((w) =>
    typeof w === "string" ? w : `${MARK}${values.push(w) - 1}`,
  );
  const joined = text.join("\u0000").replaceAll(`\u0000${GLUE}\u0000`, "");
  const name = lastName(call.callee) ?? "";
  const child = !(/^exec[vl]/.test(name) || MANAGES.test(name) || (name === "exec" && module.language === "ruby"));
  return {
    words: joined.split("\u0000").map((w) => w.replace(QUOTED, "$2")),
    shell: false,
    from: "other",
    place: place(module, call),
    values,
    child,
    evidence: quote(module, call),
  };
}

/** A whole word in quotes: `"php"`. */
const QUOTED = /^(["'])(?=[^"']+\1$)(.*)\1$/;

/** No space between a word and the next. */
const GLUE = "\u0002";

/** The command that a call starts, or each of those that it chooses from. */
function commandsOf(
  call: Call,
  module: SourceModule,
  evaluator: Evaluator,
  scope: Parameters<Evaluator["query"]>[1],
): Word[][] {
  const args = call.args.filter(
    (a) => a.name === undefined && a.value.kind !== "function" && a.value.kind !== "object",
  );
  const given = args.length > 0 ? args : call.args.filter((a) => a.name === "args");
  const values = given.map((a) => evaluator.query(...beforeSplit(a.value, scope)));
  // An option whose default is declared elsewhere: `["--host", cli.flags.host]`.
  const named: Named = (v) => followedByName(v, undefined, scope, evaluator);
  const list = listIn(values, given, module, evaluator);
  const first = values[0];
  if (!first) return [];
  const some = (words: Word[]): Word[][] => (words.length > 0 ? [words] : []);
  // `spawn("vite", ["preview"])`, `execvp("uvicorn", ["uvicorn", …])`
  const vector = /^execvp?e?$/.test(lastName(call.callee) ?? "") && list !== undefined;
  if (list) {
    const leads = list.index === 0 || vector ? [] : wordsOf(first, named);
    return some([...leads, ...list.items.flatMap((i) => wordsOf(i, named))]);
  }
  // `exec("rackup", "-p", port)`
  const several = values.length > 1 && module.language !== "javascript" && module.language !== "php";
  if (several) return some(values.flatMap((v) => wordsOf(v, named)));
  // Of several lines those of one program; `docker compose up` starts nothing that is in an image.
  // What is a list until it is joined under its own name: `$command = implode(' ', $command)`.
  const joined = alternatives(first).filter((v) => v.t !== "array");
  const lines = joined.flatMap((v) => some(wordsOf(v, named)));
  const here = lines.filter(([program]) => typeof program !== "string" || !/^docker(-compose)?$/.test(program));
  if (new Set(here.map(([program]) => program)).size === 1) return here;
  // What starts all that the program starts: of its lines those of one server.
  const serving = here.filter(([program]) => typeof program === "string" && MENTIONS.test(program));
  return new Set(serving.map(([program]) => program)).size === 1 ? serving : [];
}

/** `Popen(command.split())`, `command = command.split(" ")`: the line whose words are given, and where it stands. */
function beforeSplit(e: Expr, scope: Scope): [Expr, Scope] {
  const list = beforeJoin(e, scope);
  if (list) return beforeSplit(list, scope);
  const split = e.kind === "name" ? lookup(scope, e.name)?.sources.find((s) => s.expr && isSplit(s.expr)) : undefined;
  if (split?.expr) return beforeSplit(split.expr, split.scope);
  return isSplit(e) ? [e.callee.object, scope] : [e, scope];
}

/** `Shellwords.join(cmd)`, `shlex.join(cmd)`, `cmd.shelljoin`, `cmd.join(" ")`, `cmd.map(&:to_s)`: the list whose words make the line. */
function beforeJoin(e: Expr, { file }: Scope): Expr | undefined {
  const [callee, args] = e.kind === "call" ? [e.callee, e.args] : [e, []];
  if (callee.kind !== "member") return undefined;
  const { object, property } = callee;
  const [first, ...more] = args.map((a) => a.value);
  if (/^(?:shelljoin|compact)$/.test(property) && !first) return object;
  if (property === "map") return TO_TEXT.test(file.text.slice(e.start, e.end)) ? object : undefined;
  if (!first || more.length > 0) return undefined;
  if (property !== "join") return undefined;
  if (/^(?:Shellwords|shlex)$/.test(lastName(object) ?? "")) return first;
  return first.kind === "literal" && first.value === " " ? object : undefined;
}
/** `cmd.map(&:to_s)`, `cmd.map(String)` */
const TO_TEXT = /\.map\s*\(?\s*(?:&:to_s|String)\s*\)?$/;

function isSplit(e: Expr): e is Call & { callee: Member } {
  if (e.kind !== "call" || e.callee.kind !== "member" || e.callee.property !== "split") return false;
  const by = e.args[0]?.value;
  return by === undefined || (by.kind === "literal" && by.value === " ");
}

/** The list of words that is given, with what is put to its end: `cmd += ["--reload"]`, `cmd.extend(["--host", host])`. */
function listIn(
  values: readonly Value[],
  given: Call["args"],
  module: SourceModule,
  evaluator: Evaluator,
): { index: number; items: Value[] } | undefined {
  const index = values.findIndex((v) => alternatives(v).every((a) => a.t === "array"));
  if (index < 0) return undefined;
  const itemsOf = (v: Value): Value[] => alternatives(v).flatMap((a) => (a.t === "array" ? a.items : [a]));
  const name = lastName(given[index]?.value ?? { kind: "other", children: [], start: 0, end: 0 });
  const added = module.calls.flatMap(({ call: { callee, args }, scope }) =>
    callee.kind === "member" && GROWS.test(callee.property) && lastName(callee.object) === name
      ? args.flatMap((a) => itemsOf(evaluator.query(a.value, scope)))
      : [],
  );
  return { index, items: [...itemsOf(values[index] as Value), ...(name === undefined ? [] : added)] };
}
const GROWS = /^(extend|append|push|concat)$/;

type Named = (v: Value) => Value;

function wordsOf(v: Value, named: Named = (x) => x): Word[] {
  const whole = textOf(v);
  if (whole !== undefined) return whole.trim().split(/\s+/).filter(Boolean);
  if (v.t === "ref" && /(^|\.)(sys\.executable|process\.execPath|PHP_BINARY)$/.test(v.path))
    return [v.path.includes("sys") ? "python3" : v.path.includes("PHP") ? "php" : "node"];
  // An option that may not be given beside what it falls back to: that is what is told.
  if (v.t !== "text") {
    const all = alternatives(v).flatMap((a) => factValues(named(a)));
    const known = all.find((f) => f.kind !== "absent" && f.kind !== "unknown");
    return [known ?? all.find((f) => f.kind !== "absent") ?? all[0]].flatMap((f) => f ?? []);
  }
  const out: Word[] = [];
  let glued = true;
  for (const part of v.parts) {
    const text = textOf(part);
    const words = wordsOf(part, named);
    if (!glued && out.length > 0 && words.length > 0 && !/^\s/.test(text ?? "")) out.push(GLUE);
    out.push(...words);
    glued = text !== undefined && /\s$/.test(text);
  }
  return out;
}
