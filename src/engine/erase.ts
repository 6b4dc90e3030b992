import { type FragmentRef, fragmentKey } from "../fragment/fragment.js";
import { planErase } from "../resolve/plan/erase.js";
import type { Store } from "../stores/store.js";
import { drain } from "./drain.js";
import { membersOf } from "./profiles.js";
import type { Runner } from "./runner.js";

export interface EraseOptions {
  /** Kept with what is left, such as a ticket number; never anything personal. */
  readonly reason: string;
  /**
   * What may not come back. `fragments`: the same (source, id) at any version. `identifiers`: whatever states one of their
   * identifiers or a digest of it; those that many people share stay open to the others.
   */
  readonly suppress: "fragments" | "identifiers";
  readonly signal?: AbortSignal;
}

export interface Erased {
  /** Fragments that were taken out. */
  readonly fragments: number;
  /** Identifiers that were shut out, each counted once for every fragment that states it. */
  readonly identifiers: number;
  /** What still waits for `drain`, and may still hold something until it is carried out: 0 but for what others are working on. */
  readonly left: number;
}

/** @throws TypeError for options out of range */
export async function erase(
  runner: Runner,
  store: Store,
  of: string | FragmentRef,
  { reason, suppress, signal }: EraseOptions,
  contended: () => Error,
): Promise<Erased> {
  if (typeof reason !== "string" || reason === "") throw new TypeError("reason must say why");
  if (suppress !== "fragments" && suppress !== "identifiers")
    throw new TypeError('suppress must be "fragments" or "identifiers"');
  const members = await runner.run(membersOf(of), { isReading: true, signal });
  if (members === null) throw contended();
  let identifiers = 0;
  for (const ref of members.value) {
    const ran = await runner.run(
      (kernel, view) => planErase(kernel, view, fragmentKey(ref), { reason, suppress }),
      { signal },
    );
    if (ran === null) throw contended();
    identifiers += ran.value;
  }
  const { left } = await drain(runner, signal);
  // What a store writes over is still on its disk until it tidies up.
  await store.scrub?.();
  return { fragments: members.value.length, identifiers, left };
}
