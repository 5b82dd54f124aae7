/**
 * Names of variables in languages whose blocks have scopes of their own. The common tree has one scope a function, so a
 * front end gives an inner variable that shadows another, or that a block beside it has too, a name of its own.
 */
export class BlockNames {
  /** What a name means here. */
  #now = new Map<string, string>();
  /** What each open block declared, with what the name meant outside of it. */
  #open: Map<string, string | undefined>[] = [];
  /** The function's outermost block, and every name that it or a block in it declared. */
  #body: Map<string, string | undefined> | undefined;
  #taken = new Set<string>();
  #count = 0;

  /** @param names that the file itself declares */
  file<T>(names: Iterable<string>, inside: () => T): T {
    this.#now = new Map([...names].map((n) => [n, n]));
    this.#open = [];
    this.#body = undefined;
    this.#count = 0;
    return inside();
  }

  fn<T>(inside: () => T): T {
    const [body, taken] = [this.#body, this.#taken];
    this.#taken = new Set();
    try {
      return this.block(() => {
        this.#body = this.#open.at(-1);
        return inside();
      });
    } finally {
      [this.#body, this.#taken] = [body, taken];
    }
  }

  block<T>(inside: () => T): T {
    const hidden = new Map<string, string | undefined>();
    this.#open.push(hidden);
    try {
      return inside();
    } finally {
      this.#open.pop();
      for (const [name, before] of hidden)
        if (before === undefined) this.#now.delete(name);
        else this.#now.set(name, before);
    }
  }

  /** The name in the tree of a variable that is declared here; in a block that has it already it is the same. */
  declare(name: string): string {
    const here = this.#open.at(-1);
    if (!here || here.has(name)) return this.of(name);
    const before = this.#now.get(name);
    // A function's own scope shadows by itself.
    const apart = this.#taken.has(name) || (here !== this.#body && before !== undefined);
    here.set(name, before);
    this.#taken.add(name);
    const own = apart ? `${name}'${++this.#count}` : name;
    this.#now.set(name, own);
    return own;
  }

  of(name: string): string {
    return this.#now.get(name) ?? name;
  }
}
