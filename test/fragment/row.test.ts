import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownColumns, roleOfColumn } from "../../src/fragment/columns.js";
import type { Fragment } from "../../src/fragment/fragment.js";
import { createRowParser, isCallKind, type Row, type RowOptions } from "../../src/fragment/row.js";
import { validateFragment } from "../../src/fragment/validate.js";
import { parseInstant } from "../../src/normalize/index.js";

function fragmentOf(row: Row, fields?: RowOptions["fields"]): Fragment {
  const outcome = createRowParser({
    source: "file",
    parseInstant,
    ...(fields === undefined ? {} : { fields }),
  })(row);
  if (!outcome.ok) throw new Error(`refused: ${outcome.faults.map(({ path }) => path).join(", ")}`);
  return outcome.fragment;
}

function refusedPaths(row: Row): string[] {
  const outcome = createRowParser({ source: "file", parseInstant })(row);
  return outcome.ok ? [] : outcome.faults.map(({ path }) => path);
}

describe("columns", () => {
  test.each([
    ["email", { identifier: "email" }],
    ["Email Address", { identifier: "email" }],
    ["E-Mail", { identifier: "email" }],
    ["phone_number", { identifier: "phone" }],
    ["Caller-Number", { identifier: "phone" }],
    ["email_hash", { identifier: "email_digest" }],
    ["email_sha256", { identifier: "email_digest" }],
    ["phone_md5", { identifier: "phone_digest" }],
    ["_ga", { identifier: "ga_client_id" }],
    ["gclid", { identifier: "gclid" }],
    ["ip_address", { signal: "ip" }],
    ["url", { signal: "landing_page" }],
    ["Surname", { attribute: "last_name" }],
    ["zip", { attribute: "postal_code" }],
    ["DOB", { attribute: "date_of_birth" }],
    ["tracking_number", "number"],
    ["timestamp", "observed_at"],
    ["id", "record_id"],
    [" call_id ", "call_id"],
  ])("%s", (column, role) => {
    expect(roleOfColumn(column)).toEqual(role);
  });

  test("a name that nobody knows is an attribute of that name, spelled as it stands", () => {
    expect(roleOfColumn(" Favourite Colour ")).toEqual({ attribute: "Favourite Colour" });
    expect(roleOfColumn("constructor")).toEqual({ attribute: "constructor" });
    expect(roleOfColumn("__proto__")).toEqual({ attribute: "__proto__" });
  });

  test("every alias means its column, and no alias is a column itself", () => {
    const columns = knownColumns();
    expect(columns.flatMap(({ aliases }) => aliases).length).toBeGreaterThan(20);
    const names = new Set(columns.map(({ column }) => column));
    for (const { column, aliases } of columns) {
      for (const alias of aliases) {
        expect(roleOfColumn(alias)).toEqual(roleOfColumn(column));
        expect(names.has(alias)).toBe(false);
      }
    }
  });
});

