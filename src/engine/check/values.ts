import { identifierSettings } from "../../model/compile.js";
import { NO_LEVELS } from "../../resolve/levels.js";
import { type Key, NONE } from "../../resolve/observation.js";
import { isEmptyKey, recheckedKey, strandOf } from "../../resolve/plan/cells.js";
import type { KeyDoc } from "../../resolve/plan/documents.js";
import { recheck } from "../../resolve/plan/hot.js";
import { basesOf, countKey } from "../../resolve/plan/keys.js";
import { finish } from "../../resolve/plan/plan.js";
import { loneStrand, type Work } from "../../resolve/plan/work.js";
import type { Look } from "./looking.js";
import { dropMember, restateDigest } from "./mending.js";

/** Rung 3, and the blocks of rung 5, from the side of the values: those whom they list must say so themselves. */

export function lookAtKey(look: Look, id: string): void {
  const { work } = look;
  const { view, kernel } = work;
  const doc = view.get("key", id);
  if (doc === null) return;
  if (isEmptyKey(doc)) {
    look.fault("key", id, (mending) => mending.view.put("key", id, null));
    return;
  }
  let key: Key | null = null;
  const drop = (kind: "cells" | "events" | "claimants", name: string): void =>
    look.fault("key", id, (mending) => dropMember(mending, id, kind, name));
  const keyIn = (keys: readonly Key[]): Key | null => keys.find((one) => kernel.keyId(one) === id) ?? null;
  const ofCell = (name: string): Key | null => {
    const cell = view.get("strand", name);
    return cell?.cell === name ? keyIn(cell.keys) : null;
  };
  const ofEvent = (ref: string): Key | null => keyIn(look.unit(ref)?.event.sessionKeys ?? NONE);
  const ofClaim = (strand: string): Key | null =>
    keyIn(view.get("strand", strand)?.body?.claims?.map((claim) => claim.key) ?? NONE);
  const seen = new Set<string>();
  for (const name of doc.cells) {
    const found = ofCell(name);
    if (found === null || seen.has(name) || doc.generic) drop("cells", name);
    seen.add(name);
    key ??= found;
  }
  for (const { event } of doc.events) {
    const found = ofEvent(event);
    if (found === null || seen.has(event) || doc.generic) drop("events", event);
    seen.add(event);
    key ??= found;
  }
  for (const strand of doc.claimants) {
    const found = ofClaim(strand);
    if (found === null || doc.claimsFull) drop("claimants", strand);
    key ??= found;
  }
  const holders = (kind: "key-holder" | "key-holder-untrusted"): void => {
    for (const name of look.rows(kind, id).names) {
      const found = ofCell(name) ?? ofEvent(name);
      if (found === null) look.fault("key", id, ({ view: mending }) => mending.deleteRow(kind, id, name));
      key ??= found;
    }
  };
  if (doc.generic) holders("key-holder");
  if (doc.generic || doc.genericUntrusted) holders("key-holder-untrusted");
  if (doc.claimsFull) {
    for (const name of look.rows("key-claimant", id).names) {
      const found = ofClaim(name);
      if (found === null)
        look.fault("key", id, ({ view: mending }) => mending.deleteRow("key-claimant", id, name));
      key ??= found;
    }
  }
  // Of one that nobody holds the value is not known: a digest stays generic as long as what implies it is.
  if (key !== null) lookAtStanding(look, id, key, doc);
}

/** Whether what is said about a key is what its holders say. */
function lookAtStanding(look: Look, id: string, key: Key, doc: KeyDoc): void {
  const { work } = look;
  const { view, kernel } = work;
  const again = (mending: Work): void => recheck(mending, "key", recheckedKey(key));
  const isAwaited = (kind: "key" | "claims"): boolean =>
    view.get("recheck", kernel.name(`${kind} ${recheckedKey(key)}`)) !== null;
  const isWaiting = isAwaited("key");
  const standing = look.attempt(() => countKey(work, key, doc));
  if (!doc.generic) {
    const isCounted =
      standing !== null &&
      !standing.generic &&
      standing.genericUntrusted === doc.genericUntrusted &&
      // What only untrusted sources state links nothing: what else was known of it is of no account.
      ((doc.genericUntrusted && doc.cells.length === 0) ||
        (standing.names === doc.names && standing.typed === doc.typed));
    if (!isCounted)
      look.fault("standing", id, (mending) => {
        mending.touchedKeys.add(key);
        for (const cell of doc.cells) mending.stale.add(cell);
        finish(mending);
      });
  }
  if (!isWaiting && ((doc.counting > 0 && !isAwaited("claims")) || isHeldForNothing(look, id, key, doc)))
    look.fault("standing", id, again);
  if (doc.claimsFull && !isAwaited("claims")) {
    const { names, isAll } = look.rows("key-claimant", id);
    if (isAll && names.size <= kernel.compiled.model.limits.maxBlock)
      look.fault("standing", id, (mending) => recheck(mending, "claims", recheckedKey(key)));
  }
  lookAtDigests(look, id, key, doc);
  if (!doc.generic) lookAtHolders(look, id, key, doc);
}

