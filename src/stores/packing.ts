import { type Key, NONE } from "../resolve/observation.js";
import type {
  BlockDoc,
  DigestDoc,
  Documents,
  FragmentDoc,
  IdDoc,
  KeyDoc,
  Kind,
  SessionHolder,
  StrandDoc,
  TimeDoc,
} from "../resolve/plan/documents.js";
import { packStrand, RestingStrand, unpackStrand } from "./restingStrand.js";
import type { TextArena } from "./textArena.js";

/**
 * What rests in memory for a document. Most blocks have one member, most digests one plain value, most ids a founder: of these a
 * string, a key or one small object is kept in the place of four.
 */
export type Packed = Documents[Kind] | string | Key | KeyOfFew | TimeOne | LiveFragment | RestingStrand;

/** A fragment that is live, its text apart. */
class LiveFragment {
  constructor(
    readonly version: number,
    readonly goneUpTo: number | null,
    readonly event: string | null,
    readonly cell: string | null,
    /** Number of its text. */
    readonly text: number,
  ) {}
}

/** A key that means somebody, and that nobody claims. */
class KeyOfFew {
  constructor(
    /** The only one, or all. */
    readonly cells: string | readonly string[],
    readonly digests: readonly Key[],
    readonly events: readonly SessionHolder[],
    /** Names, and in the lowest bit whether it was typed. */
    readonly names: number,
  ) {}
}

/** A time-local block of one member in one bin. */
class TimeOne {
  constructor(
    readonly strand: string,
    readonly position: number,
    readonly slot: number,
    readonly bin: number,
    readonly second: boolean,
  ) {}
}

export function pack(kind: Kind, id: string, doc: Documents[Kind], texts: TextArena): Packed {
  switch (kind) {
    case "fragment": {
      const { version, goneUpTo, text, event, cell } = doc as FragmentDoc;
      return text === null ? doc : new LiveFragment(version, goneUpTo, event, cell, texts.add(text));
    }
    case "key":
      return packKey(doc as KeyDoc);
    case "id": {
      const { founder, forward } = doc as IdDoc;
      return founder !== null && forward === null ? founder : doc;
    }
    case "strand":
      // Under the name of a tenant a strand has another than its own.
      return (doc as StrandDoc).id === id ? packStrand(doc as StrandDoc) : doc;
    case "block": {
      const { members, full } = doc as BlockDoc;
      return !full && members.length === 1 ? (members[0] as string) : doc;
    }
    case "digest": {
      const { by, stated } = doc as DigestDoc;
      return !stated && by.length === 1 ? (by[0] as Key) : doc;
    }
    case "time":
      return packTime(doc as TimeDoc);
    default:
      return doc;
  }
}

/** What was packed is wanted no longer. */
export function discard(packed: Packed, texts: TextArena): void {
  if (packed instanceof LiveFragment) texts.remove(packed.text);
}

function packKey(doc: KeyDoc): KeyDoc | KeyOfFew {
  const { cells, events, digests, claimants, claimsFull, generic, genericUntrusted, names, typed, counting } =
    doc;
  if (claimants.length > 0 || claimsFull || generic || genericUntrusted || counting > 0) return doc;
  const [cell, more] = cells;
  const held = cell !== undefined && more === undefined ? cell : cells;
  return new KeyOfFew(held, digests, events, names * 2 + (typed ? 1 : 0));
}

function unpackKey({ cells, digests, events, names }: KeyOfFew): KeyDoc {
  return {
    cells: typeof cells === "string" ? [cells] : cells,
    events,
    digests,
    claimants: NONE,
    claimsFull: false,
    generic: false,
    genericUntrusted: false,
    names: names >> 1,
    typed: (names & 1) === 1,
    counting: 0,
  };
}

function packTime(doc: TimeDoc): TimeDoc | TimeOne {
  const { first, second, full, position, slot } = doc;
  if (full || first.length + second.length !== 1) return doc;
  const [member] = first.length === 1 ? first : second;
  const [bin, more] = member?.bins ?? NONE;
  if (member === undefined || bin === undefined || more !== undefined) return doc;
  return new TimeOne(member.strand, position, slot, bin, first.length === 0);
}

export function unpack(kind: Kind, id: string, packed: Packed, texts: TextArena): Documents[Kind] {
  if (packed instanceof RestingStrand) return unpackStrand(id, packed);
  if (packed instanceof LiveFragment) {
    const { version, goneUpTo, event, cell } = packed;
    return { version, goneUpTo, text: texts.text(packed.text), event, cell };
  }
  if (packed instanceof KeyOfFew) return unpackKey(packed);
  if (typeof packed === "string")
    return kind === "block"
      ? { members: [packed], full: false, counting: 0 }
      : { founder: packed, forward: null };
  if (kind === "digest" && "index" in (packed as object)) return { by: [packed as Key], stated: false };
  if (packed instanceof TimeOne) {
    const { strand, position, slot, bin, second } = packed;
    const members = [{ strand, bins: [bin] }];
    return {
      position,
      slot,
      first: second ? NONE : members,
      second: second ? members : NONE,
      full: false,
      counting: 0,
    };
  }
  return packed as Documents[Kind];
}
