const ROUNDS = 100_000_000;

/**
 * Milliseconds of a fixed loop of integer hashing (FNV-1a over a counter). It touches no memory and makes no garbage: figures of
 * two machines, or of one machine on two days, are compared by what they are next to it.
 */
export function calibrate(): number {
  const startedAt = performance.now();
  let hash = 0x811c9dc5;
  for (let round = 0; round < ROUNDS; round++) hash = Math.imul(hash ^ (round & 0xff), 0x01000193);
  const elapsed = performance.now() - startedAt;
  // Whoever sees that nothing reads the result may leave the loop out.
  if (hash === 0) throw new Error("the loop came to 0");
  return elapsed;
}
