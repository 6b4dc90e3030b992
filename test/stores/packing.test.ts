import fc from "fast-check";
import { expect, it } from "vitest";
import { Kernels } from "../../src/engine/kernels.js";
import { createResolver } from "../../src/engine/resolver.js";
import type { View } from "../../src/resolve/plan/view.js";
import { createMemoryStore } from "../../src/stores/memoryStore.js";
import { pack, unpack } from "../../src/stores/packing.js";
import { TextArena } from "../../src/stores/textArena.js";
import { play } from "../live/playing.js";
import { scriptOf, TINY_WORK } from "../live/scripts.js";
import { history, RUNS } from "../properties/histories.js";

it.each([
  ["within the limits of work", {}],
  ["with nearly all work put off", TINY_WORK],
] as const)("every document comes out as it was put to rest, %s", async (_, limits) => {
  const seen = new Set<string>();
  const property = fc.asyncProperty(scriptOf(history), async (script) => {
    const { model } = script.history;
    const store = createMemoryStore();
    const texts = new TextArena();
    const { source } = store;
    const commit = source.commit.bind(source);
    source.commit = (view: View) => {
      for (const { kind, id, next } of view.dirty) {
        if (!next) continue;
        for (const name of [id, `tenant ${id}`])
          expect(unpack(kind, name, pack(kind, name, next, texts), texts)).toStrictEqual(next);
        seen.add(kind);
      }
      commit(view);
    };
    const resolver = createResolver({ model, store, limits });
    await play({ store, resolver, kernel: new Kernels(model, limits, source).current }, script);
  });
  await fc.assert(property, { numRuns: Math.ceil(RUNS / 10) });
  for (const kind of ["fragment", "strand", "block", "time", "digest", "component", "key"])
    expect(seen).toContain(kind);
});
