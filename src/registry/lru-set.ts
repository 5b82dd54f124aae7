/** A set that forgets its oldest entries. */
export class LruSet {
  readonly #limit: number;
  readonly #entries = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(entry: string): void {
    this.#entries.delete(entry);
    this.#entries.add(entry);
    if (this.#entries.size > this.#limit) {
      const oldest = this.#entries.values().next().value;
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
  }

  has(entry: string): boolean {
    return this.#entries.has(entry);
  }
}
