/** What the section of the settings is called that a class holds: by its own name, and by the fields that hold it. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";

/** A name as settings compare it: `listen-addr`, `listen_addr` and `listenAddr` are one. */
export function plainName(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

/** The variable that is called as a field or a key is: `listenAddr` is LISTEN_ADDR. */
export function variableCalled(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

type Called = (scope: Scope, field: string) => string | undefined;

const BY_NAME: Called = () => undefined;
const OWNERS = new WeakMap<Scope, Map<Called, string[]>>();

/** @param called what a field is called in the settings, where something beside it says so; the same function each time */
export function ownersOf(scope: Scope, evaluator: Evaluator, called: Called = BY_NAME): string[] {
  const known = OWNERS.get(scope) ?? new Map<Called, string[]>();
  OWNERS.set(scope, known);
  let owners = known.get(called);
  if (!owners) known.set(called, (owners = findOwners(scope, evaluator, called)));
  return owners;
}

function findOwners(scope: Scope, evaluator: Evaluator, called: Called): string[] {
  const cls = scope.class;
  const out = new Set<string>();
  const word = cls?.name?.replace(/(Config|Settings|Options|Opts|Configuration|Section)$/, "");
  if (word) out.add(plainName(word));
  for (const { inner, name } of holdersOf(scope, evaluator)) out.add(plainName(called(inner, name) ?? name));
  return [...out];
}

/** The fields of the program's classes that hold one. */
export function holdersOf({ class: cls, file }: Scope, { project }: Evaluator): Holder[] {
  if (!cls?.name) return holdersIn(file).get(cls?.start) ?? [];
  // A struct of Go is held by its bare name, which neither a call nor a literal follows: `Bind BindConfig \`envPrefix:"BIND_"\``.
  const held = new RegExp(`\\w[ \\t]+\\*?(?:\\w+\\.)?${cls.name}[ \\t]*(?:\`|//|[\\r\\n;}])`);
  const fields = file.language === "go" ? project.matching(held, file, cls.name) : [];
  const modules = new Set([...project.mentioning(cls.name, file), ...fields]);
  return [...modules].flatMap((module) => holdersIn(module).get(cls.name) ?? []);
}

interface Holder {
  inner: Scope;
  name: string;
}

const HOLDERS = new WeakMap<SourceModule, Map<string | number | undefined, Holder[]>>();

/** The fields of a module's classes by each word of their types, and by where a type stands that has no name. */
function holdersIn(module: SourceModule): Map<string | number | undefined, Holder[]> {
  let all = HOLDERS.get(module);
  if (all) return all;
  all = new Map();
  for (const { class: cls, inner } of module.classes)
    for (const { name, type } of cls.members) {
      if (!type) continue;
      const text = type.end - type.start < 80 ? module.text.slice(type.start, type.end) : "";
      for (const key of new Set([type.start, ...(text.match(/\w+/g) ?? [])])) {
        const list = all.get(key) ?? [];
        list.push({ inner, name });
        all.set(key, list);
      }
    }
  HOLDERS.set(module, all);
  return all;
}