/** Strands that share a key are in one component, refused edges included; what waits is related later. */
function lookAtHolders(look: Look, id: string, key: Key, doc: KeyDoc): void {
  const { work } = look;
  const { view, kernel } = work;
  const strandsOf = (cells: readonly string[]): string[] =>
    cells.flatMap((name) => {
      const cell = view.get("strand", name);
      if (cell?.alone !== true) return [name];
      return [...cell.events, ...look.rows("cell-event", name).names].map((ref) => loneStrand(kernel, ref));
    });
  const stating = [
    ...strandsOf(doc.cells),
    ...doc.events.flatMap((holder) => {
      return look.attempt(() => strandOf(work, { ref: holder.event, cell: holder.cell })) ?? [];
    }),
  ].filter((strand) => view.get("strand", strand)?.body?.evidence.keys.includes(key));
  const implying = basesOf(work, key)
    .flatMap((plain) => strandsOf(work.key(plain)?.cells ?? NONE))
    .filter((strand) => view.get("strand", strand)?.body?.evidence.implied.includes(key));
  const joined = stating.length > 0 ? [...new Set([...stating, ...implying])] : [];
  if (!isTogether(look, joined))
    look.fault("edge", id, (mending) => {
      for (const strand of joined) mending.relink.add(strand);
      finish(mending);
    });
}

/** Whether strands are in one component, or one of them waits. */
function isTogether({ work: { view } }: Look, strands: readonly string[]): boolean {
  if (strands.length < 2) return true;
  const components = new Set(strands.map((strand) => view.get("strand", strand)?.body?.component ?? null));
  if (components.size === 1) return !components.has(null);
  return (
    strands.some((strand) => view.get("strand", strand)?.moving === true) ||
    [...components].some((component) => component !== null && view.get("component", component)?.pending)
  );
}

/** Held generic although those who hold it are few enough: only what waits to be counted again may be. */
function isHeldForNothing(look: Look, id: string, key: Key, doc: KeyDoc): boolean {
  if (!doc.generic) return false;
  const { work } = look;
  const { kernel } = work;
  const settings = identifierSettings(kernel.compiled.model, key.type);
  const limit = kernel.plainMaxCells(key) ?? settings.maxCells;
  const trusted = look.rows("key-holder", id);
  const untrusted = look.rows("key-holder-untrusted", id);
  if (!trusted.isAll || trusted.names.size > limit) return false;
  if (settings.scope === "session") return true;
  const isOpen = untrusted.isAll && untrusted.names.size <= limit;
  const cells = [...trusted.names, ...(isOpen ? untrusted.names : NONE)];
  const counted = look.attempt(() =>
    countKey(work, key, { ...doc, cells, generic: false, genericUntrusted: !isOpen }),
  );
  return counted !== null && !counted.generic;
}

function lookAtDigests(look: Look, id: string, key: Key, doc: KeyDoc): void {
  const { view, kernel } = look.work;
  const again = (mending: Work): void => restateDigest(mending, key);
  if (kernel.isDigest(key)) {
    const isStated = doc.cells.length > 0 || doc.generic || doc.genericUntrusted;
    if ((view.get("digest", kernel.digestId(key))?.stated === true) !== isStated)
      look.fault("digest", id, again);
  }
  if (!kernel.compiled.digestTypes.has(key.type)) return;
  for (const { id: digestId, digest } of kernel.digestsOf(key)) {
    const held = view.get("digest", digestId);
    if (held?.by.includes(key) !== true || held.stated !== doc.digests.includes(digest()))
      look.fault("digest", id, again);
  }
}

export function lookAtDigest(look: Look, id: string): void {
  const { work } = look;
  const doc = work.view.get("digest", id);
  if (doc === null) return;
  if (doc.by.length === 0 && !doc.stated)
    look.fault("digest", id, (mending) => mending.view.put("digest", id, null));
  for (const plain of doc.by) {
    const held = work.key(plain);
    const isTheirs = look.attempt(() => work.kernel.digestsOf(plain).some((one) => one.id === id)) === true;
    if (held === null || !isTheirs)
      look.fault("digest", id, (mending) => {
        const by = doc.by.filter((one) => one !== plain);
        mending.view.put("digest", id, by.length === 0 && !doc.stated ? null : { ...doc, by });
      });
  }
}

