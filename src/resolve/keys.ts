import type { Key } from "./observation.js";

/** Interns keys, so that equality is identity and facts about keys live in arrays. */
export class KeyTable {
  readonly keys: Key[] = [];
  readonly #byType = new Map<string, Map<string, Key>>();

  /** The key if it was interned before. */
  find(type: string, value: string): Key | undefined {
    return this.#byType.get(type)?.get(value);
  }

  intern(type: string, value: string, scope = ""): Key {
    let values = this.#byType.get(type);
    if (values === undefined) {
      values = new Map();
      this.#byType.set(type, values);
    }
    const full = scope === "" ? value : `${scope}\u0000${value}`;
    let key = values.get(full);
    if (key === undefined) {
      key = { index: this.keys.length, type, value, scope };
      values.set(full, key);
      this.keys.push(key);
    }
    return key;
  }

  /** Forgets the keys from an index on: nothing may hold any of them. */
  truncate(size: number): void {
    for (const { type, value, scope } of this.keys.splice(size)) {
      this.#byType.get(type)?.delete(scope === "" ? value : `${scope}\u0000${value}`);
    }
  }

  get size(): number {
    return this.keys.length;
  }
}
