import type { Changeset } from "../store.js";
import { type JsonbText, jsonbText } from "./jsonText.js";
import { numberOfKind, numberOfRowKind } from "./kinds.js";

/** A changeset as the function `commit` takes it: JSON texts, null for what there is none of. */
export interface Statement {
  /** `[kind, id, version expected or null, is written, is deleted]` for every document that it names. */
  readonly names: string;
  /** Documents named; each takes a lock. */
  readonly count: number;
  readonly puts: string | null;
  readonly rows: string | null;
  readonly feed: string | null;
}

interface Named {
  readonly kind: number;
  readonly id: string;
  expected: number | null;
  /** JSON of a document to be put; null for one to be deleted. */
  write: string | null | undefined;
}

/**
 * Each document once, whatever the changeset says about it. Documents are JSON already and go in as they are: they are parsed
 * once, by the server.
 *
 * @returns null when two expectations contradict each other, which cannot both hold
 */
export function statementOf({ expect, puts, deletes, rows, changes }: Changeset): Statement | null {
  const names = new Names();
  for (const { kind, id, version } of expect) {
    const named = names.get(numberOfKind(kind), id);
    if (named.expected !== null && named.expected !== version) return null;
    named.expected = version;
  }
  for (const { kind, id, text } of puts) names.get(numberOfKind(kind), id).write = text;
  for (const { kind, id } of deletes) names.get(numberOfKind(kind), id).write = null;
  const named: string[] = [];
  const put: string[] = [];
  for (const { kind, id, expected, write } of names.all()) {
    const name = JSON.stringify(id);
    const isWritten = write === undefined ? 0 : 1;
    named.push(`[${kind},${name},${expected},${isWritten},${write === null ? 1 : 0}]`);
    if (typeof write === "string") put.push(`[${kind},${name},${withRaw(jsonbText(write))}]`);
  }
  const feed = changes.map((change) => `[${withRaw(jsonbText(JSON.stringify(change)))}]`);
  return {
    names: `[${named.join(",")}]`,
    count: named.length,
    puts: listOf(put),
    rows: listOf(rowTexts(rows)),
    feed: listOf(feed),
  };
}

const listOf = (items: readonly string[]): string | null =>
  items.length === 0 ? null : `[${items.join(",")}]`;

const withRaw = ({ doc, raw }: JsonbText): string => (raw === null ? doc : `${doc},${JSON.stringify(raw)}`);

/** Each row once, as the last change of it has it. */
function rowTexts(rows: Changeset["rows"]): string[] {
  const texts = new Map<string, string>();
  for (const { kind, owner, name, isPut } of rows) {
    const row = `${numberOfRowKind(kind)},${JSON.stringify(owner)},${JSON.stringify(name)}`;
    texts.set(row, `[${row},${isPut ? 1 : 0}]`);
  }
  return [...texts.values()];
}

class Names {
  readonly #byKind = new Map<number, Map<string, Named>>();

  get(kind: number, id: string): Named {
    let byId = this.#byKind.get(kind);
    if (byId === undefined) {
      byId = new Map();
      this.#byKind.set(kind, byId);
    }
    let named = byId.get(id);
    if (named === undefined) {
      named = { kind, id, expected: null, write: undefined };
      byId.set(id, named);
    }
    return named;
  }

  *all(): Iterable<Named> {
    for (const byId of this.#byKind.values()) yield* byId.values();
  }
}
