import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Fragment } from "../../src/fragment/fragment.js";
import {
  CHROME_ON_WINDOWS,
  DAY,
  FIREFOX_ON_LINUX,
  HOUR,
  MINUTE,
  observe,
  phoneNumber,
  SAFARI_ON_IPHONE,
  START,
  unify,
} from "./people.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("a couple on one landline", () => {
  const landline = "+13126731048";
  const anna = observe("anna", "form", {
    observedAt: START,
    ids: { phone: landline, email: "anna.keller@harbor.example" },
    attributes: { first_name: "Anna", last_name: "Keller" },
  });
  const bruno = observe("bruno", "form", {
    observedAt: START + 9 * DAY,
    ids: { phone: landline, email: "bruno.keller@harbor.example" },
    attributes: { first_name: "Bruno", last_name: "Keller" },
  });
  const calls = Array.from({ length: 30 }, (_, day) =>
    observe(`call ${day}`, "call", {
      observedAt: START + day * DAY + 3 * HOUR,
      ids: { phone: landline },
      signals: { number_dialled: "+18005550150" },
    }),
  );

  it("stays two people, whatever the order and however often the house calls without a name", () => {
    for (const inputs of [
      [anna, ...calls, bruno],
      [...calls, bruno, anna],
      [bruno, anna],
      [...calls].reverse().concat(anna, bruno),
    ]) {
      const { home } = unify(inputs);
      expect(home("anna")).not.toBe(home("bruno"));
    }
  });
});

describe("a good customer", () => {
  // 200 sessions over 40 cookies; the address is typed in 30 of them, on 30 different cookies.
  const sessions = Array.from({ length: 200 }, (_, index) => {
    const cookie = index % 40;
    const typed = index < 30;
    return observe(`session ${index}`, typed ? "form" : "session", {
      observedAt: START + index * DAY,
      ids: { visitor_id: `cookie-${cookie}`, ...(typed ? { email: "margit.olofsson@harbor.example" } : {}) },
      ...(typed ? { attributes: { first_name: "Margit", last_name: "Olofsson" } } : {}),
      signals: { user_agent: cookie % 2 === 0 ? CHROME_ON_WINDOWS : SAFARI_ON_IPHONE },
    });
  });

  it("is one profile for all sessions that an address or a cookie links", () => {
    const { home } = unify(sessions);
    const linked = sessions.filter((_, index) => index % 40 < 30);
    expect(linked).toHaveLength(150);
    expect(new Set(linked.map(({ id }) => home(id)))).toEqual(new Set([home("session 0")]));
  });

  it("does not take in the cookies on which nothing was ever typed", () => {
    const { home } = unify(sessions);
    expect(home("session 35")).not.toBe(home("session 0"));
    expect(home("session 35")).toBe(home("session 75"));
  });
});

describe("the trunk of a call centre", () => {
  const trunk = "+16175212000";
  const calls = Array.from({ length: 500 }, (_, index) =>
    observe(`call ${index}`, "call", {
      observedAt: START + index * 47 * MINUTE,
      ids: { phone: trunk },
      signals: { number_dialled: `+1800${300 + (index % 200)}5000` },
    }),
  );
  const clients = Array.from({ length: 5 }, (_, index) =>
    observe(`client ${index}`, "crm", {
      observedAt: START + index * DAY,
      ids: { phone: trunk, email: `client.${index}@harbor${index}.example`, crm_id: `77${index}` },
      attributes: {
        first_name: ["Ida", "Omar", "Pia", "Kenji", "Rosa"][index] as string,
        last_name: ["Berg", "Said", "Lund", "Mori", "Vidal"][index] as string,
      },
    }),
  );

  it("links nobody: 500 anonymous calls are 500 profiles, and the clients stay apart", () => {
    const { home, profiles } = unify([...calls, ...clients]);
    expect(profiles).toBe(505);
    expect(new Set(clients.map(({ id }) => home(id))).size).toBe(5);
  });

  it("counts as generic", () => {
    expect(unify(calls).resolution.counts.generic).toEqual({ phone: 1 });
  });
});

describe("withheld callers spelled on the keypad", () => {
  // ANONYMOUS, RESTRICTED (and its last ten digits), UNKNOWN, PRIVATE, UNAVAILABLE, BLOCKED, and the same behind a 1.
  const spelled = [
    "+266696687",
    "266696687",
    "+17378742833",
    "7378742833",
    "+8656696",
    "+7748283",
    "+86282452253",
    "2562533",
    "+1266696687",
  ];

  it("are nobody", () => {
    const calls = spelled.flatMap((caller, index) =>
      [0, 1].map((again) =>
        observe(`call ${index} ${again}`, "call", {
          observedAt: START + (index * 2 + again) * DAY,
          ids: { phone: caller },
        }),
      ),
    );
    const { profiles, resolution } = unify(calls);
    expect(profiles).toBe(calls.length);
    expect(resolution.links.edges).toEqual([]);
  });
});

