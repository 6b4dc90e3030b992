/** Counts different values. Most counts end at one, for which a set would be a hundred times too much. */
export class Distinct<T> {
  #only: T | undefined;
  #all: Set<T> | null = null;
  size = 0;

  add(value: T): void {
    if (this.#all !== null) {
      this.#all.add(value);
      this.size = this.#all.size;
    } else if (this.size === 0) {
      this.#only = value;
      this.size = 1;
    } else if (value !== this.#only) {
      this.#all = new Set([this.#only as T, value]);
      this.size = 2;
    }
  }
}
