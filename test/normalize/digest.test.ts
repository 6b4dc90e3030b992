import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  emailRuleText,
  impliedEmailDigests,
  impliedPhoneDigests,
  normalizeDigest,
  normalizeEmail,
} from "../../src/normalize/index.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Published rules, digests computed independently; the first agrees with the value Snap publishes. */
const VECTORS = {
  person: "542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345",
  janeR1: "0207fd58e6fd97e845076b479943d66769329b04ef902c5d2ab0a0d46237b883",
  janeR2: "4454dcceb759b0e316d6a42fa6c65bf81b56a0517764041c812c06085ec22d80",
  janeR3: "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69",
  janeR5: "9416250fbac1ea3837715666a77307385433821fe6c60da711409ecb0764a5f7",
  googlemailR3: "338abf9ef1c8793cadc7bcf51ed595338eb727ed9e06ce3d91d566d60b975937",
  nycR1: "f109a2a632fbcea5fc82049f50beed3d8621bf9034399f437fb622222acccdac",
  nycR4: "795bcb4bf560f9867afb3de2d0d3a94976324007c45ea099ec14e90231540547",
  phonePlus: "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30",
  phoneDigits: "92cfdc5fbcd4a20fbe5d3857af6c1aba31762105bba7f21a17155e920653046c",
  phoneNational: "a825c0eee5e332aa51ca4686ebd81a1cb47cb5a9320c251703a18827594881ca",
  snapPhone: "dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383",
  empty: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};
const JANE_BASE64 = "1hFzBkhe0OUK+rOshx6Y+BaZFR8wKBUn1j/18jNlbGk=";
const JANE_MD5 = "a9601f3839e5d5da764c1861a5e1daf6";

function emailDigest(email: string, rule: "R1" | "R2" | "R3" | "R4" | "R5"): string | undefined {
  return impliedEmailDigests(normalizeEmail(email) ?? "", ["sha256"], [rule])[0]?.hex;
}

function phoneDigest(e164: string, rule: string): string | undefined {
  return impliedPhoneDigests(e164, ["sha256"]).find((digest) => digest.rule === rule)?.hex;
}

describe("published vectors", () => {
  it.each([
    ["person@example.com", "R1", VECTORS.person],
    [" Jane.Doe+Shopping@Gmail.com", "R1", VECTORS.janeR1],
    ["jane.doe+shopping@gmail.com", "R2", VECTORS.janeR2],
    ["jane.doe+shopping@gmail.com", "R3", VECTORS.janeR3],
    ["jane.doe+shopping@gmail.com", "R5", VECTORS.janeR5],
    ["jane.doe@googlemail.com", "R3", VECTORS.googlemailR3],
    ["user.name+nyc@example.com", "R1", VECTORS.nycR1],
    ["user.name+nyc@example.com", "R3", VECTORS.nycR1],
    ["user.name+nyc@example.com", "R4", VECTORS.nycR4],
  ] as const)("%s by %s", (email, rule, hex) => {
    expect(emailDigest(email, rule)).toBe(hex);
    expect(normalizeDigest(hex.toUpperCase())).toEqual({ algorithm: "sha256", hex });
  });

  it.each([
    ["+18005550100", "plus", VECTORS.phonePlus],
    ["+18005550100", "digits", VECTORS.phoneDigits],
    ["+18005550100", "national", VECTORS.phoneNational],
    ["+448444124653", "digits", VECTORS.snapPhone],
  ])("%s by %s", (e164, rule, hex) => {
    expect(phoneDigest(e164, rule)).toBe(hex);
  });

  it("rejects the digest of the empty text on sight", () => {
    expect(normalizeDigest(VECTORS.empty)).toBeNull();
  });

  it("reads base64 of the raw bytes, and base64 of the hex text", () => {
    const jane = { algorithm: "sha256", hex: VECTORS.janeR3 };
    expect(normalizeDigest(JANE_BASE64)).toEqual(jane);
    expect(normalizeDigest(JANE_BASE64.replace("=", ""))).toEqual(jane);
    expect(normalizeDigest(JANE_BASE64.replaceAll("+", "-").replaceAll("/", "_"))).toEqual(jane);
    expect(normalizeDigest(btoa(VECTORS.janeR3))).toEqual(jane);
    expect(normalizeDigest(btoa(VECTORS.janeR3.toUpperCase()))).toEqual(jane);
    expect(normalizeDigest(btoa(JANE_MD5))).toEqual({ algorithm: "md5", hex: JANE_MD5 });
  });

  it("knows the MD5", () => {
    const md5 = impliedEmailDigests("janedoe@gmail.com", ["md5"], ["R1"]);
    expect(md5).toEqual([{ algorithm: "md5", rule: "R1", hex: JANE_MD5 }]);
    expect(normalizeDigest(` ${JANE_MD5.toUpperCase()}\n`)).toEqual({ algorithm: "md5", hex: JANE_MD5 });
  });
});

