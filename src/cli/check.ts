import { checkStore } from "../engine/check.js";
import type { Command, Flags } from "./command.js";
import { STORE_ARGS } from "./store.js";
import { withStore } from "./storeSession.js";
import { alignColumns, counted } from "./table.js";

export const checkCommand: Command = {
  name: "check",
  description:
    "Looks at every document of a store and says what does not fit together. Exit code 1 if anything is left.",
  operands: "",
  args: {
    ...STORE_ARGS,
    repair: { type: "boolean", description: "Mend what can be mended, by resolving it afresh" },
    json: { type: "boolean", description: "As JSON" },
  },
  examples: [
    { what: "Is all well", command: "leadweave check --store ./leads.db" },
    { what: "And mend it", command: "leadweave check --store ./leads.db --repair" },
  ],
  run: runCheck,
};

function runCheck(flags: Flags): Promise<number> {
  const repair = flags.is("repair");
  return withStore(flags, { readOnly: !repair }, async ({ store, file, name, pepper }) => {
    const damage = file === null ? [] : await file.integrityCheck();
    const { documents, findings, repaired } = await checkStore(store, {
      repair,
      ...(pepper === undefined ? {} : { pepper }),
    });
    const all = [
      ...damage.map((what) => ({ kind: "file", what, advice: "restore it from a backup" })),
      ...findings,
    ];
    if (flags.is("json"))
      process.stdout.write(
        `${JSON.stringify({ store: name, documents, findings: all, repaired }, null, 2)}\n`,
      );
    else {
      const rows = all.map(({ kind, what, advice }) => [kind, what, advice]);
      const outcome = all.length === 0 ? "all is well" : counted(all.length, "finding");
      const mended = repair && all.length > 0 ? `, ${repaired} of them mended` : "";
      process.stdout.write(`${name}: ${counted(documents, "document")}, ${outcome}${mended}\n`);
      if (rows.length > 0) process.stdout.write(`\n${alignColumns(rows)}\n`);
    }
    return all.length > repaired ? 1 : 0;
  });
}
