import { createRowParser } from "../fragment/row.js";
import { parseInstant } from "../normalize/index.js";
import type { PartialLead } from "../resolve/plan/lookup.js";
import type { Command, Flags } from "./command.js";
import { UsageError } from "./failure.js";
import { faultText } from "./settings.js";
import { STORE_ARGS } from "./store.js";
import { withStore } from "./storeSession.js";
import { alignColumns, bitsText, shareText } from "./table.js";

export const lookupCommand: Command = {
  name: "lookup",
  description: "Ranks the profiles of a store that a partial lead may belong to. Writes nothing.",
  operands: "",
  args: {
    ...STORE_ARGS,
    phone: { type: "string", valueHint: "NUMBER", description: "Who calls" },
    email: { type: "string", valueHint: "ADDRESS", description: "Whose e-mail address it is" },
    visitor: { type: "string", valueHint: "ID", description: "Whose cookie it is" },
    with: {
      type: "string",
      valueHint: "COLUMN=VALUE",
      description: "Anything else, under the names of columns, such as last_name=Lee; may be repeated",
    },
    now: { type: "string", valueHint: "TIME", description: "When it is observed (default: now)" },
    json: { type: "boolean", description: "Candidates as JSON, with every weight" },
  },
  repeatable: ["with"],
  notes: [
    "match: the evidence reaches what a link needs. possible: it would be worth a look. Not joined names what would forbid the link.\n" +
      "Bits are log2 of a Bayes factor: +1 makes one person twice as likely, -1 half as likely.",
  ],
  examples: [
    { what: "Who is calling", command: 'leadweave lookup --store ./leads.db --phone "+1 312 867 4401"' },
    {
      what: "A name at a postcode",
      command: "leadweave lookup --store ./leads.db --with last_name=Lee --with postal_code=60614 --json",
    },
  ],
  run: runLookup,
};

async function runLookup(flags: Flags): Promise<number> {
  const partial = partialOf(flags);
  return withStore(flags, { readOnly: true }, async ({ resolver }) => {
    const answer = await resolver.lookup(partial);
    if (flags.is("json")) process.stdout.write(`${JSON.stringify(answer)}\n`);
    else if (answer.candidates.length === 0)
      process.stdout.write(
        answer.complete ? "nobody known\n" : "no answer: others wrote faster than it could be read\n",
      );
    else {
      const rows = answer.candidates.map(({ profile, level, bits, probability, refusedBy }) => [
        profile,
        level,
        bitsText(bits),
        shareText(probability),
        refusedBy === null ? "" : `not joined: ${refusedBy.guard}`,
      ]);
      process.stdout.write(
        `${alignColumns([["profile", "level", "bits", "probability"], ...rows], [2, 3])}\n`,
      );
    }
    return answer.complete ? 0 : 1;
  });
}

function partialOf(flags: Flags): PartialLead {
  const row: Record<string, unknown> = {};
  for (const [option, column] of [
    ["phone", "phone"],
    ["email", "email"],
    ["visitor", "visitor_id"],
  ] as const) {
    const value = flags.text(option);
    if (value !== undefined) row[column] = value;
  }
  for (const given of flags.texts("with")) {
    const at = given.indexOf("=");
    if (at < 1) throw new UsageError("--with needs COLUMN=VALUE, such as last_name=Lee");
    row[given.slice(0, at).trim()] = given.slice(at + 1);
  }
  if (Object.keys(row).length === 0)
    throw new UsageError("say what is known: --phone, --email, --visitor or --with COLUMN=VALUE");
  const parsed = createRowParser({ source: "lookup", parseInstant })({
    ...row,
    record_id: "lookup",
    kind: row.kind ?? "lookup",
  });
  if (!parsed.ok) throw new UsageError(parsed.faults.map(faultText).join("; "));
  const { source: _source, id: _id, version: _version, event: _event, ...partial } = parsed.fragment;
  const text = flags.text("now");
  const now = text === undefined ? undefined : parseInstant(text);
  if (now === null) throw new UsageError("--now must be a time such as 2026-01-05T00:00:00Z");
  return now === undefined ? partial : { ...partial, observedAt: now };
}
