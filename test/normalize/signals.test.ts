import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CLICK_ID_PARAMETERS,
  createTokenizer,
  createUserAgentParser,
  normalizeClickId,
  normalizeIp,
  normalizeUrl,
} from "../../src/normalize/index.js";

describe("normalizeIp", () => {
  it.each<[unknown, string, string, string]>([
    ["8.8.4.4", "8.8.4.4", "8.8.4.0/24", "public"],
    [" 8.8.4.4:5060 ", "8.8.4.4", "8.8.4.0/24", "public"],
    ["::ffff:8.8.4.4", "8.8.4.4", "8.8.4.0/24", "public"],
    ["8.8.4.4, 10.0.0.1", "8.8.4.4", "8.8.4.0/24", "public"],
    ["[2600:1F00:0:1::A]:443", "2600:1f00:0:1::a", "2600:1f00:0:1::/64", "public"],
    ["fe80::1%eth0", "fe80::1", "fe80::/64", "private"],
    ["192.168.1.5", "192.168.1.5", "192.168.1.0/24", "private"],
    ["100.64.0.1", "100.64.0.1", "100.64.0.0/24", "private"],
    ["203.0.113.9", "203.0.113.9", "203.0.113.0/24", "reserved"],
    ["fd00::1", "fd00::1", "fd00::/64", "private"],
  ])("%j", (raw, ip, network, scope) => {
    expect(normalizeIp(raw)).toEqual({ ip, network, scope, family: ip.includes(":") ? 6 : 4 });
  });

  it.each([
    "",
    "1.2.3",
    "256.1.1.1",
    "010.1.1.1",
    "0x7f.1",
    "16909060",
    "0.0.0.0",
    "::",
    "g::1",
    "null",
    16909060,
    null,
  ])("refuses %j", (raw) => {
    expect(normalizeIp(raw)).toBeNull();
  });
});

describe("user agents", () => {
  const parse = createUserAgentParser({ cacheSize: 2 });
  const chrome = (version: string): string =>
    `Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Mobile Safari/537.36`;

  it("keeps what an update changes out of the device", () => {
    expect(parse(chrome("142.0.0.0"))).toEqual({
      agent: "chrome 142/android 14/mobile",
      device: "android/mobile",
      bot: false,
    });
    expect(parse(chrome("143.0.1.2"))).toEqual({
      agent: "chrome 143/android 14/mobile",
      device: "android/mobile",
      bot: false,
    });
  });

  it.each([
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true],
    ["curl/8.5.0", true],
    ["python-requests/2.31.0", true],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
      false,
    ],
  ])("%s is a bot: %s", (text, bot) => {
    expect(parse(text)?.bot).toBe(bot);
  });

  it("refuses blanks", () => {
    for (const raw of ["", "null", "-", 5, undefined]) expect(parse(raw)).toBeNull();
  });
});

describe("click ids", () => {
  const gclid = "Cj0KCQvIBqRLE45gckio8fqF8iBwTC5FiDaWooBoRJeP";
  it.each<[string, unknown, string, string]>([
    ["gclid", gclid, "gclid", gclid],
    ["GCLID", ` ${gclid} `, "gclid", gclid],
    ["_gcl_aw", `GCL.1700000000.${gclid}`, "gclid", gclid],
    ["_fbc", "fb.1.1700000000000.IwAR0AbCdEfGh", "fbclid", "IwAR0AbCdEfGh"],
    ["fbclid", "IwAR0AbCdEfGh", "fbclid", "IwAR0AbCdEfGh"],
    ["_fbc", "fb.1.1700000000000.IwAR0AbCdEfGh.AQ", "fbclid", "IwAR0AbCdEfGh"],
    ["_fbp", "fb.1.1700000000000.123456789.AQ", "fbp", "fb.1.1700000000000.123456789"],
    ["_ga", "GA1.2.1234567890.1700000000", "ga_client_id", "1234567890.1700000000"],
    ["ga_client_id", "1234567890.1700000000", "ga_client_id", "1234567890.1700000000"],
    ["ScCid", "AbCdEfGh-1", "sccid", "AbCdEfGh-1"],
    ["yclid", 12345678901, "yclid", "12345678901"],
    ["msclkid", "x1".repeat(16), "msclkid", "x1".repeat(16)],
  ])("%s=%j", (name, raw, type, value) => {
    expect(normalizeClickId(name, raw)).toEqual({ type, value });
    expect(normalizeClickId(type, value)).toEqual({ type, value });
  });

  it.each<[string, unknown]>([
    ["gbraid", gclid],
    ["wbraid", gclid],
    ["gad_source", "12345678"],
    ["utm_source", "newsletter"],
    ["constructor", gclid],
    ["__proto__", gclid],
    ["gclid", "null"],
    ["gclid", "short"],
    ["gclid", "{gclid}"],
    ["gclid", "{{gclid}}"],
    ["gclid", "undefined"],
    ["gclid", "two words here"],
    ["gclid", "a".repeat(5000)],
    ["gclid", "00000000"],
    ["gclid", null],
    ["yclid", 2 ** 60],
    ["_ga", "GA1.2.x.y"],
    ["_fbp", "1234567890"],
  ])("refuses %s=%j", (name, raw) => {
    expect(normalizeClickId(name, raw)).toBeNull();
  });

  it("never cuts a value and keeps its case", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{12,600}$/), (value) => {
        const id = normalizeClickId("gclid", value);
        if (id !== null) expect(id.value).toBe(value);
      }),
    );
  });

  it("says for each parameter once what it identifies", () => {
    expect(new Set(CLICK_ID_PARAMETERS.map(({ name }) => name.toLowerCase())).size).toBe(
      CLICK_ID_PARAMETERS.length,
    );
    for (const { name, identifies } of CLICK_ID_PARAMETERS) {
      if (identifies === "nothing") expect(normalizeClickId(name, gclid)).toBeNull();
    }
  });
});

