import { totalmem } from "node:os";
import { setFlagsFromString } from "node:v8";

/** Left to the system and to what lives outside the heap. */
const HEAP_SHARE = 0.75;

/**
 * Lets the heap grow to three quarters of the machine's memory. Node's own limit is about 4 GiB whatever the machine has, which
 * a million fragments come close to. A limit that the user set stands.
 */
export function allowLargeHeap(): void {
  const isSet = [...process.execArgv, process.env.NODE_OPTIONS ?? ""].some((text) =>
    text.includes("max-old-space-size"),
  );
  if (!isSet) setFlagsFromString(`--max-old-space-size=${Math.floor((totalmem() / 2 ** 20) * HEAP_SHARE)}`);
}
