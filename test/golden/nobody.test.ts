import { describe, expect, it } from "vitest";
import { knownColumns } from "../../src/fragment/columns.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import { createRowParser } from "../../src/fragment/row.js";
import { parseInstant } from "../../src/normalize/index.js";
import { DAY, observe, START, unify } from "./people.js";

/** What stands in files and forms where nothing is known, in the spellings that reach a server: nobody's in any column. */
const NOTHINGS: readonly string[] = [
  ...[
    "",
    " ",
    "\t\u00a0\u200b",
    "null",
    "NULL",
    '"null"',
    "'null'",
    '\\"null\\"',
    "(null)",
    "nil",
    "none",
    "None",
    "undefined",
    "NaN",
  ],
  ...[
    "n/a",
    "N/A",
    "#N/A",
    "na",
    "-",
    "--",
    "?",
    ".",
    "0",
    "0000000000",
    "000-000-0000",
    "00000000-0000-0000-0000-000000000000",
  ],
  ...[
    "+266696687",
    "anonymous",
    "Anonymous",
    "unknown",
    "Restricted",
    "PRIVATE",
    "unavailable",
    "sip:anonymous@anonymous.invalid",
  ],
  ...["test@test.com", "test@example.com", "none@none.com", "[object Object]", "{}", "[]", "xxx", "asdf"],
  ...["{{lead.email}}", "\u0024{phone}", "%%email%%", "not provided", "redacted", "tbd"],
  // Digests of the empty text.
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "d41d8cd98f00b204e9800998ecf8427e",
  "da39a3ee5e6b4b0d3255bfef95601890afd80709",
];

/** Nobody's where an address or a number is asked for, though a system may well number its customers so. */
const NOBODY_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  email: [
    "noreply@harbor.example",
    "no@email.com",
    "a@a.com",
    "nobody@harbor.example",
    "user@localhost.invalid",
    "none@none.com",
  ],
  phone: [
    ...[
      "+10000000000",
      "9999999999",
      "1111111111",
      "1234567890",
      "123-456-7890",
      "7378742833",
      "+17378742833",
      "2562533",
      "8656696",
    ],
    ...[
      "Unknown Caller",
      "anonymous",
      "client:browser",
      "+18005550150",
      "1-800-555-0150",
      "+19005550150",
      "+12125551212",
      "+12125550123",
    ],
  ],
  full_name: ["Wireless Caller", "Unknown Caller", "Private Number", "Test Test", "No Name"],
  first_name: ["test", "Customer", "Caller"],
};

const COLUMNS = knownColumns()
  .map(({ column }) => column)
  .filter(
    (column) =>
      !["record_id", "source", "kind", "version", "observed_at", "event_id", "call_id"].includes(column),
  );

const parse = createRowParser({ source: "golden", parseInstant });

function row(values: Readonly<Record<string, unknown>>): Fragment {
  const result = parse(values);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.fragment;
}

/** Placeholders of which two rows, or that and another, have met. */
function linkedValues(values: readonly string[], rows: readonly Fragment[]): string[] {
  const { home } = unify(rows);
  const inProfile = new Map<string, number>();
  for (const { id } of rows) inProfile.set(home(id), (inProfile.get(home(id)) ?? 0) + 1);
  const linked = rows.filter(({ id }) => (inProfile.get(home(id)) ?? 0) > 1);
  return [...new Set(linked.map(({ id }) => values[Number(id.split(" ")[0])] as string))];
}

/** Every value twice, in different kinds of fragment minutes apart. */
function rowsOf(
  values: readonly string[],
  fill: (value: string) => Readonly<Record<string, string>>,
): Fragment[] {
  const kinds = ["form", "call", "session", "crm"];
  return values.flatMap((value, index) =>
    [0, 1].map((again) =>
      row({
        record_id: `${index} ${again}`,
        kind: kinds[(index + again) % 4],
        observed_at: START + index * 60_000,
        ...fill(value),
      }),
    ),
  );
}

describe("placeholders and withheld values", () => {
  it.each(COLUMNS)("in column %s link nobody", (column) => {
    const values = [...NOTHINGS, ...(NOBODY_BY_TYPE[column] ?? [])];
    expect(
      linkedValues(
        values,
        rowsOf(values, (value) => ({ [column]: value })),
      ),
    ).toEqual([]);
  });

  it("in all columns at once link nobody", () => {
    const fill = (value: string): Record<string, string> =>
      Object.fromEntries(COLUMNS.map((column) => [column, value]));
    expect(linkedValues(NOTHINGS, rowsOf(NOTHINGS, fill))).toEqual([]);
  });
});

describe("strangers", () => {
  it("never link because both lack something", () => {
    const bare = Array.from({ length: 40 }, (_, index) =>
      observe(`bare ${index}`, index % 2 === 0 ? "session" : "call", { observedAt: START + index }),
    );
    const timeless = Array.from({ length: 20 }, (_, index) =>
      observe(`timeless ${index}`, "form", { attributes: { first_name: "", last_name: null as never } }),
    );
    const blank = Array.from({ length: 20 }, (_, index) =>
      observe(`blank ${index}`, "form", {
        observedAt: START + index * DAY,
        ids: { email: "", phone: " ", visitor_id: "null", gclid: "undefined" },
        signals: { ip: "", user_agent: "", fingerprint: "" },
        attributes: { first_name: "n/a", city: "-" },
      }),
    );
    const strangers = [...bare, ...timeless, ...blank];
    const { profiles, resolution } = unify(strangers);
    expect(profiles).toBe(strangers.length);
    expect(resolution.links.edges).toEqual([]);
  });

  it("never link because they share one weak thing alone", () => {
    const sharing: readonly Partial<Fragment>[] = [
      { attributes: { first_name: "Maria" } },
      { attributes: { last_name: "Smith" } },
      { attributes: { city: "Springfield" } },
      { attributes: { postal_code: "62701" } },
      { attributes: { company: "Harbor Roofing" } },
      { signals: { utm_source: "search", utm_campaign: "spring" } },
      { signals: { landing_page: "https://harbor.example/quote" } },
      { signals: { referrer: "https://search.example/" } },
    ];
    for (const shared of sharing) {
      const two = ["a", "b"].map((id, index) =>
        observe(id, "form", { observedAt: START + index * 30 * DAY, ...shared }),
      );
      expect([shared, unify(two).profiles]).toEqual([shared, 2]);
    }
  });
});
