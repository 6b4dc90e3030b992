import { count, isAbove, KEPT_NAMES, newTally, type Tally } from "../generic.js";
import { type Key, NONE } from "../observation.js";
import { forgetKey, isEmptyKey, touch } from "./cells.js";
import { copyKey } from "./copies.js";
import type { KeyDoc, StrandDoc } from "./documents.js";
import { loneStrand, type Work } from "./work.js";

/** Rung 3, second half: which keys have become too common to mean a person, and what is known of the others. */

interface Standing {
  readonly generic: boolean;
  readonly genericUntrusted: boolean;
  readonly names: number;
  readonly typed: boolean;
}

/**
 * Counts the touched keys again. A key may turn generic here, which touches its digests; none ever turns back: `drain` does that.
 */
export function settleKeys(work: Work): void {
  // Digests after what implies them: plain keys never depend on digests.
  const isDigest = (key: Key): boolean => work.kernel.isDigest(key);
  for (const digests of [false, true]) {
    for (const key of work.touchedKeys) if (isDigest(key) === digests) settleKey(work, key);
    if (work.view.isStopped) return;
  }
}

function settleKey(work: Work, key: Key): void {
  const doc = work.key(key);
  if (doc === null || doc.generic) return;
  if (isEmptyKey(doc)) {
    forgetKey(work, key);
    return;
  }
  const standing = countKey(work, key, doc);
  if (work.view.isStopped) return;
  if (standing.names !== doc.names || standing.typed !== doc.typed) work.rescoredKeys.add(key);
  const turned = standing.generic || (standing.genericUntrusted && !doc.genericUntrusted);
  if (turned) turnGeneric(work, key, doc, standing);
  else if (standing.names !== doc.names || standing.typed !== doc.typed) {
    const counted = copyKey(doc);
    counted.names = standing.names;
    counted.typed = standing.typed;
    work.putKey(key, counted);
  }
}

/** What the cells that hold a key, stated or implied, say about it. */
export function countKey(work: Work, key: Key, doc: KeyDoc): Standing {
  const { settingsOf } = work.kernel;
  const settings = settingsOf(key.type);
  const trusted = newTally();
  // Few keys have any that is untrusted.
  let untrusted: Tally | null = null;
  const tallyOf = (cell: StrandDoc, stated: Key): Tally => {
    if (cell.untrusted.length === 0 || cell.untrusted[cell.keys.indexOf(stated)] !== true) return trusted;
    untrusted ??= newTally();
    return untrusted;
  };
  let inherited: "all" | "untrusted" | null = null;
  if (settings.scope === "session") {
    for (const { event, cell: id, typed } of doc.events) {
      const cell = work.view.must("strand", id ?? loneStrand(work.kernel, event));
      if (cell !== null) count(trusted, key, null, cell.keys, typed, cell, cell.id, 1);
    }
  } else {
    for (const id of doc.cells) {
      const cell = work.view.must("strand", id);
      if (cell !== null) countCell(tallyOf(cell, key), key, null, cell);
    }
    for (const plain of basesOf(work, key)) {
      const held = work.key(plain);
      if (held === null) continue;
      if (held.generic) inherited = "all";
      else if (held.genericUntrusted) inherited ??= "untrusted";
      for (const id of held.cells) {
        const cell = work.view.must("strand", id);
        if (cell === null || cell.keys.includes(key) || baseOf(work, key, cell) !== plain) continue;
        countCell(tallyOf(cell, plain), key, plain, cell);
      }
    }
  }
  // Strangers must not change what a victim's phone is worth: what trusted sources say of it counts, if they speak of it.
  const speaking: Tally = trusted.events > 0 ? trusted : (untrusted ?? trusted);
  const generic =
    settings.scope === "session"
      ? doc.events.length > settings.maxCells
      : isAbove(trusted, key, settingsOf) || inherited === "all";
  return {
    generic,
    genericUntrusted:
      !generic &&
      (doc.genericUntrusted ||
        inherited === "untrusted" ||
        (settings.scope !== "session" && untrusted !== null && isAbove(untrusted, key, settingsOf))),
    names: Math.min(KEPT_NAMES, speaking.given.size),
    typed: speaking.typed,
  };
}

function countCell(tally: Tally, key: Key, base: Key | null, cell: StrandDoc): void {
  count(tally, key, base, cell.keys, cell.typed > 0, cell, cell.id, cell.count);
}

/** Plain keys that imply a digest which somebody states. */
export function basesOf(work: Work, key: Key): readonly Key[] {
  if (!work.kernel.isDigest(key)) return NONE;
  const doc = work.view.get("digest", work.kernel.digestId(key));
  return doc?.stated === true ? doc.by : NONE;
}

/** The plain key by which a cell holds a digest: a trusted one, if there is one. */
function baseOf(work: Work, digest: Key, cell: StrandDoc): Key | undefined {
  const bases = cell.keys.filter((key) => work.key(key)?.digests.includes(digest) === true);
  return bases.find((key) => cell.untrusted[cell.keys.indexOf(key)] !== true) ?? bases[0];
}

/** A key that many share stops linking: its holders become rows, and their evidence is drawn without it. */
function turnGeneric(work: Work, key: Key, doc: KeyDoc, standing: Standing): void {
  const id = work.kernel.keyId(key);
  const kept: string[] = [];
  for (const cellId of doc.cells) {
    const cell = work.strand(cellId);
    if (cell === null) continue;
    const isUntrusted = cell.untrusted[cell.keys.indexOf(key)] === true;
    if (standing.generic || isUntrusted)
      work.view.putRow(isUntrusted ? "key-holder-untrusted" : "key-holder", id, cellId);
    else kept.push(cellId);
    work.stale.add(cellId);
  }
  for (const { event, cell } of doc.events) {
    work.view.putRow("key-holder", id, event);
    work.stale.add(cell ?? loneStrand(work.kernel, event));
  }
  for (const plain of basesOf(work, key))
    for (const cell of work.key(plain)?.cells ?? NONE) work.stale.add(cell);
  for (const claimant of doc.claimants) work.stale.add(claimant);
  work.putKey(key, {
    ...doc,
    cells: kept,
    events: NONE,
    generic: standing.generic,
    genericUntrusted: standing.genericUntrusted,
    names: standing.names,
    typed: standing.typed,
  });
  for (const digest of doc.digests) touch(work, digest);
}
