/** Ruby's modules and classes are open: what a name of theirs holds may stand in another file. */
import { escaped } from "../../base/escaped.ts";
import { type Expr, lastName } from "../ir.ts";
import { classAround, type Scope, type SourceModule } from "../scope/scope.ts";
import { alternatives, type Frame, type Value } from "../values.ts";
import type { Evaluator } from "./evaluator.ts";

/** `Settings.new`: the class, where it has no `new` of its own. */
export function madeByNew(
  evaluator: Evaluator,
  callee: Expr,
  scope: Scope,
  frame: Frame | undefined,
): Value | undefined {
  if (scope.file.language !== "ruby" || callee.kind !== "member" || callee.property !== "new") return undefined;
  const made = evaluator.eval(callee.object, scope, frame);
  if (made.t !== "class") return undefined;
  // Of one whose members get their names while it runs it is not known that there is none.
  const own = evaluator.classMember(made.scope, "new", undefined, undefined);
  return own.t === "absent" || own.t === "unknown" ? made : undefined;
}

/** What `super` calls in a method: the one of its name in what the class inherits from. */
function superMethod(evaluator: Evaluator, scope: Scope, frame: Frame | undefined): Value | undefined {
  let method: Scope | undefined = scope;
  while (method && method.parent?.kind !== "class") method = method.parent;
  const [name, cls] = [method?.fn?.name, method?.parent];
  if (name === undefined || name === "initialize") return undefined;
  for (const base of cls?.class?.bases ?? [])
    for (const b of alternatives(evaluator.eval(base, cls?.parent ?? scope))) {
      const found = b.t === "class" ? evaluator.classMember(b.scope, name, undefined, frame?.self) : undefined;
      if (found?.t === "function") return found;
    }
  return undefined;
}

/** A value that a module of a Ruby file holds as a constant, wherever in it that stands. */
export function rubyConstant(evaluator: Evaluator, file: SourceModule, name: string): Value | undefined {
  if (file.language !== "ruby" || !/^[A-Z][A-Z0-9_]+$/.test(name)) return undefined;
  const holder = file.classes.find(({ inner }) => inner.fields.has(name));
  if (holder) return evaluator.classMember(holder.inner, name, undefined, undefined);
  const binding = [...file.fnScopes.values()].flatMap(({ names }) => names.get(name) ?? [])[0];
  return binding?.sources.length ? evaluator.binding(binding, undefined) : undefined;
}

/** `Config` within `module Shop`, which holds a class or a constant of that name, here or where another file opens it again. */
export function lexicalConstant(evaluator: Evaluator, scope: Scope, name: string): Value | undefined {
  if (scope.file.language !== "ruby") return undefined;
  // `@instance ||= new` within a method of the class.
  const made = name === "new" ? classAround(scope) : undefined;
  if (made?.class) return { t: "instance", scope: made, frame: undefined };
  if (!/^[A-Z]/.test(name)) return undefined;
  const around: Scope[] = [];
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.kind === "class") around.push(s);
  const holder = around.find(({ fields }) => fields.has(name));
  if (holder) return evaluator.classMember(holder, name, undefined, undefined);
  const owner = around[0]?.class?.name;
  return owner === undefined || owner === name ? undefined : reopened(evaluator, owner, name, scope.file);
}

/**
 * `Shop::Config`, `Shop.config`: a member of a module of the program, in whatever file of it that says.
 *
 * @param owner the last name of the module
 */
