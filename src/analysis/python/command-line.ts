/** Options of Python's command lines, as argparse, optparse and click declare them. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Call, Expr, Span } from "../ir.ts";
import { walkTree } from "../platform/walk.ts";
import { lookup, type Scope, type SourceModule } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { ABSENT, anyOf, env, isKeyed, isLocalAddress, literal, textOf, UNKNOWN, type Value } from "../values.ts";
import { passed } from "./click-context.ts";

interface Option {
  call: Call;
  scope: Scope;
}

/** `args.port`: what `add_argument("--port", default=…)` says. */
export function commandLine(view: CallView, evaluator: Evaluator): Value {
  const members = new Map<string, Value>();
  const calls = declaringFiles(view, evaluator).flatMap((file) => file.calls);
  for (const { call, scope } of calls) {
    const callee = call.callee;
    if (callee.kind !== "member" || !/^add_(argument|option)$/.test(callee.property)) continue;
    const flags = call.args
      .filter((a) => a.name === undefined)
      .map((a) => (a.value.kind === "literal" ? String(a.value.value) : ""));
    const destination = call.args.find((a) => a.name === "dest")?.value;
    const flag = flags.find((f) => f.startsWith("--")) ?? flags[0] ?? "";
    const name =
      destination?.kind === "literal" ? String(destination.value) : flag.replace(/^-+/, "").replaceAll("-", "_");
    const fallback = call.args.find((a) => a.name === "default")?.value;
    const variable = call.args.find((a) => a.name === "env_var")?.value;
    const value: Value = { t: "option", name: flag };
    const action = call.args.find((a) => a.name === "action")?.value;
    const switched = action?.kind === "literal" && /^store_(true|false)$/.exec(String(action.value))?.[1];
    if (fallback) value.default = evaluator.eval(fallback, scope);
    // Without it the program does not start: what it is then is never the framework's default.
    else if (isRequired(call, flag)) value.default = UNKNOWN;
    else if (switched) value.default = literal(switched === "false");
    members.set(name, variable?.kind === "literal" ? env(String(variable.value), value) : value);
  }
  for (const { call, scope } of calls) {
    if (call.callee.kind !== "member" || call.callee.property !== "set_defaults") continue;
    for (const { name, value, spread } of call.args) {
      // `parser.set_defaults(**DEFAULTS)`
      const whole = spread ? evaluator.eval(value, scope) : UNKNOWN;
      for (const option of isKeyed(whole) ? [...members.keys()] : []) {
        const usual = evaluator.member(whole, option);
        if (usual.t === "literal") members.set(option, { t: "option", name: option, default: usual });
      }
      const usual = name === undefined ? UNKNOWN : evaluator.eval(value, scope);
      if (name !== undefined && usual.t !== "function") members.set(name, { t: "option", name, default: usual });
    }
  }
  return { t: "record", members, rest: UNKNOWN };
}

const DECLARING = new WeakMap<Call, SourceModule[]>();

/**
 * The files whose options a command line takes: where its parser was made, those of the functions that the parser is handed
 * to (`add_arguments(parser)`), those that import it and add to it, and where it is read. The last one's count most.
 */
function declaringFiles(view: CallView, evaluator: Evaluator): SourceModule[] {
  const { callee } = view.call;
  const here = view.scope.file;
  const parser = callee.kind === "member" ? evaluator.eval(callee.object, view.scope) : UNKNOWN;
  const made = parser.t === "ref" ? parser.call : undefined;
  if (!made) return [here];
  const known = DECLARING.get(made.call);
  if (known) return [...known.filter((f) => f !== here), here];
  const files = new Set([made.scope.file]);
  for (const file of new Set([made.scope.file, here]))
    for (const { call, scope } of file.calls) {
      const [first] = call.args;
      if (first?.value.kind !== "name" || !/parser/i.test(first.value.name)) continue;
      const target = evaluator.eval(call.callee, scope);
      if (target.t === "function") files.add(target.scope.file);
    }
  for (const file of evaluator.project.mentioning("add_argument", here)) {
    const adds = file.calls.find(({ call: { callee: c } }) => c.kind === "member" && c.property === "add_argument");
    const owner = adds?.call.callee.kind === "member" ? adds.call.callee.object : undefined;
    if (!adds || owner?.kind !== "name" || files.has(file) || lookup(adds.scope, owner.name)?.import === undefined)
      continue;
    const given = evaluator.eval(owner, adds.scope);
    if (given.t === "ref" && given.call?.call === made.call) files.add(file);
  }
  DECLARING.set(made.call, [...files]);
  return [...[...files].filter((f) => f !== here), here];
}

/** `parser.add_argument("host")`, `required=True`. */
function isRequired({ args }: Call, flag: string): boolean {
  if (args.some((a) => a.name === "required" && a.value.kind === "literal" && a.value.value === true)) return true;
  return /^\w/.test(flag) && !args.some((a) => a.name === "nargs");
}

