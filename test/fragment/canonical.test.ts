import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, contentDigest } from "../../src/fragment/canonical.js";

/** The same content with the members of every object written in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}

describe("canonical JSON", () => {
  test("orders members by code units and leaves arrays alone", () => {
    expect(canonicalJson({ b: 1, a: [3, { d: null, c: "é" }, 1], B: true })).toBe(
      '{"B":true,"a":[3,{"c":"é","d":null},1],"b":1}',
    );
  });

  test("the example of RFC 8785, section 3.2.3, on the order of names", () => {
    const given = { "€": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, ö: 7 };
    expect(canonicalJson(given)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"\u{1f600}":5,"\ufb33":3}');
  });

  test("a member that is undefined is a member that is not there", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe(canonicalJson({ b: 1 }));
  });

  test("does not depend on the order of members, and reads back as the content", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(reversed(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test("different contents have different texts", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const equal = canonicalJson(a) === canonicalJson(b);
        const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
        try {
          expect(plain(a)).toEqual(plain(b));
          expect(equal).toBe(true);
        } catch {
          expect(equal).toBe(false);
        }
      }),
    );
  });

  test("the digest is SHA-256 of the UTF-8 text", () => {
    const value = { name: "Zoë", ages: [1, 2] };
    const expected = createHash("sha256").update(canonicalJson(value), "utf8").digest("hex");
    expect(contentDigest(value)).toBe(expected);
  });
});
