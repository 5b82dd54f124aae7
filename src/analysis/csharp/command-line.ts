/** Options of System.CommandLine, `new Option<string>("--host", () => "localhost")`, and of CommandLineParser, as a handler gets them. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, callsBefore, lastName } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { textOf, type Value } from "../values.ts";

/** The option that is declared, or the value that is read of it: `result.GetValue(option)`. */
export function optionOf(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (READS.test(path)) {
    const read = view.arg(0);
    return read.t === "option" ? read : undefined;
  }
  const name = /(^|\.)Option$/.test(path) ? textOf(view.arg(0)) : undefined;
  if (name === undefined || !/^--?[A-Za-z]/.test(name)) return undefined;
  const given = Array.from({ length: view.count }, (_, i) => view.arg(i));
  const initializer = given.find((v) => v.t === "object");
  const factory = initializer ? evaluator.member(initializer, "DefaultValueFactory") : undefined;
  const makes = [...given, factory].find((v) => v?.t === "function");
  const option: Value = { t: "option", name };
  return makes?.t === "function" ? { ...option, default: evaluator.apply(makes) } : option;
}

/** `command.SetHandler((host, port) => …, hostOption, portOption)`, `command.SetAction(result => …)` */
export function handlerParameter(call: Call, index: number, scope: Scope, evaluator: Evaluator): Value | undefined {
  const method = lastName(call.callee) ?? "";
  if (index === 0 && /^Callback$/.test(method)) return defaultBefore(call, scope, evaluator);
  if (index === 0 && /^(?:WithParsed(?:Async)?|MapResult)$/.test(method)) return parsedOptions(call, scope, evaluator);
  if (!/^Set(?:Handler|Action)$/.test(method)) return undefined;
  const option = call.args[index + 1]?.value;
  if (!option) return index === 0 ? { t: "ref", path: RESULT, file: scope.file } : undefined;
  const value = evaluator.eval(option, scope);
  return value.t === "option" ? value : undefined;
}

/** CommandLineParser's `Parser.Default.ParseArguments<Options>(args).WithParsed(o => …)`: an object of that class. */
function parsedOptions(call: Call, scope: Scope, evaluator: Evaluator): Value | undefined {
  const parses = [...callsBefore(call)].find(({ callee }) => lastName(callee) === "ParseArguments");
  const name = (call.typeArgs ?? parses?.typeArgs)?.join();
  if (name === undefined || !/^\w+$/.test(name)) return undefined;
  const made = evaluator.eval({ kind: "name", name, start: call.start, end: call.end }, scope);
  return made.t === "class" ? { t: "instance", scope: made.scope, frame: undefined } : undefined;
}

/** `parser.Setup<string>("address").SetDefault("127.0.0.1").Callback(a => Address = a)` */
function defaultBefore(call: Call, scope: Scope, evaluator: Evaluator): Value | undefined {
  let usual: Value | undefined;
  for (const { callee, args } of callsBefore(call)) {
    const given = args[0]?.value;
    if (/^SetDefault$/.test(lastName(callee) ?? "") && given) usual = evaluator.eval(given, scope);
    if (!/^Setup$/.test(lastName(callee) ?? "")) continue;
    const names = args.flatMap(({ value }) => (value.kind === "literal" ? [String(value.value)] : []));
    return usual && { t: "option", name: names.find((n) => n.length > 1) ?? names[0] ?? "argument", default: usual };
  }
  return undefined;
}

const RESULT = "ParseResult";
/** `result.GetValue(hostOption)`, `context.ParseResult.GetValueForOption(hostOption)` */
const READS =
  /(?:^|\.)(?:ParseResult|InvocationContext)\.(?:GetValue|GetRequiredValue|GetValueFor(?:Option|Argument))$/;