describe("normalizeUrl", () => {
  it.each<[unknown, string, string]>([
    ["https://www.Roofing-Direct.example/lp/2/?gclid=x#top", "roofing-direct.example", "/lp/2"],
    ["roofing-direct.example", "roofing-direct.example", "/"],
    ["//acme.example/A//b", "acme.example", "/A//b"],
    ["http://acme.example:8080/a/../b", "acme.example", "/b"],
    ["https://www.google.com/", "google.com", "/"],
  ])("%j", (raw, site, path) => {
    expect(normalizeUrl(raw)).toEqual({ site, path });
  });

  it.each([
    "",
    "null",
    "(direct)",
    "about:blank",
    "//x.12.:25/z",
    "javascript:alert(1)",
    "mailto:jane@acme.example",
    "hello",
    "https://",
    5,
    null,
  ])("refuses %j", (raw) => {
    expect(normalizeUrl(raw)).toBeNull();
  });
});

describe("tokens", () => {
  const pepper = "a pepper for the tests alone";
  const hmac = (key: Uint8Array, message: Uint8Array): Uint8Array =>
    createHmac("sha256", key).update(message).digest();

  it("are 128 bits of HMAC-SHA-256 over type, NUL and value", () => {
    const tokenizer = createTokenizer({ pepper, keyId: "k1", cacheSize: 3 });
    const native = createTokenizer({ pepper: new TextEncoder().encode(pepper), keyId: "k1", hmac });
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ unit: "grapheme" }), (type, value) => {
        const digest = createHmac("sha256", pepper).update(`${type}\0${value}`).digest().subarray(0, 16);
        const expected = `k1.${digest.toString("base64url")}`;
        expect(tokenizer.token(type, value)).toBe(expected);
        expect(tokenizer.token(type, value)).toBe(expected);
        expect(native.token(type, value)).toBe(expected);
      }),
    );
  });

  it("tell peppers apart", () => {
    const one = createTokenizer({ pepper });
    const other = createTokenizer({ pepper: `${pepper}!` });
    expect(one.keyId).not.toBe(other.keyId);
    expect(one.keyId).toBe(createTokenizer({ pepper, hmac }).keyId);
    expect(one.token("email", "x").slice(one.keyId.length)).not.toBe(
      other.token("email", "x").slice(other.keyId.length),
    );
  });

  it("do not change when the caller wipes the pepper", () => {
    const bytes = new TextEncoder().encode(pepper);
    const tokenizer = createTokenizer({ pepper: bytes, keyId: "k1" });
    const before = tokenizer.token("email", "a");
    bytes.fill(0);
    expect(createTokenizer({ pepper, keyId: "k1" }).token("email", "b")).toBe(tokenizer.token("email", "b"));
    expect(tokenizer.token("email", "a")).toBe(before);
  });

  it("refuse weak peppers and malformed names", () => {
    expect(() => createTokenizer({ pepper: "too short" })).toThrow(TypeError);
    expect(() => createTokenizer({ pepper, keyId: "a.b" })).toThrow(TypeError);
    expect(() => createTokenizer({ pepper, keyId: "k1" }).token("a\0b", "c")).toThrow(TypeError);
  });
});
