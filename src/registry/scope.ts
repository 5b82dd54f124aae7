/** Token scopes: `repository:NAME:ACTIONS` (distribution "Token Scope Documentation"). */

export type Action = "pull" | "push" | "delete";

export interface Scope {
  repository: string;
  actions: readonly Action[];
}

/** One string per resource, sorted; what is asked for twice is merged. `extra` are scopes in their written form. */
export function formatScopes(scopes: readonly Scope[], extra: readonly string[] = []): string[] {
  const merged = new Map<string, Set<string>>();
  const add = (resource: string, actions: readonly string[]) => {
    const set = merged.get(resource) ?? new Set<string>();
    for (const action of actions) if (action) set.add(action);
    merged.set(resource, set);
  };
  for (const scope of scopes) add(`repository:${scope.repository}`, scope.actions);
  for (const text of extra) {
    const colon = text.lastIndexOf(":");
    if (colon > 0) add(text.slice(0, colon), text.slice(colon + 1).split(","));
  }
  return [...merged].map(([resource, actions]) => `${resource}:${[...actions].sort().join(",")}`).sort();
}

/** Does a token for `granted` serve `wanted`? Both as `formatScopes` writes them. */
export function coversScopes(granted: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((want) => {
    const colon = want.lastIndexOf(":");
    const actions = want.slice(colon + 1).split(",");
    return granted.some((have) => {
      if (have.slice(0, have.lastIndexOf(":")) !== want.slice(0, colon)) return false;
      const held = have.slice(have.lastIndexOf(":") + 1).split(",");
      return actions.every((action) => held.includes(action));
    });
  });
}

/** Only reading is asked for; nothing at all (a check of a login) is not reading. */
export function isReadOnly(scopes: readonly string[]): boolean {
  return scopes.length > 0 && scopes.every((scope) => scope.endsWith(":pull"));
}
