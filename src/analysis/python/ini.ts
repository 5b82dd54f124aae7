/** What Python's configparser reads from files that the program ships. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { asValue, dataIn, fileOf } from "../evaluate/files.ts";
import type { CallView } from "../semantics.ts";
import type { Value } from "../values.ts";

/** Sections of all that parsers of the file read; undefined where none of it is there. */
export function parsedSections({ scope: { file } }: CallView, evaluator: Evaluator): Value | undefined {
  const of = file.calls.flatMap(({ call, scope }) => {
    const reads = call.callee.kind === "member" ? /^read(_file|fp|_string)?$/.exec(call.callee.property) : null;
    const data =
      reads?.[1] === "_string"
        ? dataIn(evaluator, call, scope, undefined)
        : reads && fileOf(evaluator, call.args[0]?.value, scope, undefined);
    return data !== null && typeof data === "object" ? [asValue(data)] : [];
  });
  return of.length > 0 ? { t: "layers", of } : undefined;
}
