/** Options that a function of a library is given, where its name says that it starts a server. */

import type { Evaluator } from "./evaluate/evaluator.ts";
import type { Call, Expr } from "./ir.ts";
import type { Scope } from "./scope/scope.ts";
import { followedByName } from "./settings/declared-options.ts";
import { ABSENT, alternatives, type Value } from "./values.ts";

/** Its name, or its only word: `startServer`, `createDevServer`, `serve`, `server`. */
const STARTS_SERVER = /^(?:(?:create|start|run|make|launch|open|boot|init|new)\w*Server|serve|server|startServer\w*)$/;
const HOST_KEYS = ["host", "hostname"];
/** What has these keys too, and is told where somebody else listens. */
const OF_OTHERS = /^(?:target|upstream|remote|database|user(?:name)?|password|auth|proxyHost)$/;

/** `createDevServer(app, { host, port })`: the host and the port among the options, where the function is not the program's own. */
export function optionsOfServer(
  { callee, args, isNew }: Call,
  name: string,
  scope: Scope,
  evaluator: Evaluator,
): { host: Value; port: Value } | undefined {
  if (scope.file.language !== "javascript" || isNew || !STARTS_SERVER.test(name)) return undefined;
  if (evaluator.query(callee, scope).t !== "ref") return undefined;
  for (const { value } of args.slice(0, 3)) {
    const options = evaluator.query(value, scope);
    if (!alternatives(options).some((v) => v.t === "object" || v.t === "record" || v.t === "layers")) continue;
    const written = entriesOf(value, options);
    if (written.some((e) => OF_OTHERS.test(e.key ?? ""))) continue;
    const given = (keys: readonly string[]): Value => {
      for (const key of keys) {
        const found = evaluator.member(options, key);
        if (found.t === "absent") continue;
        const expr = written.find((e) => e.key === key)?.value;
        return followedByName(found, expr, expr && options.t === "object" ? options.scope : scope, evaluator);
      }
      return ABSENT;
    };
    const host = given(HOST_KEYS);
    const port = given(["port"]);
    if (host.t !== "absent" && port.t !== "absent") return { host, port };
  }
  return undefined;
}

function entriesOf(expr: Expr, value: Value): readonly { key?: string | undefined; value: Expr }[] {
  if (expr.kind === "object") return expr.entries;
  return value.t === "object" ? value.expr.entries : [];
}
