/**
 * What was asked for lately. Of two generations the older is forgotten when the younger is full, and what is asked for again comes
 * back into the younger: what comes often stays, and memory stays flat on endless streams.
 */
export class Recent<K, V> {
  readonly #size: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param size entries of a generation */
  constructor(size: number) {
    this.#size = size;
  }

  get(key: K): V | undefined {
    const held = this.#young.get(key);
    if (held !== undefined) return held;
    const older = this.#old.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
