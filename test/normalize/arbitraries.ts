import fc from "fast-check";

/** Text of every kind that real fields and hostile senders hold: any code units, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  // Pieces that normalisers care about, in any order.
  fc
    .array(
      fc.constantFrom(
        ..."\"'`“”’<>()[]{}@.+-_/\\#&,;:%$ \t\n\u00a0\u200b\ufeff\u0301\u0307\ud83d\ude00\ud800İıßſςΣÅｊ０１１２３５７９",
        ..."abcxyzABCXYZ",
        "null",
        "0",
        "555",
        "1",
        "+1",
        "00",
        "gmail.com",
        "mailto:",
        "jr",
        "mr",
        "mc ",
        "de la",
        "apt",
        "unit",
        "floor",
        "street",
        "saint",
        "the",
        "llc",
        "www.",
        "https://",
        "2016-01-01",
        "12:25",
        "::",
        "1.2.3.4",
        "fb.1.1700000000000.",
      ),
      { maxLength: 14 },
    )
    .map((pieces) => pieces.join("")),
);

/** Anything a JSON row, a form library or a bug may put into a field. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: anyText },
  { weight: 2, arbitrary: fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, Number.NaN, Symbol("s"), () => 1, 10n ** 400n) },
);

/** Megabytes that make careless regular expressions take for ever. */
export const HUGE: readonly string[] = [
  "a".repeat(1_000_000),
  " ".repeat(1_000_000),
  "/".repeat(1_000_000),
  "1".repeat(1_000_000),
  "0-".repeat(500_000),
  "a.".repeat(500_000),
  "a@".repeat(500_000),
  '"'.repeat(1_000_000),
  "\ud800".repeat(1_000_000),
  "{".repeat(1_000_000),
  `<${"<".repeat(1_000_000)}`,
  `https://example.com/${"/a".repeat(500_000)}`,
  `2016-01-01${" ".repeat(1_000_000)}12:00`,
  "\u0301".repeat(1_000_000),
];
