import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import { resolve } from "../../src/resolve/resolve.js";
import type { MemoryStore } from "../../src/stores/memoryStore.js";
import { history, plainHistory, RUNS } from "../properties/histories.js";
import { HANDMADE_TIGHT } from "../properties/models.js";
import { crowdHistory } from "./crowds.js";
import { createStage, play } from "./playing.js";
import { contentOf, expectSame, expectScratch, membersOf, profilesOf, scratchOf } from "./scratch.js";
import { scriptOf, TINY_WORK, undrained } from "./scripts.js";

/** Before `drain`: what is not marked pending is right already, and what was too common to link stays so. */

/** Values that link nothing for now, by the documents. */
function heldValues({ source }: MemoryStore): Set<string> {
  const held = new Set<string>();
  for (const { id, doc } of source.all("key")) {
    if (doc.generic) held.add(`generic ${id}`);
    if (doc.generic || doc.genericUntrusted) held.add(`generic for strangers ${id}`);
    if (doc.claimsFull) held.add(`claims ${id}`);
  }
  for (const kind of ["block", "time"] as const)
    for (const { id, doc } of source.all(kind)) if (doc.full) held.add(`${kind} ${id}`);
  for (const { id, doc } of source.all("event")) if (doc.over) held.add(`event ${id}`);
  return held;
}

describe("before drain", () => {
  it("a profile that is not pending is one of R's, where no value waits to be counted again", async () => {
    let profiles = 0;
    let pending = 0;
    await fc.assert(
      fc.asyncProperty(scriptOf(plainHistory), async (script) => {
        const stage = createStage(script.history.model, TINY_WORK);
        await play(stage, undrained(script));
        const { source } = stage.store;
        // A strand that waits to be dissolved is still whole, and so are the blocks in which it is one and not many.
        if (source.count("recheck") > 0 || [...source.all("pending")].some(({ doc }) => doc.why === "cell"))
          return;
        const scratch = scratchOf(script.history);
        for (const profile of await profilesOf(stage.resolver)) {
          profiles++;
          if (profile.pending) pending++;
          else expectSame(contentOf(profile), scratch.get(membersOf(profile)) ?? {});
        }
      }),
      { numRuns: RUNS },
    );
    expect(pending).toBeGreaterThan(0);
    expect(profiles - pending).toBeGreaterThan(pending);
  });

  it("8: what was held stays held, and after it the generic keys are those of R", async () => {
    let returned = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(scriptOf(history), scriptOf(crowdHistory)),
        fc.constantFrom({}, TINY_WORK),
        async (script, limits) => {
          const stage = createStage(script.history.model, limits);
          let held = new Set<string>();
          await play(stage, undrained(script), 1, () => {
            const now = heldValues(stage.store);
            for (const value of held) expect(now.has(value)).toBe(true);
            held = now;
          });
          await expectScratch(stage.resolver, script.history);
          const after = heldValues(stage.store);
          returned += [...held].filter((value) => !after.has(value)).length;
          const { strands, facts } = resolve(
            script.history.inputs,
            script.history.model,
            script.history.assertions,
          );
          const said = new Set<string>();
          const found = new Set<string>();
          for (const { type, scope, value, index } of strands.flatMap(({ events }) =>
            events.flatMap(({ keys, sessionKeys }) => [...keys, ...sessionKeys]),
          )) {
            const id = stage.kernel.keyId(stage.store.source.table.intern(type, value, scope));
            const isGeneric = facts.generic[index] === 1;
            if (isGeneric) said.add(`generic ${id}`);
            if (isGeneric || facts.genericUntrusted[index] === 1) said.add(`generic for strangers ${id}`);
            // A digest that nobody states any more may stay generic for as long as its plain value is.
            for (const held of [`generic ${id}`, `generic for strangers ${id}`])
              if (after.has(held)) found.add(held);
          }
          expectSame([...found].sort(), [...said].sort());
        },
      ),
      { numRuns: RUNS },
    );
    expect(returned).toBeGreaterThan(0);
  });

  it("8: links by a value that is generic no more come back with drain, and not earlier", async () => {
    const names = ["ann", "bob", "cid"];
    const forms = names.map(
      (name, index): Fragment => ({
        source: "web",
        id: String(index),
        kind: "form",
        observedAt: index,
        identifiers: [
          { type: "visitor_id", value: "v-shared" },
          { type: "email", value: `${name}@harbor.example` },
        ],
      }),
    );
    const resolver = createResolver({ model: HANDMADE_TIGHT });
    for (const form of forms) resolver.ingestSync(form);
    const together = async (): Promise<boolean> =>
      (await resolver.profileOf("web", "0"))?.id === (await resolver.profileOf("web", "1"))?.id;
    await resolver.drain();
    expect(await together()).toBe(false);
    await resolver.remove({ source: "web", id: "2" });
    expect(await together()).toBe(false);
    await resolver.drain();
    expect(await together()).toBe(true);
  });
});
