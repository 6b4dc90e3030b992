import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAssignmentLines } from "./assignments.js";
import type { Flags } from "./command.js";
import { InputError } from "./failure.js";
import { type Loaded, loadFragments } from "./load.js";
import type { Output } from "./output.js";
import { writeBuiltProfiles } from "./profileFiles.js";
import { startProgress } from "./progress.js";
import type { Settings } from "./settings.js";
import { addressOf, type StoreAddress } from "./store.js";
import { countStore } from "./storeCounts.js";
import { ingestAll } from "./storeIngest.js";
import { modelForStore } from "./storeModel.js";
import { assignmentsIn } from "./storePlaces.js";
import { modelOf, recall, type StoreSession, sessionOn, withHandle } from "./storeSession.js";
import { type StoreSummary, summarizeStore } from "./storeSummary.js";
import { countText } from "./table.js";

/** A store with more strands than its model is for times this will soon be refused. */
const CROWDED = 2;

/** Takes files into a store, and writes what became of their rows and all profiles of the store. */
export async function resolveInto(
  flags: Flags,
  files: readonly string[],
  settings: Settings,
  outputs: Readonly<Record<string, Output>>,
  givenNow: number | undefined,
  note: (text: string) => void,
): Promise<StoreSummary> {
  const isQuiet = flags.is("quiet");
  const load = async (): Promise<Loaded> => {
    const loaded = await loadFragments(files, settings, flags, note, outputs.rejects);
    if (loaded.fragments.length > 0 || loaded.rejected.length === 0) return loaded;
    await outputs.rejects?.commit();
    throw new InputError("every row was rejected");
  };
  // A store that cannot be used is known before a long file is read, and a file that cannot be read begins no store.
  const early = (await isThere(addressOf(flags))) ? null : await load();
  return withHandle(flags, { begins: true }, async (handle, pepper) => {
    const remembered = await modelOf(handle.store);
    if (remembered !== null) modelForStore(settings.model, remembered, 0, flags, handle.name);
    const loaded = early ?? (await load());
    const rows = loaded.fragments.length;
    const model = modelForStore(settings.model, remembered, rows, flags, handle.name);
    const session = await recall(sessionOn(handle, model, pepper));
    const ingested = await ingestAll(session.resolver, loaded.fragments, settings.assertions, isQuiet);
    const writtenAt = performance.now();
    const counts = await countStore(handle.store);
    await writeFiles(session, loaded, outputs, givenNow, counts.profiles, isQuiet);
    if (counts.strands > CROWDED * model.population)
      note(
        `${handle.name} holds ${countText(counts.strands)} strands, its model is for ${countText(model.population)}: ` +
          "from four times as many on it is refused. leadweave backup --portable, then restore --population, makes a wider one",
      );
    return summarizeStore({
      name: handle.name,
      isNew: remembered === null,
      loaded,
      ingested,
      counts,
      population: model.population,
      writeSeconds: (performance.now() - writtenAt) / 1000,
    });
  });
}

async function isThere(address: StoreAddress): Promise<boolean> {
  if (address.type !== "sqlite") return true;
  const found = await stat(address.path).catch(() => null);
  // Without its folder it cannot be begun either.
  return found !== null || (await stat(dirname(address.path)).catch(() => null)) === null;
}

async function writeFiles(
  { runner, resolver }: StoreSession,
  loaded: Loaded,
  outputs: Readonly<Record<string, Output>>,
  givenNow: number | undefined,
  profiles: number,
  isQuiet: boolean,
): Promise<void> {
  const { out, profiles: profilesOutput, golden } = outputs;
  if (out !== undefined) {
    const progress = startProgress("looking up assignments", isQuiet);
    const assignmentOf = await assignmentsIn(runner, loaded.fragments, progress);
    progress.end();
    await writeAssignmentLines(out, loaded, assignmentOf);
  }
  if (profilesOutput !== undefined || golden !== undefined) {
    const all = resolver.profiles({ now: givenNow ?? loaded.latestMs ?? 0 });
    await writeBuiltProfiles(all, profiles, profilesOutput, golden, isQuiet);
  }
}
