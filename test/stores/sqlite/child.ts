// What a process of its own does to a store: started by `processes.test.ts`.
import { writeSync } from "node:fs";
import { createSqliteStore } from "../../../src/stores/sqlite/index.js";
import type { Ref, Store } from "../../../src/stores/store.js";

const [, , task = "", path = "", amount = "0"] = process.argv;

const COUNTER: Ref = { kind: "component", id: "counter" };

/** On its way as soon as it returns, so that a kill right after takes nothing back. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function numberIn(store: Store, ref: Ref): Promise<{ version: number; value: number }> {
  const [entry] = await store.read([ref]);
  if (entry?.type !== "document") throw new Error("not a document");
  const { version, text } = entry.document;
  return { version, value: Number(text ?? 0) };
}

/** Adds one to the counter, with everything that a commit can write; tries again after conflicts. */
async function addOne(store: Store): Promise<number> {
  for (;;) {
    const { version, value } = await numberIn(store, COUNTER);
    const next = value + 1;
    const text = String(next);
    const result = await store.commit({
      expect: [{ ...COUNTER, version }],
      puts: [
        { ...COUNTER, text },
        // Large enough for many pages: a torn write would show.
        ...Array.from({ length: 40 }, (_, at) => ({
          kind: "strand" as const,
          id: `s${at}`,
          text: JSON.stringify([next, "x".repeat(500)]),
        })),
        { kind: "id", id: text, text },
      ],
      deletes: [],
      rows: [{ kind: "key-holder", owner: "o", name: text, isPut: true }],
      changes: [
        {
          type: "updated",
          profile: "p" as never,
          version: next,
          added: [],
          removed: [],
          others: [],
          cause: { type: "drain" },
        },
      ],
    });
    if (result === "committed") return next;
  }
}

if (task === "forever") {
  const store = await createSqliteStore(path);
  for (;;) say(String(await addOne(store)));
} else if (task === "count") {
  const store = await createSqliteStore({ path, busyTimeoutMs: 60_000 });
  for (let done = 0; done < Number(amount); done++) await addOne(store);
  await store.close();
} else if (task === "open-as-nobody") {
  if (process.getuid?.() === 0) {
    process.setgid?.(65_534);
    process.setuid?.(65_534);
  }
  try {
    const store = await createSqliteStore(path);
    await store.close();
    say("opened");
  } catch (error) {
    say(String((error as { code?: unknown }).code ?? error));
  }
}
