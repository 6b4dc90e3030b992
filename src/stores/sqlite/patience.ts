import { setTimeout as wait } from "node:timers/promises";
import { busy, isBusy } from "./failure.js";

const LONGEST_WAIT_MS = 20;

/**
 * Tries until nobody else holds the file. Between tries the event loop is free. Waits grow to a small bound and are drawn at
 * random, so that nobody who waits falls behind for good.
 *
 * @throws StoreError `busy` when it took longer than `timeoutMs`, the reason of the signal when it was aborted
 */
export async function patiently<T>(
  attempt: () => T,
  { path, timeoutMs, signal }: { path: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  const startedAt = performance.now();
  for (let longest = 1; ; longest = Math.min(longest * 2, LONGEST_WAIT_MS)) {
    signal?.throwIfAborted();
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const left = timeoutMs - (performance.now() - startedAt);
      if (left <= 0) throw busy(path, error);
      await wait(Math.min(longest * (0.5 + Math.random() / 2), left));
    }
  }
}
