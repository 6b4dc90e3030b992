import type { FragmentInput } from "../../fragment/fragment.js";
import type { AssertionDoc, FragmentDoc } from "../../resolve/plan/documents.js";
import { aliasOf } from "../../resolve/plan/kernel.js";
import type { DocumentEntry } from "../../stores/store.js";
import { drain } from "../drain.js";
import { LeadweaveError } from "../error.js";
import { ingestBatch } from "../ingest.js";
import { StoreRunner } from "../storeRunner.js";
import { type Side, silent } from "./side.js";

/** What a store was told, told to another one. Done again, it changes nothing. */

const BATCH = 16;
const MAX_RETRIES = 20;

export interface Told {
  readonly fragments: number;
  readonly removals: number;
  readonly assertions: number;
}

/**
 * Assertions first, so that nothing is joined only to be parted; then fragments, resolved afresh. What is left of a removed fragment
 * does not say which it was: it gets the name of its name, which whoever delivers the fragment again makes in the same way.
 */
export async function takeOverTold(from: Side, to: Side, signal: AbortSignal | undefined): Promise<Told> {
  const runner = new StoreRunner(to.kernels, silent(to.store), MAX_RETRIES);
  const told = { fragments: 0, removals: 0, assertions: 0 };
  for await (const page of from.pages("assertion")) told.assertions += await takeAssertions(from, to, page);
  for await (const page of from.pages("fragment")) {
    const inputs: FragmentInput[] = [];
    const gone: DocumentEntry[] = [];
    for (const document of page) {
      const { text, goneUpTo } = JSON.parse(document.text as string) as FragmentDoc;
      if (text === null) {
        gone.push(document);
        continue;
      }
      const fragment = JSON.parse(text) as FragmentInput;
      const { source, id } = fragment;
      inputs.push(fragment);
      told.fragments++;
      if (goneUpTo !== null && goneUpTo >= 0) inputs.push({ source, id, gone: true, version: goneUpTo });
    }
    told.removals += gone.length;
    await putRenamed(to, gone);
    for (let at = 0; at < inputs.length; at += BATCH) {
      const outcomes = await ingestBatch(runner, inputs.slice(at, at + BATCH), signal);
      if (outcomes.some(({ type }) => type === "refused"))
        throw new LeadweaveError(
          "store-inconsistent",
          "the store holds a fragment that is none, or others write to the copy: run leadweave check, then rotate again",
        );
    }
  }
  const { left } = await drain(runner, signal);
  if (left > 0)
    throw new LeadweaveError("contended", "others write to the copy: stop them, then rotate again");
  return told;
}

/** What may not come back under the names that it has here: fragments that were removed, and all that was erased. */
export async function putRenamed(to: Side, page: readonly DocumentEntry[]): Promise<void> {
  if (page.length === 0) return;
  await to.write((kernel, view) => {
    for (const { kind, id, text } of page) {
      const name = aliasOf(kernel.conceal, id);
      const held = view.get(kind, name);
      if (held === null) view.put(kind, name, JSON.parse(text as string));
    }
  });
}

/** The document of a fragment does not say whose it is, but those that it names say so of it. */
async function takeAssertions(from: Side, to: Side, page: readonly DocumentEntry[]): Promise<number> {
  const docs = page.map(({ id, text }) => ({ id, doc: JSON.parse(text as string) as AssertionDoc }));
  const owners = await from.read((kernel, view) =>
    docs.map(({ id, doc }) => {
      for (const { other } of doc.said) {
        if (kernel.name(other) === id) return other;
        for (const back of view.get("assertion", kernel.name(other))?.said ?? [])
          if (kernel.name(back.other) === id) return back.other;
      }
      return null;
    }),
  );
  await to.write((kernel, view) => {
    for (const [at, owner] of owners.entries()) {
      const { doc } = docs[at] as (typeof docs)[number];
      if (owner === null) {
        if (doc.said.length > 0)
          throw new LeadweaveError(
            "store-inconsistent",
            "something was said of two fragments, and only one of them knows: run leadweave check --repair, then rotate again",
          );
        continue;
      }
      const name = kernel.name(owner);
      if (view.get("assertion", name) === null) view.put("assertion", name, doc);
    }
  });
  return docs.length;
}
