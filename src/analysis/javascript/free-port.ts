/** Packages that look for a port that is free, beginning with the one that they are given: that one, as a rule. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Call } from "../ir.ts";
import type { Scope } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { alternatives, isLost, UNKNOWN, type Value } from "../values.ts";

const FINDS =
  /^(get-port(-please)?(\.getPort)?|get-port-cjs|detect-port(-alt)?(\.detect(Port)?)?|portfinder\.getPort(Promise)?|find-free-port(s|-sync)?|freeport(-async)?|react-dev-utils\/WebpackDevServerUtils\.choosePort)$/;

/** What they find: the port itself, the first of a list, the `port` among options. */
export function freePort(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (!FINDS.test(path)) return undefined;
  const given = path.endsWith("choosePort") ? view.arg(1) : view.arg(0);
  const keyed = given.t === "object" || given.t === "record" || given.t === "layers";
  const port = keyed ? evaluator.member(given, "port") : given;
  const first = port.t === "array" ? (port.items[0] ?? UNKNOWN) : port;
  return alternatives(first).every((v) => v.t === "absent" || v.t === "function") ? UNKNOWN : first;
}

/** `findPort(8080).then((port) => …)`, `findPort(8080, (err, port) => …)`: what the callback is given. */
export function handedOn(call: Call, index: number, scope: Scope, evaluator: Evaluator): Value | undefined {
  const { callee, args } = call;
  if (index === 0 && callee.kind === "member" && callee.property === "then" && args[0]?.value.kind === "function") {
    const value = evaluator.eval(callee.object, scope);
    return isLost(value) ? undefined : value;
  }
  if (
    index !== 1 ||
    args.at(-1)?.value.kind !== "function" ||
    !/["'][\w-]*port(finder|-async|-alt)?["']/.test(scope.file.text)
  )
    return undefined;
  const target = evaluator.eval(callee, scope);
  if (target.t !== "ref" || !FINDS.test(target.path)) return undefined;
  const value = evaluator.eval(call, scope);
  return value.t === "unknown" ? undefined : value;
}
