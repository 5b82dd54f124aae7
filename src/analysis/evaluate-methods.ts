/** Methods that are called like a field of their type: Rust's getters, `fn port(&self) -> u16 { self.port }`. */
import type { Scope } from "./scope.ts";
import { alternatives, anyOf, type Value } from "./values.ts";

/** Does a type have a field and a method of one name? A field is meant where it is not called. */
export function isFieldToo({ file, class: cls }: Scope, name: string): boolean {
  return file.language === "rust" && cls !== undefined && cls.members.some((m) => !m.fn && m.name === name);
}

/** `config.port()` of a type that has a field of this name as well; undefined where it is any other call. */
export function getterOf(object: Value, name: string): Value | undefined {
  const found = alternatives(object).map((v) => methodOf(v, name));
  return found.length > 0 && found.every((v) => v !== undefined) ? anyOf(found) : undefined;
}

/** The method of this name of a value whose type has such a field too. */
export function methodOf(value: Value, name: string): (Value & { t: "function" }) | undefined {
  const of = value.t === "object" ? value.cls : value.t === "instance" || value.t === "class" ? value.scope : undefined;
  const method = of && isFieldToo(of, name) ? of.class?.members.find((m) => m.fn && m.name === name) : undefined;
  return method?.fn && of ? { t: "function", fn: method.fn, scope: of, self: value } : undefined;
}