export function reopened(evaluator: Evaluator, owner: string, name: string, near: SourceModule): Value | undefined {
  if (near.language !== "ruby" || !/^[A-Z]\w*$/.test(owner) || OUTSIDE.test(owner)) return undefined;
  if (!/^\w+[?!]?$/.test(name) || name === "new" || evaluator.isHalfSpent()) return undefined;
  const [module, member] = [escaped(owner), escaped(name)];
  const says = new RegExp(
    `(?<![\\s\\S])(?=[\\s\\S]*?^[ \\t]*(?:module|class)[ \\t]+(?:\\w+::)*${module}\\b)[\\s\\S]*?^[ \\t]*(?:def[ \\t]+(?:self\\.)?${member}(?![\\w?!])|(?:module|class)[ \\t]+(?:\\w+::)*${member}\\b|attr_\\w+[^\\n]*:${member}\\b|${member}[ \\t]*=)`,
    "m",
  );
  for (const file of evaluator.project.matching(says, near, owner))
    for (const { class: cls, inner } of file.classes) {
      if (lastOf(cls.name) !== owner) continue;
      const nested = file.classes.find((c) => lastOf(c.class.name) === name && c.inner !== inner && isIn(c, inner));
      if (nested) return { t: "class", class: nested.class, scope: nested.inner };
      const found = evaluator.classMember(inner, name, undefined, { t: "class", class: cls, scope: inner });
      if (found.t !== "absent" && found.t !== "unknown") return found;
    }
  return undefined;
}

/** Where a class is opened again, and the modules that it, or an object of it, is given: `Web.prepend(Open)`, `web.extend(Open)`. */
export function openedAgain(evaluator: Evaluator, scope: Scope): Scope[] {
  const name = lastOf(scope.class?.name);
  const found: Scope[] = [];
  const again = new RegExp(`^[ \\t]*(?:class|module)[ \\t]+(?:\\w+::)*${escaped(name)}\\b`, "m");
  // `Control::Run` beside `Run` is another class.
  for (const file of evaluator.project.matching(again, scope.file, name))
    for (const { class: cls, inner } of file.classes)
      if (inner !== scope && lastOf(cls.name) === name && fullName(inner) === fullName(scope)) found.push(inner);
  for (const file of evaluator.project.matching(/\.(?:extend|prepend|include)[ (]/, scope.file))
    for (const { call, scope: at } of file.calls) {
      if (call.callee.kind !== "member" || !/^(?:extend|prepend|include)$/.test(call.callee.property)) continue;
      const onto = lastName(call.callee.object);
      if (onto !== undefined && /^[A-Z]/.test(onto) && onto !== name) continue;
      const owners = alternatives(evaluator.eval(call.callee.object, at));
      if (!owners.some((v) => (v.t === "class" || v.t === "instance") && v.scope === scope)) continue;
      for (const { value } of call.args)
        for (const v of alternatives(evaluator.eval(value, at))) if (v.t === "class") found.push(v.scope);
    }
  return found;
}

/** Ruby's own and servers' modules, which a program may add to. */
const OUTSIDE =
  /^(WEBrick|Rack|Rackup|Puma|Thin|EM|EventMachine|GRPC|Sinatra|Async|Reel|Iodine|DRb|OpenSSL|IO|Socket|TCPServer|OptionParser|OpenStruct|Struct|YAML|JSON|ENV|File|Dir|Kernel|Object|String|Hash|Array)$/;

function lastOf(name: string | undefined): string {
  return name?.slice(name.lastIndexOf(":") + 1) ?? "";
}

/** `Shop::Config`, whichever of its modules stand around it. */
function fullName(scope: Scope): string {
  const names: string[] = [];
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.kind === "class") names.unshift(s.class?.name ?? "");
  return names.join("::");
}

/** Does it stand in the class, or is it called by it: `class Shop::Config`? */
function isIn({ class: { name }, scope }: SourceModule["classes"][number], inner: Scope): boolean {
  const owner = lastOf(inner.class?.name);
  if (name?.includes("::")) return lastOf(name.slice(0, name.lastIndexOf("::"))) === owner;
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.kind === "class") return s === inner;
  return false;
}

/** What is called by a bare name. */
export function rubyCallee(
  evaluator: Evaluator,
  callee: Expr & { kind: "name" },
  scope: Scope,
  frame: Frame | undefined,
): Value {
  const above = callee.name === "super" ? superMethod(evaluator, scope, frame) : undefined;
  if (above) return above;
  // `app = app(port)`: a method is called, whatever a variable of its name holds.
  const own = classAround(scope);
  const method = own && evaluator.classMember(own, callee.name, undefined, frame?.self);
  if (method?.t === "function") return method;
  const made = callee.name === "new" && own?.class;
  return made ? { t: "class", class: made, scope: own } : evaluator.name(callee.name, scope, frame, callee);
}
