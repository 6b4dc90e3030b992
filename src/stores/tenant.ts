import type { ProfileId } from "../resolve/ids.js";
import type { Change } from "../resolve/plan/changes.js";
import type { Kind } from "../resolve/plan/documents.js";
import { StoreError } from "./error.js";
import type { DocumentEntry, Entry, FeedBounds, FeedEntry, Store, Wanted } from "./store.js";

const MAX_NAME = 200;
/** Documents read at a time where a store cannot count those of a prefix. */
const PAGE = 500;

/**
 * One tenant's part of a store: a store of its own, in which no other tenant's documents, rows, changes or counts are seen, and
 * through which none of them can be changed.
 *
 * Every id and owner gets the tenant's name in front, as `4:acme:`. With its length before it no name is the beginning of another
 * one's, whatever characters they are made of. In the feed the profile is what bears the name.
 *
 * The feed is one for all tenants, and each reads past what is not its own: a tenant that is quiet among busy ones pays for them.
 * Cursors are those of the whole feed: they tell no content, but that somebody else was busy in between. It is trimmed for all
 * tenants at once, through the store below: a tenant's part has no `trim`.
 *
 * Without `countWithin` the store below counts a tenant's documents by reading them all, as each resolver does when it is opened.
 *
 * @param store one that is used through tenants only: without one, ids that look like a tenant's would get in between
 * @param tenant 1 to 200 characters of well-formed text without U+0000; exactly this text, neither trimmed nor folded
 * @returns a store whose `close` closes the tenant's part and leaves `store` open
 * @throws TypeError for a name that is none
 */
export function createTenantStore(store: Store, tenant: string): Store {
  const prefix = prefixOf(tenant);
  let isClosed = false;

  function checkOpen(): void {
    if (isClosed) throw new StoreError("closed", "the tenant's store is closed: make another one");
  }

  const own = <T extends { readonly id: string }>(ref: T): T => ({ ...ref, id: prefix + ref.id });
  const bare = (document: DocumentEntry): DocumentEntry => ({
    ...document,
    id: document.id.slice(prefix.length),
  });

  function wish(wanted: Wanted): Wanted {
    if ("scan" in wanted) {
      // Before the empty id too, and after all ids of tenants that stand before this one.
      const after = wanted.after === null ? prefix.slice(0, -1) : prefix + wanted.after;
      return { ...wanted, after };
    }
    return "owner" in wanted ? { ...wanted, owner: prefix + wanted.owner } : own(wanted);
  }

  function answer(entry: Entry): Entry {
    if (entry.type === "document") return { ...entry, document: bare(entry.document) };
    if (entry.type === "rows") return entry;
    // A tenant's ids stand together: behind the last of them others begin.
    const documents = entry.documents.filter(({ id }) => id.startsWith(prefix));
    return { ...entry, documents: documents.map(bare) };
  }

  async function countByReading(kind: Kind): Promise<number> {
    let count = 0;
    let after = prefix.slice(0, -1);
    for (;;) {
      const [page] = await store.read([{ scan: kind, after, limit: PAGE }]);
      if (page?.type !== "scan") throw new TypeError("a store must answer every wish in its order");
      const owned = page.documents.filter(({ id }) => id.startsWith(prefix)).length;
      count += owned;
      after = page.documents.at(-1)?.id ?? after;
      if (owned < PAGE) return count;
    }
  }

  async function countOf(kind: Kind, within: string): Promise<number> {
    checkOpen();
    if (store.countWithin !== undefined) return store.countWithin(kind, prefix + within);
    return countByReading(kind);
  }

  async function boundsOf(): Promise<FeedBounds> {
    checkOpen();
    return (store.feedBounds as NonNullable<Store["feedBounds"]>)();
  }

  return {
    async read(wanted, options) {
      checkOpen();
      return (await store.read(wanted.map(wish), options)).map(answer);
    },
    async commit({ expect, puts, deletes, rows, changes }) {
      checkOpen();
      return store.commit({
        expect: expect.map(own),
        puts: puts.map(own),
        deletes: deletes.map(own),
        rows: rows.map((row) => ({ ...row, owner: prefix + row.owner })),
        changes: changes.map((change) => ({ ...change, profile: named(prefix + change.profile) })),
      });
    },
    async *changes(after, options): AsyncGenerator<FeedEntry> {
      checkOpen();
      for await (const { cursor, change } of store.changes(after, options)) {
        if (change.profile.startsWith(prefix)) yield { cursor, change: withoutPrefix(change, prefix) };
      }
    },
    count: (kind) => countOf(kind, ""),
    ...(store.countWithin === undefined ? {} : { countWithin: countOf }),
    ...(store.scrub === undefined ? {} : { scrub: store.scrub.bind(store) }),
    // Its places are good for each tenant's part. What is dropped is dropped for all of them, so none may do it.
    ...(store.feedBounds === undefined ? {} : { feedBounds: boundsOf }),
    async close() {
      isClosed = true;
    },
  };
}

function prefixOf(tenant: string): string {
  const isName =
    typeof tenant === "string" &&
    tenant.length >= 1 &&
    tenant.length <= MAX_NAME &&
    !tenant.includes("\u0000") &&
    !/\p{Surrogate}/u.test(tenant);
  if (!isName)
    throw new TypeError(`a tenant's name is 1 to ${MAX_NAME} characters of well-formed text without U+0000`);
  return `${tenant.length}:${tenant}:`;
}

function withoutPrefix(change: Change, { length }: string): Change {
  return { ...change, profile: named(change.profile.slice(length)) };
}

function named(text: string): ProfileId {
  return text as ProfileId;
}
