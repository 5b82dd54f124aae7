/** Maps and sets that begin as another one. A stage on a stage on a stage … would else copy all variables at each step. */

/** Deeper than this a copy is made: looking a name up goes through all layers. */
const MAX_DEPTH = 1000;

/** What it begins with must not change afterwards. */
export class LayeredMap<V> {
  #below: LayeredMap<V> | undefined;
  /** Made with its first key: most stages set none. */
  #own: Map<string, V> | undefined;
  readonly #depth: number;

  constructor(below?: LayeredMap<V> | Iterable<readonly [string, V]>) {
    const map = below instanceof LayeredMap ? below.#top() : undefined;
    if (map !== undefined && map.#depth < MAX_DEPTH) this.#below = map;
    else if (below !== undefined) this.#own = new Map(below);
    this.#depth = this.#below === undefined ? 0 : this.#below.#depth + 1;
  }

  get(key: string): V | undefined {
    for (let map: LayeredMap<V> | undefined = this; map; map = map.#below) {
      const value = map.#own?.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(key: string): boolean {
    for (let map: LayeredMap<V> | undefined = this; map; map = map.#below) if (map.#own?.has(key)) return true;
    return false;
  }

  set(key: string, value: V): this {
    this.#own ??= new Map();
    this.#own.set(key, value);
    return this;
  }

  /** At least as many as there are: a key that is set again counts again. */
  get bound(): number {
    let count = 0;
    for (let map: LayeredMap<V> | undefined = this; map; map = map.#below) count += map.#own?.size ?? 0;
    return count;
  }

  *keys(): Generator<string> {
    for (const [key] of this) yield key;
  }

  /** The oldest first; of a key the newest value. */
  *[Symbol.iterator](): Generator<[string, V]> {
    const layers: LayeredMap<V>[] = [];
    for (let map: LayeredMap<V> | undefined = this; map; map = map.#below) layers.push(map);
    if (layers.length === 1) {
      yield* this.#own ?? [];
      return;
    }
    const all = new Map<string, V>();
    for (const layer of layers.reverse()) for (const [key, value] of layer.#own ?? []) all.set(key, value);
    yield* all;
  }

  /** The map itself, or the one below where it adds nothing. */
  #top(): LayeredMap<V> {
    return this.#own === undefined && this.#below !== undefined ? this.#below.#top() : this;
  }
}

export class LayeredSet {
  readonly #map: LayeredMap<true>;

  constructor(below?: LayeredSet | Iterable<string>) {
    this.#map =
      below instanceof LayeredSet
        ? new LayeredMap(below.#map)
        : new LayeredMap(Array.from(below ?? [], (key) => [key, true] as const));
  }

  has(key: string): boolean {
    return this.#map.has(key);
  }

  add(key: string): this {
    this.#map.set(key, true);
    return this;
  }

  get bound(): number {
    return this.#map.bound;
  }

  [Symbol.iterator](): Generator<string> {
    return this.#map.keys();
  }
}