describe("a link that was forwarded to friends", () => {
  const gclid = "Cj0KCQiA5vb-BRCRARIsAJBKc6";
  const friends = [
    {
      first_name: "Lena",
      last_name: "Brandt",
      email: "lena.brandt@harbor.example",
      user_agent: CHROME_ON_WINDOWS,
      city: "Chicago",
    },
    {
      first_name: "Tomasz",
      last_name: "Nowak",
      email: "t.nowak@riverside.example",
      user_agent: SAFARI_ON_IPHONE,
      city: "Boston",
    },
    {
      first_name: "Aisha",
      last_name: "Rahman",
      email: "aisha@orchard.example",
      user_agent: FIREFOX_ON_LINUX,
      city: "Seattle",
    },
  ].map(({ email, user_agent, ...attributes }, index) =>
    observe(`friend ${index}`, "form", {
      observedAt: START + index * HOUR,
      ids: { gclid, email, visitor_id: `browser-${index}` },
      signals: { user_agent, ip: `81.2.69.${140 + index}` },
      attributes,
    }),
  );

  it("does not make one person of them", () => {
    const { home } = unify(friends);
    expect(new Set(friends.map(({ id }) => home(id))).size).toBe(3);
  });

  it("still links the page view and the form of one of them", () => {
    const view = observe("view", "session", {
      observedAt: START - 5 * MINUTE,
      ids: { gclid },
      signals: { user_agent: CHROME_ON_WINDOWS },
    });
    const [lena] = friends as [Fragment];
    const { home } = unify([view, lena]);
    expect(home("view")).toBe(home("friend 0"));
  });
});

describe("two Gmail addresses that only a rule makes one", () => {
  const john = observe("john", "form", {
    observedAt: START,
    ids: { email: "j.doe@gmail.com" },
    attributes: { first_name: "John", last_name: "Doerr", city: "Chicago" },
  });
  const jane = observe("jane", "form", {
    observedAt: START + DAY,
    ids: { email: "jdoe@gmail.com" },
    attributes: { first_name: "Yara", last_name: "Ivanova", city: "Boston" },
  });
  // What a platform that applies rule R3 sends for either of them.
  const digest = observe("digest", "session", {
    observedAt: START + 2 * DAY,
    ids: { email_digest: sha256("jdoe@gmail.com") },
  });

  it("stay two people with names of their own", () => {
    const { home } = unify([john, jane]);
    expect(home("john")).not.toBe(home("jane"));
  });

  it("also when a digest meets both", () => {
    const { home, resolution } = unify([john, jane, digest]);
    const meets = resolution.links.edges.filter(({ type }) => type === "deterministic");
    expect(meets).toHaveLength(2);
    expect(home("john")).not.toBe(home("jane"));
  });

  it("while the digest of a single address finds its owner", () => {
    const { home } = unify([jane, digest]);
    expect(home("digest")).toBe(home("jane"));
  });
});

describe("a bot", () => {
  // One cookie that fills in a form for a thousand people.
  const victims = Array.from({ length: 1_000 }, (_, index) => [
    observe(`bot ${index}`, "form", {
      observedAt: START + index * 30_000,
      ids: { visitor_id: "bot-cookie", phone: phoneNumber(index) },
      signals: {
        user_agent: CHROME_ON_WINDOWS,
        ip: "81.2.69.160",
        fingerprint: "bot-print",
        number_shown: "+18005550150",
      },
    }),
    observe(`victim ${index}`, "call", {
      observedAt: START + 40 * DAY + index * DAY,
      ids: { phone: phoneNumber(index) },
      attributes: {
        first_name: "Nils",
        last_name: `Person${String.fromCharCode(97 + (index % 26))}${index}`,
      },
    }),
  ]).flat();
  const views = Array.from({ length: 3_000 }, (_, index) =>
    observe(`view ${index}`, "pageview", {
      observedAt: START + index * 10_000,
      ids: { visitor_id: "bot-cookie" },
      signals: { user_agent: CHROME_ON_WINDOWS, ip: "81.2.69.160", fingerprint: "bot-print" },
    }),
  );

  it("glues no two of its victims together", () => {
    const { home, resolution } = unify([...victims, ...views]);
    const people = new Set(victims.filter(({ kind }) => kind === "call").map(({ id }) => home(id)));
    expect(people.size).toBe(1_000);
    expect(resolution.counts.generic.visitor_id).toBe(1);
  });
});
