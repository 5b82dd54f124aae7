/** What the section of the settings is called that a class holds: by its own name, and by the fields that hold it. */
import type { Evaluator } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

/** A name as settings compare it: `listen-addr`, `listen_addr` and `listenAddr` are one. */
export function plainName(name: string): string {
  return name.replace(/[-_]/g, "").toLowerCase();
}

/** @param called what a field is called in the settings, where something beside it says so */
export function ownersOf(
  scope: Scope,
  evaluator: Evaluator,
  called: (scope: Scope, field: string) => string | undefined = () => undefined,
): string[] {
  const cls = scope.class;
  const out = new Set<string>();
  const word = cls?.name?.replace(/(Config|Settings|Options|Opts|Configuration|Section)$/, "");
  if (word) out.add(plainName(word));
  for (const module of cls?.name ? evaluator.project.mentioning(cls.name, scope.file) : [scope.file])
    for (const { class: outer, inner } of module.classes)
      for (const { name, type } of outer.members) {
        const text = type && module.text.slice(type.start, type.end);
        const holds = cls?.name
          ? text !== undefined &&
            new RegExp(`(?<!\\w)${cls.name.replace(/\W/g, "\\$&")}(?!\\w)`).test(text) &&
            text.length < 80
          : type?.start === cls?.start;
        if (holds) out.add(plainName(called(inner, name) ?? name));
      }
  return [...out];
}
