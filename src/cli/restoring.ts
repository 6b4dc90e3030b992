import { canonicalJson } from "../fragment/canonical.js";
import type { FragmentInput } from "../fragment/fragment.js";
import { parseModel } from "../model/index.js";
import type { FragmentDoc, SettingsDoc } from "../resolve/plan/documents.js";
import type { DumpedDocument, DumpedKind } from "./dump.js";
import { InputError } from "./failure.js";
import { startProgress } from "./progress.js";
import type { StoreHandle } from "./store.js";
import { ingestAll } from "./storeIngest.js";
import { type StoreSession, sessionOn } from "./storeSession.js";

export interface Restored {
  readonly fragments: number;
  readonly removals: number;
  /** Fragments of which something was said. */
  readonly assertions: number;
  readonly suppressed: number;
}

const TOGETHER = 2_000;

/**
 * Tells a store what another one was told, in the order of a dump. Live fragments are ingested; what says no more than a document
 * says, whose name may hide of whom, is put as it was before anything follows from it.
 *
 * @param adapt makes the model that is written of the one that was
 */
export async function restoreInto(
  handle: StoreHandle,
  pepper: string | undefined,
  documents: AsyncIterable<DumpedDocument>,
  adapt: (model: string) => string,
  isQuiet: boolean,
): Promise<Restored> {
  const counts = { fragments: 0, removals: 0, assertions: 0, suppressed: 0 };
  let session: StoreSession | null = null;
  const progress = startProgress("restoring", isQuiet);
  try {
    for await (const page of pagesOf(documents)) {
      const [kind] = page.map((one) => one.kind);
      if (kind === "settings") session = await begin(handle, pepper, page, adapt);
      else if (session === null) throw new InputError("the backup begins without the settings of its store");
      else if (kind === "fragment") {
        const [live, gone] = split(page);
        counts.fragments += live.length;
        counts.removals += gone.length;
        await putAbsent(handle, gone);
        await ingestAll(session.resolver, live.flatMap(inputsOf), [], true);
      } else if (kind !== undefined) {
        await putAbsent(handle, page);
        // One document counts the others.
        if (kind === "assertion") counts.assertions += page.length;
        else counts.suppressed += page.filter(({ id }) => id !== "").length;
      }
      progress.update(counts.fragments + counts.removals);
    }
    return counts;
  } finally {
    progress.end();
  }
}

/** Documents of one kind at a time. */
async function* pagesOf(documents: AsyncIterable<DumpedDocument>): AsyncGenerator<DumpedDocument[]> {
  let page: DumpedDocument[] = [];
  let kind: DumpedKind | null = null;
  for await (const one of documents) {
    if (page.length > 0 && (one.kind !== kind || page.length >= TOGETHER)) {
      yield page;
      page = [];
    }
    kind = one.kind;
    page.push(one);
  }
  if (page.length > 0) yield page;
}

/** Begins the store, or finds it begun with the same. */
async function begin(
  handle: StoreHandle,
  pepper: string | undefined,
  [settings]: readonly DumpedDocument[],
  adapt: (model: string) => string,
): Promise<StoreSession> {
  const { store, name } = handle;
  const { model, pepperCheck, retired } = JSON.parse(settings?.text ?? "{}") as SettingsDoc;
  const parsed = parseModel(adapt(model));
  if (!parsed.ok) throw new InputError("the model in the backup is not valid");
  // What may not come back is named by the peppers that the store had before.
  const kept = retired === undefined ? {} : { retired };
  const next: SettingsDoc = { model: canonicalJson(parsed.value), pepperCheck, ...kept };
  const [entry] = await store.read([{ kind: "settings", id: "" }]);
  const held = entry?.type === "document" ? entry.document : undefined;
  const isNew = held === undefined || held.text === null;
  if (!isNew && canonicalJson(JSON.parse(held.text ?? "")) !== canonicalJson(next))
    throw new InputError(`${name}: was begun with another model or pepper: restore into a new store`);
  if (isNew && (await store.count("fragment")) > 0)
    throw new InputError(`${name}: holds leads already: restore into a new store`);
  const put = { kind: "settings", id: "", text: JSON.stringify(next) } as const;
  const nothing = { expect: [], puts: [], deletes: [], rows: [], changes: [] };
  if (isNew)
    await store.commit({ ...nothing, expect: [{ kind: "settings", id: "", version: 0 }], puts: [put] });
  const session = sessionOn(handle, parsed.value, pepper);
  try {
    // The first look at the store compares the pepper.
    await session.resolver.resolveId("");
  } catch (error) {
    if (isNew) await store.commit({ ...nothing, deletes: [{ kind: "settings", id: "" }] });
    throw error;
  }
  return session;
}

/** Those that are live, and those of which only their removal is left. */
function split(page: readonly DumpedDocument[]): [FragmentDoc[], DumpedDocument[]] {
  const live: FragmentDoc[] = [];
  const gone: DumpedDocument[] = [];
  for (const one of page) {
    const doc = JSON.parse(one.text) as FragmentDoc;
    if (doc.text === null) gone.push({ ...one, text: JSON.stringify({ ...doc, event: null, cell: null }) });
    else live.push(doc);
  }
  return [live, gone];
}

/** A live fragment, and the removal of the versions below it. */
function inputsOf({ text, goneUpTo }: FragmentDoc): FragmentInput[] {
  const fragment = JSON.parse(text as string) as FragmentInput;
  const { source, id } = fragment;
  if (goneUpTo === null || goneUpTo < 0) return [fragment];
  return [fragment, { source, id, gone: true, version: goneUpTo }];
}

/** Puts what is not there; what is, must be the same. */
async function putAbsent({ store, name }: StoreHandle, page: readonly DumpedDocument[]): Promise<void> {
  if (page.length === 0) return;
  const refs = page.map(({ kind, id }) => ({ kind, id }));
  const entries = await store.read(refs);
  const missing = page.filter((one, index) => {
    const entry = entries[index];
    const text = entry?.type === "document" ? entry.document.text : null;
    if (text === null) return true;
    if (canonicalJson(JSON.parse(text)) !== canonicalJson(JSON.parse(one.text)))
      throw new InputError(`${name}: holds other leads: restore into a new store`);
    return false;
  });
  if (missing.length === 0) return;
  const result = await store.commit({
    expect: missing.map(({ kind, id }) => ({ kind, id, version: 0 })),
    puts: missing,
    deletes: [],
    rows: [],
    changes: [],
  });
  if (result === "conflict")
    throw new InputError(`${name}: others write to it: restore once they have stopped`);
}
