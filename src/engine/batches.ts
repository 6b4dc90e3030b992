const NOTHING = Symbol("nothing yet");

/**
 * Inputs in batches of at most `size`. Of an asynchronous source a batch ends early where the next input is not there by the next
 * turn of the event loop, so that a stream which trickles is not held up for a batch to fill.
 */
export async function* batchesOf(
  inputs: Iterable<unknown> | AsyncIterable<unknown>,
  size: number,
): AsyncGenerator<readonly unknown[]> {
  if (Symbol.asyncIterator in inputs) yield* arrivingBatches(inputs[Symbol.asyncIterator](), size);
  else {
    let batch: unknown[] = [];
    for (const input of inputs) {
      batch.push(input);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}

async function* arrivingBatches(
  inputs: AsyncIterator<unknown>,
  size: number,
): AsyncGenerator<readonly unknown[]> {
  let next: Promise<IteratorResult<unknown>> | null = null;
  let isAtEnd = false;
  try {
    while (!isAtEnd) {
      const batch: unknown[] = [];
      while (batch.length < size) {
        next ??= inputs.next();
        const result = batch.length === 0 ? await next : await Promise.race([next, turn()]);
        if (result === NOTHING) break;
        next = null;
        if (result.done === true) {
          isAtEnd = true;
          break;
        }
        batch.push(result.value);
      }
      if (batch.length > 0) yield batch;
    }
  } catch (error) {
    // A source that has thrown is at its end.
    if (next !== null) isAtEnd = true;
    throw error;
  } finally {
    if (!isAtEnd) {
      // Not waited for where an input is still on its way: it may never come.
      const end = inputs.return?.();
      if (next === null) await end;
      else for (const late of [next, end]) late?.then(undefined, () => {});
    }
  }
}

function turn(): Promise<typeof NOTHING> {
  return new Promise((resolve) => {
    setImmediate(resolve, NOTHING);
  });
}
