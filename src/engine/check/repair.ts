import type { ProfileId } from "../../resolve/ids.js";
import type { Kind } from "../../resolve/plan/documents.js";
import { startWork } from "../../resolve/plan/work.js";
import type { Ref, Store } from "../../stores/store.js";
import { drain } from "../drain.js";
import { LeadweaveError } from "../error.js";
import type { Runner } from "../runner.js";
import type { Findings } from "./findings.js";
import type { Known } from "./known.js";
import { lookAt, type Walked } from "./walk.js";

/** What is drawn from fragments, and can be drawn again; what people and sources said cannot. */
const DRAWN: ReadonlySet<Kind> = new Set<Kind>([
  "event",
  "strand",
  "key",
  "digest",
  "block",
  "time",
  "component",
  "id",
  "pending",
  "recheck",
]);

/** Puts right what can be: each fault in a commit of its own, looked at afresh, and then what waits is carried out. */
export async function repair(
  store: Store,
  runner: Runner,
  findings: Findings,
  { fold }: Walked,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { kind, at } of findings.faults())
    if (kind === "unreadable" && at !== undefined && DRAWN.has(at.kind)) await dropUnreadable(store, at);
  const known: Known = {
    components: await componentsKnown(runner, signal),
    told: fold.told(),
    versions: fold.versions,
    ids: await idsKnown(runner, signal),
  };
  for (const { kind, of, at, mend } of findings.faults()) {
    if (at === undefined || mend === undefined) continue;
    await unlessHopeless(signal, () =>
      runner.run(
        (kernel, view) => {
          const again = lookAt(kernel, view, at.kind, [at.id]).faults.filter(
            (fault) => fault.kind === kind && fault.of === of,
          );
          if (view.isStopped) return;
          const work = startWork(kernel, view, { type: "drain" }, true);
          for (const fault of again) fault.mend?.(work, known);
        },
        { signal, maxRetries: 3 },
      ),
    );
  }
  await unlessHopeless(signal, () => drain(runner, signal));
}

/** Documents that do not fit together stay as they are: the next look says so. */
async function unlessHopeless(signal: AbortSignal | undefined, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LeadweaveError && error.code === "store-failed") throw error;
  }
}

async function dropUnreadable(store: Store, { kind, id }: Ref): Promise<void> {
  const [entry] = await store.read([{ kind, id }]);
  if (entry?.type !== "document" || entry.document.version === 0) return;
  const expect = [{ kind, id, version: entry.document.version }];
  await store.commit({ expect, puts: [], deletes: [{ kind, id }], rows: [], changes: [] });
}

async function componentsKnown(
  runner: Runner,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const components = new Map<string, string>();
  for await (const page of runner.scan("component", signal))
    for (const { id, doc } of page) for (const strand of doc.strands) components.set(strand, id);
  return components;
}

async function idsKnown(runner: Runner, signal: AbortSignal | undefined): Promise<Map<string, ProfileId[]>> {
  const ids = new Map<string, ProfileId[]>();
  for await (const page of runner.scan("id", signal)) {
    for (const { id, doc } of page) {
      if (doc.founder === null) continue;
      const held = ids.get(doc.founder);
      if (held === undefined) ids.set(doc.founder, [id as ProfileId]);
      else held.push(id as ProfileId);
    }
  }
  return ids;
}
