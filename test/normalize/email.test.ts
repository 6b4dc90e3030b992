import { describe, expect, it } from "vitest";
import {
  emailDomain,
  emailLocalPart,
  emailMailbox,
  emailRuleText,
  isRoleMailbox,
  normalizeEmail,
  normalizePartialEmail,
} from "../../src/normalize/index.js";

describe("normalizeEmail", () => {
  it.each<[unknown, string]>([
    [" Person@Example.COM ", "person@example.com"],
    ["jane.doe+Shopping@GMAIL.com", "jane.doe+shopping@gmail.com"],
    ["mailto:jane@acme.example?subject=Hi", "jane@acme.example"],
    ["Jane Doe <Jane@acme.example>", "jane@acme.example"],
    ["jane @ acme.example", "jane@acme.example"],
    ["jane%40acme.example", "jane@acme.example"],
    ["jane@acme.example.", "jane@acme.example"],
    ["'jane@acme.example", "jane@acme.example"],
    ['"jane@acme.example"', "jane@acme.example"],
    ["o'brien@acme.example", "o'brien@acme.example"],
    ["jose\u0301@acme.example", "josé@acme.example"],
    ["user.name+nyc@example.com", "user.name+nyc@example.com"],
    ["guest@hotel.example", "guest@hotel.example"],
    ["miller@miller.com", "miller@miller.com"],
    ["jane@bücher.example", "jane@bücher.example"],
  ])("%j → %j", (raw, expected) => {
    expect(normalizeEmail(raw)).toBe(expected);
  });

  it.each([
    "test@test.com",
    "TEST@TEST.COM",
    "test@example.com",
    "test1@gmail.com",
    "noreply@acme.example",
    "no-reply@acme.example",
    "no@email.com",
    "none@none.com",
    "a@a.com",
    "abc@abc.com",
    "asdf@asdf.com",
    "na@na.com",
    "no@no.com",
    "noemail@gmail.com",
    "null@null.com",
    "unknown@acme.example",
    "you@example.com",
    "jane@acme.invalid",
    "xxx@xxx.com",
    "0000@gmail.com",
    "null",
    "",
    "jane",
    "jane@",
    "@acme.example",
    "jane@acme",
    "a@b@c.com",
    "jane@-acme.example",
    "jane@acme..example",
    "jane,doe@acme.example",
    "jane@1.2.3.4",
    null,
    5,
    {},
    ["jane@acme.example"],
  ])("refuses %j", (raw) => {
    expect(normalizeEmail(raw)).toBeNull();
  });
});

describe("normalizePartialEmail", () => {
  it.each<[unknown, string | null]>([
    ["leep", "leep"],
    [" Jane.D@gm ", "jane.d@gm"],
    ["richard_k@gmail.", "richard_k@gmail."],
    ["ANGELA+PROMO@", "angela+promo@"],
    ["jane@acme.example", null],
    ["test@test.com", null],
    ["ja", null],
    ["no thanks", null],
    ["null", null],
    ["noreply@", null],
    ["@gmail.com", null],
    [undefined, null],
  ])("%j → %j", (raw, expected) => {
    expect(normalizePartialEmail(raw)).toBe(expected);
  });
});

describe("rules", () => {
  it.each([
    ["jane.doe+shopping@gmail.com", "R1", "jane.doe+shopping@gmail.com"],
    ["jane.doe+shopping@gmail.com", "R2", "janedoe+shopping@gmail.com"],
    ["jane.doe+shopping@gmail.com", "R3", "janedoe@gmail.com"],
    ["jane.doe+shopping@gmail.com", "R5", "janedoeshopping@gmail.com"],
    ["jane.doe@googlemail.com", "R3", "janedoe@googlemail.com"],
    ["user.name+nyc@example.com", "R3", "user.name+nyc@example.com"],
    ["user.name+nyc@example.com", "R4", "username@example.com"],
    ["jane.doe+x@googlemail.com", "R6", "janedoe@gmail.com"],
    ["jane-shop@yahoo.com", "R6", "jane@yahoo.com"],
    ["jane+a-b@acme.example", "R6", "jane@acme.example"],
    ["jane.doe@gamil.con", "R6", "janedoe@gmail.com"],
    ["jane@acme.com.com", "R6", "jane@acme.com"],
    ["shop@jane.fastmail.com", "R6", "jane@fastmail.com"],
    ["jane@acme.cam", "R6", "jane@acme.cam"],
    ["+tag@gmail.com", "R3", "+tag@gmail.com"],
  ] as const)("%s by %s is %s", (email, rule, text) => {
    expect(emailRuleText(email, rule)).toBe(text);
  });

  it("folds mailboxes at Gmail alone", () => {
    expect(emailMailbox("jane.doe+x@googlemail.com")).toBe("janedoe@gmail.com");
    expect(emailMailbox("jane.doe+x@acme.example")).toBe("jane.doe+x@acme.example");
    expect(emailMailbox("...@gmail.com")).toBe("...@gmail.com");
  });

  it("takes addresses apart", () => {
    expect(emailLocalPart("jane.doe@acme.example")).toBe("jane.doe");
    expect(emailDomain("jane.doe@acme.example")).toBe("acme.example");
    expect([emailLocalPart("jane"), emailDomain("jane")]).toEqual(["jane", ""]);
  });

  it.each([
    ["info@acme.example", true],
    ["sales+web@acme.example", true],
    ["customer.service@acme.example", true],
    ["jane@acme.example", false],
  ])("role %s: %s", (email, expected) => {
    expect(isRoleMailbox(email)).toBe(expected);
  });
});
