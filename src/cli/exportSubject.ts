import type { Command, Flags } from "./command.js";
import { InputError, UsageError } from "./failure.js";
import { commitAll, discardAll, openOutputs } from "./output.js";
import { addressOf, STORE_ARGS } from "./store.js";
import { withStore } from "./storeSession.js";
import { SUBJECT_ARGS, subjectOf, subjectText } from "./subject.js";
import { subjectData } from "./subjectData.js";
import { counted } from "./table.js";

export const exportSubjectCommand: Command = {
  name: "export-subject",
  description:
    "Writes down all that a store holds on one person: the profile, every fragment as it came, assertions, changes.",
  operands: "",
  args: {
    ...STORE_ARGS,
    ...SUBJECT_ARGS,
    out: {
      type: "string",
      alias: "o",
      valueHint: "FILE",
      description: "The export as JSON (- for standard output)",
    },
    quiet: { type: "boolean", alias: "q", description: "No notes on standard error" },
  },
  twoValued: ["fragment"],
  notes: [
    "A profile is what the evidence makes of a person: look whether its fragments are all theirs before they get it.",
  ],
  examples: [
    {
      what: "Whoever filled in a form",
      command: "leadweave export-subject --store ./leads.db --fragment web f000001 --out subject.json",
    },
  ],
  run: runExport,
};

async function runExport(flags: Flags): Promise<number> {
  const of = subjectOf(flags);
  const out = flags.text("out");
  if (out === undefined) throw new UsageError("say where to: --out FILE (- for standard output)");
  const address = addressOf(flags);
  const outputs = await openOutputs({ out }, address.type === "sqlite" ? [address.path] : []);
  try {
    return await withStore(flags, { readOnly: true }, async (session) => {
      const profile = await session.resolver.profile(of);
      if (profile === null) throw new InputError(`${session.name}: there is no ${subjectText(of)}`);
      const data = await subjectData(session, profile);
      const text = JSON.stringify(
        { format: "leadweave-subject", version: 1, store: session.name, ...data },
        null,
        2,
      );
      await outputs.out?.write(`${text}\n`);
      await commitAll(outputs);
      if (!flags.is("quiet"))
        process.stderr.write(
          `${profile.id}: ${counted(data.fragments.length, "fragment")}, ${counted(data.assertions.length, "assertion")}, ` +
            `${counted(data.feed.length, "change")}\n`,
        );
      return 0;
    });
  } finally {
    await discardAll(outputs);
  }
}
