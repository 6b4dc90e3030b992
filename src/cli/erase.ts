import type { LiveProfile } from "../engine/profiles.js";
import type { FragmentRef } from "../fragment/fragment.js";
import type { Command, Flags } from "./command.js";
import { confirm } from "./confirm.js";
import { InputError, UsageError } from "./failure.js";
import { STORE_ARGS } from "./store.js";
import { type StoreSession, withStore } from "./storeSession.js";
import { SUBJECT_ARGS, subjectOf, subjectText } from "./subject.js";
import { heldOfFragments } from "./subjectData.js";
import { counted } from "./table.js";

export const eraseCommand: Command = {
  name: "erase",
  description:
    "Erases a person from a store: every fragment of the profile, all that was drawn from them or said of them.",
  operands: "",
  args: {
    ...STORE_ARGS,
    ...SUBJECT_ARGS,
    reason: {
      type: "string",
      valueHint: "TEXT",
      description: "Kept with what is left, such as a ticket number: nothing personal",
    },
    suppress: {
      type: "string",
      valueHint: "fragments|identifiers",
      description: "What may not come back: the same fragments, or whatever states one of their identifiers",
    },
    yes: { type: "boolean", alias: "y", description: "Do not ask" },
    json: { type: "boolean", description: "What was erased as JSON" },
  },
  twoValued: ["fragment"],
  notes: [
    "The whole profile goes, also where one fragment names it: leadweave export-subject shows it first. There is no way back.\n" +
      "Keyed hashes are left, which keep it from coming in again. Backups and exports made before still have it.",
  ],
  examples: [
    {
      what: "On request of the person",
      command:
        "leadweave erase --store ./leads.db --fragment web f000001 --reason ticket-4711 --suppress identifiers",
    },
  ],
  run: runErase,
};

async function runErase(flags: Flags): Promise<number> {
  const of = subjectOf(flags);
  const reason = flags.text("reason");
  if (reason === undefined) throw new UsageError("say why: --reason TEXT, such as a ticket number");
  const suppress = flags.choice("suppress", ["fragments", "identifiers"]);
  if (suppress === undefined)
    throw new UsageError("say what may not come back: --suppress fragments or --suppress identifiers");
  return withStore(flags, {}, async (session) => {
    const { resolver, whole, name } = session;
    const profile = await resolver.profile(of);
    if (profile === null && typeof of === "string")
      throw new InputError(`${name}: there is no ${subjectText(of)}`);
    if (!flags.is("json")) process.stdout.write(await previewOf(session, of, profile));
    if (!(await confirm(`Erase it from ${name}?`, flags.is("yes")))) {
      process.stderr.write("nothing was erased\n");
      return 1;
    }
    const erased = await resolver.erase(of, { reason, suppress });
    // A tenant's part has no log of its own.
    await whole.scrub?.();
    if (flags.is("json")) process.stdout.write(`${JSON.stringify({ store: name, ...erased })}\n`);
    else
      process.stdout.write(
        `erased ${counted(erased.fragments, "fragment")}` +
          (suppress === "identifiers" ? `; ${counted(erased.identifiers, "identifier")} shut out` : "") +
          (erased.left > 0 ? `; ${erased.left} left for others who write: run leadweave drain` : "") +
          "\n",
      );
    return 0;
  });
}

/** How much goes, without any value. */
async function previewOf(
  session: StoreSession,
  of: string | FragmentRef,
  profile: LiveProfile | null,
): Promise<string> {
  if (profile === null) return `${subjectText(of)} is in no profile: it is kept from coming in\n`;
  const { fragments, assertions } = await heldOfFragments(session, profile.fragments);
  const bySource = new Map<string, number>();
  for (const { source } of fragments) bySource.set(source, (bySource.get(source) ?? 0) + 1);
  const sources = [...bySource].map(([source, count]) => `${count} from ${source}`).join(", ");
  const types = Object.entries(profile.identifiers).map(([type, values]) => `${values.length} ${type}`);
  return (
    `profile ${profile.id}: ${counted(fragments.length, "fragment")} (${sources}), ` +
    `${counted(assertions.length, "assertion")}; identifiers: ${types.length === 0 ? "none" : types.join(", ")}\n`
  );
}
