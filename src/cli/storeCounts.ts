import type { Kind } from "../resolve/plan/documents.js";
import type { Store } from "../stores/store.js";

/** What a store holds, found by looking at its strands and components. */
export interface StoreCounts {
  readonly fragments: number;
  readonly strands: number;
  readonly profiles: number;
  /** Components that wait for `drain`. */
  readonly pending: number;
}

const PAGE = 1_000;

/** Documents of a kind as they are stored, in pages. */
export async function* scanDocuments(
  store: Store,
  kind: Kind,
): AsyncGenerator<readonly { readonly id: string; readonly text: string }[]> {
  let after: string | null = null;
  for (;;) {
    const [entry] = await store.read([{ scan: kind, after, limit: PAGE }]);
    if (entry?.type !== "scan") throw new TypeError("a store must answer every wish in its order");
    yield entry.documents.flatMap(({ id, text }) => (text === null ? [] : [{ id, text }]));
    if (entry.documents.length < PAGE) return;
    after = entry.documents.at(-1)?.id ?? null;
  }
}

interface StrandText {
  readonly body: { readonly component: string | null; readonly profile: unknown } | null;
}

interface ComponentText {
  readonly profiles: readonly unknown[];
  readonly pending: boolean;
}

export async function countStore(store: Store): Promise<StoreCounts> {
  let [strands, profiles, pending] = [0, 0, 0];
  for await (const page of scanDocuments(store, "strand")) {
    for (const { text } of page) {
      const { body } = JSON.parse(text) as StrandText;
      if (body === null) continue;
      strands++;
      if (body.component === null && body.profile !== null) profiles++;
    }
  }
  for await (const page of scanDocuments(store, "component")) {
    for (const { text } of page) {
      const component = JSON.parse(text) as ComponentText;
      profiles += component.profiles.length;
      if (component.pending) pending++;
    }
  }
  return { fragments: await store.count("fragment"), strands, profiles, pending };
}
