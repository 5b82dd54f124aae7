/** koanf's settings of Go programs, and what is laid under them: maps, structs, flags, files. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { env, textOf, type Value } from "../values.ts";
import { cobraFlag, defaultsOf, keyed, tagName } from "./settings.ts";

/** `ko.String("app.address")`. */
export function koanfKey(view: CallView, evaluator: Evaluator): Value | undefined {
  const key = textOf(view.arg(0));
  if (key === undefined) return undefined;
  const { file } = view.scope;
  const laid = defaultsOf(evaluator, file).get(key.toLowerCase())?.() ?? fieldBelow(key, file, evaluator);
  const value = keyed(key, laid ?? flagBelow(key, file, evaluator), evaluator);
  const prefix = environmentOver(file, evaluator);
  return prefix === undefined ? value : env((prefix + key.replaceAll(".", "_")).toUpperCase(), value);
}

/** What stands under a key in the struct that is laid under koanf's settings: `k.Load(structs.Provider(Defaults(), "koanf"), nil)`. */
function fieldBelow(key: string, near: SourceModule, evaluator: Evaluator): Value | undefined {
  for (const module of evaluator.project.matching(/\bstructs\.Provider\w*\(/, near))
    for (const { call, scope } of module.calls) {
      if (call.callee.kind !== "member" || !/^Provider/.test(call.callee.property)) continue;
      let value: Value | undefined = evaluator.eval(call.args[0]?.value, scope);
      for (const word of key.split(".")) value = value && fieldAt(value, word, evaluator);
      if (value && value.t !== "unknown" && value.t !== "absent") return value;
    }
  return undefined;
}

/** The field of a struct that its tag, or its own name, calls so. */
function fieldAt(value: Value, word: string, evaluator: Evaluator): Value | undefined {
  const of = value.t === "object" ? value.cls : value.t === "instance" ? value.scope : undefined;
  const field = of?.class?.members.find(
    (m) => !m.fn && m.name !== undefined && (tagName(of, m.name) ?? m.name).toLowerCase() === word.toLowerCase(),
  );
  return field?.name === undefined ? undefined : evaluator.member(value, field.name);
}

/** The flag that is called as a key of koanf's is: `k.Load(posflag.Provider(flags, ".", k), nil)`. */
function flagBelow(key: string, near: SourceModule, evaluator: Evaluator): Value | undefined {
  const loaded = evaluator.project.matching(/koanf\/providers\/(?:pos|basic)flag\b/, near);
  return loaded.length > 0 ? cobraFlag(key, near, evaluator, /"(?:github\.com\/spf13\/p)?flag"/) : undefined;
}

/** What the variables begin with that koanf lays over its settings; undefined where it lays none. */
function environmentOver(near: SourceModule, evaluator: Evaluator): string | undefined {
  for (const module of evaluator.project.matching(/koanf\/providers\/env\b/, near))
    for (const { call, scope } of module.calls) {
      const callee = evaluator.eval(call.callee, scope);
      if (callee.t !== "ref" || !/koanf\/providers\/env(\/v\d)?\.Provider/.test(callee.path)) continue;
      const given = call.args.map((a) => evaluator.eval(a.value, scope));
      const options = given.find((v) => v.t === "object");
      return textOf(options ? evaluator.member(options, "Prefix") : given[0]) ?? "";
    }
  return undefined;
}
