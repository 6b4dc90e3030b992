import fc from "fast-check";
import { expect, it } from "vitest";
import { TextArena } from "../../src/stores/textArena.js";

// Texts that come and go beside a plain map, in chunks so small that they are squeezed again and again.

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: text }) },
  { weight: 2, arbitrary: fc.record({ remove: fc.nat(50) }) },
);

it("every number gives the text that it was given for, until it is removed", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const arena = new TextArena(64, 128);
      const kept = new Map<number, string>();
      for (const one of steps) {
        if ("add" in one) {
          const number = arena.add(one.add);
          expect(kept.has(number)).toBe(false);
          kept.set(number, one.add);
        } else if (kept.size > 0) {
          const number = [...kept.keys()][one.remove % kept.size] as number;
          arena.remove(number);
          kept.delete(number);
        }
        for (const [number, held] of kept) expect(arena.text(number)).toBe(held);
      }
    }),
  );
});

it("what comes and goes for ever takes no more room than a few at a time", () => {
  const arena = new TextArena(1_000, 1_000);
  let last = arena.add("x".repeat(100));
  for (let turn = 0; turn < 5_000; turn++) {
    const next = arena.add(String(turn).repeat(20));
    arena.remove(last);
    last = next;
  }
  expect(arena.text(last)).toBe("4999".repeat(20));
  expect(arena.bytes).toBeLessThan(10_000);
});
