import type { Kind } from "../../resolve/plan/documents.js";
import type { DocumentEntry, Entry, Store } from "../../stores/store.js";
import { isDocument } from "./shapes.js";

/**
 * A store in which what cannot be decoded is not there: those who check it go on, and find out who misses it. Its version stays, so
 * that it can be written over.
 */
export function readableStore(store: Store, unreadable: (kind: Kind, id: string) => void): Store {
  function readable(document: DocumentEntry): DocumentEntry {
    const { kind, id, text } = document;
    if (text === null || isDocument(kind, text)) return document;
    unreadable(kind, id);
    return { ...document, text: null };
  }
  const answer = (entry: Entry): Entry => {
    if (entry.type === "document") return { ...entry, document: readable(entry.document) };
    if (entry.type === "scan") return { ...entry, documents: entry.documents.map(readable) };
    return entry;
  };
  return {
    read: async (wanted, options) => (await store.read(wanted, options)).map(answer),
    commit: (changeset) => store.commit(changeset),
    changes: (after, options) => store.changes(after, options),
    count: (kind) => store.count(kind),
    ...(store.feedBounds === undefined ? {} : { feedBounds: store.feedBounds.bind(store) }),
    close: async () => {},
  };
}
