const CHUNK_BYTES = 1 << 20;
/** Below this many bytes in all, what is no longer wanted may stay. */
const MOST_WASTE = 4 << 20;
/** UTF-8 takes at most three bytes for each code unit. */
const MOST_BYTES_A_UNIT = 3;

/**
 * Texts outside the heap, by number. A collector copies what it finds alive, and marks it again and again: texts that rest by the
 * million are most of what it would find. What was removed is squeezed out once it is half of all.
 */
export class TextArena {
  #chunks: Buffer[] = [];
  /** Bytes taken in the last chunk. */
  #taken = 0;
  #wasted = 0;
  #total = 0;
  #chunkOf = new Int32Array(1024);
  #startOf = new Int32Array(1024);
  /** In bytes; 0 where the number is free. */
  #lengthOf = new Int32Array(1024);
  #size = 0;
  readonly #free: number[] = [];

  constructor(
    private readonly mostWaste = MOST_WASTE,
    private readonly chunkBytes = CHUNK_BYTES,
  ) {}

  /** Keeps a well-formed, not empty text; its number is that of no other text until it is removed. */
  add(text: string): number {
    const chunk = this.#chunkFor(text.length * MOST_BYTES_A_UNIT);
    const length = chunk.write(text, this.#taken, "utf8");
    const number = this.#free.pop() ?? this.#size++;
    if (number >= this.#lengthOf.length) this.#grow();
    this.#chunkOf[number] = this.#chunks.length - 1;
    this.#startOf[number] = this.#taken;
    this.#lengthOf[number] = length;
    this.#taken += length;
    this.#total += length;
    return number;
  }

  text(number: number): string {
    const start = this.#startOf[number] as number;
    const chunk = this.#chunks[this.#chunkOf[number] as number] as Buffer;
    return chunk.toString("utf8", start, start + (this.#lengthOf[number] as number));
  }

  /** Nothing of the text is left. */
  remove(number: number): void {
    const start = this.#startOf[number] as number;
    const length = this.#lengthOf[number] as number;
    this.#chunks[this.#chunkOf[number] as number]?.fill(0, start, start + length);
    this.#wasted += length;
    this.#lengthOf[number] = 0;
    this.#free.push(number);
    if (this.#wasted > this.mostWaste && this.#wasted > this.#total / 2) this.#squeeze();
  }

  /** Bytes of the chunks. */
  get bytes(): number {
    return this.#chunks.reduce((sum, { length }) => sum + length, 0);
  }

  /** The last chunk, if so many bytes are free in it, or another. */
  #chunkFor(bytes: number): Buffer {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.length - this.#taken >= bytes) return last;
    const chunk = Buffer.allocUnsafeSlow(Math.max(this.chunkBytes, bytes));
    this.#chunks.push(chunk);
    this.#taken = 0;
    return chunk;
  }

  #grow(): void {
    const grown = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.#chunkOf = grown(this.#chunkOf);
    this.#startOf = grown(this.#startOf);
    this.#lengthOf = grown(this.#lengthOf);
  }

  #squeeze(): void {
    const old = this.#chunks;
    this.#chunks = [];
    this.#taken = 0;
    for (let number = 0; number < this.#size; number++) {
      const length = this.#lengthOf[number] as number;
      if (length === 0) continue;
      const chunk = this.#chunkFor(length);
      const start = this.#startOf[number] as number;
      old[this.#chunkOf[number] as number]?.copy(chunk, this.#taken, start, start + length);
      this.#chunkOf[number] = this.#chunks.length - 1;
      this.#startOf[number] = this.#taken;
      this.#taken += length;
    }
    this.#total -= this.#wasted;
    this.#wasted = 0;
  }
}
