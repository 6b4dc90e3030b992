import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createResolver } from "../../src/engine/resolver.js";
import { type Fragment, fragmentKey } from "../../src/fragment/fragment.js";
import { createDefaultModel } from "../../src/model/index.js";
import { encodeDocument } from "../../src/resolve/plan/codec.js";
import { type Documents, KINDS, type Kind } from "../../src/resolve/plan/documents.js";
import { createMemoryStore, type MemoryStore } from "../../src/stores/memoryStore.js";
import { createStage, play } from "../live/playing.js";
import { expectScratch, feedOf } from "../live/scratch.js";
import { scriptOf, TINY_WORK } from "../live/scripts.js";
import { faceOf } from "../live/writers.js";
import { history, RUNS } from "../properties/histories.js";

const REASON = "ticket 4711";

/** Everything that the store holds, as a store on disk would write it. */
function everythingIn({ source }: MemoryStore): string {
  const texts: string[] = [];
  for (const kind of KINDS)
    for (const { id, doc } of source.all(kind))
      texts.push(`${id} ${encodeDocument(kind, doc as Documents[Kind])}`);
  return texts.join("\n");
}

describe("erase", () => {
  it("leaves what a resolution without the person gives, and lets nothing of them back in", async () => {
    await fc.assert(
      fc.asyncProperty(
        scriptOf(history),
        fc.constantFrom({}, TINY_WORK),
        fc.nat(30),
        fc.boolean(),
        async (script, limits, at, isDrained) => {
          const { inputs, assertions, model } = script.history;
          const stage = createStage(model, limits);
          await play(stage, script);
          if (isDrained) await stage.resolver.drain();
          const { source, id } = inputs[at % inputs.length] as Fragment;
          const shown = await stage.resolver.profile({ source, id });
          const erased = await stage.resolver.erase(
            { source, id },
            { reason: REASON, suppress: "fragments" },
          );
          expect(erased).toMatchObject({ fragments: shown?.fragments.length ?? 1, left: 0 });
          const gone = new Set((shown?.fragments ?? [{ source, id }]).map(fragmentKey));
          const rest = {
            model,
            inputs: inputs.filter((input) => !gone.has(fragmentKey(input))),
            assertions: assertions.filter(
              ({ a, b }) => !gone.has(fragmentKey(a)) && !gone.has(fragmentKey(b)),
            ),
          };
          await expectScratch(stage.resolver, rest);
          for (const input of inputs)
            if (gone.has(fragmentKey(input)))
              expect(stage.resolver.ingestSync(input).type).toBe("suppressed");
          for (const assertion of assertions) await stage.resolver.assert(assertion);
          await expectScratch(stage.resolver, rest);
          for (const key of gone)
            expect(stage.store.source.slot("fragment", stage.kernel.name(key)).doc).toBeNull();
          stage.store.source.sweep();
        },
      ),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  const subject: Fragment[] = [
    {
      source: "web",
      id: "row-zq-1",
      kind: "form",
      event: "zq-event",
      observedAt: Date.UTC(2026, 0, 5),
      identifiers: [
        { type: "email", value: "quentin.zeller@harbor.example" },
        { type: "visitor_id", value: "visitor-zq" },
      ],
      signals: { ip: "81.2.69.142", fingerprint: "print-zq" },
      attributes: { first_name: "Quentin", last_name: "Zeller", street: "7 Larkspur Lane", note: "zq-note" },
    },
    {
      source: "calls",
      id: "call-zq-2",
      kind: "call",
      observedAt: Date.UTC(2026, 0, 6),
      identifiers: [
        { type: "phone", value: "+14155552671" },
        { type: "email", value: "quentin.zeller@harbor.example" },
      ],
    },
  ];
  const other: Fragment = {
    source: "web",
    id: "row-other",
    kind: "form",
    identifiers: [{ type: "phone", value: "+14155552672" }],
    attributes: { first_name: "Ann" },
  };
  const secrets = ["quentin", "zeller", "visitor-zq", "4155552671", "print-zq", "larkspur", "zq-"];

  it("leaves no value of the person in any document or entry of the feed", async () => {
    const store = createMemoryStore();
    // As a store like any: names in the memory of one process hide nothing.
    const resolver = createResolver({ store: faceOf(store), pepper: "a pepper of some length" });
    for (const fragment of [...subject, other]) await resolver.ingest(fragment);
    await resolver.assert({
      type: "different",
      a: { source: "web", id: "row-zq-1" },
      b: { source: "web", id: "row-other" },
    });
    for (const secret of secrets) expect(everythingIn(store).toLowerCase()).toContain(secret);
    const place = await resolver.profileOf("web", "row-zq-1");
    expect(await resolver.erase(place?.id as string, { reason: REASON, suppress: "identifiers" })).toEqual({
      fragments: 2,
      identifiers: 4,
      left: 0,
    });
    const left = everythingIn(store).toLowerCase();
    const feed = JSON.stringify(await feedOf(resolver)).toLowerCase();
    for (const secret of secrets) {
      expect(left).not.toContain(secret);
      expect(feed).not.toContain(secret);
    }
    expect(left).toContain(REASON);
    expect(await resolver.profileOf("web", "row-other")).not.toBeNull();
  });

  it("shuts out whatever bears an identifier of the person, or a digest of it, and nobody else", async () => {
    const resolver = createResolver({ model: createDefaultModel() });
    for (const fragment of [...subject, other]) resolver.ingestSync(fragment);
    await resolver.erase({ source: "web", id: "row-zq-1" }, { reason: REASON, suppress: "identifiers" });
    const say = (id: string, type: string, value: string): string =>
      resolver.ingestSync({ source: "crm", id, kind: "crm", identifiers: [{ type, value }] }).type;
    expect(say("1", "phone", "(415) 555-2671")).toBe("suppressed");
    expect(say("2", "visitor_id", "visitor-zq")).toBe("suppressed");
    // MD5 of the address.
    expect(say("3", "email_digest", "7b8a7cf8bd361ddfa1909519c3eedc31")).toBe("suppressed");
    expect(say("4", "phone", "+14155552672")).toBe("attached");
    const { outcomes } = await resolver.stats();
    expect(outcomes.suppressed).toBe(3);
    expect(resolver.ingestSync(subject[0] as Fragment).type).toBe("suppressed");
  });

  it("is misused by a TypeError", async () => {
    const resolver = createResolver();
    const of = { source: "web", id: "1" };
    await expect(resolver.erase(of, { reason: "", suppress: "fragments" })).rejects.toThrow(TypeError);
    await expect(resolver.erase(of, { reason: REASON, suppress: "all" as "fragments" })).rejects.toThrow(
      TypeError,
    );
  });
});
