/** Instructions by kind, and RUNs by the programs they call: a rule looks at what concerns it, not at every line. */
import { type DockerfileSubject, type Run, runs } from "./rule.ts";
import type { Document, Instruction } from "./syntax.ts";

/** The instructions of these kinds, in order. ONBUILD is a kind of its own: its triggers are not among them. */
export function instructionsOf(document: Document, ...names: readonly string[]): readonly Instruction[] {
  let index = kinds.get(document);
  if (!index) {
    index = new Map<string, Instruction[]>();
    for (const instruction of document.instructions) put(index, instruction.name, instruction);
    kinds.set(document, index);
  }
  if (names.length === 1) return index.get(names[0] as string) ?? [];
  const key = names.join(" ");
  let found = index.get(key);
  if (!found) {
    found = names.flatMap((name) => index.get(name) ?? []).sort((a, b) => a.keyword.span.start - b.keyword.span.start);
    index.set(key, found);
  }
  return found;
}

const kinds = new WeakMap<Document, Map<string, Instruction[]>>();

/** Names of programs, or what they look like. */
export type Programs = readonly string[] | ((name: string) => boolean);

/** The RUNs, triggers too, that call one of these programs, by its name or by a path that ends in it; in order. */
export function runsCalling(subject: DockerfileSubject, programs: Programs): readonly Run[] {
  let index = callers.get(subject);
  if (!index) {
    index = new Map<string, Run[]>();
    for (const run of runs(subject)) {
      for (const { name } of run.script.commands) {
        put(index, name, run);
        const slash = name.lastIndexOf("/");
        if (slash >= 0) put(index, name.slice(slash + 1), run);
      }
    }
    callers.set(subject, index);
  }
  const names = typeof programs === "function" ? [...index.keys()].filter(programs) : programs;
  const lists = names.flatMap((name) => {
    const list = index.get(name);
    return list ? [list] : [];
  });
  if (lists.length < 2) return lists[0] ?? [];
  return [...new Set(lists.flat())].sort((a, b) => a.outer.span.start - b.outer.span.start);
}

const callers = new WeakMap<DockerfileSubject, Map<string, Run[]>>();

function put<T>(index: Map<string, T[]>, key: string, value: T): void {
  const list = index.get(key);
  if (!list) index.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}
