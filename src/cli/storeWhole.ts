import { type Neighbourhood, neighbourhoodOf } from "../engine/neighbourhood.js";
import { Work } from "../resolve/plan/work.js";
import { InputError } from "./failure.js";
import type { StoreSession } from "./storeSession.js";

/** All that a small store holds, in memory: for a demonstration. */
export async function readWhole({ runner, name }: StoreSession): Promise<Neighbourhood> {
  const strands: string[] = [];
  for await (const page of runner.scan("strand"))
    for (const { id, doc } of page) if (doc.body !== null) strands.push(id);
  const ran = await runner.run(
    (kernel, view) =>
      neighbourhoodOf(new Work(kernel, view, { type: "drain" }, false), { strands }, () => true),
    { isReading: true },
  );
  if (ran === null || ran.value === null)
    throw new InputError(`${name}: others wrote faster than it could be read: try again`);
  return ran.value;
}