describe("rows", () => {
  test("a full row", () => {
    expect(
      fragmentOf({
        record_id: "r1",
        source: "ctm",
        kind: "call",
        version: "3",
        observed_at: "2026-01-05T05:46:27.250Z",
        call_id: "c9",
        email: "ann@example.com",
        email_hash: "0c7e6a405862e402eb76a70f8a26fc732d07c32931e9fae9ab1582911d2e8a3b",
        phone: "+1 312 555 0188",
        ip: "203.0.113.9",
        tracking_number: "+13125550100",
        first_name: "Ann",
        lead_score: 7,
      }),
    ).toEqual({
      source: "ctm",
      id: "r1",
      version: 3,
      kind: "call",
      observedAt: Date.parse("2026-01-05T05:46:27.250Z"),
      event: { namespace: "call", name: "c9" },
      identifiers: [
        { type: "email", value: "ann@example.com" },
        { type: "email_digest", value: "0c7e6a405862e402eb76a70f8a26fc732d07c32931e9fae9ab1582911d2e8a3b" },
        { type: "phone", value: "+1 312 555 0188" },
      ],
      signals: { ip: "203.0.113.9", number_dialled: "+13125550100" },
      attributes: { first_name: "Ann", lead_score: 7 },
    });
  });

  test("the least row takes its source from the options and has an unknown time", () => {
    expect(fragmentOf({ id: "r1" })).toEqual({ source: "file", id: "r1", kind: "record", observedAt: null });
  });

  test.each([
    ["call", "number_dialled"],
    ["call_update", "number_dialled"],
    ["session", "number_shown"],
    ["form", "number_shown"],
    ["caller_list", "number_shown"],
  ])("the tracking number of a %s row is its %s", (kind, signal) => {
    expect(fragmentOf({ id: "r1", kind, tracking_number: "+13125550100" }).signals).toEqual({
      [signal]: "+13125550100",
    });
    expect(isCallKind(kind)).toBe(signal === "number_dialled");
  });

  test("a number that says what it is goes before the tracking number", () => {
    const row = { id: "r1", kind: "call", number_dialled: "+13125550101", tracking_number: "+13125550100" };
    expect(fragmentOf(row).signals).toEqual({ number_dialled: "+13125550101" });
  });

  test("a call id names one event in all sources; an event id one in its own, and a call id goes before it", () => {
    expect(fragmentOf({ id: "r1", event_id: "e1" }).event).toBe("e1");
    expect(fragmentOf({ id: "r1", event_id: "e1", call_id: "c1" }).event).toEqual({
      namespace: "call",
      name: "c1",
    });
  });

  test("blank cells are no values", () => {
    const row = { id: "r1", source: " ", kind: " ", version: " ", observed_at: " ", call_id: " ", email: "" };
    expect(fragmentOf(row)).toEqual({ source: "file", id: "r1", kind: "record", observedAt: null });
  });

  test("typed values keep what text would lose", () => {
    const at = new Date("2026-01-05T05:46:27.250Z");
    const fragment = fragmentOf({
      id: 7n,
      observed_at: at,
      revenue: [10, null, 20],
      seen: at,
      extra: { a: 1 },
    });
    expect(fragment.id).toBe("7");
    expect(fragment.observedAt).toBe(at.getTime());
    expect(fragment.attributes).toEqual({
      revenue: [10, 20],
      seen: "2026-01-05T05:46:27.250Z",
      extra: '{"a":1}',
    });
    expect(fragmentOf({ id: "r1", observed_at: at.getTime() }).observedAt).toBe(at.getTime());
    expect(fragmentOf({ id: "r1", observed_at: BigInt(at.getTime()) }).observedAt).toBe(at.getTime());
  });

  test("several columns of one identifier are several identifiers; of one attribute the first counts", () => {
    const fragment = fragmentOf({
      id: "r1",
      email: "a@example.com",
      email_address: "b@example.com",
      zip: "1",
      postcode: "2",
    });
    expect(fragment.identifiers?.map(({ value }) => value)).toEqual(["a@example.com", "b@example.com"]);
    expect(fragment.attributes).toEqual({ postal_code: "1" });
  });

  test("the fields map renames columns and drops those it maps to null", () => {
    const fields = { Ref: "record_id", contact: "phone", first_name: "nickname", internal: null };
    const row = { Ref: "r1", contact: "312 555 0188", first_name: "Annie", internal: "x", city: "Leeds" };
    expect(fragmentOf(row, fields)).toEqual({
      source: "file",
      id: "r1",
      kind: "record",
      observedAt: null,
      identifiers: [{ type: "phone", value: "312 555 0188" }],
      attributes: { nickname: "Annie", city: "Leeds" },
    });
  });

  test("every fault of a row is told, by canonical column", () => {
    expect(refusedPaths({ version: "-1", timestamp: "soon" })).toEqual([
      "record_id",
      "version",
      "observed_at",
    ]);
    expect(refusedPaths({ id: "  " })).toEqual(["record_id"]);
    expect(refusedPaths({ id: "r1", version: "1.5" })).toEqual(["version"]);
  });

  test("a column named like an object's own machinery is kept", () => {
    const { attributes } = fragmentOf({ id: "r1", constructor: "x", toString: "y" });
    expect(attributes).toEqual({ constructor: "x", toString: "y" });
  });

  test("what a row becomes is a valid fragment", () => {
    const column = fc.oneof(
      fc.constantFrom(
        "id",
        "source",
        "kind",
        "version",
        "call_id",
        "email",
        "gclid",
        "ip",
        "city",
        "tracking_number",
      ),
      fc.string({ minLength: 1, maxLength: 8 }),
    );
    const cell = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }),
    );
    const parse = createRowParser({ source: "file", parseInstant });
    fc.assert(
      fc.property(fc.dictionary(column, cell), (cells) => {
        const outcome = parse({ record_id: "r1", ...cells });
        if (outcome.ok)
          expect(validateFragment(outcome.fragment)).toEqual({ ok: true, value: outcome.fragment });
        else expect(outcome.faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });
});
