import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { foundProfileId } from "../../src/resolve/ids.js";

it("an id is a promise: it is spelled today as it was when it was first issued", () => {
  const founder = { source: "web", id: 'a "quoted" id' };
  const hex = createHash("sha256")
    .update(`leadweave/profile/1\u0000${JSON.stringify([founder.source, founder.id])}`)
    .digest("hex");
  expect(foundProfileId(founder)).toBe(`p_${hex.slice(0, 32)}`);
  expect(foundProfileId({ source: "web", id: "1" })).toBe("p_00719c78b7217e59f889826f84809f40");
});
