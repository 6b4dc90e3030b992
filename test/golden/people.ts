import type { Assertion, Fragment, FragmentInput, Identifier } from "../../src/fragment/fragment.js";
import { fragmentKey } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/defaultModel.js";
import type { Model } from "../../src/model/model.js";
import { type Resolution, resolve } from "../../src/resolve/resolve.js";

/** The shorthand of the golden cases: fragments in few words, and who ended up with whom. */

export const START = Date.UTC(2026, 1, 2, 9, 0);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Said = Partial<Omit<Fragment, "identifiers">> & { readonly ids?: Readonly<Record<string, string>> };

export function observe(id: string, kind: string, { ids = {}, ...said }: Said = {}): Fragment {
  const identifiers = Object.entries(ids).map(([type, value]): Identifier => ({ type, value }));
  return { source: "golden", id, kind, ...(identifiers.length === 0 ? {} : { identifiers }), ...said };
}

export const CHROME_ON_WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";
export const SAFARI_ON_IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
export const FIREFOX_ON_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

export interface Outcome {
  readonly resolution: Resolution;
  /** Id of the profile that holds a fragment, by the fragment's id. */
  readonly home: (id: string) => string;
  readonly profiles: number;
}

export function unify(
  inputs: readonly FragmentInput[],
  assertions: readonly Assertion[] = [],
  model: Model = createDefaultModel(),
): Outcome {
  const resolution = resolve(inputs, model, assertions);
  const homes = new Map<string, string>();
  for (const { id, strands } of resolution.profiles) {
    for (const { events } of strands.flatMap((index) => resolution.strands[index] ?? [])) {
      for (const { observations } of events)
        for (const { fragment } of observations) homes.set(fragmentKey(fragment), id);
    }
  }
  return {
    resolution,
    profiles: resolution.profiles.length,
    home: (id) => {
      const found = homes.get(fragmentKey({ source: "golden", id }));
      if (found === undefined) throw new Error(`no live fragment ${id}`);
      return found;
    },
  };
}

/** `count` different numbers of real area codes, none of them set aside for fiction. */
export function phoneNumber(index: number): string {
  return `+1${["312", "415", "206", "617"][index % 4]}${200 + (Math.floor(index / 4) % 300)}${String(2_000 + ((index * 37) % 7_000)).padStart(4, "0")}`;
}
