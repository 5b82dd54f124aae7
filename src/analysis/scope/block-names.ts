/**
 * Names of variables in languages whose blocks have scopes of their own. The common tree has one scope a function, so a
 * front end gives a variable of an inner block a name of its own: outside of the block its name is another variable's,
 * also one of another file, an import, a field of a superclass.
 */
export class BlockNames {
  /** What a name means here. */
  #now = new Map<string, string>();
  /** What each open block declared, with what the name meant outside of it. */
  #open: Map<string, string | undefined>[] = [];
  /** The function's outermost block: the function's own scope shadows by itself. */
  #body: Map<string, string | undefined> | undefined;
  #count = 0;
  #apart: ReadonlySet<string> = new Set();

  /** @param apart what the file calls something else too, where a variable cannot be meant: `config::Config` of Rust */
  file<T>(inside: () => T, apart: ReadonlySet<string> = new Set()): T {
    this.#apart = apart;
    this.#now = new Map();
    this.#open = [];
    this.#body = undefined;
    this.#count = 0;
    return inside();
  }

  fn<T>(inside: () => T): T {
    const body = this.#body;
    try {
      return this.block(() => {
        this.#body = this.#open.at(-1);
        return inside();
      });
    } finally {
      this.#body = body;
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
    here.set(name, this.#now.get(name));
    const own = here === this.#body && !this.#apart.has(name) ? name : `${name}'${++this.#count}`;
    this.#now.set(name, own);
    return own;
  }

  of(name: string): string {
    return this.#now.get(name) ?? name;
  }
}

/** The name as it stands in the file. */
export function writtenName(name: string): string {
  return name.replace(/'\d+$/, "");
}