export function lookAtBlock(look: Look, id: string): void {
  const { view, kernel } = look.work;
  const doc = view.get("block", id);
  if (doc === null) return;
  const { maxBlock } = kernel.compiled.model.limits;
  const isIn = (strand: string): boolean => view.get("strand", strand)?.body?.blocks.includes(id) === true;
  if (doc.full) {
    const { names, isAll } = look.rows("block-member", id);
    for (const strand of names)
      if (!isIn(strand))
        look.fault("block", id, ({ view: mending }) => mending.deleteRow("block-member", id, strand));
    const isFew = (isAll && names.size <= maxBlock) || doc.counting > 0 || doc.members.length > 0;
    if (isFew && view.get("recheck", kernel.name(`block ${id}`)) === null)
      look.fault("block", id, (mending) => {
        for (const strand of doc.members) mending.view.putRow("block-member", id, strand);
        mending.view.put("block", id, { ...doc, members: NONE });
        recheck(mending, "block", id);
      });
    return;
  }
  const members = [...new Set(doc.members)].filter(isIn);
  if (members.length === doc.members.length && members.length > 0 && members.length <= maxBlock) {
    lookAtPairs(look, id, members);
    return;
  }
  look.fault("block", id, (mending) => {
    const isMany = members.length > maxBlock;
    if (isMany) for (const strand of members) mending.view.putRow("block-member", id, strand);
    for (const strand of members) mending.relink.add(strand);
    mending.view.put(
      "block",
      id,
      members.length === 0 ? null : { members: isMany ? NONE : members, full: isMany, counting: 0 },
    );
  });
}

/** Members that score as one person are in one component. */
function lookAtPairs(look: Look, id: string, members: readonly string[]): void {
  const { work } = look;
  const { scorer, compiled } = work.kernel;
  members.forEach((u, at) => {
    const own = work.strand(u)?.body;
    for (const v of members.slice(at + 1)) {
      const other = work.strand(v)?.body;
      if (!own || !other || isTogether(look, [u, v])) continue;
      // What a time-local level adds or takes away is not worked out here.
      if (own.times.some((time) => other.times.includes(time))) continue;
      const [x, y] = [own.evidence, other.evidence];
      for (const key of [...x.keys, ...x.implied]) work.key(key);
      const bits = look.attempt(() => scorer.bits(x, y, NO_LEVELS)) ?? 0;
      if (bits >= compiled.model.thresholds.link)
        look.fault("edge", id, (mending) => {
          for (const strand of members) mending.relink.add(strand);
          finish(mending);
        });
    }
  });
}

export function lookAtTime(look: Look, id: string): void {
  const { view, kernel } = look.work;
  const doc = view.get("time", id);
  if (doc === null) return;
  const block = kernel.timeLocal[doc.position];
  const isIn = (strand: string): boolean => view.get("strand", strand)?.body?.times.includes(id) === true;
  if (doc.full) {
    const { names, isAll } = look.rows("time-member", id);
    const strands: [Set<string>, Set<string>] = [new Set(), new Set()];
    for (const row of names) {
      const [side, , ...rest] = row.split(" ");
      strands[side === "1" ? 0 : 1].add(rest.join(" "));
      if (!isIn(rest.join(" ")))
        look.fault("time", id, ({ view: mending }) => mending.deleteRow("time-member", id, row));
    }
    const isFew = isAll && strands.every((side) => side.size < (block?.fullAt ?? 0));
    if ((isFew || doc.counting > 0) && view.get("recheck", kernel.name(`time ${id}`)) === null)
      look.fault("time", id, (mending) => recheck(mending, "time", id));
    return;
  }
  const sides = [doc.first, doc.second].map((side) => side.filter(({ strand }) => isIn(strand)));
  const [first = NONE, second = NONE] = sides;
  const isWhole = first.length === doc.first.length && second.length === doc.second.length;
  const isRight = [first, second].every(
    (side) =>
      new Set(side.map(({ strand }) => strand)).size === side.length && side.length < (block?.fullAt ?? 0),
  );
  if (isWhole && isRight && first.length + second.length > 0) return;
  look.fault("time", id, (mending) => {
    for (const { strand } of [...first, ...second]) mending.relink.add(strand);
    mending.view.put("time", id, first.length + second.length === 0 ? null : { ...doc, first, second });
  });
}
