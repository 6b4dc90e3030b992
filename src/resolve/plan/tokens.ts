import { flat } from "./flat.js";

/**
 * Numbers for texts that many documents would have in their names. A store of one process keeps one beside its table of keys, and
 * names documents by numbers: they are shorter and found faster than what they stand for.
 */
export class TokenTable {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** The number of a text, in base 36. */
  intern(text: string): string {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.length;
      this.#numbers.set(flat(text), number);
      this.#texts.push(text);
    }
    return number.toString(36);
  }

  get size(): number {
    return this.#texts.length;
  }

  /** Forgets texts from a number on: no document may be named by any of them. */
  truncate(size: number): void {
    for (const text of this.#texts.splice(size)) this.#numbers.delete(text);
  }
}