describe("normalizeDigest", () => {
  it.each([
    "",
    " ",
    "null",
    "none",
    "undefined",
    "n/a",
    "0",
    "test@test.com",
    "[object Object]",
    sha256(""),
    "a@a.com",
  ])("refuses the digests of %j", (text) => {
    for (const algorithm of ["sha256", "sha1", "md5"]) {
      expect(normalizeDigest(createHash(algorithm).update(text).digest("hex"))).toBeNull();
      if (algorithm === "sha256") {
        expect(normalizeDigest(createHash(algorithm).update(text).digest("base64"))).toBeNull();
      }
    }
  });

  it.each([
    "",
    "abc",
    "0".repeat(64),
    "g".repeat(64),
    VECTORS.person.slice(1),
    `${VECTORS.person}0`,
    null,
    5,
    {},
  ])("refuses %j", (raw) => {
    expect(normalizeDigest(raw)).toBeNull();
  });

  it("reads every encoding of any digest alike", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (text) => {
        const hex = sha256(text);
        const raw = createHash("sha256").update(text).digest();
        for (const form of [
          hex,
          hex.toUpperCase(),
          raw.toString("base64"),
          raw.toString("base64url"),
          `sha256:${hex}`,
        ]) {
          expect(normalizeDigest(form)?.hex).toBe(hex);
        }
      }),
    );
  });
});

describe("implied digests", () => {
  it("has every algorithm and rule once, MD5 of minFraud's rule included", () => {
    const digests = impliedEmailDigests("jane.doe+shopping@googlemail.com");
    expect(digests.map(({ algorithm, rule }) => `${algorithm} ${rule}`)).toEqual([
      "sha256 R1",
      "sha256 R2",
      "sha256 R3",
      "sha1 R1",
      "sha1 R2",
      "sha1 R3",
      "md5 R1",
      "md5 R2",
      "md5 R3",
      "md5 R6",
    ]);
    for (const { algorithm, rule, hex } of digests) {
      const text = emailRuleText("jane.doe+shopping@googlemail.com", rule);
      expect(hex).toBe(createHash(algorithm).update(text).digest("hex"));
    }
  });

  it("lists a digest under the first rule that yields it", () => {
    expect(impliedEmailDigests("jane@acme.example").map(({ rule }) => rule)).toEqual(["R1", "R1", "R1"]);
    expect(impliedPhoneDigests("+13126731048", ["md5"]).map(({ rule }) => rule)).toEqual([
      "plus",
      "digits",
      "national",
    ]);
  });

  it("uses an injected hasher", () => {
    const hasher = { hex: (algorithm: string, text: string) => `${algorithm}(${text})` };
    expect(impliedPhoneDigests("+13126731048", ["sha1"], hasher)[2]?.hex).toBe("sha1(3126731048)");
    expect(impliedEmailDigests("jane@acme.example", ["md5"], ["R4"], hasher)[0]?.hex).toBe(
      "md5(jane@acme.example)",
    );
  });
});