/** A default that a variable of the environment goes over, where one is named. */
export function withEnvvar(name: Value, fallback: Value): Value {
  const text = textOf(name);
  if (text) return env(text, fallback);
  if (name.t === "array") return anyOf(name.items.map((n) => withEnvvar(n, fallback)));
  return fallback;
}

/** `default=from_settings("endpoint", "127.0.0.1:8912")`: the address that a function of the program falls back to. */
function fallbackOf({ args }: Call, scope: Scope, evaluator: Evaluator): Value | undefined {
  const given = args.find((a) => a.name === "default")?.value;
  if (given?.kind !== "call") return undefined;
  return given.args.map((a) => evaluator.eval(a.value, scope)).find(isLocalAddress);
}

/** `@click.option("--port", default=8080, envvar="PORT")`. */
export function clickParam(
  decorators: readonly Expr[],
  name: string,
  around: Scope,
  evaluator: Evaluator,
): Value | undefined {
  for (const { call: d, scope } of decorators.flatMap((d) => optionsOf(d, around, evaluator))) {
    if (!flagsOf(d).some((f) => f.replace(/^-+/, "").replaceAll("-", "_") === name)) continue;
    return toldBy(d, name, scope, evaluator);
  }
  return passed(decorators, name, around, evaluator);
}

/** `def main(**options)` under click's options: each by its name. */
export function clickKeywords(decorators: readonly Expr[], around: Scope, evaluator: Evaluator): Value | undefined {
  const all = decorators.flatMap((d) => optionsOf(d, around, evaluator));
  if (all.length === 0) return undefined;
  const members = new Map<string, Value>();
  for (const { call, scope } of all) {
    const name = destination(flagsOf(call));
    if (name !== undefined) members.set(name, toldBy(call, name, scope, evaluator));
  }
  return { t: "record", members, rest: UNKNOWN };
}

/** What an option is called in the code: a bare word, the first long flag, or what there is. */
function destination(flags: readonly string[]): string | undefined {
  const given = flags.find((f) => /^\w+$/.test(f)) ?? flags.find((f) => f.startsWith("--")) ?? flags[0];
  return given?.replace(/^-+/, "").replace(/\/.*/, "").replaceAll("-", "_");
}

function flagsOf({ args }: Call): string[] {
  return args.filter((a) => a.name === undefined).map((a) => (a.value.kind === "literal" ? String(a.value.value) : ""));
}

function toldBy(d: Call, name: string, scope: Scope, evaluator: Evaluator): Value {
  const of = (key: string): Value => {
    const a = d.args.find((x) => x.name === key);
    return a ? evaluator.eval(a.value, scope) : ABSENT;
  };
  const given = of("default");
  const fallback = given.t === "literal" ? given : (fallbackOf(d, scope, evaluator) ?? given);
  const required = fallback.t === "absent" && isRequired(d, flagsOf(d)[0] ?? "");
  return withEnvvar(
    of("envvar"),
    required
      ? { t: "option", name, default: UNKNOWN }
      : fallback.t === "absent"
        ? { t: "option", name }
        : { t: "option", name, default: fallback },
  );
}

/** The options that a decorator stands for: click's own, or those that a function of the program puts on in its stead. */
function optionsOf(d: Expr, scope: Scope, evaluator: Evaluator): Option[] {
  if (d.kind === "call" && isOption(d, scope)) return [{ call: d, scope }];
  const made = d.kind === "call" ? d.callee : d;
  const target = made.kind === "name" || made.kind === "member" ? evaluator.eval(made, scope) : UNKNOWN;
  const given = d.kind === "call" ? d.args.map((a) => ({ expr: a.value, scope })) : [];
  const bodies = target.t === "function" ? [{ expr: target.fn, scope: target.scope }] : [];
  // `options = [click.option("--host"), …]` in a list that the decorator is given.
  const lists = given.flatMap(({ expr }) => (expr.kind === "name" ? (lookup(scope, expr.name)?.sources ?? []) : []));
  return [...bodies, ...lists].flatMap(({ expr, scope: there }) => (expr ? optionsWithin(expr, there) : []));
}

const OPTIONS = new WeakMap<SourceModule, Call[]>();

function optionsWithin(outer: Span, scope: Scope): Option[] {
  let all = OPTIONS.get(scope.file);
  if (!all) {
    const list: Call[] = (all = []);
    OPTIONS.set(scope.file, all);
    walkTree(scope.file.tree, (e) => {
      if (e.kind === "call" && isOption(e, scope)) list.push(e);
    });
  }
  return all.flatMap((call) => (outer.start <= call.start && call.end <= outer.end ? [{ call, scope }] : []));
}

function isOption({ callee }: Call, { file }: Scope): boolean {
  return /(^|\.)(option|argument)$/.test(file.text.slice(callee.start, callee.end));
}
